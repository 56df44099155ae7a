"""Reads what the judges write, of all partitions, whoever judges them, and puts it into the picture.

A thread of its own, since the loop also counts: it fetches and decodes, and hands over a batch at a time. It
belongs to no group and commits nothing. Topics are read from where the picture begins - verdicts and episodes are
compacted to what is, and of notes and alerts the last day and week are enough - and before all of them were read
to their end the picture is not whole, and nobody may be shown it.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, Protocol

import msgspec
from confluent_kafka import (
    OFFSET_BEGINNING,
    OFFSET_END,
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    TopicPartition,
)

from agents import state
from agents.bench import ALERTS, HISTORY, PULSES, VERDICTS
from agents.notifying import ACKNOWLEDGEMENTS
from agents.settings import Settings
from schemas.alerts import Acknowledgement, Alert
from schemas.history import Sample
from schemas.pulses import Pulse
from schemas.verdicts import Verdict
from sla_stream.picture import Said, Stored

log = logging.getLogger(__name__)

_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
_ANSWERS_WITHIN_S = 5.0
_TRIES_AGAIN_AFTER_S = 1.0
_AT_ONCE = 1_000
#: How long the first of a batch waits for the others: it is part of the way from a fact to the wall.
_GATHERS_S = 0.03
_LOOKS_EVERY_S = 0.2


class Hearer(Protocol):
    """Hears a batch, and whether the picture is whole with it. None: nothing more will come."""

    def __call__(self, said: Sequence[Said] | None, *, whole: bool) -> None:  # noqa: D102 - the class says it
        ...


class Topic(NamedTuple):
    """From where a topic is read - a place, or so long ago (ms) - and what its records say."""

    name: str
    begins: int
    reaches_ms: int | None
    read: Callable[[bytes, bytes | None], Said | None]


def topics_of(settings: Settings) -> tuple[Topic, ...]:
    """Whatever the picture is made of."""
    return (
        Topic(VERDICTS, OFFSET_BEGINNING, None, _decoded(Verdict)),
        Topic(f"{settings.app_id}-episodes-changelog", OFFSET_BEGINNING, None, _stored),
        Topic(HISTORY, OFFSET_BEGINNING, _DAY_MS, _decoded(Sample)),
        Topic(ALERTS, OFFSET_BEGINNING, 7 * _DAY_MS, _decoded(Alert)),
        Topic(ACKNOWLEDGEMENTS, OFFSET_BEGINNING, 7 * _DAY_MS, _decoded(Acknowledgement)),
        # One that was sent before we looked says nothing of now.
        Topic(PULSES, OFFSET_END, None, _decoded(Pulse)),
    )


class Reader:
    """Started and stopped from the loop that hears it."""

    def __init__(self, settings: Settings, hear: Hearer, now_ms: Callable[[], int]) -> None:
        self._settings, self._hear, self._now_ms = settings, hear, now_ms
        self._topics = {topic.name: topic for topic in topics_of(settings)}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wall", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def stop(self) -> None:
        """Read no more; return when the thread has ended."""
        self._stopping.set()
        if self._thread.is_alive():
            await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        try:
            consumer = _consumer(self._settings.kafka)
            try:
                self._follow(consumer)
            finally:
                consumer.close()
        except Exception:
            # What cannot be read would stand still on the wall and look healthy.
            log.exception("The wallboard has stopped; everything else goes on")
            self._loop.call_soon_threadsafe(partial(self._hear, None, whole=False))

    def _follow(self, consumer: Consumer) -> None:
        places = self._places(consumer)
        consumer.assign(places)
        unread = {(place.topic, place.partition) for place in places}
        while not self._stopping.is_set():
            said: list[Said] = []
            for message in _gathered(consumer):
                error = message.error()
                if error is None:
                    said += self._read(message)
                elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - its public name
                    unread.discard((message.topic(), message.partition()))
            if said or not unread:
                self._hand_over(said, whole=not unread)

    def _places(self, consumer: Consumer) -> list[TopicPartition]:
        """Where to begin; tried again for as long as nobody answers, which is the watchdog's affair."""
        while not self._stopping.is_set():
            try:
                return [place for topic in self._topics.values() for place in self._begin(consumer, topic)]
            except KafkaException as error:
                log.warning("The wallboard waits for Kafka: %s", error)
                self._stopping.wait(_TRIES_AGAIN_AFTER_S)
        return []

    def _begin(self, consumer: Consumer, topic: Topic) -> list[TopicPartition]:
        found = consumer.list_topics(topic.name, timeout=_ANSWERS_WITHIN_S).topics[topic.name]
        if found.error is not None:
            raise KafkaException(found.error)
        if topic.reaches_ms is None:
            return [TopicPartition(topic.name, number, topic.begins) for number in found.partitions]
        since_ms = self._now_ms() - topic.reaches_ms
        asked = [TopicPartition(topic.name, number, since_ms) for number in found.partitions]
        return consumer.offsets_for_times(asked, timeout=_ANSWERS_WITHIN_S)

    def _read(self, message: Message) -> Iterator[Said]:
        said = self._topics[message.topic() or ""].read(message.key() or b"", message.value())
        if said is not None:
            yield said

    def _hand_over(self, said: Sequence[Said], *, whole: bool) -> None:
        """Wait until the loop has taken it: what it is too busy for stays with the broker."""
        taken = threading.Event()

        def take() -> None:
            self._hear(said, whole=whole)
            taken.set()

        self._loop.call_soon_threadsafe(take)
        while not taken.wait(_LOOKS_EVERY_S) and not self._stopping.is_set():
            pass


def _gathered(consumer: Consumer) -> list[Message]:
    """What comes together with the next message; nothing, if none does for a moment."""
    first = consumer.poll(_LOOKS_EVERY_S)
    return [] if first is None else [first, *consumer.consume(_AT_ONCE, _GATHERS_S)]


def _consumer(address: str) -> Consumer:
    return Consumer(
        {
            "bootstrap.servers": address,
            "group.id": "nobody",  # asked for, but nothing is committed
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "earliest",
            "fetch.wait.max.ms": 100,
            "reconnect.backoff.max.ms": 1_000,
            "log_level": 0,
        }
    )


def _decoded(
    definition: type[Verdict | Sample | Alert | Acknowledgement | Pulse],
) -> Callable[[bytes, bytes | None], Said | None]:
    """They are our own, checked where they are made."""
    decode = msgspec.json.Decoder(definition).decode
    return lambda _, value: None if value is None else decode(value)


def _stored(key: bytes, value: bytes | None) -> Said:
    return Stored(*state.episode_of(key, value))


def monotonic_ms() -> int:
    """The clock by which waiting for a sign of life is measured."""
    return time.monotonic_ns() // 1_000_000
