"""Writing and reading a whole topic, for tests."""

from collections.abc import Iterable

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)

from tests.parts.waiting import wait_until

#: What a broker answers for a moment after a topic was made or has moved.
_NOT_YET = {KafkaError.NOT_LEADER_FOR_PARTITION, KafkaError.LEADER_NOT_AVAILABLE, KafkaError.UNKNOWN_TOPIC_OR_PART}


def produce(address: str, topic: str, records: Iterable[tuple[bytes, bytes]], *, deadline_s: float = 30) -> None:
    """Write keys and values; return when the broker has them all."""
    producer = Producer({"bootstrap.servers": address, "acks": "all"})
    for key, value in records:
        producer.produce(topic, key=key, value=value)
    assert producer.flush(deadline_s) == 0, f"{topic} did not take every record"


def read_all(address: str, topic: str) -> list[Message]:
    """Return what a topic holds at this moment; the order is that of each partition."""
    consumer = Consumer({"bootstrap.servers": address, "group.id": "nobody", "enable.auto.commit": False})
    try:
        numbers = consumer.list_topics(topic, timeout=10).topics[topic].partitions
        return _read(consumer, [TopicPartition(topic, number) for number in numbers])
    finally:
        consumer.close()


class Tail:
    """Reads topics from their beginnings, and then whatever comes."""

    def __init__(self, address: str, *topics: str) -> None:
        nobody = {"group.id": "nobody", "enable.auto.commit": False}
        self._consumer = Consumer({"bootstrap.servers": address, **nobody})
        known = self._consumer.list_topics(timeout=10).topics
        parts = [(topic, number) for topic in topics for number in known[topic].partitions]
        self._consumer.assign([TopicPartition(*part, OFFSET_BEGINNING) for part in parts])

    def news(self) -> list[Message]:
        """Return what came since the last time; the order is that of each partition."""
        return self._consumer.consume(50_000, timeout=0.02)

    def close(self) -> None:
        """Read no more."""
        self._consumer.close()


def bounds_of(consumer: Consumer, at: TopicPartition) -> tuple[int, int]:
    """Return the first offset of a partition and the one after its last."""

    def answer() -> tuple[int, int] | None:
        try:
            first, end = consumer.get_watermark_offsets(at, timeout=10)
        except KafkaException as error:
            if error.args[0].code() not in _NOT_YET:
                raise
            return None
        return first, end

    bounds = wait_until(answer, 10, f"a leader of {at.topic}/{at.partition}")
    assert bounds
    return bounds


def _read(consumer: Consumer, partitions: list[TopicPartition]) -> list[Message]:
    bounds = {at.partition: bounds_of(consumer, at) for at in partitions}
    filled = {number: end for number, (first, end) in bounds.items() if first < end}
    consumer.assign([TopicPartition(at.topic, at.partition, bounds[at.partition][0]) for at in partitions])
    records: list[Message] = []

    # Positions tell the end, not the number of records: compaction and transactions leave gaps.
    def at_the_end() -> bool:
        records.extend(consumer.consume(50_000, timeout=0.1))
        positions = {at.partition: at.offset for at in consumer.position(partitions)}
        return all(positions[number] >= end for number, end in filled.items())

    wait_until(at_the_end, 30, f"the end of {partitions[0].topic}")
    return records
