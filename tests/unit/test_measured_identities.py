"""What must hold for contacts of any kind, whatever was told of them: nothing counted twice, nothing lost."""

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from math import ceil
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract import Objective
from schemas.tallies import Counts
from sla_stream.contact import contact_of
from sla_stream.conversation import questions
from sla_stream.life import FORGOTTEN, LIFE, RANK, Facts, Known, Stage
from sla_stream.measures import FactsMeasure
from sla_stream.tally import add
from sla_stream.ticket import ticket_of
from tests.builders import MINUTE, SECOND, by_facts, instant, objective, promised, read_value

NINE_MS = instant("09:00:00")
DETAILS = {
    "offered": ["sales"],
    "flowed_out": ["callback", "voicemail", "timeout", "overflow", "key"],
    "replied": ["agent", "bot", "auto", "note"],
    "prioritised": ["urgent", "normal"],
    "surveyed": ["5 csat"],
    "worked": [f"idle {NINE_MS} sales", f"on_contact {NINE_MS + MINUTE} sales", f"away {NINE_MS} sales"],
}

WITHIN: dict[str, Any] = {"formula": "within", "within": "20m"}
MEASURES: dict[str, dict[str, Any]] = {
    "hold_time": {"formula": "mean"},
    "wrap_up_time": {"formula": "mean"},
    "handle_time": {"formula": "mean"},
    "first_response": WITHIN,
    "next_response": WITHIN,
    "resolution": WITHIN | {"priorities": {"urgent": {"within": "5m", "clock": "always"}}},
    "transfer": {},
    "containment": {},
    "escalation": {},
    "reopening": {},
    "flow_out": {},
    "dropped": {},
    "callback": {"within": "20m"},
    "occupancy": {},
}
DURATIONS = ("hold_time", "wrap_up_time", "handle_time", "first_response", "next_response", "resolution")


@cache
def asked(kind: str, **written: str) -> Objective:
    measure = {"kind": kind} | MEASURES[kind] | written
    is_duration = measure.get("formula", "within") != "within"
    if is_duration:
        measure.pop("within", None)
    return objective(measure=measure, target={"at_most": "9m"} if is_duration else {"at_least": "50%"})


@cache
def measure_of(kind: str, **written: str) -> FactsMeasure:
    promises = promised(asked(kind, **written), hours="Mo-Fr 08:00-12:00,12:15-18:00")
    return by_facts(promises.agreements[0].versions[0].promises[0].measure)


@st.composite
def contacts(draw: st.DrawFn, most: int = 14) -> Facts:
    """Anything that can be told of a contact, in any order, in half a day."""
    kinds = [kind for kind in RANK if kind != FORGOTTEN]
    told = draw(st.lists(st.tuples(st.sampled_from(kinds), st.integers(0, 200)), max_size=most))
    facts = [
        Known(n, kind, NINE_MS + at * MINUTE, draw(st.sampled_from(DETAILS.get(kind, [""]))))
        for n, (kind, at) in enumerate(told)
    ]
    return contact_of((Known(len(facts), "offered", NINE_MS + 60 * MINUTE, "sales"), *facts)).facts


def counts_of(measure: FactsMeasure, *found: Facts) -> Counts:
    counts = Counts()
    for facts in found:
        for settlement in measure.settle(facts):
            add(counts, settlement.counts)
    return counts


def total(counts: Counts, *names: str) -> int:
    return sum(n for name, n in counts.items() if name.startswith(names))


@given(st.lists(contacts(), min_size=1, max_size=4))
def test_no_share_is_more_than_all_and_no_count_is_negative(found: list[Facts]) -> None:
    for kind in MEASURES:
        counts = counts_of(measure_of(kind), *found)
        assert all(n >= 0 for n in counts.values()), kind
        numerator, denominator = read_value(asked(kind), counts)
        assert numerator >= 0, kind
        assert numerator <= denominator or measure_of(kind).unit != "ratio", kind


@given(contacts(), st.randoms(use_true_random=False))
def test_the_order_in_which_facts_came_does_not_matter(facts: Facts, random: Random) -> None:
    shuffled = list(facts)
    random.shuffle(shuffled)
    again = contact_of(tuple(shuffled)).facts
    for kind in MEASURES:
        measure = measure_of(kind)
        assert list(measure.settle(again)) == list(measure.settle(facts)), kind
        assert list(measure.deadlines(again)) == list(measure.deadlines(facts)), kind


@given(contacts())
def test_every_question_is_answered_unanswered_or_due(facts: Facts) -> None:
    asked_of = {
        is_first: sum(q.is_first == is_first for q in questions(facts, ("agent",))) for is_first in (True, False)
    }
    for kind, is_first in (("first_response", True), ("next_response", False)):
        waiting = len(list(measure_of(kind).deadlines(facts)))
        counts = counts_of(measure_of(kind), facts)
        answered = total(counts, "in_time", "late")
        assert answered + total(counts, "unanswered", "missed") + waiting == asked_of[is_first]
        assert total(counts, "bucket:") == answered
    assert asked_of[True] >= 1


