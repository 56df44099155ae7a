"""Writing many records in few batches, under the lease, and knowing when the broker has them.

The broker is asked to take one batch of a partition at a time. What is handed over meanwhile waits, and goes
together into the next: many small writes cost no more round trips than a few large ones.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from typing import Any, TypeAlias, cast

from aiokafka.producer.message_accumulator import BatchBuilder  # type: ignore[import-untyped]
from faust.types import TP, ProducerT

from agents.kafka import internals
from agents.kafka.transport import MAX_RECORD_BYTES, Producer

Record: TypeAlias = tuple[bytes, bytes | None]

#: A write under way. Awaiting it, as often as wanted, gives the offset of its last record; -1 if it has none.
Durable: TypeAlias = "asyncio.Future[int]"


class RecordTooLarge(ValueError):  # noqa: N818 - a fact about the record, worded as one
    """A record that no topic of ours takes: whoever makes such values must split them."""


class _Write:
    """Records handed over together, and what whoever did so waits for."""

    def __init__(self, records: list[Record], timestamp_ms: int | None) -> None:
        self.records, self.timestamp_ms = records, timestamp_ms
        self.durable: Durable = asyncio.get_running_loop().create_future()
        self._left = len(records)
        if not records:
            self.durable.set_result(-1)

    def take(self) -> list[Record]:
        """Its records, to be copied into batches: nobody else needs them."""
        records, self.records = self.records, []
        return records

    def written(self, records: int, last_offset: int) -> None:
        """So many more of them are safe; it is done with the last."""
        self._left -= records
        if not self._left and not self.durable.done():
            self.durable.set_result(last_offset)

    def failed(self, error: BaseException) -> None:
        """Some of them are not safe."""
        if not self.durable.done():
            self.durable.set_exception(error)


class _Batch:
    """A batch being filled, and how many records each write has in it."""

    def __init__(self, builder: BatchBuilder) -> None:
        self.builder = builder
        self._shares: dict[_Write, int] = {}

    def take(self, write: _Write, record: Record) -> bool:
        """Append a record of the write, unless the batch is full. The first is taken whatever its size."""
        key, value = record
        if self.builder.append(key=key, value=value, timestamp=write.timestamp_ms) is None:
            return False
        self._shares[write] = self._shares.get(write, 0) + 1
        return True

    def note(self, sent: "asyncio.Future[Any]") -> None:
        """The broker has the batch, or has refused it."""
        error = asyncio.CancelledError() if sent.cancelled() else sent.exception()
        reached = -1 if error else sent.result().offset - 1
        for write, records in self._shares.items():
            reached += records
            if error:
                write.failed(error)
            else:
                write.written(records, reached)


def send(
    producer: ProducerT,
    topic: str,
    partition: int,
    records: Iterable[Record],
    timestamp_ms: int | None = None,
) -> Durable:
    """Begin to write keys and values to one partition, after what was begun before.

    Awaiting the result raises what the broker refused, or RecordTooLarge. Without the lease, the process ends.
    """
    write = _Write(list(records), timestamp_ms)
    if write.records:
        ours, tp = cast("Producer", producer), TP(topic, partition)
        lane = ours.lanes.get(tp)
        if lane is None:
            lane = ours.lanes[tp] = Lane(ours, tp)
        lane.add(write)
    return write.durable


class Lane:
    """The way to one partition."""

    def __init__(self, producer: Producer, tp: TP) -> None:
        self._producer, self._tp = producer, tp
        self._waiting: list[_Write] = []
        self._sending: asyncio.Task[None] | None = None
        #: When each write began (monotonic s), oldest first; those that are done go with the next.
        self._begun: deque[tuple[float, Durable]] = deque()

    def waits_since(self) -> float | None:
        """When the oldest write began that is not done; None if all are. May be asked by another thread."""
        return next((at for at, durable in tuple(self._begun) if not durable.done()), None)

    def add(self, write: _Write) -> None:
        """Send it as soon as the batch before it has left."""
        self._waiting.append(write)
        while self._begun and self._begun[0][1].done():
            self._begun.popleft()
        self._begun.append((time.monotonic(), write.durable))
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send())

    async def _send(self) -> None:
        while self._waiting:
            writes, self._waiting = self._waiting, []
            try:
                await self._send_together(writes)
            except Exception as error:  # noqa: BLE001 - whoever waits for the writes must hear of it
                for write in writes:
                    write.failed(error)

    async def _send_together(self, writes: list[_Write]) -> None:
        batch = None
        for write in writes:
            for record in write.take():
                if batch is None or not batch.take(write, record):
                    if batch is not None:
                        await self._hand_over(batch)
                    batch = self._begin(write, record)
        if batch is not None:
            await self._hand_over(batch)

    def _begin(self, write: _Write, record: Record) -> _Batch:
        batch = _Batch(internals.client_of(self._producer).create_batch())
        batch.take(write, record)
        # It would be refused by the broker only, and long after.
        if (size := batch.builder.size()) > MAX_RECORD_BYTES:
            raise RecordTooLarge(f"the record for {record[0]!r} takes {size} of {MAX_RECORD_BYTES} bytes")
        return batch

    async def _hand_over(self, batch: _Batch) -> None:
        """Give the batch to the client, which lets the one before it leave, and asks for the lease."""
        client = internals.client_of(self._producer)
        sent = await client.send_batch(batch.builder, self._tp.topic, partition=self._tp.partition)
        sent.add_done_callback(batch.note)
