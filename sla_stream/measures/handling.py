"""Handling: how long answered contacts were on hold, how long the work afterwards took, and all together.

Talk runs from the answer to the end, hold included (`durations.py`). Handle time is talk and wrap-up: from the
answer until the agent is done. Each is known when it is over: hold at the end, the others when the agent has
wrapped up. A contact that was never on hold was so for no time at all: so means add up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Self

from schemas.measures import Handling
from schemas.tallies import Counts
from schemas.words import Unit
from sla_stream.business_time import Time
from sla_stream.life import LIFE, UNBORN, Facts, Known, Life, Stage, lived
from sla_stream.measures.durations import read_duration, timed
from sla_stream.measures.measure import Deadline, Reading, Settlement

#: What a fact is called that comes where it has no place.
_OUT_OF_PLACE = {"held": "held_untalking", "retrieved": "retrieved_unheld"}


def _hold(life: Life, facts: Facts) -> int | None:
    return None if life.ended_ms is None else _on_hold(facts)[0]


def _wrap_up(life: Life, facts: Facts) -> int | None:
    if life.ended_ms is None or (wrapped_ms := _wrapped_ms(facts)) is None:
        return None
    return max(0, wrapped_ms - max(life.ended_ms, life.outcome_ms))


def _handle(life: Life, facts: Facts) -> int | None:
    wrapped_ms = _wrapped_ms(facts)
    return None if wrapped_ms is None else max(0, wrapped_ms - life.outcome_ms)


#: Kind -> the duration of an answered contact, None while it has none.
HANDLING: dict[str, Callable[[Life, Facts], int | None]] = {
    "hold_time": _hold,
    "wrap_up_time": _wrap_up,
    "handle_time": _handle,
}


@dataclass(frozen=True, slots=True)
class HandlingMeasure:
    """One duration per answered contact."""

    kind: str
    clock: str
    by: Literal["facts"] = "facts"
    unit: Unit = "ms"
    overdue: None = None
    missed: tuple[tuple[str, int], ...] = ()

    @classmethod
    def written(cls, spec: Handling, _: Time) -> Self:
        """As the contract says."""
        return cls(spec.kind, spec.attribute_to)

    @property
    def key(self) -> str:
        """Equal for objectives that count alike."""
        return f"{self.kind}:{self.clock}"

    def settle(self, facts: Facts) -> list[Settlement]:
        """At the offer or at the answer."""
        life = lived(UNBORN, facts)
        if not life.offered_ms:
            return []
        misplaced = _on_hold(facts)[1] if self.kind == "hold_time" else ()
        found = [Settlement(fact.at_ms, ((_OUT_OF_PLACE[fact.kind], 1),)) for fact in misplaced]
        duration_ms = HANDLING[self.kind](life, facts) if life.outcome == "answered" else None
        if duration_ms is not None:
            at_ms = life.offered_ms if self.clock == "arrival" else life.outcome_ms
            found.append(Settlement(at_ms, timed(duration_ms)))
        return found

    def deadlines(self, _: Facts) -> tuple[Deadline, ...]:
        """None: nobody promised to be quick."""
        return ()

    def read(self, counts: Counts, spec: Handling) -> Reading:
        """The mean, the longest or a percentile."""
        return read_duration(counts, spec.formula)


def _on_hold(facts: Facts) -> tuple[int, list[Known]]:
    """How long it was on hold, and what was told of hold that had no place."""
    stage, since_ms, hold_ms, misplaced = Stage.EXPECTED, 0, 0, list[Known]()
    for fact in facts:
        following = LIFE[stage].get(fact.kind)
        if following is None:
            misplaced += [fact] if fact.kind in _OUT_OF_PLACE else []
            continue
        if stage == Stage.ON_HOLD:
            hold_ms += fact.at_ms - since_ms
        stage, since_ms = following, fact.at_ms
    return hold_ms, misplaced


def _wrapped_ms(facts: Facts) -> int | None:
    return next((fact.at_ms for fact in facts if fact.kind == "wrapped"), None)
