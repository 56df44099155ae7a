"""The life of a ticket: when its clock runs, and by which priority.

What a ticket has lived is a function of its facts in the order of time, and of nothing else. A fact that has no
place where the ticket stands - resumed though it was not paused - changes nothing, and is named.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from sla_stream.life import Facts, Known


class TicketStage(StrEnum):
    """Where a ticket stands."""

    EXPECTED = "expected"
    OPEN = "open"
    PAUSED = "paused"
    RESOLVED = "resolved"
    CLOSED = "closed"
    PASSED_ON = "passed_on"


#: Stage -> fact -> next stage. The clock runs in OPEN and nowhere else.
TICKET: dict[TicketStage, dict[str, TicketStage]] = {
    TicketStage.EXPECTED: {"offered": TicketStage.OPEN},
    TicketStage.OPEN: {
        "prioritised": TicketStage.OPEN,
        "paused": TicketStage.PAUSED,
        "transferred": TicketStage.PASSED_ON,
        "resolved": TicketStage.RESOLVED,
        "closed": TicketStage.CLOSED,
    },
    TicketStage.PAUSED: {
        "prioritised": TicketStage.PAUSED,
        "resumed": TicketStage.OPEN,
        "transferred": TicketStage.PASSED_ON,
        "resolved": TicketStage.RESOLVED,
        "closed": TicketStage.CLOSED,
    },
    TicketStage.RESOLVED: {
        "prioritised": TicketStage.RESOLVED,
        "reopened": TicketStage.OPEN,
        "closed": TicketStage.CLOSED,
    },
    TicketStage.CLOSED: {"prioritised": TicketStage.CLOSED, "reopened": TicketStage.OPEN},
    TicketStage.PASSED_ON: {},
}
_DONE = (TicketStage.RESOLVED, TicketStage.CLOSED)

#: What a fact is called that comes where it has no place.
OUT_OF_PLACE = {
    "offered": "offered_again",
    "paused": "paused_again",
    "resumed": "resumed_unpaused",
    "resolved": "resolved_again",
    "reopened": "reopened_unresolved",
    "closed": "closed_again",
}
#: What any of them is called before the offer, and after the ticket went to another queue as its next segment.
BEFORE_OFFERED, AFTER_TRANSFERRED = "before_offered", "after_transferred"
_NOT_HERE = {TicketStage.EXPECTED: BEFORE_OFFERED, TicketStage.PASSED_ON: AFTER_TRANSFERRED}


class Stretch(NamedTuple):
    """From an instant (epoch ms) until the next stretch begins: whether the clock runs, and the priority."""

    from_ms: int
    runs: bool
    priority: str


class Misplaced(NamedTuple):
    """A fact that came where it had no place: what it is called, and its instant (epoch ms)."""

    name: str
    at_ms: int


class Ticket(NamedTuple):
    """What the facts say. The first stretch begins with the offer; before it there is none.

    `done_ms` are the instants (epoch ms) at which it was resolved, or closed without that. When it `is_done`, the
    last of them holds; if not, the ticket was opened again since.
    """

    stage: TicketStage
    stretches: tuple[Stretch, ...]
    done_ms: tuple[int, ...]
    misplaced: tuple[Misplaced, ...]

    @property
    def is_done(self) -> bool:
        """Resolved, or closed without that."""
        return self.stage in _DONE


def ticket_of(facts: Facts) -> Ticket:
    """Take facts, in the order of time, through TICKET."""
    stage, priority = TicketStage.EXPECTED, ""
    stretches, done, misplaced = list[Stretch](), list[int](), list[Misplaced]()
    for fact in facts:
        following = TICKET[stage].get(fact.kind)
        if following is None:
            misplaced += _misplaced(stage, fact)
            continue
        if fact.kind == "prioritised":
            priority = fact.detail
        was_done, stage = stage in _DONE, following
        if stage not in _DONE or not was_done:
            # What is done stays done under the priority that it had.
            _begin(stretches, Stretch(fact.at_ms, stage == TicketStage.OPEN, priority))
        if stage in _DONE and not was_done:
            done.append(fact.at_ms)
    return Ticket(stage, tuple(stretches), tuple(done), tuple(misplaced))


def _misplaced(stage: TicketStage, fact: Known) -> Iterator[Misplaced]:
    """Facts that are not about tickets have no place and no name."""
    if fact.kind in OUT_OF_PLACE or fact.kind == "prioritised":
        yield Misplaced(_NOT_HERE.get(stage) or OUT_OF_PLACE[fact.kind], fact.at_ms)


def _begin(stretches: list[Stretch], new: Stretch) -> None:
    """An offer and the priority that it tells come at one instant, and are one beginning."""
    if stretches and stretches[-1].from_ms == new.from_ms:
        stretches.pop()
    stretches.append(new)
