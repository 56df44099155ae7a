"""Is the promise kept? On the target is kept; too small a sample says nothing."""

import pytest

from schemas.contract import Objective
from schemas.verdicts import Reason, State
from sla_stream.measures import Reading
from sla_stream.verdict import judge, meets, value_of
from tests.builders import objective

AT_LEAST_90 = objective(target={"at_least": "90%"})
AT_MOST_20S = objective(measure={"kind": "wait"}, target={"at_most": "20s"})


@pytest.mark.parametrize(
    ("numerator", "state", "reason"),
    [
        (899, State.BREACHED, Reason.TARGET_MISSED),
        (900, State.MET, Reason.TARGET_MET),
        (901, State.MET, Reason.TARGET_MET),
    ],
)
def test_at_least_is_kept_on_the_target(numerator: int, state: State, reason: Reason) -> None:
    assert judge(Reading(numerator, 1000, 1000), AT_LEAST_90) == (state, reason)


@pytest.mark.parametrize(("sum_ms", "state"), [(59_999, State.MET), (60_000, State.MET), (60_001, State.BREACHED)])
def test_at_most_is_kept_on_the_target(sum_ms: int, state: State) -> None:
    """Three callers, so 20 s each on average."""
    assert judge(Reading(sum_ms, 3, 3), AT_MOST_20S).state is state


@pytest.mark.parametrize(
    ("sample", "state", "reason"),
    [
        (9, State.TOO_FEW, Reason.SAMPLE_TOO_SMALL),
        (10, State.MET, Reason.TARGET_MET),
        (11, State.MET, Reason.TARGET_MET),
    ],
)
def test_fewer_than_the_minimum_sample_prove_nothing(sample: int, state: State, reason: Reason) -> None:
    assert judge(Reading(sample, sample, sample), objective(minimum_sample=10)) == (state, reason)


def test_nobody_is_no_verdict() -> None:
    assert judge(Reading(0, 0, 0), AT_LEAST_90) == (State.NO_DATA, Reason.NOTHING_TO_JUDGE)
    assert value_of(Reading(0, 0, 0)) is None


@pytest.mark.parametrize(("share", "tenths"), [(f"{n}0%", n) for n in range(1, 10)])
def test_shares_are_compared_in_whole_numbers_whatever_a_float_makes_of_them(share: str, tenths: int) -> None:
    target = objective(target={"at_least": share}).target
    assert meets(Reading(3 * tenths, 30, 30), target)
    assert not meets(Reading(3 * tenths * 10**15 - 1, 30 * 10**15, 30), target)


@pytest.mark.parametrize(("numerator", "is_clear"), [(919, False), (920, True), (921, True)])
def test_a_stricter_bound_takes_the_place_of_the_target(numerator: int, is_clear: bool) -> None:
    one: Objective = objective(alert={"window": "rolling 15m", "clear_at": "92%"})
    assert one.alert is not None
    assert meets(Reading(numerator, 1000, 1000), one.target, one.alert.clear_at) is is_clear


def test_a_value_is_a_number_to_show() -> None:
    assert value_of(Reading(9, 10, 10)) == 0.9
