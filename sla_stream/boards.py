"""What all source partitions together have told: tallies merged, who waits, how far each feed has come.

Merging is replacing: each partition sends whole values of a minute, and its higher offset wins. A board then
adds the difference to the running sum of every window of the calendar that it is read through, so that reading a
month costs what reading a minute does.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from schemas.tallies import BenchMessage, Counts, FeedMessage, TallyMessage
from schemas.words import Channel
from sla_stream.changes import FeedKey, QueueKey
from sla_stream.panes import MINUTE_MS, quarter_of
from sla_stream.promises import Promises
from sla_stream.tally import add
from sla_stream.windows import Span, Window

#: Facts come about as they happen, some late: of so many quarter-hours a board remembers its sums.
_QUARTERS_AT_HAND = 8


class BoardKey(Struct, frozen=True, gc=False):
    """One measure in one queue."""

    client: str
    channel: Channel
    queue: str
    measure: str


class ZonedWindow(NamedTuple):
    """A window on one contract's clock."""

    window: Window
    zone: ZoneInfo


class Heard(NamedTuple):
    """How far a feed has come (event time), and when we last heard of it (wall clock). Epoch ms."""

    watermark_ms: int
    heard_ms: int


class Told(Struct, frozen=True, gc=False):
    """What a partition told of a minute, by measure, and the offset that this reflects."""

    offset: int
    measures: dict[str, Counts]


_NOTHING = Told(-1, {})


class Board:
    """The counts of one measure in one queue: by the minute, by calendar window, and altogether."""

    __slots__ = ("_rolling", "_sums_at", "minutes", "sums", "totals")

    def __init__(self, windows: Iterable[ZonedWindow]) -> None:
        self.minutes: dict[int, Counts] = {}
        self.totals: Counts = {}
        #: Length -> where the rolling window of this length was last read, and what was in it.
        self._rolling: dict[int, tuple[Span, Counts]] = {}
        self.sums: dict[ZonedWindow, dict[Span, Counts]]
        #: Quarter-hour -> the sums that its minutes are added to, for those of late.
        self._sums_at: dict[int, list[Counts]]
        self.adopt(windows)

    def adopt(self, windows: Iterable[ZonedWindow]) -> None:
        """Add up the minutes anew for these windows."""
        self._sums_at = {}
        self.sums = {zoned: {} for zoned in windows if not zoned.window.rolls}
        for at_ms, counts in self.minutes.items():
            for total in self._sums_of(quarter_of(at_ms)):
                add(total, counts.items())

    def add(self, quarter_ms: int, differences: Mapping[int, Counts]) -> None:
        """Count what a partition has told of minutes of a quarter-hour, less what it had told before."""
        changed: Counts = {}
        for at_ms, difference in differences.items():
            self._add_minute(at_ms, difference)
            add(changed, difference.items())
        add(self.totals, changed.items())
        for total in self._sums_of(quarter_ms):
            add(total, changed.items())

    def read(self, zoned: ZonedWindow, span: Span) -> Counts:
        """The counts of one span. They are the board's own: not to be changed."""
        if not zoned.window.rolls:
            return self.sums[zoned].get(span, {})
        length_ms = span.end_ms - span.start_ms
        before, counts = self._rolling.get(length_ms, (Span(0, 0), {}))
        if span != before:
            self._rolling[length_ms] = (span, self._roll(before, span, counts))
        return self._rolling[length_ms][1]

    def prune(self, before_ms: int) -> None:
        """Drop what lies wholly before the instant."""
        self._rolling, self._sums_at = {}, {}
        self.minutes = {at_ms: counts for at_ms, counts in self.minutes.items() if at_ms >= before_ms}
        for zoned, sums in self.sums.items():
            self.sums[zoned] = {span: counts for span, counts in sums.items() if span.end_ms > before_ms}

    def _roll(self, before: Span, span: Span, counts: Counts) -> Counts:
        """Move a rolling window on: add the minutes that come in and take away those that go out."""
        if not before.start_ms <= span.start_ms <= before.end_ms <= span.end_ms:
            before, counts = Span(span.start_ms, span.start_ms), {}
        for minute_ms in range(before.end_ms, span.end_ms, MINUTE_MS):
            add(counts, self.minutes.get(minute_ms, {}).items())
        for minute_ms in range(before.start_ms, span.start_ms, MINUTE_MS):
            add(counts, self.minutes.get(minute_ms, {}).items(), -1)
        return counts

    def _add_minute(self, at_ms: int, difference: Counts) -> None:
        if at_ms in self.minutes:
            add(self.minutes[at_ms], difference.items())
        else:
            self.minutes[at_ms] = dict(difference)
        for span, rolled in self._rolling.values():
            if span.start_ms <= at_ms < span.end_ms:
                add(rolled, difference.items())

    def _sums_of(self, quarter_ms: int) -> list[Counts]:
        """Every window of the calendar is made of whole quarter-hours, so one lies in one span of each."""
        found = self._sums_at.get(quarter_ms)
        if found is None:
            if len(self._sums_at) >= _QUARTERS_AT_HAND:
                self._sums_at.clear()
            found = self._sums_at[quarter_ms] = [
                sums.setdefault(zoned.window.span(quarter_ms, zoned.zone), {}) for zoned, sums in self.sums.items()
            ]
        return found


