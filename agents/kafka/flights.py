"""Which chunks are with the agents, and up to where everything has come back: what may be committed."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from faust.types import TP


@dataclass(slots=True)
class _Flight:
    end: int
    landed: bool = False


class Flights:
    """Chunks under way, per partition in the order in which they were handed out."""

    def __init__(self) -> None:
        self._under_way: dict[TP, deque[_Flight]] = {}
        self._landed: dict[TP, int] = {}

    def __iter__(self) -> Iterator[TP]:
        return iter(tuple(self._landed))

    def begin(self, tp: TP, position: int) -> None:
        """Start anew from a position up to which all is done."""
        self._under_way[tp] = deque()
        self._landed[tp] = position

    def forget(self, tp: TP) -> None:
        """The partition's chunks are no longer ours to acknowledge."""
        self._under_way.pop(tp, None)
        self._landed.pop(tp, None)

    def depart(self, tp: TP, end: int) -> None:
        """Hand out the chunk that ends here."""
        self._under_way[tp].append(_Flight(end))

    def land(self, tp: TP, end: int) -> bool:
        """Take back the chunk that ends here; say whether it was under way."""
        under_way = self._under_way.get(tp, deque())
        flight = next((flight for flight in under_way if flight.end == end and not flight.landed), None)
        if flight is None:
            return False
        flight.landed = True
        while under_way and under_way[0].landed:
            self._landed[tp] = under_way.popleft().end
        return True

    def landed(self, tp: TP) -> int | None:
        """Return the position before which every chunk has landed: never past one that has not."""
        return self._landed.get(tp)
