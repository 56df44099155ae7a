"""One channel of one client, as one source partition knows it: its clock, its contacts, and who waits."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from schemas.facts import Moment, Record
from sla_stream.changes import Changes, ContactKey, FeedKey, QueueKey
from sla_stream.contact import UNKNOWN, Contact, Life, Result, Stage, Step, began_at, known_facts, step
from sla_stream.measures import Measure, Settlement
from sla_stream.panes import MINUTE_MS
from sla_stream.promises import Promises
from sla_stream.tally import Tally, TallyKey

_HOUR_MS = 3_600_000

#: An enumeration looks its members up each time, which once per fact is too often.
_WAITING, _DUPLICATE, _TOO_LATE = Stage.WAITING, Result.DUPLICATE, Result.TOO_LATE


class Delta(Struct, frozen=True, gc=False):
    """A contact that begins (times 1) or ceases (-1) to count as it is settled."""

    queue: str
    measure: str
    settlement: Settlement
    times: int


class Feed:
    """Contacts are forgotten once no fact can change them: when none of theirs is within the lateness."""

    __slots__ = (
        "_by_hour",
        "_decided_by_end",
        "_heard",
        "_measures",
        "_moved",
        "_tallies",
        "contacts",
        "key",
        "lateness_ms",
        "waiting",
        "watermark_ms",
    )

    def __init__(self, key: FeedKey, promises: Promises, tallies: dict[TallyKey, Tally]) -> None:
        self.key = key
        self.watermark_ms = 0
        self.contacts: dict[ContactKey, Contact] = {}
        #: Queue -> who waits there -> since when.
        self.waiting: dict[str, dict[ContactKey, int]] = {}
        #: Hour -> contacts that need no look before it is out of reach.
        self._by_hour: dict[int, list[ContactKey]] = {}
        #: Since it was last told: whether anything came, and the queues in which somebody came or went.
        self._heard = False
        self._moved: set[str] = set()
        self._tallies = tallies
        self._measures: tuple[tuple[str, Measure, int], ...]
        self._decided_by_end: tuple[tuple[str, Measure, int], ...]
        self.lateness_ms: int
        self.adopt(promises, {})

    def adopt(self, promises: Promises, since: Mapping[str, int]) -> None:
        """Count what these contracts ask for; a measure that is new, for contacts that begin after its offset.

        A contact from before it was never added, and a correction would take away what is not there.
        """
        counted = promises.counted(self.key.client, self.key.channel)
        self._measures = tuple((measure.key, measure, since.get(measure.key, -1)) for measure in counted.measures)
        self._decided_by_end = tuple(counting for counting in self._measures if counting[1].needs_end)
        self.lateness_ms = counted.lateness_ms

    def take(self, offset: int, message: Moment | Record, changes: Changes) -> Result:
        """Add a message to its contact. The feed's clock goes on, unless the message is too late."""
        facts = known_facts(offset, message)
        at_ms, horizon_ms = facts[-1].at_ms, self.watermark_ms - self.lateness_ms
        if at_ms < horizon_ms:
            return _TOO_LATE
        key = ContactKey(self.key.client, self.key.channel, message.contact, message.segment)
        known = self.contacts.get(key, UNKNOWN)
        stepped = step(known, offset, facts, horizon_ms)
        if (stepped.before.outcome or stepped.after.outcome) and not self._settle(offset, stepped, changes):
            return _TOO_LATE
        if stepped.result is not _DUPLICATE:
            self._keep(key, known, stepped)
            # One that is lived again is as it was, but is written once more: it may not have been, before a crash.
            changes.contacts[key] = stepped.contact
        if stepped.refusal:
            changes.refused.append((offset, stepped.refusal))
        if at_ms > self.watermark_ms:  # noqa: PLR1730 - a call of max() takes three times as long, for every fact
            self.watermark_ms = at_ms
        return stepped.result

    def hear(self, at_ms: int) -> None:
        """The source is alive, and its clock has come so far."""
        self.watermark_ms = max(self.watermark_ms, at_ms)
        self._heard = True

    def put(self, key: ContactKey, contact: Contact) -> None:
        """Know the contact by these facts, in place of what was known of it."""
        known = self.contacts.get(key, UNKNOWN)
        if known is UNKNOWN:
            self._by_hour.setdefault(contact.newest_ms // _HOUR_MS, []).append(key)
        self.contacts[key] = contact
        before, after = known.life, contact.life
        if before.stage is _WAITING or after.stage is _WAITING:
            self._move(key, before, after)

    def drop(self, key: ContactKey) -> None:
        """Forget the contact."""
        self._move(key, self.contacts.pop(key, UNKNOWN).life, UNKNOWN.life)

    def forgettable(self, watermark_ms: int) -> Iterator[ContactKey]:
        """Contacts that were out of reach already when the feed's clock stood at the given instant."""
        horizon_ms = watermark_ms - self.lateness_ms
        for hour in [hour for hour in self._by_hour if (hour + 1) * _HOUR_MS <= horizon_ms]:
            for key in self._by_hour.pop(hour):
                contact = self.contacts.get(key)
                if contact is None:
                    continue
                if contact.newest_ms < horizon_ms:
                    yield key
                else:
                    self._by_hour.setdefault(contact.newest_ms // _HOUR_MS, []).append(key)

    def tell(self, changes: Changes) -> None:
        """Say how far the clock has come, and who waits wherever somebody came or went."""
        if self._heard:
            changes.feeds[self.key] = self.watermark_ms
        for queue in self._moved:
            key = QueueKey(self.key.client, self.key.channel, queue)
            changes.waiting[key] = sorted(self.waiting.get(queue, {}).values())
        self._heard = False
        self._moved.clear()

    def _keep(self, key: ContactKey, known: Contact, stepped: Step) -> None:
        self._heard = True
        if stepped.contact is not known:
            self.put(key, stepped.contact)
        elif stepped.before.stage is _WAITING:
            self._moved.add(stepped.before.queue)

    def _settle(self, offset: int, stepped: Step, changes: Changes) -> bool:
        """Count the contact as it is now settled; say whether the tallies it belongs to are still kept."""
        deltas = self._deltas(stepped)
        oldest_ms = self.watermark_ms - 2 * self.lateness_ms
        for delta in deltas:
            # The tallies of so long ago may be forgotten already, and must not begin again from nothing.
            if delta.settlement.at_ms < oldest_ms:
                return False
        for delta in deltas:
            tally = self._tally(delta, changes)
            if tally.offset < offset:
                tally.add(delta.measure, delta.settlement.counts, delta.times)
        return True

    def _deltas(self, stepped: Step) -> Sequence[Delta]:
        """Minus how the contact counted, plus how it counts now: nothing where that is the same."""
        before, after = stepped.before, stepped.after
        is_decided = (
            before.outcome_ms == after.outcome_ms
            and before.outcome == after.outcome
            and before.offered_ms == after.offered_ms
            and before.queue == after.queue
        )
        deltas: list[Delta] = []
        for name, measure, since in self._decided_by_end if is_decided else self._measures:
            if since >= 0 and began_at(stepped.contact) <= since:
                continue
            old = measure.settle(before) if before.outcome else None
            new = measure.settle(after) if after.outcome else None
            if old == new and before.queue == after.queue:
                continue
            if old:
                deltas.append(Delta(before.queue, name, old, -1))
            if new:
                deltas.append(Delta(after.queue, name, new, 1))
        return deltas

    def _tally(self, delta: Delta, changes: Changes) -> Tally:
        at_ms = delta.settlement.at_ms
        key = TallyKey(self.key.client, self.key.channel, delta.queue, at_ms - at_ms % MINUTE_MS)
        tally = changes.tallies.get(key)
        if tally is None:
            tally = changes.tallies[key] = self._tallies.setdefault(key, Tally())
        return tally

    def _move(self, key: ContactKey, before: Life, after: Life) -> None:
        if before.stage is _WAITING:
            self.waiting[before.queue].pop(key, None)
            self._moved.add(before.queue)
        if after.stage is _WAITING:
            self.waiting.setdefault(after.queue, {})[key] = after.offered_ms
            self._moved.add(after.queue)
