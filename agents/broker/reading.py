"""A topic from its beginning to where it ended when asked: for commands that look and go."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord

_POLL_MS = 500
_PATIENCE_MS = 20_000
_CONNECT_S = 5.0


def read_all(address: str, topic: str) -> Iterator[ConsumerRecord]:
    """Yield every record, in order per partition. Raises ConnectionError where no Kafka answers."""
    with _reader(address) as consumer:
        yield from _until_end(consumer, topic)


def written_at(address: str, offsets: Mapping[TopicPartition, int]) -> dict[TopicPartition, int]:
    """When the records at these offsets, or the next ones there are, were written (epoch ms).

    Raises ConnectionError where no Kafka answers.
    """
    if not offsets:
        return {}
    with _reader(address) as consumer:
        return _first_after(consumer, offsets)


@contextmanager
def _reader(address: str) -> Iterator[KafkaConsumer]:
    if not any(_listens(server) for server in address.split(",")):
        raise ConnectionError(f"no Kafka answers at {address}: set SLA_KAFKA to one that does")
    # The end is known, so nothing is worth waiting for: an empty partition would hold up those that are not.
    consumer = KafkaConsumer(
        bootstrap_servers=address, enable_auto_commit=False, fetch_max_wait_ms=10, api_version=(2, 3)
    )
    try:
        yield consumer
    finally:
        consumer.close()


def _listens(server: str) -> bool:
    """Asked first, since kafka-python waits for ever for a server that it is told the version of."""
    host, _, port = server.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=_CONNECT_S).close()
    except OSError:
        return False
    return True


def _until_end(consumer: KafkaConsumer, topic: str) -> Iterator[ConsumerRecord]:
    places = [TopicPartition(topic, partition) for partition in consumer.partitions_for_topic(topic) or ()]
    consumer.assign(places)
    consumer.seek_to_beginning(*places)
    ends = consumer.end_offsets(places)
    silent_ms = 0
    while any(consumer.position(place) < ends[place] for place in places):
        polled = consumer.poll(_POLL_MS)
        silent_ms = 0 if polled else silent_ms + _POLL_MS
        if silent_ms > _PATIENCE_MS:
            raise ConnectionError(f"Kafka has stopped answering while {topic} was read")
        for records in polled.values():
            yield from records


def _first_after(consumer: KafkaConsumer, offsets: Mapping[TopicPartition, int]) -> dict[TopicPartition, int]:
    consumer.assign(list(offsets))
    for place, offset in offsets.items():
        consumer.seek(place, offset)
    written_ms: dict[TopicPartition, int] = {}
    while written_ms.keys() != offsets.keys() and (polled := consumer.poll(_PATIENCE_MS)):
        written_ms |= {place: records[0].timestamp for place, records in polled.items()}
        consumer.pause(*polled)
    return written_ms
