"""The same two doors over facts from a file: what would this contract have shown?"""

from collections.abc import Iterable

from schemas.dead_letters import Rejected
from schemas.facts import Fact
from schemas.words import EARLIEST_MS
from sla_stream.boards import Boards
from sla_stream.changes import Position
from sla_stream.counting import Batch, Counting
from sla_stream.messages import messages_of
from sla_stream.promises import Promises

#: All of a file is one partition.
_SOURCE = "file/0"


class Backtest:
    """Counts what it is fed. `boards` and `position` hold the outcome; event time is the watermark."""

    def __init__(self, promises: Promises) -> None:
        self.boards = Boards(promises)
        self._counting = Counting(promises)

    @property
    def position(self) -> Position:
        """How many messages were counted, by result."""
        return self._counting.position

    def feed(self, messages: Iterable[tuple[int, Fact | Rejected]]) -> None:
        """Count a batch of messages with their line numbers, ascending."""
        batch = list(messages)
        if not batch:
            return
        changes = [self._counting.observe(Batch(batch, batch[-1][0]))]
        changes.append(self._counting.forget(durable_offset=batch[-1][0]))
        for change in changes:
            heard_ms = max(change.position.watermarks.values(), default=EARLIEST_MS)
            for message in messages_of(change, _SOURCE, heard_ms):
                self.boards.observe(message)
