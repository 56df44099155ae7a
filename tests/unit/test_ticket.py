"""The life of a ticket: what has a place where, and what is named because it has none."""

import pytest

from sla_stream.contact import contact_of
from sla_stream.life import Facts, Known
from sla_stream.ticket import (
    AFTER_TRANSFERRED,
    BEFORE_OFFERED,
    OUT_OF_PLACE,
    TICKET,
    Misplaced,
    Stretch,
    TicketStage,
    ticket_of,
)


def told(*kinds: str) -> Facts:
    """One fact after the other, an instant apart; `prioritised urgent` says to what."""
    split = [kind.partition(" ") for kind in kinds]
    return contact_of(tuple(Known(at, kind, at, detail) for at, (kind, _, detail) in enumerate(split))).facts


#: Facts that lead a ticket to each stage.
WAYS = {
    TicketStage.EXPECTED: (),
    TicketStage.OPEN: ("offered",),
    TicketStage.PAUSED: ("offered", "paused"),
    TicketStage.RESOLVED: ("offered", "resolved"),
    TicketStage.CLOSED: ("offered", "closed"),
    TicketStage.PASSED_ON: ("offered", "transferred"),
}


@pytest.mark.parametrize("stage", TicketStage)
@pytest.mark.parametrize("kind", [*OUT_OF_PLACE, "prioritised"])
def test_a_fact_has_a_place_or_a_name(stage: TicketStage, kind: str) -> None:
    way = WAYS[stage]
    before, after = ticket_of(told(*way)), ticket_of(told(*way, kind))
    if kind in TICKET[stage]:
        assert after.misplaced == ()
        return
    nowhere = {TicketStage.EXPECTED: BEFORE_OFFERED, TicketStage.PASSED_ON: AFTER_TRANSFERRED}
    name = nowhere.get(stage) or OUT_OF_PLACE[kind]
    assert after == before._replace(misplaced=(Misplaced(name, len(way)),))


@pytest.mark.parametrize("kind", ["answered", "held", "customer_wrote", "replied", "surveyed", "ended"])
def test_what_is_not_about_tickets_says_nothing_of_one(kind: str) -> None:
    assert ticket_of(told("offered", kind)) == ticket_of(told("offered"))
    assert ticket_of(told(kind)) == ticket_of(())


def test_its_stretches_are_when_the_clock_runs_and_by_which_priority() -> None:
    facts = told("offered", "prioritised urgent", "paused", "prioritised low", "resumed", "resolved", "reopened")
    assert ticket_of(facts).stretches == (
        Stretch(0, runs=True, priority=""),
        Stretch(1, runs=True, priority="urgent"),
        Stretch(2, runs=False, priority="urgent"),
        Stretch(3, runs=False, priority="low"),
        Stretch(4, runs=True, priority="low"),
        Stretch(5, runs=False, priority="low"),
        Stretch(6, runs=True, priority="low"),
    )


def test_an_offer_with_its_priority_is_one_beginning() -> None:
    facts = contact_of((Known(0, "prioritised", 7, "urgent"), Known(0, "offered", 7, "back-office"))).facts
    assert ticket_of(facts).stretches == (Stretch(7, runs=True, priority="urgent"),)


@pytest.mark.parametrize(
    ("kinds", "done", "is_done"),
    [
        (("offered",), (), False),
        (("offered", "resolved"), (1,), True),
        (("offered", "resolved", "closed"), (1,), True),
        (("offered", "closed"), (1,), True),
        (("offered", "resolved", "reopened"), (1,), False),
        (("offered", "resolved", "closed", "reopened", "resolved"), (1, 4), True),
    ],
)
def test_it_is_done_when_it_is_resolved_or_closed_without_that(
    kinds: tuple[str, ...], done: tuple[int, ...], *, is_done: bool
) -> None:
    ticket = ticket_of(told(*kinds))
    assert (ticket.done_ms, ticket.is_done) == (done, is_done)


def test_what_is_done_was_done_under_the_priority_that_it_had() -> None:
    ticket = ticket_of(told("offered", "resolved", "prioritised urgent", "closed"))
    assert ticket.stretches[-1] == Stretch(1, runs=False, priority="")
    reopened = ticket_of(told("offered", "resolved", "prioritised urgent", "reopened"))
    assert reopened.stretches[-1] == Stretch(3, runs=True, priority="urgent")
