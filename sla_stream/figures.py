"""Every figure of every objective, window by window: what a backtest prints and an auditor compares."""

from collections.abc import Iterator, Mapping
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
from sla_stream.promises import Promise, Promises
from sla_stream.scopes import Scope, counts_in, scopes_of, waiting_in, with_overdue
from sla_stream.verdict import judge, value_of
from sla_stream.waiting import Waiting
from sla_stream.windows import Span, Window

_FOREVER_MS = 1 << 62


@dataclass(frozen=True, slots=True)
class Figure:
    """One window of one objective in one scope. Durations are in ms; no denominator, no value."""

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
        }


class Place(NamedTuple):
    """A window of a promise in one of its scopes; promises and windows by their numbers in the contracts.

    Sorted, they are in the order of the contracts; `order` is that of the scopes of one promise.
    """

    promise: int
    order: int
    queue: str | None
    window: int
    span: Span


def counts_of(boards: Boards, promises: Promises) -> dict[Place, Counts]:
    """What is counted in all windows in which anybody is, under the version in force when the window began.

    What was counted of other contacts, on other boards, can be added, if those know of the same instant.
    """
    return {
        place: counts
        for number, (promise, in_force) in enumerate(_versions(promises))
        for place, counts in _counted(boards, number, promise, in_force)
        if counts
    }


def figures(counts: Mapping[Place, Counts], promises: Promises) -> Iterator[Figure]:
    """What was counted, read by each promise's formula."""
    versions = list(_versions(promises))
    for place in sorted(counts):
        promise, _ = versions[place.promise]
        yield _figure(promise, place, counts[place])


def _versions(promises: Promises) -> Iterator[tuple[Promise, Span]]:
    """Every promise of every contract, and from when to when it is in force."""
    for agreement in promises.agreements:
        starts = [version.start_ms for version in agreement.versions]
        for version, span in zip(agreement.versions, pairwise([*starts, _FOREVER_MS]), strict=True):
            for promise in version.promises:
                yield promise, Span(*span)


def _counted(boards: Boards, number: int, promise: Promise, in_force: Span) -> Iterator[tuple[Place, Counts]]:
    heard = boards.feed(FeedKey(promise.client, promise.objective.channel))
    if heard is None:
        return
    for scope in scopes_of(promise, boards):
        there = _There(boards, promise, scope, waiting_in(promise, scope, boards), heard.watermark_ms)
        for window_number, window in enumerate(promise.windows):
            for span in _spans(there, window):
                if in_force.start_ms <= span.start_ms < in_force.end_ms:
                    place = Place(number, _order(promise, scope), scope.queue, window_number, span)
                    yield place, _counts(there, window, span)


def _order(promise: Promise, scope: Scope) -> int:
    """All together first, then the queues that the contract names in its order; those it does not, by name."""
    named = promise.objective.queues
    if scope.queue is None:
        return -1
    return 0 if named == "all" else named.index(scope.queue)


class _There(NamedTuple):
    """Where and as of when boards are read; `waiting` are those who wait there."""

    boards: Boards
    promise: Promise
    scope: Scope
    waiting: Waiting
    now_ms: int


def _spans(there: _There, window: Window) -> list[Span]:
    """Of a rolling window only the last one: the others overlap."""
    boards, promise, scope, waiting, now_ms = there
    if window.rolls:
        return [window.span(now_ms, promise.zone)]
    zoned = ZonedWindow(window, promise.zone)
    board = boards.board(promise, scope.queue)
    found = set(board.spans(zoned)) if board else set()
    if overdue := promise.measure.overdue:
        missed = (offered_ms for offered_ms in waiting if now_ms - offered_ms > overdue.after_ms)
        found.update(window.span(offered_ms + overdue.at_ms, promise.zone) for offered_ms in missed)
    return sorted(found)


def _counts(there: _There, window: Window, span: Span) -> Counts:
    boards, promise, scope, waiting, now_ms = there
    counts = counts_in(promise, scope, ZonedWindow(window, promise.zone), span, boards)
    overdue = promise.measure.overdue
    return with_overdue(counts, overdue, waiting, span, now_ms) if overdue else counts


def _figure(promise: Promise, place: Place, counts: Counts) -> Figure:
    reading = promise.measure.read(counts, promise.objective.measure)
    return Figure(
        contract=promise.contract,
        objective=promise.objective.name,
        client=promise.client,
        queue=place.queue,
        window=promise.windows[place.window].name,
        start=datetime.fromtimestamp(place.span.start_ms / 1000, promise.zone),
        end=datetime.fromtimestamp(place.span.end_ms / 1000, promise.zone),
        numerator=reading.numerator,
        denominator=reading.denominator,
        value=value_of(reading),
        unit=promise.measure.unit,
        at_most=promise.objective.target.at_least is None,
        state=judge(reading, promise.objective).state,
    )
