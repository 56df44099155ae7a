"""How many are still to come in a period: as was forecast, or as came on the same weekdays of late."""

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
from sla_stream.windows import Span, epoch_ms

#: Measures of which a forecast speaks: everybody who is offered counts.
_FORECAST = frozenset({"service_level", "abandonment"})

_WEEKS = 4


class Expected(NamedTuple):
    """How many in the first quarter-hour and how many later, and whether that is estimated from earlier weeks."""

    first: Fraction
    later: Fraction
    estimated: bool


class _Past(NamedTuple):
    """What came in the last weeks: by weekday and time of day, and how many days of each weekday there were."""

    contacts: Counter[tuple[int, int]]
    days: Counter[int]


def expected(aim: Aim, scope: Scope, rest: Span, boards: Boards) -> Expected | None:
    """How many will count in a span that begins on a quarter-hour; None where nothing tells.

    By a forecast only if there is one for each of the queues.
    """
    quarter = Span(rest.start_ms, rest.start_ms + QUARTER_MS)
    if aim.promise.objective.measure.kind in _FORECAST:
        said = [_forecast(aim, queue, rest, boards) for queue in scope.queues]
        known = [contacts for contacts in said if contacts is not None]
        if known and len(known) == len(said):
            first = sum(_forecast(aim, queue, quarter, boards) or 0 for queue in scope.queues)
            return Expected(Fraction(first), Fraction(sum(known) - first), estimated=False)
    past = _past(aim, scope, rest.start_ms, boards)
    total, first_part = _estimate(past, aim, scope, rest), _estimate(past, aim, scope, quarter)
    if total is None or first_part is None:
        return None
    return Expected(first_part, total - first_part, estimated=True)


def _forecast(aim: Aim, queue: str, rest: Span, boards: Boards) -> int | None:
    promise = aim.promise
    said = [
        boards.forecasts.expected(FeedKey(promise.client, channel), queue, *part)
        for channel in promise.channels
        for part in promise.exclusions.outside(queue, rest)
    ]
    known = [contacts for contacts in said if contacts is not None]
    return sum(known) if known else None


def _past(aim: Aim, scope: Scope, now_ms: int, boards: Boards) -> _Past:
    """Whole days, from the first on that anybody came."""
    promise, spec = aim.promise, aim.promise.objective.measure
    today = _local(now_ms, promise.zone).date()
    contacts, first = Counter[tuple[int, int]](), today
    for quarter_ms in _quarters(today - timedelta(weeks=_WEEKS), today, promise.zone):
        part = Span(quarter_ms, quarter_ms + QUARTER_MS)
        counts = counted_between(promise, scope, part, now_ms, boards).counts
        if counts and (n := promise.measure.read(counts, spec).denominator):
            at = _local(quarter_ms, promise.zone)
            contacts[_of_week(at)] += n
            first = min(first, at.date())
    return _Past(contacts, Counter((first + timedelta(days=n)).weekday() for n in range((today - first).days)))


def _estimate(past: _Past, aim: Aim, scope: Scope, rest: Span) -> Fraction | None:
    """The rest of today by the time of day, whole days by their weekday, without what will be left out."""
    promise = aim.promise
    zone = promise.zone
    tomorrow = _local(rest.start_ms, zone).date() + timedelta(days=1)
    last = _local(rest.end_ms - 1, zone).date()
    days = [tomorrow + timedelta(days=n) for n in range((last - tomorrow).days + 1)]
    if any(not past.days[day.weekday()] for day in (tomorrow - timedelta(days=1), *days)):
        return None
    weekdays: dict[int, int] = Counter()
    for (weekday, _), n in past.contacts.items():
        weekdays[weekday] += n
    total = sum((Fraction(weekdays[day.weekday()], past.days[day.weekday()]) for day in days), Fraction())
    midnight_ms = min(rest.end_ms, _midnight_ms(tomorrow, zone))
    total += _in_quarters(past, range(rest.start_ms, midnight_ms, QUARTER_MS), zone)
    left_out = [
        quarter_ms
        for one in promise.exclusions.every
        for quarter_ms in range(
            max(one.span.start_ms, rest.start_ms), min(one.span.end_ms, rest.end_ms), QUARTER_MS
        )
        if promise.exclusions.reason_at(scope.queues, quarter_ms)
    ]
    return total - _in_quarters(past, set(left_out), zone)


def _in_quarters(past: _Past, quarters: range | set[int], zone: ZoneInfo) -> Fraction:
    places = (_of_week(_local(quarter_ms, zone)) for quarter_ms in quarters)
    return sum((Fraction(past.contacts[place], past.days[place[0]] or 1) for place in places), Fraction())


def _quarters(first: date, end: date, zone: ZoneInfo) -> Iterator[int]:
    return iter(range(_midnight_ms(first, zone), _midnight_ms(end, zone), QUARTER_MS))


def _midnight_ms(day: date, zone: ZoneInfo) -> int:
    return epoch_ms(datetime.combine(day, datetime.min.time()), zone)


def _local(at_ms: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at_ms // 1000, zone)


def _of_week(at: datetime) -> tuple[int, int]:
    return at.weekday(), at.hour * 60 + at.minute
