"""From contacts to what customers make of them, for one partition of `sla.resolutions`.

What `counting` is for facts, this is for customers: messages in the order of their offsets in, whole values with
the offset they reflect out. So a batch that comes again after a crash changes nothing twice. All that was said of
a contact comes again, too, when intake starts anew: of what one source says, its higher offset counts.
"""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from schemas.dead_letters import Rejected, RejectReason
from schemas.resolutions import ContactTouch
from schemas.words import Channel
from sla_stream.changes import Changes, CountedKey, CustomerKey, FeedKey, Position, SourceKey
from sla_stream.clientele import Clientele
from sla_stream.contact import Result
from sla_stream.panes import quarter_of
from sla_stream.promises import Promises
from sla_stream.tally import Tally, TallyKey


class TouchBatch(NamedTuple):
    """Decoded messages of one partition with their offsets, ascending; `last_offset` counts blanks too."""

    messages: Sequence[tuple[int, ContactTouch | Rejected]]
    last_offset: int


class Resolutions:
    """The customers and tallies of one partition."""

    def __init__(self, promises: Promises) -> None:
        self.promises = promises
        self.position = Position()
        self._clienteles: dict[str, Clientele] = {}
        self._results = Counter(self.position.results)
        #: From the last position that is known to be durable to the newest.
        self._positions = deque([self.position])

    def observe(self, batch: TouchBatch) -> Changes:
        """Count a batch. Messages up to the position are known to be counted and are passed over."""
        changes, counted = Changes(self.position), self.position.offset
        for offset, message in batch.messages:
            if offset > counted:
                self._results[self._take(offset, message, changes)] += 1
        reached = max(counted, batch.last_offset)
        for clientele in self._clienteles.values():
            clientele.tell(reached, changes)
        watermarks, results = self.position.watermarks | changes.feeds, Counter(self._results)
        sources = {
            SourceKey(client, source): at_ms
            for client, clientele in self._clienteles.items()
            for source, at_ms in clientele.sources.items()
        }
        self.position = replace(
            self.position, offset=reached, results=results, watermarks=watermarks, sources=sources
        )
        self._positions.append(self.position)
        self._tell_final(changes)
        changes.position = self.position
        return changes

    def forget(self, durable_offset: int) -> Changes:
        """Drop what no message can change any more. The position is safely stored up to the offset, or further."""
        changes = Changes(self.position)
        while len(self._positions) > 1 and self._positions[1].offset <= durable_offset:
            self._positions.popleft()
        durable = self._positions[0]
        for client, clientele in self._clienteles.items():
            clientele.forget(durable.offset, _sources_of(client, durable), changes)
            for channel, ledger in clientele.ledgers.items():
                final_ms = self._final_ms(FeedKey(client, channel))
                changes.forgotten += ledger.forget(final_ms, durable.offset)
        return changes

    def adopt(self, promises: Promises) -> None:
        """Go on under other contracts: what they newly ask for is counted from here on."""
        self.promises = promises
        self._clienteles = {name: one for name, one in self._clienteles.items() if name in promises.clients}
        for clientele in self._clienteles.values():
            self._adopt(clientele, self.position.offset)

    def customers(self) -> Iterator[tuple[CustomerKey, bytes]]:
        """Every customer that is still known, as they are stored."""
        for client, clientele in self._clienteles.items():
            for customer, stored in clientele.customers.items():
                yield CustomerKey(client, customer), stored

    def tallies(self) -> Iterator[tuple[TallyKey, Tally]]:
        """Every tally that is still kept; not to be changed."""
        for clientele in self._clienteles.values():
            for ledger in clientele.ledgers.values():
                yield from ledger

    def restore_position(self, position: Position) -> None:
        """Take back a stored position, unless a later one is known."""
        if position.offset < self.position.offset:
            return
        self.position = position
        self._results = Counter(position.results)
        self._positions = deque([position])
        for client in {key.client for key in position.watermarks} & self.promises.clients:
            clientele = self._clientele(client)
            clientele.watermarks = _of_client(client, position.watermarks)
            clientele.sources = _sources_of(client, position)
            self._adopt(clientele, position.offset)

    def restore_customer(self, key: CustomerKey, stored: bytes | None) -> None:
        """Take back a stored customer, unless they are known from a later offset. None: they were forgotten."""
        if key.client not in self.promises.clients:
            return
        clientele = self._clientele(key.client)
        if stored is None:
            clientele.drop(key.customer)
        else:
            clientele.put(key.customer, stored)

    def restore_tally(self, key: TallyKey, tally: Tally | None) -> None:
        """Take back a stored tally, unless it is known from a later offset. None: it was forgotten."""
        if key.client not in self.promises.clients:
            return
        ledger = self._clientele(key.client).ledger(key.channel)
        if tally is None:
            ledger.drop(key)
        else:
            ledger.put(key, tally)

    def _take(self, offset: int, message: ContactTouch | Rejected, changes: Changes) -> Result:
        if not isinstance(message, Rejected):
            if message.client in self.promises.clients:
                return self._clientele(message.client).take(offset, message)
            message = Rejected(RejectReason.UNKNOWN_CLIENT, message.client)
        changes.refused.append((offset, message))
        return Result.REJECTED

    def _tell_final(self, changes: Changes) -> None:
        changes.durable = self._positions[0].offset
        changes.final = {feed: self._final_ms(feed) for feed in changes.feeds}

    def _final_ms(self, feed: FeedKey) -> int:
        """Tallies from before this instant are kept no longer than the next `forget`: whole quarter-hours."""
        sources = _sources_of(feed.client, self._positions[0])
        return quarter_of(self._clienteles[feed.client].closed_ms(sources))

    def _clientele(self, client: str) -> Clientele:
        clientele = self._clienteles.get(client)
        if clientele is None:
            clientele = self._clienteles[client] = Clientele(client, self.promises)
            clientele.watermarks = _of_client(client, self.position.watermarks)
            clientele.sources = _sources_of(client, self.position)
            self._adopt(clientele, -1)
        return clientele

    def _adopt(self, clientele: Clientele, offset: int) -> None:
        """Measures not noted yet are counted after this offset. A position is never changed, but replaced."""
        counted = {
            (channel, measure.key): CountedKey(clientele.client, channel, measure.key)
            for channel, measure in self.promises.of_customers(clientele.client)
        }
        new = {key: offset for key in counted.values() if key not in self.position.since}
        if new:
            self.position = replace(self.position, since=self.position.since | new)
        clientele.adopt(self.promises, {place: self.position.since[key] for place, key in counted.items()})


def _of_client(client: str, watermarks: Mapping[FeedKey, int]) -> dict[Channel, int]:
    return {feed.channel: at_ms for feed, at_ms in watermarks.items() if feed.client == client}


def _sources_of(client: str, position: Position) -> dict[str, int]:
    return {key.source: at_ms for key, at_ms in position.sources.items() if key.client == client}
