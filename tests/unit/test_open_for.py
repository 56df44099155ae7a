"""A ticket that nobody touches is not forgotten while it is open, and its late end changes what it counted as."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import pytest

from agents import state
from schemas.facts import FACT, Fact
from sla_stream.boards import Boards
from sla_stream.changes import FeedKey
from sla_stream.contact import Result
from sla_stream.counting import Counting
from sla_stream.promises import Promises
from tests.builders import (
    DAY,
    HOUR,
    batch,
    bench_messages,
    figures_of,
    instant,
    objective,
    promised,
    totals,
)

TICKETS = FeedKey("acme", "ticket")
NINE = instant("09:00:00")
WITHIN_A_DAY = {"kind": "resolution", "within": "1d", "clock": "always"}


def fact(kind: str, after_ms: int, **written: Any) -> Fact:
    written = {"contact": "T-1"} | written if kind != "heartbeat" else written
    return FACT.validate_python(
        {"type": kind, "client": "acme", "channel": "ticket", "at": NINE + after_ms} | written
    )


def promises(*measures: dict[str, Any], **written: Any) -> Promises:
    objectives = (
        objective(name=f"promise-{n}", channel="ticket", measure=measure, windows=["year"])
        for n, measure in enumerate(measures or (WITHIN_A_DAY,))
    )
    return promised(*objectives, lateness="2d", **{"open_for": "30d"} | written)


def lived(days: int, last: Sequence[Fact], by: Promises) -> tuple[Counting, Boards]:
    """A ticket is opened, and for so many days nothing is heard but that the source is alive; then some facts."""
    counting, boards = Counting(by), Boards(by)
    opened = fact("offered", 0, queue="claims")
    silence = (fact("heartbeat", day * DAY) for day in range(1, days + 1))
    for offset, one in enumerate((opened, *silence, *last)):
        for changes in (counting.observe(batch([one], offset)), counting.forget(offset)):
            for message in bench_messages(changes, "contact.tickets/0"):
                boards.observe(message)
        boards.prune(TICKETS, counting.position.watermarks[TICKETS])
    return counting, boards


def shown(boards: Boards, by: Promises) -> list[tuple[int, int]]:
    return [(figure.numerator, figure.denominator) for figure in figures_of(boards, by)]


def test_it_stays_missed_though_nothing_is_heard_of_it() -> None:
    by = promises()
    counting, boards = lived(20, [], by)
    assert [name for (_, name), _ in counting.contacts()] == ["T-1"]
    assert shown(boards, by) == [(0, 1)]


def test_when_it_is_resolved_at_last_it_is_late_where_it_was_missed() -> None:
    by = promises()
    counting, boards = lived(20, [fact("resolved", 20 * DAY + HOUR)], by)
    assert counting.position.results == {Result.APPLIED: 22}
    (board,) = boards.together.values()
    assert [(start_ms, counts["late"]) for start_ms, counts in board.quarters()] == [(NINE + DAY, 1)]
    assert shown(boards, by) == [(0, 1)]


def test_what_counts_at_its_opening_changes_too() -> None:
    """That it can be opened again is counted where it was opened, and nothing else is open there."""
    by = promises(WITHIN_A_DAY, {"kind": "reopening"})
    counting, boards = lived(20, [fact("resolved", 20 * DAY + HOUR)], by)
    assert counting.position.results == {Result.APPLIED: 22}
    assert shown(boards, by) == [(0, 1), (0, 1)]


@pytest.mark.parametrize(("days", "is_known"), [(29, True), (30, True), (32, False)])
def test_it_is_forgotten_when_it_has_been_open_for_too_long(days: int, is_known: bool) -> None:
    """Whether it is, is looked up once a day."""
    counting, _ = lived(days, [], promises())
    assert bool(dict(counting.contacts())) is is_known


@pytest.mark.parametrize(("after_ms", "late"), [(30 * DAY - 1, 1), (30 * DAY, 1), (30 * DAY + 1, 0)])
def test_a_fact_of_one_that_was_open_for_too_long_begins_anew_whether_it_was_forgotten_or_not(
    after_ms: int, late: int
) -> None:
    counting = Counting(promises())
    counting.observe(batch([fact("offered", 0, queue="claims"), fact("heartbeat", after_ms)]))
    counting.observe(batch([fact("resolved", after_ms)], 2))
    assert totals(counting, "resolution").get("late", 0) == late


def test_one_that_was_resolved_is_forgotten_as_soon_as_nothing_can_change_it() -> None:
    counting, _ = lived(
        5, [fact("resolved", 5 * DAY), *(fact("heartbeat", n * DAY) for n in range(6, 10))], promises()
    )
    assert dict(counting.contacts()) == {}


def test_what_is_forgotten_in_the_end_leaves_nothing_in_the_changelogs() -> None:
    counting, written = Counting(promises()), dict[bytes, bytes | None]()
    days = [fact("heartbeat", n * DAY) for n in range(1, 30)]
    told = [fact("offered", 0, queue="claims"), *days[:20], fact("resolved", 20 * DAY + HOUR), *days[20:]]
    for offset, one in enumerate(told):
        for changes in (counting.observe(batch([one], offset)), counting.forget(offset)):
            written |= dict(chain(state.contact_records(changes), state.tally_records(changes)))
    assert written
    assert {key for key, value in written.items() if value is not None} == set()


def test_what_was_counted_before_it_is_known_whether_it_comes_again_is_kept() -> None:
    """The ticket came back as resolved, but of its tally only what was before: the message is counted again."""
    other, done = fact("offered", 0, contact="T-2", queue="claims"), fact("resolved", DAY, contact="T-2")
    days = [fact("heartbeat", n * DAY) for n in range(2, 20)]
    told = [fact("offered", 0, queue="claims"), other, done, *days]
    resolved = batch([fact("resolved", 19 * DAY)], len(told))
    first, again = Counting(promises()), Counting(promises())
    before, after = first.observe(batch(told)), first.observe(resolved)
    for key, value in chain(state.contact_records(before), state.contact_records(after)):
        again.restore_contact(*state.contact_of(key, value))
    for key, value in state.tally_records(before):
        for name, tally in state.tallies_of(key, value):
            again.restore_tally(name, tally)
    again.restore_position(before.position)
    assert again.forget(len(told) - 1).forgotten == []
    again.observe(resolved)
    assert totals(again) == totals(first)
