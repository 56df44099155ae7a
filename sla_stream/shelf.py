"""Counts of one measure by instant: those of late at hand, older ones packed: a tenth as large."""

from collections.abc import Iterator

from schemas.tallies import Counts
from sla_stream.tally import Classes, add
from sla_stream.windows import Span


class Shelf:
    """Whoever reads gets the shelf's own counts: not to be changed."""

    __slots__ = ("_at_hand", "_at_rest", "_classes")

    def __init__(self, classes: Classes) -> None:
        self._classes = classes
        self._at_hand: dict[int, Counts] = {}
        self._at_rest: dict[int, bytes] = {}

    def __len__(self) -> int:
        return len(self._at_hand) + len(self._at_rest)

    def within(self, span: Span) -> Iterator[tuple[int, Counts]]:
        """The instants of a span at which anything was counted, in no order, with their counts."""
        start_ms, end_ms = span
        for at_ms, counts in self._at_hand.items():
            if start_ms <= at_ms < end_ms:
                yield at_ms, counts
        for at_ms, packed in self._at_rest.items():
            if start_ms <= at_ms < end_ms:
                yield at_ms, self._classes.unpack(packed)

    def add(self, at_ms: int, counts: Counts) -> None:
        """Count what came to an instant, however old."""
        known = self._at_hand.get(at_ms)
        if known is None:
            packed = self._at_rest.pop(at_ms, None)
            known = self._at_hand[at_ms] = self._classes.unpack(packed) if packed else {}
        add(known, counts.items())

    def at(self, at_ms: int) -> Counts:
        """What was counted at an instant."""
        packed = self._at_rest.get(at_ms)
        return self._classes.unpack(packed) if packed else self._at_hand.get(at_ms, {})

    def total(self, instants: range) -> Counts:
        """What was counted at all of them together; of months hardly any may hold anything."""
        found: Counts = {}
        if len(instants) <= len(self):
            for at_ms in instants:
                add(found, self.at(at_ms).items())
        else:
            for at_ms, counts in self.within(Span(instants.start, instants.stop)):
                if at_ms in instants:
                    add(found, counts.items())
        return found

    def lay_down(self, before_ms: int) -> None:
        """Hardly anything comes to older instants any more."""
        for at_ms in [at_ms for at_ms in self._at_hand if at_ms < before_ms]:
            self._at_rest[at_ms] = self._classes.pack(self._at_hand.pop(at_ms))

    def drop(self, before_ms: int) -> None:
        """Nobody reads older instants any more."""
        self._at_hand = {at_ms: counts for at_ms, counts in self._at_hand.items() if at_ms >= before_ms}
        self._at_rest = {at_ms: packed for at_ms, packed in self._at_rest.items() if at_ms >= before_ms}

    def clear(self) -> None:
        """Nobody reads any of it."""
        self._at_hand, self._at_rest = {}, {}
