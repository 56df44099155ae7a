"""Customers who come back: what is a repeat to the millisecond, what is in the base, and what is decided when."""

from typing import Any

import pytest

from schemas.resolutions import ContactTouch
from schemas.tallies import Counts
from schemas.words import Said
from sla_stream.board import ZonedWindow
from sla_stream.boards import Boards
from sla_stream.contact import Result
from sla_stream.judging import Judging
from sla_stream.resolutions import Resolutions, TouchBatch
from sla_stream.scopes import Scope, counted_in
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    bench_messages,
    instant,
    objective,
    promise,
    promised,
    read_value,
    resolved,
    totals,
    touch,
    touch_batch,
)

NINE = instant("09:00:00")
FCR = {"kind": "first_contact_resolution", "by": "repeat_contact", "within": "1d"}
REPEATED_ABANDONS = {"kind": "repeat_abandonment", "within": "1h"}


def asked(measure: dict[str, Any], **written: Any) -> Any:
    return objective(measure=measure, target={"at_least": "50%"}, **written)


def counts(measure: dict[str, Any], *touches: ContactTouch, channel: str = "voice") -> Counts:
    return totals(resolved(touches, promised(asked(measure, channel=channel))))


def again(after_ms: int, **written: Any) -> ContactTouch:
    return touch("anna-2", NINE + after_ms, **written)


@pytest.mark.parametrize(("after_ms", "repeated"), [(DAY - 1, 1), (DAY, 1), (DAY + 1, 0)])
def test_a_repeat_comes_within_so_many_times_86400_seconds(after_ms: int, repeated: int) -> None:
    assert counts(FCR, touch(), again(after_ms)).get("repeated", 0) == repeated


@pytest.mark.parametrize(("after_ms", "repeated"), [(-1, 1), (0, 0), (1, 1)])
def test_of_two_contacts_at_one_instant_neither_is_a_repeat(after_ms: int, repeated: int) -> None:
    assert counts(FCR, touch(), again(after_ms)).get("repeated", 0) == repeated


@pytest.mark.parametrize(("after_ms", "repeated"), [(DAY - 1, 1), (DAY, 1), (DAY + 1, 0)])
def test_a_period_may_begin_with_the_end(after_ms: int, repeated: int) -> None:
    late = again(5 * MINUTE + after_ms)
    assert counts(FCR | {"counted_from": "ended"}, touch(), late).get("repeated", 0) == repeated


def test_who_comes_back_while_the_contact_goes_on_has_come_back() -> None:
    assert counts(FCR | {"counted_from": "ended"}, touch(), again(MINUTE))["repeated"] == 1


def test_by_the_end_a_contact_counts_once_it_is_over() -> None:
    written = FCR | {"counted_from": "ended"}
    assert counts(written, touch(outcome=None)) == {}
    ((key, _),) = resolved([touch()], promised(asked(written))).tallies()
    assert key.start_ms == NINE + 5 * MINUTE


@pytest.mark.parametrize("outcome", ["answered", "abandoned", "flowed_out", None])
def test_whatever_becomes_of_it_a_further_contact_is_a_repeat(outcome: Any) -> None:
    assert counts(FCR, touch(), again(HOUR, outcome=outcome))["repeated"] == 1


@pytest.mark.parametrize("outcome", ["abandoned", "flowed_out", None])
def test_the_base_is_those_answered_or_all_that_were_offered(outcome: Any) -> None:
    assert counts(FCR, touch(outcome=outcome)) == {}
    assert counts(FCR | {"base": "offered"}, touch(outcome=outcome)) == {"base": 1}


@pytest.mark.parametrize(
    ("elsewhere", "any_queue", "same_queue"),
    [({}, 1, 1), ({"queue": "support"}, 1, 0), ({"channel": "chat"}, 1, 0)],
)
def test_a_repeat_may_be_anywhere_or_in_the_same_queue(
    elsewhere: dict[str, Any], any_queue: int, same_queue: int
) -> None:
    told = touch(), again(HOUR, **elsewhere)
    assert counts(FCR, *told).get("repeated", 0) == any_queue
    assert counts(FCR | {"repeats_in": "same_queue"}, *told).get("repeated", 0) == same_queue


def test_a_contact_counts_on_its_own_channel_only() -> None:
    told = touch(), again(HOUR, channel="chat")
    assert counts(FCR, *told) == {"base": 1, "repeated": 1}
    assert counts(FCR, *told, channel="chat") == {"base": 1}


