"""What is shown can be read without colours, and each alert is shown once."""

from dataclasses import replace
from io import StringIO
from itertools import product

import pytest
from rich.cells import cell_len
from rich.console import Console

from agents.contracts import load_contracts
from agents.demo import northwind
from agents.demo.centre import Staffing
from agents.demo.floor import Floor, Kind
from agents.demo.picture import picture
from agents.demo.view import Lines, Screen, view_on
from schemas.alerts import Alert, AlertEvent
from schemas.contract import Objective
from schemas.verdicts import Reason, State, Verdict
from tests.builders import instant

AT_MS = instant("09:44:00")


def verdict(
    queue: str | None = "sales", state: State = State.MET, objective: str = "picked-up-in-30s", window: str = "day"
) -> Verdict:
    return Verdict(
        client="northwind",
        contract="demo",
        objective=objective,
        channel="voice",
        queue=queue,
        window=window,
        start=AT_MS - 300_000,
        end=AT_MS,
        at=AT_MS,
        numerator=9,
        denominator=12,
        value=0.75,
        unit="ratio",
        target=0.9,
        at_most=False,
        state=state,
        reason=Reason.TARGET_MET,
        sample=12,
        waiting=3,
        waiting_past_threshold=1,
        longest_wait_ms=41_500,
    )


def alert(event: AlertEvent, alert_id: str = "e1-opened") -> Alert:
    return Alert(
        id=alert_id,
        event=event,
        episode="e1",
        severity="critical",
        client="northwind",
        channel="voice",
        contract="demo",
        objective="picked-up-in-30s",
        queue="sales",
        window="day",
        since=AT_MS,
        at=AT_MS,
        reason=Reason.TARGET_MISSED,
        numerator=9,
        denominator=12,
        value=0.75,
        unit="ratio",
        target=0.9,
        at_most=False,
        waiting=3,
        summary="sales is at 75.0%",
    )


@pytest.fixture
def floor() -> Floor:
    (contract,) = load_contracts(northwind.CONTRACT).values()
    return Floor(contract, AT_MS)


def shown(floor: Floor, *, terminal: bool, elapsed_s: float = 0, width: int = 80) -> str:
    console = Console(file=StringIO(), force_terminal=terminal, width=width, height=24, color_system=None)
    with view_on(console, northwind.ZONE) as view:
        view.show(floor, elapsed_s)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def judged_in(objective: Objective) -> list[str | None]:
    return [*objective.queues] if objective.judge == "each_queue" else [None]


def pictured(floor: Floor) -> list[str]:
    console = Console(file=StringIO(), width=80, color_system=None)
    console.print(picture(floor, northwind.ZONE, 0))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().splitlines()


def test_a_terminal_gets_a_picture_and_a_pipe_gets_lines() -> None:
    assert isinstance(view_on(Console(force_terminal=True), northwind.ZONE), Screen)
    assert isinstance(view_on(Console(force_terminal=False), northwind.ZONE), Lines)


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.NO_DATA, "· no data"),
        (State.TOO_FEW, "▲ too few"),
        (State.MET, "✓ met"),
        (State.BREACHED, "✖ breached"),
        (State.UNMEASURABLE, "? unmeasurable"),
    ],
)
def test_a_state_is_a_shape_and_a_word(floor: Floor, terminal: bool, state: State, words: str) -> None:
    floor.heard(verdict(state=state))
    assert words in shown(floor, terminal=terminal, width=100)


def test_a_terminal_of_eighty_columns_shows_everything(floor: Floor) -> None:
    floor.heard(verdict(queue="support", window="rolling 5m", state=State.BREACHED))
    assert "support picked-up-in-30s rolling 5m  75.0%   12 ≥ 90.0%  ✖ breached    3 (41 s)" in shown(
        floor, terminal=True
    )


