"""The transport against a real broker, with apps on the test's own loop."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from faust.types import TP, Message

from agents import kafka as chunks
from agents.kafka import internals
from agents.kafka.consumer import Consumer
from tests.kafka.counting_worker import Store, add_counting, make_app
from tests.kafka.running import IN_THIS_PROCESS, commit, committed, log_end, running, until
from tests.parts.kafka.broker import Kafka
from tests.parts.kafka.records import produce

pytestmark = IN_THIS_PROCESS

both_ways = pytest.mark.parametrize("direct_fetch", [True, False], ids=["direct", "by record"])


def numbered(count: int, keys: int = 20) -> list[tuple[bytes, bytes]]:
    return [(b"%d" % (n % keys), b"value") for n in range(count)]


def counted(store: Store, records: int) -> bool:
    return store.total == records


def transact(producer: Producer, topic: str, *, commit: bool) -> None:
    """Write five records in a transaction, which leaves a marker after them."""
    producer.begin_transaction()
    for _ in range(5):
        producer.produce(topic, b"value", b"key")
    producer.flush()
    producer.commit_transaction() if commit else producer.abort_transaction()


@both_ways
def test_1_markers_and_aborted_records_lie_inside_tiles(kafka: Kafka, direct_fetch: bool) -> None:
    name = f"markers-{direct_fetch}".lower()
    kafka.create_topic(name, 1)
    producer = Producer({"bootstrap.servers": kafka.address, "transactional.id": name})
    producer.init_transactions()

    async def count() -> None:
        app = make_app(kafka.address, name, broker_commit_interval=0.1)
        transport = chunks.transport_of(app)
        transport.direct_fetch = direct_fetch
        store = add_counting(app, name, 1)
        async with running(app):
            for so_far in (5, 10, 15, 20):
                transact(producer, name, commit=False)
                transact(producer, name, commit=True)
                await until(partial(counted, store, so_far), "the transaction to be counted")
            end = log_end(kafka, name)
            await until(lambda: committed(kafka, name, name, 1) == [end], "the last marker to be committed")
        assert store.total == 20
        assert transport.stats.seek_backs == 0

    asyncio.run(count())


def test_2_what_the_broker_no_longer_has_is_counted(kafka: Kafka) -> None:
    kafka.create_topic("retention", 1)
    produce(kafka.address, "retention", numbered(50))
    commit(kafka, "retention", "retention", 10)
    admin = AdminClient({"bootstrap.servers": kafka.address})
    for done in admin.delete_records([TopicPartition("retention", 0, 30)]).values():
        done.result()

    async def count() -> None:
        app = make_app(kafka.address, "retention")
        store = add_counting(app, "retention", 1)
        async with running(app):
            await until(lambda: store.total == 20, "what is left to be counted")
        assert chunks.transport_of(app).stats.missing_offsets == 20
        assert chunks.transport_of(app).stats.seek_backs == 1

    asyncio.run(count())


@both_ways
def test_2_a_chunk_lost_on_the_way_is_asked_for_again(
    kafka: Kafka, monkeypatch: pytest.MonkeyPatch, direct_fetch: bool
) -> None:
    name = f"lossy-{direct_fetch}".lower()
    kafka.create_topic(name, 1)
    produce(kafka.address, name, [(b"%d" % n, bytes(10_000)) for n in range(500)])
    losses = iter([False, True, False, False, True])
    whole = Consumer.getmany

    async def lossy(self: Consumer, timeout: float) -> AsyncIterator[tuple[TP, Message]]:  # noqa: ASYNC109
        async for tp, message in whole(self, timeout):
            if tp.topic != name or not next(losses, False):
                yield tp, message

    monkeypatch.setattr(Consumer, "getmany", lossy)

    async def count() -> None:
        app = make_app(kafka.address, name)
        chunks.transport_of(app).direct_fetch = direct_fetch
        store = add_counting(app, name, 1)
        async with running(app):
            await until(lambda: store.total == 500, "everything to be counted")
        assert store.handled == [(0, n) for n in range(500)]
        assert chunks.transport_of(app).stats.seek_backs == 2

    asyncio.run(count())


def test_5_what_was_begun_is_committed_before_partitions_move(kafka: Kafka) -> None:
    """In a process of its own: two workers in one are slow beside what other tests have left running."""
    kafka.create_topic("drain", 4)
    command = [sys.executable, "-m", "tests.kafka.draining", kafka.address]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]


def test_7_sources_stay_closed_until_they_have_been_sought(kafka: Kafka, monkeypatch: pytest.MonkeyPatch) -> None:
    kafka.create_topic("closed", 4)
    prompt = internals.committed_offsets

    async def slow(*args: Any) -> dict[TP, int]:
        await asyncio.sleep(0.5)
        return await prompt(*args)

    monkeypatch.setattr(internals, "committed_offsets", slow)

    async def count() -> None:
        apps = [make_app(kafka.address, "closed") for _ in range(2)]
        stores = [add_counting(app, "closed", 4) for app in apps]
        fed = 0
        async with running(apps[0]):
            await until(
                lambda: chunks.consumer_of(apps[0]).flow_active and not apps[0].rebalancing, "the first worker"
            )
            starting = asyncio.create_task(apps[1].start())
            async with asyncio.timeout(20):
                while not stores[1].handled:
                    produce(kafka.address, "closed", numbered(20))
                    fed += 20
                    await asyncio.sleep(0.02)
            await until(lambda: sum(len(store.handled) for store in stores) >= fed, "everything to be handled")
            await starting
            await apps[1].stop()
            chunks.transport_of(apps[1]).watchdog.stop()
        assert len({record for store in stores for record in store.handled}) == fed
        assert [chunks.transport_of(app).stats.seek_backs for app in apps] == [0, 0]

    asyncio.run(count())


def test_a_worker_whose_sources_stay_closed_is_not_well_though_brokers_answer(
    kafka: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is assigned and fetches, and would hand out nothing for ever."""
    kafka.create_topic("shut", 1)

    async def seek_nothing(_: Consumer) -> None:
        pass

    monkeypatch.setattr(Consumer, "perform_seek", seek_nothing)

    async def wait() -> None:
        app = make_app(kafka.address, "shut")
        watchdog = chunks.transport_of(app).watchdog
        watchdog.patience_s = 8
        store = add_counting(app, "shut", 1)
        produce(kafka.address, "shut", numbered(20))
        async with running(app):
            await until(lambda: not watchdog.status().healthy, "the watchdog to notice")
            assert watchdog.status().sentence.startswith("waiting for a fetch")
            assert store.handled == []

    asyncio.run(wait())
