"""From facts to tallies, for one source partition: the first of the two halves of the meaning.

`observe(batch)` takes messages in the order of their offsets and returns what changed, as whole values to be
stored and sent. Everything kept carries the offset it reflects, so a batch that comes again after a crash -
whole, in part, or cut differently - changes nothing twice, whichever of the earlier writes survived.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import NamedTuple

from schemas.dead_letters import Rejected, RejectReason
from schemas.facts import Fact, Forecast
from schemas.words import Channel
from sla_stream.arrivals import Arrivals, Elsewhere
from sla_stream.changes import Changes, ContactName, CountedKey, FeedKey, Position
from sla_stream.contact import Contact, Result, restored
from sla_stream.feed import Feed
from sla_stream.life import Stage
from sla_stream.panes import quarter_of
from sla_stream.promises import Promises
from sla_stream.tally import Tally, TallyKey
from sla_stream.touching import touched


class Batch(NamedTuple):
    """Decoded messages of one partition with their offsets, ascending; `last_offset` counts blanks too."""

    messages: Sequence[tuple[int, Fact | Rejected]]
    last_offset: int


class Counting:
    """The contacts and tallies of one source partition."""

    def __init__(self, promises: Promises) -> None:
        self.promises = promises
        self.position = Position()
        self._feeds: dict[FeedKey, Feed] = {}
        self._arrived: dict[tuple[str, Channel], Arrivals] = {}
        #: What was taken back from storage may reflect messages up to here.
        self._ahead = -1
        self._results = Counter(self.position.results)
        #: From the last position that is known to be durable to the newest.
        self._positions = deque([self.position])

    def observe(self, batch: Batch) -> Changes:
        """Count a batch. Messages up to the position are known to be counted and are passed over."""
        changes = Changes(self.position)
        self.take(batch.messages, changes)
        for _ in self.count(changes):
            pass
        return self.complete(changes, batch.last_offset)

    def take(self, messages: Iterable[tuple[int, Fact | Rejected | Elsewhere]], changes: Changes) -> None:
        """Take in a part of a batch; `count` and `complete` must follow before anything else is asked."""
        counted, arrived = self.position.offset, self._arrived
        for offset, message in messages:
            if offset <= counted:
                continue
            if isinstance(message, Rejected):
                self._refuse(offset, message, changes)
                continue
            if message.type == "forecast":
                self._expect(offset, message, changes)
                continue
            key = (message.client, message.channel)
            arrivals = arrived.get(key)
            if arrivals is None:
                arrivals = arrived[key] = Arrivals()
            arrivals.add(offset, message)

    def count(self, changes: Changes) -> Iterator[None]:
        """Count all that was taken in. Yields about every hundredth of a second, for others to take a turn."""
        arrived, self._arrived = self._arrived, {}
        for (client, channel), arrivals in arrived.items():
            if client in self.promises.clients:
                replayed = arrivals.offsets[0] <= self._ahead
                feed = self._feed(FeedKey(client, channel))
                yield from feed.count(arrivals, changes, self._results, replayed=replayed)
            else:
                for offset in arrivals.offsets:
                    if offset not in arrivals.elsewhere:
                        self._refuse(offset, Rejected(RejectReason.UNKNOWN_CLIENT, client), changes)

    def complete(self, changes: Changes, last_offset: int) -> Changes:
        """The batch ends here: everything it touched is counted up to its last offset."""
        reached = max(self.position.offset, last_offset)
        for feed in self._feeds.values():
            changes.panes += feed.ledger.tell(reached)
        changes.refused.sort(key=itemgetter(0))
        self._tell(changes)
        changes.touches += touched(changes.contacts, self.position.offset, self.promises)
        watermarks = self.position.watermarks | changes.feeds
        results = Counter(self._results)
        self.position = replace(self.position, offset=reached, results=results, watermarks=watermarks)
        self._positions.append(self.position)
        changes.position = self.position
        return changes

    def forget(self, durable_offset: int) -> Changes:
        """Drop what no fact can change any more. The position is safely stored up to the offset, or further.

        A replay begins no earlier than there, so what is out of reach by then is so for every replayed message.
        """
        changes = Changes(self.position)
        if self.position.offset < 0:
            # A crash has left contacts, but no position: by which message who waits is known is not known yet.
            return changes
        while len(self._positions) > 1 and self._positions[1].offset <= durable_offset:
            self._positions.popleft()
        durable = self._positions[0].watermarks
        for feed in self._feeds.values():
            for name in list(feed.forgettable(durable.get(feed.key, 0))):
                changes.orphans[feed.key] += _orphans(feed.known(name))
                feed.drop(name)
                changes.contacts.setdefault(feed.key, {})[name] = None
            # What came back from storage may know of tickets done that are yet to be counted as done.
            if self._positions[0].offset >= self._ahead:
                changes.forgotten += feed.ledger.forget(
                    self._final_ms(feed), self._positions[0].offset, feed.open_quarters()
                )
        self._tell(changes)
        return changes

    def adopt(self, promises: Promises) -> None:
        """Go on under other contracts: what they newly ask for is counted from here on."""
        self.promises = promises
        self._feeds = {key: feed for key, feed in self._feeds.items() if feed.key.client in promises.clients}
        for feed in self._feeds.values():
            self._adopt(feed)

    def contacts(self) -> Iterator[tuple[tuple[FeedKey, ContactName], Contact]]:
        """Every contact that is still known."""
        for feed in self._feeds.values():
            for name, packed in feed.contacts.items():
                yield (feed.key, name), restored(packed)

    def tallies(self) -> Iterator[tuple[TallyKey, Tally]]:
        """Every tally that is still kept; not to be changed."""
        for feed in self._feeds.values():
            yield from feed.ledger

    def restore_position(self, position: Position) -> None:
        """Take back a stored position, unless a later one is known."""
        if position.offset < self.position.offset:
            return
        self.position = position
        self._results = Counter(position.results)
        self._positions = deque([position])
        for key, watermark_ms in position.watermarks.items():
            if key.client in self.promises.clients:
                feed = self._feed(key)
                feed.watermark_ms = watermark_ms
                self._adopt(feed)

    def restore_contact(self, key: FeedKey, name: ContactName, packed: bytes | None) -> None:
        """Take back a stored contact, unless it is known from a later offset. None: it was forgotten."""
        if key.client not in self.promises.clients:
            return
        feed = self._feed(key)
        if packed is None:
            feed.drop(name)
            return
        contact = restored(packed)
        self._ahead = max(self._ahead, contact.newest_offset)
        if feed.known(name).newest_offset <= contact.newest_offset:
            feed.put(name, contact)

    def restore_tally(self, key: TallyKey, tally: Tally | None) -> None:
        """Take back a stored tally, unless it is known from a later offset. None: it was forgotten."""
        if key.client not in self.promises.clients:
            return
        ledger = self._feed(FeedKey(key.client, key.channel)).ledger
        if tally is None:
            ledger.drop(key)
        else:
            self._ahead = max(self._ahead, tally.offset)
            ledger.put(key, tally)

    def _expect(self, offset: int, forecast: Forecast, changes: Changes) -> None:
        """A forecast is passed on: nothing is counted by it, and it says nothing of how far its feed has come."""
        if forecast.client not in self.promises.clients:
            self._refuse(offset, Rejected(RejectReason.UNKNOWN_CLIENT, forecast.client), changes)
            return
        changes.forecasts.append(forecast)
        self._results[Result.APPLIED] += 1

    def _refuse(self, offset: int, rejected: Rejected, changes: Changes) -> None:
        changes.refused.append((offset, rejected))
        self._results[Result.REJECTED] += 1

    def _tell(self, changes: Changes) -> None:
        changes.durable = self._positions[0].offset
        for feed in self._feeds.values():
            feed.tell(changes)
            if feed.key in changes.feeds:
                changes.final[feed.key] = self._final_ms(feed)

    def _final_ms(self, feed: Feed) -> int:
        """Tallies from before this instant are kept no longer than the next `forget`: whole quarter-hours."""
        return quarter_of(self._positions[0].watermarks.get(feed.key, 0) - 2 * feed.lateness_ms)

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
            self.promises,
            {
                key.measure: n
                for key, n in self.position.since.items()
                if FeedKey(key.client, key.channel) == feed.key
            },
        )

    def _note_since(self, key: FeedKey, offset: int) -> None:
        """Measures not noted yet are counted after this offset. A position is never changed, but replaced."""
        counted = (
            CountedKey(key.client, key.channel, measure.key)
            for measure in self.promises.counted(key.client, key.channel).measures
        )
        new = {key: offset for key in counted if key not in self.position.since}
        if new:
            self.position = replace(self.position, since=self.position.since | new)


def _orphans(contact: Contact) -> int:
    """Answers to surveys about a contact that was never offered."""
    if contact.life.stage is not Stage.EXPECTED:
        return 0
    return sum(fact.kind == "surveyed" for fact in contact.remembered)
