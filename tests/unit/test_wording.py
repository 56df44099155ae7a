"""Figures and alerts as people read them."""

import pytest

from schemas.verdicts import Reason, State, Verdict
from schemas.words import Unit
from sla_stream import wording
from tests.builders import instant


def verdict(
    queue: str | None = "sales",
    value: float | None = 0.825,
    unit: Unit = "ratio",
    target: float = 0.9,
    at_most: bool = False,
) -> Verdict:
    at = instant("09:00:00")
    return Verdict(
        client="acme",
        contract="hotline",
        objective="picked-up-in-30s",
        channel="voice",
        queue=queue,
        window="rolling 15m",
        start=at,
        end=at,
        at=at,
        numerator=33,
        denominator=40,
        value=value,
        unit=unit,
        target=target,
        at_most=at_most,
        state=State.BREACHED,
        reason=Reason.TARGET_MISSED,
        sample=40,
        waiting=0,
        waiting_past_threshold=0,
        longest_wait_ms=None,
    )


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.825, "ratio", "82.5%"),
        (1.0, "ratio", "100.0%"),
        (0.0, "ratio", "0.0%"),
        (20_000.0, "ms", "20.0 s"),
        (-12.34, "points", "-12.4 points"),
        (30.0, "points", "30.0 points"),
        (4.256, "score", "4.25"),
        (None, "ratio", "no verdict"),
        (None, "ms", "no verdict"),
    ],
)
def test_a_figure_is_a_percentage_seconds_points_or_a_score(value: float | None, unit: Unit, text: str) -> None:
    assert wording.figure(value, unit) == text


def test_a_breach_says_where_how_much_and_what_was_promised() -> None:
    assert wording.breach_opened(verdict()) == (
        "acme: picked-up-in-30s in sales is at 82.5% over rolling 15m (40 contacts); at least 90.0% was promised"
    )


def test_a_breach_of_all_queues_names_none() -> None:
    assert "in all queues" in wording.breach_opened(verdict(queue=None))


def test_a_promised_duration_is_an_upper_bound() -> None:
    slow = verdict(value=25_000, unit="ms", target=20_000, at_most=True)
    assert wording.promised(slow) == "at most 20.0 s"


def test_a_recovery_says_how_it_stands_now() -> None:
    assert wording.breach_resolved(verdict(value=0.95)) == (
        "acme: picked-up-in-30s in sales is back at 95.0% over rolling 15m"
    )


def test_a_silent_feed_says_that_nothing_can_be_said() -> None:
    assert wording.feed_silent("acme", "voice") == (
        "acme: no voice facts arrive in opening hours; its figures cannot be measured"
    )
    assert wording.feed_resumed("acme", "voice") == "acme: voice facts arrive again"


@pytest.mark.parametrize(
    ("value", "at_most", "text"),
    [
        (0.89999, False, "89.9%"),
        (0.9, False, "90.0%"),
        (0.90001, False, "90.0%"),
        (0.05001, True, "5.1%"),
        (0.05, True, "5.0%"),
        (0.04999, True, "5.0%"),
    ],
)
def test_a_value_that_misses_never_looks_as_if_it_did_not(value: float, at_most: bool, text: str) -> None:
    assert wording.figure(value, "ratio", at_most=at_most) == text
