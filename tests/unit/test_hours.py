"""Opening hours: the bank's week, French holidays, and the days on which the clocks change."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from sla_stream.hours import UnknownCountry, parse

BANK = parse("Su-Th 07:00-24:00; Fr 07:00-15:00; Sa 21:30-24:00", "Asia/Jerusalem", None)
HOTLINE = parse("Mo-Sa 08:00-20:00; PH off", "Europe/Paris", "FR")


def at(local: str, zone: str, fold: int = 0) -> int:
    """Epoch milliseconds of a wall-clock time; `fold=1` is the second time that it is shown in autumn."""
    return int(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp() * 1000)


@pytest.mark.parametrize(
    ("local", "is_open"),
    [
        ("1999-08-01T06:59:59.999", False),  # a Sunday
        ("1999-08-01T07:00", True),
        ("1999-08-01T23:59:59.999", True),
        ("1999-08-02T00:00", False),
        ("1999-08-06T14:59:59", True),  # a Friday
        ("1999-08-06T15:00", False),
        ("1999-08-07T21:29", False),  # a Saturday
        ("1999-08-07T21:30", True),
    ],
)
def test_the_bank_keeps_the_israeli_week(local: str, is_open: bool) -> None:
    assert BANK.is_open(at(local, "Asia/Jerusalem")) is is_open


@pytest.mark.parametrize(
    ("local", "is_open"),
    [
        ("2026-07-13T12:00", True),  # a Monday
        ("2026-07-14T12:00", False),  # the national holiday
        ("2026-04-06T12:00", False),  # Easter Monday
        ("2026-05-14T12:00", False),  # Ascension Day
        ("2026-07-12T12:00", False),  # a Sunday
    ],
)
def test_the_hotline_rests_on_french_holidays(local: str, is_open: bool) -> None:
    assert HOTLINE.is_open(at(local, "Europe/Paris")) is is_open


def test_always_is_always() -> None:
    always = parse("24/7", "Europe/Paris", None)
    assert all(always.is_open(at_ms) for at_ms in range(1_774_700_000_000, 1_774_800_000_000, 900_000))


def test_in_spring_the_day_opens_by_the_clock_though_the_night_is_an_hour_shorter() -> None:
    sunday = parse("Su 08:00-09:00", "Europe/Paris", None)
    assert not sunday.is_open(at("2026-03-29T07:59", "Europe/Paris"))
    assert sunday.is_open(at("2026-03-29T08:00", "Europe/Paris"))
    opened = [sunday.is_open(at("2026-03-29T00:00", "Europe/Paris") + minute * 60_000) for minute in range(1440)]
    assert opened.index(True) == 7 * 60


def test_the_hour_that_comes_twice_in_autumn_is_open_twice() -> None:
    night = parse("Su 02:30-04:00", "Europe/Paris", None)
    assert night.is_open(at("2026-10-25T02:59", "Europe/Paris"))
    assert not night.is_open(at("2026-10-25T02:00", "Europe/Paris", fold=1))
    assert night.is_open(at("2026-10-25T02:30", "Europe/Paris", fold=1))
    start = at("2026-10-25T00:00", "Europe/Paris")
    assert sum(night.is_open(start + minute * 60_000) for minute in range(1500)) == 30 + 90


def test_asking_back_in_time_gives_the_same_answer() -> None:
    noon, night = at("2026-07-13T12:00", "Europe/Paris"), at("2026-07-13T23:00", "Europe/Paris")
    assert [HOTLINE.is_open(moment) for moment in (noon, night, noon, noon)] == [True, False, True, True]


@pytest.mark.parametrize(
    ("hours", "country", "message"),
    [
        ("Mo-Fr 8-18", None, "not understood from '8-18' on; hours look like Mo-Sa 08:00-20:00; PH off"),
        ("", None, "not understood from '' on; hours look like Mo-Sa 08:00-20:00; PH off"),
        ("PH off", None, "PH stands for public holidays; say of which country, like holidays: FR"),
        (
            "Mo-Fr sunrise-sunset",
            None,
            "sunrise cannot be decided; write days and clock times, like Mo-Sa 08:00-20:00",
        ),
    ],
)
def test_hours_that_cannot_be_kept_are_refused(hours: str, country: str | None, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        parse(hours, "Europe/Paris", country)


def test_a_country_without_known_holidays_is_refused() -> None:
    with pytest.raises(UnknownCountry, match="no public holidays are known for XX"):
        parse("Mo-Fr 08:00-18:00; PH off", "Europe/Paris", "XX")


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-02T22:00", "2026-11-03T07:00"),
        ("2026-11-03T06:59", "2026-11-03T07:00"),
        ("2026-12-31T23:30", "2027-01-01T07:00"),
        ("2026-10-24T23:00", "2026-10-25T07:00"),
    ],
    ids=["as it opens", "just before it closes", "over New Year", "while the clocks go back"],
)
def test_a_night_lasts_until_morning(now: str, until: str) -> None:
    night = parse("22:00-07:00", "Europe/Paris", None)
    assert night.open_until(at(now, "Europe/Paris")) == at(until, "Europe/Paris")
