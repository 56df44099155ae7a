"""Which topics are counted, one for each channel, and which they are: offsets mean nothing without that.

A topic that was deleted and made again, or copied to another cluster, has the same name and other offsets. By them
facts would be passed over as counted long ago, or never be read; so the worker ends itself instead, and says why.
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import NamedTuple

from confluent_kafka import KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient

from agents.kafka import Chunk, Exit, leave
from agents.settings import Settings
from schemas.words import Channel
from sla_stream.changes import Position

#: Channel -> the topic of its contacts.
SOURCES: dict[Channel, str] = {
    "voice": "contact.calls",
    "chat": "contact.chats",
    "email": "contact.emails",
    "ticket": "contact.tickets",
}
#: Answers, which are passed on to the topic of their contact.
SURVEYS = "contact.surveys"
CHANNELS = {topic: channel for channel, topic in SOURCES.items()}

#: Less than partitions that are to move wait for a task.
_ANSWER_WITHIN_S = 1.0
_PAUSE_S = 0.5

#: What brokers before 2.8 give for an id.
_NO_ID = "AAAAAAAAAAAAAAAAAAAAAA"

log = logging.getLogger(__name__)


class Topic(NamedTuple):
    """The topic as its cluster has it; no id where it gives none."""

    id: str
    partitions: int


class Log(NamedTuple):
    """One partition as it is now: of which topic, its first offset and the one after its last."""

    topic: str
    first: int
    end: int


class Source:
    """A topic that this worker counts, as the cluster showed it first; asked again, it must be the same."""

    def __init__(self, name: str, settings: Settings) -> None:
        self._name, self._settings = name, settings
        self._admin: AdminClient | None = None
        self._first: Topic | None = None

    async def id(self) -> str:
        """The topic's id; the first time, however long the cluster takes to tell it."""
        while self._first is None:
            self._first = await self._ask()
            if self._first is None:
                await asyncio.sleep(_PAUSE_S)
        return self._first.id

    async def look(self, counted: Iterable[str]) -> None:
        """End the process if the topic is none of those that were counted, or has other partitions."""
        now = await self._ask()
        known = [*counted, self._first.id if self._first else ""]
        if now and (why := changed(known, now, self._settings.source_partitions)):
            leave(Exit.SOURCE_CHANGED, f"{self._name} {why}")

    async def _ask(self) -> Topic | None:
        """None while nobody answers, which is the watchdog's affair."""
        if self._settings.embedded:
            return Topic("", self._settings.source_partitions)
        if self._admin is None:
            self._admin = AdminClient({"bootstrap.servers": self._settings.kafka, "log_level": 0})
        asked = self._admin.describe_topics(TopicCollection([self._name]), request_timeout=_ANSWER_WITHIN_S)
        try:
            found = await asyncio.wrap_future(asked[self._name])
        except KafkaException:
            return None
        topic = str(found.topic_id)
        return Topic("" if topic == _NO_ID else topic, len(found.partitions))


def changed(counted: Iterable[str], now: Topic, wanted: int) -> str | None:
    """Why the topic is not the one that was counted, by its ids where they are known; None if it is."""
    for before in counted:
        if before and now.id and before != now.id:
            return f"is another log: it has the id {now.id}, and {before} was counted"
    if now.partitions != wanted:
        return f"has {now.partitions} partitions, {wanted} were counted: contacts go to others now"
    return None


def refuse_another(chunk: Chunk, position: Position, now: Log) -> None:
    """End the process unless the chunk goes on, in the log that was counted, where counting stopped or before."""
    if why := objection(chunk.start, position, now):
        leave(Exit.SOURCE_CHANGED, f"{chunk.tp.topic}/{chunk.tp.partition} {why}")
    if chunk.start > position.offset + 1 > 0:
        log.error("%r starts after %d: the broker no longer has what was between", chunk, position.offset)


def objection(start: int, position: Position, now: Log) -> str | None:
    """Why a partition must not be counted on from `start`; None if it may. What retention took is no reason."""
    if position.topic and now.topic and position.topic != now.topic:
        return f"is of the topic {now.topic}, and {position.topic} was counted: it is another log"
    if position.offset >= now.end:
        return f"is counted up to {position.offset} but ends at {now.end}: it is another log"
    if max(position.offset + 1, now.first) < start and position.offset >= 0:
        return (
            f"is counted up to {position.offset}, and the group goes on at {start}: what is between would never be"
            f" counted. Set the group's offset back to {position.offset + 1}"
        )
    return None
