"""A way to a broker on which writes to a topic can be held up, as a network or a slow disk does.

A topic's `min.insync.replicas` is no means to it: of one copy, a broker never wants more than one in sync.
"""

import asyncio
import threading
from contextlib import closing, suppress
from types import TracebackType
from typing import Self, TypeAlias

from tests.parts.ports import free_port

Requests: TypeAlias = "asyncio.Queue[bytes | None]"

_PRODUCE = 0
_LOOK_S = 0.01
_READ_BYTES = 1 << 16


class Gate:
    """Listens where the broker says that it is to be found, and hands on what comes, request by request."""

    def __init__(self) -> None:
        self.address = f"127.0.0.1:{free_port()}"
        self._broker = ""
        self._closed: set[str] = set()
        self._waiting: list[set[str]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="gate")
        self._server: asyncio.Server

    @property
    def settings(self) -> dict[str, str]:
        """Of a broker behind it."""
        return {"advertised.listeners": f"PLAINTEXT://{self.address}"}

    def to(self, broker: str) -> Self:
        """Hand on to the broker at this address."""
        self._broker = broker
        return self

    def __enter__(self) -> Self:
        self._thread.start()
        host, port = self.address.split(":")
        starting = asyncio.start_server(self._connect, host, int(port))
        self._server = asyncio.run_coroutine_threadsafe(starting, self._loop).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def close(self, topic: str) -> None:
        """Hold up every write to the topic that comes from now on, and whatever its sender sends after it."""
        self._closed.add(topic)

    def open(self, topic: str) -> None:
        """Hand on what was held up, unless its sender has gone."""
        self._closed.discard(topic)

    def holds(self, topic: str) -> bool:
        """Whether a write to the topic waits."""
        return any(topic in topics for topics in self._waiting)

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self._server.close()
        await asyncio.sleep(_LOOK_S)  # connections are closed by the loop's next turn

    async def _connect(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        with closing(to_client), suppress(OSError):
            broker, to_broker = await asyncio.open_connection(*self._broker.split(":"))
            requests: Requests = asyncio.Queue()
            reading = asyncio.create_task(_read(client, requests))
            answers = asyncio.create_task(_hand_back(broker, to_client))
            try:
                with closing(to_broker):
                    while (request := await requests.get()) and await self._may_pass(request, reading):
                        to_broker.write(request)
                        await to_broker.drain()
            finally:
                reading.cancel()
                answers.cancel()

    async def _may_pass(self, request: bytes, reading: "asyncio.Task[None]") -> bool:
        """Wait while it is held up. False: whoever sent it has gone meanwhile."""
        is_write = int.from_bytes(request[4:6]) == _PRODUCE
        topics = {topic for topic in self._closed if is_write and topic.encode() in request}
        self._waiting.append(topics)
        try:
            while topics & self._closed:
                await asyncio.sleep(_LOOK_S)
                if reading.done():
                    return False
        finally:
            self._waiting.remove(topics)
        return True


async def _read(client: asyncio.StreamReader, requests: Requests) -> None:
    """Request by request: its length and so many bytes; None when there will be no more."""
    with suppress(OSError, asyncio.IncompleteReadError):
        while True:
            length = await client.readexactly(4)
            requests.put_nowait(length + await client.readexactly(int.from_bytes(length)))
    requests.put_nowait(None)


async def _hand_back(broker: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
    with closing(to_client), suppress(OSError):
        while answer := await broker.read(_READ_BYTES):
            to_client.write(answer)
            await to_client.drain()
