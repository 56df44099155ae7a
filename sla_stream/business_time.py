"""Business time: milliseconds of opening hours, and when so many of them are used up.

A promise like "resolved within eight hours" counts the hours in which the centre is open. Both questions are
answered from a table of each year's opening hours, so an answer costs the same for a minute and for a month.
"""

from bisect import bisect_right
from datetime import UTC, datetime
from functools import cache
from itertools import accumulate
from typing import NamedTuple, Protocol

from schemas.words import LATEST_MS
from sla_stream.hours import Hours

_DAY_MS = 86_400_000


class Time(Protocol):
    """Time that passes, always or in opening hours."""

    @property
    def name(self) -> str:
        """Equal for the same hours."""

    def elapsed_ms(self, start_ms: int, end_ms: int) -> int:
        """How much passes between two instants (epoch ms)."""

    def due_ms(self, start_ms: int, target_ms: int) -> int | None:
        """The earliest instant by which so much has passed since the start; None if that never comes."""

    def latest_ms(self, start_ms: int, target_ms: int) -> int | None:
        """The last instant by which no more than so much has passed; None if more never will.

        What is due at closing time is in time until the next opening: nothing passes in between.
        """


class _Always:
    """Every millisecond counts."""

    name = "always"

    def elapsed_ms(self, start_ms: int, end_ms: int) -> int:
        """The difference."""
        return end_ms - start_ms

    def due_ms(self, start_ms: int, target_ms: int) -> int:
        """The sum."""
        return start_ms + target_ms

    def latest_ms(self, start_ms: int, target_ms: int) -> int:
        """The sum again: a moment later it is more."""
        return start_ms + target_ms


ALWAYS = _Always()


class _Year(NamedTuple):
    """The opening hours of a year: when they begin, and how much open time lies before each, and in all (ms)."""

    starts_ms: list[int]
    before_ms: list[int]
    open_ms: int

    def used_ms(self, until_ms: int) -> int:
        """Open time of the year until the instant."""
        place = bisect_right(self.starts_ms, until_ms) - 1
        if place < 0:
            return 0
        return min(self.before_ms[place] + until_ms - self.starts_ms[place], self._after(place))

    def latest_ms(self, open_ms: int) -> int:
        """The last instant until which no more open time has passed: less than the whole year's."""
        place = bisect_right(self.before_ms, open_ms) - 1
        return self.starts_ms[place] + open_ms - self.before_ms[place]

    def _after(self, place: int) -> int:
        return self.before_ms[place + 1] if place + 1 < len(self.before_ms) else self.open_ms


class BusinessTime:
    """Time that passes only in opening hours. Equal for the same hours."""

    def __init__(self, hours: Hours) -> None:
        self.name = hours.name
        self._hours = hours
        self._year = cache(self._read_year)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BusinessTime) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def elapsed_ms(self, start_ms: int, end_ms: int) -> int:
        """How much of the time between two instants is opening hours."""
        first, last = _year_of(start_ms), _year_of(end_ms)
        whole_years_ms = sum(self._year(year).open_ms for year in range(first, last))
        return whole_years_ms + self._year(last).used_ms(end_ms) - self._year(first).used_ms(start_ms)

    def due_ms(self, start_ms: int, target_ms: int) -> int | None:
        """At the end of the last millisecond. Nothing has passed at once, whether the centre is open or not."""
        if not target_ms:
            return start_ms
        last_ms = self.latest_ms(start_ms, target_ms - 1)
        return None if last_ms is None else last_ms + 1

    def latest_ms(self, start_ms: int, target_ms: int) -> int | None:
        """Where more begins to pass: within opening hours, or when the centre opens."""
        first = _year_of(start_ms)
        left_ms = target_ms + self._year(first).used_ms(start_ms)
        for year in range(first, _LAST_YEAR + 1):
            if left_ms < self._year(year).open_ms:
                return self._year(year).latest_ms(left_ms)
            left_ms -= self._year(year).open_ms
        return None

    def _read_year(self, year: int) -> _Year:
        """By the calendar of UTC. The hours' own year begins up to a day earlier or later."""
        begin_ms, end_ms = _new_year_ms(year), _new_year_ms(year + 1)
        found = [
            (max(opens, begin_ms), min(closes, end_ms))
            for local_year in (year - 1, year, year + 1)
            for opens, closes in self._hours.in_year(local_year)
            if opens < end_ms and closes > begin_ms
        ]
        before_ms = list(accumulate((closes - opens for opens, closes in found), initial=0))
        return _Year([opens for opens, _ in found], before_ms[:-1], before_ms[-1])


def _year_of(at_ms: int) -> int:
    return _year_of_day(at_ms // _DAY_MS)


@cache
def _year_of_day(days: int) -> int:
    """Days since the epoch are few, and asked for again and again."""
    return datetime.fromtimestamp(days * _DAY_MS / 1000, UTC).year


@cache
def _new_year_ms(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * 1000


_LAST_YEAR = _year_of(LATEST_MS)
