"""What customers answer when they are asked: satisfaction, effort, recommendation, and how many answer at all.

An answer may come days after its contact, and may be corrected: of several to one question the last counts. A
score that is not on the scale is no answer; it is counted apart, as is one that was given before the contact.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Self

from schemas.measures import Promoters, ResponseRate, Satisfaction
from schemas.tallies import Counts
from schemas.words import Unit
from sla_stream.business_time import Time
from sla_stream.life import Facts
from sla_stream.measures.measure import Deadline, Reading, Settlement

#: Of the net promoter score: its scale, the lowest score that promotes, the highest that detracts.
_NPS_SCALE, _PROMOTES, _DETRACTS = (0, 10), 9, 6

_SCORE = "score:"

#: By one of these a contact is over that was neither given up nor sent elsewhere.
_OVER = frozenset(("ended", "wrapped", "resolved", "closed"))
_UNSERVED = frozenset(("abandoned", "flowed_out"))


class Answer(NamedTuple):
    """What was answered to a question, and when (epoch ms)."""

    at_ms: int
    score: int


def answers_to(question: str, facts: Facts) -> Iterator[Answer]:
    """All answers to a question, in the order of time."""
    for fact in facts:
        if fact.kind == "surveyed":
            score, _, asked = fact.detail.partition(" ")
            if asked == question:
                yield Answer(fact.at_ms, int(score))


def offered_at(facts: Facts) -> int | None:
    """When the contact was first offered (epoch ms); None while that is not known: an answer waits for it."""
    return next((fact.at_ms for fact in facts if fact.kind == "offered"), None)


@dataclass(frozen=True, slots=True)
class ScoresMeasure:
    """Answers by their score, of which shares, means and the net promoter score are all made."""

    question: str
    scale: tuple[int, int]
    clock: Literal["arrival", "answer"]
    unit: Unit
    by: Literal["facts"] = "facts"
    missed: tuple[tuple[str, int], ...] = ()

    @classmethod
    def written(cls, spec: Satisfaction | Promoters, _: Time) -> Self:
        """As the contract says."""
        if spec.kind == "nps":
            return cls(spec.question, _NPS_SCALE, spec.attribute_to, spec.unit)
        return cls(spec.question or spec.kind, spec.scale, spec.attribute_to, spec.unit)

    @property
    def key(self) -> str:
        """Equal for objectives that count alike."""
        low, high = self.scale
        return f"scores:{low}:{high}:{self.clock}:{self.question}"

    def settle(self, facts: Facts) -> Sequence[Settlement]:
        """The last answer on the scale, and each that is none, at the arrival or when it was given."""
        offered_ms = offered_at(facts)
        if offered_ms is None:
            return ()
        (low, high), settlements, last = self.scale, list[Settlement](), None
        for answer in answers_to(self.question, facts):
            at_ms = offered_ms if self.clock == "arrival" else answer.at_ms
            if answer.at_ms < offered_ms:
                settlements.append(Settlement(at_ms, (("before_offered", 1),)))
            elif not low <= answer.score <= high:
                settlements.append(Settlement(at_ms, (("outside_scale", 1),)))
            else:
                last = Settlement(at_ms, ((f"{_SCORE}{answer.score}", 1),))
        return [*settlements, last] if last else settlements

    def deadlines(self, _: Facts) -> Sequence[Deadline]:
        """Nobody has to answer."""
        return ()

    @property
    def overdue(self) -> None:
        """Nobody: who waits was not asked yet."""

    def read(self, counts: Counts, spec: Satisfaction | Promoters) -> Reading:
        """A share of the best scores, their mean, or promoters less detractors in points."""
        scores = {int(name[len(_SCORE) :]): n for name, n in counts.items() if name.startswith(_SCORE)}
        answers = sum(scores.values())
        if spec.kind == "nps":
            promoters = sum(n for score, n in scores.items() if score >= _PROMOTES)
            detractors = sum(n for score, n in scores.items() if score <= _DETRACTS)
            return Reading(100 * (promoters - detractors), answers, answers)
        if spec.formula == "mean":
            return Reading(sum(score * n for score, n in scores.items()), answers, answers)
        good = sum(n for score, n in scores.items() if score > self.scale[1] - spec.boxes)
        return Reading(good, answers, answers)


@dataclass(frozen=True, slots=True)
class ResponseRateMeasure:
    """Contacts whose customer answered, and those that are over without an answer so far, at their arrival.

    After a transfer each segment is a contact of its own: a source says which of them an answer is about.
    """

    question: str
    by: Literal["facts"] = "facts"
    unit: Unit = "ratio"
    missed: tuple[tuple[str, int], ...] = ()

    @classmethod
    def written(cls, spec: ResponseRate, _: Time) -> Self:
        """As the contract says."""
        return cls(spec.question)

    @property
    def key(self) -> str:
        """Equal for objectives that count alike."""
        return f"response_rate:{self.question}"

    def settle(self, facts: Facts) -> Sequence[Settlement]:
        """As unanswered once it is over; as answered from its answer on, even if its end was lost."""
        offered_ms = offered_at(facts)
        if offered_ms is None:
            return ()
        if any(answer.at_ms >= offered_ms for answer in answers_to(self.question, facts)):
            return (Settlement(offered_ms, (("answered", 1),)),)
        kinds = {fact.kind for fact in facts if fact.at_ms >= offered_ms}
        is_over = not kinds.isdisjoint(_OVER) and kinds.isdisjoint(_UNSERVED)
        return (Settlement(offered_ms, (("unanswered", 1),)),) if is_over else ()

    def deadlines(self, _: Facts) -> Sequence[Deadline]:
        """Nobody has to answer."""
        return ()

    @property
    def overdue(self) -> None:
        """Nobody: who waits was not asked yet."""

    def read(self, counts: Counts, _: ResponseRate) -> Reading:
        """Answered over all of them."""
        asked = counts.get("answered", 0) + counts.get("unanswered", 0)
        return Reading(counts.get("answered", 0), asked, asked)
