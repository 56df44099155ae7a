"""Occupancy: the share of their time at work for which agents had a contact."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Self

from schemas.measures import Occupancy
from schemas.tallies import Counts
from schemas.words import Unit
from sla_stream.business_time import Time
from sla_stream.life import Facts, worked
from sla_stream.measures.measure import Deadline, Reading, Settlement
from sla_stream.panes import MINUTE_MS, minute_of

#: Activity -> the class that its time counts in. Time away is no time at work.
_CLASSES = {"on_contact": "on_contact_ms", "idle": "idle_ms"}

#: Nobody does one thing for so long. A source that says so has lost an end, and would fill a year with it.
_LONGEST_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class OccupancyMeasure:
    """Milliseconds of agents by what they did, each in the minute in which it passed.

    A stretch of work is told again while it goes on; what was told last holds.
    """

    by: Literal["facts"] = "facts"
    unit: Unit = "ratio"
    key: str = "occupancy"
    overdue: None = None
    missed: tuple[tuple[str, int], ...] = ()

    @classmethod
    def written(cls, _spec: Occupancy, _: Time) -> Self:
        """There is nothing to choose."""
        return cls()

    def settle(self, facts: Facts) -> list[Settlement]:
        """Minute by minute. A stretch that ends before it begins, or never seems to end, is counted apart."""
        told = [fact for fact in facts if fact.kind == "worked"]
        if not told:
            return []
        activity, since, _ = worked(told[-1].detail)
        since_ms, until_ms = int(since), told[-1].at_ms
        if not 0 <= until_ms - since_ms <= _LONGEST_MS:
            return [Settlement(until_ms, (("ended_before_it_began" if until_ms < since_ms else "too_long", 1),))]
        if activity not in _CLASSES:
            return []
        return [Settlement(at_ms, ((_CLASSES[activity], ms),)) for at_ms, ms in _by_minute(since_ms, until_ms)]

    def deadlines(self, _: Facts) -> tuple[Deadline, ...]:
        """None: nothing is due."""
        return ()

    def read(self, counts: Counts, _: Occupancy) -> Reading:
        """Time on contacts over that and idle time; whole minutes of it are the sample."""
        busy_ms = counts.get("on_contact_ms", 0)
        at_work_ms = busy_ms + counts.get("idle_ms", 0)
        return Reading(busy_ms, at_work_ms, at_work_ms // MINUTE_MS)


def _by_minute(since_ms: int, until_ms: int) -> Iterator[tuple[int, int]]:
    """When in each minute it begins, and how long it lasts there."""
    while since_ms < until_ms:
        next_ms = min(minute_of(since_ms) + MINUTE_MS, until_ms)
        yield since_ms, next_ms - since_ms
        since_ms = next_ms
