"""Writing many records in few batches, under the lease, and knowing when the broker has them."""

from asyncio import Future
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]
from aiokafka.producer.message_accumulator import BatchBuilder  # type: ignore[import-untyped]
from faust.types import ProducerT

from agents.kafka import internals
from agents.kafka.transport import MAX_RECORD_BYTES, Producer, Transport

Record: TypeAlias = tuple[bytes, bytes | None]


class RecordTooLarge(ValueError):  # noqa: N818 - a fact about the record, worded as one
    """A record that no topic of ours takes: whoever makes such values must split them."""


@dataclass(frozen=True, slots=True)
class Durable:
    """A write under way. Awaiting it, as often as wanted, gives the offset of its last record.

    A write of no records is durable at once, and gives -1.
    """

    batches: tuple[tuple["Future[Any]", int], ...]

    def __await__(self) -> Generator[Any, None, int]:
        last = -1
        for written, count in self.batches:
            metadata = yield from written.__await__()
            last = metadata.offset + count - 1
        return last


async def send(
    producer: ProducerT,
    topic: str,
    partition: int,
    records: Iterable[Record],
    timestamp_ms: int | None = None,
) -> Durable:
    """Start to write keys and values to one partition, in order; without the lease, end the process."""
    ours = cast("Producer", producer)
    lease = cast("Transport", ours.app.transport).lease
    client = internals.client_of(ours)
    batches = []
    for batch in _batches(client, records, timestamp_ms):
        await lease.require()
        batches.append((await client.send_batch(batch, topic, partition=partition), batch.record_count()))
    return Durable(tuple(batches))


def _batches(
    client: AIOKafkaProducer, records: Iterable[Record], timestamp_ms: int | None
) -> Iterator[BatchBuilder]:
    batch = None
    for key, value in records:
        if batch is None or batch.append(key=key, value=value, timestamp=timestamp_ms) is None:
            if batch is not None:
                yield batch
            batch = _begin(client, key, value, timestamp_ms)
    if batch is not None:
        yield batch


def _begin(client: AIOKafkaProducer, key: bytes, value: bytes | None, timestamp_ms: int | None) -> BatchBuilder:
    batch = client.create_batch()
    # The first record is taken whatever its size, and refused only by the broker, long after.
    batch.append(key=key, value=value, timestamp=timestamp_ms)
    if batch.size() > MAX_RECORD_BYTES:
        raise RecordTooLarge(f"the record for {key!r} takes {batch.size()} of {MAX_RECORD_BYTES} bytes")
    return batch
