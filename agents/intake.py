"""Counting, at the edge: chunks of raw records in; changelogs, tallies and dead letters out.

A chunk's writes are sent in one go and waited for together. Only when all of them are safe is the position
written, and only then is the chunk acknowledged: so the position says what need not be counted again, and
everything after it is counted by the offsets that contacts and tallies carry.
"""

import asyncio
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import NamedTuple, TypeAlias

import faust
from faust.types import TP

from agents import state
from agents.codec import decode
from agents.fence import Fence
from agents.kafka import Chunk, ChunkTable, Durable, chunk_agent, chunk_topic
from agents.metrics import Metrics
from agents.pseudonyms import Pseudonyms
from agents.settings import Settings
from agents.source import CHANNELS, SOURCES, Source
from agents.telling import Teller
from schemas.dead_letters import Rejected
from schemas.facts import Fact
from schemas.words import Channel
from sla_stream.changes import Changes, Position
from sla_stream.counting import Counting
from sla_stream.messages import adjustments_of, messages_of, touches_of
from sla_stream.promises import Promises

CountingOf: TypeAlias = Callable[[Channel], Counting]
#: Puts a record of a changelog into the counting of the channel that it belongs to.
Restore: TypeAlias = Callable[[CountingOf, bytes, bytes | None], None]

#: Facts decoded at a stretch: some two milliseconds, and no more than the processor keeps near.
_SLICE = 1_000


class Place(NamedTuple):
    """A partition of a channel's topic."""

    channel: Channel
    partition: int

    @property
    def tp(self) -> TP:
        """The same in Kafka's words."""
        return TP(SOURCES[self.channel], self.partition)

    @classmethod
    def of(cls, tp: TP) -> "Place":
        """Where a chunk comes from."""
        return cls(CHANNELS[tp.topic], tp.partition)


class Countings:
    """The state of this worker's source partitions, as the three changelogs bring it back."""

    def __init__(self, promises: Promises) -> None:
        #: Those that a partition begins with.
        self.promises = promises
        self.of: dict[Place, Counting] = {}

    def __getitem__(self, place: Place) -> Counting:
        counting = self.of.get(place)
        if counting is None:
            counting = self.of[place] = Counting(self.promises)
        return counting

    def forget(self, partition: int) -> None:
        """Leave the partitions of this number, one of each channel, to another worker."""
        for place in [place for place in self.of if place.partition == partition]:
            del self.of[place]


class _Store:
    """One changelog's way back into the countings."""

    def __init__(self, countings: Countings, restore: Restore) -> None:
        self._countings, self._restore = countings, restore

    def restore(self, partition: int, key: bytes, value: bytes | None) -> None:
        """Take back one record."""
        self._restore(lambda channel: self._countings[Place(channel, partition)], key, value)

    def forget(self, partition: int) -> None:
        """Leave the partition to another worker."""
        self._countings.forget(partition)


def _restore_contact(counting_of: CountingOf, key: bytes, value: bytes | None) -> None:
    feed, name, packed = state.contact_of(key, value)
    counting_of(feed.channel).restore_contact(feed, name, packed)


def _restore_tally(counting_of: CountingOf, key: bytes, value: bytes | None) -> None:
    for name, tally in state.tallies_of(key, value):
        counting_of(name.channel).restore_tally(name, tally)


def _restore_position(counting_of: CountingOf, key: bytes, value: bytes | None) -> None:
    if value is not None:
        counting_of(state.channel_of(key)).restore_position(state.position_of(value))


