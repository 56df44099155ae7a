"""Who is told, and when: mutes, quiet hours, storms that are gathered, escalations."""

from dataclasses import replace
from typing import Any

import pytest

from agents.notify.planning import Step, plan
from agents.notify.routes import Routes
from schemas.alerts import Alert
from tests.notify.examples import AT_RISK, LOST, OPENED, SILENT

#: Monday 2 November 2026, 10:00 in Paris.
NOW_MS = 1_793_610_000_000
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


def test_without_more_words_everybody_is_told_at_once() -> None:
    assert _plan({"receivers": ["chat", "machine"]}) == [Step("chat", 0, NOW_MS), Step("machine", 0, NOW_MS)]


def test_of_several_routes_the_first_that_names_a_receiver_decides() -> None:
    first, second = {"receivers": ["chat"], "gather": "30s"}, {"receivers": ["chat", "machine"]}
    assert [(step.receiver, step.route) for step in _plan(first, second)] == [("chat", 0), ("machine", 1)]


@pytest.mark.parametrize(
    ("alert", "routes"),
    [(OPENED, ["chat"]), (LOST, ["machine"]), (SILENT, ["boss"]), (AT_RISK, ["chat"])],
    ids=["breach", "lost", "feed", "risk"],
)
def test_each_state_has_its_own_receivers(alert: Alert, routes: list[str]) -> None:
    told = plan(
        _routes(
            {"receivers": ["chat"], "states": ["breached", "at_risk"]},
            {"receivers": ["machine"], "states": ["lost"]},
            {"receivers": ["boss"], "states": ["silent"]},
        ),
        alert,
        NOW_MS,
    )
    assert [step.receiver for step in told] == routes


@pytest.mark.parametrize(
    ("minutes", "held_for"),
    [(-1, 0), (0, 60), (59, 1), (60, 0)],
    ids=["just before", "as they begin", "in their last minute", "as they end"],
)
def test_quiet_hours_hold_it_until_they_end(minutes: int, held_for: int) -> None:
    now_ms = NOW_MS + minutes * MINUTE_MS
    route = {"receivers": ["chat"], "quiet_hours": "10:00-11:00", "time_zone": "Europe/Paris"}
    (step,) = plan(_routes(route), OPENED, now_ms)
    assert step.due_ms == now_ms + held_for * MINUTE_MS
    assert step.held == (("quiet hours 10:00-11:00",) if held_for else ())


def test_a_quiet_night_ends_in_the_morning_and_a_quiet_weekend_on_monday() -> None:
    route = {"receivers": ["chat"], "quiet_hours": "Mo-Fr 18:00-24:00,00:00-08:00; Sa,Su 00:00-24:00"}
    friday_evening_ms = NOW_MS + 4 * 24 * HOUR_MS + 10 * HOUR_MS
    (step,) = plan(_routes(route), OPENED, friday_evening_ms)
    monday_morning_ms = NOW_MS + 7 * 24 * HOUR_MS - HOUR_MS
    assert step.due_ms == monday_morning_ms


@pytest.mark.parametrize(("minutes", "due"), [(-1, -1), (0, 90), (89, 90), (90, 90)])
def test_a_mute_holds_what_it_is_about(minutes: int, due: int) -> None:
    routes = _routes(
        {"receivers": ["chat"]},
        mutes=[
            {
                "from": "2026-11-02T10:00",
                "to": "2026-11-02T11:30",
                "time_zone": "Europe/Paris",
                "clients": ["acme"],
                "reason": "new telephone exchange",
            }
        ],
    )
    now_ms = NOW_MS + minutes * MINUTE_MS
    (step,) = plan(routes, OPENED, now_ms)
    assert step.due_ms == NOW_MS + due * MINUTE_MS
    (other,) = plan(routes, replace(OPENED, client="other"), now_ms)
    assert other.due_ms == now_ms


def test_what_is_held_twice_waits_for_both() -> None:
    mute = {"from": "2026-11-02T08:00", "to": "2026-11-02T10:00", "reason": "exchange"}
    route = {"receivers": ["chat"], "quiet_hours": "09:30-11:00"}
    (step,) = plan(_routes(route, mutes=[mute]), OPENED, NOW_MS)
    assert step.due_ms == NOW_MS + 2 * HOUR_MS
    assert step.held == ("muted: exchange", "quiet hours 09:30-11:00")


def test_quiet_hours_that_never_end_hold_it_for_a_year_and_do_not_hang() -> None:
    (step,) = _plan({"receivers": ["chat"], "quiet_hours": "24/7"})
    assert step.due_ms >= NOW_MS + 365 * 24 * HOUR_MS


def test_people_wait_for_a_storm_to_gather_and_machines_do_not() -> None:
    people, machine = _plan({"receivers": ["chat", "machine"], "gather": "30s"})
    assert (people.due_ms, people.gathers) == (NOW_MS + 30_000, True)
    assert (machine.due_ms, machine.gathers) == (NOW_MS, False)


def test_an_escalation_comes_later_and_only_unless_somebody_sees_to_it() -> None:
    first, later = _plan({"receivers": ["chat"], "escalate": {"after": "10m", "receivers": ["boss"]}})
    assert first == Step("chat", 0, NOW_MS)
    assert later == Step("boss", 0, NOW_MS + 10 * MINUTE_MS, unless_acknowledged=True)


def test_who_is_told_anyway_is_not_told_again_by_an_escalation() -> None:
    steps = _plan(
        {"receivers": ["chat"], "escalate": {"after": "10m", "receivers": ["boss"]}}, {"receivers": ["boss"]}
    )
    assert [(step.receiver, step.unless_acknowledged) for step in steps] == [("chat", False), ("boss", False)]


def _plan(*routes: dict[str, Any]) -> list[Step]:
    return plan(_routes(*routes), OPENED, NOW_MS)


def _routes(*routes: dict[str, Any], mutes: list[dict[str, Any]] | None = None) -> Routes:
    receivers = [
        {"name": "chat", "sink": "ntfy", "topic": "floor"},
        {"name": "boss", "sink": "ntfy", "topic": "boss"},
        {"name": "machine", "sink": "alertmanager", "url": "https://alertmanager.example.com"},
    ]
    return Routes.model_validate({"receivers": receivers, "routes": routes, "mutes": mutes or []})
