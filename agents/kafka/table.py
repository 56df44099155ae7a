"""A Faust table that is only a changelog and its recovery; the state itself lives in objects of ours."""

from collections.abc import Iterable
from functools import partial
from types import MappingProxyType
from typing import Any, Protocol

import faust
from faust.types import TP, EventT, TopicT

from agents.kafka.chunk import Chunk, chunk_in
from agents.kafka.exits import Exit, leave
from agents.kafka.schema import ChunkSchema
from agents.kafka.writes import Durable, Record, send

#: One chunk is one event to Faust, and would sit in a buffer made for records; a buffer of one makes Faust
#: apply the changelog to the table while the table writes it.
_RECOVERY_BUFFER = 2
_QUEUE_OF_CHUNKS = 64
_CHANGELOG_CONFIG = MappingProxyType(
    {
        # For a day the log still shows if a frozen worker wrote an older value after a newer one.
        "min.compaction.lag.ms": 24 * 3600 * 1000,
        # Only closed segments are compacted.
        "segment.bytes": 64 << 20,
    }
)


class PartitionedStore(Protocol):
    """State that is kept by partition."""

    def restore(self, partition: int, key: bytes, value: bytes | None) -> None:
        """Apply a record of the changelog, unless what is there reflects a higher source offset."""

    def forget(self, partition: int) -> None:
        """Drop all state of a partition: it is another worker's now."""


class ChunkTable(faust.Table[Any, Any]):
    """Carries a store's changes to its changelog topic, and back at recovery, by the chunk."""

    def __init__(
        self, app: faust.App, *, name: str, store: PartitionedStore, partitions: int, **kwargs: Any
    ) -> None:
        kwargs["extra_topic_configs"] = {**_CHANGELOG_CONFIG, **kwargs.get("extra_topic_configs", {})}
        super().__init__(app, name=name, partitions=partitions, recovery_buffer_size=_RECOVERY_BUFFER, **kwargs)
        self._kept_by = store
        #: For each partition held, the last changelog offset whose record is in the store.
        self._tails: dict[int, int | None] = {}
        app.tables.add(self)

    def _new_changelog_topic(self, **_: Any) -> TopicT:
        return self.app.topic(
            self._changelog_topic_name(),
            schema=ChunkSchema(),
            partitions=self.partitions,
            compacting=True,
            acks=False,
            internal=True,
            config=self.extra_topic_configs,
            maxsize=_QUEUE_OF_CHUNKS,
            allow_empty=True,
        )

    def write(self, partition: int, records: Iterable[Record], timestamp_ms: int | None = None) -> Durable:
        """Start to write what changed in the store; only of a partition that is ours."""
        if partition not in self._tails:
            raise ValueError(f"partition {partition} of {self.changelog_topic_name} is not ours to write")
        durable = send(self.app.producer, self.changelog_topic_name, partition, records, timestamp_ms)
        durable.add_done_callback(partial(self._note_written, partition))
        return durable

    def _note_written(self, partition: int, written: Durable) -> None:
        if not written.cancelled() and written.exception() is None and written.result() >= 0:
            self._note_tail(partition, written.result())

    def _note_tail(self, partition: int, offset: int) -> None:
        if partition in self._tails:
            self._tails[partition] = max(self._tails[partition] or 0, offset)

    def persisted_offset(self, tp: TP) -> int | None:
        """Return what need not be read again of a partition that stays here."""
        return self._tails.get(tp.partition)

    async def on_rebalance(
        self, assigned: set[TP], revoked: set[TP], newly_assigned: set[TP], generation_id: int = 0
    ) -> None:
        """Forget the partitions that have gone, before recovery asks what need not be read."""
        new = self._partitions(newly_assigned)
        held = self._partitions(assigned)
        for partition in self._tails.keys() - (held - new):
            self._kept_by.forget(partition)
        self._tails = {partition: self._tails.get(partition) for partition in held - new} | dict.fromkeys(new)
        await super().on_rebalance(assigned, revoked, newly_assigned, generation_id)

    def _partitions(self, assignment: set[TP]) -> set[int]:
        return {tp.partition for tp in assignment if tp.topic == self.changelog_topic_name}

    def apply_changelog_batch(self, batch: Iterable[EventT[Any]]) -> None:
        """Restore what was written; a record that cannot be read ends the process, as Faust would go on."""
        for event in batch:
            chunk = chunk_in(event.message)
            # Faust applies what it reads of a partition just lost, and to whichever table comes to hand.
            if chunk.tp.topic == self.changelog_topic_name and chunk.tp.partition in self._tails:
                self._restore(chunk)

    def _restore(self, chunk: Chunk) -> None:
        partition = chunk.tp.partition
        tail = self._tails[partition]
        if tail is not None and chunk.start > tail + 1:
            leave(Exit.CHANGELOG_UNREADABLE, f"{chunk} does not join on to {tail}, the last offset restored")
        try:
            for key, value in zip(chunk.keys, chunk.values, strict=True):
                if key is None:
                    raise ValueError("a record without a key")  # noqa: TRY301
                self._kept_by.restore(partition, key, value)
        except Exception as error:  # noqa: BLE001 - whatever it is, this state must not be served
            leave(Exit.CHANGELOG_UNREADABLE, f"{chunk} of the changelog cannot be restored: {error}", error)
        self._note_tail(partition, chunk.end - 1)
