"""The customers of one client, as one partition of `sla.resolutions` knows them: their contacts and tallies.

How a contact counts can change for as long as a repeat may come, and be told late. Tallies from before that are
closed: nothing is added to them any more, so that they can be forgotten.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct, json

from schemas.resolutions import ContactTouch
from schemas.words import Channel
from sla_stream.changes import Changes, CustomerKey, FeedKey
from sla_stream.contact import Result
from sla_stream.customer import Step, newest_ms, step, trimmed, visits_of
from sla_stream.drawers import Drawers
from sla_stream.ledger import Ledger
from sla_stream.measures import CustomerMeasure, Settlement, Visits
from sla_stream.promises import Promises
from sla_stream.touch import Touches, packed, touch_of, unpacked

_HOUR_MS = 3_600_000

#: No source, but how far all of them have come.
_CLOCK = ""

#: As long as sources are kept: further behind none can be that has anything to tell.
_MOST_BEHIND_MS = 30 * 24 * _HOUR_MS


class _Tracked(Struct, frozen=True, gc=False):
    """A measure that is counted on one channel, for contacts that begin after an offset."""

    channel: Channel
    measure: CustomerMeasure
    since: int
    key: str


class _Delta(NamedTuple):
    """A contact that begins (times 1) or ceases (-1) to count as it is settled."""

    tracked: _Tracked
    queue: str
    settlement: Settlement
    times: int


class Clientele:
    """Customers are forgotten once nothing that may still come can have to do with their contacts."""

    def __init__(self, client: str, promises: Promises) -> None:
        self.client = client
        #: How far each channel's contacts have come, and what each source has told of them (epoch ms).
        self.watermarks: dict[Channel, int] = {}
        self.sources: dict[str, int] = {}
        self.ledgers: dict[Channel, Ledger] = {}
        #: Customers as they are stored; those that have changed are at hand until that is told.
        self.customers = Drawers()
        self._at_hand: dict[str, Touches] = {}
        #: Hour -> customers that need no look before it is out of reach, a line for each.
        self._by_hour: dict[int, bytearray] = {}
        #: Customers with touches that no replay asks for once the position at the offset is durable.
        self._ceased = deque[tuple[int, str]]()
        self._durable_offset = -1
        self._heard: set[Channel] = set()
        self.adopt(promises, {})

    def adopt(self, promises: Promises, since: Mapping[tuple[Channel, str], int]) -> None:
        """Count what these contracts ask for; a measure that is new, for contacts that begin after its offset."""
        self._tracked = [
            _Tracked(channel, measure, since.get((channel, measure.key), -1), measure.key)
            for channel, measure in promises.of_customers(self.client)
        ]
        self._sinces = {tracked.since for tracked in self._tracked}
        measures = [tracked.measure for tracked in self._tracked]
        longest_ms = max((measure.within_ms for measure in measures), default=0)
        #: So long after an instant its tallies may change; and so long before them, what decides them may lie.
        self._open_ms = longest_ms + 2 * promises.lateness_of(self.client)
        self._back_ms = longest_ms if any(not one.decided_after_ms for one in measures) else 0

    def take(self, offset: int, told: ContactTouch) -> Result:
        """Count a message. What is too late is counted as that, as far as its tallies are closed."""
        touch = touch_of(offset, told)
        closed_ms = self.closed_ms(self.sources)
        horizon_ms = closed_ms - self._back_ms
        if touch.newest_ms < horizon_ms:
            return Result.TOO_LATE
        self._hear(told, touch.newest_ms)
        known = self.known(told.customer)
        taken = step(known, touch, horizon_ms)
        if taken is None:
            return Result.DUPLICATE
        self._follow(told.customer, known, taken.touches)
        self._at_hand[told.customer] = taken.touches
        if any(one.until == offset for one in taken.touches):
            self._ceased.append((offset, told.customer))
        return self._count(offset, taken, closed_ms)

    def closed_ms(self, sources: Mapping[str, int]) -> int:
        """The tallies from before this instant do not change any more (epoch ms)."""
        return sources.get(_CLOCK, 0) - self._open_ms

    def known(self, customer: str) -> Touches:
        """The customer as they are known by now."""
        touches = self._at_hand.get(customer)
        if touches is None:
            stored = self.customers.get(customer)
            touches = () if stored is None else unpacked(stored)
        return touches

    def ledger(self, channel: Channel) -> Ledger:
        """The tallies of one channel."""
        ledger = self.ledgers.get(channel)
        if ledger is None:
            ledger = self.ledgers[channel] = Ledger(self.client, channel)
        return ledger

    def tell(self, offset: int, changes: Changes) -> None:
        """Say what changed up to the message at `offset`."""
        for ledger in self.ledgers.values():
            changes.panes += ledger.tell(offset)
        for customer, touches in self._at_hand.items():
            stored = packed(trimmed(touches, self._durable_offset))
            self.customers.put(customer, stored)
            changes.customers[CustomerKey(self.client, customer)] = stored
        self._at_hand.clear()
        changes.feeds |= {FeedKey(self.client, channel): self.watermarks[channel] for channel in self._heard}
        self._heard.clear()

    def put(self, customer: str, stored: bytes) -> None:
        """Take a stored customer, unless they are known from a later offset."""
        touches, known = unpacked(stored), self.known(customer)
        if not known or known[-1].since <= touches[-1].since:
            self._follow(customer, known, touches)
            self.customers.put(customer, stored)

    def drop(self, customer: str) -> None:
        """Forget the customer; all of it has been told."""
        self.customers.drop(customer)

    def forget(self, durable_offset: int, sources: Mapping[str, int], changes: Changes) -> None:
        """Drop what no fact can change any more, given the position that is durable."""
        self._durable_offset = max(self._durable_offset, durable_offset)
        self._trim()
        closed_ms = self.closed_ms(sources)
        for customer in list(self._forgettable(closed_ms - self._back_ms)):
            self.drop(customer)
            changes.customers[CustomerKey(self.client, customer)] = None

    def _count(self, offset: int, taken: Step, closed_ms: int) -> Result:
        result = Result.APPLIED
        for tracked, queue, settlement, times in self._deltas(taken):
            if settlement.at_ms < closed_ms:
                result = Result.TOO_LATE
                continue
            tally = self.ledger(tracked.channel).to_change(queue, settlement.at_ms)
            if tally.offset < offset:
                tally.add(tracked.key, settlement.counts, times)
        return result

    def _hear(self, told: ContactTouch, at_ms: int) -> None:
        channel, source = told.channel, told.source
        self.watermarks[channel] = max(self.watermarks.get(channel, 0), at_ms)
        self._heard.add(channel)
        before_ms = self.sources.get(source, 0)
        if before_ms < at_ms:
            self.sources[source] = at_ms
            self.sources[_CLOCK] = _clock_ms(self.sources)

    def _follow(self, customer: str, known: Touches, touches: Touches) -> None:
        """Remember when to look whether a new customer is out of reach."""
        if not known:
            self._look_after(newest_ms(touches), customer)

    def _look_after(self, at_ms: int, customer: str) -> None:
        self._by_hour.setdefault(at_ms // _HOUR_MS, bytearray()).extend(_lines_of([customer]))

    def _trim(self) -> None:
        """In memory only: what is stored of them is as right as before."""
        while self._ceased and self._ceased[0][0] <= self._durable_offset:
            _, customer = self._ceased.popleft()
            if stored := self.customers.get(customer):
                self.customers.put(customer, packed(trimmed(unpacked(stored), self._durable_offset)))

    def _forgettable(self, horizon_ms: int) -> Iterator[str]:
        for hour in [hour for hour in self._by_hour if (hour + 1) * _HOUR_MS <= horizon_ms]:
            for customer in _read_lines(self._by_hour.pop(hour)):
                if touches := self.known(customer):
                    newest = newest_ms(touches)
                    if newest >= horizon_ms:
                        self._look_after(newest, customer)
                    else:
                        yield customer

    def _deltas(self, taken: Step) -> Iterator[_Delta]:
        """Minus how contacts counted, plus how they count now: nothing where that is the same."""
        visits = {since: (visits_of(taken.before, since), visits_of(taken.after, since)) for since in self._sinces}
        for tracked in self._tracked:
            old, new = (_settled(tracked, some) for some in visits[tracked.since])
            if old == new:
                continue
            for times, these, those in ((-1, old, new), (1, new, old)):
                left = list(those)
                for queue, settlement in these:
                    if (queue, settlement) in left:
                        left.remove((queue, settlement))
                    else:
                        yield _Delta(tracked, queue, settlement, times)


_lines_of = json.Encoder().encode_lines
_read_lines = json.Decoder(str).decode_lines


def _clock_ms(sources: Mapping[str, int]) -> int:
    """How far all have come. It never goes back, though a source may be heard only now.

    While a backlog is worked off, one source is weeks ahead of another, and customers are of both: so the clock is
    that of the source furthest behind, unless it has told nothing for so long that it may tell nothing again.
    """
    told = [at_ms for source, at_ms in sources.items() if source != _CLOCK]
    return max(sources.get(_CLOCK, 0), min(told), max(told) - _MOST_BEHIND_MS)


def _settled(tracked: _Tracked, visits: Visits) -> list[tuple[str, Settlement]]:
    """How the contacts of one channel count, by their queue. What they are repeated by may be anywhere."""
    settled = tracked.measure.settle(visits)
    return [(visit.queue, one) for visit, one in settled if visit.channel == tracked.channel]
