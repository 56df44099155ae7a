"""Who waits: the instants at which they were offered."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain


class Queued:
    """Who waits in one queue, as each source partition tells it; the higher offset wins."""

    __slots__ = ("_everybody", "_told")

    def __init__(self) -> None:
        self._told: dict[str, tuple[int, Sequence[int]]] = {}
        self._everybody: Sequence[int] | None = None

    def replace(self, source: str, offset: int, offered_at: Sequence[int]) -> None:
        """Take what a partition tells in place of what it told before."""
        if self._told.get(source, (-1, ()))[0] <= offset:
            self._told[source] = (offset, offered_at)
            self._everybody = None

    def since(self, earliest_ms: int) -> Sequence[int]:
        """Everybody who was offered at the instant or later, ascending."""
        if self._everybody is None:
            self._everybody = sorted(chain.from_iterable(offered_at for _, offered_at in self._told.values()))
        everybody = self._everybody
        if not everybody or everybody[0] >= earliest_ms:
            return everybody
        return everybody[bisect_left(everybody, earliest_ms) :]


class Waiting:
    """Who waits in some queues. They are counted without looking at each."""

    __slots__ = ("_queues",)

    def __init__(self, queues: Sequence[Sequence[int]]) -> None:
        """Since when (epoch ms), ascending within each queue."""
        self._queues = [queue for queue in queues if queue]

    def __iter__(self) -> Iterator[int]:
        return (offered_ms for queue in self._queues for offered_ms in queue)

    def offered(self, start_ms: int, end_ms: int) -> int:
        """How many were offered from the first instant on and before the second."""
        if start_ms >= end_ms:
            return 0
        return sum(bisect_left(queue, end_ms) - bisect_left(queue, start_ms) for queue in self._queues)

    def first(self) -> int | None:
        """When the one was offered who has waited longest."""
        return min((queue[0] for queue in self._queues), default=None)
