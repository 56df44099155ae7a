"""How many are still to come in a period: day by day as was forecast, or as came on the same weekday of late."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sla_stream.aim import Aim
from sla_stream.boards import Boards
from sla_stream.changes import FeedKey
from sla_stream.panes import QUARTER_MS
from sla_stream.scopes import Scope, counted_between
from sla_stream.windows import Span, Window, epoch_ms

#: Measures of which a forecast speaks: everybody who is offered counts.
_FORECAST = frozenset({"service_level", "abandonment"})

_WEEKS, _DAY = 4, Window.named("day")


class Expected(NamedTuple):
    """How many in the first quarter-hour and how many later, and whether any of it is estimated."""

    first: Fraction
    later: Fraction
    estimated: bool


class _Past(NamedTuple):
    """What came in the last weeks: by weekday and time of day, and how many days of each weekday there were."""

    contacts: Counter[tuple[int, int]]
    days: Counter[int]


def expected(aim: Aim, scope: Scope, rest: Span, boards: Boards) -> Expected | None:
    """How many will count in a span that begins on a quarter-hour; None where nothing tells of one of its days.

    A forecast tells of a day if it has a word on each of the queues; where it is silent then, nobody is expected.
    """
    past = None
    found = list[Fraction]()
    estimated = False
    for part in (Span(rest.start_ms, rest.start_ms + QUARTER_MS), *_by_day(rest, aim.promise.zone)):
        contacts = _forecast(aim, scope, part, boards)
        if contacts is None:
            past, estimated = past or _past(aim, scope, rest.start_ms, boards), True
            contacts = _as_usual(past, aim, scope, part)
        if contacts is None:
            return None
        found.append(contacts)
    first, *days = found
    return Expected(first, sum(days, Fraction()) - first, estimated)


def _by_day(rest: Span, zone: ZoneInfo) -> Iterator[Span]:
    at_ms = rest.start_ms
    while at_ms < rest.end_ms:
        end_ms = min(_DAY.span(at_ms, zone).end_ms, rest.end_ms)
        yield Span(at_ms, end_ms)
        at_ms = end_ms


def _forecast(aim: Aim, scope: Scope, part: Span, boards: Boards) -> Fraction | None:
    """What was forecast of a part of a day, outside of what is left out."""
    promise, total = aim.promise, 0
    if promise.objective.measure.kind not in _FORECAST:
        return None
    day = _DAY.span(part.start_ms, promise.zone)
    for queue in scope.queues:
        feeds = [FeedKey(promise.client, channel) for channel in promise.channels]
        if all(boards.forecasts.expected(feed, queue, *day) is None for feed in feeds):
            return None
        for counting in promise.exclusions.outside(queue, part):
            total += sum(boards.forecasts.expected(feed, queue, *counting) or 0 for feed in feeds)
    return Fraction(total)


def _past(aim: Aim, scope: Scope, now_ms: int, boards: Boards) -> _Past:
    """Whole days, from the first on that anybody came."""
    promise, spec = aim.promise, aim.promise.objective.measure
    today = _local(now_ms, promise.zone).date()
    contacts, first = Counter[tuple[int, int]](), today
    begin_ms, end_ms = (_midnight_ms(day, promise.zone) for day in (today - timedelta(weeks=_WEEKS), today))
    for quarter_ms in range(begin_ms, end_ms, QUARTER_MS):
        part = Span(quarter_ms, quarter_ms + QUARTER_MS)
        counts = counted_between(promise, scope, part, now_ms, boards).counts
        if counts and (n := promise.measure.read(counts, spec).denominator):
            at = _local(quarter_ms, promise.zone)
            contacts[_of_week(at)] += n
            first = min(first, at.date())
    return _Past(contacts, Counter((first + timedelta(days=n)).weekday() for n in range((today - first).days)))


def _as_usual(past: _Past, aim: Aim, scope: Scope, part: Span) -> Fraction | None:
    """What came on the same weekday at the same time, on average, outside of what is left out."""
    promise = aim.promise
    days = past.days[_local(part.start_ms, promise.zone).weekday()]
    if not days:
        return None
    total = sum(
        past.contacts[_of_week(_local(quarter_ms, promise.zone))]
        for quarter_ms in range(part.start_ms, part.end_ms, QUARTER_MS)
        if not promise.exclusions or promise.exclusions.reason_at(scope.queues, quarter_ms) is None
    )
    return Fraction(total, days)


def _midnight_ms(day: date, zone: ZoneInfo) -> int:
    return epoch_ms(datetime.combine(day, datetime.min.time()), zone)


def _local(at_ms: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at_ms // 1000, zone)


def _of_week(at: datetime) -> tuple[int, int]:
    return at.weekday(), at.hour * 60 + at.minute
