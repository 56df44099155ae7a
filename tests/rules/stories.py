"""Contacts as they come in practice, and as they never should: the material of the rules' properties."""

from typing import Any

from hypothesis import strategies as st

from schemas.contract import Objective
from schemas.facts import FACT, Abandoned, Answered, Ended, Fact, Held, Record, Retrieved, Transferred, Wrapped
from sla_stream.promises import Promises, promises_of
from tests.builders import (
    HOUR,
    MINUTE,
    abandoned,
    answered,
    contract,
    ended,
    flowed_out,
    heartbeat,
    instant,
    objective,
    offered,
    record,
    transferred,
    version,
    wrapped,
)

CONTACTS = ("anna", "boris", "carla", "dmitri")
QUEUES = ("sales", "support")

#: On, just under and just over each boundary of the contract below.
WAITS_MS = (0, 1, 4_999, 5_000, 5_001, 29_999, 30_000, 30_001, 59_999, 60_000, 61_000, 16 * MINUTE)
DELAYS_MS = (0, 0, 0, MINUTE, 15 * MINUTE, 25 * MINUTE, 45 * MINUTE, 65 * MINUTE)
EVERY_WINDOW = ["rolling 15m", "rolling 1h", "interval 15m", "interval 1h", "day", "week", "month"]

_contacts = st.sampled_from(CONTACTS)
_queues = st.sampled_from(QUEUES)
_waits_ms = st.sampled_from(WAITS_MS)


def _measured(kind: str, clock: str, **written: Any) -> Objective:
    target = (
        {"at_least": "90%"} if kind == "service_level" else {"at_most": "5%" if kind == "abandonment" else "20s"}
    )
    formula = {"service_level": "short_abandons_ignored", "abandonment": "all_abandons"}.get(kind, "mean")
    measure = {"kind": kind, "formula": formula, "attribute_to": clock} | written
    name = f"{kind}-by-{clock}".replace("_", "-")
    return objective(name=name, measure=measure, target=target, windows=EVERY_WINDOW, judge="both")


#: Every measure under every clock.
EVERYTHING = (
    _measured("service_level", "arrival", threshold="30s", short_abandons="5s"),
    _measured("service_level", "outcome", threshold="30s", short_abandons="5s"),
    _measured("service_level", "settled", threshold="30s", short_abandons="5s"),
    _measured("abandonment", "arrival", short_abandons="5s"),
    _measured("abandonment", "outcome", short_abandons="5s"),
    *(
        _measured(kind, clock)
        for kind in ("speed_of_answer", "time_to_abandon", "wait", "talk_time")
        for clock in ("arrival", "outcome")
    ),
)


def promises_of_everything(**written: Any) -> Promises:
    """A contract that asks for every measure over every window."""
    return promises_of([contract(version(*EVERYTHING), **written)])


def instants(hours: int = 1) -> st.SearchStrategy[int]:
    """Around quarter-hours, where panes meet, and anywhere."""
    start = instant("08:59:00")
    edges = st.builds(
        lambda quarter, ms: start + MINUTE + quarter * 15 * MINUTE + ms,
        st.integers(0, 4 * hours - 1),
        st.sampled_from((-30_000, -1, 0, 1)),
    )
    return edges | st.integers(0, hours * HOUR).map(lambda ms: start + ms)


@st.composite
def consistent(draw: st.DrawFn, hours: int = 1) -> list[Fact]:
    """A contact as it should be: offered, then its fate; perhaps a second queue; told fact by fact, or whole."""
    contact, queue, at = draw(_contacts), draw(_queues), draw(instants(hours))
    outcome_at = at + draw(_waits_ms)
    end_at = outcome_at + draw(st.integers(0, 5 * MINUTE))
    match draw(st.sampled_from(("answered", "abandoned", "flowed out", "transferred", "waiting", "record"))):
        case "answered":
            return [offered(contact, at, queue), answered(contact, outcome_at), ended(contact, end_at)]
        case "abandoned":
            return [offered(contact, at, queue), abandoned(contact, outcome_at)]
        case "flowed out":
            return [offered(contact, at, queue), flowed_out(contact, outcome_at)]
        case "transferred":
            return [
                offered(contact, at, queue),
                answered(contact, outcome_at),
                transferred(contact, end_at),
                offered(contact, end_at, draw(_queues), segment=1),
                answered(contact, end_at + draw(_waits_ms), segment=1),
            ]
        case "record":
            fate = draw(st.sampled_from(("answered_at", "abandoned_at", "flowed_out_at")))
            instants_of = {fate: outcome_at, "ended_at": end_at, "wrapped_at": end_at}
            return [record(contact, at, queue, 0, None, **instants_of)]
        case _:
            return [offered(contact, at, queue)]


