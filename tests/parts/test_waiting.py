"""Waiting ends with an answer or with a sentence."""

import pytest

from tests.parts.waiting import wait_until


def test_the_answer_waited_for_is_returned() -> None:
    answers = iter([0, None, "", "there"])
    assert wait_until(lambda: next(answers), 5, "an answer") == "there"


def test_past_the_deadline_it_is_said_what_did_not_happen() -> None:
    with pytest.raises(AssertionError, match=r"waited 0\.05 s for rain; the last answer was 0"):
        wait_until(lambda: 0, 0.05, "rain")


def test_it_is_asked_once_even_if_there_is_no_time() -> None:
    assert wait_until(lambda: "there", 0, "an answer") == "there"
