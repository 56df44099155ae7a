"""Facts, contracts and counts for tests, with defaults for everything that a test does not speak about.

The day is Monday, 2 March 2026, and clock times are those of Paris: `offered(at="09:00:00")`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from schemas.contract import Contract, Objective
from schemas.dead_letters import Rejected
from schemas.facts import (
    Abandoned,
    Answered,
    Disposition,
    Ended,
    Fact,
    FlowedOut,
    FlowOutReason,
    Forecast,
    Heartbeat,
    Held,
    Offered,
    Record,
    Retrieved,
    Surveyed,
    Transferred,
    Wrapped,
)
from schemas.resolutions import ContactTouch, Outcome
from schemas.tallies import BenchMessage, Counts
from schemas.verdicts import Reason, State, Verdict
from schemas.words import Channel, Said
from sla_stream import contact as of_facts
from sla_stream.boards import Boards
from sla_stream.changes import Changes
from sla_stream.contact import Contact
from sla_stream.counting import Batch, Counting
from sla_stream.figures import Figure, figures
from sla_stream.life import Known, Life, known_facts
from sla_stream.measures import FactsMeasure, LifeMeasure, Measure
from sla_stream.messages import messages_of
from sla_stream.promises import Promise, Promises, promises_of
from sla_stream.resolutions import Resolutions, TouchBatch

PARIS = ZoneInfo("Europe/Paris")
MONDAY = "2026-03-02"

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000


def instant(text: str | int, zone: ZoneInfo = PARIS) -> int:
    """Epoch milliseconds of "09:00:00" on the Monday, or of "2026-03-29T02:00" on the wall."""
    if isinstance(text, int):
        return text
    local = datetime.fromisoformat(text if "T" in text else f"{MONDAY}T{text}")
    return (local.replace(tzinfo=zone) - datetime.fromisoformat("1970-01-01T00:00Z")) // timedelta(milliseconds=1)


def offered(
    contact: str = "anna",
    at: str | int = "09:00:00",
    queue: str = "sales",
    segment: int = 0,
    client: str = "acme",
    customer: str | None = None,
) -> Offered:
    return Offered(client=client, contact=contact, at=instant(at), queue=queue, segment=segment, customer=customer)


def answered(
    contact: str = "anna", at: str | int = "09:00:20", segment: int = 0, client: str = "acme"
) -> Answered:
    return Answered(client=client, contact=contact, at=instant(at), segment=segment)


def abandoned(
    contact: str = "anna", at: str | int = "09:00:20", segment: int = 0, client: str = "acme"
) -> Abandoned:
    return Abandoned(client=client, contact=contact, at=instant(at), segment=segment)


def flowed_out(
    contact: str = "anna", at: str | int = "09:00:20", reason: FlowOutReason = "callback", segment: int = 0
) -> FlowedOut:
    return FlowedOut(client="acme", contact=contact, at=instant(at), reason=reason, segment=segment)


def held(contact: str = "anna", at: str | int = "09:01:00") -> Held:
    return Held(client="acme", contact=contact, at=instant(at))


def retrieved(contact: str = "anna", at: str | int = "09:02:00") -> Retrieved:
    return Retrieved(client="acme", contact=contact, at=instant(at))


def transferred(contact: str = "anna", at: str | int = "09:03:00", segment: int = 0) -> Transferred:
    return Transferred(client="acme", contact=contact, at=instant(at), segment=segment)


def ended(
    contact: str = "anna", at: str | int = "09:05:00", segment: int = 0, disposition: Disposition | None = None
) -> Ended:
    return Ended(client="acme", contact=contact, at=instant(at), segment=segment, disposition=disposition)


def wrapped(
    contact: str = "anna", at: str | int = "09:06:00", segment: int = 0, disposition: Disposition | None = None
) -> Wrapped:
    return Wrapped(client="acme", contact=contact, at=instant(at), segment=segment, disposition=disposition)


def surveyed(
    question: str = "csat", score: int = 5, at: str | int = "10:00:00", contact: str = "anna"
) -> Surveyed:
    return Surveyed(client="acme", contact=contact, at=instant(at), question=question, score=score)


def heartbeat(at: str | int = "09:00:00", client: str = "acme") -> Heartbeat:
    return Heartbeat(client=client, at=instant(at))


def record(
    contact: str = "anna",
    offered_at: str | int = "09:00:00",
    queue: str = "sales",
    segment: int = 0,
    flow_out: FlowOutReason | None = None,
    **instants: str | int,
) -> Record:
    """A finished contact; `instants` are those of the record, like `answered_at="09:00:20"`."""
    known = {name: instant(at) for name, at in instants.items()}
    return Record(
        client="acme",
        contact=contact,
        queue=queue,
        offered_at=instant(offered_at),
        segment=segment,
        flow_out=flow_out,
        **known,  # type: ignore[arg-type]  # pydantic checks their names
    )


def touch(
    contact: str = "anna-1",
    offered: str | int = "09:00:00",
    outcome: Outcome | None = "answered",
    ended: str | int | None = None,
    customer: str = "anna",
    queue: str = "sales",
    channel: Channel = "voice",
    segment: int = 0,
    theirs: bool = True,
    offset: int = 0,
    source: str = "contact.calls/0",
    client: str = "acme",
    said: tuple[Said, ...] = (),
) -> ContactTouch:
    """A contact of a customer; it ends five minutes after it was offered unless told otherwise."""
    at = instant(offered)
    return ContactTouch(
        client=client,
        customer=customer,
        contact=contact,
        segment=segment,
        channel=channel,
        queue=queue,
        offered=at,
        outcome=outcome,
        ended=instant(ended) if ended is not None else at + 5 * MINUTE if outcome else None,
        theirs=theirs,
        said=said,
        source=source,
        offset=offset,
    )


def contact_of(*facts: Fact) -> Contact:
    """A contact to which these facts came, one message each."""
    known: list[Known] = []
    for offset, fact in enumerate(facts):
        assert not isinstance(fact, Heartbeat | Forecast)
        known += known_facts(offset, fact)
    return of_facts.contact_of(tuple(known))


def life_of(*facts: Fact) -> Life:
    """What the facts say of their contact."""
    return contact_of(*facts).life


def by_life(measure: Measure) -> LifeMeasure:
    """One that counts by what became of a contact in its queue."""
    assert measure.by == "life"
    return measure


def by_facts(measure: Measure) -> FactsMeasure:
    """One that looks at all of a contact's facts."""
    assert measure.by == "facts"
    return measure