def contradictory(hours: int = 1) -> st.SearchStrategy[list[Fact]]:
    """One fact that goes with nothing: a second offer or outcome, an outcome that nobody offered."""
    at = instants(hours)
    plain = st.sampled_from((Answered, Abandoned, Held, Retrieved, Transferred, Ended, Wrapped))
    fact: st.SearchStrategy[Fact] = st.one_of(
        st.builds(offered, _contacts, at, _queues, st.integers(0, 1)),
        st.builds(lambda kind, contact, ms: kind(client="acme", contact=contact, at=ms), plain, _contacts, at),
        st.builds(flowed_out, _contacts, at, st.sampled_from(("callback", "voicemail"))),
        st.builds(wrapped, _contacts, at, st.integers(0, 1)),
    )
    return fact.map(lambda one: [one])


def stories(hours: int = 1, most: int = 8) -> st.SearchStrategy[list[Fact]]:
    """What a feed may tell, in the order of time."""
    alive = instants(hours).map(lambda at: [heartbeat(at)])
    several = st.lists(consistent(hours) | contradictory(hours) | alive, min_size=1, max_size=most)
    return several.map(lambda parts: sorted((fact for part in parts for fact in part), key=time_of))


@st.composite
def late_stories(draw: st.DrawFn, hours: int = 3, most: int = 12) -> list[Fact]:
    """The same, but facts are under way for a while: some come too late for a contract that waits 20 minutes."""
    facts = draw(stories(hours, most))
    delays_ms = draw(st.lists(st.sampled_from(DELAYS_MS), min_size=len(facts), max_size=len(facts)))
    by_arrival = sorted(zip(facts, delays_ms, strict=True), key=lambda pair: time_of(pair[0]) + pair[1])
    return [fact for fact, _ in by_arrival]


def time_of(fact: Fact) -> int:
    """When it happened, or of a whole contact began."""
    return fact.offered_at if isinstance(fact, Record) else fact.at


_TICKET_MEASURES: tuple[dict[str, Any], ...] = (
    {"kind": "resolution", "within": "40m", "clock": "always"},
    {
        "kind": "resolution",
        "within": "2h",
        "clock": "always",
        "priorities": {"urgent": {"within": "10m", "clock": "always"}},
        "attribute_to": "arrival",
    },
    {"kind": "first_response", "within": "30m"},
    {"kind": "next_response", "within": "30m"},
    {"kind": "callback", "within": "30m", "clock": "always"},
    {"kind": "reopening"},
    {"kind": "volume"},
)


def promises_of_tickets(open_for: str) -> Promises:
    """A fact may be twenty minutes late, and tickets are silent for hours."""
    objectives = (
        objective(name=f"promise-{n}", channel="ticket", measure=measure, windows=["month", "rolling 1h"])
        for n, measure in enumerate(_TICKET_MEASURES)
    )
    return promises_of([contract(version(*objectives), lateness="20m", open_for=open_for)])


_TICKET_FACTS: dict[str, dict[str, Any]] = {
    "offered": {"queue": "sales"},
    "prioritised": {"priority": "urgent"},
    "replied": {"author": "agent"},
    "flowed_out": {"reason": "callback"},
    "customer_wrote": {},
    "paused": {},
    "resumed": {},
    "resolved": {},
    "reopened": {},
    "closed": {},
    "called_back": {},
    "heartbeat": {},
}


@st.composite
def ticket_stories(draw: st.DrawFn) -> list[Fact]:
    """Tickets over a working day, most facts told as they happen, some up to an hour late, some twice."""
    told, minute = [], 0
    for kind in ["offered", *draw(st.lists(st.sampled_from(sorted(_TICKET_FACTS)), max_size=24))]:
        minute += draw(st.sampled_from((0, 1, 7, 19, 20, 21, 45, 90, 250)))
        written = {
            "type": kind,
            "client": "acme",
            "channel": "ticket",
            "at": instant("06:00:00") + max(0, minute - draw(st.sampled_from((0, 0, 0, 15, 60)))) * MINUTE,
        }
        if kind != "heartbeat":
            written["contact"] = draw(st.sampled_from(("T-1", "T-2", "T-3")))
        told += [FACT.validate_python(written | _TICKET_FACTS[kind])] * draw(st.sampled_from((1, 1, 1, 2)))
    return told
