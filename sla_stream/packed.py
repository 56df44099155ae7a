"""Counts at rest: names as numbers, numbers in as few bytes as they need. A tenth of what they are as dicts."""

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import msgpack

from schemas.tallies import Counts

_encode = msgpack.Encoder().encode
_decode = msgpack.Decoder(list[int]).decode

#: Counts of each measure, names replaced by numbers.
Numbered: TypeAlias = dict[int, dict[int, int]]

#: A tally at rest: the offset that it reflects, and its counts.
pack_tally = _encode
unpack_tally = msgpack.Decoder(tuple[int, Numbered]).decode


class _Numbers(dict[str, int]):
    """A number for each name, given when it is first asked for."""

    def __missing__(self, name: str) -> int:
        number = self[name] = len(self)
        return number


class Packer:
    """Packs counts, and unpacks what it has packed itself. It knows each name once: they are few."""

    def __init__(self) -> None:
        self._numbers = _Numbers()
        self._names: list[str] = []

    def number(self, name: str) -> int:
        """A small number that stands for the name."""
        return self._numbers[name]

    def name(self, number: int) -> str:
        """The name that the number stands for."""
        if number >= len(self._names):
            self._names = list(self._numbers)
        return self._names[number]

    def pack(self, counts: Counts) -> bytes:
        """The counts of one measure."""
        return _encode([number for name, n in counts.items() for number in (self._numbers[name], n)])

    def unpack(self, packed: bytes) -> Counts:
        """The same counts."""
        numbers = iter(_decode(packed))
        return {self.name(number): n for number, n in zip(numbers, numbers, strict=True)}

    def numbered(self, measures: Mapping[str, Counts]) -> Numbered:
        """Counts of each measure, with numbers for names."""
        number = self._numbers.__getitem__
        return {
            number(measure): dict(zip(map(number, counts), counts.values(), strict=True))
            for measure, counts in measures.items()
        }

    def named(self, measures: Numbered) -> dict[str, Counts]:
        """The same counts."""
        return {self.name(measure): self.named_counts(counts) for measure, counts in measures.items()}

    def named_counts(self, counts: Mapping[int, int]) -> Counts:
        """Counts of one measure, with their names."""
        name = self.name
        return {name(number): n for number, n in counts.items()}
