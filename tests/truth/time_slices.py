"""Days and the month by their half-hours, from the reference's counts: how many reach a target, and their mean."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from tests.truth.reference import AUGUST, records

#: Objective -> whose clock, and the target of a half-hour in percent.
SLICES: Mapping[str, tuple[str, int]] = {
    "half-hours-at-50": ("arrival", 50),
    "half-hours-at-80": ("arrival", 80),
    "half-hours-at-90": ("arrival", 90),
    "half-hours-at-80-by-outcome": ("outcome", 80),
    "half-hours-at-80-by-settled": ("settled_30", 80),
}


class Place(NamedTuple):
    """A day or the month, of one queue."""

    window: str
    start: str
    queue: str


class HalfHour(NamedTuple):
    """Who was answered within 30 s, of how many."""

    in_time: int
    offered: int

    def reaches(self, percent: int) -> bool:
        return self.in_time * 100 >= percent * self.offered


@cache
def half_hours(clock: str) -> dict[Place, list[HalfHour]]:
    """Those in which the clock has anybody."""
    found: dict[Place, list[HalfHour]] = defaultdict(list)
    for record in records():
        if record.section == f"half_hours.{clock}":
            in_time, offered = (record.figures[name] for name in ("answered_within_30s", "offered"))
            assert isinstance(in_time, int)
            assert isinstance(offered, int)
            for window, start in _around(record.starts[0]):
                found[Place(window, start, record.queue)].append(HalfHour(in_time, offered))
    return found


def reached(objective: str) -> Iterator[tuple[Place, int, int]]:
    """Where, how many half-hours reach the objective's target, and of how many."""
    clock, percent = SLICES[objective]
    for place, slices in half_hours(clock).items():
        yield place, sum(one.reaches(percent) for one in slices), len(slices)


def means() -> Iterator[tuple[Place, float]]:
    """Where, and the nearest double to the mean of the half-hours' ratios."""
    for place, slices in half_hours("arrival").items():
        yield place, float(sum(Fraction(*one) for one in slices) / len(slices))


def _around(start: str) -> Iterator[tuple[str, str]]:
    month = AUGUST.isoformat()
    assert start[:7] == month[:7]
    yield "month", month
    yield "day", start[:10] + month[10:]
