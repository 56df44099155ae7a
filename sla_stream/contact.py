"""One contact, and what a message adds to it.

A contact *is* its facts, each with the offset of the message that brought it. Keeping them in the order of
time makes the order of their arrival immaterial; keeping the offsets lets a replayed message settle again
exactly what it settled the first time, whatever has come since (design rules 2 and 4).
"""

from enum import StrEnum

import msgspec
from msgspec import Struct

from schemas.dead_letters import Rejected, RejectReason
from sla_stream.life import BEFORE_ALL_MS, FORGOTTEN, LAST, RANK, UNBORN, Facts, Known, Life, in_time, lived

#: A case of three months that is written to on each working day, and paused and resumed as often, has some two
#: hundred. What comes after is refused, so that one broken source cannot fill the memory: 256 take about 10 kB.
MOST_FACTS = 256


class Contact(Struct, frozen=True, gc=False):
    """A contact with all that is known of it. Its facts are packed as the changelog keeps them: a list in JSON."""

    life: Life
    newest_ms: int
    newest_offset: int
    packed: bytes

    @property
    def facts(self) -> Facts:
        """Everything that is known, and what was forgotten but may be replayed."""
        return _unpack(self.packed)

    @property
    def remembered(self) -> Facts:
        """Those since it last began anew."""
        return _remembered(self.facts)


UNKNOWN = Contact(UNBORN, -1, -1, b"[]")


class Result(StrEnum):
    """What became of a message. Every received message has exactly one."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    TOO_LATE = "too_late"


class Step(Struct, frozen=True, gc=False):
    """A contact after a message: its life and facts before and after, and what became of the message."""

    contact: Contact
    before: Life
    after: Life
    result: Result
    facts_before: Facts
    facts_after: Facts
    refusal: Rejected | None = None


_APPLIED = Result.APPLIED

_pack = msgspec.json.Encoder().encode
_unpack = msgspec.json.Decoder(Facts).decode

#: No packed fact takes fewer bytes, so the length of a packed contact bounds the number of its facts.
_SHORTEST_FACT = len('[0,"held",631152000000,""]')


def contact_of(facts: Facts) -> Contact:
    """The contact that these are the facts of."""
    ordered = tuple(sorted(facts, key=in_time))
    return _contact(ordered, _pack(ordered))


def restored(packed: bytes) -> Contact:
    """A contact that was kept packed. Raises msgspec.ValidationError for anything else."""
    return _contact(_unpack(packed), packed)


def go_on(contact: Contact, facts: Facts) -> Contact | None:
    """The contact with facts that are newer than all that is known, each than the one before: nearly all are.

    None if these are not, or might be too many.
    """
    newest_ms, newest_kind = contact.newest_ms, LAST
    for fact in facts:
        if fact.at_ms <= newest_ms and (fact.at_ms < newest_ms or RANK[fact.kind] <= RANK[newest_kind]):
            return None
        newest_ms, newest_kind = fact.at_ms, fact.kind
    if len(contact.packed) > (MOST_FACTS - len(facts)) * _SHORTEST_FACT:
        return None
    packed = _pack(facts)
    if contact.newest_offset >= 0:
        packed = contact.packed[:-1] + b"," + packed[1:]
    return Contact(lived(contact.life, facts), newest_ms, facts[-1].offset, packed)


def step(contact: Contact, offset: int, facts: Facts, horizon_ms: int = 0) -> Step:
    """Add the facts of the message at `offset`; if the contact has them from it already, live it again.

    A contact of which nothing is as new as the horizon (epoch ms) is out of reach, and begins again from nothing.
    """
    if offset <= contact.newest_offset:
        return _relive(contact, offset, facts)
    if -1 < contact.newest_ms < horizon_ms:
        return _add(contact, (Known(offset, FORGOTTEN, BEFORE_ALL_MS, ""), *contact.facts), facts)
    grown = go_on(contact, facts)
    if grown is not None:
        known = contact.remembered
        return Step(grown, contact.life, grown.life, _APPLIED, known, known + facts)
    return _add(contact, contact.facts, facts)


def began_at(contact: Contact) -> int:
    """The offset of the message that the contact, as it is remembered, began with."""
    return min(known.offset for known in contact.remembered)


def _contact(facts: Facts, packed: bytes) -> Contact:
    if not facts:
        return UNKNOWN
    newest_offset = max([known.offset for known in facts])
    return Contact(lived(UNBORN, _remembered(facts)), facts[-1].at_ms, newest_offset, packed)


def _add(contact: Contact, known: Facts, facts: Facts) -> Step:
    """Add facts wherever they belong among those that are known."""
    remembered = _remembered(known)
    before = lived(UNBORN, remembered)
    new = tuple(fact for fact in facts if not _holds(remembered, fact))
    if not new:
        return Step(contact, before, before, Result.DUPLICATE, remembered, remembered)
    if len(remembered) + len(new) > MOST_FACTS:
        detail = f"the contact has {len(remembered)} facts already"
        refusal = Rejected(RejectReason.TOO_MANY_FACTS, detail)
        return Step(contact, before, before, Result.REJECTED, remembered, remembered, refusal)
    grown = contact_of(known + new)
    now = grown.remembered
    for fact in new:
        if fact.at_ms < grown.life.offered_ms:
            refusal = _too_early(fact, grown.life)
            return Step(grown, before, grown.life, Result.REJECTED, remembered, now, refusal)
    return Step(grown, before, grown.life, _APPLIED, remembered, now)


def _relive(contact: Contact, offset: int, facts: Facts) -> Step:
    """Take the step of this message once more, from what was known before it."""
    earlier = tuple(
        known
        for known in contact.facts
        if known.offset < offset or (known.offset == offset and known.kind == FORGOTTEN)
    )
    return msgspec.structs.replace(_add(contact, earlier, facts), contact=contact)


def _holds(facts: Facts, fact: Known) -> bool:
    about = (fact.kind, fact.at_ms, fact.detail)
    return any((known.kind, known.at_ms, known.detail) == about for known in facts)


def _too_early(fact: Known, life: Life) -> Rejected:
    """A fact from before the offer stays known, so that order does not matter, but is told as refused."""
    return Rejected(RejectReason.BEFORE_OFFERED, f"{fact.kind} at {fact.at_ms}, offered at {life.offered_ms}")


def _remembered(facts: Facts) -> Facts:
    """The facts since the contact last began anew; those from before are kept only to be lived again."""
    if not facts or facts[0].kind != FORGOTTEN:
        return facts
    since = max(known.offset for known in facts if known.kind == FORGOTTEN)
    return tuple(known for known in facts if known.offset >= since and known.kind != FORGOTTEN)