def test_what_another_customer_does_is_no_repeat() -> None:
    assert counts(FCR, touch(), again(HOUR, customer="boris")) == {"base": 2}
    globex = again(HOUR, client="globex")
    assert counts(FCR, touch(), globex) == {"base": 1}


FRENCH: Said = ("language", "fr")
URGENT: Said = ("priority", "urgent")
GOLD: Said = ("tag", "gold")


@pytest.mark.parametrize(
    ("only", "first", "second", "seen"),
    [
        ({"languages": ["fr"]}, (FRENCH,), (), {"base": 1, "repeated": 1}),
        ({"languages": ["fr"]}, (), (FRENCH,), {"base": 1}),
        ({"languages": ["fr"]}, (FRENCH,), (FRENCH, URGENT), {"base": 2, "repeated": 1}),
        ({"languages": ["fr", "de"]}, (FRENCH,), (("language", "de"),), {"base": 2, "repeated": 1}),
        ({"languages": ["de"]}, (FRENCH,), (FRENCH,), {}),
        ({"languages": ["fr"], "priorities": ["urgent"]}, (FRENCH,), (FRENCH, URGENT), {"base": 1}),
        ({"tags": ["gold", "new"], "priorities": ["urgent"]}, (URGENT, GOLD), (GOLD,), {"base": 1, "repeated": 1}),
    ],
)
def test_of_some_contacts_only_those_are_the_base_and_any_other_is_a_repeat(
    only: dict[str, Any], first: tuple[Said, ...], second: tuple[Said, ...], seen: Counts
) -> None:
    asking = promised(asked(FCR, only=only))
    assert totals(resolved([touch(said=first), again(HOUR, said=second)], asking)) == seen


@pytest.mark.parametrize(
    ("first", "second", "seen"), [((), (FRENCH,), {"base": 1, "repeated": 1}), ((FRENCH,), (), {"base": 1})]
)
def test_of_some_abandons_any_earlier_one_makes_it_another(
    first: tuple[Said, ...], second: tuple[Said, ...], seen: Counts
) -> None:
    told = touch(outcome="abandoned", said=first), again(MINUTE, outcome="abandoned", said=second)
    assert totals(resolved(told, promised(asked(REPEATED_ABANDONS, only={"languages": ["fr"]})))) == seen


def test_who_is_said_to_be_one_of_those_only_later_counts_then_and_is_taken_back_when_it_is_no_longer_said() -> (
    None
):
    resolutions = resolved([touch(), again(HOUR)], promised(asked(FCR, only={"priorities": ["urgent"]})))
    seen = [totals(resolutions)]
    later: tuple[tuple[Said, ...], ...] = ((URGENT,), ())
    for offset, said in enumerate(later, 1):
        resolutions.observe(TouchBatch([(offset + 1, touch(said=said, offset=offset))], offset + 1))
        seen.append(totals(resolutions))
    assert seen == [{}, {"base": 1, "repeated": 1}, {}]


def test_of_a_contact_with_transfers_what_was_said_where_it_was_answered_counts() -> None:
    """As with its queue."""
    first = touch(outcome="flowed_out", said=(FRENCH,))
    second = touch(offered=NINE + 5 * MINUTE, queue="backup", segment=1, said=(URGENT,))
    for only, seen in (({"languages": ["fr"]}, {}), ({"priorities": ["urgent"]}, {"base": 1})):
        assert totals(resolved([first, second], promised(asked(FCR, only=only)))) == seen


def test_objectives_about_the_same_contacts_count_them_once_and_beside_those_of_everybody() -> None:
    some = [asked(FCR, name=f"some-{n}", only={"tags": names}) for n, names in enumerate((["b", "a"], ["a", "b"]))]
    keys = [measure.key for _, measure in promised(asked(FCR), *some).of_customers("acme")]
    everybody = f"repeat_contact:{DAY}:offered:any_queue:answered"
    assert keys == [everybody, f"{everybody} of tags ['a', 'b']"]


def test_a_transfer_is_no_repeat_but_a_part_of_the_contact() -> None:
    first, second = touch(queue="tier-1"), touch(offered=NINE + 5 * MINUTE, queue="tier-2", segment=1)
    assert counts(FCR, first, second) == {"base": 1}
    by_end = resolved([first, second], promised(asked(FCR | {"counted_from": "ended"})))
    (key,) = [key for key, tally in by_end.tallies() if tally.measures]
    assert (key.queue, key.start_ms) == ("tier-1", NINE + 10 * MINUTE)


