"""docker-compose.yml and what it names: valid, pinned, and there. Docker itself does not run in the tests."""

import json
import re
import subprocess
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from agents.cli import main
from agents.settings import Settings
from tests.parts.presence import ALERTMANAGER, PROMETHEUS, ROOT, require


def _yaml(path: str) -> Any:
    return YAML(typ="safe").load(ROOT / path)


COMPOSE = _yaml("docker-compose.yml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def _mounts() -> list[tuple[str, str]]:
    volumes = [volume for service in SERVICES.values() for volume in service.get("volumes", [])]
    return [(source, target) for source, target, *_ in (volume.split(":") for volume in volumes)]


def test_it_is_valid_by_the_compose_specification() -> None:
    schema = json.loads((ROOT / "tests/data/compose-spec.json").read_text())
    jsonschema.validators.validator_for(schema)(schema).validate(COMPOSE)


def test_every_image_has_a_full_version() -> None:
    images = [service["image"] for service in SERVICES.values() if "build" not in service]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert [image for image in images if not re.search(r":v?\d+\.\d+\.\d+", image)] == []


def test_nothing_is_reachable_from_other_machines() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_every_mounted_path_is_in_the_repository() -> None:
    paths = [source for source, _ in _mounts() if source.startswith(".")]
    assert paths
    assert [path for path in paths if not (ROOT / path).is_dir()] == []


def test_every_volume_is_declared_and_used() -> None:
    assert {source for source, _ in _mounts() if not source.startswith(".")} == set(COMPOSE["volumes"])


def test_who_waits_for_health_waits_for_a_service_that_tells_it() -> None:
    waits = [(name, wait) for service in SERVICES.values() for name, wait in service.get("depends_on", {}).items()]
    assert waits
    for name, wait in waits:
        assert name in SERVICES
        assert wait["condition"] != "service_healthy" or "healthcheck" in SERVICES[name]


def test_every_setting_is_one_that_is_read() -> None:
    known = {f"SLA_{name.upper()}" for name in Settings.model_fields}
    for service in ("topics", "worker"):
        assert SERVICES[service]["environment"].keys() <= known


@pytest.mark.parametrize("service", ["topics", "worker"])
def test_every_command_is_one_that_we_have(service: str) -> None:
    program, *words = SERVICES[service]["command"]
    assert program == "sla-stream"
    answer = CliRunner().invoke(main, [*words, "--help"])
    assert answer.exit_code == 0, answer.output


def test_every_file_that_the_image_is_made_of_is_there() -> None:
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    sources = [source for line in copies for source in line.split()]
    assert sources
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_all_speak_of_one_port() -> None:
    (job,) = _yaml("config/prometheus/prometheus.yml")["scrape_configs"]
    (discovery,) = job["dns_sd_configs"]
    worker = SERVICES["worker"]
    port = worker["environment"]["SLA_HTTP_PORT"]
    assert discovery["names"] == ["worker"]
    assert str(discovery["port"]) == port
    assert f"EXPOSE {port}\n" in DOCKERFILE
    assert worker["ports"][0].endswith(f":{port}")
    assert f"localhost:{port}/healthz" in worker["healthcheck"]["test"][-1]


def test_grafana_asks_the_prometheus_that_runs() -> None:
    (source,) = _yaml("config/grafana/provisioning/datasources/prometheus.yml")["datasources"]
    assert source["url"] == "http://prometheus:9090"
    assert "prometheus" in SERVICES


@pytest.mark.prometheus
def test_prometheus_takes_its_configuration() -> None:
    require(PROMETHEUS)
    _accepts("promtool", "check", "config", "config/prometheus/prometheus.yml")


@pytest.mark.alertmanager
def test_alertmanager_takes_its_configuration() -> None:
    require(ALERTMANAGER)
    _accepts("amtool", "check-config", "config/alertmanager/alertmanager.yml")


def _accepts(*command: str) -> None:
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
