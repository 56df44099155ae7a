"""Who asks for it is told before a target is missed: an episode that is over when the risk is, or comes true."""

from typing import Any

import orjson
import pytest

from agents import state
from schemas.alerts import Alert, AlertEvent
from schemas.facts import Fact
from schemas.policies import AlertPolicy
from schemas.verdicts import State
from sla_stream.counting import Counting
from sla_stream.episode import Episode, Look, Phase, step, step_of_risk
from sla_stream.judged import EpisodeKey, EpisodeRecord
from sla_stream.judging import Judging
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
)

POLICY = AlertPolicy.model_validate(
    {"window": "day", "breach_after": "2m", "clear_after": "3m", "at_risk_after": "5m", "severity": "critical"}
)
START = instant("09:00:00")


def look(state: State, after_ms: int = 0, *, is_news: bool = True) -> Look:
    return Look(state, is_clear=state is State.MET, at_ms=START + after_ms, is_news=is_news)


def followed(*looks: Look, policy: AlertPolicy = POLICY, breach_told: bool = False) -> Episode | None:
    """The last of the looks is taken when people have been told of the breach, or not."""
    episode = None
    for number, one in enumerate(looks, 1):
        is_last = number == len(looks)
        episode = step_of_risk(episode, one, policy, "acme hotline", breach_told=breach_told and is_last)
    return episode


def phase(*looks: Look, breach_told: bool = False) -> Phase | None:
    episode = followed(*looks, breach_told=breach_told)
    return None if episode is None else episode.phase


AT_RISK, TOLD = look(State.AT_RISK), look(State.AT_RISK, 5 * MINUTE)


@pytest.mark.parametrize(
    ("after_ms", "expected"),
    [(5 * MINUTE - 1, Phase.PENDING), (5 * MINUTE, Phase.OPEN), (5 * MINUTE + 1, Phase.OPEN)],
)
def test_a_risk_is_told_once_it_has_lasted(after_ms: int, expected: Phase) -> None:
    assert phase(AT_RISK, look(State.AT_RISK, after_ms)) is expected


@pytest.mark.parametrize(
    ("after_ms", "expected"),
    [(3 * MINUTE - 1, Phase.OPEN), (3 * MINUTE, Phase.CLOSED), (3 * MINUTE + 1, Phase.CLOSED)],
)
def test_a_risk_is_over_once_the_target_has_been_met_without_one(after_ms: int, expected: Phase) -> None:
    met = 6 * MINUTE
    assert phase(AT_RISK, TOLD, look(State.MET, met), look(State.MET, met + after_ms)) is expected


@pytest.mark.parametrize("missed", [State.BREACHED, State.LOST])
def test_a_risk_that_comes_true_is_over_when_people_are_told_of_that(missed: State) -> None:
    looks = AT_RISK, TOLD, look(missed, 6 * MINUTE), look(missed, 20 * MINUTE)
    assert phase(*looks) is Phase.OPEN
    assert phase(*looks, breach_told=True) is Phase.CLOSED


def test_nobody_is_warned_while_a_breach_is_open() -> None:
    assert followed(AT_RISK, breach_told=True) is None


def test_a_risk_of_which_nobody_was_told_ends_in_silence() -> None:
    for end in (look(State.MET, MINUTE), look(State.BREACHED, MINUTE)):
        assert followed(AT_RISK, end, breach_told=True) is None


@pytest.mark.parametrize("state", [State.UNMEASURABLE, State.NO_DATA, State.TOO_FEW])
def test_a_verdict_that_says_nothing_moves_no_risk(state: State) -> None:
    assert followed(AT_RISK, TOLD, look(state, 20 * MINUTE)) == followed(AT_RISK, TOLD)
    assert followed(look(state)) is None


def test_an_old_risk_is_no_news() -> None:
    assert phase(AT_RISK, look(State.AT_RISK, 9 * MINUTE, is_news=False)) is Phase.PENDING


@pytest.mark.parametrize(
    ("of_breach", "of_risk"),
    [("critical", "warning"), ("error", "warning"), ("warning", "warning"), ("info", "info")],
)
def test_a_risk_is_at_most_a_warning(of_breach: Any, of_risk: str) -> None:
    episode = followed(AT_RISK, policy=POLICY.model_copy(update={"severity": of_breach}))
    assert episode is not None
    assert episode.severity == of_risk


WATCHED = objective(
    windows=["rolling 30m"],
    alert={"window": "rolling 30m", "clear_after": "2m", "at_risk_after": "1m", "severity": "critical"},
)
BREACH = EpisodeKey("acme", "hotline", "voice", "picked-up-in-30s", None)
RISK = BREACH.of_risk


def calls(at: str, in_time: int, late: int = 0) -> list[Fact]:
    facts: list[Fact] = []
    for number in range(in_time + late):
        name, at_ms = f"{at} {number}", instant(at)
        facts += [offered(name, at_ms), answered(name, at_ms + (10_000 if number < in_time else 40_000))]
    return facts


