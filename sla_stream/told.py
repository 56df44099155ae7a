"""What each source partition has told of every minute that it may still change.

Partitions tell whole values, so what one told before must be known to see what its next word adds. There is a
tally for every caller or two, and hardly any is told of again: they are kept packed.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from schemas.tallies import Counts, TallyMessage
from sla_stream.changes import FeedKey
from sla_stream.packed import Packer
from sla_stream.panes import MINUTE_MS, MINUTES_OF_QUARTER, QUARTER_MS, quarter_of
from sla_stream.tally import add

#: Measure -> minute -> what has to be added to its counts.
Differences = dict[str, dict[int, Counts]]

#: One partition's tallies of a queue in a quarter-hour; None where it told nothing.
_Minutes = list[bytes | None]


_NEVER: tuple[int, dict[str, Counts]] = (-1, {})


class Minute(NamedTuple):
    """What one partition has told of a queue's minute, by measure."""

    queue: str
    start_ms: int
    measures: dict[str, Counts]


class Told:
    """By feed and quarter-hour, so that what is final is found without looking at the rest."""

    def __init__(self, packer: Packer) -> None:
        self._packer = packer
        #: Feed -> quarter-hour -> queue and source, as numbers -> minutes.
        self._quarters: dict[FeedKey, dict[int, dict[tuple[int, int], _Minutes]]] = {}

    def replace(self, feed: FeedKey, message: TallyMessage) -> Differences:
        """Take whole values in place of what the partition told before, unless that reflects a higher offset."""
        differences: Differences = {}
        known, offset, at_ms = self._minutes(feed, message), message.offset, message.start
        for place, measures in enumerate(message.minutes, at_ms % QUARTER_MS // MINUTE_MS):
            packed = known[place]
            known_offset, before = self._packer.unpack_tally(packed) if packed else _NEVER
            if known_offset <= offset:
                known[place] = self._packer.pack_tally(offset, measures)
                for measure, difference in _differences(before, measures):
                    differences.setdefault(measure, {})[at_ms] = difference
            at_ms += MINUTE_MS
        return differences

    def feeds(self) -> list[FeedKey]:
        """The feeds of which anything is known."""
        return list(self._quarters)

    def of(self, feed: FeedKey) -> Iterator[Minute]:
        """Everything that is known of the feed."""
        for quarter_ms, parts in self._quarters.get(feed, {}).items():
            for (queue, _), minutes in parts.items():
                for place, packed in enumerate(minutes):
                    if packed is not None:
                        _, measures = self._packer.unpack_tally(packed)
                        yield Minute(self._packer.name(queue), quarter_ms + place * MINUTE_MS, measures)

    def drop_final(self, feed: FeedKey, final_ms: Callable[[str], int]) -> None:
        """Forget the quarter-hours that a source has called final; `final_ms` says before which instant."""
        quarters = self._quarters.get(feed, {})
        for quarter_ms, parts in list(quarters.items()):
            end_ms = quarter_ms + QUARTER_MS
            for part in [part for part in parts if final_ms(self._packer.name(part[1])) >= end_ms]:
                del parts[part]
            if not parts:
                del quarters[quarter_ms]

    def _minutes(self, feed: FeedKey, message: TallyMessage) -> _Minutes:
        parts = self._quarters.setdefault(feed, {}).setdefault(quarter_of(message.start), {})
        part = self._packer.number(message.queue), self._packer.number(message.source)
        minutes = parts.get(part)
        if minutes is None:
            minutes = parts[part] = [None] * MINUTES_OF_QUARTER
        return minutes


def _differences(before: dict[str, Counts], after: dict[str, Counts]) -> Iterator[tuple[str, Counts]]:
    """What has to be added to each measure's counts, where anything has."""
    if before == after:
        return
    for measure, counts in after.items():
        known = before.get(measure)
        if known is None:
            yield measure, counts
        elif known != counts:
            difference = dict(counts)
            add(difference, known.items(), -1)
            yield measure, difference
    for measure in before.keys() - after.keys():
        yield measure, {name: -n for name, n in before[measure].items()}
