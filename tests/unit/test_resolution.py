"""Resolution of tickets: held against a walk through their lives from minute to minute, and how it is read."""

from functools import cache
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract import Objective
from sla_stream.contact import contact_of
from sla_stream.hours import parse
from sla_stream.life import Facts, Known
from sla_stream.measures import FactsMeasure, Settlement
from tests.builders import DAY, HOUR, MINUTE, by_facts, instant, objective, promised, read_value

OFFERED_MS = instant("09:00:00")
WEEK = "Mo-Fr 08:00-12:00,14:00-18:00; Sa 22:00-26:00; PH off"


def tickets(**written: Any) -> Objective:
    measure = {"kind": "resolution", "formula": "within", "within": "8h"} | written
    formula = measure["formula"]
    if formula != "within":
        del measure["within"]
    target = {"at_least": "90%"} if formula == "within" else {"at_most": "8h"}
    return objective(channel="ticket", measure=measure, target=target)


def measure_of(one: Objective, hours: str = WEEK) -> FactsMeasure:
    promises = promised(one, hours=hours, holidays="FR")
    return by_facts(promises.agreements[0].versions[0].promises[0].measure)


def known(*facts: tuple[str, int], detail: str = "") -> Facts:
    """What happened so many milliseconds after the offer."""
    first = Known(0, "offered", OFFERED_MS, "back-office")
    rest = (Known(n, kind, OFFERED_MS + after_ms, detail) for n, (kind, after_ms) in enumerate(facts, 1))
    return contact_of((first, *rest)).facts


def names(settlements: Any) -> dict[str, int]:
    return {name: n for one in settlements for name, n in one.counts if not name.startswith("bucket:")}


class Walked(NamedTuple):
    """What a walk from minute to minute found."""

    used_minutes: int
    is_done: bool
    is_late: bool
    last_in_time_ms: int | None


TARGETS = {"urgent": 90, "normal": 300, "low": 700}
BY_PRIORITY = {
    "within": "300m",
    "priorities": {"urgent": {"within": "90m", "clock": "always"}, "low": {"within": "700m"}},
}


DAYS_WALKED = 9


@cache
def open_minutes(from_ms: int) -> list[bool]:
    """Whether the centre is open, for nine days."""
    hours = parse(WEEK, "Europe/Paris", "FR")
    return [hours.is_open(at_ms) for at_ms in range(from_ms, from_ms + DAYS_WALKED * DAY, MINUTE)]


def walk(facts: Facts, from_ms: int) -> Walked:
    """Minute by minute: is it open, does the clock run, is more used than was promised? Facts fall on minutes."""
    runs = done = False
    priority, used, last_in_time = "normal", 0, None
    coming = list(facts)
    for minute, is_open in enumerate(open_minutes(from_ms)):
        at_ms = from_ms + minute * MINUTE
        while coming and coming[0].at_ms == at_ms:
            fact = coming.pop(0)
            if fact.kind == "prioritised":
                priority = fact.detail
            elif fact.kind in ("resolved", "closed") and not done:
                runs, done, at_the_end = False, True, priority
            elif fact.kind == "reopened" and done:
                runs, done = True, False
            elif not done and fact.kind in ("paused", "resumed", "offered"):
                runs = fact.kind != "paused"
        target = TARGETS[at_the_end if done else priority]
        ticks = runs and (priority == "urgent" or is_open)
        if used < target or (used == target and not ticks):
            last_in_time = None
        elif last_in_time is None:
            last_in_time = at_ms
        used += ticks
    return Walked(used, done, used > TARGETS[at_the_end] if done else False, last_in_time)


#: Mostly on half hours, so that much happens at once, at opening and at closing.
minutes = st.one_of(st.integers(0, 3 * 48).map(lambda half: 30 * half), st.integers(0, 3 * 1440))
told = st.tuples(
    st.sampled_from(["paused", "resumed", "resolved", "reopened", "closed", "prioritised", "prioritised"]),
    minutes,
    st.sampled_from(sorted(TARGETS)),
)


@given(
    st.sampled_from(["2026-03-26", "2026-10-22", "2026-04-03", "2026-12-30", "2026-03-02"]),
    minutes,
    st.lists(told, max_size=12),
)
def test_a_ticket_agrees_with_a_walk_from_minute_to_minute(
    day: str, start: int, facts: list[tuple[str, int, str]]
) -> None:
    midnight_ms = instant(f"{day}T00:00")
    offered_ms = midnight_ms + start * MINUTE
    ticket = contact_of(
        (
            Known(0, "offered", offered_ms, "back-office"),
            *(
                Known(n, kind, offered_ms + after * MINUTE, priority if kind == "prioritised" else "")
                for n, (kind, after, priority) in enumerate(facts, 1)
            ),
        )
    ).facts
    measure, walked = measure_of(tickets(**BY_PRIORITY, attribute_to="settled")), walk(ticket, midnight_ms)
    settled = [one for one in measure.settle(ticket) if {"in_time", "late"} & {name for name, _ in one.counts}]
    assert len(settled) == walked.is_done
    for one in settled:
        assert dict(one.counts)["sum_ms"] == walked.used_minutes * MINUTE
        assert ("late", 1) in one.counts if walked.is_late else ("in_time", 1) in one.counts
    deadlines = measure.deadlines(ticket)
    assert len(deadlines) == (not walked.is_done)
    for deadline in deadlines:
        if walked.last_in_time_ms is not None or deadline.due_ms is None:
            assert deadline.due_ms == walked.last_in_time_ms
        else:
            assert deadline.due_ms >= midnight_ms + DAYS_WALKED * DAY