def test_who_overflows_and_is_answered_elsewhere_counts_there() -> None:
    told = touch(outcome="flowed_out"), touch(offered=NINE + 5 * MINUTE, queue="backup", segment=1)
    ((key, _),) = resolved(told, promised(asked(FCR))).tallies()
    assert (key.queue, key.start_ms) == ("backup", NINE)


def test_every_contact_but_the_last_is_repeated() -> None:
    told = [touch(f"anna-{n}", NINE + n * HOUR) for n in range(4)]
    assert counts(FCR, *told) == {"base": 4, "repeated": 3}


@pytest.mark.parametrize(("before_ms", "repeated"), [(HOUR + 1, 0), (HOUR, 1), (HOUR - 1, 1), (0, 0)])
def test_who_gives_up_again_gave_up_before_within_the_period(before_ms: int, repeated: int) -> None:
    told = touch(outcome="abandoned"), touch("anna-2", NINE - before_ms, "abandoned")
    assert counts(REPEATED_ABANDONS, *told) == {"base": 2} | ({"repeated": 1} if repeated else {})


def test_who_was_answered_in_between_has_still_given_up_before() -> None:
    told = [
        touch("1", NINE, "abandoned"),
        touch("2", NINE + MINUTE, "answered"),
        touch("3", NINE + 2 * MINUTE, "abandoned"),
    ]
    assert counts(REPEATED_ABANDONS, *told) == {"base": 2, "repeated": 1}
    assert read_value(asked(REPEATED_ABANDONS), {"base": 2, "repeated": 1}) == (1, 2)


def test_who_had_given_up_before_is_known_as_long_as_the_second_contact_may_change() -> None:
    """At eleven, tallies from before 09:20 are closed; that of 09:50 is not, and goes by a call at nine."""
    resolutions = Resolutions(promised(asked(REPEATED_ABANDONS), lateness="20m"))
    told = [
        touch("anna-1", NINE, "abandoned"),
        touch("anna-2", NINE + 50 * MINUTE, "abandoned"),
        touch("boris-1", NINE + 2 * HOUR, "answered", NINE + 2 * HOUR, customer="boris"),
        touch("anna-2", NINE + 50 * MINUTE, "abandoned", queue="support", offset=1),
    ]
    resolutions.observe(touch_batch(told))
    by_queue = {(key.queue, *counts) for key, tally in resolutions.tallies() for counts in tally.measures.values()}
    assert by_queue == {("sales", "base"), ("support", "base", "repeated")}


COUNTS: Counts = {"base": 10, "repeated": 4, "undecided:base": 5, "undecided:repeated": 1}


def test_the_final_value_is_that_of_contacts_whose_whole_period_was_seen() -> None:
    assert read_value(asked(FCR), COUNTS) == (2, 5)


def test_so_far_who_may_still_come_back_has_not() -> None:
    assert read_value(asked(FCR | {"value": "so_far"}), COUNTS) == (6, 10)


def test_resolved_repeated_and_undecided_are_shown() -> None:
    measure = promise(asked(FCR)).measure
    assert measure.by == "customer"
    assert measure.parts(COUNTS) == {"resolved": 2, "repeated": 4, "undecided": 4}


def test_objectives_that_differ_in_what_they_show_share_what_is_counted() -> None:
    keys = {
        promise(asked(FCR | written)).measure.key
        for written in (
            {},
            {"value": "so_far"},
            {"within": "2d"},
            {"counted_from": "ended"},
            {"repeats_in": "same_queue"},
            {"base": "offered"},
        )
    }
    assert len(keys) == 5


@pytest.mark.parametrize("window", ["day", "rolling 30d"])
@pytest.mark.parametrize(
    ("now_ms", "undecided"),
    [(NINE + DAY + 15 * MINUTE - 1, 1), (NINE + DAY + 15 * MINUTE, 0), (NINE + DAY + 15 * MINUTE + 1, 0)],
)
def test_a_quarter_hour_is_decided_when_its_last_period_is_over(window: str, now_ms: int, undecided: int) -> None:
    asking = promised(asked(FCR, windows=[window]))
    (one,) = asking.agreements[0].every_promise()
    boards = Boards(asking)
    told = touch(), touch("boris-1", NINE - 15 * MINUTE, customer="boris")
    for message in bench_messages(Resolutions(asking).observe(touch_batch(told))):
        boards.observe(message)
    scope, span = Scope(None, ("sales",)), one.windows[0].span(NINE if window == "day" else now_ms, one.zone)
    seen = counted_in(one, scope, ZonedWindow(one.windows[0], one.zone), span, now_ms, boards).counts
    assert (seen["base"], seen.get("undecided:base", 0)) == (2, undecided)


