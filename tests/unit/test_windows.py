"""Windows on the wall's clock: days of 23 and 25 hours, months, weeks, and zones that are half an hour off."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_stream.windows import Span, Window
from tests.builders import DAY, HOUR, MINUTE, PARIS, instant

KOLKATA, KATHMANDU, HAVANA = ZoneInfo("Asia/Kolkata"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/Havana")


def span(name: str, at: str | int, zone: ZoneInfo = PARIS) -> Span:
    return Window.named(name).span(instant(at, zone), zone)


def between(start: str, end: str, zone: ZoneInfo = PARIS) -> Span:
    return Span(instant(start, zone), instant(end, zone))


@pytest.mark.parametrize("at", ["09:15:00", "09:15:59.999"])
def test_a_rolling_window_ends_with_the_running_minute(at: str) -> None:
    assert span("rolling 15m", at) == between("09:01:00", "09:16:00")


@pytest.mark.parametrize(
    ("at", "start", "end"),
    [
        ("09:14:59.999", "09:00:00", "09:15:00"),
        ("09:15:00", "09:15:00", "09:30:00"),
        ("09:15:00.001", "09:15:00", "09:30:00"),
    ],
)
def test_an_interval_holds_its_start_and_not_its_end(at: str, start: str, end: str) -> None:
    assert span("interval 15m", at) == between(start, end)


@pytest.mark.parametrize(
    ("name", "end"), [("interval 15m", "10:00:00"), ("interval 30m", "10:00:00"), ("interval 1h", "10:00:00")]
)
def test_intervals_begin_on_the_local_hour(name: str, end: str) -> None:
    assert span(name, "09:59:59").end_ms == instant(end)


@pytest.mark.parametrize(("zone", "minutes"), [(KOLKATA, 30), (KATHMANDU, 15), (PARIS, 0)])
def test_hours_begin_by_the_clock_of_the_zone(zone: ZoneInfo, minutes: int) -> None:
    hour = span("interval 1h", "2026-03-02T09:20", zone)
    assert hour == between("2026-03-02T09:00", "2026-03-02T10:00", zone)
    assert hour.start_ms % HOUR == minutes * MINUTE


@pytest.mark.parametrize(
    ("day", "hours", "quarters"),
    [("2026-03-28", 24, 96), ("2026-03-29", 23, 92), ("2026-03-30", 24, 96), ("2026-10-25", 25, 100)],
)
def test_a_day_has_the_hours_that_the_clock_gives_it(day: str, hours: int, quarters: int) -> None:
    one = span("day", f"{day}T12:00")
    assert one.end_ms - one.start_ms == hours * HOUR
    found = {span("interval 15m", at_ms) for at_ms in range(one.start_ms, one.end_ms, MINUTE)}
    assert len(found) == quarters


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    first = instant("2026-10-25T02:30")
    assert span("interval 1h", first).end_ms == span("interval 1h", first + HOUR).start_ms


def test_a_day_that_has_no_midnight_begins_with_its_first_instant() -> None:
    """In Havana the clock went from 23:59:59 to 01:00 on 8 March 2026."""
    day = span("day", "2026-03-08T12:00", HAVANA)
    assert datetime.fromtimestamp(day.start_ms / 1000, HAVANA).isoformat() == "2026-03-08T01:00:00-04:00"
    assert day.end_ms - day.start_ms == 23 * HOUR


def test_a_day_that_has_two_midnights_begins_with_the_first() -> None:
    day = span("day", "2026-11-01T12:00", HAVANA)
    assert day.end_ms - day.start_ms == 25 * HOUR
    assert day.start_ms == span("day", "2026-10-31T12:00", HAVANA).end_ms


@pytest.mark.parametrize(
    ("at", "start", "end"),
    [
        ("2026-02-28T23:59:59.999", "2026-02-01", "2026-03-01"),
        ("2026-03-01T00:00", "2026-03-01", "2026-04-01"),
        ("2028-02-29T12:00", "2028-02-01", "2028-03-01"),
        ("2026-12-31T23:59:59", "2026-12-01", "2027-01-01"),
        ("2026-01-31T08:00", "2026-01-01", "2026-02-01"),
    ],
)
def test_months_end_with_their_last_day(at: str, start: str, end: str) -> None:
    assert span("month", at) == between(f"{start}T00:00", f"{end}T00:00")


@pytest.mark.parametrize(
    ("at", "monday"),
    [
        ("2026-03-01T23:59:59.999", "2026-02-23"),
        ("2026-03-02T00:00", "2026-03-02"),
        ("2026-03-08T23:59", "2026-03-02"),
        ("2027-01-01T12:00", "2026-12-28"),
    ],
)
def test_weeks_begin_on_monday(at: str, monday: str) -> None:
    assert span("week", at).start_ms == instant(f"{monday}T00:00")


def test_the_week_in_which_the_clocks_change_is_an_hour_longer() -> None:
    week = span("week", "2026-10-22T12:00")
    assert week.end_ms - week.start_ms == 7 * DAY + HOUR


@pytest.mark.parametrize(
    ("name", "at", "start", "end"),
    [
        ("quarter", "2026-03-31T23:59:59.999", "2026-01-01", "2026-04-01"),
        ("quarter", "2026-04-01T00:00", "2026-04-01", "2026-07-01"),
        ("quarter", "2026-12-31T23:59", "2026-10-01", "2027-01-01"),
        ("year", "2026-12-31T23:59:59.999", "2026-01-01", "2027-01-01"),
        ("year", "2027-01-01T00:00", "2027-01-01", "2028-01-01"),
        ("fiscal month", "2026-03-21T23:59:59.999", "2026-02-22", "2026-03-22"),
        ("fiscal month", "2026-03-22T00:00", "2026-03-22", "2026-04-22"),
        ("fiscal month", "2026-01-05T12:00", "2025-12-22", "2026-01-22"),
        ("fiscal month", "2026-12-25T12:00", "2026-12-22", "2027-01-22"),
        ("fiscal month", "2028-02-29T12:00", "2028-02-22", "2028-03-22"),
    ],
)
def test_longer_periods_go_by_the_calendar_or_begin_on_the_contracts_day(
    name: str, at: str, start: str, end: str
) -> None:
    window = Window.named(name, fiscal_month_begins=22)
    assert window.span(instant(at), PARIS) == between(f"{start}T00:00", f"{end}T00:00")


@pytest.mark.parametrize(("begins", "hours"), [(22, 743), (28, 743), (1, 743)])
def test_the_month_in_which_an_hour_is_skipped_is_an_hour_shorter(begins: int, hours: int) -> None:
    window = Window.named("fiscal month", fiscal_month_begins=begins)
    one = window.span(instant("2026-03-29T12:00"), PARIS)
    assert (one.end_ms - one.start_ms) // HOUR == hours


def test_a_fiscal_month_that_begins_on_the_first_is_the_month() -> None:
    at_ms = instant("2026-03-29T12:00")
    assert Window.named("fiscal month", 1).span(at_ms, PARIS) == span("month", at_ms)


names = st.sampled_from(
    (
        *("rolling 5m", "interval 15m", "interval 30m", "interval 1h"),
        *("day", "week", "month", "quarter", "year", "fiscal month"),
    )
)
zones = st.sampled_from((PARIS, KOLKATA, KATHMANDU, HAVANA, ZoneInfo("UTC")))
moments = st.datetimes(datetime(1995, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(names, zones, moments)
def test_every_instant_is_within_its_span(name: str, zone: ZoneInfo, moment: datetime) -> None:
    at_ms = int(moment.timestamp() * 1000)
    start_ms, end_ms = Window.named(name, 22).span(at_ms, zone)
    assert start_ms <= at_ms < end_ms


@given(names.filter(lambda name: "rolling" not in name), zones, moments)
def test_calendar_windows_follow_each_other_without_gap(name: str, zone: ZoneInfo, moment: datetime) -> None:
    window = Window.named(name, 22)
    one = window.span(int(moment.timestamp() * 1000), zone)
    assert window.span(one.start_ms, zone) == one
    assert window.span(one.end_ms - 1, zone) == one
    assert window.span(one.end_ms, zone).start_ms == one.end_ms
