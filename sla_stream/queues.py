"""Who waits in the queues of a feed, told by the queue: where somebody came or went."""

from sla_stream.changes import ContactName
from sla_stream.life import Life, Stage

#: An enumeration looks its members up each time, which once per fact is too often.
_WAITING = Stage.WAITING


class Queues:
    """By queue and contact, so that one who comes or goes tells of one queue anew and not of all."""

    __slots__ = ("_moved", "waiting")

    def __init__(self) -> None:
        #: Queue -> who waits there -> since when (epoch ms).
        self.waiting: dict[str, dict[ContactName, int]] = {}
        self._moved: set[str] = set()

    def move(self, name: ContactName, before: Life, after: Life) -> None:
        """How a contact lived, and how it does now."""
        if before == after:  # a ticket waits while much is told of it
            return
        if before.stage is _WAITING:
            self.waiting[before.queue].pop(name, None)
            self._moved.add(before.queue)
        if after.stage is _WAITING:
            self.waiting.setdefault(after.queue, {})[name] = after.offered_ms
            self._moved.add(after.queue)

    def mark(self, queue: str) -> None:
        """Tell of this queue again: before a crash it may not have been."""
        self._moved.add(queue)

    def tell(self) -> dict[str, list[int]]:
        """Since when all wait (epoch ms, ascending) where anybody came or went since this was last asked."""
        moved, self._moved = self._moved, set()
        return {queue: sorted(self.waiting.get(queue, {}).values()) for queue in moved}
