"""A replayed topic is read from its start, and by whoever keeps a partition, only once."""

import asyncio
from collections.abc import Sequence

import faust
from faust.types import TP

from agents import kafka as chunks
from agents.kafka import Chunk, Durable
from tests.kafka.counting_worker import Store, make_app
from tests.kafka.running import IN_THIS_PROCESS, committed, running, until
from tests.parts.kafka.broker import Kafka
from tests.parts.kafka.records import produce

pytestmark = IN_THIS_PROCESS


def replaying(broker: Kafka, name: str) -> tuple[faust.App, Store]:
    app = make_app(broker.address, name, broker_commit_interval=0.1)
    chunks.transport_of(app).replayed_topics = frozenset({name})
    store = Store()
    chunks.ChunkTable(app, name="kept", store=Store(), partitions=4)

    async def handle(chunk: Chunk) -> Sequence[Durable]:
        store.count(chunk)
        return ()

    chunks.chunk_agent(app, chunks.chunk_topic(app, name), handle)
    return app, store


def caught_up(app: faust.App, name: str) -> int:
    return sum(chunks.consumer_of(app).caught_up(TP(name, partition)) for partition in range(4))


def test_a_replayed_topic_is_read_from_its_start_and_never_committed(kafka: Kafka) -> None:
    kafka.create_topic("replay", 4)
    produce(kafka.address, "replay", [(b"%d" % n, b"value") for n in range(400)])

    async def read() -> None:
        app, store = replaying(kafka, "replay")
        async with running(app):
            await until(lambda: caught_up(app, "replay") == 4, "all partitions to have caught up")
            assert store.total == 400

    for _ in range(2):
        asyncio.run(read())
    assert committed(kafka, "replay", "replay", 4) == [-1001] * 4


def test_an_empty_replayed_topic_has_been_read(kafka: Kafka) -> None:
    kafka.create_topic("replay-empty", 4)

    async def read() -> None:
        app, _ = replaying(kafka, "replay-empty")
        async with running(app):
            await until(lambda: caught_up(app, "replay-empty") == 4, "all partitions to have caught up")

    asyncio.run(read())


def test_a_kept_partition_goes_on_from_where_it_was(kafka: Kafka) -> None:
    kafka.create_topic("replay-kept", 4)
    produce(kafka.address, "replay-kept", [(b"%d" % n, b"value") for n in range(400)])

    async def read() -> None:
        (first_app, first), (second_app, second) = (replaying(kafka, "replay-kept") for _ in range(2))
        async with running(first_app):
            await until(lambda: caught_up(first_app, "replay-kept") == 4, "the first to have caught up")
            async with running(second_app):
                await until(lambda: caught_up(second_app, "replay-kept") == 2, "the second to have caught up")
                produce(kafka.address, "replay-kept", [(b"%d" % n, b"value") for n in range(400)])
                kept = {0, 1, 2, 3} - {partition for partition, _ in second.handled}
                await until(lambda: len(set(first.handled) | set(second.handled)) == 800, "the rest to be handled")
                of_kept = [record for record in first.handled if record[0] in kept]
                assert len(of_kept) == len(set(of_kept))
                assert len(second.handled) == len(set(second.handled))

    asyncio.run(read())
