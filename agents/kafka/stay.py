"""Lets work that is no chunk hold on to the partitions: a rebalance waits for it as for chunks."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic


class Stay:
    """Between two rebalances. `on_settled` is told how long the partitions were on the move (s)."""

    def __init__(self, on_settled: Callable[[float], None]) -> None:
        self._on_settled = on_settled
        self._moving_since = monotonic()
        self._settled = asyncio.Event()
        self._nobody_works = asyncio.Event()
        self._nobody_works.set()
        self._workers = 0

    def begin(self) -> None:
        """The partitions have come to rest: state is recovered and sources are open."""
        if not self._settled.is_set():
            self._on_settled(monotonic() - self._moving_since)
        self._settled.set()

    def end(self) -> None:
        """The partitions are about to move: nobody new may start."""
        if self._settled.is_set():
            self._moving_since = monotonic()
        self._settled.clear()

    async def left(self) -> None:
        """Wait until nobody works any more."""
        await self._nobody_works.wait()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[None]:
        """Wait for the partitions to come to rest, and keep them until the body is done."""
        await self._settled.wait()
        self._workers += 1
        self._nobody_works.clear()
        try:
            yield
        finally:
            self._workers -= 1
            if not self._workers:
                self._nobody_works.set()
