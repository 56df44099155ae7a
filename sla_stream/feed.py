"""One channel of one client, as one source partition knows it: its clock, its contacts, and who waits."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from schemas.dead_letters import Rejected
from schemas.facts import Moment, Record
from schemas.words import Channel
from sla_stream.contact import Contact, Known, Life, Result, Stage, began_at, known_facts, newest_ms, read, step
from sla_stream.measures import Measure, Settlement
from sla_stream.panes import QUARTER_MS
from sla_stream.promises import Promises
from sla_stream.tally import TallyKey

_HOUR_MS = 3_600_000


class FeedKey(NamedTuple):
    """Facts of one client and channel share a clock."""

    client: str
    channel: Channel


class ContactKey(NamedTuple):
    """One segment of one contact: a transfer begins a new one."""

    client: str
    channel: Channel
    contact: str
    segment: int


class Delta(NamedTuple):
    """A contact that begins (times 1) or ceases (-1) to count as it is settled."""

    tally: TallyKey
    settlement: Settlement
    times: int


class Taken(NamedTuple):
    """What a message came to: its result, whose life it changed, how, and in which queues somebody moved."""

    result: Result
    contact: ContactKey
    deltas: tuple[Delta, ...] = ()
    queues: tuple[str, ...] = ()
    refusal: Rejected | None = None


class Feed:
    """Contacts are forgotten once no fact can change them: when none of theirs is within the lateness."""

    __slots__ = ("_by_hour", "_measures", "contacts", "key", "lateness_ms", "waiting", "watermark_ms")

    def __init__(self, key: FeedKey, promises: Promises) -> None:
        self.key = key
        self.watermark_ms = 0
        self.contacts: dict[ContactKey, Contact] = {}
        #: Queue -> who waits there -> since when.
        self.waiting: dict[str, dict[ContactKey, int]] = {}
        #: Hour -> contacts that need no look before it is out of reach.
        self._by_hour: dict[int, list[ContactKey]] = {}
        self._measures: tuple[tuple[str, Measure, int], ...]
        self.lateness_ms: int
        self.adopt(promises, {})

    def adopt(self, promises: Promises, since: Mapping[str, int]) -> None:
        """Count what these contracts ask for; a measure that is new, for contacts that begin after its offset.

        A contact from before it was never added, and a correction would take away what is not there.
        """
        counted = promises.counted(*self.key)
        self._measures = tuple((measure.key, measure, since.get(measure.key, -1)) for measure in counted.measures)
        self.lateness_ms = counted.lateness_ms

    @property
    def horizon_ms(self) -> int:
        """Facts from before this instant are too late."""
        return self.watermark_ms - self.lateness_ms

    def take(self, offset: int, message: Moment | Record) -> Taken:
        """Add a message to its contact. The feed's clock goes on, unless the message is too late."""
        facts = known_facts(offset, message)
        client, channel = self.key
        key = ContactKey(client, channel, message.contact, message.segment)
        newest = facts[0].at_ms if len(facts) == 1 else max(known.at_ms for known in facts)
        if newest < self.horizon_ms:
            return Taken(Result.TOO_LATE, key)
        taken = self._take(offset, facts, key)
        if newest > self.watermark_ms and taken.result is not Result.TOO_LATE:
            self.watermark_ms = newest
        return taken

    def put(self, key: ContactKey, contact: Contact) -> None:
        """Know the contact by these facts, in place of what was known of it."""
        self._move(key, read(self.contacts.get(key, ())), read(contact))
        self._keep(key, contact)

    def drop(self, key: ContactKey) -> None:
        """Forget the contact."""
        self._move(key, read(self.contacts.pop(key, ())), read(()))

    def forgettable(self, watermark_ms: int) -> Iterator[ContactKey]:
        """Contacts that were out of reach already when the feed's clock stood at the given instant."""
        horizon_ms = watermark_ms - self.lateness_ms
        for hour in [hour for hour in self._by_hour if (hour + 1) * _HOUR_MS <= horizon_ms]:
            for key in self._by_hour.pop(hour):
                contact = self.contacts.get(key)
                if contact is None:
                    continue
                if newest_ms(contact) < horizon_ms:
                    yield key
                else:
                    self._by_hour.setdefault(newest_ms(contact) // _HOUR_MS, []).append(key)

    def _take(self, offset: int, facts: list[Known], key: ContactKey) -> Taken:
        contact, horizon_ms = self.contacts.get(key, ()), self.horizon_ms
        anew = bool(contact) and newest_ms(contact) < horizon_ms
        stepped = step(contact, offset, facts, anew=anew)
        before, after = stepped.before, stepped.after
        deltas = self._deltas(before, after, stepped.contact) if before.outcome or after.outcome else ()
        for delta in deltas:
            # The panes of tallies this old may be forgotten already, and must not begin again from nothing.
            if delta.settlement.at_ms < horizon_ms - self.lateness_ms:
                return Taken(Result.TOO_LATE, key)
        if stepped.contact is not contact:
            self._move(key, read(contact) if anew else before, after)
            self._keep(key, stepped.contact)
        return Taken(stepped.result, key, deltas, _queues_of(before, after), stepped.refusal)

    def _deltas(self, before: Life, after: Life, contact: Contact) -> tuple[Delta, ...]:
        """Minus how the contact counted, plus how it counts now: nothing where that is the same."""
        deltas = []
        same_outcome = before[1:5] == after[1:5]
        for name, measure, since in self._measures:
            if (same_outcome and not measure.needs_end) or (since >= 0 and began_at(contact) <= since):
                continue
            old = measure.settle(before) if before.outcome else None
            new = measure.settle(after) if after.outcome else None
            if old == new and before.queue == after.queue:
                continue
            if old:
                deltas.append(Delta(self._tally(before.queue, name, old.at_ms), old, -1))
            if new:
                deltas.append(Delta(self._tally(after.queue, name, new.at_ms), new, 1))
        return tuple(deltas)

    def _tally(self, queue: str, measure: str, at_ms: int) -> TallyKey:
        client, channel = self.key
        return TallyKey(client, channel, queue, measure, at_ms - at_ms % QUARTER_MS)

    def _keep(self, key: ContactKey, contact: Contact) -> None:
        if key not in self.contacts:
            self._by_hour.setdefault(newest_ms(contact) // _HOUR_MS, []).append(key)
        self.contacts[key] = contact

    def _move(self, key: ContactKey, before: Life, after: Life) -> None:
        if before.stage is Stage.WAITING:
            self.waiting[before.queue].pop(key, None)
        if after.stage is Stage.WAITING:
            self.waiting.setdefault(after.queue, {})[key] = after.offered_ms


def _queues_of(before: Life, after: Life) -> tuple[str, ...]:
    if before.stage is Stage.WAITING:
        return (before.queue, after.queue) if after.stage is Stage.WAITING else (before.queue,)
    return (after.queue,) if after.stage is Stage.WAITING else ()
