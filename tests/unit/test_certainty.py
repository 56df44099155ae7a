"""How sure a share is."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.verdicts import Reason, State
from sla_stream.certainty import bounds, excludes
from sla_stream.measures import Reading
from sla_stream.verdict import judge
from tests.builders import objective

SURE = Fraction(95, 100)


def test_seventeen_of_twenty_may_be_anything_from_64_to_95_percent() -> None:
    found = bounds(Reading(17, 20, 20), SURE)
    assert found is not None
    assert (round(found.low, 2), round(found.high, 2)) == (0.64, 0.95)


def test_of_nobody_nothing_is_known() -> None:
    assert bounds(Reading(0, 0, 0), SURE) is None


@pytest.mark.parametrize(
    ("numerator", "state", "reason"),
    [
        (90, State.MET, Reason.TARGET_MET),
        (89, State.AT_RISK, Reason.MAY_BE_CHANCE),
        # Wilson's interval of 85 of 100 ends at 90.7 %, that of 84 at 89.9 %.
        (85, State.AT_RISK, Reason.MAY_BE_CHANCE),
        (84, State.BREACHED, Reason.TARGET_MISSED),
    ],
)
def test_missed_is_what_chance_does_not_explain(numerator: int, state: State, reason: Reason) -> None:
    one = objective(confidence="95%")
    assert judge(Reading(numerator, 100, 100), one) == (state, reason)


@pytest.mark.parametrize(
    ("numerator", "state"), [(5, State.MET), (6, State.AT_RISK), (9, State.AT_RISK), (10, State.BREACHED)]
)
def test_at_most_is_missed_above(numerator: int, state: State) -> None:
    measure = {"kind": "abandonment"}
    one = objective(measure=measure, target={"at_most": "5%"}, confidence="95%")
    assert judge(Reading(numerator, 100, 100), one).state is state


def test_of_all_promised_a_single_miss_is_certain() -> None:
    assert (
        judge(Reading(999, 1000, 1000), objective(target={"at_least": "100%"}, confidence="99%")).state
        is State.BREACHED
    )


shares = st.integers(1, 99).map(lambda n: Fraction(n, 100))


@given(st.integers(1, 5_000), st.data(), shares, st.sampled_from([Fraction(8, 10), SURE, Fraction(99, 100)]))
def test_the_comparison_in_whole_numbers_says_what_the_shown_bounds_say(
    n: int, data: st.DataObject, share: Fraction, confidence: Fraction
) -> None:
    reading = Reading(data.draw(st.integers(0, n)), n, n)
    found = bounds(reading, confidence)
    assert found is not None
    # On the very edge floats may round to either side.
    if min(abs(found.low - share), abs(found.high - share)) > 1e-9:
        assert excludes(reading, share, confidence) == (not found.low < share < found.high)
    assert found.low <= reading.numerator / n <= found.high or abs(found.high - 1) < 1e-9 or found.low < 1e-9
