"""What all partitions together have told."""

import pytest

from schemas.tallies import Counts, DueMessage, FeedMessage, TallyMessage, WaitingMessage
from sla_stream.board import ZonedWindow
from sla_stream.boards import BoardKey, Boards, Heard
from sla_stream.changes import FeedKey, QueueKey
from sla_stream.panes import quarter_of
from sla_stream.promises import Promises
from sla_stream.windows import Span, Window
from tests.builders import DAY, MINUTE, PARIS, instant, objective, promised

VOICE, SALES = FeedKey("acme", "voice"), QueueKey("acme", "voice", "sales")
WINDOWS = ["rolling 15m", "interval 15m", "day", "month"]
PROMISES = promised(objective(windows=WINDOWS, judge="both"))
(MEASURE,) = PROMISES.counted("acme", "voice").measures
BOARD = BoardKey("acme", "voice", "sales", MEASURE.key)


def tally(
    counts: Counts,
    offset: int = 1,
    source: str = "contact.calls/0",
    start: str | int = "09:00:00",
    client: str = "acme",
    measure: str = MEASURE.key,
    queue: str = "sales",
) -> TallyMessage:
    return TallyMessage(
        client=client,
        channel="voice",
        queue=queue,
        start=instant(start),
        source=source,
        offset=offset,
        minutes=[{measure: counts} if counts else {}],
    )


def waiting(offered_at: list[str], offset: int = 1, source: str = "contact.calls/0") -> WaitingMessage:
    return WaitingMessage(
        client="acme",
        channel="voice",
        queue="sales",
        source=source,
        offset=offset,
        offered_at=[instant(at) for at in offered_at],
    )


def feed(
    watermark: str | int,
    heard: str | int,
    source: str = "contact.calls/0",
    final: str | int = 0,
    durable: int = 1,
) -> FeedMessage:
    return FeedMessage(
        client="acme",
        channel="voice",
        source=source,
        offset=1,
        watermark=instant(watermark),
        heard=instant(heard),
        final=instant(final),
        durable=durable,
    )


def boards(*messages: TallyMessage | WaitingMessage | FeedMessage) -> Boards:
    told = Boards(PROMISES)
    for message in messages:
        told.observe(message)
    return told


def shown(told: Boards, window: str, at: str | int = "09:14:00") -> Counts:
    zoned = ZonedWindow(Window.named(window), PARIS)
    return told.boards[BOARD].read(zoned, zoned.window.span(instant(at), PARIS))


@pytest.mark.parametrize("window", WINDOWS)
def test_two_partitions_add_up(window: str) -> None:
    told = boards(
        tally({"answered_in_time": 2}),
        tally({"answered_in_time": 3}, source="contact.calls/1"),
        tally({"answered_late": 1}, source="contact.calls/1", start="09:07:00"),
    )
    assert shown(told, window) == {"answered_in_time": 5, "answered_late": 1}


@pytest.mark.parametrize(("offset", "n"), [(4, 2), (5, 9), (6, 9)])
@pytest.mark.parametrize("window", WINDOWS)
def test_the_higher_offset_of_a_partition_replaces(offset: int, n: int, window: str) -> None:
    told = boards(tally({"answered_in_time": 2}, 5), tally({"answered_in_time": 9}, offset))
    assert shown(told, window) == {"answered_in_time": n}


@pytest.mark.parametrize("window", WINDOWS)
def test_what_a_partition_takes_back_is_gone(window: str) -> None:
    told = boards(tally({"answered_late": 1}, 1), tally({}, 2))
    assert shown(told, window) == {}


@pytest.mark.parametrize("window", WINDOWS)
def test_a_message_that_comes_twice_counts_once(window: str) -> None:
    assert shown(boards(*[tally({"answered_late": 1})] * 2), window) == {"answered_late": 1}


@pytest.mark.parametrize(("at", "n"), [("09:00:00", 1), ("09:14:59", 1), ("09:15:00", 0), ("08:59:59", 0)])
def test_the_rolling_quarter_hour_holds_its_last_fifteen_minutes(at: str, n: int) -> None:
    told = boards(tally({"answered_late": 1}))
    assert shown(told, "rolling 15m", at).get("answered_late", 0) == n


def test_what_no_contract_asks_for_is_passed_over() -> None:
    told = boards(tally({"x": 1}, client="nobody"), tally({"x": 1}, measure="wait:arrival"))
    assert told.boards == {}


@pytest.mark.parametrize(("offset", "at"), [(4, "09:00:00"), (5, "09:00:07"), (6, "09:00:07")])
def test_who_waits_is_replaced_by_the_higher_offset(offset: int, at: str) -> None:
    told = boards(waiting(["09:00:00"], 5), waiting(["09:00:07"], offset))
    assert list(told.waiting(SALES)) == [instant(at)]


def test_who_waits_anywhere_waits() -> None:
    told = boards(waiting(["09:00:00"]), waiting(["09:00:03"], source="contact.calls/1"))
    assert sorted(told.waiting(SALES)) == [instant("09:00:00"), instant("09:00:03")]


