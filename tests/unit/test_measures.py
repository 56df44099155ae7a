"""What is counted for an objective: thresholds to the millisecond, clocks, and the eight formulas."""

from collections.abc import Callable

import pytest

from schemas.facts import Fact
from schemas.tallies import Counts
from sla_stream.measures import Measure, Settlement
from sla_stream.scopes import with_overdue
from sla_stream.waiting import Waiting
from sla_stream.windows import Span
from tests.builders import (
    HOUR,
    PICKED_UP_IN_30S,
    abandoned,
    answered,
    by_life,
    flowed_out,
    instant,
    life_of,
    objective,
    offered,
    promise,
    read_value,
)

OFFERED_MS = instant("09:00:00")


def service_level(**written: str) -> Measure:
    return promise(objective(measure=PICKED_UP_IN_30S | written)).measure


def abandonment(**written: str) -> Measure:
    spec = {"kind": "abandonment", "formula": "all_abandons", "short_abandons": "5s"} | written
    return promise(objective(measure=spec, target={"at_most": "5%"})).measure


def settled(measure: Measure, outcome: Fact) -> Settlement:
    settlement = by_life(measure).settle(life_of(offered(at=OFFERED_MS), outcome))
    assert settlement is not None
    return settlement


def class_of(measure: Measure, outcome: Fact) -> str:
    ((name, n),) = settled(measure, outcome).counts
    assert n == 1
    return name


@pytest.mark.parametrize(
    ("wait_ms", "how"), [(0, "in_time"), (29_999, "in_time"), (30_000, "in_time"), (30_001, "late")]
)
@pytest.mark.parametrize(("outcome", "name"), [(answered, "answered"), (flowed_out, "flowed_out")])
def test_up_to_and_including_the_threshold_is_in_time(
    wait_ms: int, how: str, outcome: Callable[..., Fact], name: str
) -> None:
    assert class_of(service_level(), outcome(at=OFFERED_MS + wait_ms)) == f"{name}_{how}"


@pytest.mark.parametrize(
    ("wait_ms", "name"),
    [
        (4_999, "abandoned_short"),
        (5_000, "abandoned_short"),
        (5_001, "abandoned_in_time"),
        (29_999, "abandoned_in_time"),
        (30_000, "abandoned_in_time"),
        (30_001, "abandoned_late"),
    ],
)
def test_who_hangs_up_at_once_is_a_short_abandon(wait_ms: int, name: str) -> None:
    assert class_of(service_level(), abandoned(at=OFFERED_MS + wait_ms)) == name


@pytest.mark.parametrize(("wait_ms", "name"), [(0, "abandoned_in_time"), (1, "abandoned_in_time")])
def test_without_short_abandons_nobody_hangs_up_too_soon(wait_ms: int, name: str) -> None:
    measure = service_level(formula="abandons_missed", short_abandons="0s")
    assert class_of(measure, abandoned(at=OFFERED_MS + wait_ms)) == name


@pytest.mark.parametrize(
    ("wait_ms", "settled_after_ms"), [(29_999, 29_999), (30_000, 30_000), (30_001, 30_000), (600_000, 30_000)]
)
def test_by_the_settled_clock_fate_is_known_at_the_outcome_or_the_threshold(
    wait_ms: int, settled_after_ms: int
) -> None:
    settlement = settled(service_level(attribute_to="settled"), answered(at=OFFERED_MS + wait_ms))
    assert settlement.at_ms == OFFERED_MS + settled_after_ms


@pytest.mark.parametrize(
    ("clock", "at"), [("arrival", "09:00:00"), ("outcome", "09:00:40"), ("settled", "09:00:30")]
)
def test_the_contract_chooses_whose_instant_decides_the_interval(clock: str, at: str) -> None:
    assert settled(service_level(attribute_to=clock), answered(at="09:00:40")).at_ms == instant(at)


@pytest.mark.parametrize(("wait_ms", "is_missed"), [(29_999, False), (30_000, False), (30_001, True)])
@pytest.mark.parametrize(("clock", "at"), [("arrival", "09:00:00"), ("settled", "09:00:30")])
def test_who_still_waits_is_missed_once_the_threshold_has_passed(
    wait_ms: int, is_missed: bool, clock: str, at: str
) -> None:
    overdue, missed_at_ms = service_level(attribute_to=clock).overdue, instant(at)
    assert overdue is not None
    counts = with_overdue(
        {}, overdue, Waiting([[OFFERED_MS]]), Span(missed_at_ms, missed_at_ms + 1), OFFERED_MS + wait_ms
    )
    assert counts == ({"waiting_late": 1} if is_missed else {})


