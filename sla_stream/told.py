"""What each source partition has told of every minute that it may still change.

Partitions tell whole values, so what one told before must be known to see what its next word adds. There is a
tally for every caller or two, and hardly any is told of again: they are kept packed.
"""

from collections.abc import Callable, Container, Iterator
from sys import intern
from typing import NamedTuple

from schemas.tallies import Counts, TallyMessage
from sla_stream.changes import FeedKey
from sla_stream.panes import MINUTE_MS, MINUTES_OF_QUARTER, QUARTER_MS, quarter_of
from sla_stream.tally import Tally, named

#: Measure -> minute -> what has to be added to its counts.
Differences = dict[str, dict[int, Counts]]

#: One partition's tallies of a queue in a quarter-hour; None where it told nothing.
_Minutes = list[bytes | None]

_NEVER = Tally()


class Final(NamedTuple):
    """A source changes nothing before the instant any more, but by messages after the offset."""

    before_ms: int
    durable: int


class Minute(NamedTuple):
    """What one partition has told of a queue's minute, by measure."""

    queue: str
    start_ms: int
    measures: dict[str, Counts]


class Told:
    """By feed and quarter-hour, so that what is final is found without looking at the rest."""

    def __init__(self) -> None:
        #: Feed -> quarter-hour -> queue and source -> minutes.
        self._quarters: dict[FeedKey, dict[int, dict[tuple[str, str], _Minutes]]] = {}

    def replace(self, feed: FeedKey, message: TallyMessage) -> Differences:
        """Take whole values in place of what the partition told before, unless that reflects a higher offset."""
        differences: Differences = {}
        known, offset, at_ms = self._minutes(feed, message), message.offset, message.start
        # A quarter-hour that is told whole is empty in many of its minutes.
        empty = Tally(offset).packed()
        for place, measures in enumerate(message.minutes, at_ms % QUARTER_MS // MINUTE_MS):
            packed = known[place]
            before = Tally.unpacked(packed) if packed else _NEVER
            if before.offset <= offset:
                after = Tally.of(offset, measures)
                known[place] = after.packed() if measures else empty
                added = named(_difference(before.counts, after.counts)) if packed else measures
                for measure, counts in added.items():
                    differences.setdefault(measure, {})[at_ms] = counts
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
                        yield Minute(queue, quarter_ms + place * MINUTE_MS, Tally.unpacked(packed).measures)

    def drop_final(
        self, feed: FeedKey, final: Callable[[str], Final], is_open: Container[tuple[str, str, int]]
    ) -> None:
        """Forget the quarter-hours that a source has called final, but those in which anything is open.

        These are named by queue, source and start. What was told by messages that may come again is kept, too.
        """
        quarters = self._quarters.get(feed, {})
        for quarter_ms, parts in list(quarters.items()):
            for queue, source in list(parts):
                before_ms, durable = final(source)
                if before_ms < quarter_ms + QUARTER_MS or (queue, source, quarter_ms) in is_open:
                    continue
                if _newest(parts[queue, source]) <= durable:
                    del parts[queue, source]
            if not parts:
                del quarters[quarter_ms]

    def _minutes(self, feed: FeedKey, message: TallyMessage) -> _Minutes:
        parts = self._quarters.setdefault(feed, {}).setdefault(quarter_of(message.start), {})
        # Every message brings them anew, and they are few.
        part = intern(message.queue), intern(message.source)
        minutes = parts.get(part)
        if minutes is None:
            minutes = parts[part] = [None] * MINUTES_OF_QUARTER
        return minutes


def _newest(minutes: _Minutes) -> int:
    """The offset of the last message that any of them reflects."""
    return max(Tally.unpacked(packed).offset for packed in minutes if packed)


def _difference(before: dict[int, int], after: dict[int, int]) -> dict[int, int]:
    """What has to be added."""
    changed = {number: n - before.get(number, 0) for number, n in after.items() - before.items()}
    return changed | {number: -before[number] for number in before.keys() - after.keys()}
