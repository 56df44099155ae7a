"""Business time: opening hours added up, held against a walk from minute to minute that only asks "open now?"."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.words import LATEST_MS
from sla_stream.business_time import ALWAYS, BusinessTime
from sla_stream.hours import Hours, parse
from tests.builders import DAY, HOUR, MINUTE, instant

OFFICE = BusinessTime(parse("Mo-Fr 08:00-18:00; PH off", "Europe/Paris", "FR"))
SHIFTS = BusinessTime(parse("Mo-Fr 08:00-12:00,14:00-18:00", "Europe/Paris", None))
NIGHTS = BusinessTime(parse("Mo-Su 22:00-06:00", "Europe/Paris", None))
ROUND_THE_CLOCK = BusinessTime(parse("24/7", "Europe/Paris", None))
NEVER = BusinessTime(parse("off", "Europe/Paris", None))


@pytest.mark.parametrize(
    ("start", "end", "elapsed_ms"),
    [
        ("07:00:00", "07:59:59.999", 0),
        ("07:00:00", "08:00:00", 0),
        ("07:00:00", "08:00:00.001", 1),
        ("08:00:00", "08:00:00", 0),
        ("09:00:00.250", "09:00:00.750", 500),
        ("08:00:00", "17:59:59.999", 10 * HOUR - 1),
        ("08:00:00", "18:00:00", 10 * HOUR),
        ("08:00:00", "18:00:00.001", 10 * HOUR),
        ("17:59:59.999", "20:00:00", 1),
        ("18:00:00", "20:00:00", 0),
        ("19:00:00", "23:00:00", 0),
    ],
)
def test_time_passes_from_opening_to_closing(start: str, end: str, elapsed_ms: int) -> None:
    assert OFFICE.elapsed_ms(instant(start), instant(end)) == elapsed_ms


@pytest.mark.parametrize(
    ("target_ms", "due", "latest"),
    [
        (2 * HOUR - 1, "11:59:59.999", "11:59:59.999"),
        (2 * HOUR, "12:00:00", "14:00:00"),
        (2 * HOUR + 1, "14:00:00.001", "14:00:00.001"),
        (6 * HOUR - 1, "17:59:59.999", "17:59:59.999"),
        (6 * HOUR, "18:00:00", "2026-03-03T08:00"),
        (6 * HOUR + 1, "2026-03-03T08:00:00.001", "2026-03-03T08:00:00.001"),
    ],
)
def test_what_is_due_when_the_centre_closes_is_in_time_until_it_opens_again(
    target_ms: int, due: str, latest: str
) -> None:
    assert SHIFTS.due_ms(instant("10:00:00"), target_ms) == instant(due)
    assert SHIFTS.latest_ms(instant("10:00:00"), target_ms) == instant(latest)


@pytest.mark.parametrize(
    ("start", "latest"), [("07:59:59", "08:00:00"), ("08:00:00", "08:00:00"), ("08:00:01", "08:00:01")]
)
def test_no_time_has_passed_until_the_centre_opens(start: str, latest: str) -> None:
    assert OFFICE.due_ms(instant(start), 0) == instant(start)
    assert OFFICE.latest_ms(instant(start), 0) == instant(latest)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2026-03-28", 8),  # 00:00-06:00 and 22:00-24:00
        ("2026-03-29", 7),  # the clock leaps from 02:00 to 03:00
        ("2026-10-25", 9),  # the hour from 02:00 comes twice
    ],
)
def test_a_night_shift_is_as_long_as_the_night(day: str, hours: int) -> None:
    start_ms, end_ms = instant(f"{day}T00:00"), instant(f"{day}T23:59:59.999") + 1
    assert NIGHTS.elapsed_ms(start_ms, end_ms) == hours * HOUR


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-03-30", 24), ("2026-10-25", 25)])
def test_round_the_clock_days_have_23_and_25_hours(day: str, hours: int) -> None:
    start_ms, end_ms = instant(f"{day}T00:00"), instant(f"{day}T23:59:59.999") + 1
    assert ROUND_THE_CLOCK.elapsed_ms(start_ms, end_ms) == hours * HOUR


def test_a_shift_over_new_year_is_one_shift() -> None:
    """Paris is an hour ahead of UTC, so the tables of the years meet at 01:00, in the middle of it."""
    eve, new_year = instant("2026-12-31T22:00"), instant("2027-01-01T06:00")
    assert NIGHTS.elapsed_ms(eve, new_year) == 8 * HOUR
    assert NIGHTS.elapsed_ms(instant("2027-01-01T00:30"), instant("2027-01-01T01:30")) == HOUR
    assert [NIGHTS.due_ms(eve, 3 * HOUR + n) for n in (-1, 0, 1)] == [eve + 3 * HOUR + n for n in (-1, 0, 1)]
    assert NIGHTS.due_ms(eve, 8 * HOUR) == new_year
    assert NIGHTS.latest_ms(eve, 8 * HOUR) == instant("2027-01-01T22:00")


def test_years_lie_between_start_and_due() -> None:
    """2026 and 2027 have 261 days from Monday to Friday each; on 9 and on 7 of them France has a holiday.

    2026: New Year, Easter Monday, 1 May, 8 May, Ascension, Whit Monday, 14 July, 11 November, Christmas. In 2027
    1 May, 8 May and Christmas are Saturdays, but All Saints' Day is a Monday.
    """
    new_years = [instant(f"{year}-01-01T00:00") for year in (2026, 2027, 2028)]
    days = [OFFICE.elapsed_ms(new_years[0], new_year) / (10 * HOUR) for new_year in new_years]
    assert days == [0, 261 - 9, 261 - 9 + 261 - 7]
    assert OFFICE.due_ms(new_years[0], (252 + 254) * 10 * HOUR) == instant("2027-12-31T18:00")


def test_what_never_opens_is_never_due() -> None:
    now = instant("09:00:00")
    assert NEVER.elapsed_ms(now, now + 400 * DAY) == 0
    assert NEVER.due_ms(now, 0) == now
    assert (NEVER.due_ms(now, 1), NEVER.latest_ms(now, 0)) == (None, None)


def test_a_century_is_too_long_to_wait_for() -> None:
    assert OFFICE.due_ms(instant("09:00:00"), LATEST_MS) is None
    assert OFFICE.latest_ms(instant("09:00:00"), LATEST_MS) is None


def test_always_never_stops() -> None:
    assert ALWAYS.elapsed_ms(5, 12) == 7
    assert (ALWAYS.due_ms(5, 7), ALWAYS.latest_ms(5, 7)) == (12, 12)


def test_the_same_hours_are_equal() -> None:
    same = BusinessTime(parse("Mo-Fr 08:00-18:00; PH off", "Europe/Paris", "FR"))
    assert (same, hash(same)) == (OFFICE, hash(OFFICE))
    assert same != SHIFTS
    assert BusinessTime(parse("Mo-Fr 08:00-18:00; PH off", "Europe/Berlin", "FR")) != OFFICE


class Walk(NamedTuple):
    """Whether it was open in each minute from an instant on."""

    from_ms: int
    is_open: tuple[bool, ...]

    def passed(self, start_ms: int, end_ms: int) -> int:
        """Open milliseconds between two instants, minute by minute."""
        return sum(max(0, min(end, end_ms) - max(begin, start_ms)) for begin, end in self._open_minutes())

    def due(self, start_ms: int, target_ms: int) -> int | None:
        """Walk until so much has passed; None if it has not on this walk."""
        left = target_ms
        for begin, end in self._open_minutes():
            if end > start_ms:
                begin = max(begin, start_ms)  # noqa: PLW2901 - the first minute is walked in part
                if left <= end - begin:
                    return begin + left
                left -= end - begin
        return None

    def latest(self, start_ms: int, target_ms: int) -> int | None:
        """Walk until more has passed."""
        later = self.due(start_ms, target_ms + 1)
        return None if later is None else later - 1

    def _open_minutes(self) -> Iterator[tuple[int, int]]:
        for minute, is_open in enumerate(self.is_open):
            if is_open:
                begin = self.from_ms + minute * MINUTE
                yield begin, begin + MINUTE


#: Days around which clocks are changed, years begin, holidays fall, and one in the middle of nothing.
TURNING_POINTS = {
    "Europe/Paris": ("2026-03-29", "2026-10-25", "2026-04-06", "2028-02-29", "2026-12-31"),
    "Asia/Kathmandu": ("2026-12-31", "2026-06-10"),  # 5:45 ahead
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04", "2026-12-31"),  # clocks are changed by half an hour
    "America/St_Johns": ("2026-03-08", "2026-11-01", "2026-12-31"),  # 3:30 behind
    "America/Sao_Paulo": ("2017-10-15", "2018-02-18"),  # changed at midnight
    "Pacific/Apia": ("2011-12-30",),  # a day that never was
    "Africa/Casablanca": ("2026-02-15", "2026-03-22"),  # by the moon
}
WEEKS = (
    "Mo-Fr 08:00-18:00; PH off",
    "Mo-Fr 08:00-12:00,14:00-18:00; Sa 09:00-12:30",
    "Mo-Su 22:00-06:00",
    "Fr 20:00-26:00; Sa-Su 00:30-02:30,01:15-03:45",
    "Mo-Su 23:59-00:01",
    "Su 02:30-04:00; We 00:00-24:00",
    "24/7",
    "Dec 20-Jan 03 off; Mo-Su 00:10-23:50; Dec 31 20:00-24:00",
    "PH 10:00-12:00",
)
DAYS_WALKED = 6


@cache
def hours_of(week: str, zone: str) -> Hours:
    return parse(week, zone, "FR")


@cache
def walk_of(week: str, zone: str, day: str) -> Walk:
    """Three days before the turning point and as many from it on."""
    from_ms = instant(f"{day}T00:00", ZoneInfo(zone)) - DAYS_WALKED // 2 * DAY
    minutes = range(from_ms, from_ms + DAYS_WALKED * DAY, MINUTE)
    return Walk(from_ms, tuple(hours_of(week, zone).is_open(at_ms) for at_ms in minutes))


turns = st.sampled_from([(zone, day) for zone, days in TURNING_POINTS.items() for day in days])
#: Any instant of the walk, or one within a millisecond of a minute.
instants = st.one_of(
    st.integers(1, DAYS_WALKED * DAY - 1),
    st.builds(lambda minute, ms: minute * MINUTE + ms, st.integers(1, DAYS_WALKED * 1440 - 1), st.integers(-1, 1)),
)


@given(turns, st.sampled_from(WEEKS), instants, instants, st.one_of(instants, st.just(0), st.just(1)))
def test_adding_up_agrees_with_a_walk_from_minute_to_minute(
    turn: tuple[str, str], week: str, one_ms: int, other_ms: int, target_ms: int
) -> None:
    zone, day = turn
    time, walk = BusinessTime(hours_of(week, zone)), walk_of(week, zone, day)
    start_ms, end_ms = (walk.from_ms + ms for ms in sorted((one_ms, other_ms)))
    passed = walk.passed(start_ms, end_ms)
    assert time.elapsed_ms(start_ms, end_ms) == passed
    for target in (target_ms, passed, max(0, passed - 1), passed + 1):
        due_ms, latest_ms = walk.due(start_ms, target), walk.latest(start_ms, target)
        if target and due_ms is not None:
            assert time.due_ms(start_ms, target) == due_ms
        if latest_ms is not None:
            assert time.latest_ms(start_ms, target) == latest_ms


@given(st.sampled_from([OFFICE, SHIFTS, NIGHTS]), st.integers(0, 900 * DAY), st.integers(1, 900 * DAY))
def test_when_it_is_due_so_much_has_passed_and_a_moment_earlier_it_had_not(
    time: BusinessTime, start_ms: int, target_ms: int
) -> None:
    start_ms += instant("2026-01-01T00:00")
    due_ms, latest_ms = time.due_ms(start_ms, target_ms), time.latest_ms(start_ms, target_ms)
    assert due_ms is not None
    assert latest_ms is not None
    assert time.elapsed_ms(start_ms, due_ms) == target_ms == time.elapsed_ms(start_ms, latest_ms)
    assert time.elapsed_ms(start_ms, due_ms - 1) == target_ms - 1
    assert time.elapsed_ms(start_ms, latest_ms + 1) == target_ms + 1
