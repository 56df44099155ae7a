"""What Prometheus works out and alerts of, by Prometheus' own tool; each alert is seen to fire and not to fire."""

import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any, get_args

import pytest
from ruamel.yaml import YAML

from schemas.alerts import Severity
from tests.boards.exported import EXPORTED
from tests.boards.promql import selectors
from tests.parts.presence import ALERTMANAGER, PROMETHEUS, ROOT, require

RULES = ROOT / "config/prometheus/rules"
TESTS = ROOT / "tests/prometheus"


def _rules() -> list[dict[str, Any]]:
    groups = [group for file in sorted(RULES.iterdir()) for group in YAML(typ="safe").load(file)["groups"]]
    return [rule for group in groups for rule in group["rules"]]


RECORDS = {rule["record"]: rule for rule in _rules() if "record" in rule}
ALERTS = {rule["alert"]: rule for rule in _rules() if "alert" in rule}


def promtool(*words: str) -> "subprocess.CompletedProcess[str]":
    require(PROMETHEUS)
    return subprocess.run(["promtool", *words], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.prometheus
def test_prometheus_takes_the_rules() -> None:
    checked = promtool("check", "rules", "--lint=all", "--lint-fatal", *map(str, sorted(RULES.iterdir())))
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.prometheus
@pytest.mark.parametrize("file", sorted(TESTS.iterdir()), ids=lambda file: file.stem)
def test_alerts_fire_when_they_should_and_at_no_other_time(file: Path) -> None:
    tested = promtool("test", "rules", str(file))
    assert tested.returncode == 0, tested.stdout + tested.stderr


def _copied(home: Path) -> Path:
    """Return a copy of rules and tests, as far from each other as the originals are."""
    shutil.copytree(RULES, home / "config/prometheus/rules")
    shutil.copytree(TESTS, home / "tests/prometheus")
    return home


@pytest.mark.prometheus
@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        ("workers", "for: 5m", "for: 9m"),
        ("workers", "> 10000", "> 100"),
        ("workers", 'sum(up{job="sla-stream"}) == 0', 'sum(up{job="sla-stream"}) < 0'),
        ("facts", 'phase="open"', 'phase=~".*"'),
        ("facts", "0.01 *", "0.9 *"),
        ("facts", "> 30", "> 3000"),
    ],
)
def test_a_rule_that_is_wrong_is_found(file: str, right: str, wrong: str, tmp_path: Path) -> None:
    rules = _copied(tmp_path) / "config/prometheus/rules" / f"{file}.yml"
    written = rules.read_text()
    assert right in written
    rules.write_text(written.replace(right, wrong))
    assert promtool("test", "rules", str(tmp_path / "tests/prometheus" / f"{file}.test.yml")).returncode == 1


def test_every_alert_is_seen_to_fire_and_not_to_fire() -> None:
    seen: dict[str, set[bool]] = defaultdict(set)
    for file in TESTS.iterdir():
        for test in YAML(typ="safe").load(file)["tests"]:
            for one in test["alert_rule_test"]:
                seen[one["alertname"]].add(bool(one["exp_alerts"]))
    assert dict(seen) == {name: {True, False} for name in ALERTS}


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_says_how_bad_it_is_what_it_is_and_what_to_do(name: str) -> None:
    rule = ALERTS[name]
    assert rule["labels"]["severity"] in get_args(Severity)
    assert rule["annotations"].keys() == {"summary", "description"}
    for text in rule["annotations"].values():
        assert text.endswith("."), text


@pytest.mark.parametrize("name", [*RECORDS, *ALERTS])
def test_a_rule_asks_for_what_is_exported_or_recorded(name: str) -> None:
    for one in selectors((RECORDS | ALERTS)[name]["expr"]):
        if one.metric not in RECORDS:
            assert one.labels <= EXPORTED[one.metric]


def test_the_page_lists_every_alert_with_its_severity() -> None:
    page = (ROOT / "docs/dashboards.md").read_text()
    listed = re.findall(r"^\| `(\w+)` \| (\w+) \|", page, re.MULTILINE)
    assert dict(listed) == {name: rule["labels"]["severity"] for name, rule in ALERTS.items()}


@pytest.mark.alertmanager
@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (["alertname=NoWorkers", "severity=critical"], "operations"),
        (["alertname=SlaBreach", "severity=error", "client=acme"], "operations"),
        (["alertname=SlowerWay", "severity=info"], "nobody"),
    ],
)
def test_alertmanager_tells_whom_it_should(labels: list[str], receiver: str) -> None:
    require(ALERTMANAGER)
    asked = ["amtool", "config", "routes", "test", "--config.file=config/alertmanager/alertmanager.yml", *labels]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.stdout.split() == [receiver], told.stderr


def test_what_mutes_and_is_muted_are_alerts_of_ours() -> None:
    config = YAML(typ="safe").load(ROOT / "config/alertmanager/alertmanager.yml")
    matchers = [one for rule in config["inhibit_rules"] for part in rule.values() for one in part]
    named = {name for matcher in matchers for name in re.findall(r'alertname=~?"(.*)"', matcher)[0].split("|")}
    assert named <= ALERTS.keys()


def test_everything_recorded_is_asked_for() -> None:
    assert {one.metric for rule in ALERTS.values() for one in selectors(rule["expr"])} >= RECORDS.keys()