def test_the_whole_play_fits_a_terminal_of_24_lines_of_80(floor: Floor) -> None:
    (contract,) = load_contracts(northwind.CONTRACT).values()
    for objective in contract.versions[0].objectives:
        for queue, window in product(judged_in(objective), objective.windows):
            one = verdict(queue, State.BREACHED, objective.name, window)
            floor.heard(replace(one, value=1.0, sample=1234, waiting=12, longest_wait_ms=123_000))
    staffing = [Staffing(team.queue, team.agents, team.agents // 2) for team in northwind.TEAMS]
    floor.produced(10_000, staffing, AT_MS)
    for n in range(20):
        floor.heard(alert(AlertEvent.BREACH_OPENED, f"e{n}-opened"))
    lines = pictured(floor)
    assert len(lines) <= 24
    assert sum("✖ breached" in line for line in lines) == 10
    assert not any("…" in line for line in lines[:13])
    assert max(map(cell_len, lines)) <= 80


def test_what_happened_takes_one_line_and_leaves_the_client_out(floor: Floor) -> None:
    told = replace(
        alert(AlertEvent.BREACH_OPENED), summary="northwind: picked-up-in-30s in sales is at " + "9" * 80
    )
    floor.heard(told)
    (line,) = [line for line in pictured(floor) if "opened" in line]
    assert line.startswith("09:44:00  ✖ breach opened    picked-up-in-30s in sales is at 9999")
    assert line.endswith("9…")


@pytest.mark.parametrize(("past_due", "shows"), [(0, "waiting: 17"), (1, "waiting: 17, 1 late")])
def test_of_tickets_it_is_shown_how_many_are_open_and_late(floor: Floor, past_due: int, shows: str) -> None:
    one = verdict("tickets", objective="resolved-in-time", window="rolling 15m")
    floor.heard(replace(one, open=17, past_due=past_due))
    assert shown(floor, terminal=False).rstrip().endswith(shows)


def test_a_line_says_it_all(floor: Floor) -> None:
    floor.heard(verdict())
    (line,) = shown(floor, terminal=False).splitlines()
    assert " ".join(line.split()) == (
        "09:44:00 sales picked-up-in-30s day 75.0% at least 90.0% ✓ met 12 counted, waiting: 3 (41 s)"
    )


def test_promises_stand_in_the_order_of_the_contract(floor: Floor) -> None:
    floor.heard(verdict(queue=None, objective="speed-of-answer", window="rolling 15m"))
    floor.heard(verdict(queue="support"))
    floor.heard(verdict(queue="sales"))
    floor.heard(verdict(queue="sales", window="rolling 5m"))
    assert [(known.queue, known.window) for known in floor.verdicts] == [
        ("sales", "rolling 5m"),
        ("sales", "day"),
        ("support", "day"),
        (None, "rolling 15m"),
    ]


def test_a_newer_verdict_takes_the_place_of_the_old(floor: Floor) -> None:
    floor.heard(verdict())
    floor.heard(verdict(state=State.BREACHED))
    assert [known.state for known in floor.verdicts] == [State.BREACHED]


def test_an_alert_that_comes_twice_is_shown_once(floor: Floor) -> None:
    floor.heard(alert(AlertEvent.BREACH_OPENED))
    floor.heard(alert(AlertEvent.BREACH_OPENED))
    assert shown(floor, terminal=False) == "09:44:00  ✖ breach opened: sales is at 75.0%\n"
    assert floor.count(Kind.BREACH_OPENED) == 1


@pytest.mark.parametrize("event", list(AlertEvent))
def test_every_alert_has_its_words(floor: Floor, event: AlertEvent) -> None:
    floor.heard(alert(event))
    assert event.value.removeprefix("sla.").replace(".", " ") in shown(floor, terminal=False)


def test_alerts_are_printed_at_once_and_states_every_five_seconds(floor: Floor) -> None:
    console = Console(file=StringIO(), force_terminal=False)
    floor.heard(verdict())
    with Lines(console, northwind.ZONE) as lines:
        lines.show(floor, 0.0)
        floor.heard(alert(AlertEvent.BREACH_OPENED))
        lines.show(floor, 1.0)
        lines.show(floor, 4.9)
        lines.show(floor, 5.0)
    assert isinstance(console.file, StringIO)
    kinds = ["alert" if "opened" in line else "state" for line in console.file.getvalue().splitlines()]
    assert kinds == ["state", "alert", "state"]


def test_agents_who_leave_and_return_are_in_the_log(floor: Floor) -> None:
    for on_duty in (36, 18, 18, 36):
        floor.produced(10, [Staffing("sales", 36, on_duty)], AT_MS)
    assert [happening.kind for happening in floor.log] == [Kind.AGENTS_GONE, Kind.AGENTS_BACK]
    assert floor.facts == 40


def test_a_picture_shows_who_is_missing(floor: Floor) -> None:
    floor.produced(10, [Staffing("sales", 36, 18), Staffing("support", 36, 36)], AT_MS)
    assert "agents on duty: sales ▼18/36  support 36/36" in shown(floor, terminal=True)
