"""Every figure of every objective, window by window: what a backtest prints and an auditor compares."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

from schemas.tallies import Counts
from schemas.verdicts import Finality, State
from schemas.words import Unit
from sla_stream.aim import Aim
from sla_stream.board import ZonedWindow
from sla_stream.boards import Boards
from sla_stream.changes import FeedKey
from sla_stream.finality import finality
from sla_stream.finding import as_shown
from sla_stream.promises import Promise, Promises
from sla_stream.reading import Reader
from sla_stream.scopes import Scope, boards_of, counted_in, missed_at, scopes_of
from sla_stream.verdict import judge, value_of
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
    excluded: int
    finality: Finality
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
            "excluded": self.excluded,
            "finality": self.finality,
            **({"parts": self.parts} if self.parts else {}),
        }


class _Place(NamedTuple):
    """Where and as of when figures are read."""

    reader: Reader
    promise: Promise
    scope: Scope
    now_ms: int


def figures(boards: Boards, promises: Promises) -> Iterator[Figure]:
    """All windows in which anybody was counted, under the version in force when the window began."""
    reader = Reader(boards)
    for agreement in promises.agreements:
        starts = [version.start_ms for version in agreement.versions]
        for version, (begin_ms, end_ms) in zip(agreement.versions, pairwise([*starts, _FOREVER_MS]), strict=True):
            for promise in version.promises:
                yield from _of_promise(reader, promise, Span(begin_ms, end_ms))


def _of_promise(reader: Reader, promise: Promise, in_force: Span) -> Iterator[Figure]:
    feeds = (reader.boards.feed(FeedKey(promise.client, channel)) for channel in promise.channels)
    watermarks = [heard.watermark_ms for heard in feeds if heard]
    if not watermarks:
        return
    for scope in scopes_of(promise, reader.boards):
        place = _Place(reader, promise, scope, max(watermarks))
        for window in promise.windows:
            for aim in _aims(place, window):
                if in_force.start_ms <= aim.span.start_ms < in_force.end_ms:
                    yield _figure(place, aim)


def _aims(place: _Place, window: Window) -> Iterator[Aim]:
    """Every span in which anybody was counted; of a rolling window only the last one: the others overlap."""
    (reader, promise, scope, now_ms), zoned = place, ZonedWindow(window, place.promise.zone)
    spans: set[Span] = set()
    if window.rolls:
        spans.add(window.span(now_ms, promise.zone))
    else:
        for board in boards_of(promise, scope, reader.boards):
            spans.update(board.spans(zoned))
        missed = missed_at(promise, scope, now_ms, reader.boards)
        spans.update(window.span(at_ms, promise.zone) for at_ms in missed)
    for span in sorted(spans):
        counted = counted_in(promise, scope, zoned, span, now_ms, reader.boards)
        if counted.counts or counted.excluded:
            yield Aim(promise, zoned, span)


def _figure(place: _Place, aim: Aim) -> Figure:
    (reader, promise, scope, now_ms), (_, zoned, span) = place, aim
    objective, (reading, excluded, parts) = promise.objective, reader.read(aim, scope, now_ms)
    is_restated = reader.boards.is_restated(promise, scope.queues, span)
    shown = as_shown(reading)
    return Figure(
        contract=promise.contract,
        objective=objective.name,
        client=promise.client,
        queue=scope.queue,
        window=zoned.window.name,
        start=datetime.fromtimestamp(span.start_ms / 1000, promise.zone),
        end=datetime.fromtimestamp(span.end_ms / 1000, promise.zone),
        numerator=shown.numerator,
        denominator=shown.denominator,
        value=value_of(reading),
        unit=aim.unit,
        at_most=aim.target.at_least is None,
        state=judge(reading, objective, aim.target).state,
        excluded=excluded,
        finality=finality(span, promise.finalise_ms, now_ms, is_restated=is_restated),
        parts=parts,
    )
