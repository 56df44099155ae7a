"""What PagerDuty and Jira Service Management tell us, as they document it, and what nobody may tell us."""

import asyncio
import hmac
from collections.abc import Mapping

import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import ValidationError

from agents.hooks import hook_routes
from agents.sinks.jsm import JiraServiceManagement
from agents.sinks.pagerduty import PagerDuty
from agents.sinks.sink import NotOurs, Seen
from tests.notify.examples import OPENED

SECRET = "shared with the pager"  # noqa: S105 - of nobody

ACKNOWLEDGED = {
    "event": {
        "id": "01BZTEST",
        "event_type": "incident.acknowledged",
        "resource_type": "incident",
        "occurred_at": "2026-11-02T09:04:58.363Z",
        "agent": {"id": "PLH1HKV", "summary": "Ada Lovelace", "type": "user_reference"},
        "client": None,
        "data": {
            "id": "PGR0VU2",
            "type": "incident",
            "number": 2,
            "status": "acknowledged",
            "incident_key": OPENED.episode,
        },
    }
}
ACKNOWLEDGED_THERE = {
    "source": {"name": "", "type": "web"},
    "alert": {
        "updatedAt": 1420452224764002246,
        "tags": ["tag1"],
        "message": "test alert",
        "username": "ada@example.com",
        "alertId": "052652ac-5d1c-464a-812a-7dd18bbfba8c",
        "alias": OPENED.episode,
        "tinyId": "23",
    },
    "action": "Acknowledge",
    "integrationName": "Integration1",
}


@pytest.fixture
def pagerduty(routing_key: str, monkeypatch: pytest.MonkeyPatch) -> PagerDuty:
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    settings = {"name": "on-call", "sink": "pagerduty", "routing_key": {"env": "ROUTING_KEY"}}
    return PagerDuty.model_validate(settings | {"acknowledgements": {"env": "HOOK_SECRET"}})


@pytest.fixture
def jsm(monkeypatch: pytest.MonkeyPatch) -> JiraServiceManagement:
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    settings = {"name": "desk", "sink": "jsm", "api_key": {"env": "HOOK_SECRET"}}
    return JiraServiceManagement.model_validate(settings | {"acknowledgements": {"env": "HOOK_SECRET"}})


def test_pagerduty_says_who_sees_to_which_episode(pagerduty: PagerDuty) -> None:
    body = orjson.dumps(ACKNOWLEDGED)
    assert pagerduty.seen(_signed(body), body) == [Seen(OPENED.episode, "Ada Lovelace")]


def test_while_its_secret_changes_one_of_its_signatures_is_enough(pagerduty: PagerDuty) -> None:
    body = orjson.dumps(ACKNOWLEDGED)
    signatures = f"v1={'0' * 64},{_signed(body)['X-PagerDuty-Signature']}"
    assert pagerduty.seen({"X-PagerDuty-Signature": signatures}, body)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-PagerDuty-Signature": ""},
        {"X-PagerDuty-Signature": "v1=" + "0" * 64},
        {"X-PagerDuty-Signature": "é"},
        {"X-PagerDuty-Signature": "\udcff"},
    ],
)
def test_what_pagerduty_has_not_signed_is_not_heard(pagerduty: PagerDuty, headers: Mapping[str, str]) -> None:
    with pytest.raises(NotOurs):
        pagerduty.seen(headers, orjson.dumps(ACKNOWLEDGED))


def test_a_signature_is_of_this_body_and_no_other(pagerduty: PagerDuty) -> None:
    body = orjson.dumps(ACKNOWLEDGED)
    with pytest.raises(NotOurs):
        pagerduty.seen(_signed(body), body.replace(b"Ada", b"Eve"))


@pytest.mark.parametrize("event_type", ["incident.triggered", "incident.resolved", "pagey.ping"])
def test_other_events_of_pagerduty_acknowledge_nothing(pagerduty: PagerDuty, event_type: str) -> None:
    body = orjson.dumps({"event": ACKNOWLEDGED["event"] | {"event_type": event_type}})
    assert pagerduty.seen(_signed(body), body) == []


def test_jira_says_who_sees_to_which_episode(jsm: JiraServiceManagement) -> None:
    headers = {"Authorization": f"Bearer {SECRET}"}
    body = orjson.dumps(ACKNOWLEDGED_THERE)
    assert jsm.seen(headers, body) == [Seen(OPENED.episode, "ada@example.com")]
    assert jsm.seen(headers, orjson.dumps(ACKNOWLEDGED_THERE | {"action": "Close"})) == []


@pytest.mark.parametrize(
    "given", [None, "", SECRET, "Bearer ", "\udcff", f"Bearer {SECRET}x", f"Bearer {SECRET[:-1]}"]
)
def test_without_the_secret_jira_is_not_heard(jsm: JiraServiceManagement, given: str | None) -> None:
    with pytest.raises(NotOurs):
        jsm.seen({} if given is None else {"Authorization": given}, orjson.dumps(ACKNOWLEDGED_THERE))


def test_without_a_secret_nobody_is_heard(pagerduty: PagerDuty, jsm: JiraServiceManagement) -> None:
    for sink in (pagerduty, jsm):
        deaf = sink.model_copy(update={"acknowledgements": None})
        with pytest.raises(NotOurs):
            deaf.seen({"Authorization": "Bearer ", "X-PagerDuty-Signature": "v1="}, b"{}")


def test_the_door_tells_nobody_which_receivers_there_are(pagerduty: PagerDuty) -> None:
    body, junk = orjson.dumps(ACKNOWLEDGED), b"{}"
    assert _asked(pagerduty, "on-call", body, _signed(body)) == (204, [Seen(OPENED.episode, "Ada Lovelace")])
    assert _asked(pagerduty, "on-call", body, {}) == (401, [])
    assert _asked(pagerduty, "nobody", body, _signed(body)) == (401, [])
    assert _asked(pagerduty, "on-call", junk, _signed(junk)) == (400, [])


def test_what_is_signed_and_no_event_is_a_mistake(pagerduty: PagerDuty) -> None:
    with pytest.raises(ValidationError):
        pagerduty.seen(_signed(b"[]"), b"[]")


def _signed(body: bytes) -> dict[str, str]:
    return {"X-PagerDuty-Signature": "v1=" + hmac.digest(SECRET.encode(), body, "sha256").hex()}


def _asked(pagerduty: PagerDuty, receiver: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, list[Seen]]:
    heard: list[Seen] = []

    async def hear(name: str, given: Mapping[str, str], sent: bytes) -> None:
        if name != "on-call":
            raise NotOurs
        heard.extend(pagerduty.seen(given, sent))

    async def story() -> int:
        app = web.Application()
        app.add_routes(hook_routes(hear))
        async with TestClient(TestServer(app)) as client:
            response = await client.post(f"/hooks/{receiver}", data=body, headers=headers)
            return response.status

    return asyncio.run(story()), heard
