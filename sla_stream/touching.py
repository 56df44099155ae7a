"""Which contacts of customers a batch has changed, so that `sla.resolutions` has to be told.

A contact is told anew where it is not as it was at the position before the batch - as its own facts, each with
its offset, say. So what may not have been told before a crash is told when the batch comes again, and nothing
needs to be known but the contact. Of what was said of it, a contract's choice alone is told on.
"""

from collections.abc import Iterator, Mapping
from typing import cast

from schemas.resolutions import Outcome
from schemas.words import Said
from sla_stream.changes import ContactName, FeedKey, Touched
from sla_stream.contact import Contact, contact_of, restored
from sla_stream.life import UNBORN, Facts, Life, lived
from sla_stream.promises import Promises
from sla_stream.whom import said_of

#: Whoever is known is found in the packed contact without reading it: of most nobody knows who it is.
_CUSTOMER = b'"customer"'


def touched(
    contacts: Mapping[FeedKey, Mapping[ContactName, bytes | None]], counted: int, promises: Promises
) -> Iterator[Touched]:
    """The contacts of customers that are otherwise than at the offset `counted`, for clients that measure it."""
    for feed, by_name in contacts.items():
        known = {name: stored for name, stored in by_name.items() if stored is not None and _CUSTOMER in stored}
        measures = list(promises.of_customers(feed.client)) if known else ()
        if measures:
            asked = frozenset[Said]().union(*(one.asks for channel, one in measures if channel == feed.channel))
            for name, stored in known.items():
                yield from _of_contact(feed, name, restored(stored), counted, asked)


def _of_contact(
    feed: FeedKey, name: ContactName, contact: Contact, counted: int, asked: frozenset[Said]
) -> Iterator[Touched]:
    before = contact_of(tuple(fact for fact in contact.facts if fact.offset <= counted))
    then, now = (
        _touches(feed, name, facts, contact.newest_offset, asked)
        for facts in (before.remembered, contact.remembered)
    )
    known = set(then)
    return (touch for touch in now if touch not in known)


def _touches(
    feed: FeedKey, name: ContactName, facts: Facts, offset: int, asked: frozenset[Said]
) -> Iterator[Touched]:
    """One for the customer whose contact it is, and one for each who was said to be."""
    life = lived(UNBORN, facts)
    customers = dict.fromkeys(fact.detail for fact in facts if fact.kind == "customer")
    if not life.queue:
        return
    contact, segment = (name, 0) if isinstance(name, str) else name
    for n, customer in enumerate(customers):
        yield Touched(
            client=feed.client,
            customer=customer,
            contact=contact,
            segment=segment,
            channel=feed.channel,
            queue=life.queue,
            offered_ms=life.offered_ms,
            outcome=_outcome(life, facts),
            ended_ms=_ended_ms(life, facts),
            theirs=n == 0,
            said=tuple(sorted(said_of(facts) & asked)) if n == 0 else (),
            offset=offset,
        )


def _outcome(life: Life, facts: Facts) -> Outcome | None:
    """Mails and tickets are answered by a person's reply, or when they are resolved."""
    if life.outcome:
        return cast("Outcome", life.outcome)
    answers = (("replied", "agent"), ("resolved", ""))
    return "answered" if any((fact.kind, fact.detail) in answers for fact in facts) else None


def _ended_ms(life: Life, facts: Facts) -> int | None:
    """The end of the conversation, the instant at which it was given up, or at which it was resolved or closed."""
    if life.ended_ms is not None:
        return life.ended_ms
    if life.outcome in ("abandoned", "flowed_out"):
        return life.outcome_ms
    for kind in ("resolved", "closed"):
        if instants := [fact.at_ms for fact in facts if fact.kind == kind]:
            return instants[-1]
    return None
