"""Jira Service Management and Opsgenie, compared with what Alertmanager sends to the same API."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from agents.notify.news import News
from agents.sinks.jsm import JiraServiceManagement
from agents.sinks.sink import Request
from tests.notify.examples import NOW_MS, OPENED, RESOLVED, TITLE, storm, told

#: As Alertmanager creates an alert there.
CREATED_BY_ALERTMANAGER = {"alias", "message", "description", "details", "source", "priority", "tags", "entity"}


@pytest.fixture
def jsm(monkeypatch: pytest.MonkeyPatch) -> JiraServiceManagement:
    monkeypatch.setenv("JSM_KEY", "hunter2")
    return JiraServiceManagement.model_validate({"name": "on-call", "sink": "jsm", "api_key": {"env": "JSM_KEY"}})


def test_an_opening_creates_an_alert(jsm: JiraServiceManagement) -> None:
    request = jsm.request(told(OPENED), NOW_MS)
    assert request.url == "https://api.atlassian.com/jsm/ops/integration/v2/alerts"
    assert request.headers["authorization"] == "GenieKey hunter2"
    alert = _body(request)
    assert alert.keys() == CREATED_BY_ALERTMANAGER
    assert (alert["message"], alert["alias"], alert["priority"]) == (TITLE, OPENED.episode, "P1")
    assert alert["details"]["Now"] == "71%"
    assert all(isinstance(value, str) for value in alert["details"].values())


def test_an_end_closes_it_by_its_alias(jsm: JiraServiceManagement) -> None:
    request = jsm.request(told(RESOLVED), NOW_MS)
    created_at = "https://api.atlassian.com/jsm/ops/integration/v2/alerts"
    assert request.url == f"{created_at}/{OPENED.episode}/close?identifierType=alias"


def test_a_message_is_cut_at_what_the_api_takes(jsm: JiraServiceManagement) -> None:
    assert len(_told_of(jsm, told(replace(OPENED, objective="o" * 130)))["message"]) == 130
    assert len(_told_of(jsm, told(*storm(500)))["description"]) <= 15_000


def test_the_key_is_shown_nowhere(jsm: JiraServiceManagement) -> None:
    assert "hunter2" not in repr(jsm) + repr(jsm.request(told(OPENED), NOW_MS))


def _told_of(jsm: JiraServiceManagement, news: News) -> dict[str, Any]:
    return _body(jsm.request(news, NOW_MS))


def _body(request: Request) -> dict[str, Any]:
    body: dict[str, Any] = orjson.loads(request.body)
    return body
