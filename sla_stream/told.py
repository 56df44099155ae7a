"""What each source partition has told of every minute that it may still change.

Partitions tell whole values, so what one told before must be known to see what its next word adds. There is a
tally for every caller or two, and hardly any is told of again: but for the newest minute they are kept packed.
"""

from collections.abc import Callable, Container, Iterator, Mapping
from sys import intern
from typing import NamedTuple

from schemas.tallies import Counts, TallyMessage
from sla_stream.changes import FeedKey
from sla_stream.panes import MINUTE_MS, MINUTES_OF_QUARTER, QUARTER_MS, quarter_of
from sla_stream.tally import Tally

#: Measure -> minute -> what has to be added to its counts.
Differences = dict[str, dict[int, Counts]]

#: One partition's tallies of a queue in a quarter-hour; None where it told nothing.
_Minutes = list[bytes | Tally | None]

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
        first = at_ms % QUARTER_MS // MINUTE_MS
        last = first + len(message.minutes) - 1
        if known[last] is None:
            _lay_down(known)
        # A quarter-hour that is told whole is empty in many of its minutes.
        empty = Tally(offset).packed()
        for place, measures in enumerate(message.minutes, first):
            before = _opened(known[place])
            if before.offset <= offset:
                added = _difference(before.measures, measures) if before.measures else measures
                for measure, counts in added.items():
                    differences.setdefault(measure, {})[at_ms] = counts
                if not measures:
                    known[place] = empty
                elif place == last:
                    known[place] = Tally(offset, measures)
                else:
                    known[place] = Tally(offset, measures).packed()
            at_ms += MINUTE_MS
        return differences

    def feeds(self) -> list[FeedKey]:
        """The feeds of which anything is known."""
        return list(self._quarters)

    def of(self, feed: FeedKey) -> Iterator[Minute]:
        """Everything that is known of the feed."""
        for quarter_ms, parts in self._quarters.get(feed, {}).items():
            for (queue, _), minutes in parts.items():
                for place, tally in enumerate(minutes):
                    if tally is not None:
                        yield Minute(queue, quarter_ms + place * MINUTE_MS, _opened(tally).measures)

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
        quarters, quarter_ms = self._quarters.setdefault(feed, {}), quarter_of(message.start)
        # Every message brings them anew, and they are few.
        part = intern(message.queue), intern(message.source)
        minutes = quarters.setdefault(quarter_ms, {}).get(part)
        if minutes is None:
            minutes = quarters[quarter_ms][part] = [None] * MINUTES_OF_QUARTER
            _lay_down(quarters.get(quarter_ms - QUARTER_MS, {}).get(part, []))
        return minutes


def _opened(tally: bytes | Tally | None) -> Tally:
    if tally is None:
        return _NEVER
    return Tally.unpacked(tally) if isinstance(tally, bytes) else tally


def _lay_down(minutes: _Minutes) -> None:
    """Pack them: hardly anything comes to minutes that are over."""
    for place, tally in enumerate(minutes):
        if isinstance(tally, Tally):
            minutes[place] = tally.packed()


def _newest(minutes: _Minutes) -> int:
    """The offset of the last message that any of them reflects."""
    return max(_opened(tally).offset for tally in minutes if tally)


def _difference(before: Mapping[str, Counts], after: Mapping[str, Counts]) -> dict[str, Counts]:
    """What has to be added."""
    changed = {measure: _added(before.get(measure, {}), counts) for measure, counts in after.items()}
    for measure in before.keys() - after.keys():
        changed[measure] = _added(before[measure], {})
    return {measure: counts for measure, counts in changed.items() if counts}


def _added(before: Counts, after: Counts) -> Counts:
    """While a partition counts on, classes keep their order and new ones come last: then nothing is looked up."""
    if not before:
        return after
    names, known = list(after), len(before)
    if names[:known] == list(before):
        both = zip(names, after.values(), before.values(), strict=False)
        added = {name: n - was for name, n, was in both if n != was}
        return added | {name: after[name] for name in names[known:]}
    changed = {name: n - before.get(name, 0) for name, n in after.items() if before.get(name) != n}
    return changed | {name: -n for name, n in before.items() if name not in after}
