"""Rule 7: what one fact costs depends neither on the number and length of windows, nor on who shares a measure."""

import sys
from types import FrameType

import pytest

from schemas.facts import Fact
from schemas.tallies import TallyMessage
from sla_stream.board import Board, ZonedWindow
from sla_stream.changes import Changes
from sla_stream.counting import Counting
from sla_stream.finding import verdict_of
from sla_stream.judging import Judging
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


def _looks(judging: Judging, now_ms: int) -> int:
    """How many verdicts a tick words, changed or not."""
    looks = 0

    def see(frame: FrameType, event: str, _: object) -> None:
        nonlocal looks
        looks += event == "call" and frame.f_code is verdict_of.__code__

    sys.setprofile(see)
    try:
        judging.tick(now_ms)
    finally:
        sys.setprofile(None)
    return looks


@pytest.mark.parametrize("queues", [2, 20, 200])
def test_a_tick_looks_only_where_something_happened(queues: int) -> None:
    promises = promised(objective(judge="each_queue", windows=["day"]))
    counting, judging = Counting(promises), Judging(promises)
    callers = [f"caller-{n}" for n in range(queues)]
    facts: list[Fact] = [offered(caller, queue=f"q-{caller}") for caller in callers]
    facts += [answered(caller) for caller in callers]
    judging.observe(bench_messages(counting.observe(batch(facts)), heard="09:00:20"))
    assert _looks(judging, instant("09:00:20")) == queues
    assert _looks(judging, instant("09:00:21")) == 0
    more: list[Fact] = [offered("one more", queue="q-caller-1")]
    judging.observe(bench_messages(counting.observe(batch(more, len(facts))), heard="09:00:22"))
    assert _looks(judging, instant("09:00:22")) == 1
    assert _looks(judging, instant("09:00:23")) == 1, "somebody waits"
    assert _looks(judging, instant("09:01:30")) == queues, "windows move on"