#: Nine in ten within 30 s; who hangs up within 5 s does not count.
PICKED_UP_IN_30S: dict[str, Any] = {
    "kind": "service_level",
    "formula": "short_abandons_ignored",
    "threshold": "30s",
    "short_abandons": "5s",
}


def objective(**written: Any) -> Objective:
    """An objective; what is not written is as in `PICKED_UP_IN_30S` over the last 15 minutes."""
    return Objective.model_validate(
        {
            "name": "picked-up-in-30s",
            "measure": PICKED_UP_IN_30S,
            "target": {"at_least": "90%"},
            "windows": ["rolling 15m"],
        }
        | written
    )


def version(*objectives: Objective, effective: str = "2026-01-01") -> dict[str, Any]:
    """A contract's version as it is written."""
    return {"effective": effective, "objectives": list(objectives or [objective()])}


def contract(*versions: dict[str, Any], **written: Any) -> Contract:
    """A contract with acme, for its hotline in Paris."""
    return Contract.model_validate(
        {
            "name": "hotline",
            "client": "acme",
            "time_zone": "Europe/Paris",
            "versions": list(versions or [version()]),
        }
        | written
    )


def promised(*objectives: Objective, **written: Any) -> Promises:
    """The promises of one contract in one version."""
    return promises_of([contract(version(*objectives), **written)])


