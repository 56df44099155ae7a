"""Counts per outcome class that add up: of one queue in one minute, by measure."""

from collections.abc import Iterable

from msgspec import Struct

from schemas.tallies import Counts
from schemas.words import Channel


class TallyKey(Struct, frozen=True, gc=False, array_like=True):
    """Whose tally it is; `start_ms` begins its minute."""

    client: str
    channel: Channel
    queue: str
    start_ms: int


class Tally:
    """What one source partition has counted, and the offset up to which it has.

    `measures` maps a measure's key to its counts. What comes to nothing is left out, so that equal tallies look
    equal.
    """

    __slots__ = ("measures", "offset")

    def __init__(self, offset: int = -1, measures: dict[str, Counts] | None = None) -> None:
        self.offset = offset
        self.measures: dict[str, Counts] = {} if measures is None else measures

    def add(self, measure: str, counts: Iterable[tuple[str, int]], times: int) -> None:
        """Count a contact (times = 1) or take it back (-1)."""
        into = self.measures.get(measure)
        if into is None:
            into = self.measures[measure] = {}
        add(into, counts, times)
        if not into:
            del self.measures[measure]


def add(into: Counts, counts: Iterable[tuple[str, int]], times: int = 1) -> None:
    """Add counts; what comes to nothing is left out."""
    for name, n in counts:
        total = into.get(name, 0) + n * times
        if total:
            into[name] = total
        else:
            into.pop(name, None)
