"""Opening hours in OpenStreetMap's syntax, by the clock of the contract's time zone.

They go by the clock on the wall, so an hour that comes twice in autumn counts twice. Public holidays are
known from 2000 to 2076.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

# The stub leaves the errors out.
from opening_hours import OpeningHours, ParserError, State, UnknownCountryError  # type: ignore[attr-defined]

_MINUTE_MS = 60_000
_EPOCH = datetime.fromisoformat("1970-01-01T00:00Z")
_EPOCH_ON_THE_WALL = _EPOCH.replace(tzinfo=None)
_A_DAY = timedelta(days=1)

#: Words of the syntax whose meaning no contract can be held to: there is no calendar and no place for them.
_UNDECIDABLE = re.compile(r"\b(SH|sunrise|sunset|dawn|dusk|unknown)\b")


class UnknownCountry(ValueError):  # noqa: N818 - it names what is wrong
    """No public holidays are known for the country."""


class Open(NamedTuple):
    """Open from an instant until another (epoch ms), this one not included."""

    start_ms: int
    end_ms: int


class Hours:
    """When a centre is open."""

    __slots__ = ("_hours", "_minute", "_open", "_zone", "name")

    def __init__(self, name: str, hours: OpeningHours, zone: ZoneInfo) -> None:
        #: Equal for the same hours.
        self.name = name
        self._hours = hours
        self._zone = zone
        self._minute: int | None = None
        self._open = False

    def is_open(self, at_ms: int) -> bool:
        """Whether the centre is open at an instant."""
        # Hours and clock changes alike fall on whole minutes, so one answer holds for the minute.
        minute = at_ms // _MINUTE_MS
        if minute != self._minute:
            local = (_EPOCH + timedelta(minutes=minute)).astimezone(self._zone).replace(tzinfo=None)
            self._minute, self._open = minute, self._hours.is_open(local)
        return self._open

    def open_until(self, at_ms: int) -> int:
        """When the centre, which is open at an instant, closes next (epoch ms); at the latest in two years."""
        year = (_EPOCH + timedelta(milliseconds=at_ms)).astimezone(self._zone).year
        until_ms = at_ms
        for start_ms, end_ms in (*self.in_year(year), *self.in_year(year + 1)):
            if start_ms <= until_ms < end_ms:
                until_ms = end_ms
        return until_ms

    def in_year(self, year: int) -> Iterator[Open]:
        """When the centre is open in a year of its own calendar, in order. Those that touch may come as two."""
        start, end = (datetime(n, 1, 1, tzinfo=self._zone).astimezone(_EPOCH.tzinfo) for n in (year, year + 1))
        for begin, finish, offset in self._by_offset(start, end):
            for opens, closes, state, _ in self._hours.intervals(_wall(begin, offset), _wall(finish, offset)):
                if state == State.OPEN:
                    yield Open(_epoch_ms(opens, offset), _epoch_ms(closes, offset))

    def _by_offset(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
        """The stretches in which the clock on the wall is as far from UTC; it is changed at most once a day."""
        begin, offset = start, self._offset(start)
        day = start
        while day < end:
            next_day = min(day + _A_DAY, end)
            if self._offset(next_day) != offset:
                change = self._change(day, next_day)
                yield begin, change, offset
                begin, offset = change, self._offset(change)
            day = next_day
        yield begin, end, offset

    def _change(self, before: datetime, after: datetime) -> datetime:
        """The minute in between at which the clock is changed."""
        offset = self._offset(before)
        while after - before > timedelta(minutes=1):
            middle = before + (after - before) // timedelta(minutes=2) * timedelta(minutes=1)
            before, after = (middle, after) if self._offset(middle) == offset else (before, middle)
        return after

    def _offset(self, at: datetime) -> timedelta:
        offset = at.astimezone(self._zone).utcoffset()
        assert offset is not None  # noqa: S101 - the zone has one at every instant
        return offset


def parse(text: str, time_zone: str, holidays_country: str | None) -> Hours:
    """Read hours like `Mo-Sa 08:00-20:00; PH off`. A `ValueError` says what would be right."""
    if word := _UNDECIDABLE.search(text):
        raise ValueError(f"{word[0]} cannot be decided; write days and clock times, like Mo-Sa 08:00-20:00")
    if holidays_country is None and re.search(r"\bPH\b", text):
        raise ValueError("PH stands for public holidays; say of which country, like holidays: FR")
    try:
        # The library is asked by the wall clock: given a time zone, it errs where the clocks change.
        hours = OpeningHours(text, country=holidays_country)
        return Hours(f"{text} {holidays_country or ''} {time_zone}", hours, ZoneInfo(time_zone))
    except UnknownCountryError:
        raise UnknownCountry(f"no public holidays are known for {holidays_country}") from None
    except ParserError as error:
        raise ValueError(_not_understood(text, str(error))) from None


def _wall(at: datetime, offset: timedelta) -> datetime:
    return at.replace(tzinfo=None) + offset


def _epoch_ms(wall: datetime, offset: timedelta) -> int:
    return (wall - offset - _EPOCH_ON_THE_WALL) // timedelta(milliseconds=1)


def _not_understood(text: str, error: str) -> str:
    """Point at the character where the library's parser, whose message is several lines long, gave up."""
    position = re.search(r"--> \d+:(\d+)", error)
    rest = text[int(position[1]) - 1 :] if position else text
    return f"not understood from {rest!r} on; hours look like Mo-Sa 08:00-20:00; PH off"
