"""The life of one contact, read from the facts that are known of it.

A contact *is* its facts, each with the offset of the message that brought it. Reading them in the order of
time, not of arrival, makes the order of arrival immaterial; keeping the offsets lets a replayed message
settle again exactly what it settled the first time, whatever has come since (design rules 2 and 4).
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from schemas.dead_letters import Rejected, RejectReason
from schemas.facts import FlowedOut, Moment, Offered, Record

#: No real contact has so many; what comes after is refused, so that one broken source cannot fill the memory.
MOST_FACTS = 64


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


#: Stage -> fact -> next stage. A fact that has no place here is remembered but changes nothing.
#: CLOSED is a conversation whose end is known while its answer is not: the answer may still come, or be lost.
LIFE: dict[Stage, dict[str, Stage]] = {
    Stage.EXPECTED: {"offered": Stage.WAITING},
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
}

#: Not a fact, but a mark among them: what comes before it is out of reach.
_FORGOTTEN = "forgotten"

OUTCOMES = {"answered", "abandoned", "flowed_out"}
_ENDS = {"transferred", "ended", "wrapped"}

#: Facts of one instant happen in this order: a call taken at once is offered, then answered.
_RANK = {
    kind: rank
    for rank, kind in enumerate(
        (
            "offered",
            "answered",
            "abandoned",
            "flowed_out",
            "held",
            "retrieved",
            "transferred",
            "ended",
            "wrapped",
        )
    )
}


class Known(NamedTuple):
    """A fact that is known of a contact, and the message that brought it."""

    offset: int
    kind: str
    at_ms: int
    detail: str  # the queue of an offer, the reason of a flow-out


#: In the order of their offsets.
Contact = tuple[Known, ...]


class Life(NamedTuple):
    """What the facts say, once put in order. Instants are epoch milliseconds."""

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


class Result(StrEnum):
    """What became of a message. Every received message has exactly one."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    TOO_LATE = "too_late"


class Step(NamedTuple):
    """A contact after a message: its facts, its life before and after, and what became of the message."""

    contact: Contact
    before: Life
    after: Life
    result: Result
    refusal: Rejected | None = None


def read(contact: Contact) -> Life:
    """What the contact's facts say."""
    return _walk(_remembered(contact))


def _walk(facts: Contact) -> Life:
    """Take the facts in the order of time through LIFE."""
    stage, queue, offered_ms, outcome, outcome_ms, ended_ms = UNBORN
    for _, kind, at_ms, detail in _in_order(facts):
        following = LIFE[stage].get(kind)
        if following is None:
            continue
        stage = following
        if kind == "offered":
            queue, offered_ms = detail, at_ms
        elif kind in OUTCOMES:
            outcome, outcome_ms = kind, at_ms
        elif kind in _ENDS and ended_ms is None:
            ended_ms = at_ms
    return Life(stage, queue, offered_ms, outcome, outcome_ms, ended_ms)


def step(contact: Contact, offset: int, facts: Sequence[Known], *, anew: bool = False) -> Step:
    """Add the facts of the message at `offset`; if the contact has them from it already, live it again.

    `anew`: what was known is out of reach, and the contact begins again from nothing.
    """
    if contact and contact[-1].offset >= offset:
        return _relive(contact, offset, facts)
    return _live((*contact, Known(offset, _FORGOTTEN, 0, "")) if anew else contact, facts)


def known_facts(offset: int, fact: Moment | Record) -> list[Known]:
    """The facts that a message stands for, in the order in which they happen."""
    if isinstance(fact, Record):
        return _record_facts(offset, fact)
    detail = fact.queue if isinstance(fact, Offered) else fact.reason if isinstance(fact, FlowedOut) else ""
    return [Known(offset, fact.type, fact.at, detail)]


def newest_ms(contact: Contact) -> int:
    """The latest instant of the contact's facts."""
    return max([known.at_ms for known in contact])


def began_at(contact: Contact) -> int:
    """The offset of the message that the contact, as it is remembered, began with."""
    return _remembered(contact)[0].offset


def _in_order(contact: Contact) -> Sequence[Known]:
    """Most facts arrive in the order of time, and then there is nothing to sort."""
    latest_ms = -1
    for known in contact:
        if known.at_ms <= latest_ms:
            return sorted(contact, key=_in_time)
        latest_ms = known.at_ms
    return contact


def _in_time(known: Known) -> tuple[int, int, str, int]:
    return known.at_ms, _RANK[known.kind], known.detail, known.offset


def _holds(contact: Contact, fact: Known) -> bool:
    _, kind, at_ms, detail = fact
    for known in contact:  # noqa: SIM110 - once per fact, where a generator costs more than the loop
        if known.at_ms == at_ms and known.kind == kind and known.detail == detail:
            return True
    return False


def _relive(contact: Contact, offset: int, facts: Sequence[Known]) -> Step:
    """Take the step of this message once more, from what was known before it."""
    earlier = (known for known in contact if known.offset < offset or known[:2] == (offset, _FORGOTTEN))
    return _live(tuple(earlier), facts)._replace(contact=contact)


def _live(contact: Contact, facts: Sequence[Known]) -> Step:
    remembered = _remembered(contact)
    before = _walk(remembered) if remembered else UNBORN
    new = tuple([fact for fact in facts if not _holds(remembered, fact)]) if remembered else tuple(facts)
    if not new:
        return Step(contact, before, before, Result.DUPLICATE)
    if len(remembered) + len(new) > MOST_FACTS:
        detail = f"the contact has {len(remembered)} facts already"
        return Step(contact, before, before, Result.REJECTED, Rejected(RejectReason.TOO_MANY_FACTS, detail))
    after = _walk(remembered + new)
    for fact in new:
        if fact.at_ms < after.offered_ms:
            return Step(contact + new, before, after, Result.REJECTED, _too_early(fact, after))
    return Step(contact + new, before, after, Result.APPLIED)


def _too_early(fact: Known, life: Life) -> Rejected:
    """A fact from before the offer stays known, so that order does not matter, but is told as refused."""
    return Rejected(RejectReason.BEFORE_OFFERED, f"{fact.kind} at {fact.at_ms}, offered at {life.offered_ms}")


def _remembered(contact: Contact) -> Contact:
    """The facts since the contact last began anew; those from before are kept only to be lived again."""
    for place in range(len(contact) - 1, -1, -1):
        if contact[place].kind == _FORGOTTEN:
            return contact[place + 1 :]
    return contact


def _record_facts(offset: int, record: Record) -> list[Known]:
    instants = (
        ("offered", record.offered_at, record.queue),
        ("answered", record.answered_at, ""),
        ("abandoned", record.abandoned_at, ""),
        ("flowed_out", record.flowed_out_at, record.flow_out or ""),
        ("ended", record.ended_at, ""),
        ("wrapped", record.wrapped_at, ""),
    )
    return [Known(offset, kind, at, detail) for kind, at, detail in instants if at is not None]
