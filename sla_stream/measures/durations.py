"""How long it took: speed of answer, time to abandon, wait, talk time. Mean, longest and percentiles.

Durations are kept as a sum, for the exact mean, and as a count per bucket, which adds up and can be corrected
like every other count. A bucket is at most 2 % wide, and at most one second up to an hour: so percentiles have
a relative error of at most 2 %, and what a source tells in whole seconds is exact up to an hour.
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from math import ceil
from typing import Literal, Self

from schemas.measures import Handling, Wait
from schemas.tallies import Counts
from schemas.words import Unit
from sla_stream.business_time import Time
from sla_stream.life import Life
from sla_stream.measures.measure import Reading, Settlement

_SECOND_MS, _HOUR_MS = 1_000, 3_600_000

#: From this duration on, buckets are this wide (both ms); finest first.
_BUCKETS_MS = (
    (0, 1),
    (100, 2),
    (250, 5),
    (500, 10),
    (1_000, 20),
    (2_500, 50),
    (5_000, 100),
    (10_000, 200),
    (25_000, 500),
    (50_000, _SECOND_MS),
    (_HOUR_MS, 60_000),
    (50 * _HOUR_MS, _HOUR_MS),
)
_STARTS_MS = tuple(start for start, _ in _BUCKETS_MS)
_WIDTHS_MS = tuple(width for _, width in _BUCKETS_MS)


def bucket_ms(duration_ms: int) -> int:
    """The lower edge of the bucket that holds the duration."""
    return duration_ms - duration_ms % _WIDTHS_MS[bisect_right(_STARTS_MS, duration_ms) - 1]


@cache
def _bucket_name(edge_ms: int) -> str:
    return f"bucket:{edge_ms}"


def timed(duration_ms: int) -> tuple[tuple[str, int], ...]:
    """How a duration counts."""
    return ("sum_ms", duration_ms), (_bucket_name(bucket_ms(duration_ms)), 1)


def read_duration(counts: Counts, formula: str) -> Reading:
    """The mean as sum over count; the longest and percentiles as they are, over one."""
    contacts = sum(n for name, n in counts.items() if name.startswith("bucket:"))
    if formula == "mean" or not contacts:
        return Reading(counts.get("sum_ms", 0), contacts, contacts)
    buckets = sorted((int(name[7:]), n) for name, n in counts.items() if name.startswith("bucket:"))
    rank = contacts if formula == "longest" else ceil(int(formula[1:]) * contacts / 100)
    return Reading(_nearest_rank(buckets, rank), 1, contacts)


def _wait_of(*outcomes: str) -> Callable[[Life], int | None]:
    return lambda life: life.wait_ms if life.outcome in outcomes else None


def _talk(life: Life) -> int | None:
    """From the answer to the end, hold included."""
    if life.outcome != "answered" or life.ended_ms is None:
        return None
    return max(0, life.ended_ms - life.outcome_ms)


#: Kind -> the duration of a contact, None while it has none.
DURATIONS: dict[str, Callable[[Life], int | None]] = {
    "speed_of_answer": _wait_of("answered"),
    "time_to_abandon": _wait_of("abandoned"),
    "wait": _wait_of("answered", "abandoned", "flowed_out"),
    "talk_time": _talk,
}


@dataclass(frozen=True, slots=True)
class DurationMeasure:
    """One duration per contact."""

    kind: str
    clock: str
    by: Literal["life"] = "life"
    unit: Unit = "ms"

    @classmethod
    def written(cls, spec: Wait | Handling, _: Time) -> Self:
        """As the contract says."""
        return cls(spec.kind, spec.attribute_to)

    @property
    def needs_end(self) -> bool:
        """Talk is over when the conversation is; waits are over at the outcome."""
        return self.kind == "talk_time"

    @property
    def key(self) -> str:
        """Equal for objectives that count alike."""
        return f"{self.kind}:{self.clock}"

    def settle(self, life: Life) -> Settlement | None:
        """At the offer or at the outcome."""
        duration_ms = DURATIONS[self.kind](life)
        if duration_ms is None:
            return None
        at_ms = life.offered_ms if self.clock == "arrival" else life.outcome_ms
        return Settlement(at_ms, timed(duration_ms))

    @property
    def overdue(self) -> None:
        """Nobody: how long it takes is not known before it is over."""

    def read(self, counts: Counts, spec: Wait | Handling) -> Reading:
        """The mean, the longest or a percentile."""
        return read_duration(counts, spec.formula)


def _nearest_rank(buckets: list[tuple[int, int]], rank: int) -> int:
    """The bucket of the contact at this rank, from 1, in ascending order."""
    reached = accumulate(n for _, n in buckets)
    return next(edge for (edge, _), upto in zip(buckets, reached, strict=True) if upto >= rank)
