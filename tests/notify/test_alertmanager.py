"""Alerts as a real Alertmanager takes them, and what it then says of them."""

import asyncio
import time
from dataclasses import replace
from typing import Any
from uuid import uuid4

import orjson
import pytest

from agents.notify.door import Door
from agents.notify.inside import Inside
from agents.notify.retry import Answer
from agents.sinks.alertmanager import Alertmanager as Sink
from schemas.alerts import Alert, AlertEvent
from tests.notify.examples import AT_RISK, NOW_MS, OPENED, RESOLVED, SILENT, told
from tests.parts.alertmanager import Alertmanager
from tests.parts.waiting import wait_until

DAY_MS = 86_400_000


def test_an_episode_is_the_same_alert_from_opening_to_end() -> None:
    assert _posted(OPENED)["labels"] == _posted(RESOLVED)["labels"]


def test_labels_say_which_alert_it_is_and_annotations_how_it_stands() -> None:
    alert = _posted(OPENED)
    assert alert["labels"] == {
        "alertname": "SlaBreach",
        "client": "acme",
        "contract": "acme-voice",
        "objective": "voice-80-20",
        "channel": "voice",
        "queue": "billing",
        "window": "rolling 15m",
        "severity": "critical",
        "episode": OPENED.episode,
    }
    assert alert["annotations"] == {
        "summary": OPENED.summary,
        "reason": "target_missed",
        "value": "0.71",
        "target": "0.8",
        "unit": "ratio",
        "numerator": "71",
        "denominator": "100",
        "waiting": "7",
        "since": "2026-11-02T09:00:00.000+00:00",
        "at": "2026-11-02T09:00:30.000+00:00",
    }


def test_a_risk_is_another_alert_than_its_breach_and_ends_as_it_began() -> None:
    over = replace(AT_RISK, event=AlertEvent.RISK_RESOLVED, at=AT_RISK.at + 60_000)
    assert _posted(AT_RISK)["labels"] == _posted(over)["labels"]
    assert _posted(AT_RISK)["labels"]["alertname"] == "SlaRisk"
    assert _posted(over)["endsAt"] < _posted(AT_RISK)["endsAt"]


def test_a_silent_feed_has_no_label_for_what_it_has_not() -> None:
    alert = _posted(SILENT)
    assert alert["labels"].keys() == {"alertname", "client", "contract", "channel", "severity", "episode"}
    assert alert["labels"]["alertname"] == "SlaFeedSilent"


def test_an_address_with_and_without_a_slash_is_the_same() -> None:
    urls = {_sink(f"http://alertmanager:9093/prefix{end}").request(told(OPENED), NOW_MS).url for end in ("", "/")}
    assert urls == {"http://alertmanager:9093/prefix/api/v2/alerts"}


@pytest.mark.alertmanager
def test_an_opening_is_active_there_and_its_end_resolves_it(alertmanager: Alertmanager) -> None:
    opened, resolved = _episode()
    _tell(alertmanager, opened, _wall_ms())
    there = _wait_for(alertmanager, opened.episode)
    assert there["status"]["state"] == "active"
    assert (there["labels"], there["annotations"]) == (_posted(opened)["labels"], _posted(opened)["annotations"])
    _tell(alertmanager, resolved, _wall_ms())
    _wait_until_gone(alertmanager, opened.episode)


@pytest.mark.alertmanager
def test_an_open_alert_outlives_the_longest_window(alertmanager: Alertmanager) -> None:
    opened, _ = _episode()
    _tell(alertmanager, opened, _wall_ms() - 31 * DAY_MS)
    assert _wait_for(alertmanager, opened.episode)["status"]["state"] == "active"


@pytest.mark.alertmanager
@pytest.mark.parametrize("ahead_ms", [-30_000, 0, 30_000])
def test_it_is_resolved_though_our_clock_is_not_its(alertmanager: Alertmanager, ahead_ms: int) -> None:
    opened, resolved = _episode()
    _tell(alertmanager, opened, _wall_ms() + ahead_ms)
    _wait_for(alertmanager, opened.episode)
    _tell(alertmanager, resolved, _wall_ms() + ahead_ms)
    _wait_until_gone(alertmanager, opened.episode)


@pytest.mark.alertmanager
@pytest.mark.parametrize("years", [-3, 3])
def test_event_time_may_be_far_from_the_wall_clock(alertmanager: Alertmanager, years: int) -> None:
    opened, resolved = _episode(_wall_ms() + years * 365 * DAY_MS)
    _tell(alertmanager, opened, _wall_ms())
    assert _wait_for(alertmanager, opened.episode)["status"]["state"] == "active"
    _tell(alertmanager, resolved, _wall_ms())
    _wait_until_gone(alertmanager, opened.episode)


def _sink(url: str) -> Sink:
    return Sink.model_validate({"name": "prometheus", "sink": "alertmanager", "url": url})


def _posted(alert: Alert) -> dict[str, Any]:
    (posted,) = orjson.loads(_sink("http://alertmanager:9093").request(told(alert), NOW_MS).body)
    return dict(posted)


def _episode(since_ms: int = OPENED.since) -> tuple[Alert, Alert]:
    """An opening and its end that no other test has."""
    episode = uuid4().hex
    return (
        replace(OPENED, episode=episode, since=since_ms, at=since_ms + 30_000),
        replace(RESOLVED, episode=episode, since=since_ms, at=since_ms + 630_000),
    )


def _tell(alertmanager: Alertmanager, alert: Alert, now_ms: int) -> None:
    """Tell the alert as a notifier does whose wall clock says `now_ms`."""
    request = _sink(f"http://{alertmanager.address}").request(told(alert), now_ms)

    async def story() -> Answer:
        async with Door(Inside(["127.0.0.1"]), 10, lambda: now_ms) as door:
            return await door.send(request)

    assert asyncio.run(story()) == Answer("HTTP 200", None)


def _active(alertmanager: Alertmanager, episode: str) -> list[dict[str, Any]]:
    return [alert for alert in alertmanager.alerts() if alert["labels"].get("episode") == episode]


def _wait_for(alertmanager: Alertmanager, episode: str) -> dict[str, Any]:
    def is_there() -> list[dict[str, Any]]:
        return [alert for alert in _active(alertmanager, episode) if alert["status"]["state"] != "unprocessed"]

    return wait_until(is_there, 10, "the alert to be there")[0]


def _wait_until_gone(alertmanager: Alertmanager, episode: str) -> None:
    wait_until(lambda: not _active(alertmanager, episode), 10, "the alert to be resolved")


def _wall_ms() -> int:
    return int(time.time() * 1000)