@pytest.mark.parametrize(("end_after_ms", "missed"), [(0, 0), (1, 1)])
@pytest.mark.parametrize(("clock", "at"), [("arrival", "09:00:00"), ("settled", "09:00:30")])
def test_who_is_missed_belongs_to_the_window_of_that_instant(
    end_after_ms: int, missed: int, clock: str, at: str
) -> None:
    overdue, span = service_level(attribute_to=clock).overdue, Span(0, instant(at) + end_after_ms)
    assert overdue is not None
    counts = with_overdue({}, overdue, Waiting([[OFFERED_MS]]), span, OFFERED_MS + HOUR)
    assert counts.get("waiting_late", 0) == missed


def test_by_the_outcome_clock_who_still_waits_is_not_counted_yet() -> None:
    assert service_level(attribute_to="outcome").overdue is None


@pytest.mark.parametrize(
    "kind", ["service_level", "abandonment", "speed_of_answer", "time_to_abandon", "wait", "talk_time"]
)
def test_a_contact_without_outcome_settles_nothing(kind: str) -> None:
    written = {"service_level": PICKED_UP_IN_30S}.get(kind, {"kind": kind})
    target = (
        {"at_least": "90%"} if kind == "service_level" else {"at_most": "5%" if kind == "abandonment" else "20s"}
    )
    measure = promise(objective(measure=written, target=target)).measure
    assert by_life(measure).settle(life_of(offered())) is None


#: Seven answered in time and two late; one short abandon, two in time and three late; four flowed out in time
#: and five late; six still wait past the threshold.
FLOOR: Counts = {
    "answered_in_time": 7,
    "answered_late": 2,
    "abandoned_short": 1,
    "abandoned_in_time": 2,
    "abandoned_late": 3,
    "flowed_out_in_time": 4,
    "flowed_out_late": 5,
    "waiting_late": 6,
}


@pytest.mark.parametrize(
    ("formula", "numerator", "denominator"),
    [
        ("abandons_met", 10, 21),
        ("answered_only", 7, 9),
        ("abandons_missed", 7, 21),
        ("abandons_in_time_ignored", 7, 18),
        ("short_abandons_met", 8, 21),
        ("short_abandons_ignored", 7, 20),
        ("flowouts_missed", 7, 30),
        ("removed_in_time", 14, 30),
    ],
)
def test_eight_formulas_read_one_floor(formula: str, numerator: int, denominator: int) -> None:
    one = objective(measure=PICKED_UP_IN_30S | {"formula": formula})
    assert read_value(one, FLOOR) == (numerator, denominator)


@pytest.mark.parametrize(
    ("over", "numerator", "denominator"),
    [
        ("abandons_met", 10, 30),
        ("answered_only", 7, 18),
        ("abandons_missed", 7, 30),
        ("abandons_in_time_ignored", 7, 27),
        ("short_abandons_met", 8, 30),
        ("short_abandons_ignored", 7, 29),
    ],
)
def test_flow_outs_can_be_missed_under_any_formula(over: str, numerator: int, denominator: int) -> None:
    one = objective(measure=PICKED_UP_IN_30S | {"formula": "flowouts_missed", "flowouts_over": over})
    assert read_value(one, FLOOR) == (numerator, denominator)


@pytest.mark.parametrize(
    ("formula", "numerator", "denominator"), [("all_abandons", 5, 25), ("short_abandons_ignored", 4, 24)]
)
def test_abandonment_with_and_without_the_short_ones(formula: str, numerator: int, denominator: int) -> None:
    spec = {"kind": "abandonment", "formula": formula, "short_abandons": "5s"}
    one = objective(measure=spec, target={"at_most": "5%"})
    counts = {"answered": 20, "abandoned": 4, "abandoned_short": 1}
    assert read_value(one, counts) == (numerator, denominator)


@pytest.mark.parametrize(
    ("wait_ms", "name"), [(4_999, "abandoned_short"), (5_000, "abandoned_short"), (5_001, "abandoned")]
)
def test_abandonment_knows_short_abandons_too(wait_ms: int, name: str) -> None:
    assert class_of(abandonment(), abandoned(at=OFFERED_MS + wait_ms)) == name


def test_who_flowed_out_was_neither_served_nor_gave_up() -> None:
    assert by_life(abandonment()).settle(life_of(offered(), flowed_out())) is None


@pytest.mark.parametrize(("clock", "at"), [("arrival", "09:00:00"), ("outcome", "09:00:40")])
def test_abandonment_belongs_to_the_interval_of_arrival_or_outcome(clock: str, at: str) -> None:
    assert settled(abandonment(attribute_to=clock), abandoned(at="09:00:40")).at_ms == instant(at)


@pytest.mark.parametrize(
    "other", [{"threshold": "20s"}, {"short_abandons": "4s"}, {"attribute_to": "outcome"}], ids=str
)
def test_measures_that_count_differently_have_different_keys(other: dict[str, str]) -> None:
    assert service_level(**other).key != service_level().key


def test_objectives_that_read_differently_share_a_measure() -> None:
    assert service_level(formula="answered_only") == service_level(formula="removed_in_time")
