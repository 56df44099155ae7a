"""Shares of contacts that went one way: passed on, served by a machine alone, opened again, lost to the queue.

Each is an entry of a table: what a contact counts as, and which of that is above the line of the fraction. All
of it is below. A contact has one fate; until that is known, it is not counted.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, Self, get_args

from schemas.facts import FlowOutReason
from schemas.measures import Dropped, FlowOut, Share
from schemas.tallies import Counts
from schemas.words import Unit
from sla_stream.business_time import Time
from sla_stream.life import UNBORN, Facts, Known, Life, lived
from sla_stream.measures.measure import Deadline, Reading, Settlement
from sla_stream.ticket import ticket_of


class Fate(NamedTuple):
    """What a contact counts as, and the instant (epoch ms) that made it so."""

    name: str
    at_ms: int


def _transfer(life: Life, facts: Facts, _: int) -> Iterator[Fate]:
    """By the agent who answered, known when the conversation ends. The next segment is counted for itself."""
    if life.outcome == "answered" and life.ended_ms is not None:
        is_passed_on = any(fact.kind == "transferred" and fact.at_ms == life.ended_ms for fact in facts)
        yield Fate("transferred" if is_passed_on else "kept", life.ended_ms)


#: What becomes of a contact that a bot took up and no person has, by the first fact that decides it.
_WITHOUT_PERSON = {
    "transferred": "escalated",
    "flowed_out": "escalated",
    "abandoned": "given_up",
    "ended": "contained",
    "resolved": "contained",
    "closed": "contained",
}


def _bot(_life: Life, facts: Facts, _: int) -> Iterator[Fate]:
    """Contacts in which a bot wrote before any person did. A person may come even after the end."""
    acting = [fact for fact in facts if fact.kind == "answered" or _wrote(fact, "agent") or _wrote(fact, "bot")]
    if not acting or not _wrote(acting[0], "bot"):
        return
    person = next((fact for fact in acting if not _wrote(fact, "bot")), None)
    decided = next((fact for fact in facts if fact.kind in _WITHOUT_PERSON), None)
    if person:
        yield Fate("escalated", person.at_ms)
    elif decided:
        yield Fate(_WITHOUT_PERSON[decided.kind], decided.at_ms)


def _wrote(fact: Known, author: str) -> bool:
    return fact.kind == "replied" and fact.detail == author


def _reopening(_life: Life, facts: Facts, _: int) -> Iterator[Fate]:
    """Tickets that were resolved, at the instant of the first time, whatever came of it."""
    ticket = ticket_of(facts)
    if ticket.done_ms:
        is_done_for_good = ticket.is_done and len(ticket.done_ms) == 1
        yield Fate("resolved" if is_done_for_good else "reopened", ticket.done_ms[0])
    yield from (Fate(name, at_ms) for name, at_ms in ticket.misplaced)


def _flow_out(life: Life, facts: Facts, _: int) -> Iterator[Fate]:
    """Each reason is a class of its own: contracts add up those that they mean."""
    if life.outcome == "flowed_out":
        reason = next(fact.detail for fact in facts if fact.kind == life.outcome and fact.at_ms == life.outcome_ms)
        yield Fate(f"flowed_out:{reason}", life.outcome_ms)
    elif life.outcome:
        yield Fate(life.outcome, life.outcome_ms)


def _dropped(life: Life, _: Facts, within_ms: int) -> Iterator[Fate]:
    if life.outcome == "answered" and life.ended_ms is not None:
        is_over_at_once = life.ended_ms - life.outcome_ms <= within_ms
        yield Fate("dropped" if is_over_at_once else "served", life.ended_ms)


class Split(NamedTuple):
    """How contacts are divided: into which classes, and which of them are above the line, for each kind.

    `fates` is asked for what a contact's life and facts make it, and told how soon is at once (ms).
    """

    name: str
    fates: Callable[[Life, Facts, int], Iterator[Fate]]
    classes: tuple[str, ...]
    above: dict[str, tuple[str, ...]]


_REASONS = tuple(f"flowed_out:{reason}" for reason in get_args(FlowOutReason))

SPLITS = (
    Split("transfer", _transfer, ("transferred", "kept"), {"transfer": ("transferred",)}),
    Split(
        "bot",
        _bot,
        ("contained", "escalated", "given_up"),
        {"containment": ("contained",), "escalation": ("escalated",)},
    ),
    Split("reopening", _reopening, ("reopened", "resolved"), {"reopening": ("reopened",)}),
    Split("flow_out", _flow_out, ("answered", "abandoned", *_REASONS), {"flow_out": _REASONS}),
    Split("dropped", _dropped, ("dropped", "served"), {"dropped": ("dropped",)}),
)
#: Kind -> how it divides contacts. Kinds that divide alike are counted once.
SHARES = {kind: split for split in SPLITS for kind in split.above}


@dataclass(frozen=True, slots=True)
class ShareMeasure:
    """One class per contact, once its fate is known."""

    split: Split
    within_ms: int
    clock: str
    by: Literal["facts"] = "facts"
    unit: Unit = "ratio"
    overdue: None = None
    missed: tuple[tuple[str, int], ...] = ()

    @classmethod
    def written(cls, spec: Share | FlowOut | Dropped, _: Time) -> Self:
        """As the contract says."""
        within_ms = spec.within if spec.kind == "dropped" else 0
        return cls(SHARES[spec.kind], within_ms, spec.attribute_to)

    @property
    def key(self) -> str:
        """Equal for objectives that count alike."""
        return f"{self.split.name}:{self.within_ms}:{self.clock}"

    def settle(self, facts: Facts) -> list[Settlement]:
        """At the offer, or when its fate was known."""
        life = lived(UNBORN, facts)
        if not life.offered_ms:
            return []
        return [
            Settlement(life.offered_ms if self.clock == "arrival" else at_ms, ((name, 1),))
            for name, at_ms in self.split.fates(life, facts, self.within_ms)
        ]

    def deadlines(self, _: Facts) -> tuple[Deadline, ...]:
        """None: nothing is due."""
        return ()

    def read(self, counts: Counts, spec: Share | FlowOut | Dropped) -> Reading:
        """The classes above the line, over all."""
        above = self.split.above[spec.kind]
        if spec.kind == "flow_out" and spec.reasons != "all":
            above = tuple(f"flowed_out:{reason}" for reason in spec.reasons)
        contacts = sum(counts.get(name, 0) for name in self.split.classes)
        return Reading(sum(counts.get(name, 0) for name in above), contacts, contacts)
