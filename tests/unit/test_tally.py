"""Counts that add up, by the minute."""

import pytest

from schemas.tallies import Counts
from sla_stream.panes import minute_of, quarter_of
from sla_stream.tally import Tally, add
from tests.builders import instant

SERVICE_LEVEL = "service_level"
ONE, LATE = (("answered_in_time", 1),), (("abandoned_late", 1),)


def test_a_contact_counts_in_its_measure() -> None:
    tally = Tally()
    tally.add(SERVICE_LEVEL, ONE, 1)
    tally.add("abandonment", LATE, 1)
    assert tally.measures == {"service_level": {"answered_in_time": 1}, "abandonment": {"abandoned_late": 1}}


def test_who_is_taken_back_leaves_no_trace() -> None:
    tally = Tally()
    tally.add(SERVICE_LEVEL, ONE, 1)
    tally.add(SERVICE_LEVEL, ONE, -1)
    assert tally.measures == {}


def test_the_others_of_the_minute_stay() -> None:
    tally = Tally()
    tally.add(SERVICE_LEVEL, ONE, 1)
    tally.add(SERVICE_LEVEL, LATE, 1)
    tally.add(SERVICE_LEVEL, ONE, -1)
    assert tally.measures == {"service_level": {"abandoned_late": 1}}


def test_a_tally_comes_out_as_it_was_packed() -> None:
    measures = {"service_level": {"answered_in_time": 300}, "speed_of_answer": {"sum_ms": 9_000_000_000}}
    tally = Tally(1 << 40, measures)
    assert Tally.unpacked(tally.packed()) == tally
    assert tally.measures == measures


def test_sums_of_milliseconds_add_up_like_counts() -> None:
    counts: Counts = {"sum_ms": 20_000}
    add(counts, (("sum_ms", 5_000), ("bucket:5000", 1)))
    add(counts, (("sum_ms", 20_000),), -1)
    assert counts == {"sum_ms": 5_000, "bucket:5000": 1}


def test_two_tallies_share_nothing() -> None:
    first, second = Tally(), Tally()
    first.add(SERVICE_LEVEL, ONE, 1)
    assert second.measures == {}


@pytest.mark.parametrize(("at", "quarter"), [("09:14:59.999", "09:00:00"), ("09:15:00", "09:15:00")])
def test_a_quarter_hour_begins_with_its_first_millisecond(at: str, quarter: str) -> None:
    assert quarter_of(instant(at)) == instant(quarter)


@pytest.mark.parametrize(("at", "minute"), [("09:00:59.999", "09:00:00"), ("09:01:00", "09:01:00")])
def test_a_minute_begins_with_its_first_millisecond(at: str, minute: str) -> None:
    assert minute_of(instant(at)) == instant(minute)
