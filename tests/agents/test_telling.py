"""From facts to those who must know: every kind of receiver, one configuration, real protocols."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from standardwebhooks import Webhook as Verifier

from tests.agents.receivers import Receiver
from tests.agents.running import ALERTS, SOON_S, UNDELIVERED, Site, Worker, calls
from tests.parts.alertmanager import Alertmanager
from tests.parts.kafka.broker import Kafka
from tests.parts.waiting import wait_until

pytestmark = [pytest.mark.kafka, pytest.mark.alertmanager]

SIGNING_SECRET = "whsec_" + base64.b64encode(b"known to us and to the receiver").decode()
ROUTING_KEY = "R0123456789abcdefghijklmnopqrstu"
OPENED, RESOLVED = "sla.breach.opened", "sla.breach.resolved"


class Desks:
    """Everybody who may be told, and the configuration that says of what."""

    def __init__(self, alertmanager: Alertmanager, home: Path) -> None:
        self.webhook, self.pagerduty, self.refusing = Receiver(), Receiver(202), Receiver(400)
        self.late = Receiver()
        self.config = home / "notify.yaml"
        # JSON is YAML.
        self.config.write_bytes(
            orjson.dumps(
                {
                    "inside": ["127.0.0.1"],
                    "receivers": [
                        self._webhook("hook", self.webhook),
                        self._webhook("refusing", self.refusing),
                        self._webhook("late", self.late),
                        {
                            "name": "pager",
                            "sink": "pagerduty",
                            "url": self.pagerduty.url,
                            "routing_key": {"env": "ROUTING_KEY"},
                        },
                        {"name": "prom", "sink": "alertmanager", "url": f"http://{alertmanager.address}"},
                    ],
                    "routes": [
                        {"receivers": ["hook", "pager", "prom"], "clients": ["acme"]},
                        {"receivers": ["refusing"], "clients": ["refused"]},
                        {"receivers": ["late"], "clients": ["delayed", "stopped"]},
                    ],
                }
            )
        )

    @staticmethod
    def _webhook(name: str, receiver: Receiver) -> dict[str, object]:
        return {"name": name, "sink": "webhook", "url": receiver.url, "secret": {"env": "SIGNING_SECRET"}}


@pytest.fixture(scope="module")
def desks(alertmanager: Alertmanager, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desks]:
    desks = Desks(alertmanager, tmp_path_factory.mktemp("desks"))
    with desks.webhook, desks.pagerduty, desks.refusing:
        yield desks


@pytest.fixture(scope="module")
def site(broker: Kafka, desks: Desks, tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(
        broker.address,
        tmp_path_factory.mktemp("site"),
        SLA_NOTIFY=str(desks.config),
        SIGNING_SECRET=SIGNING_SECRET,
        ROUTING_KEY=ROUTING_KEY,
    )
    for client in ("acme", "refused", "delayed", "stopped"):
        site.promise(client)
    return site


@pytest.fixture(scope="module")
def worker(site: Site) -> Iterator[Worker]:
    with site.worker() as worker:
        yield worker


def test_a_breach_and_its_end_reach_every_receiver_once(
    site: Site, worker: Worker, desks: Desks, alertmanager: Alertmanager, now_ms: int
) -> None:
    site.tell(*calls("acme", "late", 5, waited_s=90, now_ms=now_ms))
    desks.webhook.wait_for(1)
    desks.pagerduty.wait_for(1)
    wait_until(lambda: _breaches(alertmanager, "acme"), SOON_S, "Alertmanager's alert")
    site.tell(*calls("acme", "prompt", 45, waited_s=5, now_ms=now_ms))
    desks.webhook.wait_for(2)
    desks.pagerduty.wait_for(2)
    wait_until(lambda: not _breaches(alertmanager, "acme"), SOON_S, "Alertmanager's end of it")

    opened, resolved = site.read(ALERTS, client="acme")
    assert (opened["event"], resolved["event"]) == (OPENED, RESOLVED)
    assert opened["episode"] == resolved["episode"]
    assert [_verified(heard.headers, heard.body) for heard in desks.webhook.heard] == [opened, resolved]
    trigger, resolve = (heard.json() for heard in desks.pagerduty.heard)
    assert (trigger["event_action"], resolve["event_action"]) == ("trigger", "resolve")
    assert trigger["dedup_key"] == resolve["dedup_key"] == opened["episode"]
    assert trigger["routing_key"] == ROUTING_KEY
    for name in ("hook", "pager", "prom"):
        assert worker.sample("sla_notifications_total", receiver=name, result="delivered") == 2


def test_an_alert_that_its_receiver_refuses_is_kept(site: Site, worker: Worker, desks: Desks, now_ms: int) -> None:
    site.tell(*calls("refused", "late", 5, waited_s=90, now_ms=now_ms))
    (kept,) = site.wait_for(UNDELIVERED, 1, receiver="refusing")
    (alert,) = site.read(ALERTS, client="refused")
    assert kept["alert"] == alert
    assert (kept["reason"], kept["tries"], kept["detail"]) == ("refused", 1, "HTTP 400")
    assert len(desks.refusing.heard) == 1
    assert worker.sample("sla_notifications_total", receiver="refusing", result="refused") == 1


def test_a_receiver_that_comes_back_is_told_what_it_missed(
    site: Site, worker: Worker, desks: Desks, now_ms: int
) -> None:
    site.tell(*calls("delayed", "late", 5, waited_s=90, now_ms=now_ms))
    wait_until(lambda: "late has not got alert" in worker.log, SOON_S, "a try that fails")
    with desks.late:
        (heard,) = desks.late.wait_for(1)
    (alert,) = site.read(ALERTS, client="delayed")
    assert _verified(heard.headers, heard.body) == alert
    assert not site.read(UNDELIVERED, receiver="late")


def test_a_worker_that_is_stopped_while_it_tries_leaves_the_alert_to_the_next(
    site: Site, worker: Worker, desks: Desks, now_ms: int
) -> None:
    site.tell(*calls("stopped", "late", 5, waited_s=90, now_ms=now_ms))
    (alert,) = site.wait_for(ALERTS, 1, client="stopped")
    wait_until(lambda: f"late has not got alert {alert['id']}" in worker.log, SOON_S, "a try that fails")
    assert worker.stop() == 0
    desks.late.heard.clear()
    with desks.late, site.worker():
        (heard,) = desks.late.wait_for(1)
    assert _verified(heard.headers, heard.body) == alert


@pytest.mark.parametrize("secret", [SIGNING_SECRET, SIGNING_SECRET.removeprefix("whsec_"), ROUTING_KEY])
def test_no_secret_is_in_the_log(secret: str, worker: Worker) -> None:
    assert "late has not got alert" in worker.log
    assert secret not in worker.log


def _breaches(alertmanager: Alertmanager, client: str) -> list[dict[str, Any]]:
    labels = {"alertname": "SlaBreach", "client": client}
    return [alert for alert in alertmanager.alerts() if labels.items() <= alert["labels"].items()]


def _verified(headers: dict[str, str], body: bytes) -> dict[str, Any]:
    """The alert in a webhook, as a receiver reads it with the library that it is told to use."""
    lower = {name.lower(): value for name, value in headers.items()}
    message: dict[str, Any] = Verifier(SIGNING_SECRET).verify(body, lower)
    data: dict[str, Any] = message["data"]
    assert message["type"] == data["event"]
    assert lower["webhook-id"] == data["id"]
    return data
