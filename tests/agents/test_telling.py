"""From facts to those who must know: every kind of receiver, one configuration, real protocols."""

import base64
import hmac
from collections.abc import Iterator
from http.client import HTTPConnection
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
HOOK_SECRET = "known to us and to the pager"  # noqa: S105 - of nobody
ACKNOWLEDGEMENTS = "sla.acknowledgements"
OPENED, RESOLVED = "sla.breach.opened", "sla.breach.resolved"


class Desks:
    """Everybody who may be told, and the configuration that says of what."""

    def __init__(self, alertmanager: Alertmanager, home: Path) -> None:
        self.webhook, self.pagerduty, self.refusing = Receiver(), Receiver(202), Receiver(400)
        self.late, self.watched, self.boss, self.new = Receiver(), Receiver(202), Receiver(), Receiver()
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
                        {
                            "name": "watched",
                            "sink": "pagerduty",
                            "url": self.watched.url,
                            "routing_key": {"env": "ROUTING_KEY"},
                            "acknowledgements": {"env": "HOOK_SECRET"},
                        },
                        self._webhook("boss", self.boss),
                        {"name": "prom", "sink": "alertmanager", "url": f"http://{alertmanager.address}"},
                    ],
                    "routes": [
                        {"receivers": ["hook", "pager", "prom"], "clients": ["acme"]},
                        {
                            "receivers": ["watched"],
                            "clients": ["seen", "unseen"],
                            "escalate": {"after": "8s", "receivers": ["boss"]},
                        },
                        {"receivers": ["refusing"], "clients": ["refused"]},
                        {"receivers": ["late"], "clients": ["delayed", "stopped"]},
                    ],
                }
            )
        )

    def add(self, name: str, receiver: Receiver, client: str, sink: str = "webhook") -> None:
        """Tell one more, of one client."""
        config = orjson.loads(self.config.read_bytes())
        config["receivers"].append(self._webhook(name, receiver) | {"sink": sink})
        config["routes"].append({"receivers": [name], "clients": [client]})
        self.config.write_bytes(orjson.dumps(config))

    @staticmethod
    def _webhook(name: str, receiver: Receiver) -> dict[str, object]:
        return {"name": name, "sink": "webhook", "url": receiver.url, "secret": {"env": "SIGNING_SECRET"}}


@pytest.fixture(scope="module")
def desks(alertmanager: Alertmanager, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desks]:
    desks = Desks(alertmanager, tmp_path_factory.mktemp("desks"))
    with desks.webhook, desks.pagerduty, desks.refusing, desks.watched, desks.boss, desks.new:
        yield desks