class Boards:
    """Every board of the clients that contracts are loaded for."""

    def __init__(self, promises: Promises) -> None:
        self._windows = _windows_by_measure(promises)
        self._promises = promises
        self.boards: dict[BoardKey, Board] = {}
        #: What each partition has told of a minute that it may still change.
        self._told: dict[QueueKey, dict[tuple[str, int], Told]] = {}
        #: Before which instant a partition changes nothing of a feed any more.
        self._final_ms: dict[tuple[FeedKey, str], int] = {}
        self._waiting: dict[QueueKey, dict[str, tuple[int, list[int]]]] = {}
        self._feeds: dict[FeedKey, dict[str, Heard]] = {}

    def observe(self, message: BenchMessage) -> None:
        """Take what one partition tells. What no contract asks for any more is passed over."""
        if message.client not in self._promises.clients:
            return
        if message.type == "tally":
            self._tally(message)
        elif message.type == "waiting":
            sources = self._waiting.setdefault(QueueKey(message.client, message.channel, message.queue), {})
            if sources.get(message.source, (-1, []))[0] <= message.offset:
                sources[message.source] = (message.offset, message.offered_at)
        else:
            self._hear(message)

    def adopt(self, promises: Promises) -> None:
        """Read through other contracts' windows from here on; what is counted is kept."""
        self._promises, self._windows = promises, _windows_by_measure(promises)
        known = frozenset(self.boards)
        for key, board in self.boards.items():
            board.adopt(self._windows.get((key.client, key.channel, key.measure), set()))
        for queue, told in self._told.items():
            for (_, start_ms), tally in told.items():
                for measure, counts in tally.measures.items():
                    if BoardKey(queue.client, queue.channel, queue.queue, measure) not in known:
                        self._add(queue, measure, {start_ms: counts})

    def prune(self, client: str, watermark_ms: int) -> None:
        """Drop what no window of the client that holds the instant reads.

        What a partition has told of a minute is kept as long as it may change: its next word would be added to
        the former, not replace it.
        """
        zoned = {z for key, zs in self._windows.items() if key[0] == client for z in zs}
        spans = [z.window.span(watermark_ms, z.zone) for z in zoned]
        before_ms = min([quarter_of(watermark_ms), *(quarter_of(span.start_ms) for span in spans)])
        for key, board in self.boards.items():
            if key.client == client:
                board.prune(before_ms)
        for queue, told in self._told.items():
            if queue.client == client:
                feed = FeedKey(client, queue.channel)
                final_ms = {source: self._final_ms.get((feed, source), 0) for source, _ in told}
                self._told[queue] = {part: told[part] for part in told if part[1] >= final_ms[part[0]]}

    def queues(self, client: str, channel: str) -> list[str]:
        """Queues in which anybody was counted or waits."""
        keys: tuple[BoardKey | QueueKey, ...] = (*self.boards, *self._waiting)
        return sorted({key.queue for key in keys if key.client == client and key.channel == channel})

    def waiting(self, key: QueueKey) -> Iterator[int]:
        """Since when each of those who wait has waited (epoch ms). Whose outcome would come too late is gone."""
        heard = self.feed(FeedKey(key.client, key.channel))
        horizon_ms = heard.watermark_ms - self._promises.lateness_of(key.client) if heard else 0
        for _, offered_at in self._waiting.get(key, {}).values():
            yield from (offered_ms for offered_ms in offered_at if offered_ms >= horizon_ms)

    def feed(self, key: FeedKey) -> Heard | None:
        """The furthest that any partition has heard of the feed; None if it was never heard."""
        heard = self._feeds.get(key)
        if not heard:
            return None
        return Heard(max(h.watermark_ms for h in heard.values()), max(h.heard_ms for h in heard.values()))

    def _tally(self, message: TallyMessage) -> None:
        queue = QueueKey(message.client, message.channel, message.queue)
        told = self._told.setdefault(queue, {})
        changed: dict[str, dict[int, Counts]] = {}
        for at_ms, measures in zip(count(message.start, MINUTE_MS), message.minutes, strict=False):
            known = told.get((message.source, at_ms), _NOTHING)
            if known.offset <= message.offset:
                told[message.source, at_ms] = Told(message.offset, measures)
                for measure, difference in _differences(known.measures, measures):
                    changed.setdefault(measure, {})[at_ms] = difference
        for measure, differences in changed.items():
            self._add(queue, measure, differences)

    def _add(self, queue: QueueKey, measure: str, differences: Mapping[int, Counts]) -> None:
        """A board goes on when nobody asks for it any more: it may be asked for again."""
        key = BoardKey(queue.client, queue.channel, queue.queue, measure)
        board = self.boards.get(key)
        if board is None:
            windows = self._windows.get((queue.client, queue.channel, measure))
            if windows is None:
                return
            board = self.boards[key] = Board(windows)
        board.add(quarter_of(min(differences)), differences)

    def _hear(self, message: FeedMessage) -> None:
        feed = FeedKey(message.client, message.channel)
        sources = self._feeds.setdefault(feed, {})
        known = sources.get(message.source)
        if known is None or known <= (message.watermark, message.heard):
            sources[message.source] = Heard(message.watermark, message.heard)
            self._final_ms[feed, message.source] = message.final


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


def _windows_by_measure(promises: Promises) -> dict[tuple[str, str, str], set[ZonedWindow]]:
    windows: dict[tuple[str, str, str], set[ZonedWindow]] = {}
    for agreement in promises.agreements:
        for promise in agreement.every_promise():
            key = (promise.client, promise.objective.channel, promise.measure.key)
            zoned = windows.setdefault(key, set())
            zoned.update(ZonedWindow(window, promise.zone) for window in promise.windows)
    return windows
