"""Hold, wrap-up and handle time of answered contacts."""

import pytest

from schemas.contract import Objective
from schemas.facts import Fact
from sla_stream.measures import FactsMeasure
from tests.builders import (
    MINUTE,
    SECOND,
    abandoned,
    answered,
    by_facts,
    contact_of,
    ended,
    held,
    instant,
    objective,
    offered,
    promise,
    read_value,
    retrieved,
    transferred,
    wrapped,
)

KINDS = ("hold_time", "wrap_up_time", "handle_time")


def timed(kind: str, formula: str = "mean", clock: str = "arrival") -> Objective:
    measure = {"kind": kind, "formula": formula, "attribute_to": clock}
    return objective(measure=measure, target={"at_most": "20s"})


def measure_of(kind: str, clock: str = "arrival") -> FactsMeasure:
    return by_facts(promise(timed(kind, clock=clock)).measure)


def seconds(kind: str, *fate: Fact) -> int | None:
    """Of a caller who was offered at nine and answered twenty seconds later."""
    facts = contact_of(offered(), answered(at="09:00:20"), *fate).facts
    found = [
        dict(one.counts)["sum_ms"] // SECOND for one in measure_of(kind).settle(facts) if len(one.counts) == 2
    ]
    return found[0] if found else None


@pytest.mark.parametrize(
    ("fate", "hold", "wrap_up", "handle"),
    [
        ([], None, None, None),
        # Ended and never wrapped up: nobody knows yet how long it took.
        ([ended(at="09:05:20")], 0, None, None),
        ([ended(at="09:05:20"), wrapped(at="09:06:20")], 0, 60, 360),
        ([ended(at="09:05:20"), wrapped(at="09:05:20")], 0, 0, 300),
        # Wrapped up without an end: it ended then.
        ([wrapped(at="09:05:20")], 0, 0, 300),
        ([held(at="09:01:00")], None, None, None),
        ([held(at="09:01:00"), retrieved(at="09:02:00")], None, None, None),
        ([held(at="09:01:00"), retrieved(at="09:02:00"), ended(at="09:05:20")], 60, None, None),
        (
            [
                held(at="09:01:00"),
                retrieved(at="09:02:00"),
                held(at="09:03:00"),
                retrieved(at="09:03:30"),
                ended(at="09:05:20"),
                wrapped(at="09:06:00"),
            ],
            90,
            40,
            340,
        ),
        # Hung up on hold, or passed on from there.
        ([held(at="09:01:00"), ended(at="09:02:00"), wrapped(at="09:02:30")], 60, 30, 130),
        ([held(at="09:01:00"), transferred(at="09:02:00"), wrapped(at="09:02:30")], 60, 30, 130),
        # What comes afterwards does not lengthen it.
        ([transferred(at="09:02:00"), ended(at="09:09:00"), wrapped(at="09:10:00")], 0, 480, 580),
        ([ended(at="09:05:20"), wrapped(at="09:06:20"), wrapped(at="09:30:00")], 0, 60, 360),
    ],
)
def test_each_is_known_when_it_is_over(
    fate: list[Fact], hold: int | None, wrap_up: int | None, handle: int | None
) -> None:
    assert [seconds(kind, *fate) for kind in KINDS] == [hold, wrap_up, handle]


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_handles_who_gave_up(kind: str) -> None:
    facts = contact_of(offered(), abandoned(), ended(), wrapped()).facts
    assert list(measure_of(kind).settle(facts)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_conversation_that_ended_before_its_answer_took_no_time(kind: str) -> None:
    """Clocks of two machines, a second apart."""
    facts = contact_of(offered(), ended(at="09:00:19"), answered(at="09:00:20"), wrapped(at="09:00:20")).facts
    assert [dict(one.counts)["sum_ms"] for one in measure_of(kind).settle(facts)] == [0]


@pytest.mark.parametrize("kind", KINDS)
def test_neither_did_one_that_was_wrapped_up_before_its_answer(kind: str) -> None:
    facts = contact_of(offered(), wrapped(at="09:00:19"), answered(at="09:00:20")).facts
    assert [dict(one.counts)["sum_ms"] for one in measure_of(kind).settle(facts)] == [0]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("clock", "at"), [("arrival", "09:00:00"), ("outcome", "09:00:20")])
def test_it_belongs_to_the_interval_of_the_offer_or_of_the_answer(kind: str, clock: str, at: str) -> None:
    facts = contact_of(offered(), answered(at="09:00:20"), ended(), wrapped()).facts
    assert [one.at_ms for one in measure_of(kind, clock).settle(facts)] == [instant(at)]


def test_what_is_told_of_hold_out_of_place_is_counted_apart() -> None:
    facts = contact_of(
        offered(), held(at="09:00:10"), answered(at="09:00:20"), retrieved(at="09:01:00"), ended(at="09:05:00")
    ).facts
    settled = measure_of("hold_time").settle(facts)
    assert [one.counts for one in settled[:2]] == [(("held_untalking", 1),), (("retrieved_unheld", 1),)]
    assert [one.at_ms for one in settled[:2]] == [instant("09:00:10"), instant("09:01:00")]
    counts = {name: n for one in settled for name, n in one.counts}
    assert read_value(timed("hold_time"), counts) == (0, 1)
    assert len(list(measure_of("handle_time").settle(facts))) == 0


def test_of_nobody_who_was_offered_nothing_is_known() -> None:
    facts = contact_of(held(), retrieved(), ended(), wrapped()).facts
    assert [list(measure_of(kind).settle(facts)) for kind in KINDS] == [[], [], []]


def test_means_add_up() -> None:
    """Handle time is talk, hold included, and wrap-up."""
    fate = (held(at="09:01:00"), retrieved(at="09:02:00"), ended(at="09:05:20"), wrapped(at="09:06:20"))
    talk_seconds = (instant("09:05:20") - instant("09:00:20")) // SECOND
    assert seconds("handle_time", *fate) == talk_seconds + (seconds("wrap_up_time", *fate) or 0)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_due(kind: str) -> None:
    measure = measure_of(kind)
    assert list(measure.deadlines(contact_of(offered(), answered()).facts)) == []
    assert measure.missed == ()
    assert measure.overdue is None


def test_it_is_read_like_every_duration() -> None:
    counts = {"sum_ms": 5 * MINUTE, "bucket:60000": 1, "bucket:240000": 1}
    read = [read_value(timed("handle_time", formula), counts) for formula in ("mean", "longest", "p50")]
    assert read == [(5 * MINUTE, 2), (4 * MINUTE, 1), (MINUTE, 1)]
