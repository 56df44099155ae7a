"""Every figure of every objective, window by window: what a backtest prints and an auditor compares."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any, Literal, NamedTuple

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
from sla_stream.scopes import Counted, Scope, boards_of, counted_between, counted_in, missed_at, scopes_of
from sla_stream.slices import of_intervals
from sla_stream.verdict import judge, value_of
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
    excluded: int
    finality: Finality

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
        }


class Place(NamedTuple):
    """A window of a promise in one of its scopes; promises and windows by their numbers in the contracts.

    Sorted, they are in the order of the contracts; `order` is that of the scopes of one promise. Where a window is
    made of intervals, `part_ms` begins one. Apart from what is counted, there is what is left out by an exclusion,
    and whether anything was adjusted.
    """

    promise: int
    order: int
    queue: str | None
    window: int
    span: Span
    stands: Finality
    kind: Literal["adjusted", "counted", "excluded"]
    part_ms: int


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
    for place, parts in groupby(sorted(counts), key=lambda place: place._replace(kind="counted", part_ms=0)):
        promise, _ = versions[place.promise]
        yield _figure(promise, place, [(part, counts[part]) for part in parts])


def _versions(promises: Promises) -> Iterator[tuple[Promise, Span]]:
    """Every promise of every contract, and from when to when it is in force."""
    for agreement in promises.agreements:
        starts = [version.start_ms for version in agreement.versions]
        for version, span in zip(agreement.versions, pairwise([*starts, _FOREVER_MS]), strict=True):
            for promise in version.promises:
                yield promise, Span(*span)


def _counted(boards: Boards, number: int, promise: Promise, in_force: Span) -> Iterator[tuple[Place, Counts]]:
    feeds = (boards.feed(FeedKey(promise.client, channel)) for channel in promise.channels)
    now_ms = max((heard.watermark_ms for heard in feeds if heard), default=None)
    for scope in scopes_of(promise, boards) if now_ms is not None else ():
        there = _There(boards, promise, scope, now_ms or 0)
        for window_number, window in enumerate(promise.windows):
            for span in _spans(there, window):
                if in_force.start_ms <= span.start_ms < in_force.end_ms:
                    stands = finality(span, promise.finalise_ms, there.now_ms, is_restated=False)
                    order = _order(promise, scope)
                    place = Place(number, order, scope.queue, window_number, span, stands, "counted", 0)
                    yield from _parts(there, place, Aim(promise, ZonedWindow(window, promise.zone), span))


def _order(promise: Promise, scope: Scope) -> int:
    """All together first, then the queues that the contract names in its order; those it does not, by name."""
    named = promise.objective.queues
    if scope.queue is None:
        return -1
    return 0 if named == "all" else named.index(scope.queue)


class _There(NamedTuple):
    """Where and as of when boards are read."""

    boards: Boards
    promise: Promise
    scope: Scope
    now_ms: int


def _spans(there: _There, window: Window) -> list[Span]:
    """Of a rolling window only the last one: the others overlap."""
    boards, promise, scope, now_ms = there
    if window.rolls:
        return [window.span(now_ms, promise.zone)]
    zoned = ZonedWindow(window, promise.zone)
    found = {span for board in boards_of(promise, scope, boards) for span in board.spans(zoned)}
    found.update(window.span(at_ms, promise.zone) for at_ms in missed_at(promise, scope, now_ms, boards))
    return sorted(found)


def _parts(there: _There, place: Place, aim: Aim) -> Iterator[tuple[Place, Counts]]:
    for part_ms, counted in _of_parts(there, aim):
        yield place._replace(part_ms=part_ms), counted.counts
        yield place._replace(part_ms=part_ms, kind="excluded"), counted.excluded
    if there.boards.is_restated(there.promise, there.scope.queues, aim.span):
        yield place._replace(kind="adjusted"), {"adjusted": 1}


def _of_parts(there: _There, aim: Aim) -> Iterator[tuple[int, Counted]]:
    """What counts in the window, or in each of its intervals."""
    boards, promise, scope, now_ms = there
    if aim.interval is None:
        yield 0, counted_in(promise, scope, aim.zoned, aim.span, now_ms, boards)
        return
    for part in aim.intervals():
        yield part.start_ms, counted_between(promise, scope, part, now_ms, boards)


def _figure(promise: Promise, place: Place, parts: Iterable[tuple[Place, Counts]]) -> Figure:
    aim = Aim(promise, ZonedWindow(promise.windows[place.window], promise.zone), place.span)
    spec, by_kind = promise.objective.measure, dict[str, list[Counts]]()
    for part, counts in parts:
        by_kind.setdefault(part.kind, []).append(counts)
    readings = [promise.measure.read(counts, spec) for counts in by_kind.get("counted", [{}])]
    reading = of_intervals(readings, promise.objective) if aim.interval else readings[0]
    shown = as_shown(reading)
    return Figure(
        contract=promise.contract,
        objective=promise.objective.name,
        client=promise.client,
        queue=place.queue,
        window=aim.zoned.window.name,
        start=datetime.fromtimestamp(place.span.start_ms / 1000, promise.zone),
        end=datetime.fromtimestamp(place.span.end_ms / 1000, promise.zone),
        numerator=shown.numerator,
        denominator=shown.denominator,
        value=value_of(reading),
        unit=aim.unit,
        at_most=aim.target.at_least is None,
        state=judge(reading, promise.objective, aim.target).state,
        excluded=sum(promise.measure.read(counts, spec).sample for counts in by_kind.get("excluded", ())),
        finality="restated" if "adjusted" in by_kind and place.stands != "open" else place.stands,
    )
