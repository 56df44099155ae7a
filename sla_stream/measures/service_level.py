"""Service level: contacts answered within a threshold. Eight formulas over the same counts.

A contact that still waits when the threshold passes is missed at that very instant, not when somebody at
last picks up or gives up (the "service level event" of Cisco's definition).
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple, Self

from schemas.measures import ServiceLevel
from schemas.tallies import Counts
from schemas.words import Unit
from sla_stream.business_time import Time
from sla_stream.life import OUTCOMES, Life
from sla_stream.measures.measure import Overdue, Reading, Settlement

_ANSWERED = ("answered_in_time", "answered_late")
_ABANDONED = ("abandoned_short", "abandoned_in_time", "abandoned_late")
_FLOWED_OUT = ("flowed_out_in_time", "flowed_out_late")
_LOST_IN_TIME = ("abandoned_short", "abandoned_in_time")
_WAITING = ("waiting_late",)
_MISSED = (("waiting_late", 1),)

#: How one contact counts, by outcome.
_IN_TIME = {outcome: ((f"{outcome}_in_time", 1),) for outcome in OUTCOMES}
_LATE = {outcome: ((f"{outcome}_late", 1),) for outcome in OUTCOMES}
_SHORT = (("abandoned_short", 1),)


class Formula(NamedTuple):
    """The outcome classes that a formula adds up above and below the line."""

    numerator: tuple[str, ...]
    denominator: tuple[str, ...]


#: Named by what becomes of the contacts that gave up. A answered, B abandoned, F flowed out; _T within the
#: threshold, _S short. Who still waits past the threshold (W) is a miss wherever abandons can be.
FORMULAS = {
    # A_T + B_T over A + B
    "abandons_met": Formula(("answered_in_time", *_LOST_IN_TIME), (*_ANSWERED, *_ABANDONED, *_WAITING)),
    # A_T over A
    "answered_only": Formula(("answered_in_time",), _ANSWERED),
    # A_T over A + B
    "abandons_missed": Formula(("answered_in_time",), (*_ANSWERED, *_ABANDONED, *_WAITING)),
    # A_T over A + B without B_T
    "abandons_in_time_ignored": Formula(("answered_in_time",), (*_ANSWERED, "abandoned_late", *_WAITING)),
    # A_T + B_S over A + B
    "short_abandons_met": Formula(("answered_in_time", "abandoned_short"), (*_ANSWERED, *_ABANDONED, *_WAITING)),
    # A_T over A + B without B_S
    "short_abandons_ignored": Formula(
        ("answered_in_time",), (*_ANSWERED, "abandoned_in_time", "abandoned_late", *_WAITING)
    ),
    # A_T + B_T + F_T over A + B + F
    "removed_in_time": Formula(
        ("answered_in_time", *_LOST_IN_TIME, "flowed_out_in_time"),
        (*_ANSWERED, *_ABANDONED, *_FLOWED_OUT, *_WAITING),
    ),
}


@dataclass(frozen=True, slots=True)
class ServiceLevelMeasure:
    """Contacts by outcome and by how soon: within the threshold means up to and including it."""

    threshold_ms: int
    short_ms: int
    clock: str
    by: Literal["life"] = "life"
    unit: Unit = "ratio"
    needs_end: bool = False

    @classmethod
    def written(cls, spec: ServiceLevel, _: Time) -> Self:
        """As the contract says."""
        return cls(spec.threshold, spec.short_abandons, spec.attribute_to)

    @property
    def key(self) -> str:
        """Equal for objectives that count alike."""
        return f"service_level:{self.threshold_ms}:{self.short_ms}:{self.clock}"

    def settle(self, life: Life) -> Settlement | None:
        """By outcome, at the instant that the contract's clock names."""
        outcome, wait_ms = life.outcome, life.outcome_ms - life.offered_ms
        if not outcome:
            return None
        if outcome == "abandoned" and self.short_ms and wait_ms <= self.short_ms:
            return Settlement(self._instant(life), _SHORT)
        return Settlement(self._instant(life), (_IN_TIME if wait_ms <= self.threshold_ms else _LATE)[outcome])

    @property
    def overdue(self) -> Overdue | None:
        """A miss as soon as the threshold is passed; under the outcome's clock, only once there is one."""
        if self.clock == "outcome":
            return None
        return Overdue(self.threshold_ms, 0 if self.clock == "arrival" else self.threshold_ms, _MISSED)

    def read(self, counts: Counts, spec: ServiceLevel) -> Reading:
        """The formula's classes added up above and below the line."""
        formula = _formula(spec)
        numerator = sum(counts.get(name, 0) for name in formula.numerator)
        denominator = sum(counts.get(name, 0) for name in formula.denominator)
        return Reading(numerator, denominator, denominator)

    def _instant(self, life: Life) -> int:
        if self.clock == "arrival":
            return life.offered_ms
        if self.clock == "outcome":
            return life.outcome_ms
        return min(life.outcome_ms, life.offered_ms + self.threshold_ms)


def _formula(spec: ServiceLevel) -> Formula:
    """`flowouts_missed` is another formula with the flow-outs added below its line."""
    if spec.formula != "flowouts_missed":
        return FORMULAS[spec.formula]
    over = FORMULAS[spec.flowouts_over]
    return Formula(over.numerator, (*over.denominator, *_FLOWED_OUT))