@pytest.mark.parametrize(("now_ms", "decided"), [(NINE - HOUR, False), (NINE + 30 * DAY, True)])
def test_a_window_may_be_decided_as_a_whole_or_not_at_all(now_ms: int, decided: bool) -> None:
    asking = promised(asked(FCR, windows=["day"]))
    (one,) = asking.agreements[0].every_promise()
    boards = Boards(asking)
    for message in bench_messages(Resolutions(asking).observe(touch_batch([touch()]))):
        boards.observe(message)
    zoned = ZonedWindow(one.windows[0], one.zone)
    span = one.windows[0].span(NINE, one.zone)
    seen = counted_in(one, Scope(None, ("sales",)), zoned, span, now_ms, boards).counts
    assert seen == ({"base": 1} if decided else {"base": 1, "undecided:base": 1})


@pytest.mark.parametrize(("value", "numerator", "denominator"), [("final", 1, 2), ("so_far", 2, 3)])
def test_a_verdict_shows_what_is_resolved_repeated_and_undecided(
    value: str, numerator: int, denominator: int
) -> None:
    """Anna came back within the day, boris did not; carla called only an hour ago."""
    asking = promised(asked(FCR | {"value": value}, windows=["month"]))
    judging, now_ms = Judging(asking), NINE + 2 * DAY
    told = [
        touch(),
        touch("anna-2", NINE + HOUR, "abandoned"),
        touch("boris-1", customer="boris"),
        touch("carla-1", now_ms - HOUR, ended=now_ms, customer="carla"),
    ]
    judging.observe(bench_messages(Resolutions(asking).observe(touch_batch(told)), heard=now_ms))
    (verdict,) = judging.tick(now_ms).verdicts.values()
    assert (verdict.numerator, verdict.denominator) == (numerator, denominator)
    assert verdict.parts == {"resolved": 1, "repeated": 1, "undecided": 1}


def test_while_a_backlog_is_worked_off_the_clock_is_that_of_the_source_furthest_behind() -> None:
    """One partition is weeks ahead of another: what the other tells is not late for that."""
    asking = promised(asked(FCR))
    first = touch("anna-1", NINE, source="contact.calls/0")
    ahead = touch("boris-1", NINE + 20 * DAY, customer="boris", source="contact.calls/1")
    behind = touch("carla-1", NINE + HOUR, customer="carla", source="contact.calls/0")
    counted = Resolutions(asking)
    counted.observe(touch_batch([first, ahead]))
    counted.observe(TouchBatch([(2, behind)], 2))
    assert counted.position.results == {Result.APPLIED: 3}


@pytest.mark.parametrize(("days", "result"), [(29, Result.APPLIED), (36, Result.TOO_LATE)])
def test_a_source_that_told_nothing_for_a_month_is_not_waited_for(days: int, result: Result) -> None:
    """A day for repeats and four of lateness are open besides."""
    asking = promised(asked(FCR))
    ahead = touch("boris-1", NINE + days * DAY, customer="boris", source="contact.calls/1")
    counted = Resolutions(asking)
    counted.observe(touch_batch([touch("anna-1", NINE, source="contact.calls/0"), ahead]))
    counted.observe(TouchBatch([(2, touch("carla-1", NINE, customer="carla", source="contact.calls/0"))], 2))
    assert counted.position.results[result] >= 1
    assert counted.position.results.total() == 3
    assert (counted.position.results[Result.TOO_LATE] > 0) is (result is Result.TOO_LATE)


def test_the_clock_never_goes_back_though_a_source_is_heard_only_now() -> None:
    asking = promised(asked(FCR))
    counted = Resolutions(asking)
    counted.observe(touch_batch([touch("boris-1", NINE + 20 * DAY, customer="boris", source="contact.calls/1")]))
    late = touch("anna-1", NINE, source="contact.calls/0")
    counted.observe(TouchBatch([(1, late)], 1))
    assert counted.position.results[Result.TOO_LATE] == 1