def test_of_no_ticket_nothing_is_known() -> None:
    measure = measure_of(tickets())
    lost = contact_of((Known(0, "resolved", OFFERED_MS, ""), Known(1, "closed", OFFERED_MS + 1, ""))).facts
    for facts in ((), lost):
        assert list(measure.settle(facts)) == []
        assert list(measure.deadlines(facts)) == []


def test_what_has_no_place_is_counted_apart_at_its_own_instant() -> None:
    facts = known(("resolved", HOUR), ("resolved", 2 * HOUR), ("resumed", 3 * HOUR), ("paused", -HOUR))
    settled = measure_of(tickets()).settle(facts)
    apart = [(name, one.at_ms - OFFERED_MS) for one in settled if len(one.counts) == 1 for name, _ in one.counts]
    assert apart == [("before_offered", -HOUR), ("resolved_again", 2 * HOUR), ("resumed_unpaused", 3 * HOUR)]
    assert read_value(tickets(), names(settled)) == (1, 1)


def test_open_tickets_past_due_are_missed_and_below_the_line() -> None:
    assert measure_of(tickets()).missed == (("missed", 1),)
    assert read_value(tickets(), {"in_time": 6, "late": 1, "missed": 2}) == (6, 9)


def test_by_the_outcome_a_ticket_counts_once_it_has_one() -> None:
    assert measure_of(tickets(attribute_to="outcome")).missed == ()


@pytest.mark.parametrize(("formula", "value"), [("mean", (9 * HOUR, 3)), ("longest", (5 * HOUR, 1))])
def test_durations_are_those_of_resolved_tickets(formula: str, value: tuple[int, int]) -> None:
    one = tickets(formula=formula)
    found: dict[str, int] = {}
    for hours in (1, 3, 5):
        for settlement in measure_of(one, "24/7").settle(known(("resolved", hours * HOUR))):
            for name, n in settlement.counts:
                found[name] = found.get(name, 0) + n
    assert read_value(one, found) == value
    assert "in_time" not in found


def test_without_a_promise_nothing_falls_due() -> None:
    (deadline,) = measure_of(tickets(formula="mean")).deadlines(known())
    assert deadline.due_ms is None


@pytest.mark.parametrize(
    "other",
    [
        {"within": "4h"},
        {"clock": "always"},
        {"attribute_to": "arrival"},
        {"priorities": {"urgent": {"within": "1h"}}},
        {"priorities": {"urgent": {"within": "2h"}}},
    ],
    ids=str,
)
def test_tickets_that_count_differently_have_different_keys(other: dict[str, Any]) -> None:
    measures = [
        measure_of(tickets(**written)) for written in ({}, {"priorities": {"urgent": {"within": "3h"}}}, other)
    ]
    assert len({measure.key for measure in measures}) == 3
    assert measure_of(tickets(**other)) == measure_of(tickets(**other))


def test_other_hours_count_differently() -> None:
    one = tickets()
    assert measure_of(one, "24/7").key != measure_of(one, WEEK).key
    assert measure_of(tickets(clock="always"), "24/7").key == measure_of(tickets(clock="always"), WEEK).key


def test_a_key_stays_short_however_long_the_hours_are() -> None:
    by_many = {f"priority-{n}": {"within": f"{n}h"} for n in range(1, 30)}
    assert len(measure_of(tickets(priorities=by_many), "; ".join(["Mo-Fr 08:00-18:00"] * 20)).key) < 60


@pytest.mark.parametrize(
    ("after_ms", "name", "settled_after_ms"),
    [
        (8 * HOUR - 1, "passed_on", 8 * HOUR - 1),
        (8 * HOUR, "passed_on", 8 * HOUR),
        (8 * HOUR + 1, "missed", 8 * HOUR),
    ],
)
@pytest.mark.parametrize("pause", [False, True])
def test_a_ticket_that_goes_to_another_queue_is_missed_here_if_it_was_past_due(
    after_ms: int, name: str, settled_after_ms: int, *, pause: bool
) -> None:
    """In its next segment it begins anew."""
    measure = measure_of(tickets(), "24/7")
    moved = [("paused", after_ms)] * pause + [("transferred", after_ms + pause * HOUR)]
    (one,) = measure.settle(known(*moved))
    assert one.counts == ((name, 1),)
    settled_later = pause and name == "passed_on" and after_ms < 8 * HOUR
    assert one.at_ms - OFFERED_MS == settled_after_ms + settled_later * HOUR
    assert list(measure.deadlines(known(*moved))) == []
    assert read_value(tickets(), {"passed_on": 5, "in_time": 1}) == (1, 1)


def test_a_ticket_settles_once_and_not_while_it_is_open() -> None:
    measure = measure_of(tickets())
    assert list(measure.settle(known())) == []
    assert list(measure.settle(known(("resolved", HOUR), ("reopened", 2 * HOUR)))) == []
    again = measure.settle(known(("resolved", HOUR), ("reopened", 2 * HOUR), ("resolved", 2 * HOUR + MINUTE)))
    assert [type(one) for one in again] == [Settlement]
