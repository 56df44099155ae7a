"""What came in a window beside what was forecast for it, as far as it has passed."""

from collections.abc import Iterable, Iterator

from schemas.tallies import Counts
from sla_stream.boards import Boards
from sla_stream.changes import FeedKey
from sla_stream.panes import QUARTER_MS, quarter_of
from sla_stream.promises import Promise
from sla_stream.tally import add
from sla_stream.windows import Span


def against_forecast(promise: Promise, queues: Iterable[str], span: Span, now_ms: int, boards: Boards) -> Counts:
    """What counts in the quarter-hours of a span that have passed, and as `forecast` what was expected in them.

    Forecasts are made by the quarter-hour, so the one that has just begun is left out on both sides: beside the
    whole of its forecast, what came so far would look like too few. A queue without a forecast is left out too.
    """
    passed = Span(quarter_of(span.start_ms + QUARTER_MS - 1), quarter_of(min(span.end_ms, now_ms)))
    found: Counts = {}
    for counts in _of_queues(promise, queues, passed, boards):
        add(found, counts.items())
    return found


def _of_queues(promise: Promise, queues: Iterable[str], passed: Span, boards: Boards) -> Iterator[Counts]:
    for queue in queues:
        for channel in promise.channels:
            feed = FeedKey(promise.client, channel)
            forecast = boards.forecasts.expected(feed, queue, *passed)
            if forecast is not None:
                yield {"forecast": forecast}
                if board := boards.board(promise, channel, queue):
                    yield board.read_part(passed)
