"""What all source partitions together have told: tallies merged, who waits, how far each feed has come.

Merging is replacing: each partition sends whole values of a minute, and its higher offset wins. What that adds
goes on the board of the queue, and on the boards of queues that are judged together: no board is read for another.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from msgspec import Struct

from schemas.adjustments import Adjustment
from schemas.tallies import BenchMessage, Counts, DueMessage, FeedMessage, TallyMessage, WaitingMessage
from schemas.words import Channel
from sla_stream.board import Board, ZonedWindow
from sla_stream.changes import FeedKey, QueueKey
from sla_stream.due import Open, Promised
from sla_stream.finality import Adjustments
from sla_stream.forecasts import Forecasts
from sla_stream.panes import quarter_of
from sla_stream.promises import Promise, Promises
from sla_stream.tally import classes_of
from sla_stream.told import Final, Told
from sla_stream.waiting import Queued
from sla_stream.windows import Span

#: Queues that are judged alike, by name; None: every queue there is.
Queues = tuple[str, ...] | None

#: What is still to come in a period is told by weeks that may lie before it, and by the whole of their first day.
LOOKED_BACK_WEEKS = 4
_LOOKED_BACK_MS = (LOOKED_BACK_WEEKS * 7 + 1) * 24 * 3_600_000


class BoardKey(Struct, frozen=True, gc=False):
    """One measure in one queue."""

    client: str
    channel: Channel
    queue: str
    measure: str


class TogetherKey(Struct, frozen=True, gc=False):
    """One measure in several queues together."""

    client: str
    channel: Channel
    queues: Queues
    measure: str


class Heard(NamedTuple):
    """How far a feed has come (event time), and when we last heard of it (wall clock). Epoch ms."""

    watermark_ms: int
    heard_ms: int


class _Asked(NamedTuple):
    """Through which windows contracts read a measure: of queues by themselves, and of queues together."""

    each: dict[Queues, set[ZonedWindow]]
    together: dict[Queues, set[ZonedWindow]]

    def of_queue(self, queue: str) -> set[ZonedWindow]:
        """The windows of one queue by itself."""
        return {zoned for queues, windows in self.each.items() if holds(queues, queue) for zoned in windows}

    def windows(self) -> Iterator[ZonedWindow]:
        """All of them."""
        return chain.from_iterable((*self.each.values(), *self.together.values()))


_NOTHING = _Asked({}, {})
_NOT_YET = Final(0, -1)


class Boards:
    """Every board of the clients that contracts are loaded for."""

    def __init__(self, promises: Promises) -> None:
        self._go_by(promises)
        self.boards: dict[BoardKey, Board] = {}
        self.together: dict[TogetherKey, Board] = {}
        self._told = Told()
        self.forecasts = Forecasts()
        self._promised: dict[BoardKey, Promised] = {}
        #: What a partition changes no more of a feed.
        self._final: dict[tuple[FeedKey, str], Final] = {}
        self._waiting: dict[QueueKey, Queued] = {}
        self._sources: dict[FeedKey, dict[str, Heard]] = {}
        self._heard: dict[FeedKey, Heard] = {}
        self._queues: dict[FeedKey, set[str]] = {}
        self._moved: dict[FeedKey, set[str]] = {}
        self._adjustments = Adjustments()

    def _go_by(self, promises: Promises) -> None:
        self._promises, self._asked = promises, _asked_of(promises)
        self._lateness_ms = {client: promises.lateness_of(client) for client in promises.clients}

    def observe(self, message: BenchMessage) -> None:
        """Take what one partition tells. What no contract asks for any more is passed over."""
        if message.client not in self._promises.clients:
            return
        feed = FeedKey(message.client, message.channel)
        if message.type == "tally":
            self._tally(feed, message)
        elif message.type == "waiting":
            self._wait(feed, message)
        elif message.type == "due":
            self._due(feed, message)
        elif message.type == "expected":
            self._moved.setdefault(feed, set()).add(message.queue)
            self.forecasts.replace(feed, message)
        else:
            self._hear(feed, message)

    def take_moved(self) -> dict[FeedKey, set[str]]:
        """The queues in which anything was told since this was last asked."""
        moved, self._moved = self._moved, {}
        return moved

    def adopt(self, promises: Promises) -> None:
        """Read through other contracts' windows from here on; what is counted is kept."""
        self._go_by(promises)
        known, together = frozenset(self.boards), self.together
        lacking = {
            board for key, board in self.boards.items() if board.adopt(self._asked_for(key).of_queue(key.queue))
        }
        self.together = {
            key: board for key, board in together.items() if key.queues in self._asked_for(key).together
        }
        for of, board in self.together.items():
            if board.adopt(self._asked_for(of).together[of.queues]):
                lacking.add(board)
        for key, board in self.boards.items():
            board.count_also_on(self._together_with(key))
            for other in board.also:
                if other not in together.values():
                    other.join(board)
                    lacking.add(other)
        self._take_back(known, lacking)

    def _take_back(self, known: Container[BoardKey], lacking: Container[Board]) -> None:
        """From what is told: boards that are new, and the minutes of those that roll only now."""
        for feed in self._told.feeds():
            for minute in self._told.of(feed):
                for measure, counts in minute.measures.items():
                    key = BoardKey(feed.client, feed.channel, minute.queue, measure)
                    if key not in known:
                        self._add(key, {minute.start_ms: counts})
                        continue
                    for board in (self.boards[key], *self.boards[key].also):
                        if board.rolls and board in lacking:
                            board.add_minutes({minute.start_ms: counts})

    def prune(self, feed: FeedKey, watermark_ms: int) -> None:
        """Drop what nobody reads any more once the feed's clock has come to the instant.

        What a partition has told of a minute is kept as long as it may change: its next word would be added to
        the former, not replace it.
        """
        windows = [one for (of, _), asked in self._asked.items() if of == feed for one in asked.windows()]
        starts = [zoned.window.span(watermark_ms, zoned.zone).start_ms for zoned in windows]
        if any(zoned.window.is_calendar for zoned in windows):
            starts.append(watermark_ms - _LOOKED_BACK_MS)
        kept_from_ms = min(map(quarter_of, [watermark_ms, *starts]))
        for boards in (self.boards, self.together):
            for key, board in boards.items():
                if (key.client, key.channel) == (feed.client, feed.channel):
                    board.prune(watermark_ms, kept_from_ms)
        self._adjustments.drop(feed, kept_from_ms)
        self.forecasts.prune(feed, kept_from_ms)
        is_open: set[tuple[str, str, int]] = set()
        for key, promised in self._promised.items():
            if (key.client, key.channel) == feed:
                promised.prune(kept_from_ms)
                is_open.update((key.queue, source, start_ms) for source, start_ms in promised.open_in())
        self._told.drop_final(feed, lambda source: self._final.get((feed, source), _NOT_YET), is_open)

    def board(self, promise: Promise, channel: Channel, queue: str | None) -> Board | None:
        """Where the promise's measure is counted, for a queue or for its queues together; None: nowhere yet."""
        client, measure = promise.client, promise.measure.key
        if queue is None:
            return self.together.get(TogetherKey(client, channel, queues_of(promise), measure))
        return self.boards.get(BoardKey(client, channel, queue, measure))

    def queues(self, client: str, channel: Channel) -> tuple[str, ...]:
        """Queues in which anybody was counted or waits."""
        return tuple(sorted(self._queues.get(FeedKey(client, channel), ())))

    def waiting(self, key: QueueKey) -> Sequence[int]:
        """Since when each of those who wait has waited (epoch ms), ascending. Who would come too late is gone."""
        queued = self._waiting.get(key)
        if queued is None:
            return ()
        heard = self.feed(FeedKey(key.client, key.channel))
        return queued.since(heard.watermark_ms - self._lateness_ms[key.client] if heard else 0)

    def deadlines(self, promise: Promise, queues: Iterable[str]) -> Open:
        """What is still to be done for the promise's measure in these queues."""
        client, measure = promise.client, promise.measure.key
        keys = [BoardKey(client, channel, queue, measure) for channel in promise.channels for queue in queues]
        return Open(self._promised[key] for key in keys if key in self._promised)

    def feed(self, key: FeedKey) -> Heard | None:
        """The furthest that any partition has heard of the feed; None if it was never heard."""
        return self._heard.get(key)

    def restate(self, adjustment: Adjustment) -> None:
        """Know that something final has changed after all."""
        if adjustment.client in self._promises.clients:
            self._adjustments.take(adjustment)

    def is_restated(self, promise: Promise, queues: Container[str], span: Span) -> bool:
        """Whether anything changed in a window of the promise after it was final."""
        return any(
            self._adjustments.came_to(FeedKey(promise.client, channel), promise, queues, span)
            for channel in promise.channels
        )

    def _tally(self, feed: FeedKey, message: TallyMessage) -> None:
        self._moved.setdefault(feed, set()).add(message.queue)
        for measure, minutes in self._told.replace(feed, message).items():
            self._add(BoardKey(message.client, message.channel, message.queue, measure), minutes)

    def _add(self, key: BoardKey, minutes: Mapping[int, Counts]) -> None:
        """A board goes on when nobody asks for it any more: it may be asked for again."""
        board = self.boards.get(key)
        if board is None:
            asked = self._asked_for(key)
            if asked is _NOTHING:
                return
            board = self.boards[key] = Board(asked.of_queue(key.queue), classes_of(key.measure))
            board.count_also_on(self._together_with(key))
            self._queues.setdefault(FeedKey(key.client, key.channel), set()).add(key.queue)
        board.add(minutes)

    def _asked_for(self, key: BoardKey | TogetherKey) -> _Asked:
        return self._asked.get((FeedKey(key.client, key.channel), key.measure), _NOTHING)

    def _together_with(self, key: BoardKey) -> Iterator[Board]:
        """The boards of several queues of which this is one."""
        for queues, windows in self._asked_for(key).together.items():
            if holds(queues, key.queue):
                together = TogetherKey(key.client, key.channel, queues, key.measure)
                if together not in self.together:
                    self.together[together] = Board(windows, classes_of(key.measure))
                yield self.together[together]

    def _wait(self, feed: FeedKey, message: WaitingMessage) -> None:
        self._moved.setdefault(feed, set()).add(message.queue)
        key = QueueKey(message.client, message.channel, message.queue)
        queued = self._waiting.get(key)
        if queued is None:
            queued = self._waiting[key] = Queued()
            self._queues.setdefault(feed, set()).add(message.queue)
        queued.replace(message.source, message.offset, message.offered_at)

    def _due(self, feed: FeedKey, message: DueMessage) -> None:
        self._moved.setdefault(feed, set()).add(message.queue)
        self._queues.setdefault(feed, set()).add(message.queue)
        key = BoardKey(message.client, message.channel, message.queue, message.measure)
        self._promised.setdefault(key, Promised()).replace(message)

    def _hear(self, feed: FeedKey, message: FeedMessage) -> None:
        sources = self._sources.setdefault(feed, {})
        known = sources.get(message.source)
        if known is None or known <= (message.watermark, message.heard):
            sources[message.source] = Heard(message.watermark, message.heard)
            self._final[feed, message.source] = Final(message.final, message.durable)
            heard = sources.values()
            self._heard[feed] = Heard(max(h.watermark_ms for h in heard), max(h.heard_ms for h in heard))


def queues_of(promise: Promise) -> Queues:
    """The queues that a promise is about."""
    written = promise.objective.queues
    return None if written == "all" else tuple(written)


def holds(queues: Queues, queue: str) -> bool:
    """Whether a queue is one of them."""
    return queues is None or queue in queues


def _asked_of(promises: Promises) -> dict[tuple[FeedKey, str], _Asked]:
    """By feed and measure."""
    found: dict[tuple[FeedKey, str], _Asked] = {}
    for agreement in promises.agreements:
        for promise in agreement.every_promise():
            for channel in promise.channels:
                feed = FeedKey(promise.client, channel)
                _ask(promise, found.setdefault((feed, promise.measure.key), _Asked({}, {})))
    return found


def _ask(promise: Promise, asked: _Asked) -> None:
    """What is left out is read queue by queue: of a rolling window, by the minute."""
    windows = {ZonedWindow(window, promise.zone) for window in promise.windows}
    rolling = {zoned for zoned in windows if zoned.window.rolls and promise.exclusions}
    each = windows if promise.objective.judge != "together" else rolling
    if each:
        asked.each.setdefault(queues_of(promise), set()).update(each)
    if promise.objective.judge != "each_queue":
        asked.together.setdefault(queues_of(promise), set()).update(windows)
