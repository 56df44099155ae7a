"""Volume: as many came as were forecast, or more, for as much of the window as has passed."""

from collections.abc import Sequence

import pytest

from schemas.facts import Fact, Forecast
from schemas.verdicts import State
from sla_stream.counting import Counting
from sla_stream.judging import Judging
from sla_stream.promises import Promises
from tests.builders import (
    MINUTE,
    answered,
    batch,
    bench_messages,
    heartbeat,
    instant,
    objective,
    offered,
    promised,
    transferred,
)

NINE = instant("09:00:00")
EXCLUDED = {
    "from": "2026-03-02T09:15",
    "to": "2026-03-02T09:30",
    "reason": "the client's lines failed",
    "approved_by": "n.n.",
}


def forecast(contacts: int, at: str, queue: str = "sales", said: str = "06:00:00") -> Forecast:
    return Forecast(client="acme", queue=queue, start=instant(at), at=instant(said), contacts=contacts)


def came(n: int, minute: int, queue: str = "sales") -> list[Fact]:
    """So many callers from that minute after nine on, all within it."""
    return [offered(f"{queue}-{minute}-{i}", NINE + minute * MINUTE + i, queue) for i in range(n)]


def volume(**written: object) -> Promises:
    one = {"measure": {"kind": "volume"}, "target": {"at_most": "110%"}, "windows": ["day"], **written}
    exclusions = one.pop("exclusions", [])
    return promised(objective(**one), exclusions=exclusions)


def judged(facts: Sequence[Fact], now: str, promises: Promises) -> tuple[int, int, State]:
    """Numerator, denominator and state of the only verdict."""
    counting, judging = Counting(promises), Judging(promises)
    changes = counting.observe(batch([*facts, heartbeat(now)]))
    judging.observe(bench_messages(changes, heard=now))
    (verdict,) = judging.tick(instant(now)).verdicts.values()
    return verdict.numerator, verdict.denominator, verdict.state


TWO_QUARTERS = [forecast(10, "09:00:00"), forecast(10, "09:15:00")]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("09:14:59.999", (0, 0, State.NO_DATA)),
        ("09:15:00", (11, 10, State.MET)),
        ("09:29:59.999", (11, 10, State.MET)),
        ("09:30:00", (23, 20, State.BREACHED)),
    ],
)
def test_only_quarter_hours_that_have_passed_are_held_against_their_forecast(
    now: str, expected: tuple[int, int, State]
) -> None:
    """11 came of 10, which is just allowed, then 12 of 10."""
    facts = [*TWO_QUARTERS, *came(11, 5), *(came(12, 16) if now > "09:16:00" else [])]
    assert judged(facts, now, volume()) == expected


def test_without_a_forecast_there_is_no_value() -> None:
    assert judged(came(11, 5), "10:00:00", volume()) == (0, 0, State.NO_DATA)


def test_a_quarter_hour_in_which_none_was_expected_and_some_came_counts() -> None:
    facts = [*TWO_QUARTERS, *came(5, 1), *came(6, 31)]
    assert judged(facts, "10:00:00", volume())[:2] == (11, 20)


def test_a_queue_of_which_nothing_was_forecast_is_left_out_on_both_sides() -> None:
    facts = [*TWO_QUARTERS, *came(5, 1), *came(50, 1, "complaints")]
    assert judged(facts, "10:00:00", volume())[:2] == (5, 20)


def test_queues_are_added_up() -> None:
    facts = [*TWO_QUARTERS, forecast(4, "09:00:00", "complaints"), *came(5, 1), *came(3, 1, "complaints")]
    assert judged(facts, "10:00:00", volume())[:2] == (8, 24)


def test_the_forecast_that_was_said_last_counts_though_it_was_said_afterwards() -> None:
    facts = [*TWO_QUARTERS, *came(5, 1), forecast(50, "09:00:00", said="11:00:00")]
    assert judged(facts, "12:00:00", volume())[:2] == (5, 60)


def test_what_is_left_out_is_left_out_of_the_forecast_too() -> None:
    facts = [*TWO_QUARTERS, *came(5, 1), *came(50, 16)]
    assert judged(facts, "10:00:00", volume(exclusions=[EXCLUDED]))[:2] == (5, 10)


def test_a_rolling_window_counts_the_whole_quarter_hours_within_it() -> None:
    """From 8:51 until 9:21 there is one, though minutes of three are in it."""
    facts = [forecast(7, "08:45:00"), *TWO_QUARTERS, *came(5, 1), *came(6, 16)]
    assert judged(facts, "09:20:30", volume(windows=["rolling 30m"]))[:2] == (5, 10)


def test_whoever_is_passed_on_comes_to_both_queues_and_nobody_comes_by_being_answered() -> None:
    facts: list[Fact] = [
        *TWO_QUARTERS,
        forecast(1, "09:00:00", "complaints"),
        offered(),
        answered(),
        transferred(at="09:01:00"),
        offered(at="09:01:00", queue="complaints", segment=1),
    ]
    assert judged(facts, "10:00:00", volume())[:2] == (2, 21)
