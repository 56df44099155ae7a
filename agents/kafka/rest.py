"""Rest for partitions that bring little at a time, so that a chunk is worth what it costs besides its records.

Asked again at once, a partition in which facts come one by one gives chunks of a few, until handling chunks takes
all the time there is and everything waits for everything. They rest until the same instant, so that what comes
meanwhile comes together, and is written together.

They rest on while anything that they brought waits for its agent: handing out more would wait there, and behind it
what is fetched of other topics, such as an alert on its way to its receivers.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from faust.types import TP

from agents.kafka.chunk import Chunk

#: From so many records on a chunk is worth it: a partition with a backlog never rests.
MANY = 2_000

#: How often it is seen whether the agent has taken up what was brought.
_LOOK_S = 0.003


class Rest:
    """Pauses partitions of some topics, and resumes them. `queued`: of which a chunk waits for its agent."""

    def __init__(self, topics: frozenset[str], rest_s: float, queued: Collection[TP]) -> None:
        self._topics, self._rest_s, self._queued = topics, rest_s, queued
        self._resting: frozenset[TopicPartition] = frozenset()

    def after(self, chunks: Mapping[TP, Sequence[Chunk]], consumer: AIOKafkaConsumer) -> None:
        """Let those rest that brought little. Called where they were fetched, before they are fetched again."""
        tired = frozenset(
            TopicPartition(*tp)
            for tp, (chunk,) in chunks.items()
            if tp.topic in self._topics and len(chunk) < MANY
        )
        if tired:
            consumer.pause(*tired)
            if not self._resting:
                asyncio.get_running_loop().call_later(self._rest_s, self._end, consumer)
            self._resting |= tired

    def _end(self, consumer: AIOKafkaConsumer) -> None:
        if any(tp in self._queued for tp in self._resting):
            asyncio.get_running_loop().call_later(_LOOK_S, self._end, consumer)
            return
        rested, self._resting = self._resting, frozenset()
        consumer.resume(*(rested & consumer.assignment()))
