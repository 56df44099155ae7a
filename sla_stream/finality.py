"""May a window's figure still change? Open, provisional, final; restated, when something came after all."""

from collections.abc import Container
from typing import NamedTuple

from schemas.adjustments import Adjustment
from schemas.verdicts import Finality
from sla_stream.changes import FeedKey
from sla_stream.promises import Promise
from sla_stream.windows import Span


def finality(span: Span, finalise_ms: int, watermark_ms: int, *, is_restated: bool) -> Finality:
    """By how far the feed's clock has come (all epoch ms): final from the very instant at which the time is up."""
    if watermark_ms < span.end_ms:
        return "open"
    if is_restated:
        return "restated"
    return "provisional" if watermark_ms < span.end_ms + finalise_ms else "final"


class _Change(NamedTuple):
    """A change of the minute that begins with the first instant, when the feed's clock showed the second."""

    queue: str
    start_ms: int
    clock_ms: int


class Adjustments:
    """Where something final has changed, and when. They are few."""

    def __init__(self) -> None:
        self._changes: dict[tuple[FeedKey, str], set[_Change]] = {}

    def take(self, adjustment: Adjustment) -> None:
        """Know of one; a second time changes nothing."""
        place = FeedKey(adjustment.client, adjustment.channel), adjustment.measure
        change = _Change(adjustment.queue, adjustment.start, adjustment.clock)
        self._changes.setdefault(place, set()).add(change)

    def came_to(self, feed: FeedKey, promise: Promise, queues: Container[str], span: Span) -> bool:
        """Whether a window of the promise, which is final later than its minutes are, has changed since."""
        final_ms = span.end_ms + promise.finalise_ms
        return any(
            span.start_ms <= change.start_ms < span.end_ms
            and change.clock_ms >= final_ms
            and change.queue in queues
            for change in self._changes.get((feed, promise.measure.key), ())
        )

    def drop(self, feed: FeedKey, before_ms: int) -> None:
        """Forget those of a feed's time before an instant."""
        for (of, measure), changes in self._changes.items():
            if of == feed:
                self._changes[of, measure] = {change for change in changes if change.start_ms >= before_ms}
