"""What one run measured, and what several come to: medians, for a machine that others share."""

from collections.abc import Iterator, Sequence
from statistics import median
from typing import NamedTuple, TypeAlias

#: What was measured, and how much it was.
Row: TypeAlias = tuple[str, str]


class Figure(NamedTuple):
    """`form` shows the value with its unit, as in "{:.1f} s"."""

    name: str
    value: float
    form: str


def medians(runs: Sequence[Sequence[Figure]]) -> Iterator[Row]:
    """Names and medians of runs that measured the same, with the lowest and highest."""
    for measured in zip(*runs, strict=True):
        name, _, form = measured[0]
        values = [figure.value for figure in measured]
        span = f" ({form.format(min(values))} to {form.format(max(values))})" if len(runs) > 1 else ""
        yield name, form.format(median(values)) + span
