"""Will the target be met in the end? What is lost is told once; what goes wrong is at risk before it is missed."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.alerts import AlertEvent
from schemas.facts import Fact, Forecast
from schemas.policies import Target
from schemas.verdicts import Reason, State, Verdict
from sla_stream.counting import Counting
from sla_stream.judging import Judging
from sla_stream.measures import Reading
from sla_stream.promises import Promises
from sla_stream.prospects import Ahead, in_the_end, rate_needed
from sla_stream.verdict import Judgement, judge, meets
from sla_stream.wording import target_lost
from tests.builders import (
    MINUTE,
    abandoned,
    answered,
    batch,
    bench_messages,
    heartbeat,
    instant,
    objective,
    offered,
    promised,
)

AT_LEAST_90, AT_MOST_5 = objective(), objective(measure={"kind": "abandonment"}, target={"at_most": "5%"})


def ended(
    good: int, of: int, expected: int, recent: tuple[int, int] = (0, 0), one: Any = AT_LEAST_90
) -> Judgement:
    reading, ahead = Reading(good, of, of), Ahead(expected, False, Reading(*recent, recent[1]))
    return in_the_end(judge(reading, one), reading, one.target, ahead, 1)


@pytest.mark.parametrize(
    ("good", "state"), [(79, State.LOST), (80, State.BREACHED), (81, State.BREACHED), (90, State.MET)]
)
def test_a_period_is_lost_when_even_all_that_are_left_do_not_make_up_for_it(good: int, state: State) -> None:
    """80 of 100, and 100 more: 180 of 200 is just what was promised."""
    assert ended(good, 100, expected=100).state is state


@pytest.mark.parametrize(("gone", "state"), [(9, State.BREACHED), (10, State.BREACHED), (11, State.LOST)])
def test_at_most_is_lost_when_not_a_single_one_more_would_be_few_enough(gone: int, state: State) -> None:
    assert ended(gone, 100, expected=100, one=AT_MOST_5).state is state


def test_who_misses_when_nobody_is_left_to_come_has_lost() -> None:
    assert ended(89, 100, expected=0) == (State.LOST, Reason.OUT_OF_REACH)
    assert ended(90, 100, expected=0).state is State.MET


@pytest.mark.parametrize(
    ("recent", "state"),
    [
        ((84, 100), State.AT_RISK),
        ((85, 100), State.MET),
        ((86, 100), State.MET),
        ((0, 9), State.MET),
        ((0, 10), State.AT_RISK),
    ],
)
def test_what_is_met_is_at_risk_when_what_came_of_late_is_worse_than_what_is_needed(
    recent: tuple[int, int], state: State
) -> None:
    """95 of 100 and as many more: 85 % of them are needed. Nine contacts show no trend yet."""
    assert ended(95, 100, 100, recent).state is state


@pytest.mark.parametrize(
    ("recent", "state"), [((7, 100), State.AT_RISK), ((6, 100), State.MET), ((5, 100), State.MET)]
)
def test_at_most_is_at_risk_when_more_come_than_may(recent: tuple[int, int], state: State) -> None:
    assert ended(4, 100, 100, recent, AT_MOST_5).state is state


counts = st.integers(1, 200).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(counts, st.integers(0, 200), st.integers(1, 99), st.booleans())
def test_the_rate_needed_is_the_least_that_meets_the_target_and_lost_means_that_none_does(
    so_far: tuple[int, int], expected: int, percent: int, at_least: bool
) -> None:
    """Every way the rest could go, tried out."""
    (good, of), target = so_far, Target.model_validate({"at_least" if at_least else "at_most": f"{percent}%"})
    outcomes = [rest for rest in range(expected + 1) if meets(Reading(good + rest, of + expected, 0), target)]
    needed = rate_needed(Reading(good, of, of), target, expected)
    if needed is not None:
        kept = [
            rest
            for rest in range(expected + 1)
            if (rest >= needed * expected) is at_least or rest == needed * expected
        ]
        assert outcomes == kept
    one = objective(target=target)
    ahead = Ahead(expected, False, Reading(0, 0, 0))
    state = in_the_end(judge(Reading(good, of, of), one), Reading(good, of, of), target, ahead, 1).state
    assert (state is State.LOST) == (not outcomes)


def calls(at: int, in_time: int, late: int = 0, lost: int = 0) -> list[Fact]:
    facts: list[Fact] = []
    for number in range(in_time + late + lost):
        name = f"{at} {number}"
        end = abandoned if number >= in_time + late else answered
        facts += [offered(name, at), end(name, at + (10_000 if number < in_time else 40_000))]
    return facts


def forecast(contacts: int, at: str, queue: str = "sales") -> Forecast:
    return Forecast(client="acme", queue=queue, start=instant(at), contacts=contacts, at=instant("08:00:00"))


DAILY = objective(windows=["day"], alert={"window": "day"})


class Bench:
    """One partition and its judge."""

    def __init__(self, promises: Promises) -> None:
        self.counting, self.judging = Counting(promises), Judging(promises)

    def hear(self, *facts: Fact, at: str | int) -> Verdict:
        changes = self.counting.observe(batch([*facts, heartbeat(at)], self.counting.position.offset + 1))
        self.judging.observe(bench_messages(changes, heard=at))
        self.judging.tick(instant(at))
        (verdict,) = self.judging.verdicts.values()
        return verdict

    def told(self) -> list[AlertEvent]:
        told = dict(self.judging.unannounced())
        for key in told:
            self.judging.announced(key)
        return [alert.event for alert in told.values()]


def test_a_day_is_lost_by_what_was_forecast_and_that_is_told_once_until_it_ends() -> None:
    bench = Bench(promised(DAILY))
    nine = instant("09:00:00")
    expected = [forecast(20, "09:15:00"), forecast(20, "10:00:00")]
    verdict = bench.hear(*expected, *calls(nine, 16, 4), at="09:01:00")
    assert (verdict.state, verdict.expected, verdict.estimated) == (State.BREACHED, 40, False)
    assert verdict.rate_needed == pytest.approx((54 - 16) / 40)
    assert bench.told() == [AlertEvent.BREACH_OPENED]
    verdict = bench.hear(*calls(nine + 20 * MINUTE, 0, 6), at="09:30:00")
    assert (verdict.state, verdict.reason, verdict.expected) == (State.LOST, Reason.OUT_OF_REACH, 20)
    assert bench.told() == [AlertEvent.TARGET_LOST]
    for at in ("10:05:00", "12:00:00", "23:59:59"):
        assert bench.hear(at=at).state is State.LOST
        assert bench.told() == []
    assert bench.hear(*calls(instant("2026-03-03T09:00:00"), 10), at="2026-03-03T09:01:00").state is State.MET
    assert bench.told() == [AlertEvent.BREACH_RESOLVED]


def test_what_is_lost_before_anybody_was_told_is_told_at_once_and_once() -> None:
    slow = objective(windows=["day"], alert={"window": "day", "breach_after": "2h"})
    bench = Bench(promised(slow))
    bench.hear(forecast(1, "09:15:00"), *calls(instant("09:00:00"), 0, 10), at="09:01:00")
    (alert,) = (alert for _, alert in bench.judging.unannounced())
    assert (alert.event, alert.reason) == (AlertEvent.BREACH_OPENED, Reason.OUT_OF_REACH)
    assert bench.told() == [AlertEvent.BREACH_OPENED]
    bench.hear(at="11:30:00")
    assert bench.told() == []


def test_of_a_quarter_hour_that_runs_the_rest_is_expected_in_proportion() -> None:
    bench = Bench(promised(DAILY))
    verdict = bench.hear(forecast(30, "09:00:00"), *calls(instant("09:00:00"), 9, 1), at="09:10:00")
    assert verdict.expected == 10


def test_a_forecast_of_one_queue_says_nothing_of_two() -> None:
    bench = Bench(promised(DAILY))
    other: list[Fact] = [offered("b", "09:00:00", "support"), answered("b")]
    assert (
        bench.hear(forecast(30, "10:00:00"), *calls(instant("09:00:00"), 9), *other, at="09:10:00").expected
        is None
    )


def test_what_was_forecast_for_an_exclusion_is_not_expected() -> None:
    times = {"from": "2026-03-02T10:00", "to": "2026-03-02T11:00", "reason": "r", "approved_by": "a"}
    bench = Bench(promised(DAILY, exclusions=[times]))
    verdict = bench.hear(
        forecast(30, "10:45:00"), forecast(7, "11:00:00"), *calls(instant("09:00:00"), 9), at="09:10:00"
    )
    assert verdict.expected == 7


def _week(day: date, per_hour: int) -> list[Fact]:
    """From nine to noon."""
    return [fact for hour in (9, 10, 11) for fact in calls(instant(f"{day}T{hour:02}:00:00"), per_hour)]


def test_without_a_forecast_the_same_weekdays_of_earlier_weeks_tell_and_the_verdict_says_so() -> None:
    """Two Mondays with 6 and 8 calls an hour, six other days with 2; the month ends on Tuesday the 31st."""
    bench = Bench(promised(objective(windows=["month"], minimum_sample=1), lateness="40d"))
    first, facts = date(2026, 3, 16), list[Fact]()
    for days in range(14):
        day = first + timedelta(days=days)
        facts += _week(day, {date(2026, 3, 16): 6, date(2026, 3, 23): 8}.get(day, 2))
    verdict = bench.hear(*facts, at="2026-03-30T10:00:00")
    assert verdict.estimated
    # On Monday the hours from ten and from eleven, and the whole of Tuesday.
    assert verdict.expected == 7 + 7 + 3 * 2


#: A day of half-hours, of which eight in ten must have met 90 %; and their mean must be 80 %.
SLICED: dict[str, Any] = {"aggregation": "time_slices", "interval": "30m", "intervals_met": {"at_least": "80%"}}
AVERAGED: dict[str, Any] = {"aggregation": "mean_of_intervals", "interval": "30m", "target": {"at_least": "80%"}}


def half_hours(first: str, *in_time_of_ten: int) -> list[Fact]:
    start = instant(first)
    return [
        fact for number, n in enumerate(in_time_of_ten) for fact in calls(start + number * 30 * MINUTE, n, 10 - n)
    ]


@pytest.mark.parametrize(
    ("written", "met", "needed"), [(SLICED, 4, (8 - 4) / 4), (SLICED, 5, (8 - 5) / 4), (SLICED, 3, (8 - 3) / 4)]
)
def test_a_day_of_half_hours_needs_so_many_of_those_in_which_somebody_will_come(
    written: dict[str, Any], met: int, needed: float
) -> None:
    """Six are over; one runs and has missed so far, but may turn; three more were forecast."""
    bench = Bench(promised(objective(windows=["day"], **written)))
    expected = [forecast(n, at) for n, at in ((9, "12:15:00"), (0, "13:00:00"), (9, "13:30:00"), (9, "14:00:00"))]
    expected.append(forecast(9, "14:45:00"))
    over = half_hours("09:00:00", *[10] * met, *[0] * (6 - met))
    verdict = bench.hear(*expected, *over, *half_hours("12:00:00", 0), at="12:01:00")
    assert (verdict.expected, verdict.expected_are, verdict.estimated) == (4, "intervals", False)
    assert verdict.rate_needed == pytest.approx(needed)
    assert verdict.state is (State.LOST if needed > 1 else State.BREACHED)
    assert target_lost(verdict).endswith("with the 4 intervals that are still expected (forecast)")


@pytest.mark.parametrize(("last", "state"), [(1, State.LOST), (2, State.BREACHED), (3, State.BREACHED)])
def test_a_mean_of_half_hours_is_lost_when_the_best_that_are_left_do_not_lift_it(last: int, state: State) -> None:
    """Nine and two tenths of two that are over, of one that runs nothing yet: eight tenths of three are 2.4."""
    over = half_hours("09:00:00", 10, 2 + last)
    bench = Bench(promised(objective(windows=["day"], **AVERAGED)))
    verdict = bench.hear(forecast(10, "10:00:00"), *over, at="10:01:00")
    assert (verdict.expected, verdict.expected_are) == (1, "intervals")
    assert verdict.rate_needed == pytest.approx(3 * 0.8 - 1.2 - last / 10)
    assert verdict.state is state


def test_a_day_of_half_hours_is_at_risk_when_those_of_late_meet_less_often_than_is_needed() -> None:
    """Of fifteen to come ten must meet, two in three; of the ten in the newest third only six did."""
    expected = [forecast(9, f"{hour}:{minute}:00") for hour in range(15, 22) for minute in ("00", "30")]
    states: list[tuple[State, int | None]] = []
    for late in (6, 7):
        bench = Bench(promised(objective(windows=["day"], **SLICED)))
        over = half_hours("00:00:00", *[10] * 20, *[10] * late, *[0] * (10 - late))
        verdict = bench.hear(*expected, forecast(9, "22:00:00"), *over, at="15:01:00")
        assert verdict.rate_needed == pytest.approx((36 - 20 - late) / 15)
        states.append((verdict.state, verdict.expected))
    assert states == [(State.AT_RISK, 15), (State.MET, 15)]


def test_how_many_half_hours_come_is_seen_from_the_same_weekdays_too() -> None:
    """On one Monday calls came in three half-hours, on the other in one of them: two are expected from ten on."""
    bench = Bench(promised(objective(windows=["day"], minimum_sample=1, **SLICED), lateness="40d"))
    days = {"2026-03-16": ("10:00:00", "11:00:00", "12:00:00"), "2026-03-23": ("11:00:00",)}
    told = [fact for day, hours in days.items() for hour in hours for fact in calls(instant(f"{day}T{hour}"), 3)]
    verdict = bench.hear(*told, *calls(instant("2026-03-30T09:00:00"), 1), at="2026-03-30T09:40:00")
    assert (verdict.expected, verdict.estimated) == (2, True)


def test_what_was_left_out_in_earlier_weeks_is_not_expected_again() -> None:
    """On both Mondays the hour from ten was left out, in a queue or everywhere."""
    times = [
        {"from": f"{day}T10:00", "to": f"{day}T11:00", "reason": "r", "approved_by": "a", "queues": queues}
        for day, queues in (("2026-03-16", "all"), ("2026-03-23", ["sales", "support"]))
    ]
    bench = Bench(promised(objective(windows=["day"]), objective(name="m", windows=["month"]), exclusions=times))
    facts = [fact for days in range(14) for fact in _week(date(2026, 3, 16) + timedelta(days=days), 6)]
    changes = bench.counting.observe(batch([*facts, heartbeat("2026-03-30T09:45:00")]))
    bench.judging.observe(bench_messages(changes, heard="2026-03-30T09:45:00"))
    bench.judging.tick(instant("2026-03-30T09:45:00"))
    expected = {key.window: verdict.expected for key, verdict in bench.judging.verdicts.items()}
    assert expected["month"] == 0 + 6 + 3 * 6


def test_earlier_weeks_tell_of_a_month_that_has_only_begun() -> None:
    """They lie in the month before; whoever promised by the month asked for nothing of it."""
    bench = Bench(promised(objective(windows=["month"], minimum_sample=1), lateness="2d"))
    for days in range(35):
        day = date(2026, 3, 2) + timedelta(days=days)
        verdict = bench.hear(*_week(day, 3), at=f"{day}T12:00:00")
    assert (verdict.end, verdict.estimated) == (instant("2026-05-01T00:00"), True)
    assert verdict.expected == 9 * (30 - 5)


def test_of_a_weekday_that_nobody_has_seen_nothing_is_estimated() -> None:
    bench = Bench(promised(objective(windows=["month"]), lateness="40d"))
    verdict = bench.hear(*_week(date(2026, 3, 23), 6), *_week(date(2026, 3, 30), 6), at="2026-03-30T10:00:00")
    assert verdict.expected is not None
    bench = Bench(promised(objective(windows=["month"]), lateness="40d"))
    assert bench.hear(*_week(date(2026, 3, 27), 6), at="2026-03-30T10:00:00").expected is None


ROLLING = objective(windows=["rolling 30m"])


@pytest.mark.parametrize(
    ("oldest", "newest", "state", "reason"),
    [
        ((20, 0), (9, 1), State.MET, Reason.TARGET_MET),
        ((20, 0), (8, 2), State.AT_RISK, Reason.GETTING_WORSE),
        ((20, 0), (7, 2), State.MET, Reason.TARGET_MET),
        ((8, 2), (8, 2), State.MET, Reason.TARGET_MET),
    ],
)
def test_a_rolling_window_is_at_risk_when_its_newest_third_misses_and_is_worse_than_its_oldest(
    oldest: tuple[int, int], newest: tuple[int, int], state: State, reason: Reason
) -> None:
    """In the middle enough went well for the whole to be met. Nine contacts are too few to see a trend in."""
    bench = Bench(promised(ROLLING))
    facts = [
        *calls(instant("09:01:00"), *oldest),
        *calls(instant("09:15:00"), 40),
        *calls(instant("09:25:00"), *newest),
    ]
    verdict = bench.hear(*facts, at="09:30:00")
    assert (verdict.state, verdict.reason) == (state, reason)


def test_only_shares_of_contacts_have_an_outlook() -> None:
    wait = objective(measure={"kind": "wait"}, target={"at_most": "1ms"}, windows=["day"])
    bench = Bench(promised(wait))
    verdict = bench.hear(forecast(30, "10:00:00"), *calls(instant("09:00:00"), 10), at="09:10:00")
    assert (verdict.state, verdict.expected) == (State.BREACHED, None)


BURNING = objective(
    windows=["rolling 5m", "rolling 1h"],
    alert={"window": "rolling 5m", "burn_rate": {"over": "rolling 1h", "factor": 3}},
)


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        # 90 % leave a tenth: three tenths late are three times as fast, which is not yet more than that.
        ((0, 0), (7, 3), []),
        ((0, 0), (6, 4), [AlertEvent.BREACH_OPENED]),
        # Lately, but not over the hour.
        ((90, 0), (6, 4), []),
        # Over the hour, but not lately.
        ((0, 50), (9, 1), []),
    ],
)
def test_what_burns_too_fast_is_told_only_if_it_does_so_over_both_windows(
    before: tuple[int, int], now: tuple[int, int], told: list[AlertEvent]
) -> None:
    promises = promised(BURNING)
    one, counting = Judging(promises), Counting(promises)
    facts = [*calls(instant("08:30:00"), *before), *calls(instant("09:00:00"), *now), heartbeat("09:01:00")]
    one.observe(bench_messages(counting.observe(batch(facts)), heard="09:01:00"))
    one.tick(instant("09:01:00"))
    assert [alert.event for _, alert in one.unannounced()] == told
    if told:
        assert [(alert.reason, alert.summary.partition(":")[0]) for _, alert in one.unannounced()] == [
            (Reason.BURNING_FAST, "acme")
        ]


def test_the_fire_is_out_when_the_shorter_window_says_so() -> None:
    promises = promised(BURNING)
    one, counting = Judging(promises), Counting(promises)
    for at, facts in (
        ("09:01:00", calls(instant("09:00:00"), 6, 4)),
        ("09:10:00", calls(instant("09:09:00"), 10)),
    ):
        one.observe(bench_messages(counting.observe(batch(facts, counting.position.offset + 1)), heard=at))
        one.tick(instant(at))
        for key, _ in list(one.unannounced()):
            record = one.announced(key)
    assert record is None


@pytest.mark.parametrize(("waited_s", "soon"), [(24, 0), (25, 0), (25.001, 1), (29, 1), (30, 1), (30.001, 0)])
def test_who_will_have_waited_too_long_within_seconds_is_counted_before(waited_s: float, soon: int) -> None:
    one = objective(windows=["day"], alert={"window": "day", "crossing_soon": "5s"})
    bench = Bench(promised(one))
    offered_ms = instant("09:00:00")
    verdict = bench.hear(offered("a", offered_ms), at=offered_ms + int(waited_s * 1000))
    assert (verdict.crossing_soon, verdict.crossing_within_ms) == (soon, 5_000)
