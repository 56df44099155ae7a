"""The same two doors over facts from a file: what would this contract have shown?"""

from collections.abc import Sequence

from schemas.dead_letters import Rejected
from schemas.facts import Fact
from schemas.words import EARLIEST_MS
from sla_stream.boards import Boards
from sla_stream.changes import Changes, Position
from sla_stream.counting import Counting
from sla_stream.messages import adjustments_of, messages_of
from sla_stream.promises import Promises

#: All of a file is one partition.
_SOURCE = "file/0"

#: Nobody looks at the boards before the end, so they are told seldom: what is told costs much more than a message.
_TELL_AFTER = 200_000


class Backtest:
    """Counts what it is fed; once done, `boards` and `position` hold the outcome. Event time is the watermark."""

    def __init__(self, promises: Promises) -> None:
        self.boards = Boards(promises)
        self._counting = Counting(promises)
        self._begin()

    @property
    def position(self) -> Position:
        """How many messages were counted, by result."""
        return self._counting.position

    def feed(self, messages: Sequence[tuple[int, Fact | Rejected]]) -> None:
        """Count messages with their line numbers, ascending."""
        if messages:
            self._counting.take(messages, self._changes)
            self._last = messages[-1][0]
            self._untold += len(messages)
        if self._untold >= _TELL_AFTER:
            self.done()

    def done(self) -> None:
        """Put on the boards what was counted; more may follow."""
        changes = self._counting.complete(self._changes, self._last)
        for change in (changes, self._counting.forget(durable_offset=self._last)):
            heard_ms = max(change.position.watermarks.values(), default=EARLIEST_MS)
            for message in messages_of(change, _SOURCE, heard_ms):
                self.boards.observe(message)
            for adjustment in adjustments_of(change, _SOURCE):
                self.boards.restate(adjustment)
        self._begin()

    def _begin(self) -> None:
        self._changes = Changes(self._counting.position)
        self._last, self._untold = self._counting.position.offset, 0
