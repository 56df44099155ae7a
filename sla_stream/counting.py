"""From facts to tallies, for one source partition: the first of the two halves of the meaning.

`observe(batch)` takes messages in the order of their offsets and returns what changed, as whole values to be
stored and sent. Everything kept carries the offset it reflects, so a batch that comes again after a crash -
whole, in part, or cut differently - changes nothing twice, whichever of the earlier writes survived.
"""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from schemas.dead_letters import Rejected, RejectReason
from schemas.facts import Fact, Heartbeat
from schemas.words import Channel
from sla_stream.contact import Contact, Result
from sla_stream.feed import ContactKey, Feed, FeedKey, Taken
from sla_stream.panes import QUARTER_MS
from sla_stream.promises import Promises
from sla_stream.tally import Tally, TallyKey

#: Results of messages whose facts are known from then on; one refused for its time is remembered all the same.
_KEPT = (Result.APPLIED, Result.REJECTED)


class QueueKey(NamedTuple):
    """Where contacts wait."""

    client: str
    channel: Channel
    queue: str


class CountedKey(NamedTuple):
    """What is counted of a feed."""

    client: str
    channel: Channel
    measure: str


class Batch(NamedTuple):
    """Decoded messages of one partition with their offsets, ascending; `last_offset` counts blanks too."""

    messages: Sequence[tuple[int, Fact | Rejected]]
    last_offset: int


@dataclass(frozen=True, slots=True)
class Position:
    """How far a partition is counted: every message up to `offset`, by result, and the feeds' clocks (ms).

    `since` holds the offset after which a measure is counted: -1 for those that were there from the start.
    """

    offset: int = -1
    results: Counter[Result] = field(default_factory=Counter)
    watermarks: dict[FeedKey, int] = field(default_factory=dict)
    since: dict[CountedKey, int] = field(default_factory=dict)

    @property
    def received(self) -> int:
        """Every message has exactly one result."""
        return self.results.total()


@dataclass(slots=True)
class Changes:
    """What changed, as whole values; None where something is forgotten. Tallies are the live ones: write at once.

    `waiting` holds the instants since when people wait in a queue, `feeds` the clocks that went on.
    """

    position: Position
    contacts: dict[ContactKey, Contact | None] = field(default_factory=dict)
    tallies: dict[TallyKey, Tally | None] = field(default_factory=dict)
    waiting: dict[QueueKey, list[int]] = field(default_factory=dict)
    feeds: dict[FeedKey, int] = field(default_factory=dict)
    refused: list[tuple[int, Rejected]] = field(default_factory=list)

    def follow(self, later: "Changes") -> None:
        """Take in what changed next: whole values replace each other."""
        self.position = later.position
        self.contacts |= later.contacts
        self.tallies |= later.tallies
        self.waiting |= later.waiting
        self.feeds |= later.feeds
        self.refused += later.refused


