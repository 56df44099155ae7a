"""The same two doors over facts from a file: what would this contract have shown?"""

from collections.abc import Iterable, Sequence

from schemas.dead_letters import Rejected
from schemas.facts import Fact
from schemas.resolutions import ContactTouch
from schemas.words import EARLIEST_MS
from sla_stream.boards import Boards
from sla_stream.changes import Changes, Position
from sla_stream.counting import Counting
from sla_stream.messages import messages_of, touches_of
from sla_stream.promises import Promises
from sla_stream.resolutions import Resolutions, TouchBatch

#: All of a file is one partition, and so are all customers in it.
_SOURCE, _CUSTOMERS = "file/0", "customers/0"

#: Nobody looks at the boards before the end, so they are told seldom: what is told costs much more than a message.
_TELL_AFTER = 200_000


class Backtest:
    """Counts what it is fed; once done, `boards` and `position` hold the outcome. Event time is the watermark."""

    def __init__(self, promises: Promises) -> None:
        self.boards = Boards(promises)
        self._counting = Counting(promises)
        self._resolutions = Resolutions(promises)
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
        self._tell(_SOURCE, changes, self._counting.forget(durable_offset=self._last))
        self._count_by_customer(touches_of(changes, _SOURCE))
        self._begin()

    def _count_by_customer(self, touches: Iterable[ContactTouch]) -> None:
        messages = list(enumerate(touches, self._resolutions.position.offset + 1))
        if messages:
            last, _ = messages[-1]
            changes = self._resolutions.observe(TouchBatch(messages, last))
            self._tell(_CUSTOMERS, changes, self._resolutions.forget(last))

    def _tell(self, source: str, *several: Changes) -> None:
        for changes in several:
            heard_ms = max(changes.position.watermarks.values(), default=EARLIEST_MS)
            for message in messages_of(changes, source, heard_ms):
                self.boards.observe(message)

    def _begin(self) -> None:
        self._changes = Changes(self._counting.position)
        self._last, self._untold = self._counting.position.offset, 0
