"""Rule 3: tallies hold integers that add up; nobody is no verdict, never 100 %."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract import Objective
from schemas.facts import Fact, Forecast, Heartbeat
from schemas.verdicts import Reason, State
from sla_stream.boards import Boards
from sla_stream.changes import QueueKey
from sla_stream.counting import Counting
from sla_stream.measures.service_level import FORMULAS
from sla_stream.verdict import judge, value_of
from tests.builders import (
    PICKED_UP_IN_30S,
    bench_messages,
    counted,
    figures_from,
    in_batches,
    objective,
    promise,
    promised,
)
from tests.rules.stories import EVERYTHING, consistent, promises_of_everything, stories, time_of

PROMISES = promises_of_everything()


@given(stories())
def test_every_count_is_a_whole_number_and_none_is_negative(facts: list[Fact]) -> None:
    tallies = dict(counted(facts, PROMISES).tallies()).values()
    counts = [n for tally in tallies for of_measure in tally.measures.values() for n in of_measure.values()]
    assert all(type(n) is int and n >= 0 for n in counts)


@pytest.mark.parametrize("one", EVERYTHING, ids=lambda one: one.name)
def test_nobody_is_no_verdict(one: Objective) -> None:
    reading = promise(one).measure.read({}, one.measure)
    assert judge(reading, one) == (State.NO_DATA, Reason.NOTHING_TO_JUDGE)
    assert value_of(reading) is None


@given(stories())
def test_a_day_is_the_sum_of_its_quarter_hours(facts: list[Fact]) -> None:
    shown = figures_from(facts, PROMISES)
    for name in (f"service-level-by-{clock}" for clock in ("arrival", "outcome", "settled")):
        quarters = [f for f in shown if (f.objective, f.window, f.queue) == (name, "interval 15m", None)]
        days = [f for f in shown if (f.objective, f.window, f.queue) == (name, "day", None)]
        assert sum(f.numerator for f in quarters) == sum(f.numerator for f in days)
        assert sum(f.denominator for f in quarters) == sum(f.denominator for f in days)


@given(stories())
def test_all_queues_are_the_sum_of_each(facts: list[Fact]) -> None:
    shown = figures_from(facts, PROMISES)
    for name in (
        f"{kind}-by-{clock}" for kind in ("service-level", "abandonment") for clock in ("arrival", "outcome")
    ):
        for window in ("interval 15m", "day", "month"):
            mine = [f for f in shown if (f.objective, f.window) == (name, window)]
            for whole in (f for f in mine if f.queue is None):
                parts = [f for f in mine if f.queue is not None and f.start == whole.start]
                assert sum(f.numerator for f in parts) == whole.numerator
                assert sum(f.denominator for f in parts) == whole.denominator


@st.composite
def moments(draw: st.DrawFn) -> list[Fact]:
    """What has been told of some contacts by some moment, told as it should be."""
    contacts = draw(st.lists(consistent(), min_size=1, max_size=6))
    facts = [_of(f"{n}", fact) for n, told in enumerate(contacts) for fact in told]
    return sorted(facts, key=time_of)[: draw(st.integers(1, len(facts)))]


def _of(contact: str, fact: Fact) -> Fact:
    assert not isinstance(fact, Heartbeat | Forecast)
    return replace(fact, contact=contact)


OFFERED = promised(
    objective(measure=PICKED_UP_IN_30S | {"attribute_to": "arrival"}),
    objective(name="offered", measure={"kind": "volume"}, windows=["day"]),
)


@given(moments(), st.lists(st.integers(0, 20), max_size=6))
def test_who_was_offered_was_answered_has_abandoned_flowed_out_or_waits(
    facts: list[Fact], cuts: list[int]
) -> None:
    """At any moment, in each queue."""
    boards, counting = Boards(OFFERED), Counting(OFFERED)
    for one in in_batches(facts, cuts):
        for message in bench_messages(counting.observe(one)):
            boards.observe(message)
    offered, settled = dict[str, int](), dict[str, int]()
    for key, board in boards.boards.items():
        found = offered if key.measure == "volume" else settled
        found[key.queue] = sum(board.totals.values())
    for queue in boards.queues("acme", "voice"):
        waiting = len(boards.waiting(QueueKey("acme", "voice", queue)))
        assert offered.get(queue, 0) == settled.get(queue, 0) + waiting


def test_every_formula_reads_the_same_tally() -> None:
    """A later contract version may choose another formula over what is stored."""
    formulas = [*FORMULAS, "flowouts_missed"]
    keys = {
        promise(objective(measure=PICKED_UP_IN_30S | {"formula": formula})).measure.key for formula in formulas
    }
    assert len(formulas) == 8
    assert len(keys) == 1
