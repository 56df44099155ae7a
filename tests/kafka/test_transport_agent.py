"""Invariant 4: a chunk is acknowledged after all its writes, in order, and not too many wait."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from typing import Any

import pytest
from faust.types import TP

from agents.kafka import Chunk, Exit, transport_of
from agents.kafka.agent import chunk_agent
from agents.kafka.schema import chunk_topic
from tests.kafka.counting_worker import make_app
from tests.kafka.leaving import ends_with

AT = TP("calls", 0)


class Event:
    """One chunk of one record, or of none, as a stream brings it."""

    def __init__(self, number: int, records: int = 1) -> None:
        self.message, self.topic = self, AT.topic
        offsets, nothing = [number] * records, [b""] * records
        self.value = Chunk.of(AT, (number, number + 1), offsets, [*nothing], [*nothing], [0] * records)


class Stream:
    """Forty chunks; what is acknowledged is noted."""

    def __init__(self, records: int = 1) -> None:
        self.acked: list[int] = []
        self._records = records

    def noack(self) -> "Stream":
        return self

    async def events(self) -> AsyncIterator[Event]:
        for number in range(40):
            yield Event(number, self._records)
        await asyncio.Future()

    async def ack(self, event: Event) -> None:
        self.acked.append(event.value.start)


class Writes:
    """Writes that are done when the test says so."""

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []
        self.handled: list[int] = []
        self.under_way: list[asyncio.Future[int]] = []
        self.settled: list[list[int]] = []

    async def handle(self, chunk: Chunk) -> Sequence[Any]:
        self.chunks.append(chunk)
        self.handled.append(len(chunk))
        self.under_way.append(asyncio.get_running_loop().create_future())
        return [self.under_way[-1]]

    async def settle(self, chunks: Sequence[Chunk]) -> None:
        self.settled.append([chunk.start for chunk in chunks])


async def pause() -> None:
    for _ in range(200):
        await asyncio.sleep(0)


def start(stream: Stream, writes: Writes) -> "asyncio.Task[Any]":
    app = make_app("127.0.0.1:1", "nobody")
    agent: Any = chunk_agent(app, chunk_topic(app, "calls"), writes.handle, after_durable=writes.settle)
    assert transport_of(app)
    return asyncio.create_task(agent.fun(stream))


def test_4_no_chunk_is_acknowledged_before_its_writes_nor_before_an_earlier_one() -> None:
    async def run() -> None:
        stream, writes = Stream(), Writes()
        agent = start(stream, writes)
        await pause()
        writes.under_way[1].set_result(0)
        await pause()
        assert (stream.acked, writes.settled) == ([], [])
        writes.under_way[0].set_result(0)
        await pause()
        assert (stream.acked, writes.settled) == ([0, 1], [[0, 1]])
        agent.cancel()

    asyncio.run(run())


def test_4_a_chunk_without_records_moves_what_is_stored_on_too() -> None:
    """Or the group's offset would go ahead of the position, as if somebody had moved it."""

    async def run() -> None:
        stream, writes = Stream(records=0), Writes()
        agent = start(stream, writes)
        await pause()
        assert (stream.acked, writes.settled) == ([], [])
        writes.under_way[0].set_result(0)
        await pause()
        assert (stream.acked, writes.settled) == ([0], [[0]])
        agent.cancel()

    asyncio.run(run())


def test_4_at_most_sixteen_chunks_wait_for_their_writes() -> None:
    async def run() -> None:
        stream, writes = Stream(), Writes()
        agent = start(stream, writes)
        await pause()
        assert len(writes.under_way) == 16
        writes.under_way[0].set_result(0)
        await pause()
        assert len(writes.under_way) == 17
        agent.cancel()

    asyncio.run(run())


@pytest.mark.parametrize(("resting", "turns"), [(frozenset({"calls"}), 10), (frozenset[str](), 1)])
def test_what_takes_several_turns_is_done_between_two_chunks_that_nobody_must_wait_for(
    resting: frozenset[str], turns: int
) -> None:
    """An alert on its way, or an answer of the broker's: it must not wait for a chunk at each of them."""

    async def run() -> None:
        taken, at_chunks = 0, list[int]()

        async def take_turns() -> None:
            nonlocal taken
            while True:
                taken += 1
                await asyncio.sleep(0)

        async def handle(_: Chunk) -> Sequence[Any]:
            at_chunks.append(taken)
            return ()

        app = make_app("127.0.0.1:1", "nobody")
        transport_of(app).resting_topics = resting
        agent: Any = chunk_agent(app, chunk_topic(app, "calls"), handle)
        tasks = [asyncio.create_task(take_turns()), asyncio.create_task(agent.fun(Stream()))]
        await pause()
        assert {later - earlier for earlier, later in pairwise(at_chunks)} == {turns}
        for task in tasks:
            task.cancel()

    asyncio.run(run())


def test_4_a_failed_write_ends_the_process_before_any_acknowledgement() -> None:
    stream, writes = Stream(), Writes()

    async def run() -> None:
        agent = start(stream, writes)
        await pause()
        writes.under_way[0].set_exception(ConnectionError("refused"))
        await agent

    with ends_with(Exit.WRITE_FAILED):
        asyncio.run(run())
    assert stream.acked == []


def test_records_are_not_held_until_what_came_of_them_is_durable() -> None:
    async def run() -> None:
        stream, writes = Stream(), Writes()
        agent = start(stream, writes)
        await pause()
        assert writes.handled == [1] * 16
        assert [len(chunk) for chunk in writes.chunks] == [0] * 16
        agent.cancel()

    asyncio.run(run())
