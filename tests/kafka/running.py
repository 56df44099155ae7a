"""Apps on a loop of the test, and what the broker knows about their groups."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TypeVar

import faust
import pytest
from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from agents.kafka import transport_of
from tests.parts.kafka.broker import Kafka
from tests.parts.kafka.records import bounds_of
from tests.parts.waiting import wait_until

_PAUSE_S = 0.02
_STOP_DEADLINE_S = 10

T = TypeVar("T")

IN_THIS_PROCESS = [
    pytest.mark.kafka,
    # Faust leaves connections to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@asynccontextmanager
async def running(app: faust.App) -> AsyncIterator[faust.App]:
    """Run an app until the body is done."""
    await app.start()
    try:
        yield app
    finally:
        try:
            # An app that is stuck would not stop either, and hide why.
            await asyncio.wait_for(app.stop(), _STOP_DEADLINE_S)
        finally:
            # What is left of it must not end the tests that follow.
            transport_of(app).watchdog.stop()


async def until(condition: Callable[[], T], what: str, deadline_s: float = 20) -> T:
    """Let the loop run until the answer is truthy and return it; past the deadline fail with a sentence."""
    end = asyncio.get_running_loop().time() + deadline_s
    while not (answer := condition()):
        assert asyncio.get_running_loop().time() < end, f"waited {deadline_s:g} s for {what}: {answer!r}"
        await asyncio.sleep(_PAUSE_S)
    return answer


def committed(broker: Kafka, group: str, topic: str, partitions: int) -> list[int]:
    """Return a group's offsets; negative where there is none."""
    asked = ConsumerGroupTopicPartitions(group, [TopicPartition(topic, n) for n in range(partitions)])
    admin = AdminClient({"bootstrap.servers": broker.address})
    answer = admin.list_consumer_group_offsets([asked])[group].result(timeout=10)
    return [at.offset for at in answer.topic_partitions]


def commit(broker: Kafka, group: str, topic: str, offset: int) -> None:
    """Set a group's offset in partition 0."""
    consumer = Consumer({"bootstrap.servers": broker.address, "group.id": group})
    consumer.commit(offsets=[TopicPartition(topic, 0, offset)], asynchronous=False)
    consumer.close()


def reset(broker: Kafka, group: str, topic: str, offsets: Mapping[int, int]) -> None:
    """Set a group's offsets by partition, as an operator does once its last member is gone."""
    asked = ConsumerGroupTopicPartitions(group, [TopicPartition(topic, *at) for at in offsets.items()])
    admin = AdminClient({"bootstrap.servers": broker.address})

    def is_set() -> bool:
        try:
            answer = admin.alter_consumer_group_offsets([asked])[group].result(timeout=10)
        except KafkaException:
            return False
        return all(at.error is None for at in answer.topic_partitions)

    wait_until(is_set, 30, f"the offsets of {group} to be set")


def log_end(broker: Kafka, topic: str) -> int:
    """Return where partition 0 ends."""
    consumer = Consumer({"bootstrap.servers": broker.address, "group.id": "nobody"})
    _, end = bounds_of(consumer, TopicPartition(topic, 0))
    consumer.close()
    return end
