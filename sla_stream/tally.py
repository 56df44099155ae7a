"""Counts per outcome class that add up: of one measure, in one queue, in one quarter-hour pane, by the minute."""

from collections.abc import Iterable
from typing import NamedTuple

from schemas.tallies import Counts
from schemas.words import Channel
from sla_stream.measures import Settlement
from sla_stream.panes import MINUTE_MS, QUARTER_MS

_MINUTES = tuple(str(minute) for minute in range(QUARTER_MS // MINUTE_MS))


class TallyKey(NamedTuple):
    """Whose tally it is; `start_ms` begins its pane."""

    client: str
    channel: Channel
    queue: str
    measure: str
    start_ms: int


class Tally:
    """What one source partition has counted, and the offset up to which it has.

    `minutes` maps the minute within the pane, "0" to "14", to its counts. Classes with nobody in them are left
    out, so that equal tallies look equal.
    """

    __slots__ = ("minutes", "offset")

    def __init__(self, offset: int = -1, minutes: dict[str, Counts] | None = None) -> None:
        self.offset = offset
        self.minutes: dict[str, Counts] = {} if minutes is None else minutes

    def add(self, settlement: Settlement, times: int) -> None:
        """Count a contact (times = 1) or take it back (-1)."""
        minute = _MINUTES[settlement.at_ms % QUARTER_MS // MINUTE_MS]
        counts = self.minutes.get(minute)
        if counts is None:
            counts = self.minutes[minute] = {}
        add(counts, settlement.counts, times)
        if not counts:
            del self.minutes[minute]


def add(into: Counts, counts: Iterable[tuple[str, int]], times: int = 1) -> None:
    """Add counts; what comes to nothing is left out."""
    for name, n in counts:
        total = into.get(name, 0) + n * times
        if total:
            into[name] = total
        else:
            into.pop(name, None)
