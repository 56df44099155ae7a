"""Panes read together: the last 15 minutes, each half-hour, the day, the month - in the contract's time zone."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sla_stream.panes import MINUTE_MS, minute_of, quarter_of

_MONTHS = {"month": 1, "quarter": 3, "year": 12}

_LENGTH_MS = {"m": MINUTE_MS, "h": 60 * MINUTE_MS, "d": 1440 * MINUTE_MS}


class Span(NamedTuple):
    """Instants from `start_ms` up to but not including `end_ms`."""

    start_ms: int
    end_ms: int


EVER = Span(0, 1 << 62)


class Window(NamedTuple):
    """A window as the contract names it: "rolling 15m", "interval 30m", "day", "week", "month", "quarter", "year".

    A fiscal month begins on the day of the month that `begins` says.
    """

    name: str
    kind: str
    length_ms: int
    begins: int = 1

    @classmethod
    def named(cls, name: str, fiscal_month_begins: int | None = None) -> "Window":
        """Read the name; the contract has checked that it is one, and that it says when fiscal months begin."""
        if name == "fiscal month":
            return cls(name, "month", 0, fiscal_month_begins or 1)
        kind, _, length = name.partition(" ")
        return cls(name, kind, int(length[:-1]) * _LENGTH_MS[length[-1]] if length else 0)

    @property
    def rolls(self) -> bool:
        """Whether it moves with the minute instead of standing on the calendar."""
        return self.kind == "rolling"

    @property
    def is_calendar(self) -> bool:
        """Whether it is made of whole days."""
        return not self.length_ms

    def span(self, at_ms: int, zone: ZoneInfo) -> Span:
        """The span of this window that holds the instant; of a rolling one, the span that ends with its minute."""
        if self.rolls:
            end_ms = minute_of(at_ms) + MINUTE_MS
            return Span(end_ms - self.length_ms, end_ms)
        if self.kind == "interval":
            return _interval(at_ms, self.length_ms, zone)
        return _calendar(self.kind, self.begins, _local(at_ms, zone).date().toordinal(), zone)


def _local(at_ms: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at_ms // 1000, zone)


def _interval(at_ms: int, length_ms: int, zone: ZoneInfo) -> Span:
    """Intervals begin on the local hour, also where the zone is half an hour off."""
    offset_ms = _offset_ms(quarter_of(at_ms), zone)
    start_ms = (at_ms + offset_ms) // length_ms * length_ms - offset_ms
    return Span(start_ms, start_ms + length_ms)


@lru_cache(maxsize=4096)
def _offset_ms(quarter_ms: int, zone: ZoneInfo) -> int:
    """How far the zone is ahead of UTC. Clocks change on a quarter-hour."""
    offset = _local(quarter_ms, zone).utcoffset() or timedelta()
    return offset // timedelta(milliseconds=1)


@lru_cache(maxsize=4096)
def _calendar(kind: str, begins: int, ordinal: int, zone: ZoneInfo) -> Span:
    """From local midnight to local midnight: a day has 23, 24 or 25 hours."""
    day = datetime.fromordinal(ordinal)
    if months := _MONTHS.get(kind):
        # A month that begins on the 22nd is counted as the one whose 22nd it begins on.
        number = day.year * 12 + day.month - 1 - (day.day < begins)
        first = number - number % months
        return Span(epoch_ms(_first_day(first, begins), zone), epoch_ms(_first_day(first + months, begins), zone))
    if kind == "week":
        monday = day - timedelta(days=day.weekday())
        return Span(epoch_ms(monday, zone), epoch_ms(monday + timedelta(days=7), zone))
    return Span(epoch_ms(day, zone), epoch_ms(day + timedelta(days=1), zone))


def _first_day(month: int, begins: int) -> datetime:
    return datetime(month // 12, month % 12 + 1, begins)  # noqa: DTZ001 - on the wall of any zone


def epoch_ms(local: datetime, zone: ZoneInfo) -> int:
    """The instant at which the zone's clock shows this; the first of two."""
    return int(local.replace(tzinfo=zone).timestamp()) * 1000
