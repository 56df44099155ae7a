"""What an agent is handed: the records of one fetch from one partition, as they came."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, cast

from faust.types import TP, Message


@dataclass(slots=True, eq=False)
class Chunk:
    """Records between two fetch positions.

    `start` and `end` are positions, not offsets of records: what compaction or transactions took away
    lies inside, so chunks join like tiles. A chunk may hold no record at all.
    """

    tp: TP
    start: int
    end: int
    values: list[bytes | None]
    keys: list[bytes | None]
    timestamps: list[int]
    first: int
    last: int
    offsets: list[int] | None
    generation: int | None = None

    @classmethod
    def of(
        cls,
        tp: TP,
        span: tuple[int, int],
        offsets: Sequence[int],
        values: list[bytes | None],
        keys: list[bytes | None],
        timestamps: list[int],
    ) -> Self:
        """Build a chunk, and forget the offsets if they can be counted."""
        start, end = span
        first, last = (offsets[0], offsets[-1]) if offsets else (end, end - 1)
        counted = last - first + 1 == len(offsets)
        return cls(tp, start, end, values, keys, timestamps, first, last, None if counted else list(offsets))

    def __len__(self) -> int:
        return len(self.values)

    def let_go(self) -> None:
        """Drop the records, which have been handled. The span is wanted until what came of them is durable."""
        self.values, self.keys, self.timestamps, self.offsets = [], [], [], []

    def offset_of(self, index: int) -> int:
        """Return the offset of a record by its place in the chunk."""
        return self.first + index if self.offsets is None else self.offsets[index]

    def offset_range(self) -> Sequence[int]:
        """Return the offsets of all records, in order."""
        return range(self.first, self.last + 1) if self.offsets is None else self.offsets

    def __repr__(self) -> str:
        return f"<Chunk {self.tp.topic}/{self.tp.partition} {self.start}..{self.end}>"


def chunk_in(message: Message) -> Chunk:
    """Return the chunk that a message of Faust's carries."""
    return cast("Chunk", message.value)
