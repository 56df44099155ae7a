"""First-contact resolution as the agent notes it, or as the customer answers; by repeat contact: `repeats`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from schemas.measures import FirstContactResolution
from schemas.tallies import Counts
from schemas.words import Unit
from sla_stream.life import UNBORN, Facts, Life, lived
from sla_stream.measures.measure import Deadline, Reading, Settlement
from sla_stream.measures.surveys import answers_to


@dataclass(frozen=True, slots=True)
class FirstContactMeasure:
    """Resolved or unresolved, by the last flag or answer. Contacts without one are not in the base.

    Of contacts that an agent has ended without a flag it is known how many there are.
    """

    source: Literal["agent", "survey"]
    question: str
    yes: int
    counted_from: Literal["offered", "ended"]
    by: Literal["facts"] = "facts"
    unit: Unit = "ratio"
    missed: tuple[tuple[str, int], ...] = ()

    @classmethod
    def written(cls, spec: FirstContactResolution) -> Self:
        """As the contract says."""
        if spec.by == "survey":
            return cls("survey", spec.question, spec.yes, spec.counted_from)
        return cls("agent", "", 0, spec.counted_from)

    @property
    def key(self) -> str:
        """Equal for objectives that count alike."""
        of_survey = f":{self.yes}:{self.question}" if self.source == "survey" else ""
        return f"first_contact:{self.source}:{self.counted_from}{of_survey}"

    def settle(self, facts: Facts) -> Sequence[Settlement]:
        """At the offer, or at the end as soon as that is known."""
        life = lived(UNBORN, facts)
        if not life.queue:
            return ()
        since_offer = tuple(fact for fact in facts if fact.at_ms >= life.offered_ms)
        outcome = self._answered(since_offer) if self.source == "survey" else self._flagged(life, since_offer)
        if outcome is None:
            return ()
        at_ms = life.offered_ms
        if self.counted_from == "ended" and life.ended_ms is not None:
            at_ms = life.ended_ms
        return (Settlement(at_ms, ((outcome, 1),)),)

    def deadlines(self, _: Facts) -> Sequence[Deadline]:
        """It is known when it is known."""
        return ()

    @property
    def overdue(self) -> None:
        """Nobody: what becomes of those who wait is not known."""

    def read(self, counts: Counts, _: FirstContactResolution) -> Reading:
        """Resolved over those of which it is known."""
        base = counts.get("resolved", 0) + counts.get("unresolved", 0)
        return Reading(counts.get("resolved", 0), base, base)

    def _answered(self, facts: Facts) -> str | None:
        scores = [answer.score for answer in answers_to(self.question, facts)]
        return None if not scores else "resolved" if scores[-1] >= self.yes else "unresolved"

    @staticmethod
    def _flagged(life: Life, facts: Facts) -> str | None:
        flags = [fact.detail for fact in facts if fact.kind in ("ended", "wrapped")]
        noted = [flag for flag in flags if flag]
        if noted:
            return noted[-1]
        return "unflagged" if flags and life.outcome == "answered" else None
