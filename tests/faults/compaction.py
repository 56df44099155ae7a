"""Compaction at once, by the broker itself: what it does within days is done within seconds."""

import time

from confluent_kafka import Producer

from tests.agents.running import Site
from tests.faults.faults import PARTITIONS
from tests.parts.kafka.broker import Kafka
from tests.parts.waiting import wait_until

_AT_ONCE = {"min.compaction.lag.ms": "0", "min.cleanable.dirty.ratio": "0.0", "segment.ms": "100"}
_COMPACTED_WITHIN_S = 60


def compact(broker: Kafka, site: Site, topic: str) -> None:
    """Have a topic compacted, all but the newest segments; then set it again as workers want it."""
    wanted = {name: broker.config(topic)[name] for name in _AT_ONCE}
    broker.configure(topic, _AT_ONCE)
    keys = _close_segments(site, topic)

    def is_compacted() -> bool:
        return len(site.records(topic)) <= keys + 2 * PARTITIONS

    wait_until(is_compacted, _COMPACTED_WITHIN_S, f"{topic} to be compacted to {keys} records")
    broker.configure(topic, wanted)


def _close_segments(site: Site, topic: str) -> int:
    """Only a write closes one: what was last in a partition is written again. Returns how many keys there are."""
    records = site.records(topic)
    last = {record.partition(): record for record in records}
    producer = Producer({"bootstrap.servers": site.address})
    for _ in range(2):
        time.sleep(0.2)
        for partition, record in last.items():
            producer.produce(topic, record.value(), record.key(), partition=partition or 0)
        producer.flush()
    return len({(record.partition(), record.key()) for record in records})