@pytest.mark.parametrize(("late_ms", "waits"), [(-1, 1), (0, 1), (1, 0)])
def test_whose_outcome_would_come_too_late_waits_no_more(late_ms: int, waits: int) -> None:
    told = boards(waiting(["09:00:00"]), feed(instant("09:00:00") + 2 * DAY + late_ms, "09:00:00"))
    assert len(list(told.waiting(SALES))) == waits


def test_a_feed_is_as_far_as_its_furthest_partition() -> None:
    told = boards(feed("09:00:00", "12:00:05"), feed("09:10:00", "12:00:01", "contact.calls/1"))
    assert told.feed(VOICE) == Heard(instant("09:10:00"), instant("12:00:05"))


def test_an_old_word_of_a_feed_does_not_turn_it_back() -> None:
    told = boards(feed("09:10:00", "12:00:05"), feed("09:00:00", "12:00:01"))
    assert told.feed(VOICE) == Heard(instant("09:10:00"), instant("12:00:05"))


def test_a_feed_that_nobody_heard_is_none() -> None:
    assert boards().feed(VOICE) is None


def test_queues_are_those_where_anybody_was_counted_or_waits() -> None:
    told = boards(tally({"answered_late": 1}))
    assert told.queues("acme", "voice") == ("sales",)
    assert boards(waiting(["09:00:00"])).queues("acme", "voice") == ("sales",)
    assert boards().queues("acme", "voice") == ()


def test_other_windows_are_added_up_from_the_minutes_that_are_kept() -> None:
    told = boards(tally({"answered_late": 1}))
    told.adopt(promised(objective(windows=["week"], judge="both")))
    assert shown(told, "week") == {"answered_late": 1}
    told.observe(tally({"answered_late": 2}, offset=2))
    assert shown(told, "week") == {"answered_late": 2}


def test_what_is_out_of_reach_is_dropped_and_the_month_stays() -> None:
    """Older than the month is what tells of the same weekdays in earlier weeks."""
    old, new = instant("2026-01-30T11:45"), instant("09:00:00")
    told = boards(
        tally({"answered_late": 1}, start=old),
        tally({"answered_late": 8}, start=old + 15 * MINUTE),
        tally({"answered_late": 2}, start=instant("2026-02-20T12:00")),
        tally({"answered_late": 4}, start=new),
    )
    told.prune(VOICE, instant("2026-02-28T12:00"))
    kept = dict(told.boards[BOARD].quarters())
    assert quarter_of(old) not in kept
    assert kept[quarter_of(old + 15 * MINUTE)] == {"answered_late": 8}
    assert shown(told, "month", "2026-02-28T12:00") == {"answered_late": 2}


def test_a_part_of_a_window_holds_the_quarter_hours_that_begin_in_it_also_what_comes_later() -> None:
    told = boards(*(tally({"answered_late": n}, start=at) for n, at in enumerate(("08:59:00", "09:00:00"), 1)))
    part = Span(instant("09:00:00"), instant("09:31:00"))
    assert told.boards[BOARD].read_part(part) == {"answered_late": 2}
    for n, at in ((4, "09:30:00"), (8, "09:45:00")):
        told.observe(tally({"answered_late": n}, start=at))
    assert told.boards[BOARD].read_part(part) == {"answered_late": 6}
    told.prune(VOICE, instant("10:00:00"))
    assert told.boards[BOARD].read_part(part) == {"answered_late": 6}


@pytest.mark.parametrize(("final", "n"), [("09:08:01", 6), ("09:14:59.999", 6), ("09:15:00", 11)])
def test_what_may_still_change_is_replaced_after_pruning_not_added_again(final: str, n: int) -> None:
    """Only what the source has called final is no longer known apart from the sums."""
    told = boards(tally({"answered_late": 5}, 1, start="09:08:00"), feed("23:00:00", "23:00:00", final=final))
    told.prune(VOICE, instant("23:00:00"))
    told.observe(tally({"answered_late": 6}, 2, start="09:08:00"))
    assert shown(told, "day") == {"answered_late": n}


@pytest.mark.parametrize(("durable", "n"), [(2, 6), (3, 11), (4, 11)])
def test_what_may_come_again_is_replaced_though_it_is_long_ago(durable: int, n: int) -> None:
    final = feed("23:00:00", "23:00:00", final="23:00:00", durable=durable)
    told = boards(tally({"answered_late": 5}, 3, start="09:08:00"), final)
    told.prune(VOICE, instant("23:00:00"))
    told.observe(tally({"answered_late": 6}, 4, start="09:08:00"))
    assert shown(told, "day") == {"answered_late": n}


