"""Rule 4: every record of state carries its offset, and the higher offset wins.

The most important property of the product: whenever a worker crashes, and whichever of its writes survive,
counting on from its position gives the figures that nobody would ever have known otherwise.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.facts import FACT, Fact
from schemas.tallies import BenchMessage
from sla_stream.boards import Boards
from sla_stream.changes import FeedKey
from sla_stream.counting import Batch, Counting
from sla_stream.figures import Figure
from sla_stream.promises import Promises
from tests.builders import (
    MINUTE,
    bench_messages,
    ended,
    figures_of,
    heartbeat,
    in_batches,
    instant,
    objective,
    promised,
    record,
)
from tests.rules.canon import contents, tallies_of
from tests.rules.cases import PROMISES as CASES
from tests.rules.cases import facts as cases
from tests.rules.journal import run
from tests.rules.stories import (
    late_stories,
    promises_of_everything,
    promises_of_tickets,
    stories,
    ticket_stories,
)

WITHIN_REACH = promises_of_everything()

#: Facts come later than this on purpose, so that contacts are forgotten while they are still talked of.
SHORT_MEMORY = promises_of_everything(lateness="20m")

TICKETS = FeedKey("acme", "ticket")
OPEN_FOR_DAYS, OPEN_FOR_HOURS = promises_of_tickets("30d"), promises_of_tickets("4h")
FOREVER_MS = 1 << 63

cuts = st.lists(st.integers(0, 100), max_size=8)


#: What a run has come to, as far as a crash must not change it.
Seen = Callable[[Counting, list[list[BenchMessage]]], object]


class Life(NamedTuple):
    """What happens under which contracts, how far behind it is forgotten, and what must be the same."""

    facts: st.SearchStrategy[list[Fact]]
    promises: Promises
    lags: st.SearchStrategy[int | None]
    seen: Seen


def _kept(counting: Counting, _: object) -> object:
    return tallies_of(counting), dict(counting.contacts())


def _figures(promises: Promises, *, prunes: bool = False) -> Seen:
    return lambda _, told: _shown(told, promises, prunes=prunes)


def _counts(_: Counting, told: list[list[BenchMessage]]) -> object:
    """What is counted already; what is merely open is then no longer known to be so."""
    return _shown(told, OPEN_FOR_HOURS, prunes=True)[1]


def _figures_and_due(_: Counting, told: list[list[BenchMessage]]) -> object:
    return _shown(told, CASES), _due(told)


NEVER, SOON = st.none(), st.integers(0, 3)

LIVES = {
    "calls": Life(stories(), WITHIN_REACH, NEVER, _kept),
    "calls that are forgotten": Life(late_stories(), SHORT_MEMORY, SOON, _figures(SHORT_MEMORY)),
    "tickets": Life(cases(), CASES, NEVER, _figures_and_due),
    "tickets that are open for long": Life(
        ticket_stories(), OPEN_FOR_DAYS, SOON, _figures(OPEN_FOR_DAYS, prunes=True)
    ),
    "tickets that are forgotten while they are open": Life(ticket_stories(), OPEN_FOR_HOURS, SOON, _counts),
}


@pytest.mark.parametrize("life", LIVES.values(), ids=LIVES.keys())
@given(cuts, cuts, st.data())
def test_any_mixture_of_surviving_writes_leads_to_what_would_have_been_without_a_crash(
    life: Life, cuts_before: list[int], cuts_after: list[int], data: st.DataObject
) -> None:
    facts, lag = data.draw(life.facts), data.draw(life.lags)
    undisturbed = Counting(life.promises)
    told = run(undisturbed, in_batches(facts)).told
    recovered, before, after = _crash_and_go_on(facts, cuts_before, cuts_after, data, life.promises, lag)
    assert recovered.position == undisturbed.position
    assert life.seen(recovered, before + after) == life.seen(undisturbed, told)


def _due(told: list[list[BenchMessage]]) -> dict[str, list[int]]:
    """What the bench knows is still to be done for each promise: in whose panes, if it all was late."""
    boards = Boards(CASES)
    for messages in told:
        for message in messages:
            boards.observe(message)
    queues = boards.queues("acme", "ticket")
    return {
        promise.objective.name: [*boards.deadlines(promise, queues).late_at(FOREVER_MS)]
        for promise in CASES.agreements[0].every_promise()
    }


def _crash_and_go_on(
    facts: list[Fact],
    cuts_before: list[int],
    cuts_after: list[int],
    data: st.DataObject,
    promises: Promises,
    lag: int | None,
) -> tuple[Counting, list[list[BenchMessage]], list[list[BenchMessage]]]:
    journal = run(Counting(promises), in_batches(facts, cuts_before), lag)
    crashed = data.draw(st.integers(0, len(journal.writes) - 1), "the last call before the crash")
    survived = journal.until(crashed)
    # What was forgotten on the strength of a durable position cannot outlive that position.
    earliest = 0 if lag is None else max(0, crashed - 2 * lag)
    safe = data.draw(st.integers(earliest, crashed), "the call whose position survives")
    counting = survived.recovered(safe, promises, lambda versions: data.draw(st.sampled_from(versions)))
    begin = counting.position.offset + 1
    again = run(counting, in_batches(facts[begin:], cuts_after, begin), lag)
    delivered = data.draw(st.integers(safe, crashed), "the last call that the bench heard of")
    return counting, survived.told[: delivered + 1], again.told


def _shown(
    told: list[list[BenchMessage]], promises: Promises, *, prunes: bool = False
) -> tuple[list[Figure], Any]:
    boards = Boards(promises)
    for messages in told:
        for message in messages:
            boards.observe(message)
        if prunes and (heard := boards.feed(TICKETS)):
            boards.prune(TICKETS, heard.watermark_ms)
    return figures_of(boards, promises), contents(boards)


ONE_PROMISE = promised(objective(windows=["day"]), lateness="20m")

#: Anna's call is told twice; hours later, when nobody remembers it, somebody calls under the same name.
SAME_NAME_AGAIN: list[Fact] = [
    record("anna", "09:00:00", answered_at="09:00:40"),
    record("anna", "09:00:00", answered_at="09:00:40"),
    heartbeat("12:00:00"),
    record("anna", "12:00:00", answered_at="12:00:10"),
    ended("anna", "12:05:00"),
    ended("anna", "12:05:00"),
]


def test_a_name_that_comes_again_survives_every_crash() -> None:
    """Each moment of crashing, each position, each mixture of writes: all of them."""
    told = run(Counting(ONE_PROMISE), in_batches(SAME_NAME_AGAIN)).told
    undisturbed, tried = _shown(told, ONE_PROMISE), 0
    for lag in (None, 0, 2):
        journal = run(Counting(ONE_PROMISE), in_batches(SAME_NAME_AGAIN, range(6)), lag)
        for crashed in range(len(journal.writes)):
            survived = journal.until(crashed)
            for safe in range(0 if lag is None else max(0, crashed - 2 * lag), crashed + 1):
                for counting in survived.every_recovery(safe, ONE_PROMISE):
                    begin = counting.position.offset + 1
                    again = run(counting, in_batches(SAME_NAME_AGAIN[begin:], [2], begin), lag)
                    assert counting.position.results == journal.positions[-1].results
                    for delivered in (safe, crashed):
                        shown = _shown(survived.told[: delivered + 1] + again.told, ONE_PROMISE)
                        assert shown == undisturbed
                    tried += 1
    assert tried > 100


@given(stories(), cuts)
def test_a_batch_that_comes_again_is_passed_over(facts: list[Fact], where: list[int]) -> None:
    counting, batches = Counting(WITHIN_REACH), in_batches(facts, where)
    run(counting, batches)
    before = tallies_of(counting), counting.position
    for again in (*batches, Batch(list(enumerate(facts)), len(facts) - 1)):
        changes = counting.observe(again)
        assert not changes.panes
        assert not changes.contacts
    assert (tallies_of(counting), counting.position) == before


def test_what_was_due_before_a_crash_and_is_done_in_the_same_batch_after_it_is_told_as_done() -> None:
    """The bench had heard of the ticket; then everything that was written of it was lost."""
    told = [FACT.validate_python(_of_ticket(kind, minute)) for minute, kind in enumerate(("offered", "resolved"))]
    lost = bench_messages(Counting(CASES).observe(Batch([(0, told[0])], 0)))
    again = bench_messages(Counting(CASES).observe(Batch(list(enumerate(told)), 1)))
    assert any(_due([lost]).values())
    assert not any(_due([lost, again]).values())


def _of_ticket(kind: str, minute: int) -> dict[str, object]:
    about = {"client": "acme", "channel": "ticket", "contact": "T-1", "queue": "billing"}
    return about | {"type": kind, "at": instant("09:00:00") + minute * MINUTE}
