"""One customer: the contacts that are known, and what a message adds to them.

A customer *is* their touches. One that was replaced, or that went out of reach, is kept as long as a replay may
ask for it: so a message that comes again settles exactly what it settled the first time, whatever has come since
(design rules 2 and 4).
"""

from collections.abc import Iterable, Sequence
from itertools import takewhile
from operator import attrgetter
from typing import NamedTuple

from msgspec.structs import replace

from sla_stream.measures import Visit
from sla_stream.touch import NOT_THEIRS, STILL, Touch, Touches


class Step(NamedTuple):
    """A customer after a message: all touches, those that held before it, and those that hold after it."""

    touches: Touches
    before: Touches
    after: Touches


def step(known: Touches, touch: Touch, horizon_ms: int) -> Step | None:
    """Add what a message tells, or take its step once more if it is known; None: it told nothing new.

    Of what one source tells of a contact, the higher of its offsets counts. Contacts from before the horizon
    (epoch ms) are out of reach from this message on.
    """
    offset = touch.since
    if known and offset <= known[-1].since:
        return _taken(known, offset)
    holding = [one for one in known if one.until == STILL]
    gone = _out_of_reach(holding, horizon_ms)
    former = next((one for one in holding if one.is_about(touch) and one.contact not in gone), None)
    if former:
        if former.source_offset >= touch.source_offset:
            return None
        touch = replace(touch, began=former.began)
    ceases = {one.since for one in holding if one is former or one.contact in gone}
    kept = [replace(one, until=offset) if one.since in ceases else one for one in known]
    return _taken((*kept, touch), offset)


def trimmed(touches: Touches, durable_offset: int) -> Touches:
    """Without what no replay asks for that begins after this offset."""
    return tuple(touch for touch in touches if touch.until == STILL or touch.until > durable_offset)


def newest_ms(touches: Iterable[Touch]) -> int:
    """The last instant that they speak of (epoch ms)."""
    return max(touch.newest_ms for touch in touches)


def visits_of(touches: Iterable[Touch], after: int) -> list[Visit]:
    """The customer's contacts that began after an offset, in the order in which they were offered."""
    contacts = _by_contact(touch for touch in touches if touch.outcome != NOT_THEIRS).values()
    visits = [_visit(segments) for segments in contacts if min([one.began for one in segments]) > after]
    return sorted(visits, key=attrgetter("offered_ms"))


def _taken(touches: Touches, offset: int) -> Step | None:
    """The step that the message at this offset took; None if it took none."""
    touch = next((one for one in touches if one.since == offset), None)
    if touch is None:
        return None
    after = tuple([one for one in touches if one.holds_at(offset)])
    # One that began anew has replaced nothing: what was known of it had gone out of reach.
    replaced = [
        one for one in touches if one.until == offset and one.is_about(touch) and touch.began < touch.since
    ]
    return Step(touches, (*[one for one in after if one is not touch], *replaced), after)


def _out_of_reach(holding: Sequence[Touch], horizon_ms: int) -> set[int]:
    """Contacts of which nothing is as new as the horizon, and that were offered before all that are in reach.

    So whatever may be a repeat of a contact is known for as long as the contact itself.
    """
    if min([one.offered_ms for one in holding], default=horizon_ms) >= horizon_ms:  # as nearly always
        return set()
    contacts = sorted(_by_contact(holding).values(), key=lambda segments: min(one.offered_ms for one in segments))
    gone = takewhile(lambda segments: newest_ms(segments) < horizon_ms, contacts)
    return {segments[0].contact for segments in gone}


def _by_contact(touches: Iterable[Touch]) -> dict[int, list[Touch]]:
    found: dict[int, list[Touch]] = {}
    for touch in touches:
        found.setdefault(touch.contact, []).append(touch)
    return found


def _visit(segments: Sequence[Touch]) -> Visit:
    """Segments follow each other: the contact goes on as long as the last one does."""
    if len(segments) == 1:  # as nearly always
        (one,) = segments
        return Visit(one.channel, one.queue, one.offered_ms, one.outcome, one.ended_ms, one.said)
    ordered = sorted(segments, key=attrgetter("offered_ms", "segment"))
    first, last = ordered[0], ordered[-1]
    answered = next((one for one in ordered if one.outcome == "answered"), None)
    place = answered or first
    ends = [one.ended_ms for one in ordered if one.ended_ms is not None]
    return Visit(
        place.channel,
        place.queue,
        first.offered_ms,
        answered.outcome if answered else last.outcome,
        None if last.ended_ms is None else max(ends),
        place.said,
    )