@pytest.fixture(scope="module")
def site(broker: Kafka, desks: Desks, tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(
        broker.address,
        tmp_path_factory.mktemp("site"),
        SLA_NOTIFY=str(desks.config),
        SIGNING_SECRET=SIGNING_SECRET,
        ROUTING_KEY=ROUTING_KEY,
        HOOK_SECRET=HOOK_SECRET,
    )
    for client in ("acme", "refused", "delayed", "stopped", "seen", "unseen", "new", "gone"):
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


def test_what_was_given_up_is_listed_and_tried_again(
    site: Site, worker: Worker, desks: Desks, now_ms: int
) -> None:
    (alert,) = site.read(ALERTS, client="refused")
    listed = site.command("undelivered", "list", "--receiver", "refusing")
    assert listed.stdout.splitlines()[0].startswith(f"refusing  {alert['id']}  refused  HTTP 400  refused: ")
    asked = site.command("undelivered", "retry", "--receiver", "refusing")
    assert (asked.exit_code, asked.stdout) == (0, "1 messages would be sent again; --yes does it\n")
    refused_again = site.command("undelivered", "retry", "--receiver", "refusing", "--yes")
    assert (refused_again.exit_code, len(desks.refusing.heard)) == (1, 2)
    desks.refusing.status = 200
    taken = site.command("undelivered", "retry", "--receiver", "refusing", "--yes")
    assert (taken.exit_code, taken.stdout.splitlines()[-1]) == (0, "1 of 1 messages were taken")
    assert _verified(desks.refusing.heard[-1].headers, desks.refusing.heard[-1].body) == alert
    assert site.command("undelivered", "list", "--receiver", "refusing").stdout == ""


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


def test_who_sees_to_it_spares_who_would_be_told_next(
    site: Site, worker: Worker, desks: Desks, now_ms: int
) -> None:
    site.tell(*calls("seen", "late", 5, waited_s=90, now_ms=now_ms))
    (page,) = desks.watched.wait_for(1)
    episode = page.json()["dedup_key"]
    assert _acknowledge(worker, episode, b"another secret") == 401
    assert _acknowledge(worker, episode, HOOK_SECRET.encode()) == 204
    (told, *_) = site.wait_for(ACKNOWLEDGEMENTS, 1, episode=episode)
    assert (told["receiver"], told["by"]) == ("watched", "Ada Lovelace")
    # Its time comes later, so that of the other has come and gone when this one is told.
    site.tell(*calls("unseen", "late", 5, waited_s=90, now_ms=now_ms))
    desks.boss.wait_for(1)
    assert [heard.json()["data"]["client"] for heard in desks.boss.heard] == ["unseen"]


def test_routes_change_while_the_worker_works_and_those_with_mistakes_do_not(
    site: Site, worker: Worker, desks: Desks, now_ms: int
) -> None:
    right = desks.config.read_bytes()
    desks.add("new", desks.new, "new", sink="webhok")
    wait_until(lambda: worker.sample("sla_routes_current") == 0, SOON_S, "the mistake to be noticed")
    assert "webhok is not known here; did you mean webhook?" in worker.log
    desks.config.write_bytes(right)
    desks.add("new", desks.new, "new")
    wait_until(lambda: worker.sample("sla_routes_current") == 1, SOON_S, "the new routes")
    site.tell(*calls("new", "late", 5, waited_s=90, now_ms=now_ms))
    (heard,) = desks.new.wait_for(1)
    assert heard.json()["data"]["client"] == "new"


def test_what_waits_for_a_receiver_that_is_taken_out_is_kept(
    site: Site, worker: Worker, desks: Desks, now_ms: int
) -> None:
    without = desks.config.read_bytes()
    desks.add("gone", Receiver(), "gone")
    wait_until(lambda: worker.log.count("taken into force") >= 2, SOON_S, "the new receiver")
    site.tell(*calls("gone", "late", 5, waited_s=90, now_ms=now_ms))
    wait_until(lambda: "gone has not got alert" in worker.log, SOON_S, "a try that fails")
    desks.config.write_bytes(without)
    (kept,) = site.wait_for(UNDELIVERED, 1, receiver="gone")
    assert kept["detail"] == "the configuration has no receiver of this name any more"


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


@pytest.mark.parametrize(
    "secret", [SIGNING_SECRET, SIGNING_SECRET.removeprefix("whsec_"), ROUTING_KEY, HOOK_SECRET]
)
def test_no_secret_is_in_the_log(secret: str, worker: Worker) -> None:
    assert "late has not got alert" in worker.log
    assert secret not in worker.log


def _acknowledge(worker: Worker, episode: str, secret: bytes) -> int:
    """What the worker answers to PagerDuty's webhook."""
    event = {
        "event_type": "incident.acknowledged",
        "agent": {"summary": "Ada Lovelace"},
        "data": {"incident_key": episode},
    }
    body = orjson.dumps({"event": event})
    signature = "v1=" + hmac.digest(secret, body, "sha256").hex()
    connection = HTTPConnection(worker.address, timeout=SOON_S)
    try:
        connection.request("POST", "/hooks/watched", body, {"X-PagerDuty-Signature": signature})
        return connection.getresponse().status
    finally:
        connection.close()


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