@pytest.mark.parametrize(("queue", "due", "n"), [("sales", 1, 6), ("sales", 0, 11), ("support", 1, 11)])
def test_what_is_still_to_be_done_may_change_what_counts_long_ago(queue: str, due: int, n: int) -> None:
    final = feed("23:00:00", "23:00:00", final="23:00:00")
    told = boards(tally({"answered_late": 5}, 1, start="09:08:00"), final)
    told.observe(
        DueMessage(
            client="acme",
            channel="voice",
            queue=queue,
            measure="callback",
            start=instant("09:00:00"),
            source="contact.calls/0",
            offset=1,
            due=[(instant("09:08:00"), instant("11:08:00"))] * due,
        )
    )
    told.prune(VOICE, instant("23:00:00"))
    told.observe(tally({"answered_late": 6}, 2, start="09:08:00"))
    assert shown(told, "day") == {"answered_late": n}


def test_what_another_contract_asks_for_is_shown_from_what_was_told_before() -> None:
    told = boards(tally({"answered_late": 1}, measure="wait:arrival"))
    told.adopt(promised(objective(measure={"kind": "wait"}, target={"at_most": "9s"}, windows=["day"])))
    assert told.boards[BoardKey("acme", "voice", "sales", "wait:arrival")].totals == {"answered_late": 1}


def test_what_is_promised_again_counts_once_and_with_what_came_meanwhile() -> None:
    told = boards(tally({"answered_late": 1}))
    told.adopt(promised(objective(measure={"kind": "wait"}, target={"at_most": "9s"}, windows=["day"])))
    told.observe(tally({"answered_late": 3}, offset=2))
    told.adopt(PROMISES)
    assert [shown(told, window) for window in WINDOWS] == [{"answered_late": 3}] * len(WINDOWS)
    assert told.boards[BOARD].totals == {"answered_late": 3}


TWO_QUEUES = (
    tally({"answered_in_time": 2}),
    tally({"answered_in_time": 3}, source="contact.calls/1", queue="support"),
    tally({"answered_late": 1}, start="09:07:00", queue="support"),
)


def together(told: Boards, window: str, promises: Promises = PROMISES) -> Counts:
    (one,) = promises.agreements[0].versions[0].promises
    board, zoned = told.board(one, "voice", None), ZonedWindow(Window.named(window), PARIS)
    assert board is not None
    return board.read(zoned, zoned.window.span(instant("09:14:00"), PARIS))


@pytest.mark.parametrize("window", WINDOWS)
def test_queues_together_hold_what_each_of_them_holds(window: str) -> None:
    told = boards(*TWO_QUEUES)
    assert together(told, window) == {"answered_in_time": 5, "answered_late": 1}
    told.observe(tally({"answered_in_time": 1}, offset=2))
    assert together(told, window) == {"answered_in_time": 4, "answered_late": 1}


@pytest.mark.parametrize("window", WINDOWS)
def test_only_the_named_queues_are_together(window: str) -> None:
    promises = promised(objective(windows=WINDOWS, queues=["support", "service"]))
    told = Boards(promises)
    for message in TWO_QUEUES:
        told.observe(message)
    assert together(told, window, promises) == {"answered_in_time": 3, "answered_late": 1}


@pytest.mark.parametrize("window", WINDOWS)
def test_queues_that_are_judged_together_only_now_hold_what_was_told_before(window: str) -> None:
    told = Boards(promised(objective(windows=["week"], judge="each_queue")))
    for message in TWO_QUEUES:
        told.observe(message)
    told.adopt(PROMISES)
    assert together(told, window) == {"answered_in_time": 5, "answered_late": 1}
    assert shown(told, window) == {"answered_in_time": 2}
    told.observe(tally({"answered_in_time": 1}, offset=2))
    assert together(told, window) == {"answered_in_time": 4, "answered_late": 1}


@pytest.mark.parametrize("window", WINDOWS)
def test_the_same_contract_again_changes_nothing(window: str) -> None:
    told = boards(*TWO_QUEUES)
    told.prune(VOICE, instant("09:14:00"))
    told.adopt(PROMISES)
    assert together(told, window) == {"answered_in_time": 5, "answered_late": 1}
    assert shown(told, window) == {"answered_in_time": 2}


def test_what_is_pruned_of_a_rolling_window_is_what_it_has_left_behind() -> None:
    told = boards(*TWO_QUEUES)
    assert shown(told, "rolling 15m", "09:14:00") == {"answered_in_time": 2}
    told.prune(VOICE, instant("09:15:00"))
    told.observe(tally({"answered_late": 1}, start="09:01:00"))
    assert shown(told, "rolling 15m", "09:15:00") == {"answered_late": 1}
    assert shown(told, "rolling 15m", "09:16:00") == {}


def test_a_quarter_hour_at_rest_can_still_be_corrected() -> None:
    told = boards(*TWO_QUEUES)
    told.prune(VOICE, instant("16:00:00"))
    told.observe(tally({"answered_in_time": 1}, offset=2))
    assert dict(told.boards[BOARD].quarters()) == {instant("09:00:00"): {"answered_in_time": 1}}


def test_a_queue_moves_when_anything_is_told_of_it_and_only_once() -> None:
    told = boards(tally({"answered_late": 1}), waiting(["09:00:00"]), feed("09:00:00", "09:00:00"))
    assert told.take_moved() == {VOICE: {"sales"}}
    assert told.take_moved() == {}
