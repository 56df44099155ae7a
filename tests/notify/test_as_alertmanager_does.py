"""PagerDuty and Opsgenie are told as Alertmanager tells them: a real one is asked to, and both compared."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from agents.notify.door import Door
from agents.notify.inside import Inside
from agents.sinks.alertmanager import Alertmanager as AlertmanagerSink
from agents.sinks.jsm import JiraServiceManagement
from agents.sinks.pagerduty import PagerDuty
from agents.sinks.sink import Mail, Request
from schemas.alerts import Alert
from tests.agents.receivers import Heard, Receiver
from tests.notify.examples import OPENED, RESOLVED, told
from tests.parts.alertmanager import Alertmanager
from tests.parts.presence import ALERTMANAGER, require

pytestmark = pytest.mark.alertmanager

KEY = "R0123456789abcdefghijklmnopqrstu"

#: What Alertmanager's version sends beside what we do, which the APIs do not ask for.
NOT_OURS = {"client", "client_url", "images"}


@dataclass(frozen=True)
class Told:
    """What Alertmanager sent to each for an opening and its end."""

    pagerduty: list[Heard]
    opsgenie: list[Heard]


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    require(ALERTMANAGER)
    with Receiver(202) as pagerduty, Receiver(202) as opsgenie:
        pager = {"routing_key": KEY, "url": f"{pagerduty.origin}/v2/enqueue", "send_resolved": True}
        desk = {"api_key": KEY, "api_url": f"{opsgenie.origin}/", "send_resolved": True}
        config = {
            "route": {"receiver": "both", "group_wait": "0s", "group_interval": "1s", "group_by": ["episode"]},
            "receivers": [{"name": "both", "pagerduty_configs": [pager], "opsgenie_configs": [desk]}],
        }
        with Alertmanager(tmp_path_factory.mktemp("oracle"), config) as alertmanager:
            settings = {"name": "prom", "sink": "alertmanager", "url": f"http://{alertmanager.address}"}
            sink = AlertmanagerSink.model_validate(settings)
            # It does not tell of what began and ended before it looked.
            for number, alert in enumerate((OPENED, RESOLVED), start=1):
                _send(sink.request(told(_now(alert)), _wall_ms()))
                pagerduty.wait_for(number)
                opsgenie.wait_for(number)
        yield Told(pagerduty.heard, opsgenie.heard)


@pytest.fixture
def pagerduty(routing_key: str) -> PagerDuty:
    settings = {"name": "on-call", "sink": "pagerduty", "routing_key": {"env": "ROUTING_KEY"}}
    return PagerDuty.model_validate(settings)


@pytest.fixture
def opsgenie(routing_key: str) -> JiraServiceManagement:
    settings = {
        "name": "desk",
        "sink": "jsm",
        "api_key": {"env": "ROUTING_KEY"},
        "url": "https://api.opsgenie.com/v2/alerts",
    }
    return JiraServiceManagement.model_validate(settings)


def test_a_trigger_to_pagerduty_has_the_same_fields(theirs: Told, pagerduty: PagerDuty) -> None:
    ours = pagerduty.request(told(OPENED), OPENED.at)
    assert _path(ours) == theirs.pagerduty[0].path
    mine, reference = _json(ours), theirs.pagerduty[0].json()
    assert reference.keys() - mine.keys() <= NOT_OURS
    assert mine["event_action"] == reference["event_action"] == "trigger"
    assert mine["payload"].keys() >= reference["payload"].keys() - NOT_OURS
    assert _kinds(mine["payload"], reference["payload"]) == {}
    assert mine["payload"]["severity"] in {"critical", "error", "warning", "info"}


def test_a_resolve_to_pagerduty_has_the_key_of_its_trigger(theirs: Told, pagerduty: PagerDuty) -> None:
    for one in (
        [_json(pagerduty.request(told(alert), alert.at)) for alert in (OPENED, RESOLVED)],
        _bodies(theirs),
    ):
        trigger, resolve = one
        assert (trigger["event_action"], resolve["event_action"]) == ("trigger", "resolve")
        assert trigger["dedup_key"] == resolve["dedup_key"]


def test_an_opening_creates_an_alert_in_opsgenie_in_the_same_way(
    theirs: Told, opsgenie: JiraServiceManagement
) -> None:
    ours, reference = opsgenie.request(told(OPENED), OPENED.at), theirs.opsgenie[0]
    assert _path(ours) == reference.path
    assert ours.headers["authorization"] == reference.headers["Authorization"] == f"GenieKey {KEY}"
    mine, wanted = _json(ours), reference.json()
    assert wanted.keys() <= mine.keys()
    assert _kinds(mine, wanted) == {}


def test_an_end_closes_it_in_the_same_way(theirs: Told, opsgenie: JiraServiceManagement) -> None:
    ours, reference = opsgenie.request(told(RESOLVED), RESOLVED.at), theirs.opsgenie[1]
    alias, theirs_alias = (
        _json(opsgenie.request(told(OPENED), OPENED.at))["alias"],
        theirs.opsgenie[0].json()["alias"],
    )
    assert _path(ours).replace(alias, "ALIAS") == reference.path.replace(theirs_alias, "ALIAS")
    assert reference.json().keys() <= _json(ours).keys()


def _kinds(mine: dict[str, Any], theirs: dict[str, Any]) -> dict[str, tuple[type, type]]:
    """Where a field that both have is of another kind."""
    both = mine.keys() & theirs.keys()
    return {
        name: (type(mine[name]), type(theirs[name])) for name in both if type(mine[name]) is not type(theirs[name])
    }


def _bodies(theirs: Told) -> list[dict[str, Any]]:
    return [heard.json() for heard in theirs.pagerduty]


def _json(request: Request) -> dict[str, Any]:
    return Heard("", {}, request.body).json()


def _path(request: Request) -> str:
    url = urlsplit(request.url)
    return url.path + (f"?{url.query}" if url.query else "")


def _now(alert: Alert) -> Alert:
    return replace(alert, since=_wall_ms() - 120_000, at=_wall_ms())


def _wall_ms() -> int:
    return int(time.time() * 1000)


def _send(request: Request | Mail) -> None:
    async def story() -> None:
        async with Door(Inside(["127.0.0.1"]), 10, _wall_ms) as door:
            assert (await door.send(request)).refusal is None

    asyncio.run(story())
