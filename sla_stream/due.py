"""What is still to be done, as the bench knows it: how much of it is open, late, or falls due soon."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from schemas.tallies import DueMessage

#: Due at no instant: after all others.
_NEVER_MS = 1 << 62


class Due(NamedTuple):
    """When something falls due, and the instant whose pane it counts in (epoch ms)."""

    due_ms: int
    at_ms: int


class Promised:
    """What is to be done for one measure in one queue, as each partition tells it; the higher offset wins."""

    __slots__ = ("_all", "_told")

    def __init__(self) -> None:
        #: Source and quarter-hour -> the offset that it reflects, and what is open.
        self._told: dict[tuple[str, int], tuple[int, tuple[Due, ...]]] = {}
        self._all: list[Due] | None = None

    def replace(self, message: DueMessage) -> None:
        """Take what a partition tells of a quarter-hour in place of what it told before."""
        place = message.source, message.start
        if self._told.get(place, (-1, ()))[0] <= message.offset:
            due = tuple(Due(due_ms or _NEVER_MS, at_ms) for at_ms, due_ms in message.due)
            self._told[place] = (message.offset, due)
            self._all = None

    def prune(self, kept_from_ms: int) -> None:
        """Forget quarter-hours before the instant in which nothing is open."""
        self._told = {place: told for place, told in self._told.items() if told[1] or place[1] >= kept_from_ms}

    def open_in(self) -> Iterator[tuple[str, int]]:
        """The sources, and their quarter-hours, in which anything is open."""
        return (place for place, (_, due) in self._told.items() if due)

    def by_due(self) -> list[Due]:
        """Everything that is open, in the order in which it falls due. Not to be changed."""
        if self._all is None:
            self._all = sorted(chain.from_iterable(due for _, due in self._told.values()))
        return self._all


class Open:
    """What is to be done for one measure in some queues."""

    __slots__ = ("_queues",)

    def __init__(self, queues: Iterable[Promised]) -> None:
        self._queues = [due for queue in queues if (due := queue.by_due())]

    def count(self) -> int:
        """How much is open."""
        return sum(map(len, self._queues))

    def late(self, now_ms: int) -> int:
        """How much of it should be done by now: at the instant itself it is still in time."""
        return sum(self._late(due, now_ms) for due in self._queues)

    def due_until(self, now_ms: int, end_ms: int) -> int:
        """How much falls due from now on until the instant, that included."""
        return sum(bisect_right(due, (end_ms, _NEVER_MS)) - self._late(due, now_ms) for due in self._queues)

    def late_in(self, start_ms: int, end_ms: int, now_ms: int) -> int:
        """How much of what is late counts between two instants, the second not included."""
        late = (due[: self._late(due, now_ms)] for due in self._queues)
        return sum(start_ms <= one.at_ms < end_ms for one in chain.from_iterable(late))

    def late_at(self, now_ms: int) -> Iterator[int]:
        """The instants in whose panes something counts that is late."""
        for due in self._queues:
            yield from (one.at_ms for one in due[: self._late(due, now_ms)])

    @staticmethod
    def _late(due: list[Due], now_ms: int) -> int:
        return bisect_left(due, (now_ms, 0))
