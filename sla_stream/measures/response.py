"""First and next response: from what a customer wrote until somebody replied."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Self

from schemas.measures import Response
from schemas.tallies import Counts
from schemas.words import Unit
from sla_stream.business_time import Time
from sla_stream.conversation import Question, questions, written_before_offer
from sla_stream.life import Facts
from sla_stream.measures.durations import timed
from sla_stream.measures.measure import Deadline, Reading, Settlement
from sla_stream.measures.promised import MISSED, Term, how_soon, read_within

_AUTHORS = {"agent": ("agent",), "agent_or_bot": ("agent", "bot")}
_TOO_EARLY = (("before_offered", 1),)
_UNANSWERED = (("unanswered", 1),)


@dataclass(frozen=True, slots=True)
class ResponseMeasure:
    """Questions by how soon there was a reply: the first of each conversation, or all others.

    If the contact is over before a question is due, and nobody replied, nobody needs to any more: it is counted
    apart, as unanswered.
    """

    kind: str
    term: Term
    replies_by: str
    anew_after_ms: int | None
    clock: str
    unit: Unit
    by: Literal["facts"] = "facts"
    overdue: None = None

    @classmethod
    def written(cls, spec: Response, opening_hours: Time) -> Self:
        """As the contract says."""
        term = Term.of(spec.within, spec.clock, opening_hours)
        return cls(spec.kind, term, spec.by, spec.begins_anew_after, spec.attribute_to, spec.unit)

    @property
    def key(self) -> str:
        """Equal for objectives that count alike."""
        return f"{self.kind}:{self.term.key}:{self.replies_by}:{self.anew_after_ms}:{self.clock}"

    @property
    def missed(self) -> tuple[tuple[str, int], ...]:
        """Past due without a reply; by the outcome's clock, only counted once there is one."""
        return () if self.clock == "outcome" else MISSED

    def settle(self, facts: Facts) -> list[Settlement]:
        """Each question with its reply, or when the contact is over without one."""
        found = [Settlement(fact.at_ms, _TOO_EARLY) for fact in written_before_offer(facts)]
        for question in self._questions(facts):
            if question.replied_ms is not None:
                used = self.term.time.elapsed_ms(question.asked_ms, question.replied_ms)
                counts = how_soon(used, self.term.within_ms) + timed(used)
                found.append(Settlement(self._instant(question, question.replied_ms), counts))
            elif question.over_ms is not None:
                due_ms = self.term.deadline(question.asked_ms, question.asked_ms).due_ms
                counts = _UNANSWERED if due_ms is None or question.over_ms <= due_ms else MISSED
                found.append(Settlement(self._instant(question, question.over_ms), counts))
        return found

    def deadlines(self, facts: Facts) -> list[Deadline]:
        """When the reply is due that somebody waits for."""
        return [
            self.term.deadline(question.asked_ms, question.asked_ms)
            for question in self._questions(facts)
            if question.replied_ms is None and question.over_ms is None
        ]

    def read(self, counts: Counts, spec: Response) -> Reading:
        """The share in time, or how long replies took."""
        return read_within(counts, spec.formula)

    def _questions(self, facts: Facts) -> Iterator[Question]:
        is_first = self.kind == "first_response"
        for question in questions(facts, _AUTHORS[self.replies_by], self.anew_after_ms):
            if question.is_first == is_first:
                yield question

    def _instant(self, question: Question, outcome_ms: int) -> int:
        return question.asked_ms if self.clock == "arrival" else outcome_ms
