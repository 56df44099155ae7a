"""What survives a crash: any mixture of what was written, as far as the position allows.

A partition's writes are under way together, and only when all of a batch are safe is the position written.
So what comes back is a position, and under every other key *some* version at or after it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, product
from typing import Any

from agents import state
from schemas.tallies import BenchMessage
from sla_stream.changes import Changes, Position
from sla_stream.counting import Batch, Counting
from sla_stream.promises import Promises
from tests.builders import bench_messages

#: Picks one of several.
Choose = Callable[[Sequence[Any]], Any]


@dataclass
class Journal:
    """Every write of a partition until it crashed, in order, and what it told the bench."""

    positions: list[Position] = field(default_factory=list)
    writes: list[dict[Any, Any]] = field(default_factory=list)
    told: list[list[BenchMessage]] = field(default_factory=list)

    def note(self, changes: Changes) -> None:
        """Remember what one call changed, as it is written."""
        self.positions.append(changes.position)
        contacts = ((_CONTACT, *record) for record in state.contact_records(changes))
        tallies = ((_TALLY, *record) for record in state.tally_records(changes))
        self.writes.append({(table, key): value for table, key, value in chain(contacts, tallies)})
        self.told.append(bench_messages(changes))

    def recovered(self, safe: int, promises: Promises, choose: Choose) -> Counting:
        """A partition as it comes back when the writes of all calls up to `safe` are known to be durable."""
        counting = Counting(promises)
        for table, key in {key: None for write in self.writes for key in write}:
            value = choose(self._versions((table, key), safe))
            if value is not _NEVER and table == _CONTACT:
                counting.restore_contact(*state.contact_of(key, value))
            elif value is not _NEVER:
                for name, tally in state.tallies_of(key, value):
                    counting.restore_tally(name, tally)
        counting.restore_position(self.positions[safe])
        return counting

    def every_recovery(self, safe: int, promises: Promises) -> Iterator[Counting]:
        """One partition for each mixture of writes that may come back."""
        keys = {key: None for write in self.writes for key in write}
        for mixture in product(*(range(len(self._versions(key, safe))) for key in keys)):
            yield self.recovered(safe, promises, _one_after_the_other(mixture))

    def until(self, last: int) -> "Journal":
        """What there is of it when the partition crashes after a call."""
        return Journal(self.positions[: last + 1], self.writes[: last + 1], self.told[: last + 1])

    def _versions(self, key: object, safe: int) -> list[Any]:
        """The last version that is certain, and all that were under way."""
        certain = [write[key] for write in self.writes[: safe + 1] if key in write]
        return [*(certain[-1:] or [_NEVER]), *(write[key] for write in self.writes[safe + 1 :] if key in write)]


def _one_after_the_other(indexes: Sequence[int]) -> Choose:
    remaining = iter(indexes)
    return lambda versions: versions[next(remaining)]


_NEVER = object()
_CONTACT, _TALLY = "contact", "tally"


def run(counting: Counting, batches: Sequence[Batch], forget_lag: int | None = None) -> Journal:
    """Count the batches. With a lag, forget after each what the batch so many before it makes forgettable."""
    journal, offsets = Journal(), [counting.position.offset]
    for batch in batches:
        journal.note(counting.observe(batch))
        offsets.append(batch.last_offset)
        if forget_lag is not None:
            journal.note(counting.forget(offsets[max(0, len(offsets) - 1 - forget_lag)]))
    return journal
