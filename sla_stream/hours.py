"""Opening hours in OpenStreetMap's syntax, by the clock of the contract's time zone.

They go by the clock on the wall, so an hour that comes twice in autumn counts twice. Public holidays are
known from 2000 to 2076.
"""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# The stub leaves the errors out.
from opening_hours import OpeningHours, ParserError, UnknownCountryError  # type: ignore[attr-defined]

_MINUTE_MS = 60_000
_EPOCH = datetime.fromisoformat("1970-01-01T00:00Z")

#: Words of the syntax whose meaning no contract can be held to: there is no calendar and no place for them.
_UNDECIDABLE = re.compile(r"\b(SH|sunrise|sunset|dawn|dusk|unknown)\b")


class UnknownCountry(ValueError):  # noqa: N818 - it names what is wrong
    """No public holidays are known for the country."""


class Hours:
    """When a centre is open."""

    __slots__ = ("_hours", "_minute", "_open", "_zone")

    def __init__(self, hours: OpeningHours, zone: ZoneInfo) -> None:
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


def parse(text: str, time_zone: str, holidays_country: str | None) -> Hours:
    """Read hours like `Mo-Sa 08:00-20:00; PH off`. A `ValueError` says what would be right."""
    if word := _UNDECIDABLE.search(text):
        raise ValueError(f"{word[0]} cannot be decided; write days and clock times, like Mo-Sa 08:00-20:00")
    if holidays_country is None and re.search(r"\bPH\b", text):
        raise ValueError("PH stands for public holidays; say of which country, like holidays: FR")
    try:
        # The library is asked by the wall clock: given a time zone, it errs where the clocks change.
        return Hours(OpeningHours(text, country=holidays_country), ZoneInfo(time_zone))
    except UnknownCountryError:
        raise UnknownCountry(f"no public holidays are known for {holidays_country}") from None
    except ParserError as error:
        raise ValueError(_not_understood(text, str(error))) from None


def _not_understood(text: str, error: str) -> str:
    """Point at the character where the library's parser, whose message is several lines long, gave up."""
    position = re.search(r"--> \d+:(\d+)", error)
    rest = text[int(position[1]) - 1 :] if position else text
    return f"not understood from {rest!r} on; hours look like Mo-Sa 08:00-20:00; PH off"
