"""What customers do, in every order and as often as it may be told, and what that comes to by counting it out."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from hypothesis import strategies as st

from schemas.contract import Objective
from schemas.policies import Only
from schemas.resolutions import ContactTouch, Outcome
from schemas.words import Said
from sla_stream.measures import Visit
from sla_stream.panes import minute_of
from sla_stream.promises import Promises
from sla_stream.resolutions import Resolutions
from tests.builders import HOUR, MINUTE, instant, objective, promised

NINE = instant("09:00:00")
CUSTOMERS = ("anna", "boris")
#: Contact -> whose it is, and which source tells of it.
CONTACTS = {f"{customer}-{n}": (customer, n % 2) for customer in CUSTOMERS for n in range(4)}

#: Within, on and just beyond the periods of the measures below, and minutes.
_APART_MS = (0, 1, 30 * MINUTE - 1, 30 * MINUTE, 30 * MINUTE + 1, HOUR - 1, HOUR, HOUR + 1)
_DELAYS_MS = (0, 0, 0, 30 * MINUTE, HOUR, 3 * HOUR, 4 * HOUR, 6 * HOUR)

#: Measure, channel, queue and minute -> how many were there, and how many of them came back.
Tallied = dict[tuple[str, str, str, int], Counter[str]]

_outcomes: st.SearchStrategy[Outcome | None] = st.sampled_from((None, "answered", "abandoned"))


#: Of everybody, and of some: a measure each.
_ONLY: tuple[dict[str, list[str]] | None, ...] = (
    None,
    {"priorities": ["high"]},
    {"languages": ["fr"], "tags": ["a", "b"]},
)
_SAID: tuple[Said, ...] = (("language", "fr"), ("priority", "high"), ("tag", "a"), ("tag", "b"))


def _measured(name: str, measure: dict[str, Any], channel: str, only: dict[str, list[str]] | None) -> Objective:
    written = {"target": {"at_least": "50%"}, "windows": ["rolling 1h", "day"], "judge": "both"}
    return objective(name=name, measure=measure, channel=channel, only=only, **written)


def _every_measure() -> Iterator[dict[str, Any]]:
    for counted_from in ("offered", "ended"):
        for repeats_in in ("any_queue", "same_queue"):
            for base in ("answered", "offered"):
                yield {
                    "kind": "first_contact_resolution",
                    "by": "repeat_contact",
                    "within": "1h",
                    "counted_from": counted_from,
                    "repeats_in": repeats_in,
                    "base": base,
                }
    yield {"kind": "repeat_abandonment", "within": "30m"}


def promises_of_customers(**written: Any) -> Promises:
    """A contract that asks for all that customers make of their contacts, in every reading."""
    return promised(
        *(
            _measured(f"{channel}-{n}-{m}", measure, channel, only)
            for channel in ("voice", "chat")
            for n, measure in enumerate(_every_measure())
            for m, only in enumerate(_ONLY)
        ),
        **written,
    )


def _instants(hours: int) -> st.SearchStrategy[int]:
    steps = st.builds(lambda n, ms: n * 30 * MINUTE + ms, st.integers(0, 2 * hours), st.sampled_from(_APART_MS))
    return (steps | st.integers(0, hours * HOUR)).map(lambda ms: NINE + ms)


@st.composite
def _versions(draw: st.DrawFn, hours: int) -> list[ContactTouch]:
    """All that one source says of one segment of a contact: each time more, or otherwise."""
    contact = draw(st.sampled_from(sorted(CONTACTS)))
    customer, source = CONTACTS[contact]
    segment = draw(st.sampled_from((0, 0, 0, 1)))
    versions = []
    for offset in sorted(draw(st.sets(st.integers(0, 5), min_size=1, max_size=3))):
        offered_ms, outcome = draw(_instants(hours)), draw(_outcomes)
        ended_ms = offered_ms + draw(st.sampled_from((0, 5 * MINUTE, 2 * HOUR))) if outcome else None
        versions.append(
            ContactTouch(
                client="acme",
                customer=customer,
                contact=contact,
                segment=segment,
                channel="chat" if source else "voice",
                queue=draw(st.sampled_from(("sales", "support"))),
                offered=offered_ms,
                outcome=outcome,
                ended=ended_ms,
                theirs=draw(st.sampled_from((True, True, True, False))),
                said=tuple(sorted(draw(st.sets(st.sampled_from(_SAID))))),
                source=f"contact/{source}",
                offset=offset,
            )
        )
    return versions


def _of(one: ContactTouch) -> tuple[str, str, int]:
    return one.source, one.contact, one.segment


@st.composite
def late_touches(draw: st.DrawFn, hours: int = 9, most: int = 9) -> list[ContactTouch]:
    """In the order of their time, more or less: some are under way for longer than a short memory lasts."""
    told = draw(touches(hours, most))
    delays_ms = draw(st.lists(st.sampled_from(_DELAYS_MS), min_size=len(told), max_size=len(told)))
    by_arrival = sorted(zip(told, delays_ms, strict=True), key=lambda pair: _newest_ms(pair[0]) + pair[1])
    return [one for one, _ in by_arrival]


def touches(hours: int = 4, most: int = 6) -> st.SearchStrategy[list[ContactTouch]]:
    """What is told of some contacts, each segment by one list of versions, in the order of their making."""
    unique = st.lists(_versions(hours), min_size=1, max_size=most, unique_by=lambda versions: _of(versions[0]))
    return unique.flatmap(lambda lists: st.permutations([one for versions in lists for one in versions]))


def tallied(resolutions: Iterable[Resolutions]) -> Tallied:
    """The tallies of several partitions together; nobody in a class is as good as no such class."""
    found: Tallied = {}
    for key, tally in (each for one in resolutions for each in one.tallies()):
        for measure, counts in tally.measures.items():
            place = (measure, key.channel, key.queue, key.start_ms)
            found.setdefault(place, Counter()).update(counts)
    return {place: counts for place, counts in found.items() if counts.total()}


def counted_out(told: Iterable[ContactTouch], promises: Promises) -> Tallied:
    """The same by going through all pairs of a customer's contacts, as the definitions say."""
    found: Tallied = {}
    for visits in _visits(told):
        for promise in promises.agreements[0].every_promise():
            for visit in visits:
                if visit.channel == promise.objective.channel and _is_meant(promise.objective.only, visit):
                    for at_ms, counts in _counts(promise.objective.measure, visit, visits):
                        place = (promise.measure.key, visit.channel, visit.queue, minute_of(at_ms))
                        found.setdefault(place, Counter()).update(counts)
    return found


