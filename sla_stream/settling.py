"""How a contact counts, and what has to be taken back when it counts otherwise than before."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from sla_stream.contact import Contact, began_at
from sla_stream.life import Life
from sla_stream.measures import FactsMeasure, LifeMeasure, Measure, Settlement
from sla_stream.tally import Classes, classes_of


class Delta(Struct, frozen=True, gc=False):
    """A contact that begins (times 1) or ceases (-1) to count as it is settled."""

    queue: str
    classes: Classes
    settlement: Settlement
    times: int


class _Tracked(Struct, frozen=True, gc=False):
    """A measure that is counted, for contacts that begin after an offset."""

    measure: LifeMeasure
    since: int
    classes: Classes


class _Followed(Struct, frozen=True, gc=False):
    """One that looks at all of a contact's facts."""

    measure: FactsMeasure
    since: int
    classes: Classes


class Settling:
    """The measures of a feed. One that was added later counts contacts that begin after its offset (`since`).

    A contact from before it was never added, and a correction would take away what is not there.
    """

    def __init__(self, measures: Iterable[Measure], since: Mapping[str, int]) -> None:
        tracked, followed = list[_Tracked](), list[_Followed]()
        for measure in measures:
            key = measure.key
            if measure.by == "life":
                tracked.append(_Tracked(measure, since.get(key, -1), classes_of(key)))
            elif measure.by == "facts":
                followed.append(_Followed(measure, since.get(key, -1), classes_of(key)))
        self._tracked, self._followed = tuple(tracked), tuple(followed)
        self._decided_by_end = tuple(one for one in tracked if one.measure.needs_end)

    def deltas(self, before: Life, after: Life, contact: Contact) -> Sequence[Delta]:
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
                deltas.append(Delta(before.queue, tracked.classes, old, -1))
            if new:
                deltas.append(Delta(after.queue, tracked.classes, new, 1))
        return deltas
