"""Callbacks: promised to callers who would rather not wait, and kept within a time."""

from dataclasses import dataclass
from typing import Literal, Self

from schemas.measures import Callback
from schemas.tallies import Counts
from schemas.words import Unit
from sla_stream.business_time import Time
from sla_stream.life import UNBORN, Facts, lived
from sla_stream.measures.measure import Deadline, Reading, Settlement
from sla_stream.measures.promised import MISSED, Term, how_soon, read_in_time

_UNASKED, _AGAIN = (("called_back_unasked", 1),), (("called_back_again", 1),)


@dataclass(frozen=True, slots=True)
class CallbackMeasure:
    """Contacts that left their queue for a callback, by how soon it was made."""

    term: Term
    clock: str
    by: Literal["facts"] = "facts"
    unit: Unit = "ratio"
    overdue: None = None

    @classmethod
    def written(cls, spec: Callback, opening_hours: Time) -> Self:
        """As the contract says."""
        return cls(Term.of(spec.within, spec.clock, opening_hours), spec.attribute_to)

    @property
    def key(self) -> str:
        """Equal for objectives that count alike."""
        return f"callback:{self.term.key}:{self.clock}"

    @property
    def missed(self) -> tuple[tuple[str, int], ...]:
        """Past due and nobody called; by the outcome's clock, only counted once somebody did."""
        return () if self.clock == "outcome" else MISSED

    def settle(self, facts: Facts) -> list[Settlement]:
        """When it is made. One that nobody asked for, or another one, is counted apart."""
        promised_ms, calls = _promised_ms(facts), _calls_ms(facts)
        asked = [at_ms for at_ms in calls if promised_ms is not None and at_ms >= promised_ms]
        found = [Settlement(at_ms, _UNASKED) for at_ms in calls if at_ms not in asked]
        found += [Settlement(at_ms, _AGAIN) for at_ms in asked[1:]]
        if promised_ms is not None and asked:
            counts = how_soon(self.term.time.elapsed_ms(promised_ms, asked[0]), self.term.within_ms)
            found.append(Settlement(promised_ms if self.clock == "arrival" else asked[0], counts))
        return found

    def deadlines(self, facts: Facts) -> list[Deadline]:
        """When the call is due that was not made yet."""
        promised_ms = _promised_ms(facts)
        if promised_ms is None or any(at_ms >= promised_ms for at_ms in _calls_ms(facts)):
            return []
        return [self.term.deadline(promised_ms, promised_ms)]

    def read(self, counts: Counts, _: Callback) -> Reading:
        """The share of promises kept in time."""
        return read_in_time(counts)


def _promised_ms(facts: Facts) -> int | None:
    """The instant at which the caller left for a callback; None if that is not what became of the contact."""
    life = lived(UNBORN, facts)
    promises = (fact.at_ms for fact in facts if (fact.kind, fact.detail) == ("flowed_out", "callback"))
    return life.outcome_ms if life.outcome == "flowed_out" and life.outcome_ms in promises else None


def _calls_ms(facts: Facts) -> list[int]:
    return [fact.at_ms for fact in facts if fact.kind == "called_back"]
