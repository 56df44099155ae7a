"""Counting by customer, at the edge: what intake tells of customers' contacts in; changelogs and tallies out.

A hop more, by the same rules as the first: changes are written, then the position, then it is acknowledged.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence

import faust
import msgspec

from agents import state
from agents.fence import Fence
from agents.kafka import Chunk, ChunkTable, Durable, chunk_agent, chunk_topic
from agents.settings import Settings
from agents.source import Source
from agents.telling import RESOLUTIONS, Teller
from schemas.dead_letters import Rejected, RejectReason
from schemas.resolutions import ContactTouch
from schemas.words import EARLIEST_MS
from sla_stream.changes import Changes
from sla_stream.messages import messages_of
from sla_stream.promises import Promises
from sla_stream.resolutions import Resolutions, TouchBatch


class Customers:
    """The state of this worker's partitions, as three changelogs bring it back."""

    def __init__(self, promises: Promises) -> None:
        #: Those that a partition begins with.
        self.promises = promises
        self.of: dict[int, Resolutions] = {}

    def __getitem__(self, partition: int) -> Resolutions:
        resolutions = self.of.get(partition)
        if resolutions is None:
            resolutions = self.of[partition] = Resolutions(self.promises)
        return resolutions

    def forget(self, partition: int) -> None:
        """Leave the partition to another worker."""
        self.of.pop(partition, None)


class _Store:
    """One changelog's way back."""

    def __init__(self, customers: Customers, restore: Callable[[Resolutions, bytes, bytes | None], None]) -> None:
        self._customers, self._restore = customers, restore

    def restore(self, partition: int, key: bytes, value: bytes | None) -> None:
        """Take back one record."""
        self._restore(self._customers[partition], key, value)

    def forget(self, partition: int) -> None:
        """Leave the partition to another worker."""
        self._customers.forget(partition)


def _restore_customer(resolutions: Resolutions, key: bytes, value: bytes | None) -> None:
    resolutions.restore_customer(*state.customer_of(key, value))


def _restore_tally(resolutions: Resolutions, key: bytes, value: bytes | None) -> None:
    for name, tally in state.tallies_of(key, value):
        resolutions.restore_tally(name, tally)


def _restore_position(resolutions: Resolutions, _: bytes, value: bytes | None) -> None:
    if value is not None:
        resolutions.restore_position(state.position_of(value))


class Resolving:
    """Joins the app, the pure counting by customer, and the topics."""

    def __init__(self, app: faust.App, settings: Settings, promises: Promises, teller: Teller) -> None:
        self.customers = Customers(promises)
        self._app, self._settings, self._teller = app, settings, teller
        self._kept = self._table("customers", _restore_customer)
        self._tallies = self._table("resolved", _restore_tally)
        self._positions = self._table("resolved-up-to", _restore_position)
        self._fence = Fence(
            app,
            Source(RESOLUTIONS, settings),
            lambda partition, position: self._positions.write(partition, [state.resolved_record(position)]),
        )
        chunk_agent(app, chunk_topic(app, RESOLUTIONS), self.take, after_durable=self._fence.settle)

    async def take(self, chunk: Chunk) -> Sequence[Durable]:
        """Count a chunk and send what it changed."""
        partition = chunk.tp.partition
        async with self._fence.turns[partition]:
            resolutions = self.customers[partition]
            await self._fence.refuse_another_log(chunk, resolutions.position)
            changes = resolutions.observe(TouchBatch(list(_touches(chunk)), chunk.end - 1))
            self._fence.depart(chunk, changes.position)
            return [*self._write(partition, changes), *self._teller.letters(chunk, changes.refused)]

    async def adopt(self, promises: Promises) -> None:
        """Count under other contracts from here on."""
        self.customers.promises = promises
        for partition, resolutions in list(self.customers.of.items()):
            async with self._fence.turns[partition]:
                resolutions.adopt(promises)

    async def look(self) -> None:
        """See that the topic is still the one that was counted."""
        await self._fence.look([one.position for one in self.customers.of.values()])

    async def forget(self) -> None:
        """Drop what no message can change any more."""
        for partition, resolutions in list(self.customers.of.items()):
            async with self._fence.turns[partition]:
                changes = resolutions.forget(self._fence.durable(partition))
                await asyncio.gather(*self._write(partition, changes))

    def _write(self, partition: int, changes: Changes) -> list[Durable]:
        # What is told here says nothing of how lately a feed was heard: a backlog must not hide that it is silent.
        messages = messages_of(changes, f"{RESOLUTIONS}/{partition}", EARLIEST_MS)
        return [
            self._kept.write(partition, state.customer_records(changes)),
            self._tallies.write(partition, state.tally_records(changes)),
            *self._teller.tallies(messages),
        ]

    def _table(self, name: str, restore: Callable[[Resolutions, bytes, bytes | None], None]) -> ChunkTable:
        store = _Store(self.customers, restore)
        return ChunkTable(self._app, name=name, partitions=self._settings.source_partitions, store=store)


def _touches(chunk: Chunk) -> Iterator[tuple[int, ContactTouch | Rejected]]:
    """Only we write there; whatever else is found there is kept with its reason, as everywhere."""
    for offset, value in zip(chunk.offset_range(), chunk.values, strict=True):
        try:
            (touch,) = state.touches([value or b""])
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            yield offset, Rejected(RejectReason.WRONG_SHAPE, str(error))
        else:
            yield offset, touch
