"""What was forecast: how many contacts are expected in a queue, by the quarter-hour."""

from collections.abc import Iterator

from schemas.tallies import ForecastMessage
from sla_stream.changes import FeedKey
from sla_stream.panes import QUARTER_MS, quarter_of


class Forecasts:
    """The newest word for each quarter-hour, whichever partition told it."""

    def __init__(self) -> None:
        #: Feed and queue -> quarter-hour -> when it was said (epoch ms), and how many contacts.
        self._said: dict[tuple[FeedKey, str], dict[int, tuple[int, int]]] = {}

    def replace(self, feed: FeedKey, message: ForecastMessage) -> None:
        """Take what was said, unless something later is known. Of two words of one instant, the larger."""
        quarters = self._said.setdefault((feed, message.queue), {})
        quarter_ms, said = quarter_of(message.start), (message.said_at, message.contacts)
        quarters[quarter_ms] = max(said, quarters.get(quarter_ms, said))

    def expected(self, feed: FeedKey, queue: str, start_ms: int, end_ms: int) -> int | None:
        """Contacts that are expected from the first instant until the second (epoch ms); None if nothing was said.

        Both lie on quarter-hours.
        """
        quarters = self._said.get((feed, queue), {})
        found = [
            quarters[at_ms][1] for at_ms in range(quarter_of(start_ms), end_ms, QUARTER_MS) if at_ms in quarters
        ]
        return sum(found) if found else None

    def busy(self, feed: FeedKey, queue: str, start_ms: int, end_ms: int) -> Iterator[int]:
        """The quarter-hours from the first instant until the second in which anybody is expected."""
        quarters = self._said.get((feed, queue), {})
        for at_ms in range(quarter_of(start_ms), end_ms, QUARTER_MS):
            if at_ms in quarters and quarters[at_ms][1]:
                yield at_ms

    def prune(self, feed: FeedKey, kept_from_ms: int) -> None:
        """Drop what was forecast for the time before the instant."""
        for (of, queue), quarters in self._said.items():
            if of == feed:
                kept = {at_ms: said for at_ms, said in quarters.items() if at_ms >= kept_from_ms}
                self._said[of, queue] = kept
