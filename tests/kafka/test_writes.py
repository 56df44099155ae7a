"""Many records in few batches, in order; each write knows when it is safe, and where its records are."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest
from faust.types import ProducerT

from agents.kafka import RecordTooLarge, internals, send, transport_of
from agents.kafka.transport import Producer
from tests.kafka.counting_worker import make_app
from tests.kafka.running import IN_THIS_PROCESS
from tests.parts.kafka.broker import Kafka

pytestmark = IN_THIS_PROCESS


def batches(kafka: Kafka, topic: str, write: Callable[[ProducerT], Awaitable[None]]) -> list[int]:
    """Run the coroutine with a producer that may write; how many records each batch had that it sent."""
    kafka.create_topic(topic, 1)
    sent: list[int] = []

    async def run() -> None:
        app = make_app(kafka.address, topic)
        transport_of(app).lease.renew(asyncio.get_running_loop().time())
        await app.producer.start()
        client = internals.client_of(cast("Producer", app.producer))
        whole = client.send_batch

        async def send_and_note(builder: Any, *where: Any, **more: Any) -> Any:
            sent.append(builder.record_count())
            return await whole(builder, *where, **more)

        client.send_batch = send_and_note
        try:
            await write(app.producer)
        finally:
            await app.producer.stop()

    asyncio.run(run())
    return sent


def test_a_write_of_nothing_is_done_at_once(kafka: Kafka) -> None:
    async def write(producer: ProducerT) -> None:
        assert await send(producer, "nothing", 0, []) == -1

    assert batches(kafka, "nothing", write) == []


def test_a_large_write_is_split_and_done_with_its_last_batch(kafka: Kafka) -> None:
    async def write(producer: ProducerT) -> None:
        large = send(producer, "large", 0, [(b"%d" % n, bytes(100_000)) for n in range(25)])
        assert [await large, await large] == [24, 24]

    assert batches(kafka, "large", write) == [10, 10, 5]


def test_small_writes_travel_together_and_each_knows_its_own_offset(kafka: Kafka) -> None:
    """What is handed over while a batch waits for the one before it to leave goes into the same next one."""

    async def write(producer: ProducerT) -> None:
        writes = []
        for n in range(50):
            writes.append(send(producer, "small", 0, [(b"key", b"%d" % n)] * 2))
            await asyncio.sleep(0)
        assert await asyncio.gather(*writes) == [2 * n + 1 for n in range(50)]

    sizes = batches(kafka, "small", write)
    assert sum(sizes) == 100
    assert len(sizes) < 10


def test_a_record_too_large_is_refused_with_all_that_travel_with_it(kafka: Kafka) -> None:
    async def write(producer: ProducerT) -> None:
        small = send(producer, "huge", 0, [(b"small", b"")])
        huge = send(producer, "huge", 0, [(b"huge", bytes(9 << 20))])
        for refused in (small, huge):
            with pytest.raises(RecordTooLarge, match="b'huge'"):
                await refused

    assert batches(kafka, "huge", write) == [1]
