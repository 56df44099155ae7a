"""What is promised within a time: done in time or late, or still to be done and missed.

Up to and including the promised time is in time. What is still to be done once it has passed is missed at that
very instant, not when somebody at last does it.
"""

from hashlib import blake2s
from typing import NamedTuple

from schemas.measures import Clock
from schemas.tallies import Counts
from sla_stream.business_time import ALWAYS, Time
from sla_stream.measures.durations import read_duration
from sla_stream.measures.measure import Deadline, Reading

#: How it counts that something still to be done is past due.
MISSED = (("missed", 1),)

_IN_TIME, _LATE = (("in_time", 1),), (("late", 1),)


class Term(NamedTuple):
    """A promised time, by the clock that it is measured with. None: nothing was promised."""

    within_ms: int | None
    time: Time

    @classmethod
    def of(cls, within_ms: int | None, clock: Clock, opening_hours: Time) -> "Term":
        """As contracts write it."""
        return cls(within_ms, ALWAYS if clock == "always" else opening_hours)

    @property
    def key(self) -> str:
        """Equal for equal terms, and short: opening hours are long to write."""
        name = self.time.name
        return f"{self.within_ms}:{name if self.time is ALWAYS else short(name)}"

    def deadline(self, start_ms: int, at_ms: int) -> Deadline:
        """When what began at an instant is due; it counts in the pane of `at_ms`."""
        return Deadline(at_ms, None if self.within_ms is None else self.time.latest_ms(start_ms, self.within_ms))


def how_soon(used_ms: int, within_ms: int | None) -> tuple[tuple[str, int], ...]:
    """How it counts that something took so long."""
    if within_ms is None:
        return ()
    return _IN_TIME if used_ms <= within_ms else _LATE


def read_in_time(counts: Counts) -> Reading:
    """The share that was in time, of all that was done or should have been."""
    in_time = counts.get("in_time", 0)
    promised = in_time + counts.get("late", 0) + counts.get("missed", 0)
    return Reading(in_time, promised, promised)


def read_within(counts: Counts, formula: str) -> Reading:
    """The share in time, or how long what is done took."""
    return read_in_time(counts) if formula == "within" else read_duration(counts, formula)


def short(text: str) -> str:
    """Eight characters that are as good as equal for equal texts only."""
    return blake2s(text.encode(), digest_size=4).hexdigest()
