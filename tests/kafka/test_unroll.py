"""What is taken whole from a fetch is what aiokafka's own iterator would have handed out one by one."""

import asyncio
import gc
import struct
import weakref
from typing import Any, NamedTuple

from aiokafka.consumer.fetcher import READ_COMMITTED, FetchResult, PartitionRecords  # type: ignore[import-untyped]
from aiokafka.consumer.subscription_state import SubscriptionState  # type: ignore[import-untyped]
from aiokafka.record.default_records import DefaultRecordBatchBuilder  # type: ignore[import-untyped]
from aiokafka.record.memory_records import MemoryRecords  # type: ignore[import-untyped]
from aiokafka.structs import TopicPartition  # type: ignore[import-untyped]
from hypothesis import example, given
from hypothesis import strategies as st

from agents.kafka.internals import unroll

_AT = TopicPartition("taken", 0)

#: Of each batch, how far after the one before it starts, and which of its offsets are still there.
Batches = list[tuple[int, set[int]]]

batches = st.lists(st.tuples(st.integers(0, 3), st.sets(st.integers(0, 6), min_size=1)), min_size=1, max_size=4)


class Row(NamedTuple):
    """What a record is taken for."""

    offset: int
    value: bytes | None
    key: bytes | None
    timestamp: int


def fetched(log: Batches, position: int) -> FetchResult:
    """Return what a broker answers from the position on: whole batches, the first begun before it or not."""
    state = SubscriptionState()
    state.assign_from_user({_AT})
    state.seek(_AT, position)
    records = PartitionRecords(_AT, MemoryRecords(_written(log)), [], position, None, None, True, READ_COMMITTED)
    return FetchResult(_AT, assignment=state.subscription.assignment, partition_records=records, backoff=0)


def _written(log: Batches) -> bytes:
    data, base = b"", 0
    for gap, offsets in log:
        base += gap
        builder = DefaultRecordBatchBuilder(2, 0, False, -1, -1, -1, 1 << 20)
        for offset in sorted(offsets):
            key = None if offset % 3 == 0 else b"k%d" % offset
            builder.append(
                offset, timestamp=1000 + base + offset, key=key, value=b"v%d" % (base + offset), headers=[]
            )
        # Only the broker knows where a batch comes to lie; its checksum leaves this out.
        data += struct.pack(">q", base) + bytes(builder.build())[8:]
        base += max(offsets) + 1
    return data


async def _taken(log: Batches, position: int) -> tuple[Any, list[Row], int]:
    result = fetched(log, position)
    chunk = unroll(result)
    assert chunk is not None
    rows = zip(chunk.offset_range(), chunk.values, chunk.keys, chunk.timestamps, strict=True)
    return chunk, [Row(*row) for row in rows], _position(result)


async def _iterated(log: Batches, position: int) -> tuple[list[Row], int]:
    result = fetched(log, position)
    rows = [Row(record.offset, record.value, record.key, record.timestamp) for record in result.getall()]
    return rows, _position(result)


def _position(result: FetchResult) -> int:
    position: int = result._assignment.state_value(_AT).position  # noqa: SLF001 - as the fetcher will see it
    return position


@given(log=batches, position=st.integers(0, 4))
@example(log=[(0, {0, 1, 2}), (0, {0, 1})], position=1)
@example(log=[(0, {0, 2}), (2, {1})], position=0)
def test_what_is_taken_is_what_aiokafka_hands_out(log: Batches, position: int) -> None:
    _, rows, end = asyncio.run(_taken(log, position))
    assert (rows, end) == asyncio.run(_iterated(log, position))


def test_offsets_without_a_hole_are_counted() -> None:
    chunk, _, _ = asyncio.run(_taken([(0, {0, 1, 2}), (0, {0, 1})], 1))
    assert (chunk.offsets, chunk.first, chunk.last) == (None, 1, 4)


def test_offsets_with_a_hole_between_batches_are_kept() -> None:
    chunk, _, _ = asyncio.run(_taken([(0, {0, 1}), (1, {0})], 0))
    assert chunk.offsets == [0, 1, 3]


async def _is_gone_once_taken() -> bool:
    result = fetched([(0, {0, 1})], 0)
    held = weakref.ref(result._partition_records)  # noqa: SLF001 - it holds the bytes of the whole answer
    unroll(result)
    return held() is None


def test_what_was_fetched_is_gone_once_it_is_taken_and_waits_for_no_garbage_collector() -> None:
    gc.disable()
    try:
        assert asyncio.run(_is_gone_once_taken())
    finally:
        gc.enable()
