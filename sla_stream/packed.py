"""Counts at rest: names as numbers, numbers in as few bytes as they need. A tenth of what they are as dicts."""

from collections.abc import Iterator, Mapping

from msgspec import msgpack

from schemas.tallies import Counts

_encode = msgpack.Encoder().encode
_decode = msgpack.Decoder(list[int]).decode


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

    def pack_tally(self, offset: int, measures: Mapping[str, Counts]) -> bytes:
        """A tally: the offset that it reflects, and the counts of each measure."""
        numbers, flat = self._numbers, [offset]
        for measure, counts in measures.items():
            flat += numbers[measure], len(counts)
            for name, n in counts.items():
                flat += numbers[name], n
        return _encode(flat)

    def unpack_tally(self, packed: bytes) -> tuple[int, dict[str, Counts]]:
        """The same tally."""
        numbers = iter(_decode(packed))
        return next(numbers), dict(self._measures(numbers))

    def _measures(self, numbers: Iterator[int]) -> Iterator[tuple[str, Counts]]:
        for measure in numbers:
            length = next(numbers)
            yield self.name(measure), {self.name(next(numbers)): next(numbers) for _ in range(length)}
