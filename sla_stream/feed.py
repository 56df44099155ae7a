"""One channel of one client, as one source partition knows it: its clock, its contacts, and who waits."""

from collections.abc import Iterator
from typing import NamedTuple

from schemas.dead_letters import Rejected
from schemas.facts import Moment, Record
from schemas.words import Channel
from sla_stream.contact import Contact, Known, Life, Result, Stage, known_facts, newest_ms, read, step
from sla_stream.measures import Measure, Settlement
from sla_stream.promises import Promises

_HOUR_MS = 3_600_000


class FeedKey(NamedTuple):
    """Facts of one client and channel share a clock."""

    client: str
    channel: Channel


class ContactName(NamedTuple):
    """A contact within its feed; a transfer begins a new segment."""

    contact: str
    segment: int


class Delta(NamedTuple):
    """A contact that begins (times 1) or ceases (-1) to count as it is settled."""

    queue: str
    measure: str
    settlement: Settlement
    times: int


class Taken(NamedTuple):
    """What a message came to: its result, what it changes in the tallies, and in whose life."""

    result: Result
    name: ContactName
    deltas: tuple[Delta, ...] = ()
    queues: frozenset[str] = frozenset()  # where somebody began or ceased to wait
    refusal: Rejected | None = None


class Feed:
    """Contacts are forgotten once no fact can change them: when none of theirs is within the lateness."""

    __slots__ = ("_by_hour", "contacts", "key", "lateness_ms", "measures", "waiting", "watermark_ms")

    def __init__(self, key: FeedKey, promises: Promises) -> None:
        self.key = key
        self.watermark_ms = 0
        self.contacts: dict[ContactName, Contact] = {}
        #: Queue -> who waits there -> since when.
        self.waiting: dict[str, dict[ContactName, int]] = {}
        #: Hour -> contacts that need no look before it is out of reach.
        self._by_hour: dict[int, list[ContactName]] = {}
        self.measures: tuple[Measure, ...]
        self.lateness_ms: int
        self.adopt(promises)

    def adopt(self, promises: Promises) -> None:
        """Count what these contracts ask for, from here on."""
        self.measures, self.lateness_ms = promises.counted(*self.key)

    @property
    def horizon_ms(self) -> int:
        """Facts from before this instant are too late."""
        return self.watermark_ms - self.lateness_ms

    def take(self, offset: int, message: Moment | Record) -> Taken:
        """Add a message to its contact. The feed's clock goes on, unless the message is too late."""
        facts = known_facts(offset, message)
        name = ContactName(message.contact, message.segment)
        newest = max(known.at_ms for known in facts)
        if newest < self.horizon_ms:
            return Taken(Result.TOO_LATE, name)
        taken = self._take(offset, facts, name)
        if taken.result is not Result.TOO_LATE and newest > self.watermark_ms:
            self.watermark_ms = newest
        return taken

    def put(self, name: ContactName, contact: Contact) -> None:
        """Know the contact by these facts, in place of what was known of it."""
        self._move(name, read(self.contacts.get(name, ())), read(contact))
        self._keep(name, contact)

    def drop(self, name: ContactName) -> None:
        """Forget the contact."""
        self._move(name, read(self.contacts.pop(name, ())), read(()))

    def forgettable(self, watermark_ms: int) -> Iterator[ContactName]:
        """Contacts that were out of reach already when the feed's clock stood at the given instant."""
        horizon_ms = watermark_ms - self.lateness_ms
        for hour in [hour for hour in self._by_hour if (hour + 1) * _HOUR_MS <= horizon_ms]:
            for name in self._by_hour.pop(hour):
                contact = self.contacts.get(name)
                if contact is None:
                    continue
                if newest_ms(contact) < horizon_ms:
                    yield name
                else:
                    self._by_hour.setdefault(newest_ms(contact) // _HOUR_MS, []).append(name)

    def _take(self, offset: int, facts: list[Known], name: ContactName) -> Taken:
        contact = self.contacts.get(name, ())
        if contact and newest_ms(contact) < self.horizon_ms:
            self.drop(name)
            contact = ()
        stepped = step(contact, offset, facts)
        deltas = tuple(_deltas(self.measures, stepped.before, stepped.after))
        # The panes of tallies this old may be forgotten already, and must not begin again from nothing.
        if deltas and min(delta.settlement.at_ms for delta in deltas) < self.horizon_ms - self.lateness_ms:
            return Taken(Result.TOO_LATE, name)
        if stepped.contact is not contact:
            self._move(name, stepped.before, stepped.after)
            self._keep(name, stepped.contact)
        queues = frozenset(_queues_of(stepped.before, stepped.after))
        return Taken(stepped.result, name, deltas, queues, stepped.refusal)

    def _keep(self, name: ContactName, contact: Contact) -> None:
        if name not in self.contacts:
            self._by_hour.setdefault(newest_ms(contact) // _HOUR_MS, []).append(name)
        self.contacts[name] = contact

    def _move(self, name: ContactName, before: Life, after: Life) -> None:
        if before.stage is Stage.WAITING:
            self.waiting[before.queue].pop(name, None)
        if after.stage is Stage.WAITING:
            self.waiting.setdefault(after.queue, {})[name] = after.offered_ms


def _queues_of(before: Life, after: Life) -> Iterator[str]:
    return (life.queue for life in (before, after) if life.stage is Stage.WAITING)


def _deltas(measures: tuple[Measure, ...], before: Life, after: Life) -> Iterator[Delta]:
    """Minus how the contact counted, plus how it counts now: nothing where that is the same."""
    if not before.outcome and not after.outcome:
        return
    for measure in measures:
        old, new = measure.settle(before), measure.settle(after)
        if old == new and before.queue == after.queue:
            continue
        if old:
            yield Delta(before.queue, measure.key, old, -1)
        if new:
            yield Delta(after.queue, measure.key, new, 1)
