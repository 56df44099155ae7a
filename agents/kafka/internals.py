"""The private parts of aiokafka and Faust that the transport leans on; no other module touches any.

They are as read in the pinned versions; `PINNED` in `pins.py` tells when one of them has moved.
"""

# ruff: noqa: SLF001 - this is the one place for it

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import chain
from typing import Any, TypeAlias

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer  # type: ignore[import-untyped]
from aiokafka.consumer.fetcher import READ_COMMITTED, Fetcher, FetchResult, PartitionRecords  # type: ignore[import-untyped]
from aiokafka.consumer.group_coordinator import HeartbeatRequest, SyncGroupRequest  # type: ignore[import-untyped]
from aiokafka.errors import (  # type: ignore[import-untyped]
    ConsumerStoppedError,
    CorruptRecordException,
    NoError,
    RebalanceInProgressError,
)
from aiokafka.protocol.produce import ProduceRequest  # type: ignore[import-untyped]
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from agents.kafka.chunk import Chunk

Chunks: TypeAlias = dict[TP, list[Chunk]]
Wanted: TypeAlias = Callable[[TP], bool]

# A compressed fetch can hold many times its size; what it changes is held in memory until it is written.
_MAX_RECORDS = 40_000
_FETCH_WAIT_MS = 25
_FETCH_BYTES = 16 << 20
_POLL_S = 0.01


def tune(consumer: AIOKafkaConsumer) -> None:
    """Set what Faust has no setting for; before the consumer starts.

    A fetch under way delays whatever the same broker is asked next, and a rebalance asks much: so none waits long
    or brings much. A record of a transaction that was aborted never happened.
    """
    consumer._fetch_max_wait_ms = _FETCH_WAIT_MS
    consumer._fetch_max_bytes = _FETCH_BYTES
    consumer._isolation_level = "read_committed"


async def fetch_chunks(consumer: AIOKafkaConsumer, wanted: Wanted, timeout_s: float) -> Chunks:
    """Return what has been fetched from the wanted partitions; mirrors Fetcher.fetched_records."""
    fetcher = _open_fetcher(consumer)
    end = time.monotonic() + timeout_s
    with fetcher._subscriptions.fetch_context():
        while True:
            if fetcher._subscriptions.reassignment_in_progress:
                await fetcher._subscriptions.wait_for_assignment()
            chunks = _take_fetched(fetcher, wanted)
            left = end - time.monotonic()
            if chunks or left <= 0 or not await _more_fetched(fetcher, left):
                return chunks


def _open_fetcher(consumer: AIOKafkaConsumer) -> Fetcher:
    if consumer._closed or consumer._fetcher._closed:
        raise ConsumerStoppedError
    return consumer._fetcher


def _take_fetched(fetcher: Fetcher, wanted: Wanted) -> Chunks:
    chunks: Chunks = {}
    for tp, result in list(fetcher._records.items()):
        if not wanted(tp):
            if not fetcher._subscriptions.is_assigned(tp):
                del fetcher._records[tp]
        elif isinstance(result, FetchResult):
            chunk = unroll(result)
            if not result.has_more():
                _fetch_again(fetcher, tp)
            if chunk is not None:
                chunks[chunk.tp] = [chunk]
        elif not chunks:
            # An error waits until all that was fetched before it has been handed out.
            _fetch_again(fetcher, tp)
            result.check_raise()
    return chunks


def _fetch_again(fetcher: Fetcher, tp: TP) -> None:
    del fetcher._records[tp]
    fetcher._notify(fetcher._wait_consume_future)


async def _more_fetched(fetcher: Fetcher, timeout_s: float) -> bool:
    waiter = fetcher._create_fetch_waiter()
    done, _ = await asyncio.wait([waiter], timeout=timeout_s)
    if not done or fetcher._closed:
        waiter.cancel()
        return False
    waiter.result()
    return True


def unroll(result: FetchResult) -> Chunk | None:
    """Take a fetch result whole; mirrors FetchResult.getall without building an object per record."""
    tp = result._topic_partition
    if not result.check_assignment(tp) or not result.has_more():
        return None
    fetched = result._partition_records
    # Unused here, and it refers back to the records: all that was fetched would stay until a walk for garbage.
    fetched._records_iterator = None
    start = position = fetched.next_fetch_offset
    taken = _Taken()
    while fetched._records.has_next() and len(taken.values) < _MAX_RECORDS:
        batch = fetched._records.next_batch()
        if _is_data(fetched, batch):
            taken.add(_from(position, batch))
        position = batch.next_offset
    fetched.next_fetch_offset = position
    result._update_position()
    if not fetched._records.has_next():
        result._partition_records = None
    return taken.chunk(tp, (start, position))


def _from(position: int, batch: Any) -> list[Any]:
    """Return a batch's records; where reading goes on inside it, without those before."""
    if batch.base_offset >= position:
        return [*batch]
    return [record for record in batch if record.offset >= position]


def _is_data(fetched: PartitionRecords, batch: Any) -> bool:
    """Check a batch as PartitionRecords._unpack_records does."""
    if fetched._check_crcs and not batch.validate_crc():
        raise CorruptRecordException(f"Invalid CRC - {fetched._tp}")
    if fetched._isolation_level == READ_COMMITTED and batch.producer_id is not None:
        fetched._consume_aborted_up_to(batch.base_offset)
        if batch.is_control_batch and fetched._contains_abort_marker(batch):
            fetched._aborted_producers.discard(batch.producer_id)
        if batch.is_transactional and batch.producer_id in fetched._aborted_producers:
            return False
    return not batch.is_control_batch


