"""What all source partitions together have told: tallies merged, who waits, how far each feed has come.

Merging is replacing: each partition sends whole values, and its higher offset wins. A board then adds the
difference to the running sum of every window of the calendar that it is read through, so that reading a month
costs what reading a minute does.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

from schemas.tallies import BenchMessage, Counts, FeedMessage, TallyMessage, WaitingMessage
from schemas.words import Channel
from sla_stream.counting import QueueKey
from sla_stream.feed import FeedKey
from sla_stream.panes import MINUTE_MS, quarter_of
from sla_stream.promises import Promises
from sla_stream.tally import Tally, add
from sla_stream.windows import Span, Window


class BoardKey(NamedTuple):
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


class Board:
    """The counts of one measure in one queue: by the minute, by calendar window, and altogether."""

    __slots__ = ("_parts", "_rolling", "minutes", "sums", "totals")

    def __init__(self, windows: Iterable[ZonedWindow]) -> None:
        self._parts: dict[tuple[str, int], Tally] = {}
        self.minutes: dict[int, Counts] = {}
        self.totals: Counts = {}
        #: Length -> where the rolling window of this length was last read, and what was in it.
        self._rolling: dict[int, tuple[Span, Counts]] = {}
        self.sums: dict[ZonedWindow, dict[Span, Counts]] = {
            zoned: {} for zoned in windows if not zoned.window.rolls
        }

    def adopt(self, windows: Iterable[ZonedWindow]) -> None:
        """Add up the minutes anew for these windows."""
        self.sums = {zoned: {} for zoned in windows if not zoned.window.rolls}
        for at_ms, counts in self.minutes.items():
            for zoned, sums in self.sums.items():
                add(sums.setdefault(zoned.window.span(at_ms, zoned.zone), {}), counts.items())

    def replace(self, message: TallyMessage) -> None:
        """Take a partition's pane in place of what it told before."""
        part = (message.source, message.start)
        known = self._parts.get(part)
        if known and known.offset > message.offset:
            return
        before = known.minutes if known else {}
        changed: Counts = {}
        for minute in before.keys() | message.minutes.keys():
            old, new = before.get(minute), message.minutes.get(minute)
            if old != new:
                difference = dict(new or {})
                add(difference, (old or {}).items(), -1)
                self._add_minute(message.start + int(minute) * MINUTE_MS, difference)
                add(changed, difference.items())
        self._parts[part] = Tally(message.offset, message.minutes)
        self._add_up(message.start, changed)

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
        self._rolling = {}
        self._parts = {part: tally for part, tally in self._parts.items() if part[1] >= before_ms}
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
        add(self.minutes.setdefault(at_ms, {}), difference.items())
        for span, counts in self._rolling.values():
            if span.start_ms <= at_ms < span.end_ms:
                add(counts, difference.items())

    def _add_up(self, start_ms: int, changed: Counts) -> None:
        """Every window of the calendar is made of whole quarter-hours, so a pane lies in one span of each."""
        add(self.totals, changed.items())
        for zoned, sums in self.sums.items():
            add(sums.setdefault(zoned.window.span(start_ms, zoned.zone), {}), changed.items())


class Boards:
    """Every board of the clients that contracts are loaded for."""

    def __init__(self, promises: Promises) -> None:
        self._windows = _windows_by_measure(promises)
        self._promises = promises
        self.boards: dict[BoardKey, Board] = {}
        self._waiting: dict[QueueKey, dict[str, tuple[int, list[int]]]] = {}
        self._feeds: dict[FeedKey, dict[str, Heard]] = {}

    def observe(self, message: BenchMessage) -> None:
        """Take what one partition tells. What no contract asks for any more is passed over."""
        if message.client not in self._promises.clients:
            return
        if isinstance(message, TallyMessage):
            self._tally(message)
        elif isinstance(message, WaitingMessage):
            sources = self._waiting.setdefault(QueueKey(message.client, message.channel, message.queue), {})
            if sources.get(message.source, (-1, []))[0] <= message.offset:
                sources[message.source] = (message.offset, message.offered_at)
        else:
            self._hear(message)

    def adopt(self, promises: Promises) -> None:
        """Read through other contracts' windows from here on; what is counted is kept."""
        self._promises, self._windows = promises, _windows_by_measure(promises)
        for key, board in self.boards.items():
            board.adopt(self._windows.get((key.client, key.channel, key.measure), set()))

    def prune(self, client: str, watermark_ms: int) -> None:
        """Drop what no window of the client that holds the instant reads, and no late fact can change.

        A pane that can change is kept whole: it would be added again, not replaced, once its former value is gone.
        """
        reach_ms = quarter_of(watermark_ms - 2 * self._promises.lateness_of(client))
        zoned = {z for key, zs in self._windows.items() if key[0] == client for z in zs}
        before_ms = min([reach_ms, *(quarter_of(z.window.span(watermark_ms, z.zone).start_ms) for z in zoned)])
        for key, board in self.boards.items():
            if key.client == client:
                board.prune(before_ms)

    def queues(self, client: str, channel: str) -> list[str]:
        """Queues in which anybody was counted or waits."""
        counted = {key.queue for key in self.boards if key[:2] == (client, channel)}
        waited = {key.queue for key in self._waiting if key[:2] == (client, channel)}
        return sorted(counted | waited)

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
        windows = self._windows.get((message.client, message.channel, message.measure))
        if windows is None:
            return
        key = BoardKey(message.client, message.channel, message.queue, message.measure)
        board = self.boards.get(key)
        if board is None:
            board = self.boards[key] = Board(windows)
        board.replace(message)

    def _hear(self, message: FeedMessage) -> None:
        sources = self._feeds.setdefault(FeedKey(message.client, message.channel), {})
        known = sources.get(message.source)
        if known is None or known <= (message.watermark, message.heard):
            sources[message.source] = Heard(message.watermark, message.heard)


def _windows_by_measure(promises: Promises) -> dict[tuple[str, str, str], set[ZonedWindow]]:
    windows: dict[tuple[str, str, str], set[ZonedWindow]] = {}
    for agreement in promises.agreements:
        for promise in agreement.every_promise():
            key = (promise.client, promise.objective.channel, promise.measure.key)
            zoned = windows.setdefault(key, set())
            zoned.update(ZonedWindow(window, promise.zone) for window in promise.windows)
    return windows
