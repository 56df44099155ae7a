"""What it takes until a missed share is met again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_stream.recovering import good_in_a_row


@pytest.mark.parametrize(("numerator", "contacts"), [(79, 5), (80, 0), (81, 0)])
def test_at_the_target_nothing_is_needed(numerator: int, contacts: int) -> None:
    assert good_in_a_row(numerator, 100, 0.8, at_most=False) == contacts


def test_of_those_that_count_against_it_fewer_must_come() -> None:
    # 6 abandons of 100 become 6 of 120, which is 5 %.
    assert good_in_a_row(6, 100, 0.05, at_most=True) == 20


@pytest.mark.parametrize(("target", "at_most"), [(1.0, False), (0.0, True)])
def test_what_was_promised_without_exception_cannot_be_made_up_for(target: float, at_most: bool) -> None:
    assert good_in_a_row(50, 100, target, at_most=at_most) is None


def test_a_tenth_is_a_tenth_and_not_what_a_float_makes_of_it() -> None:
    assert good_in_a_row(9, 10, 0.9, at_most=False) == 0


@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 99), st.booleans())
def test_so_many_are_enough_and_one_fewer_is_not(good: int, bad: int, percent: int, at_most: bool) -> None:
    needed = good_in_a_row(bad if at_most else good, good + bad, percent / 100, at_most=at_most)
    assert needed is not None

    def is_met(more: int) -> bool:
        total = good + bad + more
        return bad * 100 <= percent * total if at_most else (good + more) * 100 >= percent * total

    assert is_met(needed)
    assert needed == 0 or not is_met(needed - 1)
