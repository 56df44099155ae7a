"""Rule 7: what one fact costs depends neither on the number and length of windows, nor on who shares a measure."""

import pytest

from schemas.facts import Fact
from schemas.tallies import TallyMessage
from sla_stream.board import Board, ZonedWindow
from sla_stream.changes import Changes
from sla_stream.counting import Counting
from sla_stream.promises import Promises
from sla_stream.tally import classes_of
from sla_stream.windows import Window
from tests.builders import (
    MINUTE,
    PARIS,
    answered,
    batch,
    bench_messages,
    instant,
    objective,
    offered,
    promised,
)

ONE: list[Fact] = [offered(), answered()]


def _changes(facts: list[Fact], promises: Promises) -> Changes:
    return Counting(promises).observe(batch(facts))


@pytest.mark.parametrize(
    "windows", [["rolling 1m"], ["rolling 30d"], ["rolling 15m", "interval 15m", "day", "month"]]
)
def test_windows_cost_a_fact_nothing(windows: list[str]) -> None:
    changes = _changes(ONE, promised(objective(windows=windows)))
    assert [[len(minute) for minute in pane.minutes] for pane in changes.panes] == [[1]]


@pytest.mark.parametrize("objectives", [1, 2, 20])
def test_objectives_that_count_alike_share_one_tally(objectives: int) -> None:
    """They differ in target, formula and windows only."""
    several = [
        objective(name=f"promise-{n}", target={"at_least": f"{60 + n}%"}, windows=["day", "month"][: 1 + n % 2])
        for n in range(objectives)
    ]
    (pane,) = _changes(ONE, promised(*several)).panes
    assert [list(minute.values()) for minute in pane.minutes] == [[{"answered_in_time": 1}]]


@pytest.mark.parametrize("callers", [1, 10, 500])
def test_callers_of_one_minute_are_one_message_to_the_bench(callers: int) -> None:
    facts: list[Fact] = [
        fact for n in range(callers) for fact in (offered(f"caller-{n}"), answered(f"caller-{n}"))
    ]
    told = bench_messages(_changes(facts, promised(objective())))
    assert sum(isinstance(message, TallyMessage) for message in told) == 1


@pytest.mark.parametrize("minutes", [1, 100, 10_000])
def test_a_month_is_read_without_adding_up_its_minutes(minutes: int) -> None:
    """The board hands out its running sum itself."""
    month = ZonedWindow(Window.named("month"), PARIS)
    board, start_ms = Board([month], classes_of("answered")), instant("00:00:00")
    for minute in range(minutes):
        at_ms = start_ms + minute * MINUTE
        board.add({at_ms: {"answered_in_time": 1}})
    span = month.window.span(start_ms, PARIS)
    assert board.read(month, span) is board.read(month, span)
    assert board.read(month, span) == {"answered_in_time": minutes}
