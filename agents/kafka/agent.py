"""Running an agent over chunks: handled in order, acknowledged in the same order once all is durable."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from itertools import takewhile
from typing import Any, TypeAlias, cast

import faust
from faust.streams import Stream
from faust.types import AgentT, EventT, StreamT, TopicT

from agents.kafka.chunk import Chunk, chunk_in
from agents.kafka.exits import Exit, leave
from agents.kafka.transport import consumer_of, transport_of

Writes: TypeAlias = Sequence["asyncio.Future[Any]"]
Handle: TypeAlias = Callable[[Chunk], Awaitable[Writes]]
Settle: TypeAlias = Callable[[Sequence[Chunk]], Awaitable[None]]

_MAX_PENDING = 16

#: So many turns of the loop after a chunk that others must not wait for: an alert on its way takes several.
_TURNS_OF_OTHERS = 10


class Abandoned(Exception):  # noqa: N818 - it says what became of the work
    """Raised by an awaitable of `handle`: the partition is being taken away, and another is to do this again."""


def chunk_agent(
    app: faust.App, topic: TopicT, handle: Handle, *, after_durable: Settle | None = None, name: str | None = None
) -> AgentT[Any]:
    """Have `handle` take each chunk of a topic and return the writes that it must outlive.

    When they are done, `after_durable` may write where the state now stands, for all chunks at once that have got
    so far; only then are they acknowledged. Whatever fails ends the process: a chunk that is not acknowledged will
    be handled again, nothing is skipped.
    """

    async def run(stream: StreamT[Any]) -> None:
        await _Run(app, cast("Stream[Any]", stream).noack(), handle, after_durable or _nothing).until_stopped()

    return app.agent(topic, name=name or f"chunks:{topic.get_topic_name()}")(run)


async def _nothing(_: Sequence[Chunk]) -> None:
    pass


class _Run:
    def __init__(self, app: faust.App, stream: StreamT[Any], handle: Handle, after_durable: Settle) -> None:
        self._app = app
        self._stream = stream
        self._handle = handle
        self._after_durable = after_durable
        self._room = asyncio.Semaphore(_MAX_PENDING)
        self._pending: asyncio.Queue[tuple[EventT[Any], Writes]] = asyncio.Queue()

    async def until_stopped(self) -> None:
        acknowledging = asyncio.create_task(self._acknowledge())
        try:
            async for event in self._stream.events():
                await self._room.acquire()
                self._pending.put_nowait((event, await self._handled(chunk_in(event.message))))
                await self._give_way(event.message.topic)
        finally:
            acknowledging.cancel()

    async def _give_way(self, topic: str) -> None:
        """The loop has heartbeats, timers and readers to serve."""
        for _ in range(_TURNS_OF_OTHERS if topic in transport_of(self._app).resting_topics else 1):
            await asyncio.sleep(0)

    async def _handled(self, chunk: Chunk) -> Writes:
        consumer_of(self._app).queued.discard(chunk.tp)
        try:
            return await self._handle(chunk)
        except Exception as error:  # noqa: BLE001 - Faust would skip the chunk and commit past it
            leave(Exit.AGENT_FAILED, f"{chunk} could not be handled", error)
        finally:
            chunk.let_go()

    async def _acknowledge(self) -> None:
        """Take together what is durable: one by one, small chunks would queue up for the broker's answers."""
        handled: deque[tuple[EventT[Any], Writes]] = deque()
        while True:
            if not handled:
                handled.append(await self._pending.get())
            if writes := handled[0][1]:
                await asyncio.wait(writes)
            while not self._pending.empty():
                handled.append(self._pending.get_nowait())
            ready = takewhile(lambda pending: all(write.done() for write in pending[1]), tuple(handled))
            await self._settle([handled.popleft() for _ in ready])

    async def _settle(self, handled: Sequence[tuple[EventT[Any], Writes]]) -> None:
        durable = [event for event, writes in handled if self._is_durable(event, writes)]
        chunks = [chunk_in(event.message) for event in durable]
        try:
            await self._after_durable(chunks)
        except Exception as error:  # noqa: BLE001 - what was not written must never be committed
            leave(Exit.WRITE_FAILED, f"{chunks} could not be made durable", error)
        for event in durable:
            await self._stream.ack(event)
        for _ in handled:
            self._room.release()

    def _is_durable(self, event: EventT[Any], writes: Writes) -> bool:
        try:
            for write in writes:
                write.result()
        except Abandoned:
            consumer_of(self._app).abandon(event.message)
            return False
        except Exception as error:  # noqa: BLE001 - what was not written must never be committed
            leave(Exit.WRITE_FAILED, f"{chunk_in(event.message)} could not be made durable", error)
        return True
