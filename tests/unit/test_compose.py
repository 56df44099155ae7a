"""docker-compose.yml and what it names: valid, pinned, confined, there. Docker itself does not run in tests."""

import json
import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path
from string import Template
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from agents.cli import main
from agents.contracts import load_contracts
from agents.demo import northwind
from agents.notify.routes import load as load_routes
from agents.settings import Settings
from agents.web.tokens import load as load_tokens
from tests.parts.presence import ALERTMANAGER, PROMETHEUS, ROOT, require

WRITTEN = (ROOT / "docker-compose.yml").read_text()
VALUES = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / ".env").read_text(), re.MULTILINE))


def _yaml(path: str) -> Any:
    return YAML(typ="safe").load(ROOT / path)


#: As compose reads it, with what .env says in its place.
COMPOSE = YAML(typ="safe").load(Template(WRITTEN).substitute(VALUES))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()

OURS = ("topics", "keys", "worker", "simulator")


def _mounts() -> list[tuple[str, str]]:
    volumes = [volume for service in SERVICES.values() for volume in service.get("volumes", [])]
    return [(source, target) for source, target, *_ in (volume.split(":") for volume in volumes)]


def _mount(service: str, target: str) -> Path:
    """What of ours is there in a service."""
    volumes: list[list[str]] = [one.split(":") for one in SERVICES[service]["volumes"]]
    (source,) = [source for source, at, *_ in volumes if at == target]
    return ROOT / source


def test_it_is_valid_by_the_compose_specification() -> None:
    schema = json.loads((ROOT / "tests/data/compose-spec.json").read_text())
    jsonschema.validators.validator_for(schema)(schema).validate(COMPOSE)


def test_env_sets_what_is_asked_for_and_nothing_else() -> None:
    assert set(re.findall(r"\$\{(\w+)\}", WRITTEN)) == VALUES.keys()


def test_every_image_has_a_full_version() -> None:
    images = [service["image"] for service in SERVICES.values() if "build" not in service]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert [image for image in images if not re.search(r":v?\d+\.\d+\.\d+", image)] == []


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_not_root_and_writes_to_its_volumes_only(name: str) -> None:
    service = SERVICES[name]
    user, group = map(int, service["user"].split(":"))
    assert user > 0
    assert group >= 0
    assert service["read_only"] is True
    assert "/tmp" in service["tmpfs"]  # noqa: S108 - in memory
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    read_only = [one for one in service.get("volumes", []) if one.startswith(".")]
    assert [one for one in read_only if not one.endswith(":ro")] == []


def test_the_image_is_not_root_either() -> None:
    last = re.findall(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE)
    assert [f"{user}:{group}" for user, group in last] == [SERVICES["worker"]["user"]]


def test_nothing_is_reachable_from_other_machines() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_no_port_of_this_machine_is_taken_twice() -> None:
    taken: list[int] = []
    for port in (port for service in SERVICES.values() for port in service.get("ports", [])):
        first, _, last = port.split(":")[1].partition("-")
        taken += range(int(first), int(last or first) + 1)
    assert len(set(taken)) == len(taken)


def test_there_are_ports_for_the_workers_that_run() -> None:
    first, last = map(int, VALUES["SLA_WORKER_PORTS"].split("-"))
    replicas = SERVICES["worker"]["deploy"]["replicas"]
    assert replicas == 2
    assert last - first + 1 >= replicas


def test_every_mounted_path_is_in_the_repository() -> None:
    paths = [source for source, _ in _mounts() if source.startswith(".")]
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_volume_is_declared_and_used() -> None:
    assert {source for source, _ in _mounts() if not source.startswith(".")} == set(COMPOSE["volumes"])


def test_who_waits_for_health_waits_for_a_service_that_tells_it() -> None:
    waits = [(name, wait) for service in SERVICES.values() for name, wait in service.get("depends_on", {}).items()]
    assert waits
    for name, wait in waits:
        assert name in SERVICES
        assert wait["condition"] != "service_healthy" or "healthcheck" in SERVICES[name]


def test_what_serves_tells_whether_it_is_well() -> None:
    serving = [name for name, service in SERVICES.items() if "ports" in service]
    assert [name for name in serving if "healthcheck" not in SERVICES[name]] == []


@pytest.mark.parametrize("service", OURS)
def test_every_setting_is_one_that_is_read(service: str) -> None:
    known = {f"SLA_{name.upper()}" for name in Settings.model_fields}
    assert SERVICES[service]["environment"].keys() <= known


