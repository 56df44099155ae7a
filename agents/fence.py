"""What every topic needs that is counted: chunks in turn, of the log that was counted, and positions written last.

A position says what need not be counted again, so it is written only when everything that a chunk changed is safe.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import faust

from agents.kafka import Chunk, Durable
from agents.source import Log, Source, refuse_another
from sla_stream.changes import Position

WritePosition = Callable[[int, Position], Durable]


class Fence:
    """The partitions of one topic that are counted here."""

    def __init__(self, app: faust.App, source: Source, write_position: WritePosition) -> None:
        self._app, self._source, self._write_position = app, source, write_position
        #: What is observed in some order must be written in that order.
        self.turns: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        #: Where each chunk leaves its partition, while its writes are under way; and what is safely stored.
        self._under_way: dict[Chunk, Position] = {}
        self._durable: dict[int, int] = {}

    async def refuse_another_log(self, chunk: Chunk, position: Position) -> None:
        """Where the chunk does not join on, the broker is asked whether it still has what is between."""
        topic, end = await self._source.id(), self._app.consumer.highwater(chunk.tp)
        first = 0
        if chunk.start > position.offset + 1:
            first = (await self._app.consumer.earliest_offsets(chunk.tp))[chunk.tp]
        refuse_another(chunk, position, Log(topic, first, end))

    def depart(self, chunk: Chunk, position: Position) -> None:
        """What the chunk changed is being written; with it the partition is counted up to the position."""
        self._under_way[chunk] = position

    async def settle(self, chunks: Sequence[Chunk]) -> None:
        """Everything of the chunks is stored: say so, that it need not be counted again."""
        reached = {chunk.tp.partition: self._under_way.pop(chunk) for chunk in chunks}
        topic = await self._source.id()
        writes = [
            self._write_position(partition, replace(position, topic=topic))
            for partition, position in reached.items()
        ]
        await asyncio.gather(*writes)
        self._durable |= {partition: position.offset for partition, position in reached.items()}

    def durable(self, partition: int) -> int:
        """Up to which offset a partition is safely counted by this worker; -1 if it has just begun."""
        return self._durable.get(partition, -1)

    async def look(self, counted: Iterable[Position]) -> None:
        """See that the topic is still the one that was counted."""
        await self._source.look([position.topic for position in counted])
