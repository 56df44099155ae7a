"""A store's changes go to its changelog, and come back from it."""

import asyncio
from typing import Any

import pytest
from confluent_kafka import Producer
from faust.types import TP

from agents.kafka import Chunk, ChunkTable, Exit
from tests.kafka.counting_worker import Store, add_counting, make_app
from tests.kafka.leaving import ends_with
from tests.kafka.running import IN_THIS_PROCESS, running, until
from tests.parts.kafka.broker import Kafka
from tests.parts.kafka.records import produce

pytestmark = IN_THIS_PROCESS


def numbered(count: int) -> list[tuple[bytes, bytes]]:
    return [(b"%d" % (n % 20), b"value") for n in range(count)]


def test_8_state_comes_back_and_goes_on(kafka: Kafka) -> None:
    kafka.create_topic("again", 4)

    async def count(already: int) -> Store:
        app = make_app(kafka.address, "again")
        store = add_counting(app, "again", 4)
        produce(kafka.address, "again", numbered(500))
        async with running(app):
            await until(lambda: store.total == already + 500, "everything to be counted")
        return store

    assert asyncio.run(count(0)).restored == []
    store = asyncio.run(count(500))
    assert len(store.restored) == 20
    assert len(store.handled) == 500


def test_8_a_changelog_that_ends_in_a_marker_is_recovered(kafka: Kafka) -> None:
    kafka.create_topic("marked", 1)
    kafka.create_topic("marked-counts-changelog", 1)
    producer = Producer({"bootstrap.servers": kafka.address, "transactional.id": "marked"})
    producer.init_transactions()
    producer.begin_transaction()
    producer.produce("marked-counts-changelog", b"-1 5", b"key")
    producer.commit_transaction()
    produce(kafka.address, "marked", [(b"key", b"value")])

    async def count() -> None:
        app = make_app(kafka.address, "marked")
        store = add_counting(app, "marked", 1)
        async with running(app):
            await until(lambda: store.handled, "the first record after recovery", 10)

    asyncio.run(count())


def test_a_kept_partition_is_not_read_again_and_a_lost_one_is_forgotten(kafka: Kafka) -> None:
    kafka.create_topic("kept", 4)
    produce(kafka.address, "kept", numbered(1000))

    async def count() -> None:
        apps = [make_app(kafka.address, "kept") for _ in range(2)]
        first, second = (add_counting(app, "kept", 4) for app in apps)
        async with running(apps[0]):
            await until(lambda: first.total == 1000, "everything to be counted")
            async with running(apps[1]):
                await until(lambda: len(first.counts) == len(second.counts) == 2, "the partitions to be shared")
                assert first.total + second.total == 1000
                assert first.restored == []
                moved = set(second.counts)
            await until(lambda: first.total == 1000, "the partitions to come back")
            assert set(first.restored) == moved

    asyncio.run(count())


class Fussy:
    """A store that cannot read anything."""

    def restore(self, partition: int, key: bytes, value: bytes | None) -> None:
        raise ValueError(partition, key, value)

    def forget(self, partition: int) -> None:
        pass


class Event:
    def __init__(self, chunk: Chunk) -> None:
        self.message = self
        self.value = chunk


def table_of(store: Any) -> ChunkTable:
    return ChunkTable(make_app("127.0.0.1:1", "app"), name="counts", store=store, partitions=2)


def chunk_of_changelog(start: int, end: int) -> Any:
    size = end - start
    at = TP("app-counts-changelog", 0)
    values: list[bytes | None] = [b"1 1"] * size
    keys: list[bytes | None] = [b"key"] * size
    return Event(Chunk.of(at, (start, end), list(range(start, end)), values, keys, [0] * size))


def assigned(table: ChunkTable) -> None:
    tps = {TP("app-counts-changelog", 0)}
    asyncio.run(table.on_rebalance(tps, set(), tps))


def test_10_a_record_that_cannot_be_restored_ends_the_process() -> None:
    table = table_of(Fussy())
    assigned(table)
    with ends_with(Exit.CHANGELOG_UNREADABLE):
        table.apply_changelog_batch([chunk_of_changelog(0, 1)])


def test_10_a_hole_in_what_was_read_of_the_changelog_ends_the_process() -> None:
    table = table_of(Store())
    assigned(table)
    table.apply_changelog_batch([chunk_of_changelog(0, 5), chunk_of_changelog(4, 6)])
    with ends_with(Exit.CHANGELOG_UNREADABLE):
        table.apply_changelog_batch([chunk_of_changelog(7, 9)])


def test_what_is_read_of_a_partition_just_lost_is_dropped() -> None:
    store = Store()
    table = table_of(store)
    table.apply_changelog_batch([chunk_of_changelog(0, 5)])
    assert store.counts == {}
    assert table.persisted_offset(TP("app-counts-changelog", 0)) is None


def test_what_has_been_read_need_not_be_read_again_until_the_partition_goes() -> None:
    at = TP("app-counts-changelog", 0)
    table = table_of(Store())
    assigned(table)
    table.apply_changelog_batch([chunk_of_changelog(0, 5)])
    assert table.persisted_offset(at) == 4
    asyncio.run(table.on_rebalance(set(), {at}, set()))
    assert table.persisted_offset(at) is None


def test_a_partition_that_is_not_ours_is_not_written() -> None:
    with pytest.raises(ValueError, match="not ours"):
        table_of(Store()).write(1, [(b"key", b"value")])
