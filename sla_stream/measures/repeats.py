"""Customers who come back: first-contact resolution by repeat contact, and repeated abandonment.

Whether a contact is resolved is not known before its period is over. Until then it is neither resolved nor
repeated but undecided - and that needs no timer: the panes that are younger than a period are undecided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from schemas.measures import FirstContactResolution, RepeatAbandonment
from schemas.tallies import Counts
from schemas.words import Said, Unit
from sla_stream.business_time import Time
from sla_stream.measures.measure import UNDECIDED, Reading, Settlement, Visit, Visits

_BASE = (("base", 1),)
_REPEATED = (("base", 1), ("repeated", 1))


@dataclass(frozen=True, slots=True)
class RepeatContactMeasure:
    """Contacts of known customers, and those of them after which the customer came back in time.

    A repeat is offered later than the contact, at most `within_ms` after its period began, whatever became of
    it. Two contacts of one instant are no repeats of each other.
    """

    within_ms: int
    counted_from: Literal["offered", "ended"]
    repeats_in: Literal["any_queue", "same_queue"]
    base: Literal["answered", "offered"]
    by: Literal["customer"] = "customer"
    unit: Unit = "ratio"
    asks: frozenset[Said] = frozenset()

    @classmethod
    def written(cls, spec: FirstContactResolution) -> Self:
        """As the contract says."""
        return cls(spec.within, spec.counted_from, spec.repeats_in, spec.base)

    @property
    def key(self) -> str:
        """Equal for objectives that count alike."""
        return f"repeat_contact:{self.within_ms}:{self.counted_from}:{self.repeats_in}:{self.base}"

    @property
    def decided_after_ms(self) -> int:
        """So long somebody may still come back."""
        return self.within_ms

    @property
    def overdue(self) -> None:
        """Nobody: who waits has not come back."""

    def settle(self, visits: Visits) -> Sequence[tuple[Visit, Settlement]]:
        """At the start of the period: the offer, or the end once it is known."""
        return [
            (visit, Settlement(since_ms, _REPEATED if self._is_repeated(visits[n:], since_ms) else _BASE))
            for n, visit in enumerate(visits)
            if (since_ms := self._since(visit)) is not None
        ]

    def read(self, counts: Counts, spec: FirstContactResolution) -> Reading:
        """Not repeated over all: of the contacts whose period is over, or of all as it stands so far."""
        base, repeated = (self._count(counts, name, spec.value) for name in ("base", "repeated"))
        return Reading(base - repeated, base, base)

    def parts(self, counts: Counts) -> Counts:
        """Resolved, repeated and undecided: together the base."""
        base, repeated = counts.get("base", 0), counts.get("repeated", 0)
        undecided = counts.get(f"{UNDECIDED}base", 0) - counts.get(f"{UNDECIDED}repeated", 0)
        return {"resolved": base - repeated - undecided, "repeated": repeated, "undecided": undecided}

    @staticmethod
    def _count(counts: Counts, name: str, value: Literal["final", "so_far"]) -> int:
        undecided = counts.get(f"{UNDECIDED}{name}", 0) if value == "final" else 0
        return counts.get(name, 0) - undecided

    def _since(self, visit: Visit) -> int | None:
        if self.base == "answered" and visit.outcome != "answered":
            return None
        return visit.offered_ms if self.counted_from == "offered" else visit.ended_ms

    def _is_repeated(self, visits: Visits, since_ms: int) -> bool:
        first, until_ms = visits[0], since_ms + self.within_ms
        for visit in visits[1:]:
            if visit.offered_ms > until_ms:
                return False
            if visit.offered_ms > first.offered_ms and self._is_in_scope(first, visit):
                return True
        return False

    def _is_in_scope(self, first: Visit, visit: Visit) -> bool:
        return self.repeats_in == "any_queue" or (first.channel, first.queue) == (visit.channel, visit.queue)


@dataclass(frozen=True, slots=True)
class RepeatAbandonmentMeasure:
    """Contacts that known customers abandoned, and those of them who had abandoned another not long before."""

    within_ms: int
    by: Literal["customer"] = "customer"
    unit: Unit = "ratio"
    decided_after_ms: int = 0
    asks: frozenset[Said] = frozenset()

    @classmethod
    def written(cls, spec: RepeatAbandonment, _: Time) -> Self:
        """As the contract says."""
        return cls(spec.within)

    @property
    def key(self) -> str:
        """Equal for objectives that count alike."""
        return f"repeat_abandonment:{self.within_ms}"

    @property
    def overdue(self) -> None:
        """Nobody: who still waits has not given up."""

    def settle(self, visits: Visits) -> Sequence[tuple[Visit, Settlement]]:
        """At the offer. How long ago the other was, goes by the offers, too."""
        abandoned = [visit for visit in visits if visit.outcome == "abandoned"]
        return [
            (visit, Settlement(visit.offered_ms, _REPEATED if self._is_repeated(abandoned[:n], visit) else _BASE))
            for n, visit in enumerate(abandoned)
        ]

    def read(self, counts: Counts, _: RepeatAbandonment) -> Reading:
        """Repeated over all that were abandoned."""
        base = counts.get("base", 0)
        return Reading(counts.get("repeated", 0), base, base)

    def parts(self, _: Counts) -> None:
        """The value says it all."""

    def _is_repeated(self, before: Visits, visit: Visit) -> bool:
        earliest_ms = visit.offered_ms - self.within_ms
        return any(earliest_ms <= other.offered_ms < visit.offered_ms for other in before)