class Floor:
    """One partition and its judge, which announces at once."""

    def __init__(self) -> None:
        self.counting, self.judging = Counting(promised(WATCHED)), Judging(promised(WATCHED))

    def hear(self, *facts: Fact, at: str) -> list[Alert]:
        changes = self.counting.observe(batch([*facts, heartbeat(at)], self.counting.position.offset + 1))
        self.judging.observe(bench_messages(changes, heard=at))
        return self.look(at)

    def look(self, at: str) -> list[Alert]:
        self.judging.tick(instant(at))
        told = dict(self.judging.unannounced())
        for key in told:
            self.judging.announced(key)
        return list(told.values())

    def at_risk(self) -> Alert:
        """From 09:30:00 on: good in the beginning, and of late no longer."""
        facts = [*calls("09:08:00", 20), *calls("09:15:00", 40), *calls("09:29:00", 8, 2)]
        assert self.hear(*facts, at="09:30:00") == []
        (alert,) = self.look("09:31:00")
        return alert


def test_a_risk_is_told_with_how_it_stands_and_is_over_when_it_is() -> None:
    floor = Floor()
    opened = floor.at_risk()
    assert (opened.event, opened.severity, opened.since) == (
        AlertEvent.RISK_OPENED,
        "warning",
        instant("09:30:00"),
    )
    assert opened.summary == (
        "acme: picked-up-in-30s in all queues is at risk at 97.1% over rolling 30m (70 contacts); "
        "at least 90.0% was promised"
    )
    assert floor.hear(*calls("09:32:00", 30), at="09:33:00") == []
    (over,) = floor.look("09:35:00")
    assert (over.event, over.episode) == (AlertEvent.RISK_RESOLVED, opened.episode)
    assert over.summary.startswith("acme: picked-up-in-30s in all queues is no longer at risk, at ")
    assert floor.judging.episodes == {}


def test_what_comes_true_is_told_as_a_breach_and_ends_the_risk() -> None:
    floor = Floor()
    risk = floor.at_risk()
    told = {alert.event: alert for alert in floor.hear(*calls("09:32:00", 0, 20), at="09:33:00")}
    breach, over = told.pop(AlertEvent.BREACH_OPENED), told.pop(AlertEvent.RISK_RESOLVED)
    assert (breach.severity, over.episode, told) == ("critical", risk.episode, {})
    assert "no longer at risk but missed" in over.summary
    assert breach.episode != risk.episode
    assert list(floor.judging.episodes) == [BREACH]


def test_nobody_is_told_of_risks_who_does_not_ask_for_it() -> None:
    floor = Floor()
    floor.judging.adopt(promised(objective(windows=["rolling 30m"], alert={"window": "rolling 30m"})))
    facts = [*calls("09:08:00", 20), *calls("09:15:00", 40), *calls("09:29:00", 8, 2)]
    floor.hear(*facts, at="09:30:00")
    (verdict,) = floor.judging.verdicts.values()
    assert verdict.state is State.AT_RISK
    assert floor.judging.episodes == {}


def test_a_risk_goes_on_while_nothing_is_told_of_its_queues() -> None:
    """Time alone tells it, and ends it: a tick must not pass over its place."""
    floor = Floor()
    floor.at_risk()
    floor.hear(*calls("09:32:00", 30), at="09:33:00")
    for second in range(1, 120):
        assert floor.look(f"09:{33 + second // 60}:{second % 60:02}") == []
        assert list(floor.judging.episodes) == [RISK]
    assert [alert.event for alert in floor.look("09:35:00")] == [AlertEvent.RISK_RESOLVED]


def test_a_risk_of_which_nobody_is_to_be_told_any_more_is_resolved() -> None:
    floor = Floor()
    floor.at_risk()
    floor.judging.adopt(promised(objective(windows=["rolling 30m"], alert={"window": "rolling 30m"})))
    (alert,) = floor.look("09:31:01")
    assert alert.event is AlertEvent.RISK_RESOLVED
    assert alert.summary == "acme: of risks of picked-up-in-30s nobody is told any more by hotline"


def test_risk_and_breach_of_one_promise_are_stored_and_named_apart() -> None:
    record = EpisodeRecord(Episode("e-1", Phase.OPEN, START, severity="warning"))
    stored = dict(state.episode_record(key, record) for key in (BREACH, RISK))
    assert [orjson.loads(key)[5:] for key in stored] == [[], [True]]
    assert [state.episode_of(key, value) for key, value in stored.items()] == [(BREACH, record), (RISK, record)]
    named = [repr(tuple(key.written)) for key in (BREACH, RISK)]
    of_breach = step(None, look(State.BREACHED), POLICY, named[0])
    of_risk = step_of_risk(None, AT_RISK, POLICY, named[1], breach_told=False)
    assert of_breach is not None
    assert of_risk is not None
    assert of_breach.id != of_risk.id


@pytest.mark.parametrize(
    "written",
    [
        {"measure": {"kind": "wait"}, "target": {"at_most": "20s"}},
        {"windows": ["interval 15m"], "alert": {"window": "interval 15m", "at_risk_after": "5m"}},
        {
            "windows": ["rolling 5m", "rolling 1h"],
            "alert": {
                "window": "rolling 5m",
                "at_risk_after": "5m",
                "burn_rate": {"over": "rolling 1h", "factor": 3},
            },
        },
    ],
)
def test_a_risk_that_nobody_can_see_is_refused(written: dict[str, Any]) -> None:
    with pytest.raises(
        ValueError, match="at_risk_after is of a share, over a rolling window or one of the calendar"
    ):
        objective(**{"windows": ["day"], "alert": {"window": "day", "at_risk_after": "5m"}, **written})


def test_with_confidence_any_share_may_be_at_risk() -> None:
    alert = {"window": "interval 15m", "at_risk_after": "5m"}
    assert objective(windows=["interval 15m"], alert=alert, confidence="95%").alert
