"""Times that the contract leaves out: contacts that count in them are counted apart, and nobody is alerted.

Counts stay where they are, and a window is read as all of it less what lies in the exclusions: so one that is
declared later needs nothing counted again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from schemas.calendar import Exclusion
from sla_stream.windows import Span, epoch_ms


class Excluded(NamedTuple):
    """One time, in some queues or (None) in all, and why."""

    span: Span
    queues: frozenset[str] | None
    reason: str

    def is_of(self, queue: str) -> bool:
        """Whether the queue is left out."""
        return self.queues is None or queue in self.queues


@dataclass(frozen=True, slots=True)
class Exclusions:
    """Those of one contract, in the order of time."""

    every: tuple[Excluded, ...] = ()

    @classmethod
    def written(cls, exclusions: Iterable[Exclusion], zone: ZoneInfo) -> "Exclusions":
        """As the contract says, by its clock."""
        return cls(tuple(sorted((_read(one, zone) for one in exclusions), key=lambda one: one.span)))

    def __bool__(self) -> bool:
        return bool(self.every)

    def of(self, queue: str, within: Span) -> Iterator[Span]:
        """The parts of a span that are left out in a queue: in the order of time, none of them twice."""
        reached_ms = within.start_ms
        for one in self.every:
            start_ms, end_ms = max(one.span.start_ms, reached_ms), min(one.span.end_ms, within.end_ms)
            if start_ms < end_ms and one.is_of(queue):
                yield Span(start_ms, end_ms)
                reached_ms = end_ms

    def outside(self, queue: str, within: Span) -> Iterator[Span]:
        """The parts of a span that count in a queue."""
        reached_ms = within.start_ms
        for part in (*self.of(queue, within), Span(within.end_ms, within.end_ms)):
            if reached_ms < part.start_ms:
                yield Span(reached_ms, part.start_ms)
            reached_ms = part.end_ms

    def reason_at(self, queues: Sequence[str], at_ms: int) -> str | None:
        """Why all of these queues are left out at the instant; None: at least one is not."""
        if not self.every:
            return None
        now = [one for one in self.every if one.span.start_ms <= at_ms < one.span.end_ms]
        reasons = [next((one.reason for one in now if one.is_of(queue)), None) for queue in queues]
        return reasons[0] if reasons and None not in reasons else None

    def reason_everywhere(self, at_ms: int) -> str | None:
        """Why everything is left out at the instant."""
        whole = (one for one in self.every if one.queues is None and one.span.start_ms <= at_ms < one.span.end_ms)
        return next((one.reason for one in whole), None)


def _read(one: Exclusion, zone: ZoneInfo) -> Excluded:
    queues = None if one.queues == "all" else frozenset(one.queues)
    return Excluded(Span(epoch_ms(one.from_, zone), epoch_ms(one.to, zone)), queues, one.reason)
