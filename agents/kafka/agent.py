"""Running an agent over chunks: handled in order, acknowledged in the same order once all is durable."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias, cast

import faust
from faust.streams import Stream
from faust.types import AgentT, EventT, StreamT, TopicT

from agents.kafka.chunk import Chunk, chunk_in
from agents.kafka.exits import Exit, leave
from agents.kafka.transport import consumer_of

Handle: TypeAlias = Callable[[Chunk], Awaitable[Sequence[Awaitable[object]]]]

_MAX_PENDING = 16


class Abandoned(Exception):  # noqa: N818 - it says what became of the work
    """Raised by an awaitable of `handle`: the partition is being taken away, and another is to do this again."""


def chunk_agent(
    app: faust.App, topic: TopicT, handle: Handle, *, after_durable: Handle | None = None, name: str | None = None
) -> AgentT[Any]:
    """Have `handle` take each chunk of a topic and return the writes that it must outlive.

    When they are done, `after_durable` may write where the state now stands; only then is the chunk
    acknowledged. Whatever fails ends the process: the chunk will be handled again, nothing is skipped.
    """

    async def run(stream: StreamT[Any]) -> None:
        await _Run(app, cast("Stream[Any]", stream).noack(), handle, after_durable or _nothing).until_stopped()

    return app.agent(topic, name=name or f"chunks:{topic.get_topic_name()}")(run)


async def _nothing(_: Chunk) -> Sequence[Awaitable[object]]:
    return ()


class _Run:
    def __init__(self, app: faust.App, stream: StreamT[Any], handle: Handle, after_durable: Handle) -> None:
        self._app = app
        self._stream = stream
        self._handle = handle
        self._after_durable = after_durable
        self._room = asyncio.Semaphore(_MAX_PENDING)
        self._pending: asyncio.Queue[tuple[EventT[Any], Sequence[Awaitable[object]]]] = asyncio.Queue()

    async def until_stopped(self) -> None:
        acknowledging = asyncio.create_task(self._acknowledge())
        try:
            async for event in self._stream.events():
                await self._room.acquire()
                self._pending.put_nowait((event, await self._handled(chunk_in(event.message))))
                # The loop has heartbeats, timers and readers to serve.
                await asyncio.sleep(0)
        finally:
            acknowledging.cancel()

    async def _handled(self, chunk: Chunk) -> Sequence[Awaitable[object]]:
        if not len(chunk):
            return ()
        try:
            return await self._handle(chunk)
        except Exception as error:  # noqa: BLE001 - Faust would skip the chunk and commit past it
            leave(Exit.AGENT_FAILED, f"{chunk} could not be handled", error)

    async def _acknowledge(self) -> None:
        while True:
            event, durables = await self._pending.get()
            chunk = chunk_in(event.message)
            try:
                await _all_done(durables)
                await _all_done(await self._after_durable(chunk) if len(chunk) else ())
                await self._stream.ack(event)
            except Abandoned:
                consumer_of(self._app).abandon(event.message)
            except Exception as error:  # noqa: BLE001 - what was not written must never be committed
                leave(Exit.WRITE_FAILED, f"{chunk} could not be made durable", error)
            self._room.release()


async def _all_done(durables: Sequence[Awaitable[object]]) -> None:
    for durable in durables:
        await durable