class Intake:
    """Joins the app, the pure counting, and the topics."""

    def __init__(
        self,
        app: faust.App,
        settings: Settings,
        promises: Promises,
        pseudonyms: Pseudonyms,
        teller: Teller,
        metrics: Metrics,
        now_ms: Callable[[], int],
    ) -> None:
        self.countings = Countings(promises)
        self._pseudonyms, self._teller = pseudonyms, teller
        self._app, self._settings, self._metrics, self._now_ms = app, settings, metrics, now_ms
        self._contacts = self._table("contacts", _restore_contact)
        self._tallies = self._table("tallies", _restore_tally)
        self._positions = self._table("positions", _restore_position)
        self._fences = {channel: self._fence(channel) for channel in SOURCES}
        for channel, fence in self._fences.items():
            chunk_agent(app, chunk_topic(app, SOURCES[channel]), self.take, after_durable=fence.settle)

    async def take(self, chunk: Chunk) -> Sequence[Durable]:
        """Count a chunk and send what it changed."""
        started, place = perf_counter(), Place.of(chunk.tp)
        fence = self._fences[place.channel]
        async with fence.turns[place.partition]:
            counting = self.countings[place]
            await fence.refuse_another_log(chunk, counting.position)
            before = counting.position
            changes = await self._observe(counting, chunk)
            self._count(before, changes)
            fence.depart(chunk, changes.position)
            durables = self._write(chunk.tp, changes)
            durables += self._teller.letters(chunk, changes.refused)
        self._metrics.batch_seconds.observe(perf_counter() - started)
        return durables

    async def _observe(self, counting: Counting, chunk: Chunk) -> Changes:
        """Count bit by bit, so that ticks and heartbeats of the loop do not wait for a large chunk.

        What is decoded is taken in at once, while it is at hand, and counted when all that came of a contact has.
        """
        changes = Changes(counting.position)
        offsets = chunk.offset_range()
        for begin in range(0, len(chunk), _SLICE):
            counting.take(self._decode(chunk, offsets, begin, min(begin + _SLICE, len(chunk))), changes)
            await asyncio.sleep(0)
        for _ in counting.count(changes):
            await asyncio.sleep(0)
        return counting.complete(changes, chunk.end - 1)

    def _decode(
        self, chunk: Chunk, offsets: Sequence[int], begin: int, end: int
    ) -> list[tuple[int, Fact | Rejected]]:
        started, channel, hide = perf_counter(), CHANNELS[chunk.tp.topic], self._pseudonyms.hide
        messages = [
            (offset, hide(decode(value, written_ms, channel)))
            for offset, value, written_ms in zip(
                offsets[begin:end], chunk.values[begin:end], chunk.timestamps[begin:end], strict=True
            )
        ]
        self._metrics.decode_seconds.observe(perf_counter() - started)
        return messages

    async def adopt(self, promises: Promises) -> None:
        """Count under other contracts from here on, but no chunk by two: of what is new, half of it would lack."""
        self.countings.promises = promises
        for place, counting in list(self.countings.of.items()):
            async with self._fences[place.channel].turns[place.partition]:
                counting.adopt(promises)

    async def look(self) -> None:
        """See that the sources are still the topics that were counted."""
        for channel, fence in self._fences.items():
            await fence.look(
                [one.position for place, one in self.countings.of.items() if place.channel == channel]
            )

    async def forget(self) -> None:
        """Drop what no fact can change any more."""
        for place, counting in list(self.countings.of.items()):
            fence = self._fences[place.channel]
            async with fence.turns[place.partition]:
                changes = counting.forget(fence.durable(place.partition))
                for feed, n in changes.orphans.items():
                    self._metrics.orphans.labels(*feed).inc(n)
                await asyncio.gather(*self._write(place.tp, changes))

    def _fence(self, channel: Channel) -> Fence:
        source = Source(SOURCES[channel], self._settings)
        return Fence(
            self._app,
            source,
            lambda partition, position: self._positions.write(
                partition, [state.position_record(channel, position)]
            ),
        )

    def _write(self, tp: TP, changes: Changes) -> list[Durable]:
        source = f"{tp.topic}/{tp.partition}"
        return [
            self._contacts.write(tp.partition, state.contact_records(changes)),
            self._tallies.write(tp.partition, state.tally_records(changes)),
            *self._teller.tallies(messages_of(changes, source, self._now_ms())),
            *self._teller.touches(touches_of(changes, source)),
            *self._teller.adjustments(adjustments_of(changes, source)),
        ]

    def _count(self, before: Position, changes: Changes) -> None:
        for result, n in (changes.position.results - before.results).items():
            self._metrics.facts.labels(result).inc(n)

    def _table(self, name: str, restore: Restore) -> ChunkTable:
        store = _Store(self.countings, restore)
        return ChunkTable(self._app, name=name, partitions=self._settings.source_partitions, store=store)
