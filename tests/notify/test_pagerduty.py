"""Events as PagerDuty documents them (Events API v2)."""

from dataclasses import replace
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from agents.sinks.pagerduty import PagerDuty
from schemas.alerts import Alert
from tests.notify.examples import BOARD, NOW_MS, OPENED, RESOLVED, SILENT, TITLE, storm, told

#: What the API knows; it takes no other.
EVENT_FIELDS = {"routing_key", "event_action", "dedup_key", "payload", "images", "links", "client", "client_url"}
PAYLOAD_FIELDS = {
    "summary",
    "source",
    "severity",
    "timestamp",
    "component",
    "group",
    "class",
    "custom_details",
}


@pytest.fixture
def pagerduty(routing_key: str) -> PagerDuty:
    return _pagerduty()


def test_an_opening_triggers(pagerduty: PagerDuty, routing_key: str) -> None:
    event = _event(pagerduty, OPENED)
    assert event.keys() <= EVENT_FIELDS
    assert (event["event_action"], event["routing_key"]) == ("trigger", routing_key)
    assert event["payload"].keys() == PAYLOAD_FIELDS


def test_the_payload_says_what_is_wrong_where_and_since_when(pagerduty: PagerDuty) -> None:
    payload = _event(pagerduty, OPENED)["payload"]
    details = payload.pop("custom_details")
    assert payload == {
        "summary": TITLE,
        "source": "acme",
        "severity": "critical",
        "timestamp": "2026-11-02T09:00:30.000+00:00",
        "component": "billing",
        "group": "acme-voice",
        "class": "sla.breach.opened",
    }
    assert (details["value"], details["target"], details["waiting"]) == (0.71, 0.8, 7)


def test_an_end_resolves_and_says_nothing_more(pagerduty: PagerDuty, routing_key: str) -> None:
    assert _event(pagerduty, RESOLVED) == {
        "routing_key": routing_key,
        "event_action": "resolve",
        "dedup_key": OPENED.episode,
    }


def test_an_episode_has_one_dedup_key_and_another_episode_another(pagerduty: PagerDuty) -> None:
    opened, resolved, other = (_event(pagerduty, alert)["dedup_key"] for alert in (OPENED, RESOLVED, SILENT))
    assert opened == resolved != other


def test_the_longest_episode_fits_the_dedup_key(pagerduty: PagerDuty) -> None:
    assert len(_event(pagerduty, replace(OPENED, episode="x" * 200))["dedup_key"]) <= 255


def test_without_a_queue_the_whole_channel_is_concerned(pagerduty: PagerDuty) -> None:
    assert _event(pagerduty, SILENT)["payload"]["component"] == "voice"


@pytest.mark.parametrize(("length", "kept"), [(1023, 1023), (1024, 1024), (1025, 1024)])
def test_a_summary_is_cut_at_what_the_api_takes(pagerduty: PagerDuty, length: int, kept: int) -> None:
    # So much is there without the objective's name.
    rest = len(TITLE) - len("voice-80-20")
    summary = _event(pagerduty, replace(OPENED, objective="o" * (length - rest)))["payload"]["summary"]
    assert len(summary) == kept


def test_a_person_finds_the_board_and_reads_what_it_takes_to_recover(pagerduty: PagerDuty) -> None:
    event = _event(pagerduty, OPENED)
    (link,) = event["links"]
    assert link["href"].startswith(BOARD)
    assert "To recover: 45 good contacts in a row" in event["payload"]["custom_details"]["text"]


def test_a_storm_is_one_incident_with_the_worst_severity(pagerduty: PagerDuty) -> None:
    first, second = storm(2)
    event = orjson.loads(pagerduty.request(told(replace(first, severity="warning"), second), NOW_MS).body)
    assert event["dedup_key"] == first.episode
    assert event["payload"]["severity"] == "critical"
    assert event["payload"]["custom_details"]["text"].count("voice-80-20") == 2


def test_it_goes_to_the_us_unless_told_otherwise(pagerduty: PagerDuty) -> None:
    assert pagerduty.request(told(OPENED), NOW_MS).url == "https://events.pagerduty.com/v2/enqueue"
    eu = "https://events.eu.pagerduty.com/v2/enqueue"
    assert _pagerduty(url=eu).request(told(OPENED), NOW_MS).url == eu


@pytest.mark.parametrize("length", [31, 33])
def test_a_key_of_another_length_is_refused_and_not_quoted(length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    key = ("0123456789" * 4)[:length]
    monkeypatch.setenv("ROUTING_KEY", key)
    with pytest.raises(ValidationError, match="32 characters") as error:
        _pagerduty()
    assert key not in str(error.value)


def _pagerduty(**settings: str) -> PagerDuty:
    given = {"name": "on-call", "sink": "pagerduty", "routing_key": {"env": "ROUTING_KEY"}, **settings}
    return PagerDuty.model_validate(given)


def _event(pagerduty: PagerDuty, alert: Alert) -> dict[str, Any]:
    event: dict[str, Any] = orjson.loads(pagerduty.request(told(alert), NOW_MS).body)
    return event
