"""A guard that is taken out."""

from typing import NamedTuple


class Mutant(NamedTuple):
    """A guard, and `after` in place of `before` in a file, which takes it out. `tests` are pytest's arguments."""

    guard: str
    file: str
    before: str
    after: str
    tests: str
