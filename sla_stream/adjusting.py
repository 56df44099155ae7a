"""What changes counts that were final already, and why.

A pane is final once the feed's clock is past its end by as much as the contract says. What a message changes there
is told as one contact counted before and counts since: a function of its facts, so that a replay tells the same.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from schemas.adjustments import Adjustment, Cause
from schemas.tallies import Counts
from sla_stream.changes import ContactName, FeedKey
from sla_stream.life import Facts
from sla_stream.panes import QUARTER_MS, minute_of, quarter_of
from sla_stream.settling import Delta
from sla_stream.tally import add


class Late(Struct, frozen=True):
    """A message that came to a contact, and the feed's clock by then (epoch ms)."""

    offset: int
    name: ContactName
    facts: Facts
    clock_ms: int


def is_final(at_ms: int, finalise_ms: int, clock_ms: int) -> bool:
    """Whether the quarter-hour that holds the instant is final by the time that the clock shows."""
    return quarter_of(at_ms) + QUARTER_MS + finalise_ms <= clock_ms


def adjustments_of(
    feed: FeedKey, late: Late, deltas: Iterable[Delta], finalise_ms: Mapping[str, int]
) -> list[Adjustment]:
    """One for each measure and minute that was final. `finalise_ms`: by measure, how long that takes.

    The source is not known here: whoever tells it says which it is.
    """
    changed: dict[tuple[str, str, int], tuple[Counts, Counts]] = {}
    for delta in deltas:
        at_ms, measure = delta.settlement.at_ms, delta.measure
        if is_final(at_ms, finalise_ms[measure], late.clock_ms):
            before, after = changed.setdefault((measure, delta.queue, minute_of(at_ms)), ({}, {}))
            add(before if delta.times < 0 else after, delta.settlement.counts)
    return [
        Adjustment(
            client=feed.client,
            channel=feed.channel,
            queue=queue,
            measure=measure,
            start=start_ms,
            before=before,
            after=after,
            cause=_cause(before, after),
            contact=late.name if isinstance(late.name, str) else late.name[0],
            fact_at=late.facts[-1].at_ms,
            clock=late.clock_ms,
            source="",
            offset=late.offset,
        )
        for (measure, queue, start_ms), (before, after) in changed.items()
        if before != after
    ]


def _cause(before: Counts, after: Counts) -> Cause:
    if not before:
        return Cause.COUNTED_LATE
    return Cause.CORRECTED if after else Cause.TAKEN_BACK
