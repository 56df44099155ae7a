"""Counts per outcome class that add up: of one queue in one minute, by measure."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from schemas.tallies import Counts
from schemas.words import Channel
from sla_stream.panes import MINUTE_MS, QUARTER_MS, quarter_of

#: Up to so many changed minutes of a quarter-hour are told one by one.
_FEW_MINUTES = 2


class TallyKey(Struct, frozen=True, gc=False, array_like=True):
    """Whose tally it is; `start_ms` begins its minute."""

    client: str
    channel: Channel
    queue: str
    start_ms: int


class Pane(Struct, frozen=True, gc=False):
    """Tallies as they are stored and sent: of consecutive minutes, `key` being that of the first."""

    key: TallyKey
    offset: int
    minutes: list[dict[str, Counts]]


class Tally:
    """What one source partition has counted, and the offset up to which it has.

    `measures` maps a measure's key to its counts. What comes to nothing is left out, so that equal tallies look
    equal.
    """

    __slots__ = ("measures", "offset")

    def __init__(self, offset: int = -1, measures: dict[str, Counts] | None = None) -> None:
        self.offset = offset
        self.measures: dict[str, Counts] = {} if measures is None else measures

    def add(self, measure: str, counts: Iterable[tuple[str, int]], times: int) -> None:
        """Count a contact (times = 1) or take it back (-1)."""
        into = self.measures.get(measure)
        if into is None:
            into = self.measures[measure] = {}
        add(into, counts, times)
        if not into:
            del self.measures[measure]


_NOBODY = Tally()


def add(into: Counts, counts: Iterable[tuple[str, int]], times: int = 1) -> None:
    """Add counts; what comes to nothing is left out."""
    for name, n in counts:
        total = into.get(name, 0) + n * times
        if total:
            into[name] = total
        else:
            into.pop(name, None)


def panes_of(changed: Iterable[TallyKey], tallies: Mapping[TallyKey, Tally], offset: int) -> Iterator[Pane]:
    """The tallies that changed up to the message at `offset`: one by one, or if many of a quarter-hour, all of it.

    One by one there would be thousands when a worker catches up; the whole is long to tell each time when it keeps
    up. In a replay some may be ahead of the offset: those are told one by one, each with its own.
    """
    by_quarter: dict[TallyKey, list[TallyKey]] = {}
    for key in changed:
        by_quarter.setdefault(quarter_with(key), []).append(key)
    for quarter, keys in by_quarter.items():
        if len(keys) > _FEW_MINUTES:
            minutes = [tallies.get(key, _NOBODY) for key in minutes_of(quarter)]
            if all(tally.offset <= offset for tally in minutes):
                yield Pane(quarter, offset, [tally.measures for tally in minutes])
                continue
        for key in keys:
            yield Pane(key, tallies[key].offset, [tallies[key].measures])


def quarter_with(minute: TallyKey) -> TallyKey:
    """The key of the first minute of the quarter-hour that holds the minute."""
    return TallyKey(minute.client, minute.channel, minute.queue, quarter_of(minute.start_ms))


def minutes_of(quarter: TallyKey) -> Iterator[TallyKey]:
    """The keys of the minutes of a quarter-hour."""
    for start_ms in range(quarter.start_ms, quarter.start_ms + QUARTER_MS, MINUTE_MS):
        yield TallyKey(quarter.client, quarter.channel, quarter.queue, start_ms)