class _Taken:
    """The records of one take, in columns.

    Whoever adds batch by batch lets a batch's record objects go before the next makes its own: those then take
    the memory that the processor still has at hand, and the garbage collector is not called for their sake.
    """

    def __init__(self) -> None:
        self.values: list[bytes | None] = []
        self._keys: list[bytes | None] = []
        self._timestamps: list[int] = []
        self._offsets: list[Sequence[int]] = []

    def add(self, records: list[Any]) -> None:
        """Append records, in order."""
        if not records:
            return
        first, last = records[0].offset, records[-1].offset
        counted = last - first + 1 == len(records)
        self._offsets.append(range(first, last + 1) if counted else [record.offset for record in records])
        self.values += [record.value for record in records]
        self._keys += [record.key for record in records]
        self._timestamps += [record.timestamp for record in records]

    def chunk(self, tp: Any, span: tuple[int, int]) -> Chunk:
        """Return what was taken between two positions."""
        return Chunk.of(
            TP(tp.topic, tp.partition),
            span,
            offsets=self._all_offsets(),
            values=self.values,
            keys=self._keys,
            timestamps=self._timestamps,
        )

    def _all_offsets(self) -> Sequence[int]:
        runs = self._offsets
        if runs and runs[-1][-1] - runs[0][0] + 1 == len(self.values):
            return range(runs[0][0], runs[-1][-1] + 1)
        return list(chain.from_iterable(runs))


async def fetch_chunks_by_record(consumer: AIOKafkaConsumer, wanted: Wanted, timeout_s: float) -> Chunks:
    """Do as `fetch_chunks`, slower, through aiokafka's own iterator: for a version that nobody has read."""
    fetcher = _open_fetcher(consumer)
    end = time.monotonic() + timeout_s
    with fetcher._subscriptions.fetch_context():
        while True:
            # No waiting inside: positions before and after must be those of one take.
            starts = _positions(consumer, wanted)
            # Asked for none, aiokafka would hand out all.
            records = await fetcher.fetched_records(set(starts), 0, _MAX_RECORDS) if starts else {}
            ends = _positions(consumer, starts.__contains__)
            chunks = {
                tp: [_by_record(tp, (starts[tp], ends[tp]), records.get(tp, []))]
                for tp in ends
                if tp in records or ends[tp] > starts[tp]
            }
            if chunks or time.monotonic() > end:
                return chunks
            await asyncio.sleep(_POLL_S)


def _by_record(tp: TP, span: tuple[int, int], records: list[Any]) -> Chunk:
    taken = _Taken()
    taken.add(records)
    return taken.chunk(tp, span)


def _positions(consumer: AIOKafkaConsumer, wanted: Wanted) -> dict[TP, int]:
    states = {tp: consumer._subscription._assigned_state(tp) for tp in consumer.assignment() if wanted(tp)}
    return {TP(tp.topic, tp.partition): state.position for tp, state in states.items() if state.has_valid_position}


def last_answer(consumer: AIOKafkaConsumer) -> int:
    """Return when (ms) a broker last answered a fetch, with records or without."""
    states = (consumer._subscription._assigned_state(tp) for tp in consumer.assignment())
    return max((state.timestamp or 0 for state in states), default=0)


async def committed_offsets(consumer: AIOKafkaConsumer, partitions: Iterable[TP]) -> dict[TP, int]:
    """Ask the coordinator once for all partitions; those never committed are missing."""
    found = await consumer._coordinator.fetch_committed_offsets(list(partitions))
    return {TP(tp.topic, tp.partition): committed.offset for tp, committed in found.items()}


def watch_membership(consumer: AIOKafkaConsumer, renew: Callable[[float], None]) -> None:
    """Call `renew` with the time of sending of each heartbeat or join that the coordinator confirmed."""
    coordinator = consumer._coordinator
    ask = coordinator._send_req
    # A member that is asked to join again still is one.
    member = {
        HeartbeatRequest: (NoError.errno, RebalanceInProgressError.errno),
        SyncGroupRequest: (NoError.errno,),
    }

    async def ask_and_note(request: Any) -> Any:
        sent_at = time.monotonic()
        response = await ask(request)
        if response is not None and getattr(response, "error_code", None) in member.get(type(request), ()):
            renew(sent_at)
        return response

    coordinator._send_req = ask_and_note


def guard_writes(producer: driver.Producer, require: Callable[[], Awaitable[None]]) -> None:
    """Have the right to write asked for as the last thing before a batch goes out, and at each new try.

    A batch may wait in the producer while the process is stopped; when it wakes, others may have written.
    """
    client = client_of(producer).client
    send, ready = client.send, client.ready

    async def ask_and_send(node: int, request: Any, **options: Any) -> Any:
        if isinstance(request, ProduceRequest) and await ready(node, **options):
            await require()
        return await send(node, request, **options)

    client.send = ask_and_send


def client_of(producer: driver.Producer) -> AIOKafkaProducer:
    """Return the producer below Faust's."""
    return producer._ensure_producer()
