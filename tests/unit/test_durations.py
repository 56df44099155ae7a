"""How long it took: exact means, and percentiles from buckets held against a plain sorted list."""

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract import Objective
from schemas.facts import Fact
from schemas.tallies import Counts
from sla_stream.measures import Settlement
from sla_stream.measures.durations import bucket_ms
from sla_stream.tally import add
from tests.builders import (
    HOUR,
    SECOND,
    abandoned,
    answered,
    by_life,
    ended,
    flowed_out,
    instant,
    life_of,
    objective,
    offered,
    promise,
    read_value,
)


def timed(kind: str, formula: str = "mean", clock: str = "arrival") -> Objective:
    measure = {"kind": kind, "formula": formula, "attribute_to": clock}
    return objective(measure=measure, target={"at_most": "20s"})


def counts_of(waits_ms: list[int]) -> Counts:
    """The tally of callers who were picked up after so long."""
    measure, counts = promise(timed("speed_of_answer")).measure, Counts()
    for wait_ms in waits_ms:
        settlement = by_life(measure).settle(life_of(offered(), answered(at=instant("09:00:00") + wait_ms)))
        assert settlement is not None
        add(counts, settlement.counts)
    return counts


@given(st.integers(0, 400 * HOUR))
def test_a_bucket_is_at_most_two_percent_below_what_it_holds(duration_ms: int) -> None:
    edge = bucket_ms(duration_ms)
    assert edge <= duration_ms
    assert (duration_ms - edge) * 50 <= duration_ms
    assert bucket_ms(edge) == edge


def test_whole_seconds_are_exact_up_to_an_hour() -> None:
    seconds = [second * SECOND for second in range(3_601)]
    assert [bucket_ms(duration_ms) for duration_ms in seconds] == seconds


@pytest.mark.parametrize(
    ("duration_ms", "edge_ms"),
    [
        (99, 99),
        (101, 100),
        (3_599_999, 3_599_000),
        (3_600_000, 3_600_000),
        (3_600_001, 3_600_000),
        (3_659_999, 3_600_000),
        (50 * HOUR + HOUR - 1, 50 * HOUR),
    ],
)
def test_buckets_widen_with_the_duration(duration_ms: int, edge_ms: int) -> None:
    assert bucket_ms(duration_ms) == edge_ms


waits = st.lists(st.integers(0, 2 * HOUR), min_size=1, max_size=60)


@given(waits, st.integers(1, 99))
def test_a_percentile_is_the_nearest_rank_of_a_sorted_list(waits_ms: list[int], percent: int) -> None:
    exact = sorted(waits_ms)[ceil(Fraction(percent * len(waits_ms), 100)) - 1]
    assert read_value(timed("speed_of_answer", f"p{percent}"), counts_of(waits_ms)) == (bucket_ms(exact), 1)


@given(waits)
def test_the_mean_is_exact_and_the_longest_is_the_last_bucket(waits_ms: list[int]) -> None:
    counts = counts_of(waits_ms)
    assert read_value(timed("speed_of_answer", "mean"), counts) == (sum(waits_ms), len(waits_ms))
    assert read_value(timed("speed_of_answer", "longest"), counts) == (bucket_ms(max(waits_ms)), 1)


@pytest.mark.parametrize("formula", ["mean", "longest", "p50", "p99"])
def test_of_nobody_there_is_no_duration(formula: str) -> None:
    assert read_value(timed("wait", formula), {}) == (0, 0)


@pytest.mark.parametrize(("callers", "rank"), [(19, 19), (20, 19), (21, 20), (100, 95), (101, 96)])
def test_p95_of_so_many_callers_is_the_one_at_this_rank(callers: int, rank: int) -> None:
    """Caller n waited n seconds."""
    counts = counts_of([n * SECOND for n in range(1, callers + 1)])
    assert read_value(timed("speed_of_answer", "p95"), counts) == (rank * SECOND, 1)


@pytest.mark.parametrize(
    ("kind", "fate", "duration_ms"),
    [
        ("speed_of_answer", [answered(at="09:00:20")], 20_000),
        ("speed_of_answer", [abandoned(at="09:00:20")], None),
        ("time_to_abandon", [abandoned(at="09:00:20")], 20_000),
        ("time_to_abandon", [answered(at="09:00:20")], None),
        ("wait", [answered(at="09:00:20")], 20_000),
        ("wait", [abandoned(at="09:00:20")], 20_000),
        ("wait", [flowed_out(at="09:00:20")], 20_000),
        ("talk_time", [answered(at="09:00:20")], None),
        ("talk_time", [answered(at="09:00:20"), ended(at="09:01:00")], 40_000),
        ("talk_time", [abandoned(at="09:00:20"), ended(at="09:01:00")], None),
        ("talk_time", [ended(at="09:00:10"), answered(at="09:00:20")], 0),
    ],
)
def test_each_duration_has_its_contacts(kind: str, fate: list[Fact], duration_ms: int | None) -> None:
    settlement = by_life(promise(timed(kind)).measure).settle(life_of(offered(), *fate))
    if duration_ms is None:
        assert settlement is None
    else:
        assert settlement == Settlement(
            instant("09:00:00"), (("sum_ms", duration_ms), (f"bucket:{bucket_ms(duration_ms)}", 1))
        )


@pytest.mark.parametrize(("clock", "at"), [("arrival", "09:00:00"), ("outcome", "09:00:20")])
def test_a_duration_belongs_to_the_interval_of_arrival_or_outcome(clock: str, at: str) -> None:
    settlement = by_life(promise(timed("wait", clock=clock)).measure).settle(
        life_of(offered(), answered(at="09:00:20"))
    )
    assert settlement is not None
    assert settlement.at_ms == instant(at)


@pytest.mark.parametrize("kind", ["speed_of_answer", "time_to_abandon", "wait", "talk_time"])
def test_how_long_it_takes_is_not_known_before_it_is_over(kind: str) -> None:
    assert promise(timed(kind)).measure.overdue is None
