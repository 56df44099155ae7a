"""Abandonment: the share of contacts whose customer gave up waiting."""

from dataclasses import dataclass
from typing import Literal, Self

from schemas.measures import Abandonment
from schemas.tallies import Counts
from schemas.words import Unit
from sla_stream.business_time import Time
from sla_stream.life import Life
from sla_stream.measures.measure import Reading, Settlement


@dataclass(frozen=True, slots=True)
class AbandonmentMeasure:
    """Answered, abandoned short or abandoned. Who flowed out was neither served nor gave up: not counted."""

    short_ms: int
    clock: str
    by: Literal["life"] = "life"
    unit: Unit = "ratio"
    needs_end: bool = False

    @classmethod
    def written(cls, spec: Abandonment, _: Time) -> Self:
        """As the contract says."""
        return cls(spec.short_abandons, spec.attribute_to)

    @property
    def key(self) -> str:
        """Equal for objectives that count alike."""
        return f"abandonment:{self.short_ms}:{self.clock}"

    def settle(self, life: Life) -> Settlement | None:
        """At the offer or at the outcome."""
        if life.outcome not in ("answered", "abandoned"):
            return None
        is_short = life.outcome == "abandoned" and bool(self.short_ms) and life.wait_ms <= self.short_ms
        at_ms = life.offered_ms if self.clock == "arrival" else life.outcome_ms
        return Settlement(at_ms, (("abandoned_short" if is_short else life.outcome, 1),))

    @property
    def overdue(self) -> None:
        """Nobody: who still waits has not given up."""

    def read(self, counts: Counts, spec: Abandonment) -> Reading:
        """B / (A + B), or without the short ones on both sides of the line."""
        abandoned = counts.get("abandoned", 0)
        if spec.formula == "all_abandons":
            abandoned += counts.get("abandoned_short", 0)
        offered = abandoned + counts.get("answered", 0)
        return Reading(abandoned, offered, offered)
