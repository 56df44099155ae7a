"""What the door shows of the service levels: the picture, who reads it, and who looks at it, joined together."""

import asyncio
from collections.abc import Callable, Sequence
from http import HTTPStatus

from agents.settings import Settings
from agents.web.hub import Hub
from agents.web.problems import Problem
from agents.web.reader import Reader, monotonic_ms
from sla_stream.picture import Picture, Said
from sla_stream.promises import Promises


class Wall:
    """Started and stopped with the door."""

    def __init__(self, settings: Settings, promises: Promises, now_ms: Callable[[], int]) -> None:
        self.promises = promises
        self.picture = Picture(promises)
        self.hub = Hub(self.picture, monotonic_ms)
        self._reader = Reader(settings, self.hear, now_ms)
        self._whole = self._broken = False

    def adopt(self, promises: Promises) -> None:
        """Show what other contracts promise from here on."""
        self.promises = promises
        self.picture.adopt(promises)
        self.hub.moved()

    def require_whole(self) -> None:
        """Raise `Problem` until the topics have been read to their end: half a picture looks like a whole one."""
        if self._broken:
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "The topics cannot be read; see the worker's log.")
        if not self._whole:
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "The topics are still being read.", {"Retry-After": "1"})

    def start(self) -> None:
        """Begin to read, and to tell."""
        self._reader.start()
        self._telling = asyncio.create_task(self.hub.run())

    async def stop(self) -> None:
        """Let everybody go."""
        self._telling.cancel()
        self.hub.close()
        await self._reader.stop()

    def hear(self, said: Sequence[Said] | None, *, whole: bool) -> None:
        """What was read of the topics; None: nothing can be read any more."""
        if said is None:
            self._broken = True
            self.hub.close()
            return
        self.picture.take(said, monotonic_ms())
        self._whole = whole
        self.hub.moved()
