"""Every figure of every objective, window by window."""

import pytest

from schemas.facts import Fact
from schemas.verdicts import State
from sla_stream.backtest import Backtest, Counted, Share
from sla_stream.boards import Boards
from sla_stream.counting import Counting
from sla_stream.figures import Figure
from sla_stream.promises import promises_of
from tests.builders import (
    PICKED_UP_IN_30S,
    answered,
    bench_messages,
    contract,
    figures_from,
    figures_of,
    heartbeat,
    in_batches,
    instant,
    objective,
    offered,
    promised,
    version,
)


def by_start(shown: list[Figure], queue: str | None = None) -> dict[str, tuple[int, int]]:
    return {
        figure.start.strftime("%d %H:%M"): (figure.numerator, figure.denominator)
        for figure in shown
        if figure.queue == queue
    }


def call(name: str, at: str, wait_s: int = 10, queue: str = "sales") -> list[Fact]:
    return [offered(name, at, queue), answered(name, instant(at) + wait_s * 1_000)]


def test_each_quarter_hour_has_its_figure() -> None:
    facts = [*call("a", "09:00:00"), *call("b", "09:14:59", 40), *call("c", "09:15:00")]
    shown = figures_from(facts, promised(objective(windows=["interval 15m"])))
    assert by_start(shown) == {"02 09:00": (1, 2), "02 09:15": (1, 1)}
    assert [figure.state for figure in shown] == [State.BREACHED, State.MET]


def test_a_figure_is_shown_by_the_contracts_clock() -> None:
    (figure,) = figures_from(call("a", "09:00:00"), promised(objective(windows=["day"])))
    row = figure.as_row()
    assert (row["from"], row["to"]) == ("2026-03-02T00:00:00+01:00", "2026-03-03T00:00:00+01:00")
    assert (row["value"], row["unit"], row["state"]) == (1.0, "ratio", "met")


def test_queues_are_judged_by_themselves_and_together() -> None:
    facts = [*call("a", "09:00:00"), *call("b", "09:00:00", 40, "support")]
    shown = figures_from(facts, promised(objective(windows=["day"], judge="both")))
    assert {figure.queue: (figure.numerator, figure.denominator) for figure in shown} == {
        None: (1, 2),
        "sales": (1, 1),
        "support": (0, 1),
    }


def test_only_the_named_queues_are_judged() -> None:
    facts = [*call("a", "09:00:00"), *call("b", "09:00:00", 40, "support")]
    shown = figures_from(facts, promised(objective(windows=["day"], queues=["sales"])))
    assert by_start(shown) == {"02 00:00": (1, 1)}


@pytest.mark.parametrize(("seen_at", "missed"), [("09:00:30", {}), ("09:00:30.001", {"02 09:00": (0, 1)})])
def test_who_still_waits_at_the_end_is_missed_once_the_threshold_has_passed(
    seen_at: str, missed: dict[str, tuple[int, int]]
) -> None:
    facts: list[Fact] = [offered(), heartbeat(seen_at)]
    assert by_start(figures_from(facts, promised(objective(windows=["interval 15m"])))) == missed


def test_a_window_is_read_under_the_version_in_force_when_it_began() -> None:
    strict = objective(measure=PICKED_UP_IN_30S | {"threshold": "20s"})
    one = contract(
        version(objective(windows=["interval 15m"]), effective="2026-01-01"),
        version(strict.model_copy(update={"windows": ["interval 15m"]}), effective="2026-03-03"),
    )
    facts = [*call("a", "23:59:50", 25), *call("b", "2026-03-03T00:00:00", 25)]
    assert by_start(figures_from(facts, promises_of([one]))) == {"02 23:45": (1, 1), "03 00:00": (0, 1)}


def test_before_the_first_version_nothing_is_judged() -> None:
    one = contract(version(objective(windows=["day"]), effective="2026-03-03"))
    assert figures_from(call("a", "09:00:00"), promises_of([one])) == []


def test_a_feed_that_was_never_heard_has_no_figures() -> None:
    assert figures_from([], promised(objective())) == []


def test_a_window_where_nobody_counts_in_the_formula_has_no_value() -> None:
    one = objective(measure=PICKED_UP_IN_30S | {"formula": "answered_only"}, windows=["day"])
    (figure,) = figures_from([offered(), heartbeat("09:01:00")], promised(one))
    assert (figure.value, figure.state) == (None, State.NO_DATA)


def test_a_queue_that_a_call_was_wrongly_counted_in_has_no_figure_even_of_the_last_minutes() -> None:
    """A late offer tells that anna waited elsewhere; whether anybody was told otherwise before is immaterial."""
    promises = promised(objective(windows=["rolling 15m"], judge="each_queue"))
    told: list[Fact] = [offered(at="09:00:10", queue="support"), answered(), offered(at="09:00:00", queue="sales")]
    boards, counting = Boards(promises), Counting(promises)
    for one in in_batches(told, range(3)):
        for message in bench_messages(counting.observe(one)):
            boards.observe(message)
    assert figures_of(boards, promises) == figures_from(told, promises)
    assert [figure.queue for figure in figures_of(boards, promises)] == ["sales"]


def test_a_backtest_in_batches_shows_what_one_batch_shows() -> None:
    promises = promised(objective(windows=["interval 15m", "day"], judge="both"), lateness="20m")
    facts = [
        fact for hour in range(9, 18) for fact in call(f"c{hour}", f"{hour:02}:00:00", 28 if hour % 2 else 31)
    ]
    backtest, counted = Backtest(promises), Counted(promises, Share())
    for offset in range(0, len(facts), 3):
        for told in counted.feed(list(enumerate(facts[offset : offset + 3], offset))):
            backtest.observe(told)
    backtest.observe(counted.done())
    assert figures_of(backtest.boards, promises) == figures_from(facts, promises)
    assert counted.position.received == len(facts)


def test_a_backtest_of_nothing_counted_nothing() -> None:
    counted = Counted(promised(objective()), Share())
    assert list(counted.feed([])) == []
    assert counted.done().messages == []
    assert counted.position.received == 0
