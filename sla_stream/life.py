"""The life of a contact: the stages that its facts lead it through.

What a contact has lived is a function of its facts in the order of time, and of nothing else.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum
from sys import intern
from typing import Any

from msgspec import Struct

from schemas.facts import Offered, Record, Told


class Stage(StrEnum):
    """Where a contact stands."""

    EXPECTED = "expected"
    WAITING = "waiting"
    TALKING = "talking"
    ON_HOLD = "on_hold"
    CLOSED = "closed"
    ABANDONED = "abandoned"
    FLOWED_OUT = "flowed_out"
    ENDED = "ended"
    WRAPPED = "wrapped"
    WORKING = "working"  # no contact, but an agent's stretch of work


#: Stage -> fact -> next stage. A fact that has no place here is remembered but changes nothing.
#: CLOSED is a conversation whose end is known while its answer is not: the answer may still come, or be lost.
LIFE: dict[Stage, dict[str, Stage]] = {
    Stage.EXPECTED: {"offered": Stage.WAITING, "worked": Stage.WORKING},
    Stage.WAITING: {
        "answered": Stage.TALKING,
        "abandoned": Stage.ABANDONED,
        "flowed_out": Stage.FLOWED_OUT,
        "ended": Stage.CLOSED,
        "wrapped": Stage.CLOSED,
    },
    Stage.CLOSED: {
        "answered": Stage.ENDED,
        "abandoned": Stage.ABANDONED,
        "flowed_out": Stage.FLOWED_OUT,
    },
    Stage.TALKING: {
        "held": Stage.ON_HOLD,
        "transferred": Stage.ENDED,
        "ended": Stage.ENDED,
        "wrapped": Stage.WRAPPED,
    },
    Stage.ON_HOLD: {
        "retrieved": Stage.TALKING,
        "transferred": Stage.ENDED,
        "ended": Stage.ENDED,
        "wrapped": Stage.WRAPPED,
    },
    Stage.ENDED: {"wrapped": Stage.WRAPPED},
    Stage.ABANDONED: {},
    Stage.FLOWED_OUT: {},
    Stage.WRAPPED: {},
    Stage.WORKING: {},
}

#: Not a fact, but a mark before all of them: what came by an earlier message is out of reach.
FORGOTTEN, BEFORE_ALL_MS = "forgotten", 0

OUTCOMES = {"answered", "abandoned", "flowed_out"}
_ENDS = {"transferred", "ended", "wrapped"}

#: Facts of one instant happen in this order: a call taken at once is offered, then answered.
RANK = {
    kind: rank
    for rank, kind in enumerate(
        (
            FORGOTTEN,
            "offered",
            "customer",
            "language",
            "tagged",
            "prioritised",
            "customer_wrote",
            "answered",
            "abandoned",
            "flowed_out",
            "held",
            "retrieved",
            "replied",
            "paused",
            "resumed",
            "resolved",
            "reopened",
            "closed",
            "transferred",
            "ended",
            "wrapped",
            "called_back",
            "worked",
            "surveyed",
        )
    )
}
#: No fact of the same instant is certain to come after this one.
LAST = "surveyed"


class Known(Struct, frozen=True, gc=False, array_like=True):
    """A fact that is known of a contact, and the message that brought it."""

    offset: int
    kind: str
    at_ms: int
    detail: str  # the queue of an offer, the reason of a flow-out: what `DETAILS` says


#: In the order of time.
Facts = tuple[Known, ...]


class Life(Struct, frozen=True, gc=False):
    """What the facts say. Instants are epoch milliseconds."""

    stage: Stage
    queue: str
    offered_ms: int
    outcome: str
    outcome_ms: int
    ended_ms: int | None

    @property
    def wait_ms(self) -> int:
        """From offer to outcome."""
        return self.outcome_ms - self.offered_ms


UNBORN = Life(Stage.EXPECTED, "", 0, "", 0, None)


def _offered(fact: Offered | Record) -> Iterator[tuple[str, str]]:
    """What an offer says of its contact is known as facts of the same instant."""
    yield "offered", fact.queue
    if fact.customer:
        yield "customer", fact.customer
    if fact.language:
        yield "language", fact.language
    for tag in fact.tags or ():
        yield "tagged", tag
    if fact.priority:
        yield "prioritised", fact.priority


#: What is kept of a fact besides its instant. Of a `replied` the author, or that it was a note among agents.
DETAILS: dict[str, Callable[[Any], str]] = {
    "flowed_out": lambda fact: fact.reason,
    "prioritised": lambda fact: fact.priority,
    "replied": lambda fact: fact.author if fact.public else "note",
    "ended": lambda fact: fact.disposition or "",
    "wrapped": lambda fact: fact.disposition or "",
    "surveyed": lambda fact: f"{fact.score} {fact.question}",
    "worked": lambda fact: f"{fact.activity} {fact.since} {fact.queue}",
}


def known_facts(offset: int, fact: Told) -> Facts:
    """The facts that a message stands for, in the order of time."""
    if fact.type == "record":
        return _record_facts(offset, fact)
    at_ms = fact.at
    if fact.type == "offered":
        return tuple([Known(offset, kind, at_ms, detail) for kind, detail in _offered(fact)])
    detail = DETAILS.get(fact.type)
    return (Known(offset, fact.type, at_ms, detail(fact) if detail else ""),)


def worked(detail: str) -> tuple[str, str, str]:
    """What an agent did, since when (epoch ms), and for which queue."""
    activity, _, rest = detail.partition(" ")
    since, _, queue = rest.partition(" ")
    return activity, since, queue


def in_time(known: Known) -> tuple[int, int, str, int]:
    """The order of facts, the same whatever order they came in."""
    return known.at_ms, RANK[known.kind], known.detail, known.offset


def lived(life: Life, facts: Facts) -> Life:
    """Take facts, the next by time, through LIFE."""
    stage, queue, offered_ms = life.stage, life.queue, life.offered_ms
    outcome, outcome_ms, ended_ms = life.outcome, life.outcome_ms, life.ended_ms
    for fact in facts:
        kind = fact.kind
        following = LIFE[stage].get(kind)
        if following is None:
            continue
        stage = following
        if kind == "offered":
            # Thousands of contacts share few queues.
            queue, offered_ms = intern(fact.detail), fact.at_ms
        elif kind in OUTCOMES:
            outcome, outcome_ms = kind, fact.at_ms
        elif ended_ms is None and kind in _ENDS:
            ended_ms = fact.at_ms
        elif kind == "worked":
            queue = intern(worked(fact.detail)[2])
    return Life(stage, queue, offered_ms, outcome, outcome_ms, ended_ms)


def _record_facts(offset: int, record: Record) -> Facts:
    instants = (
        *((kind, record.offered_at, detail) for kind, detail in _offered(record)),
        ("answered", record.answered_at, ""),
        ("abandoned", record.abandoned_at, ""),
        ("flowed_out", record.flowed_out_at, record.flow_out or ""),
        ("ended", record.ended_at, record.disposition or ""),
        ("wrapped", record.wrapped_at, ""),
    )
    facts = [Known(offset, kind, at, detail) for kind, at, detail in instants if at is not None]
    return tuple(sorted(facts, key=in_time))