class Counting:
    """The contacts and tallies of one source partition."""

    def __init__(self, promises: Promises) -> None:
        self.promises = promises
        self.position = Position()
        self.tallies: dict[TallyKey, Tally] = {}
        self._feeds: dict[FeedKey, Feed] = {}
        #: From the last position that is known to be durable to the newest.
        self._positions = deque([self.position])

    def observe(self, batch: Batch) -> Changes:
        """Count a batch. Messages up to the position are known to be counted and are passed over."""
        results, changes = Counter(self.position.results), Changes(self.position)
        queues: set[QueueKey] = set()
        counted = self.position.offset
        for offset, message in batch.messages:
            if offset > counted:
                results[self._take(offset, message, changes, queues)] += 1
        for tally in changes.tallies.values():
            if tally and tally.offset < batch.last_offset:
                tally.offset = batch.last_offset
        watermarks = self.position.watermarks | changes.feeds
        reached = max(self.position.offset, batch.last_offset)
        self.position = Position(reached, results, watermarks, self.position.since)
        self._positions.append(self.position)
        return self._complete(changes, queues)

    def forget(self, durable_offset: int) -> Changes:
        """Drop what no fact can change any more. The position is safely stored up to the offset, or further.

        A replay begins no earlier than there, so what is out of reach by then is so for every replayed message.
        """
        changes = Changes(self.position)
        queues: set[QueueKey] = set()
        while len(self._positions) > 1 and self._positions[1].offset <= durable_offset:
            self._positions.popleft()
        durable = self._positions[0].watermarks
        for feed in self._feeds.values():
            forgotten = list(feed.forgettable(durable.get(feed.key, 0)))
            for contact in forgotten:
                feed.drop(contact)
                changes.contacts[contact] = None
            if forgotten:
                queues.update(QueueKey(*feed.key, queue) for queue in feed.waiting)
        for key in [key for key in self.tallies if self._is_out_of_reach(key, durable)]:
            del self.tallies[key]
            changes.tallies[key] = None
        return self._complete(changes, queues)

    def adopt(self, promises: Promises) -> None:
        """Go on under other contracts: what they newly ask for is counted from here on."""
        self.promises = promises
        self._feeds = {key: feed for key, feed in self._feeds.items() if key.client in promises.clients}
        for feed in self._feeds.values():
            self._adopt(feed)

    def contacts(self) -> Iterator[tuple[ContactKey, Contact]]:
        """Every contact that is still known."""
        for feed in self._feeds.values():
            yield from feed.contacts.items()

    def restore_position(self, position: Position) -> None:
        """Take back a stored position, unless a later one is known."""
        if position.offset < self.position.offset:
            return
        self.position = position
        self._positions = deque([position])
        for key, watermark_ms in position.watermarks.items():
            if key.client in self.promises.clients:
                feed = self._feed(key)
                feed.watermark_ms = watermark_ms
                self._adopt(feed)

    def restore_contact(self, key: ContactKey, contact: Contact | None) -> None:
        """Take back a stored contact, unless it is known from a later offset. None: it was forgotten."""
        if key.client not in self.promises.clients:
            return
        feed = self._feed(FeedKey(key.client, key.channel))
        known = feed.contacts.get(key)
        if contact is None:
            feed.drop(key)
        elif known is None or known[-1].offset <= contact[-1].offset:
            feed.put(key, contact)

    def restore_tally(self, key: TallyKey, tally: Tally | None) -> None:
        """Take back a stored tally, unless it is known from a later offset. None: it was forgotten."""
        known = self.tallies.get(key)
        if tally is None:
            self.tallies.pop(key, None)
        elif known is None or known.offset <= tally.offset:
            self.tallies[key] = tally

    def _take(self, offset: int, message: Fact | Rejected, changes: Changes, queues: set[QueueKey]) -> Result:
        if isinstance(message, Rejected):
            changes.refused.append((offset, message))
            return Result.REJECTED
        if message.client not in self.promises.clients:
            changes.refused.append((offset, Rejected(RejectReason.UNKNOWN_CLIENT, message.client)))
            return Result.REJECTED
        feed = self._feed(FeedKey(message.client, message.channel))
        if isinstance(message, Heartbeat):
            feed.watermark_ms = max(feed.watermark_ms, message.at)
            changes.feeds[feed.key] = feed.watermark_ms
            return Result.APPLIED
        taken = feed.take(offset, message)
        self._count(offset, taken, changes)
        if taken.result in _KEPT:
            changes.contacts[taken.contact] = feed.contacts[taken.contact]
            changes.feeds[feed.key] = feed.watermark_ms
        for queue in taken.queues:
            queues.add(QueueKey(message.client, message.channel, queue))
        return taken.result

    def _count(self, offset: int, taken: Taken, changes: Changes) -> None:
        for key, settlement, times in taken.deltas:
            tally = self.tallies.get(key)
            if tally is None:
                tally = self.tallies[key] = Tally()
            if tally.offset < offset:
                tally.add(settlement, times)
            changes.tallies[key] = tally
        if taken.refusal:
            changes.refused.append((offset, taken.refusal))

    def _complete(self, changes: Changes, queues: set[QueueKey]) -> Changes:
        changes.position = self.position
        for key in queues:
            waiting = self._feeds[FeedKey(key.client, key.channel)].waiting.get(key.queue, {})
            changes.waiting[key] = sorted(waiting.values())
        return changes

    def _feed(self, key: FeedKey) -> Feed:
        feed = self._feeds.get(key)
        if feed is None:
            feed = self._feeds[key] = Feed(key, self.promises)
            feed.watermark_ms = self.position.watermarks.get(key, 0)
            self._note_since(key, -1)
        return feed

    def _adopt(self, feed: Feed) -> None:
        self._note_since(feed.key, self.position.offset)
        feed.adopt(
            self.promises, {key.measure: n for key, n in self.position.since.items() if key[:2] == feed.key}
        )

    def _note_since(self, key: FeedKey, offset: int) -> None:
        """Measures not noted yet are counted after this offset. A position is never changed, but replaced."""
        counted = (CountedKey(*key, measure.key) for measure in self.promises.counted(*key).measures)
        new = {key: offset for key in counted if key not in self.position.since}
        if new:
            self.position = replace(self.position, since=self.position.since | new)

    def _is_out_of_reach(self, key: TallyKey, watermarks: dict[FeedKey, int]) -> bool:
        feed = self._feeds.get(FeedKey(key.client, key.channel))
        if feed is None:
            return False
        return key.start_ms + QUARTER_MS <= watermarks.get(feed.key, 0) - 2 * feed.lateness_ms
