"""What is still to be done for the contacts of a feed, told by the quarter-hour that it counts in."""

from collections.abc import Iterable
from struct import Struct
from typing import NamedTuple

from sla_stream.measures import Deadline
from sla_stream.panes import quarter_of

#: The instant whose pane it counts in, and when it falls due.
_DUE = Struct("<qq")


class DuePlace(NamedTuple):
    """One measure in one queue and quarter-hour."""

    queue: str
    measure: str
    start_ms: int


class Task(NamedTuple):
    """A deadline of a contact, and for what."""

    queue: str
    measure: str
    deadline: Deadline


class OpenCases:
    """By place and contact, so that one contact's change tells of one quarter-hour anew and not of all."""

    __slots__ = ("_moved", "_open")

    def __init__(self) -> None:
        #: Place -> contact -> what is due, packed: most contacts have one of each, of which tuples take much.
        self._open: dict[DuePlace, dict[object, bytes]] = {}
        self._moved: set[DuePlace] = set()

    def move(self, contact: object, before: Iterable[Task], after: Iterable[Task]) -> None:
        """What was to be done for a contact, and what is now."""
        old, new = _by_place(before), _by_place(after)
        if old == new:
            return
        for place in old.keys() - new.keys():
            contacts = self._open.get(place, {})
            contacts.pop(contact, None)
            if not contacts:
                self._open.pop(place, None)
        for place, due in new.items():
            self._open.setdefault(place, {})[contact] = due
        self._moved |= old.keys() | new.keys()

    def mark(self, tasks: Iterable[Task]) -> None:
        """Tell of these places again: before a crash they may not have been."""
        self._moved |= _by_place(tasks).keys()

    def quarters(self) -> set[tuple[str, int]]:
        """The queues and quarter-hours in which anything that is open counts, or may change what counts."""
        return {(place.queue, place.start_ms) for place in self._open}

    def tell(self) -> dict[DuePlace, list[tuple[int, int]]]:
        """All that is open wherever anything moved since this was last asked.

        For each the instant whose pane it counts in, and when it is due: 0 if never.
        """
        moved, self._moved = self._moved, set()
        return {place: self._due_in(place) for place in moved}

    def _due_in(self, place: DuePlace) -> list[tuple[int, int]]:
        packed = b"".join(self._open.get(place, {}).values())
        return sorted((at_ms, due_ms) for at_ms, due_ms in _DUE.iter_unpack(packed))


def _by_place(tasks: Iterable[Task]) -> dict[DuePlace, bytes]:
    found: dict[DuePlace, bytes] = {}
    for queue, measure, (at_ms, due_ms, _) in tasks:
        place = DuePlace(queue, measure, quarter_of(at_ms))
        found[place] = found.get(place, b"") + _DUE.pack(at_ms, due_ms or 0)
    return found
