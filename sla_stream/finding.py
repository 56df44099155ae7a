"""One window of one promise in one place: read, judged, and worded as a verdict."""

from typing import NamedTuple

from schemas.verdicts import Verdict
from sla_stream.boards import Boards
from sla_stream.measures import Reading
from sla_stream.moment import Moment
from sla_stream.promises import Promise
from sla_stream.scopes import Scope, counts_in, waiting_in, with_overdue
from sla_stream.standing import standing
from sla_stream.verdict import SILENT, Judgement, judge, meets, value_of
from sla_stream.waiting import Waiting
from sla_stream.windows import Span, Window


class Place(NamedTuple):
    """Where and when a promise is judged."""

    promise: Promise
    scope: Scope
    moment: Moment


class Finding(NamedTuple):
    """How one window stands there."""

    place: Place
    window: Window
    span: Span
    reading: Reading
    judgement: Judgement

    @property
    def is_clear(self) -> bool:
        """Whether the value is good enough for a breach to be over."""
        objective = self.place.promise.objective
        clear_at = objective.alert.clear_at if objective.alert else None
        return bool(self.reading.denominator) and meets(self.reading, objective.target, clear_at)


def find(place: Place, window: Window, boards: Boards) -> Finding:
    """Read and judge a window. Those who are missed while they wait belong to it."""
    promise, scope, moment = place
    span = window.span(moment.at_ms, promise.zone)
    counts = counts_in(promise, scope, window, span, boards)
    if overdue := promise.measure.overdue:
        counts = with_overdue(counts, overdue, waiting_in(promise, scope, boards), span, moment.at_ms)
    reading = promise.measure.read(counts, promise.objective.measure)
    judgement = SILENT if moment.silent else judge(reading, promise.objective)
    return Finding(place, window, span, reading, judgement)


def verdict_of(finding: Finding, waiting: Waiting) -> Verdict:
    """The whole verdict, with how those stand who wait there now."""
    (promise, scope, moment), window, span, reading, judgement = finding
    objective, now = promise.objective, standing(waiting, moment.at_ms, promise.objective)
    return Verdict(
        client=promise.client,
        contract=promise.contract,
        objective=objective.name,
        channel=objective.channel,
        queue=scope.queue,
        window=window.name,
        start=span.start_ms,
        end=span.end_ms,
        at=moment.at_ms,
        numerator=reading.numerator,
        denominator=reading.denominator,
        value=value_of(reading),
        unit=promise.measure.unit,
        target=float(objective.target.bound),
        at_most=objective.target.at_least is None,
        state=judgement.state,
        reason=judgement.reason,
        sample=reading.sample,
        waiting=now.waiting,
        waiting_past_threshold=now.past_threshold,
        longest_wait_ms=now.longest_wait_ms,
    )
