"""Counts per outcome class that add up: of one queue in one minute, by measure."""

from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct, field

from schemas.tallies import Counts
from schemas.words import Channel


class TallyKey(Struct, frozen=True, gc=False, array_like=True):
    """Whose tally it is; `start_ms` begins its minute."""

    client: str
    channel: Channel
    queue: str
    start_ms: int


class Classes(dict[str, int]):
    """The outcome classes of one measure, each with a number that no class of another measure has.

    What is packed holds numbers in place of names. They mean nothing outside of this process.
    """

    def __init__(self, measure: str) -> None:
        super().__init__()
        self.measure = measure

    def __missing__(self, outcome: str) -> int:
        number = self[outcome] = len(_NAMES)
        _NAMES.append((self.measure, outcome))
        return number

    def pack(self, counts: Counts) -> bytes:
        """Counts of the measure, as they take the least memory."""
        return _pack({self[outcome]: n for outcome, n in counts.items()})

    def unpack(self, packed: bytes) -> Counts:
        """The counts that were packed."""
        return {_NAMES[number][1]: n for number, n in _unpack_counts(packed).items()}


#: Number -> measure and outcome class.
_NAMES: list[tuple[str, str]] = []
_CLASSES: dict[str, Classes] = {}


def classes_of(measure: str) -> Classes:
    """The numbers of a measure's outcome classes. Few ever exist: contracts bound measures and buckets."""
    found = _CLASSES.get(measure)
    if found is None:
        found = _CLASSES[measure] = Classes(measure)
    return found


class Tally(Struct, gc=False):
    """What one source partition has counted, by measure and outcome class, and the offset up to which it has.

    What comes to nothing is left out, so that equal tallies look equal.
    """

    offset: int = -1
    measures: dict[str, Counts] = field(default_factory=dict)

    def add(self, measure: str, counts: Iterable[tuple[str, int]], times: int = 1) -> None:
        """Count a contact (times = 1) or take it back (-1)."""
        into = self.measures.get(measure)
        if into is None:
            into = self.measures[measure] = {}
        add(into, counts, times)
        if not into:
            del self.measures[measure]

    def copied(self) -> dict[str, Counts]:
        """The counts as they are now, whatever is counted later."""
        return {measure: dict(counts) for measure, counts in self.measures.items()}

    def packed(self) -> bytes:
        """As it takes the least memory."""
        numbered: dict[int, int] = {}
        for measure, counts in self.measures.items():
            classes = classes_of(measure)
            numbered |= {classes[outcome]: n for outcome, n in counts.items()}
        return _pack((self.offset, numbered))

    @classmethod
    def unpacked(cls, packed: bytes) -> "Tally":
        """The tally that was packed."""
        offset, numbered = _unpack(packed)
        return cls(offset, _named(numbered))


def _named(numbered: Mapping[int, int]) -> dict[str, Counts]:
    """Counts by the number of their outcome class, as counts by measure and name."""
    measures: dict[str, Counts] = {}
    for number, n in numbered.items():
        measure, outcome = _NAMES[number]
        counts = measures.get(measure)
        if counts is None:
            measures[measure] = {outcome: n}
        else:
            counts[outcome] = n
    return measures


_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(tuple[int, dict[int, int]]).decode
_unpack_counts = msgspec.msgpack.Decoder(dict[int, int]).decode


def add(into: Counts, counts: Iterable[tuple[str, int]], times: int = 1) -> None:
    """Add counts; what comes to nothing is left out."""
    for name, n in counts:
        total = into.get(name, 0) + n * times
        if total:
            into[name] = total
        else:
            into.pop(name, None)
