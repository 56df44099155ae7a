"""Counts that add up, by the minute."""

import pytest

from schemas.tallies import Counts
from sla_stream.panes import minute_of, quarter_of
from sla_stream.tally import Pane, Tally, TallyKey, add, panes_of
from tests.builders import MINUTE, instant

ONE, LATE = (("answered_in_time", 1),), (("abandoned_late", 1),)


def test_a_contact_counts_in_its_measure() -> None:
    tally = Tally()
    tally.add("service_level", ONE, 1)
    tally.add("abandonment", LATE, 1)
    assert tally.measures == {"service_level": {"answered_in_time": 1}, "abandonment": {"abandoned_late": 1}}


def test_who_is_taken_back_leaves_no_trace() -> None:
    tally = Tally()
    tally.add("service_level", ONE, 1)
    tally.add("service_level", ONE, -1)
    assert tally.measures == {}


def test_the_others_of_the_minute_stay() -> None:
    tally = Tally()
    tally.add("service_level", ONE, 1)
    tally.add("service_level", LATE, 1)
    tally.add("service_level", ONE, -1)
    assert tally.measures == {"service_level": {"abandoned_late": 1}}


def test_sums_of_milliseconds_add_up_like_counts() -> None:
    counts: Counts = {"sum_ms": 20_000}
    add(counts, (("sum_ms", 5_000), ("bucket:5000", 1)))
    add(counts, (("sum_ms", 20_000),), -1)
    assert counts == {"sum_ms": 5_000, "bucket:5000": 1}


def test_two_tallies_share_nothing() -> None:
    first, second = Tally(), Tally()
    first.add("service_level", ONE, 1)
    assert second.measures == {}


@pytest.mark.parametrize(("at", "quarter"), [("09:14:59.999", "09:00:00"), ("09:15:00", "09:15:00")])
def test_a_quarter_hour_begins_with_its_first_millisecond(at: str, quarter: str) -> None:
    assert quarter_of(instant(at)) == instant(quarter)


@pytest.mark.parametrize(("at", "minute"), [("09:00:59.999", "09:00:00"), ("09:01:00", "09:01:00")])
def test_a_minute_begins_with_its_first_millisecond(at: str, minute: str) -> None:
    assert minute_of(instant(at)) == instant(minute)


def key(minute: int) -> TallyKey:
    """Of a minute of the quarter-hour that begins at nine."""
    return TallyKey("acme", "voice", "sales", instant("09:00:00") + minute * MINUTE)


def tallies(offset: int, *minutes: int) -> dict[TallyKey, Tally]:
    return {key(minute): Tally(offset, {"m": {"answered": minute + 1}}) for minute in minutes}


@pytest.mark.parametrize("changed", [(3,), (3, 7)])
def test_few_minutes_are_told_one_by_one(changed: tuple[int, ...]) -> None:
    kept = tallies(9, *range(15))
    panes = list(panes_of([key(minute) for minute in changed], kept, 9))
    assert panes == [Pane(key(minute), 9, [{"m": {"answered": minute + 1}}]) for minute in changed]


def test_where_many_minutes_changed_their_quarter_hour_is_told_whole() -> None:
    (pane,) = panes_of([key(3), key(7), key(14)], tallies(9, 1, 3, 7, 14), 9)
    assert (pane.key, pane.offset, len(pane.minutes)) == (key(0), 9, 15)
    assert {n for n, minute in enumerate(pane.minutes) if minute} == {1, 3, 7, 14}


def test_minutes_of_two_quarter_hours_are_not_many_of_one() -> None:
    keys = [key(13), key(14), key(15), key(16)]
    assert [pane.key for pane in panes_of(keys, tallies(9, 13, 14, 15, 16), 9)] == keys


@pytest.mark.parametrize(("ahead", "offsets"), [(8, [9]), (9, [9]), (10, [9, 9, 9])])
def test_a_minute_that_is_ahead_in_a_replay_lends_its_offset_to_no_other(ahead: int, offsets: list[int]) -> None:
    kept = tallies(9, 1, 2, 3) | tallies(ahead, 14)
    assert [pane.offset for pane in panes_of([key(1), key(2), key(3)], kept, 9)] == offsets
