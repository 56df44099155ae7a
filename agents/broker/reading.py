"""A topic from its beginning to where it ended when asked: for commands that look and go."""

from collections.abc import Iterator

from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import KafkaError

_POLL_MS = 500
_PATIENCE_MS = 20_000


def read_all(address: str, topic: str) -> Iterator[ConsumerRecord]:
    """Yield every record, in order per partition. Raises ConnectionError where no Kafka answers."""
    try:
        # The end is known, so nothing is worth waiting for: an empty partition would hold up those that are not.
        consumer = KafkaConsumer(
            bootstrap_servers=address, enable_auto_commit=False, fetch_max_wait_ms=10, api_version=(2, 3)
        )
    except KafkaError as error:
        raise ConnectionError(f"no Kafka answers at {address}: set SLA_KAFKA to one that does") from error
    try:
        yield from _until_end(consumer, topic)
    finally:
        consumer.close()


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