def _visits(told: Iterable[ContactTouch]) -> Iterator[list[Visit]]:
    """The contacts of each customer, by what each source said last of them."""
    last = {_of(one): one for one in sorted(told, key=lambda one: one.offset)}
    theirs = sorted((one for one in last.values() if one.theirs), key=lambda one: (one.customer, *_of(one)))
    for _, contacts in groupby(theirs, key=lambda one: one.customer):
        yield [_visit(list(segments)) for _, segments in groupby(contacts, key=lambda one: _of(one)[:2])]


def _visit(segments: list[ContactTouch]) -> Visit:
    in_time = sorted(segments, key=lambda one: (one.offered, one.segment))
    answered = [one for one in in_time if one.outcome == "answered"]
    place = (answered or in_time)[0]
    ended = None if in_time[-1].ended is None else max(one.ended for one in in_time if one.ended is not None)
    outcome = "answered" if answered else in_time[-1].outcome
    return Visit(place.channel, place.queue, in_time[0].offered, outcome or "", ended, place.said)


def _is_meant(only: Only | None, visit: Visit) -> bool:
    """One of each kind of name that is written."""
    written = {"priority": only.priorities, "language": only.languages, "tag": only.tags} if only else {}
    return all(
        any(said == (trait, name) for name in names for said in visit.said)
        for trait, names in written.items()
        if names
    )


def _counts(spec: Any, visit: Visit, visits: list[Visit]) -> Iterator[tuple[int, Counter[str]]]:
    if spec.kind == "repeat_abandonment":
        if visit.outcome == "abandoned":
            before = [one for one in visits if one.outcome == "abandoned"]
            is_repeated = any(0 < visit.offered_ms - one.offered_ms <= spec.within for one in before)
            yield visit.offered_ms, Counter(base=1, repeated=int(is_repeated))
        return
    start_ms = visit.offered_ms if spec.counted_from == "offered" else visit.ended_ms
    if start_ms is None or (spec.base == "answered" and visit.outcome != "answered"):
        return
    place = (visit.channel, visit.queue)
    is_repeated = any(
        visit.offered_ms < one.offered_ms <= start_ms + spec.within
        and (spec.repeats_in == "any_queue" or (one.channel, one.queue) == place)
        for one in visits
    )
    yield start_ms, Counter(base=1, repeated=int(is_repeated))


def _newest_ms(one: ContactTouch) -> int:
    return max(one.offered, one.ended or 0)
