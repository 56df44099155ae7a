"""Many small values by name, in little memory: some share one packed drawer.

A name, a value and a place in a dict take 150 bytes before the first byte of what is kept. Of a million customers
few are looked at in a second, so that unpacking a drawer for each costs less than the memory would.
"""

from collections.abc import Iterator
from zlib import crc32

from msgspec import msgpack

#: Values in a drawer, in the mean. More take longer to unpack, fewer more room.
_ROOM = 6

_EMPTY = b"\x80"


class Drawers:
    """Values by name. One drawer is divided whenever they are full, so that no moment has to move them all."""

    def __init__(self) -> None:
        self._drawers = [_EMPTY]
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def get(self, name: str) -> bytes | None:
        """What is kept under the name."""
        return _unpack(self._drawers[self._place(name)]).get(name)

    def put(self, name: str, value: bytes) -> None:
        """Keep it, instead of what was."""
        place = self._place(name)
        drawer = _unpack(self._drawers[place])
        self._size += name not in drawer
        drawer[name] = value
        self._drawers[place] = _packed(drawer)
        if self._size > _ROOM * len(self._drawers):
            self._divide()

    def drop(self, name: str) -> None:
        """Keep nothing under the name."""
        place = self._place(name)
        drawer = _unpack(self._drawers[place])
        if drawer.pop(name, None) is not None:
            self._size -= 1
            self._drawers[place] = _packed(drawer)

    def items(self) -> Iterator[tuple[str, bytes]]:
        """Everything, in the order of drawers."""
        for drawer in self._drawers:
            yield from _unpack(drawer).items()

    def _place(self, name: str) -> int:
        """As many bits of a hash as there are drawers for, or one less where that drawer is still to come."""
        drawers = len(self._drawers)
        whole = (1 << drawers.bit_length()) - 1
        place = crc32(name.encode()) & whole
        return place if place < drawers else place & whole >> 1

    def _divide(self) -> None:
        """A drawer more, for half of those in the one whose place is as its own without the highest bit."""
        last = len(self._drawers)
        first = last - (1 << last.bit_length() - 1)
        both = _unpack(self._drawers[first])
        self._drawers.append(_EMPTY)
        for place in (first, last):
            self._drawers[place] = _packed({k: both[k] for k in both if self._place(k) == place})


_pack = msgpack.Encoder().encode
_unpack = msgpack.Decoder(dict[str, bytes]).decode


def _packed(drawer: dict[str, bytes]) -> bytes:
    # The encoder asks for half as much again as it needs, and keeps it: a copy does not.
    return b"%b" % _pack(drawer) if drawer else _EMPTY
