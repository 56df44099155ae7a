"""The Prometheus and the Alertmanager that other tests lean on work, together."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.parts.alertmanager import Alertmanager
from tests.parts.http import post_json
from tests.parts.prometheus import Prometheus
from tests.parts.waiting import wait_until

pytestmark = [pytest.mark.prometheus, pytest.mark.alertmanager]

StartPrometheus = Callable[[Mapping[str, object]], Prometheus]


def test_prometheus_scrapes_what_it_is_told_to(prometheus: StartPrometheus, alertmanager: Alertmanager) -> None:
    server = prometheus(_scrape(alertmanager.address))
    (up,) = wait_until(lambda: server.query("up == 1"), 15, "a first scrape")
    assert up["metric"]["instance"] == alertmanager.address


def test_prometheus_evaluates_rules_and_alertmanager_hears_of_it(
    prometheus: StartPrometheus, alertmanager: Alertmanager, tmp_path: Path
) -> None:
    rules = tmp_path / "rules.yml"
    rules.write_text("groups: [{name: g, interval: 1s, rules: [{alert: Always, expr: vector(1)}]}]")
    targets = [{"static_configs": [{"targets": [alertmanager.address]}]}]
    prometheus({"rule_files": [str(rules)], "alerting": {"alertmanagers": targets}})
    wait_until(lambda: "Always" in _names(alertmanager), 30, "the alert")


def test_alertmanager_takes_alerts(alertmanager: Alertmanager) -> None:
    post_json(alertmanager.address, "/api/v2/alerts", [{"labels": {"alertname": "Posted"}}])
    wait_until(lambda: "Posted" in _names(alertmanager), 5, "the alert")


def test_prometheus_with_a_bad_configuration_is_an_error_with_its_words(
    prometheus: StartPrometheus,
) -> None:
    with pytest.raises(AssertionError, match="field nonsense not found"):
        prometheus({"nonsense": 1})


def _scrape(address: str) -> dict[str, object]:
    job = {"job_name": "part", "scrape_interval": "1s", "static_configs": [{"targets": [address]}]}
    return {"scrape_configs": [job]}


def _names(alertmanager: Alertmanager) -> set[str]:
    return {alert["labels"]["alertname"] for alert in alertmanager.alerts()}
