"""Readings of windows, with what is remembered from one look to the next so that each look costs little."""

from typing import NamedTuple

from schemas.tallies import Counts
from sla_stream.aim import Aim
from sla_stream.board import ZonedWindow
from sla_stream.boards import Boards
from sla_stream.expecting import Expected, Expecting
from sla_stream.measures import Reading
from sla_stream.panes import MINUTE_MS, QUARTER_MS, minute_of, quarter_of
from sla_stream.prospects import Ahead
from sla_stream.scopes import Scope, counted_between, counted_in
from sla_stream.slices import Slices
from sla_stream.verdict import Part
from sla_stream.windows import Span, Window


class Read(NamedTuple):
    """The value of a window, and how many contacts are left out of it.

    `parts` is what the contacts came to, where the value does not say it all.
    """

    reading: Reading
    excluded: int
    parts: Counts | None = None


class _Outlook(NamedTuple):
    """What is expected from a quarter-hour on, and what came of late, as of that quarter-hour."""

    aim: Aim
    quarter_ms: int
    expected: Expected | None
    recent: Reading | Part


#: Contract, objective, queue and window.
_Place = tuple[str, str, str | None, str]


class Reader:
    """Reads the boards of one set of promises."""

    def __init__(self, boards: Boards) -> None:
        self.boards = boards
        self._expecting = Expecting(boards)
        self._slices: dict[_Place, Slices] = {}
        self._outlooks: dict[_Place, _Outlook] = {}

    def read(self, aim: Aim, scope: Scope, now_ms: int) -> Read:
        """The value of a window. Those who are missed while they wait count, too."""
        if interval := aim.interval:
            slices = self._slices.get(_place(aim, scope))
            if slices is None or slices.aim != aim or slices.scope != scope:
                slices = self._slices[_place(aim, scope)] = Slices(aim, scope, interval)
            return Read(slices.read(self.boards, now_ms), slices.excluded)
        promise, zoned, span = aim
        counted = counted_in(promise, scope, zoned, span, now_ms, self.boards)
        measure, spec = promise.measure, promise.objective.measure
        excluded = measure.read(counted.excluded, spec).sample if counted.excluded else 0
        parts = measure.parts(counted.counts) if measure.by == "customer" else None
        return Read(measure.read(counted.counts, spec), excluded, parts)

    def ahead(self, aim: Aim, scope: Scope, now_ms: int) -> Ahead | None:
        """What is still to come of a window of the calendar; None where nothing tells.

        Looked up once in a quarter-hour, of which the rest is then expected in proportion, by the minute.
        """
        outlook = self._outlooks.get(_place(aim, scope))
        if outlook is None or outlook.quarter_ms != quarter_of(now_ms) or outlook.aim != aim:
            outlook = self._outlooks[_place(aim, scope)] = self._outlook(aim, scope, now_ms)
        if outlook.expected is None:
            return None
        first, later, estimated = outlook.expected
        if interval := aim.interval:
            slices, running = self._slices[_place(aim, scope)], _running(aim, interval, now_ms)
            whole, part = slices.whole, slices.between(*running)
            over = Part(whole.numerator - part.numerator, whole.denominator - part.denominator)
            # The running one counts if anybody has come already.
            expected = round(later + (part.denominator or first))
            return Ahead(expected, estimated, outlook.recent, over)
        left_ms = outlook.quarter_ms + QUARTER_MS - minute_of(now_ms)
        return Ahead(round(later + first * left_ms / QUARTER_MS), estimated, outlook.recent)

    def thirds(self, aim: Aim, scope: Scope, now_ms: int) -> tuple[Reading, Reading] | None:
        """The oldest and the newest third of a rolling window; None: it is too short to have any."""
        (promise, zoned, span), spec = aim, aim.promise.objective.measure
        length_ms = zoned.window.length_ms // 3 // MINUTE_MS * MINUTE_MS
        if not length_ms:
            return None
        parts = {
            "oldest": Span(span.start_ms, span.start_ms + length_ms),
            "newest": Span(span.end_ms - length_ms, span.end_ms),
        }
        oldest, newest = (
            counted_in(promise, scope, _third(zoned, name, length_ms), part, now_ms, self.boards).counts
            for name, part in parts.items()
        )
        return promise.measure.read(oldest, spec), promise.measure.read(newest, spec)

    def _outlook(self, aim: Aim, scope: Scope, now_ms: int) -> _Outlook:
        promise, quarter_ms = aim.promise, quarter_of(now_ms)
        recent_ms = quarter_of(quarter_ms - (quarter_ms - aim.span.start_ms) // 3)
        if interval := aim.interval:
            running = _running(aim, interval, now_ms)
            expected = self._expecting.expected(aim, scope, Span(running.start_ms, aim.span.end_ms))
            late = self._slices[_place(aim, scope)].between(recent_ms, running.start_ms)
            return _Outlook(aim, quarter_ms, expected, late)
        recent = counted_between(promise, scope, Span(recent_ms, quarter_ms), now_ms, self.boards).counts
        return _Outlook(
            aim,
            quarter_ms,
            self._expecting.expected(aim, scope, Span(quarter_ms, aim.span.end_ms)),
            promise.measure.read(recent, promise.objective.measure),
        )


def _place(aim: Aim, scope: Scope) -> _Place:
    promise = aim.promise
    return promise.contract, promise.objective.name, scope.queue, aim.zoned.window.name


def _running(aim: Aim, interval: Window, now_ms: int) -> Span:
    """The interval that holds the instant, as far as the window does."""
    start_ms, end_ms = interval.span(now_ms, aim.promise.zone)
    return Span(max(start_ms, aim.span.start_ms), min(end_ms, aim.span.end_ms))


def _third(zoned: ZonedWindow, name: str, length_ms: int) -> ZonedWindow:
    return ZonedWindow(Window(f"{name} third of {zoned.window.name}", "rolling", length_ms), zoned.zone)