def verdict(**written: Any) -> Verdict:
    """On the objective in the sales queue of the hotline, at nine: met, and nobody waits."""
    at = instant("09:00:00")
    known: dict[str, Any] = {
        "client": "acme",
        "contract": "hotline",
        "objective": "picked-up-in-30s",
        "channel": "voice",
        "queue": "sales",
        "window": "rolling 15m",
        "start": at - 15 * MINUTE,
        "end": at,
        "at": at,
        "numerator": 19,
        "denominator": 20,
        "value": 0.95,
        "unit": "ratio",
        "target": 0.9,
        "at_most": False,
        "state": State.MET,
        "reason": Reason.TARGET_MET,
        "sample": 20,
        "waiting": 0,
        "waiting_past_threshold": 0,
        "longest_wait_ms": None,
    }
    return Verdict(**known | written)


def promise(one: Objective) -> Promise:
    """The objective as its contract promises it."""
    return promised(one).agreements[0].versions[0].promises[0]


def read_value(one: Objective, counts: Counts) -> tuple[int, int]:
    """Numerator and denominator of the objective's value over the counts."""
    reading = promise(one).measure.read(counts, one.measure)
    return reading.numerator, reading.denominator


def batch(messages: Sequence[Fact | Rejected], first_offset: int = 0) -> Batch:
    """Messages one after the other, as a partition holds them."""
    return Batch(list(enumerate(messages, first_offset)), first_offset + len(messages) - 1)


def in_batches(
    messages: Sequence[Fact | Rejected], cuts: Iterable[int] = (), first_offset: int = 0
) -> list[Batch]:
    """The messages, cut before each of the given indices (modulo their number)."""
    if not messages:
        return []
    places = sorted({0, *(cut % len(messages) for cut in cuts)})
    ends = [*places[1:], len(messages)]
    return [batch(messages[start:end], first_offset + start) for start, end in zip(places, ends, strict=True)]


def touch_batch(messages: Sequence[ContactTouch | Rejected], first_offset: int = 0) -> TouchBatch:
    """Messages one after the other, as a partition of `sla.resolutions` holds them."""
    return TouchBatch(list(enumerate(messages, first_offset)), first_offset + len(messages) - 1)


def resolved(messages: Sequence[ContactTouch | Rejected], promises: Promises) -> Resolutions:
    """A partition that has counted the messages in one batch."""
    resolutions = Resolutions(promises)
    if messages:
        resolutions.observe(touch_batch(messages))
    return resolutions


def counted(messages: Sequence[Fact | Rejected], promises: Promises) -> Counting:
    """A partition that has counted the messages in one batch."""
    counting = Counting(promises)
    for one in in_batches(messages):
        counting.observe(one)
    return counting


def totals(counting: Counting | Resolutions, measure: str = "") -> Counts:
    """Counts of every measure whose key begins so, over all queues and minutes."""
    found: Counts = {}
    for _, tally in counting.tallies():
        for key, counts in tally.measures.items():
            if key.startswith(measure):
                for name, n in counts.items():
                    found[name] = found.get(name, 0) + n
    return {name: n for name, n in found.items() if n}


def bench_messages(changes: Changes, source: str = "contact.calls/0", heard: str | int = 0) -> list[BenchMessage]:
    """What the changes tell the bench; heard at the watermark unless told otherwise."""
    heard_ms = instant(heard) or max(changes.position.watermarks.values(), default=instant("09:00:00"))
    return list(messages_of(changes, source, heard_ms))


def figures_of(boards: Boards, promises: Promises) -> list[Figure]:
    """All figures, in an order of their own."""
    return sorted(figures(boards, promises), key=repr)


def figures_from(messages: Sequence[Fact | Rejected], promises: Promises) -> list[Figure]:
    """The figures after the messages, counted by one partition in one batch."""
    boards, counting = Boards(promises), Counting(promises)
    for one in in_batches(messages):
        for message in bench_messages(counting.observe(one)):
            boards.observe(message)
    return figures_of(boards, promises)
