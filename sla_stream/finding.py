"""One window of one promise in one place: read, judged, and worded as a verdict."""

from collections.abc import Iterable
from typing import NamedTuple

from schemas.tallies import Counts
from schemas.verdicts import Verdict
from sla_stream.board import ZonedWindow
from sla_stream.boards import Boards
from sla_stream.measures import Reading
from sla_stream.moment import Moment
from sla_stream.promises import Promise
from sla_stream.scopes import Scope, counts_in, waiting_in, with_overdue, with_undecided
from sla_stream.standing import Standing
from sla_stream.verdict import SILENT, Judgement, judge, meets, value_of
from sla_stream.windows import Span, Window


class Aim(NamedTuple):
    """What is judged of a promise: one span of one of its windows."""

    promise: Promise
    zoned: ZonedWindow
    span: Span


class Finding(NamedTuple):
    """How it stands in one place. `parts` is what the contacts came to, where the value does not say it all."""

    aim: Aim
    scope: Scope
    reading: Reading
    judgement: Judgement
    parts: Counts | None

    @property
    def is_clear(self) -> bool:
        """Whether the value is good enough for a breach to be over."""
        objective = self.aim.promise.objective
        clear_at = objective.alert.clear_at if objective.alert else None
        return bool(self.reading.denominator) and meets(self.reading, objective.target, clear_at)


def aims_of(promise: Promise, windows: Iterable[Window], at_ms: int) -> list[Aim]:
    """The spans of some of a promise's windows that hold the instant."""
    zone = promise.zone
    return [Aim(promise, ZonedWindow(window, zone), window.span(at_ms, zone)) for window in windows]


def find(aim: Aim, scope: Scope, moment: Moment, boards: Boards) -> Finding:
    """Read and judge. Those who are missed while they wait count, too."""
    promise = aim.promise
    counts = counts_in(promise, scope, aim.zoned, aim.span, boards)
    if overdue := promise.measure.overdue:
        counts = with_overdue(counts, overdue, waiting_in(promise, scope, boards), aim.span, moment.at_ms)
    counts = with_undecided(counts, promise, scope, aim.span, boards, moment.at_ms)
    measure = promise.measure
    reading = measure.read(counts, promise.objective.measure)
    judgement = SILENT if moment.silent else judge(reading, promise.objective)
    return Finding(aim, scope, reading, judgement, measure.parts(counts) if measure.by == "customer" else None)


def verdict_of(finding: Finding, now: Standing, moment: Moment) -> Verdict:
    """The whole verdict, with what stands there now."""
    (promise, zoned, span), scope, reading, judgement, parts = finding
    objective = promise.objective
    return Verdict(
        client=promise.client,
        contract=promise.contract,
        objective=objective.name,
        channel=objective.channel,
        queue=scope.queue,
        window=zoned.window.name,
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
        catching_up=moment.catching_up,
        parts=parts,
    )