@pytest.mark.parametrize("service", ["topics", "worker", "simulator"])
def test_every_command_is_one_that_we_have(service: str) -> None:
    program, *words = SERVICES[service]["command"]
    assert program == "sla-stream"
    answer = CliRunner().invoke(main, [*words, "--help"])
    assert answer.exit_code == 0, answer.output


def test_the_workers_hold_the_contract_of_the_centre_that_is_simulated() -> None:
    environment = SERVICES["worker"]["environment"]
    contracts = load_contracts(_mount("worker", environment["SLA_CONTRACTS"]))
    assert northwind.CLIENT in {contract.client for contract in contracts.values()}


def test_the_workers_tell_a_service_that_runs() -> None:
    routes = load_routes(_mount("worker", SERVICES["worker"]["environment"]["SLA_NOTIFY"]))
    (receiver,) = routes.receivers
    assert receiver.name == "alertmanager"
    assert _yaml("config/compose/notify.yaml")["receivers"][0]["url"] == "http://alertmanager:9093"
    assert routes.routes[0].receivers == ["alertmanager"]


def test_the_wallboard_shows_itself_at_the_address_that_is_written() -> None:
    tokens = load_tokens(_mount("worker", SERVICES["worker"]["environment"]["SLA_TOKENS"]))
    ((port, token),) = re.findall(r"http://localhost:(\d+)/#token=(\S+)", WRITTEN)
    assert VALUES["SLA_WORKER_PORTS"].startswith(f"{port}-")
    found = tokens.find(token)
    assert found is not None
    assert found.clients == "all"


def test_the_key_is_made_where_it_is_looked_for(tmp_path: Path) -> None:
    folder = SERVICES["worker"]["environment"]["SLA_CUSTOMER_KEYS"]
    program, option, script = SERVICES["keys"]["command"]
    assert (program, option) == ("python", "-c")
    assert f"keys:{folder}" in SERVICES["keys"]["volumes"]
    assert f"keys:{folder}:ro" in SERVICES["worker"]["volumes"]
    assert f"--mode=0700 {folder}\n" in DOCKERFILE
    for _ in range(2):
        subprocess.run(["python3", "-c", script.replace(folder, str(tmp_path))], check=True)
    (key,) = tmp_path.iterdir()
    assert key.name == northwind.CLIENT
    assert len(key.read_text()) >= 32


def _ignored(path: str) -> bool:
    """Whether .dockerignore keeps it from the image: the last pattern that matches decides."""
    ignored = False
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        if line and not line.startswith("#") and fnmatch(path, line.removeprefix("!")):
            ignored = not line.startswith("!")
    return ignored


def test_every_file_that_the_image_is_made_of_is_there() -> None:
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    sources = [source for line in copies for source in line.split()]
    assert sources
    assert [source for source in sources if not (ROOT / source).exists() or _ignored(source)] == []
    assert _ignored(".git")
    assert _ignored(".venv")


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


def test_grafana_finds_the_boards_and_begins_with_one() -> None:
    (provider,) = _yaml("config/grafana/provisioning/dashboards/boards.yml")["providers"]
    folder = _mount("grafana", provider["options"]["path"])
    assert len(list(folder.glob("*.json"))) == 4
    home = SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert (folder / home.removeprefix(f"{provider['options']['path']}/")).exists()


def test_prometheus_and_alertmanager_ask_services_that_run() -> None:
    (told,) = _yaml("config/prometheus/prometheus.yml")["alerting"]["alertmanagers"]
    targets = [*told["static_configs"][0]["targets"], _yaml(_ALERTMANAGER)["global"]["smtp_smarthost"]]
    assert targets == ["alertmanager:9093", "mailpit:1025"]
    assert {"alertmanager", "mailpit"} <= SERVICES.keys()


_ALERTMANAGER = "config/alertmanager/alertmanager.yml"


@pytest.mark.prometheus
def test_prometheus_takes_its_configuration() -> None:
    require(PROMETHEUS)
    _accepts("promtool", "check", "config", "config/prometheus/prometheus.yml")


@pytest.mark.alertmanager
def test_alertmanager_takes_its_configuration() -> None:
    require(ALERTMANAGER)
    _accepts("amtool", "check-config", _ALERTMANAGER)


def _accepts(*command: str) -> None:
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
