"""How many contacts are expected: of every queue and quarter-hour, what was said last."""

from schemas.facts import Forecast
from sla_stream.changes import FeedKey, QueueKey
from sla_stream.panes import QUARTER_MS, quarter_of


class Forecasts:
    """Nothing is known of a queue before anything was said."""

    def __init__(self) -> None:
        #: Quarter-hour -> when it was said, and how many.
        self._said: dict[QueueKey, dict[int, tuple[int, int]]] = {}

    def take(self, forecast: Forecast) -> None:
        """Take what is said, unless something later is known."""
        said = self._said.setdefault(QueueKey(forecast.client, forecast.channel, forecast.queue), {})
        quarter_ms, word = quarter_of(forecast.start), (forecast.at, forecast.contacts)
        said[quarter_ms] = max(word, said.get(quarter_ms, word))

    def contacts(self, key: QueueKey, start_ms: int, end_ms: int) -> int | None:
        """How many are expected in a span of time; None where nothing was said of it. Of a part, its share."""
        said = self._said.get(key, {})
        parts = [
            (min(quarter_ms + QUARTER_MS, end_ms) - max(quarter_ms, start_ms), contacts)
            for quarter_ms, (_, contacts) in said.items()
            if quarter_ms < end_ms and quarter_ms + QUARTER_MS > start_ms
        ]
        return sum(part_ms * contacts for part_ms, contacts in parts) // QUARTER_MS if parts else None

    def drop(self, feed: FeedKey, before_ms: int) -> None:
        """Forget what was said of a feed's time before an instant."""
        for key, said in self._said.items():
            if (key.client, key.channel) == feed:
                self._said[key] = {at_ms: word for at_ms, word in said.items() if at_ms >= before_ms}