@given(contacts())
def test_a_ticket_is_resolved_or_due_and_what_has_no_place_is_counted(facts: Facts) -> None:
    measure, ticket = measure_of("resolution"), ticket_of(facts)
    counts = counts_of(measure, facts)
    fates = ("in_time", "late", "passed_on", "missed")
    assert total(counts, *fates) + len(list(measure.deadlines(facts))) == 1
    apart = total(
        counts,
        "before_offered",
        "after_transferred",
        "offered_",
        "paused_",
        "resumed_",
        "resolved_",
        "reopened_",
        "closed_",
    )
    assert apart == len(ticket.misplaced)


@given(contacts())
def test_who_ended_after_the_answer_was_kept_or_passed_on_and_served_or_dropped(facts: Facts) -> None:
    counts = {
        kind: counts_of(measure_of(kind), facts) for kind in ("transfer", "dropped", "hold_time", "flow_out")
    }
    stage, outcomes = Stage.EXPECTED, 0
    for fact in facts:
        stage = LIFE[stage].get(fact.kind, stage)
        outcomes += fact.kind in ("answered", "abandoned", "flowed_out")
    is_over = stage in (Stage.ENDED, Stage.WRAPPED)
    assert total(counts["transfer"], "transferred", "kept") == is_over
    assert total(counts["dropped"], "dropped", "served") == is_over
    assert total(counts["hold_time"], "bucket:") == is_over
    assert total(counts["flow_out"], "answered", "abandoned", "flowed_out:") <= min(1, outcomes)


@given(contacts())
def test_of_what_a_bot_took_up_at_most_one_thing_becomes(facts: Facts) -> None:
    found = total(counts_of(measure_of("containment"), facts), "contained", "escalated", "given_up")
    assert found <= ("bot" in [fact.detail for fact in facts if fact.kind == "replied"])


@given(contacts())
def test_a_callback_is_made_or_due_if_it_was_promised_and_every_call_is_counted(facts: Facts) -> None:
    measure = measure_of("callback")
    counts, waiting = counts_of(measure, facts), len(list(measure.deadlines(facts)))
    promised_calls = total(counts_of(measure_of("flow_out"), facts), "flowed_out:callback")
    assert total(counts, "in_time", "late") + waiting == promised_calls
    made = sum(fact.kind == "called_back" for fact in facts)
    assert total(counts, "in_time", "late", "called_back_") == made


def call(kind: str, duration_ms: int) -> Facts:
    """A contact of which this lasted so long, and nothing else any time."""
    lasts: dict[str, Callable[[int], list[tuple[str, int]]]] = {
        "hold_time": lambda ms: [("answered", 0), ("held", 0), ("ended", ms)],
        "wrap_up_time": lambda ms: [("answered", 0), ("ended", 0), ("wrapped", ms)],
        "handle_time": lambda ms: [("answered", 0), ("wrapped", ms)],
        "first_response": lambda ms: [("replied", ms)],
        "next_response": lambda ms: [("replied", 0), ("customer_wrote", 1), ("replied", ms + 1)],
        "resolution": lambda ms: [("resolved", ms)],
    }
    told = [("offered", 0), *lasts[kind](duration_ms)]
    return contact_of(
        tuple(
            Known(n, what, NINE_MS + at, "agent" if what == "replied" else "") for n, (what, at) in enumerate(told)
        )
    ).facts


#: From nothing to a month, each length as likely as another.
lengths = st.floats(0, 31).map(lambda power: round(2**power) - 1)


@pytest.mark.parametrize("kind", DURATIONS)
@given(st.lists(lengths, min_size=1, max_size=40), st.integers(1, 99))
def test_percentiles_of_every_duration_are_within_two_percent(
    kind: str, lengths_ms: list[int], percent: int
) -> None:
    clock = {} if kind in ("hold_time", "wrap_up_time", "handle_time") else {"clock": "always"}
    written = {name: asked(kind, formula=name, **clock) for name in (f"p{percent}", "longest", "mean")}
    counts = counts_of(measure_of(kind, formula="mean", **clock), *(call(kind, ms) for ms in lengths_ms))
    ordered = sorted(lengths_ms)
    exact = {f"p{percent}": ordered[ceil(Fraction(percent * len(ordered), 100)) - 1], "longest": ordered[-1]}
    for formula, duration_ms in exact.items():
        shown_ms, one = read_value(written[formula], counts)
        assert one == 1
        assert 0 <= duration_ms - shown_ms <= duration_ms / 50
        assert duration_ms % SECOND or duration_ms > 60 * MINUTE or shown_ms == duration_ms
    assert read_value(written["mean"], counts) == (sum(lengths_ms), len(lengths_ms))
