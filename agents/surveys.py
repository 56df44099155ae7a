"""The door for surveys: what a customer answered goes on to the topic of the contact that it was about.

A survey tool knows no channels' topics, and answers come days later. Passed on, they stand in the one log that
each contact has, so that what is counted stays a matter of that log alone. It is done at least once: a contact
that has an answer already is not changed by the same.
"""

from collections import defaultdict
from collections.abc import Sequence

import faust

from agents.codec import decode
from agents.kafka import Chunk, Durable, Record, chunk_agent, chunk_topic, send
from agents.source import SOURCES, SURVEYS
from agents.telling import Teller
from schemas.dead_letters import Rejected, RejectReason


class Surveys:
    """Passes on. A partition's answers go to the same partition, as a contact is the key of both."""

    def __init__(self, app: faust.App, teller: Teller) -> None:
        self._app, self._teller = app, teller
        chunk_agent(app, chunk_topic(app, SURVEYS), self.take)

    async def take(self, chunk: Chunk) -> Sequence[Durable]:
        """Send each answer to the topic of its channel; what is none is refused."""
        by_topic: dict[str, list[Record]] = defaultdict(list)
        refused: list[tuple[int, Rejected]] = []
        for offset, key, value, written_ms in zip(
            chunk.offset_range(), chunk.keys, chunk.values, chunk.timestamps, strict=True
        ):
            topic = _topic_of(value, written_ms)
            if isinstance(topic, Rejected):
                refused.append((offset, topic))
            else:
                by_topic[topic].append((key or b"", value))
        partition = chunk.tp.partition
        sent = [send(self._app.producer, topic, partition, records) for topic, records in by_topic.items()]
        return [*sent, *self._teller.letters(chunk, refused)]


def _topic_of(value: bytes | None, written_ms: int) -> str | Rejected:
    answer = decode(value, written_ms)
    if isinstance(answer, Rejected):
        return answer
    if answer.type != "surveyed":
        return Rejected(RejectReason.NOT_A_SURVEY, answer.type)
    return SOURCES[answer.channel]
