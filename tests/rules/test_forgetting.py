"""What no fact can change any more is forgotten: no figure changes, and the memory stays flat."""

from collections.abc import Iterator, Sequence
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import state
from schemas.facts import Fact
from sla_stream.boards import Boards
from sla_stream.counting import Counting
from sla_stream.figures import Figure
from sla_stream.judging import Judging
from sla_stream.promises import Promises
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    answered,
    batch,
    bench_messages,
    figures_of,
    heartbeat,
    in_batches,
    instant,
    objective,
    offered,
    promised,
    record,
)
from tests.rules.canon import contents
from tests.rules.sizes import Sizes, sizes_of
from tests.rules.stories import late_stories, promises_of_everything, promises_of_tickets, ticket_stories

SHORT_MEMORY = promises_of_everything(lateness="20m")

OPEN_FOR_DAYS = promises_of_tickets(open_for="30d")

calls_to_forget = st.tuples(st.integers(0, 100), st.integers(-1, 100))


@given(late_stories(), st.lists(calls_to_forget, max_size=12))
def test_forgetting_changes_no_figure_whenever_and_however_often(
    facts: list[Fact], calls: list[tuple[int, int]]
) -> None:
    """`calls` says after which message we forget, and up to which offset the position is durable."""
    _check_that_forgetting_changes_nothing(facts, calls, SHORT_MEMORY)


@given(ticket_stories(), st.lists(calls_to_forget, max_size=12))
def test_forgetting_changes_no_figure_of_tickets_that_are_open_for_long(
    facts: list[Fact], calls: list[tuple[int, int]]
) -> None:
    _check_that_forgetting_changes_nothing(facts, calls, OPEN_FOR_DAYS)


def _check_that_forgetting_changes_nothing(
    facts: list[Fact], calls: list[tuple[int, int]], promises: Promises
) -> None:
    boards, counting = Boards(promises), Counting(promises)
    for number, one in enumerate(in_batches(facts, range(len(facts)))):
        changes = [counting.observe(one)]
        changes += [counting.forget(offset) for after, offset in calls if after % len(facts) == number]
        for change in changes:
            for message in bench_messages(change):
                boards.observe(message)
    shown, all_on_boards = _without_forgetting(facts, promises)
    assert figures_of(boards, promises) == shown
    assert contents(boards) == all_on_boards


def _without_forgetting(facts: list[Fact], promises: Promises) -> tuple[list[Figure], object]:
    boards, counting = Boards(promises), Counting(promises)
    for one in in_batches(facts, range(len(facts))):
        for message in bench_messages(counting.observe(one)):
            boards.observe(message)
    return figures_of(boards, promises), contents(boards)


def test_memory_is_flat_over_ten_days_of_calls() -> None:
    """One call a minute and a caller an hour whose fate is never told; a contact counts for an hour."""
    counting, sizes = Counting(promised(objective(), lateness="1h")), []
    for hour in range(240):
        begin = instant("00:00:00") + hour * HOUR
        calls: list[Fact] = [
            record(f"{hour}-{minute}", begin + minute * MINUTE, answered_at=begin + minute * MINUTE + 5_000)
            for minute in range(60)
        ]
        changes = counting.observe(batch([*calls, offered(f"{hour}", begin)], counting.position.offset + 1))
        counting.forget(changes.position.offset)
        sizes.append(len(dict(counting.contacts())) + len(dict(counting.tallies())))
    assert max(sizes[5:]) == min(sizes[5:])
    # Two hours of contacts and of minutes, and what is left of a quarter-hour.
    assert max(sizes) < 4 * 61 + 15


def test_what_is_kept_is_flat_once_thirty_days_of_calls_have_passed() -> None:
    """At the bench too, which keeps four weeks of quarter-hours to tell what is still to come of a day."""
    promises = promised(objective(windows=["rolling 1h", "interval 1h", "day"]), lateness="1h", time_zone="UTC")
    counting, judging = Counting(promises), Judging(promises)
    most = []
    for day in range(32):
        begin = instant("01:00:00") + day * DAY  # midnight in UTC
        most.append(Sizes(*map(max, zip(*_kept_by_hour(begin, counting, judging), strict=True))))
    assert most[29:] == most[29:30] * 3
    assert {sizes._replace(board_quarters=0) for sizes in most[1:]} == {most[-1]._replace(board_quarters=0)}
    assert most[-1] == Sizes(
        contacts=2 * 60,
        tallies=2 * 60 + 15,
        told_minutes=3 * 60 + 15,
        board_quarters=2 * (29 * 24 * 4 + 1),  # of the queue, and of all queues together
        board_minutes=60,
        window_sums=2,
        verdicts_and_episodes=3,
    )


def _kept_by_hour(begin: int, counting: Counting, judging: Judging) -> Iterator[Sizes]:
    """A call in each minute of a day; every hour we forget and judge."""
    for hour in range(begin, begin + DAY, HOUR):
        calls: list[Fact] = [
            record(str(at), at, answered_at=at + 5_000) for at in range(hour, hour + HOUR, MINUTE)
        ]
        changes = counting.observe(batch(calls, counting.position.offset + 1))
        for change in (changes, counting.forget(changes.position.offset)):
            judging.observe(bench_messages(change))
        judging.tick(hour + HOUR)
        yield sizes_of(counting, judging)


def test_nothing_is_forgotten_that_a_replay_could_still_ask_for() -> None:
    """Three days have passed in the feed, but the position that says so is not durable yet."""
    counting = Counting(promised(objective(), lateness="1h"))
    counting.observe(batch([offered(), answered()]))
    counting.observe(batch([heartbeat(instant("09:00:00") + 3 * DAY)], 2))
    assert counting.forget(durable_offset=1).forgotten == []
    assert len(dict(counting.contacts())) == 1
    assert len(counting.forget(durable_offset=2).forgotten) == 1
    assert dict(counting.contacts()) == {}


def test_whoever_waits_longer_than_a_fact_may_be_late_waits_no_more() -> None:
    """The outcome was lost on its way; nobody can wait for it for ever."""
    promises = promised(objective(windows=["day"]), lateness="1h")
    boards, counting = Boards(promises), Counting(promises)
    for one in in_batches([offered(), heartbeat("10:00:00"), heartbeat("10:00:00.001")], range(3)):
        for message in bench_messages(counting.observe(one)):
            boards.observe(message)
        missed = [figure.denominator for figure in figures_of(boards, promises)]
        assert missed == ([1] if counting.position.offset == 1 else [])


@pytest.mark.parametrize("minutes", [(0,), (3, 4), (3, 4, 5), range(15)])
def test_what_is_forgotten_leaves_nothing_in_the_changelogs(minutes: Sequence[int]) -> None:
    """However its minutes were written: one by one, or as a quarter-hour."""
    counting = Counting(promised(objective(), lateness="1h"))
    calls: list[Fact] = [
        record(f"caller-{n}", instant("09:00:00") + n * MINUTE, answered_at=instant("09:00:05") + n * MINUTE)
        for n in minutes
    ]
    written: dict[bytes, bytes | None] = {}
    for changes in (
        counting.observe(batch(calls)),
        counting.observe(batch([heartbeat("15:00:00")], len(calls))),
        counting.forget(len(calls)),
    ):
        written |= dict(chain(state.contact_records(changes), state.tally_records(changes)))
    assert written
    assert {key for key, value in written.items() if value is not None} == set()
