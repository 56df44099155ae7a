"""Rule 3: tallies hold integers that add up; nobody is no verdict, never 100 %."""

import pytest
from hypothesis import given

from schemas.contract import Objective
from schemas.facts import Fact
from schemas.verdicts import Reason, State
from sla_stream.measures.service_level import FORMULAS
from sla_stream.verdict import judge, value_of
from tests.builders import PICKED_UP_IN_30S, counted, figures_from, objective, promise
from tests.rules.stories import EVERYTHING, promises_of_everything, stories

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


def test_every_formula_reads_the_same_tally() -> None:
    """A later contract version may choose another formula over what is stored."""
    formulas = [*FORMULAS, "flowouts_missed"]
    keys = {
        promise(objective(measure=PICKED_UP_IN_30S | {"formula": formula})).measure.key for formula in formulas
    }
    assert len(formulas) == 8
    assert len(keys) == 1
