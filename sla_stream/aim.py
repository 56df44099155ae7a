"""What is judged of a promise: one span of one of its windows."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from schemas.policies import Target
from schemas.words import Unit
from sla_stream.board import ZonedWindow
from sla_stream.promises import Promise
from sla_stream.windows import Span, Window


class Aim(NamedTuple):
    """A value over these instants, held against a target."""

    promise: Promise
    zoned: ZonedWindow
    span: Span

    @property
    def interval(self) -> Window | None:
        """The intervals that make up the value; None: all contacts weigh the same."""
        promise, name = self.promise, self.zoned.window.name
        return promise.interval if promise.objective.is_of_intervals(name) else None

    def intervals(self) -> Iterator[Span]:
        """Those that make up the window, from its start to its end."""
        interval, at_ms = self.interval, self.span.start_ms
        while interval and at_ms < self.span.end_ms:
            end_ms = min(interval.span(at_ms, self.promise.zone).end_ms, self.span.end_ms)
            yield Span(at_ms, end_ms)
            at_ms = end_ms

    @property
    def target(self) -> Target:
        """What the value is held against."""
        return self.promise.objective.target_over(self.zoned.window.name)

    @property
    def unit(self) -> Unit:
        """What the value is."""
        promise = self.promise
        return "ratio" if promise.objective.intervals_met and self.interval else promise.measure.unit


def aims_of(promise: Promise, windows: Iterable[Window], at_ms: int) -> list[Aim]:
    """The spans of some of a promise's windows that hold the instant."""
    zone = promise.zone
    return [Aim(promise, ZonedWindow(window, zone), window.span(at_ms, zone)) for window in windows]
