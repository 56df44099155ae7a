"""How a contact counts, and what has to be taken back when it counts otherwise than before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from sla_stream.contact import Contact, began_at
from sla_stream.life import Facts, Life
from sla_stream.measures import Deadline, FactsMeasure, LifeMeasure, Measure, Settlement
from sla_stream.open_cases import Task

#: In place of a measure: what counts where an open contact was offered, whatever the measure, is kept.
KEPT = "kept"


class Delta(Struct, frozen=True, gc=False):
    """A contact that begins (times 1) or ceases (-1) to count as it is settled."""

    queue: str
    measure: str
    settlement: Settlement
    times: int


class _Tracked(Struct, frozen=True, gc=False):
    """A measure that is counted, for contacts that begin after an offset."""

    measure: LifeMeasure
    since: int
    key: str


class _Followed(Struct, frozen=True, gc=False):
    """One that looks at all of a contact's facts."""

    measure: FactsMeasure
    since: int
    key: str


class Situation(NamedTuple):
    """A contact at some time: its queue, empty while that is not known, and all its facts."""

    queue: str
    facts: Facts


class Settling:
    """The measures of a feed. One that was added later counts contacts that begin after its offset (`since`).

    A contact from before it was never added, and a correction would take away what is not there.
    """

    def __init__(self, measures: Iterable[Measure], since: Mapping[str, int]) -> None:
        tracked, followed = list[_Tracked](), list[_Followed]()
        for measure in measures:
            key = measure.key
            if measure.by == "life":
                tracked.append(_Tracked(measure, since.get(key, -1), key))
            elif measure.by == "facts":
                followed.append(_Followed(measure, since.get(key, -1), key))
        self._tracked, self._followed = tuple(tracked), tuple(followed)
        self._decided_by_end = tuple(one for one in tracked if one.measure.needs_end)

    @property
    def follows(self) -> bool:
        """Whether any measure looks at all of a contact's facts."""
        return bool(self._followed)

    def deltas(self, before: Life, after: Life, contact: Contact) -> list[Delta]:
        """Minus how the contact counted, plus how it counts now: nothing where that is the same."""
        is_decided = (
            before.outcome_ms == after.outcome_ms
            and before.outcome == after.outcome
            and before.offered_ms == after.offered_ms
            and before.queue == after.queue
        )
        deltas: list[Delta] = []
        for tracked in self._decided_by_end if is_decided else self._tracked:
            if tracked.since >= 0 and began_at(contact) <= tracked.since:
                continue
            old = tracked.measure.settle(before) if before.outcome else None
            new = tracked.measure.settle(after) if after.outcome else None
            if old == new and before.queue == after.queue:
                continue
            if old:
                deltas.append(Delta(before.queue, tracked.key, old, -1))
            if new:
                deltas.append(Delta(after.queue, tracked.key, new, 1))
        return deltas

    def followed(self, before: Situation, after: Situation, contact: Contact) -> Sequence[Delta]:
        """The same for the measures that look at all of its facts."""
        deltas: list[Delta] = []
        for one in self._counted_of(contact):
            old, new = _settlements(one, before), _settlements(one, after)
            if old != new or before.queue != after.queue:
                deltas += [Delta(before.queue, one.key, settlement, -1) for settlement in old]
                deltas += [Delta(after.queue, one.key, settlement, 1) for settlement in new]
        return deltas

    def tasks(self, contact: Contact, situation: Situation) -> list[Task]:
        """What was to be done for the contact in a situation."""
        queue, facts = situation
        if not queue:
            return []
        tasks = [
            Task(queue, one.measure.key, deadline)
            for one in self._counted_of(contact)
            for deadline in one.measure.deadlines(facts)
        ]
        ever_since = [task.deadline.since_ms for task in tasks if task.deadline.since_ms is not None]
        return tasks + [Task(queue, KEPT, Deadline(since_ms, None)) for since_ms in ever_since[:1]]

    def _counted_of(self, contact: Contact) -> Iterator[_Followed]:
        return (one for one in self._followed if one.since < 0 or began_at(contact) > one.since)


def _settlements(one: _Followed, situation: Situation) -> Sequence[Settlement]:
    """None before the contact is known to be in a queue: an answer to a survey waits for its contact."""
    return one.measure.settle(situation.facts) if situation.queue else ()
