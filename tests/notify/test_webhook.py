"""A webhook as its receiver sees it: verified by the library that receivers use."""

import base64
import time
from typing import Any

import pytest
from pydantic import ValidationError
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from agents.sinks.sink import Request
from agents.sinks.webhook import Webhook
from schemas.alerts import ALERT, AlertEvent
from tests.notify.examples import NOW_MS, OPENED, told

URL = "https://hooks.example.com/sla"


@pytest.fixture
def webhook(signing_secret: str) -> Webhook:
    return _webhook()


def test_the_receiver_verifies_the_signature_and_reads_the_alert(webhook: Webhook, signing_secret: str) -> None:
    message = _verify(signing_secret, webhook.request(told(OPENED), _wall_ms()))
    assert message["type"] == "sla.breach.opened"
    assert message["timestamp"] == "2026-11-02T09:00:30.000+00:00"
    assert ALERT.validate_python(message["data"]) == OPENED


def test_the_body_cannot_be_changed_on_the_way(webhook: Webhook, signing_secret: str) -> None:
    request = webhook.request(told(OPENED), _wall_ms())
    with pytest.raises(WebhookVerificationError):
        Verifier(signing_secret).verify(request.body.replace(b"acme", b"evil"), request.headers)


def test_another_secret_does_not_verify(webhook: Webhook) -> None:
    other = "whsec_" + base64.b64encode(b"known to somebody else entirely").decode()
    with pytest.raises(WebhookVerificationError):
        _verify(other, webhook.request(told(OPENED), _wall_ms()))


def test_a_later_try_has_the_same_id_and_body_and_is_signed_with_its_own_time(
    webhook: Webhook, signing_secret: str
) -> None:
    now_ms = _wall_ms()
    first, second = webhook.request(told(OPENED), now_ms - 60_000), webhook.request(told(OPENED), now_ms)
    assert _verify(signing_secret, first) == _verify(signing_secret, second)
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == OPENED.id
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 60


def test_it_goes_where_the_configuration_says(webhook: Webhook) -> None:
    request = webhook.request(told(OPENED), NOW_MS)
    assert (request.method, request.url) == ("POST", URL)
    assert request.headers["content-type"] == "application/json"


def test_while_secrets_change_either_verifies_and_afterwards_the_old_one_does_not(
    signing_secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = "whsec_" + base64.b64encode(b"known to both of us from today").decode()
    monkeypatch.setenv("NEW_SECRET", new)
    changing = _webhook(secret={"env": "NEW_SECRET"}, old_secret={"env": "SIGNING_SECRET"})
    request = changing.request(told(OPENED), _wall_ms())
    assert _verify(new, request) == _verify(signing_secret, request)
    changed = _webhook(secret={"env": "NEW_SECRET"}).request(told(OPENED), _wall_ms())
    with pytest.raises(WebhookVerificationError):
        _verify(signing_secret, changed)


def test_it_takes_the_events_that_it_lists(webhook: Webhook) -> None:
    picky = _webhook(events=["sla.target.lost", "sla.breach.resolved"])
    assert [event for event in AlertEvent if picky.takes(event)] == ["sla.target.lost", "sla.breach.resolved"]
    assert all(webhook.takes(event) for event in AlertEvent)


@pytest.mark.parametrize("length", [24, 64])
def test_a_key_of_the_right_length_is_taken(length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNING_SECRET", "whsec_" + base64.b64encode(bytes(length)).decode())
    assert _webhook().request(told(OPENED), NOW_MS)


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param("whsec_" + base64.b64encode(bytes(23)).decode(), id="too short"),
        pytest.param("whsec_" + base64.b64encode(bytes(65)).decode(), id="too long"),
        pytest.param("whsec_-_-_" + base64.b64encode(bytes(24)).decode(), id="not base64"),
        pytest.param("whsec_schlüssel", id="not ASCII"),
    ],
)
def test_what_cannot_sign_is_refused_and_not_quoted(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNING_SECRET", secret)
    with pytest.raises(ValidationError, match="whsec_ and the base64 of 24 to 64 bytes") as error:
        _webhook()
    assert secret not in str(error.value)


def _webhook(**more: object) -> Webhook:
    settings = {"name": "desk", "sink": "webhook", "url": URL, "secret": {"env": "SIGNING_SECRET"}}
    return Webhook.model_validate(settings | more)


def _verify(secret: str, request: Request) -> dict[str, Any]:
    message: dict[str, Any] = Verifier(secret).verify(request.body, request.headers)
    return message


def _wall_ms() -> int:
    """The library compares with the wall clock, and takes what is at most five minutes old."""
    return int(time.time() * 1000)
