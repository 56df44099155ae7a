"""The demo's ends of Kafka: facts go in, verdicts and alerts come out."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Self

from confluent_kafka import Consumer, KafkaError, Message, Producer, TopicPartition

from agents.source import SOURCES, SURVEYS
from schemas.alerts import ALERT, Alert
from schemas.facts import FACT, Heartbeat, Moment, Surveyed
from schemas.verdicts import VERDICT, Verdict
from schemas.words import Channel

_VERDICTS, _ALERTS = "sla.verdicts", "sla.alerts"
_ANSWERS_WITHIN_S = 10.0
_AT_ONCE = 1_000


class Source:
    """What the adapters of a contact centre and of its survey tool would be. A record is as old as its fact."""

    def __init__(self, address: str, client: str, channels: Iterable[Channel]) -> None:
        self._client = client
        self._lost: KafkaError | None = None
        self._producer = Producer(
            {
                "bootstrap.servers": address,
                "linger.ms": 5,
                "message.timeout.ms": int(_ANSWERS_WITHIN_S * 1000),
                "partitioner": "murmur2_random",  # as every other client chooses a contact's partition
                "log_level": 0,
            }
        )
        self._partitions = [(channel, n) for channel in channels for n in self._numbers(SOURCES[channel])]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._producer.purge()

    def tell(self, facts: Sequence[Moment], at_ms: int) -> None:
        """Send what has happened, and to each partition how late it is, also where nothing happened."""
        for fact in facts:
            topic = SURVEYS if isinstance(fact, Surveyed) else SOURCES[fact.channel]
            self._produce(topic, fact, fact.contact)
        for channel, partition in self._partitions:
            heartbeat = Heartbeat(client=self._client, channel=channel, at=at_ms)
            self._produce(SOURCES[channel], heartbeat, None, partition)
        self._producer.poll(0)
        if self._lost:
            raise ConnectionError(f"Kafka no longer takes facts: {self._lost.str()}")

    def _produce(self, topic: str, fact: Moment | Heartbeat, key: str | None, partition: int = -1) -> None:
        value = FACT.dump_json(fact, exclude_none=True)
        self._producer.produce(topic, value, key, partition, on_delivery=self._delivered, timestamp=fact.at)

    def _numbers(self, topic: str) -> list[int]:
        return list(self._producer.list_topics(topic, _ANSWERS_WITHIN_S).topics[topic].partitions)

    def _delivered(self, error: KafkaError | None, _: Message) -> None:
        self._lost = self._lost or error


class Listener:
    """Hears what the workers say of one client from now on."""

    def __init__(self, address: str, client: str) -> None:
        self._client = client
        self._consumer = Consumer(
            {
                "bootstrap.servers": address,
                "group.id": "nobody",  # asked for, but nothing is committed
                "enable.auto.commit": False,
                "fetch.wait.max.ms": 50,
                "log_level": 0,
            }
        )
        self._consumer.assign(
            [self._end(topic, n) for topic in (_VERDICTS, _ALERTS) for n in self._numbers(topic)]
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close()

    def listen(self, for_s: float) -> Iterator[Verdict | Alert]:
        """Whatever is said in the next moment."""
        for message in self._consumer.consume(_AT_ONCE, for_s):
            if message.error() is None:
                said = self._read(message)
                if said.client == self._client:
                    yield said

    def _read(self, message: Message) -> Verdict | Alert:
        adapter = VERDICT if message.topic() == _VERDICTS else ALERT
        return adapter.validate_json(message.value() or b"")

    def _numbers(self, topic: str) -> list[int]:
        return list(self._consumer.list_topics(topic, _ANSWERS_WITHIN_S).topics[topic].partitions)

    def _end(self, topic: str, number: int) -> TopicPartition:
        partition = TopicPartition(topic, number)
        partition.offset = self._consumer.get_watermark_offsets(partition, _ANSWERS_WITHIN_S)[1]
        return partition
