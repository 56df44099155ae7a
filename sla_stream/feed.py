"""One channel of one client, as one source partition knows it: its clock, its contacts, and who waits."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sla_stream.adjusting import Late, adjustments_of
from sla_stream.arrivals import Arrivals
from sla_stream.changes import Changes, ContactName, DueKey, FeedKey, QueueKey
from sla_stream.contact import UNKNOWN, Contact, Result, Step, go_on, restored, step
from sla_stream.ledger import Ledger
from sla_stream.life import UNBORN, Facts, Stage, lived
from sla_stream.open_cases import OpenCases, Task
from sla_stream.panes import quarter_of
from sla_stream.promises import Promises
from sla_stream.queues import Queues
from sla_stream.reach import Reach
from sla_stream.settling import Delta, Settling, Situation

#: Open contacts of which nothing was heard for long are looked at once a day.
_LOOK_AGAIN_MS = 86_400_000

#: An enumeration looks its members up each time, which once per fact is too often.
_WAITING, _APPLIED, _DUPLICATE, _TOO_LATE = Stage.WAITING, Result.APPLIED, Result.DUPLICATE, Result.TOO_LATE


#: Contacts counted at a stretch: about a hundredth of a second.
_STRETCH = 1_000


class Feed:
    """Contacts are forgotten once no fact can change them: when none of theirs is within the lateness.

    One for which something is to be done, a ticket that is not resolved, is remembered for longer: as long as the
    contract says (`open_for`), counted from its offer. So are the tallies that it may still change.
    """

    __slots__ = (
        "_at_hand",
        "_cases",
        "_finalise_ms",
        "_follows",
        "_heard",
        "_open_for_ms",
        "_reach",
        "_settling",
        "_soonest_final_ms",
        "contacts",
        "key",
        "lateness_ms",
        "ledger",
        "queues",
        "watermark_ms",
    )

    def __init__(self, key: FeedKey, promises: Promises) -> None:
        self.key = key
        self.watermark_ms = 0
        self.ledger = Ledger(*key)
        #: Contacts as they are stored: packed. Those that have changed are at hand until that is told.
        self.contacts: dict[ContactName, bytes] = {}
        self._at_hand: dict[ContactName, Contact] = {}
        self.queues, self._cases, self._reach = Queues(), OpenCases(), Reach()
        #: Whether anything came since it was last told.
        self._heard = False
        self._settling: Settling
        self.lateness_ms: int
        self.adopt(promises, {})

    def adopt(self, promises: Promises, since: Mapping[str, int]) -> None:
        """Count what these contracts ask for; a measure that is new, for contacts that begin after its offset."""
        counted = promises.counted(self.key.client, self.key.channel)
        self._settling = Settling(counted.measures, since)
        self._follows = self._settling.follows
        self.lateness_ms, self._open_for_ms = counted.lateness_ms, counted.open_for_ms
        self._finalise_ms = promises.finalise_ms(self.key.client, self.key.channel)
        self._soonest_final_ms = min(self._finalise_ms.values(), default=self.lateness_ms)

    def count(
        self, arrivals: Arrivals, changes: Changes, results: Counter[Result], *, replayed: bool
    ) -> Iterator[None]:
        """Count what came, and note what became of each message. Yields now and then, for others to take a turn.

        What came of one contact is taken together where that makes no difference: where nothing is too late, all
        is newer than what is known, and no state is ahead of the messages as after a crash it may be (`replayed`).
        """
        newest_ms = max(arrivals.instants)
        newest_ms = max(newest_ms, self.watermark_ms)
        alone: Collection[ContactName] = arrivals.facts.keys()
        if not replayed and min(arrivals.instants) >= newest_ms - self.lateness_ms:
            alone = []
            for number, (name, facts) in enumerate(arrivals.facts.items(), 1):
                if not self._take_together(name, facts, newest_ms):
                    alone.append(name)
                if not number % _STRETCH:
                    yield
        if alone:
            yield from self._take_in_turn(arrivals, alone, changes, results)
        else:
            self.hear(newest_ms)
            results[_APPLIED] += arrivals.counted_here

    def hear(self, at_ms: int) -> None:
        """The source is alive, and its clock has come so far."""
        self.watermark_ms = max(self.watermark_ms, at_ms)
        self._heard = True

    def put(self, name: ContactName, contact: Contact) -> None:
        """Know the contact by what was stored of it."""
        self._follow(name, self.known(name), contact)
        self.contacts[name] = contact.packed

    def drop(self, name: ContactName) -> None:
        """Forget the contact; all of it has been told."""
        known = self.known(name)
        self.queues.move(name, known.life, UNBORN)
        if self._follows:
            self._cases.move(name, self._tasks(known), ())
        self.contacts.pop(name, None)

    def known(self, name: ContactName) -> Contact:
        """The contact as it is known by now."""
        contact = self._at_hand.get(name)
        if contact is None:
            packed = self.contacts.get(name)
            contact = UNKNOWN if packed is None else restored(packed)
        return contact

    def forgettable(self, watermark_ms: int) -> Iterator[ContactName]:
        """Contacts that were out of reach already when the feed's clock stood at the given instant.

        For as long as anything is to be done for one, it is in reach, though nothing is heard of it.
        """
        horizon_ms = watermark_ms - self.lateness_ms
        for name in self._reach.due(horizon_ms):
            known = self.known(name)
            if known.newest_ms >= horizon_ms:
                self._reach.look_after(known.newest_ms, name)
            elif self._is_open(known, watermark_ms):
                self._reach.look_after(horizon_ms + _LOOK_AGAIN_MS, name)
            elif known.newest_ms >= 0:
                yield name

    def open_quarters(self) -> set[tuple[str, int]]:
        """The queues and quarter-hours in which something that is still to be done counts, however long ago."""
        return self._cases.quarters()

    def tell(self, changes: Changes) -> None:
        """Say which contacts changed, how far the clock has come, and who waits where somebody came or went."""
        if self._at_hand:
            changed = {name: contact.packed for name, contact in self._at_hand.items()}
            self.contacts |= changed
            changes.contacts[self.key] = {**changed}
            self._at_hand.clear()
        if self._heard:
            changes.feeds[self.key] = self.watermark_ms
        for queue, since_ms in self.queues.tell().items():
            changes.waiting[QueueKey(self.key.client, self.key.channel, queue)] = since_ms
        for place, due in self._cases.tell().items():
            changes.due[DueKey(self.key.client, self.key.channel, *place)] = due
        self._heard = False

    def _take_together(self, name: ContactName, facts: Facts, watermark_ms: int) -> bool:
        """Take several facts of a contact at once, if it is not out of reach and they all go on from it."""
        known = self.known(name)
        if -1 < known.newest_ms < watermark_ms - self.lateness_ms:
            return False
        grown = go_on(known, facts)
        if grown is None:
            return False
        remembered = known.remembered if self._follows else ()
        stepped = Step(grown, known.life, grown.life, _APPLIED, remembered, remembered + facts)
        # What may be final by now is taken in turn, so that a replay in other batches adjusts alike.
        oldest_ms = watermark_ms - min(2 * self.lateness_ms, self._soonest_final_ms)
        if self._settle(facts[0].offset, stepped, oldest_ms, is_alone=False) is None:
            return False
        self._change(name, known, grown)
        if self._follows:
            self._tell_between(known, facts, grown)
        if known.life.offered_ms != grown.life.offered_ms:
            # Before a crash somebody may have been told, in other batches, that the contact waited.
            self.queues.mark(grown.life.queue)
        return True

    def _take_in_turn(
        self, arrivals: Arrivals, alone: Iterable[ContactName], changes: Changes, results: Counter[Result]
    ) -> Iterator[None]:
        """Take the messages of these contacts one by one, each by the clock as it stood when the message came."""
        of = {offset: (name, facts) for offset, name, facts in arrivals.messages_of(alone)}
        for number, (offset, at_ms) in enumerate(arrivals.in_turn(), 1):
            if offset in of:
                results[self._take_alone(offset, *of[offset], changes)] += 1
            else:
                self.hear(at_ms)
                if offset not in arrivals.elsewhere:
                    results[_APPLIED] += 1
            if not number % _STRETCH:
                yield

    def _take_alone(self, offset: int, name: ContactName, facts: Facts, changes: Changes) -> Result:
        """Add a message to its contact. The feed's clock goes on, unless the message is too late."""
        at_ms, horizon_ms = facts[-1].at_ms, self.watermark_ms - self.lateness_ms
        if at_ms < horizon_ms:
            return _TOO_LATE
        known = self.known(name)
        if known.newest_ms < horizon_ms and self._is_open(known, self.watermark_ms):
            horizon_ms = 0
        stepped = step(known, offset, facts, horizon_ms)
        deltas = self._settle(offset, stepped, self.watermark_ms - 2 * self.lateness_ms, is_alone=True)
        if deltas is None:
            return _TOO_LATE
        if deltas:
            late = Late(offset, name, facts, self.watermark_ms)
            changes.adjustments += adjustments_of(self.key, late, deltas, self._finalise_ms)
        if stepped.result is not _DUPLICATE:
            self._heard = True
            # One that is lived again is as it was, but is written once more: it may not have been, before a crash.
            self._change(name, known, stepped.contact)
            if stepped.contact is known:
                self._tell_again(stepped)
        if stepped.refusal:
            changes.refused.append((offset, stepped.refusal))
        self.watermark_ms = max(self.watermark_ms, at_ms)
        return stepped.result

    def _tasks(self, contact: Contact) -> list[Task]:
        """What is to be done for the contact as it stands."""
        return self._settling.tasks(contact, Situation(contact.life.queue, contact.remembered))

    def _tell_between(self, known: Contact, facts: Facts, grown: Contact) -> None:
        """Before a crash, in other batches, it may have been told what was to be done after each of the facts."""
        life, remembered = known.life, known.remembered
        for number, fact in enumerate(facts[:-1], 1):
            life = lived(life, (fact,))
            situation = Situation(life.queue, remembered + facts[:number])
            self._cases.mark(self._settling.tasks(grown, situation))

    def _tell_again(self, stepped: Step) -> None:
        """Before a crash it may have been told how the contact stood before the message, and not how after it."""
        before, contact = stepped.before, stepped.contact
        if before.stage is _WAITING:
            self.queues.mark(before.queue)
        if self._follows:
            for queue, facts in ((before.queue, stepped.facts_before), (stepped.after.queue, stepped.facts_after)):
                self._cases.mark(self._settling.tasks(contact, Situation(queue, facts)))

    def _settle(self, offset: int, stepped: Step, oldest_ms: int, *, is_alone: bool) -> Sequence[Delta] | None:
        """Count the contact as it is now settled, and say what that changed; None if any of it is older."""
        deltas = self._deltas(stepped)
        if not self._is_kept(stepped, deltas, oldest_ms, is_alone=is_alone):
            return None
        to_change = self.ledger.to_change
        for delta in deltas:
            settlement = delta.settlement
            tally = to_change(delta.queue, settlement.at_ms)
            if tally.offset < offset:
                tally.add(delta.measure, settlement.counts, delta.times)
        return deltas

    def _is_kept(self, stepped: Step, deltas: Sequence[Delta], oldest_ms: int, *, is_alone: bool) -> bool:
        """Whether the tallies are there that change, and those that what is to be done may change.

        The tallies of so long ago may be forgotten already, and must not begin again from nothing. Where something
        was to be done they are kept, which is looked up for messages that are taken alone.
        """
        old = {
            (delta.queue, quarter_of(delta.settlement.at_ms))
            for delta in deltas
            if delta.settlement.at_ms < oldest_ms
        }
        if not self._follows or (not old and stepped.after.offered_ms >= oldest_ms):
            return not old
        after = Situation(stepped.after.queue, stepped.facts_after)
        old |= _old_places(self._settling.tasks(stepped.contact, after), oldest_ms)
        kept = _old_places(self._tasks_before(stepped), oldest_ms) if is_alone else set()
        return old <= kept

    def _tasks_before(self, stepped: Step) -> list[Task]:
        return self._settling.tasks(stepped.contact, Situation(stepped.before.queue, stepped.facts_before))

    def _is_open(self, contact: Contact, watermark_ms: int) -> bool:
        """Whether anything is to be done for a contact that was not offered too long ago."""
        is_young = contact.life.offered_ms >= watermark_ms - self._open_for_ms
        return is_young and self._follows and bool(self._tasks(contact))

    def _deltas(self, stepped: Step) -> Sequence[Delta]:
        before, after, deltas = stepped.before, stepped.after, list[Delta]()
        if before.outcome or after.outcome:
            deltas = self._settling.deltas(before, after, stepped.contact)
        if self._follows:
            was, now = Situation(before.queue, stepped.facts_before), Situation(after.queue, stepped.facts_after)
            deltas += self._settling.followed(was, now, stepped.contact)
        return deltas

    def _change(self, name: ContactName, known: Contact, contact: Contact) -> None:
        self._follow(name, known, contact)
        self._at_hand[name] = contact

    def _follow(self, name: ContactName, known: Contact, contact: Contact) -> None:
        """Remember when to look whether the contact is out of reach, and whether it waits."""
        if known is UNKNOWN:
            self._reach.look_after(contact.newest_ms, name)
        if known.life.stage is _WAITING or contact.life.stage is _WAITING:
            self.queues.move(name, known.life, contact.life)
        if self._follows:
            self._cases.move(name, self._tasks(known), self._tasks(contact))


def _old_places(tasks: Iterable[Task], oldest_ms: int) -> set[tuple[str, int]]:
    """The queues and quarter-hours of what counts before an instant."""
    return {(task.queue, quarter_of(task.deadline.at_ms)) for task in tasks if task.deadline.at_ms < oldest_ms}
