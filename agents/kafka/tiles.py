"""Whether a chunk joins on to the one before it: nothing fetched may be lost between broker and agent."""

import enum

from faust.types import TP


class Place(enum.Enum):
    """What to do with a chunk."""

    FITS = enum.auto()
    SEEK_BACK = enum.auto()
    GAP = enum.auto()
    WENT_BACK = enum.auto()


class Tiles:
    """The position at which each partition's next chunk must start."""

    def __init__(self) -> None:
        self._expected: dict[TP, int] = {}
        self._sought: dict[TP, int] = {}

    def expect(self, tp: TP, position: int) -> None:
        """Begin anew: the next chunk starts here."""
        self._expected[tp] = position
        self._sought.pop(tp, None)

    def expected(self, tp: TP) -> int:
        """Return where the next chunk must start."""
        return self._expected[tp]

    def forget(self, tp: TP) -> None:
        """The partition is somebody else's now."""
        self._expected.pop(tp, None)
        self._sought.pop(tp, None)

    def place(self, tp: TP, start: int, end: int) -> Place:
        """Judge a chunk, and if it is to be taken, expect the next one at its end.

        A misfit is asked for again, once. If the same comes back, the broker has nothing else: records that
        retention took (a gap), or a log that ends before what was already read from it.
        """
        expected = self._expected[tp]
        if start != expected and self._sought.get(tp) != expected:
            self._sought[tp] = expected
            return Place.SEEK_BACK
        if start < expected:
            return Place.WENT_BACK
        self.expect(tp, end)
        return Place.FITS if start == expected else Place.GAP
