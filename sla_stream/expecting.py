"""How many are still to come in a period: day by day as was forecast, or as came on the same weekday of late.

Of contacts; or of the intervals in which anybody comes, where they make up the period.
"""

from array import array
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from schemas.tallies import Counts
from sla_stream.aim import Aim
from sla_stream.boards import LOOKED_BACK_WEEKS, Boards
from sla_stream.changes import FeedKey
from sla_stream.panes import MINUTES_OF_QUARTER, QUARTER_MS, quarter_of
from sla_stream.promises import Channels, Promise
from sla_stream.scopes import Scope, boards_of
from sla_stream.windows import Span, Window, epoch_ms

#: Measures of which a forecast speaks: everybody who is offered counts.
_FORECAST = frozenset({"service_level", "abandonment"})

_DAY, _QUARTERS_OF_DAY = Window.named("day"), 96


#: Contract, channels, queues, what is counted and how it is read, and in which intervals.
_Whose = tuple[str, Channels, tuple[str, ...], str, str, Window | None]


class Expected(NamedTuple):
    """How many in the first quarter-hour or interval, how many later, and whether any of it is estimated."""

    first: Fraction
    later: Fraction
    estimated: bool


class _Past(NamedTuple):
    """What came in the last weeks: by quarter-hour of the week, and how many days of each weekday there were."""

    came: "array[int]"
    days: Counter[int]


class Expecting:
    """Looks up what came in the last weeks once a day: there are thousands of quarter-hours in them."""

    def __init__(self, boards: Boards) -> None:
        self._boards = boards
        self._pasts: dict[_Whose, tuple[date, _Past]] = {}

    def expected(self, aim: Aim, scope: Scope, rest: Span) -> Expected | None:
        """How many will count in a span that begins with a quarter-hour or interval; None: of a day nothing tells.

        A forecast tells of a day if it has a word on each of the queues: where it has none, nobody is expected.
        """
        found, estimated = list[Fraction](), False
        first_ms = min(_slot(aim, rest.start_ms).end_ms, rest.end_ms)
        for part in (Span(rest.start_ms, first_ms), *_by_day(rest, aim.promise.zone)):
            n = _forecast(aim, scope, part, self._boards)
            if n is None:
                n, estimated = _as_usual(self._past(aim, scope, rest.start_ms), aim, scope, part), True
            if n is None:
                return None
            found.append(n)
        first, *days = found
        return Expected(first, sum(days, Fraction()) - first, estimated)

    def _past(self, aim: Aim, scope: Scope, now_ms: int) -> _Past:
        promise = aim.promise
        # Objectives with other targets look back on the same.
        whose = (
            promise.contract,
            promise.channels,
            scope.queues,
            promise.measure.key,
            repr(promise.objective.measure),
            aim.interval,
        )
        today = _local(now_ms, promise.zone).date()
        known = self._pasts.get(whose)
        if known is None or known[0] != today:
            known = self._pasts[whose] = today, _read_past(aim, scope, now_ms, self._boards)
        return known[1]


def _by_day(rest: Span, zone: ZoneInfo) -> Iterator[Span]:
    at_ms = rest.start_ms
    while at_ms < rest.end_ms:
        end_ms = min(_DAY.span(at_ms, zone).end_ms, rest.end_ms)
        yield Span(at_ms, end_ms)
        at_ms = end_ms


def _forecast(aim: Aim, scope: Scope, part: Span, boards: Boards) -> Fraction | None:
    """What was forecast of a part of a day, outside of what is left out."""
    promise, total, slots = aim.promise, 0, set[Span]()
    if promise.objective.measure.kind not in _FORECAST:
        return None
    day = _DAY.span(part.start_ms, promise.zone)
    for queue in scope.queues:
        feeds = [FeedKey(promise.client, channel) for channel in promise.channels]
        if all(boards.forecasts.expected(feed, queue, *day) is None for feed in feeds):
            return None
        for counting in promise.exclusions.outside(queue, part):
            for feed in feeds:
                if aim.interval:
                    slots |= {_slot(aim, at_ms) for at_ms in boards.forecasts.busy(feed, queue, *counting)}
                else:
                    total += boards.forecasts.expected(feed, queue, *counting) or 0
    return Fraction(total + len(slots))


def _read_past(aim: Aim, scope: Scope, now_ms: int, boards: Boards) -> _Past:
    """Whole days, from the first on that anybody came."""
    promise, came = aim.promise, Counter[int]()
    today = _local(now_ms, promise.zone).date()
    begin_ms, end_ms = (
        _midnight_ms(day, promise.zone) for day in (today - timedelta(weeks=LOOKED_BACK_WEEKS), today)
    )
    first_ms = end_ms
    for board in boards_of(promise, scope, boards):
        for quarter_ms, counts in board.quarters(Span(begin_ms, end_ms)):
            if n := _came(promise, counts):
                came[quarter_ms] += n
                first_ms = min(first_ms, quarter_ms)
    for queue in scope.queues if promise.exclusions else ():
        for board in boards_of(promise, Scope(queue, (queue,)), boards):
            for part in promise.exclusions.of(queue, Span(begin_ms, end_ms)):
                for quarter_ms, counts in board.quarters(part):
                    came[quarter_ms] -= _came(promise, counts)
    if aim.interval:
        came = Counter({_slot(aim, quarter_ms).start_ms for quarter_ms, n in came.items() if n > 0})
    of_week = array("q", [0]) * (7 * _QUARTERS_OF_DAY)
    for at_ms, n in came.items():
        of_week[_of_week(at_ms, promise.zone)] += n
    first = _local(first_ms, promise.zone).date()
    return _Past(of_week, Counter((first + timedelta(days=n)).weekday() for n in range((today - first).days)))


def _came(promise: Promise, counts: Counts) -> int:
    return promise.measure.read(counts, promise.objective.measure).denominator


def _as_usual(past: _Past, aim: Aim, scope: Scope, part: Span) -> Fraction | None:
    """What came on the same weekday at the same time, on average, outside of what is left out."""
    promise = aim.promise
    days = past.days[_local(part.start_ms, promise.zone).weekday()]
    if not days:
        return None
    total = sum(
        past.came[_of_week(at_ms, promise.zone)]
        for at_ms in _starts(aim, part)
        if not promise.exclusions or promise.exclusions.reason_at(scope.queues, at_ms) is None
    )
    return Fraction(total, days)


def _starts(aim: Aim, part: Span) -> Iterator[int]:
    at_ms = part.start_ms
    while at_ms < part.end_ms:
        yield at_ms
        at_ms = _slot(aim, at_ms).end_ms


def _slot(aim: Aim, at_ms: int) -> Span:
    """The quarter-hour or interval that holds the instant: what comes in it is one figure."""
    if interval := aim.interval:
        return interval.span(at_ms, aim.promise.zone)
    return Span(quarter_of(at_ms), quarter_of(at_ms) + QUARTER_MS)


def _midnight_ms(day: date, zone: ZoneInfo) -> int:
    return epoch_ms(datetime.combine(day, datetime.min.time()), zone)


def _local(at_ms: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at_ms // 1000, zone)


def _of_week(quarter_ms: int, zone: ZoneInfo) -> int:
    """Which quarter-hour of the week it is by the zone's clock."""
    at = _local(quarter_ms, zone)
    return at.weekday() * _QUARTERS_OF_DAY + (at.hour * 60 + at.minute) // MINUTES_OF_QUARTER
