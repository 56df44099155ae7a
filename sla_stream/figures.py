"""Every figure of every objective, window by window: what a backtest prints and an auditor compares."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

from schemas.tallies import Counts
from schemas.verdicts import State
from schemas.words import Unit
from sla_stream.board import ZonedWindow
from sla_stream.boards import Boards
from sla_stream.changes import FeedKey
from sla_stream.promises import Agreement, Promise, Promises
from sla_stream.scopes import Scope, counts_in, scopes_of, waiting_in, with_overdue, with_undecided
from sla_stream.verdict import judge, value_of
from sla_stream.waiting import Waiting
from sla_stream.windows import Span, Window

_FOREVER_MS = 1 << 62


@dataclass(frozen=True, slots=True)
class Figure:
    """One window of one objective in one scope. Durations are in ms; no denominator, no value.

    `parts` is what the contacts came to, where the value does not say it all.
    """

    contract: str
    objective: str
    client: str
    queue: str | None
    window: str
    start: datetime
    end: datetime
    numerator: int
    denominator: int
    value: float | None
    unit: Unit
    at_most: bool
    state: State
    parts: Counts | None

    def as_row(self) -> dict[str, Any]:
        """For JSON: instants with their zone's offset."""
        return {
            "contract": self.contract,
            "objective": self.objective,
            "client": self.client,
            "queue": self.queue,
            "window": self.window,
            "from": self.start.isoformat(),
            "to": self.end.isoformat(),
            "numerator": self.numerator,
            "denominator": self.denominator,
            "value": self.value,
            "unit": self.unit,
            "state": self.state,
            **({"parts": self.parts} if self.parts else {}),
        }


class _Place(NamedTuple):
    """Where and as of when figures are read; `waiting` are those who wait there."""

    boards: Boards
    promise: Promise
    scope: Scope
    waiting: Waiting
    now_ms: int


def figures(boards: Boards, promises: Promises) -> Iterator[Figure]:
    """All windows in which anybody was counted, under the version in force when the window began."""
    for agreement in promises.agreements:
        starts = [version.start_ms for version in agreement.versions]
        for version, (begin_ms, end_ms) in zip(agreement.versions, pairwise([*starts, _FOREVER_MS]), strict=True):
            for promise in version.promises:
                yield from _of_promise(boards, agreement, promise, Span(begin_ms, end_ms))


def _of_promise(boards: Boards, agreement: Agreement, promise: Promise, in_force: Span) -> Iterator[Figure]:
    heard = boards.feed(FeedKey(agreement.client, promise.objective.channel))
    if heard is None:
        return
    for scope in scopes_of(promise, boards):
        place = _Place(boards, promise, scope, waiting_in(promise, scope, boards), heard.watermark_ms)
        for window in promise.windows:
            for span in _spans(place, window):
                if in_force.start_ms <= span.start_ms < in_force.end_ms and (
                    counts := _counts(place, window, span)
                ):
                    yield _figure(place, window, span, counts)


def _spans(place: _Place, window: Window) -> list[Span]:
    """Of a rolling window only the last one: the others overlap."""
    boards, promise, scope, waiting, now_ms = place
    if window.rolls:
        return [window.span(now_ms, promise.zone)]
    zoned = ZonedWindow(window, promise.zone)
    board = boards.board(promise, scope.queue)
    found = set(board.spans(zoned)) if board else set()
    if overdue := promise.measure.overdue:
        missed = (offered_ms for offered_ms in waiting if now_ms - offered_ms > overdue.after_ms)
        found.update(window.span(offered_ms + overdue.at_ms, promise.zone) for offered_ms in missed)
    return sorted(found)


def _counts(place: _Place, window: Window, span: Span) -> Counts:
    boards, promise, scope, waiting, now_ms = place
    counts = counts_in(promise, scope, ZonedWindow(window, promise.zone), span, boards)
    if overdue := promise.measure.overdue:
        counts = with_overdue(counts, overdue, waiting, span, now_ms)
    return with_undecided(counts, promise, scope, span, boards, now_ms)


def _figure(place: _Place, window: Window, span: Span, counts: Counts) -> Figure:
    promise, scope, measure = place.promise, place.scope, place.promise.measure
    reading = measure.read(counts, promise.objective.measure)
    return Figure(
        contract=promise.contract,
        objective=promise.objective.name,
        client=promise.client,
        queue=scope.queue,
        window=window.name,
        start=datetime.fromtimestamp(span.start_ms / 1000, promise.zone),
        end=datetime.fromtimestamp(span.end_ms / 1000, promise.zone),
        numerator=reading.numerator,
        denominator=reading.denominator,
        value=value_of(reading),
        unit=measure.unit,
        at_most=promise.objective.target.at_least is None,
        state=judge(reading, promise.objective).state,
        parts=measure.parts(counts) if measure.by == "customer" else None,
    )
