"""What the consumer decides by itself; no broker is asked."""

import asyncio
from collections.abc import Callable
from typing import Any

from faust.types import TP, ConsumerMessage

from agents.kafka import Chunk, Exit, transport_of
from agents.kafka.consumer import Consumer
from tests.kafka.counting_worker import make_app
from tests.kafka.leaving import ends_with

AT = TP("calls", 0)


def message(start: int, end: int, generation: int) -> ConsumerMessage:
    chunk: Any = Chunk.of(AT, (start, end), [], [], [], [])
    at = (AT.topic, AT.partition, end - 1)
    return ConsumerMessage(*at, 0.0, 0, None, None, chunk, None, tp=AT, generation_id=generation)


def with_consumer(body: Callable[[Consumer], None]) -> None:
    async def nothing(*_: object) -> None:
        pass

    async def run() -> None:
        app = make_app("127.0.0.1:1", "nobody", broker_session_timeout=0.2)
        app.consumer_generation_id = 7
        consumer = Consumer(transport_of(app), nothing, nothing, nothing)
        consumer.flights.begin(AT, 100)
        consumer.flights.depart(AT, 110)
        body(consumer)

    asyncio.run(run())


def test_6_a_chunk_of_this_generation_is_acknowledged() -> None:
    def acknowledge(consumer: Consumer) -> None:
        assert consumer.ack(message(100, 110, generation=7))
        assert consumer.flights.landed(AT) == 110

    with_consumer(acknowledge)


def test_6_a_chunk_of_another_generation_is_not_acknowledged() -> None:
    def acknowledge(consumer: Consumer) -> None:
        assert not consumer.ack(message(100, 110, generation=6))
        assert consumer.flights.landed(AT) == 100
        assert consumer.transport.stats.fenced_acks == 1

    with_consumer(acknowledge)


def test_3_neither_an_abandoned_chunk_nor_those_after_it_are_committed() -> None:
    def abandon(consumer: Consumer) -> None:
        consumer.flights.depart(AT, 120)
        abandoned = message(100, 110, generation=7)
        consumer.abandon(abandoned)
        consumer.ack(message(110, 120, generation=7))
        assert not consumer.ack(abandoned)
        assert consumer.flights.landed(AT) == 100

    with_consumer(abandon)


def test_5_a_chunk_that_does_not_come_back_before_the_partitions_move_ends_the_process() -> None:
    async def overstay() -> None:
        app = make_app("127.0.0.1:1", "nobody", broker_session_timeout=0.2)
        consumer = Consumer(transport_of(app), *[lambda *_: None] * 3)  # type: ignore[arg-type]
        begun = message(100, 110, generation=7)
        consumer.track_message(begun)
        await consumer.wait_empty()

    with ends_with(Exit.DRAIN_TIMED_OUT):
        asyncio.run(overstay())


def test_5_work_that_does_not_end_before_the_partitions_move_ends_the_process() -> None:
    async def overstay() -> None:
        app = make_app("127.0.0.1:1", "nobody", broker_session_timeout=0.2)
        consumer = Consumer(transport_of(app), *[lambda *_: None] * 3)  # type: ignore[arg-type]
        consumer.stay.begin()
        async with consumer.stay.work():
            await consumer.wait_empty()

    with ends_with(Exit.DRAIN_TIMED_OUT):
        asyncio.run(overstay())


def test_a_partition_is_queued_until_its_agent_takes_up_the_chunk_and_none_outlives_a_rebalance() -> None:
    async def run() -> None:
        app = make_app("127.0.0.1:1", "nobody")
        handed_out: list[set[TP]] = []

        async def hand_out(_: object) -> None:
            handed_out.append(set(consumer.queued))

        async def nothing(*_: object) -> None:
            pass

        consumer = Consumer(transport_of(app), hand_out, nothing, nothing)
        consumer.tiles.expect(AT, 100)
        await consumer._place(message(100, 110, generation=7))  # noqa: SLF001 - Faust calls it
        assert handed_out == [{AT}]
        await consumer.on_partitions_assigned({AT}, 8)
        assert consumer.queued == set()

    asyncio.run(run())
