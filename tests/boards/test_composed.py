"""What docker compose would start, started here without it: its commands, environment, files and rules, together.

Only names become addresses of this machine. Not seen: images, users, file systems, and the services' health.
"""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from agents.demo import northwind
from tests.agents.running import Worker
from tests.parts.alertmanager import Alertmanager
from tests.parts.http import get_json
from tests.parts.kafka.broker import Kafka
from tests.parts.presence import PROMETHEUS, ROOT, require
from tests.parts.prometheus import Prometheus
from tests.parts.waiting import wait_until
from tests.unit.test_compose import SERVICES

pytestmark = [pytest.mark.kafka, pytest.mark.prometheus, pytest.mark.alertmanager]

#: What the simulated centre is judged by.
CHANNELS = {"voice", "chat", "ticket", "voice+chat"}

#: The first verdicts come when a worker has recovered and twenty minutes of the centre are counted.
_SOON_S = 90


class Here:
    """This machine in place of compose's network and volumes."""

    def __init__(self, kafka: Kafka, alertmanager: Alertmanager, home: Path) -> None:
        self._addresses = {"kafka:9092": kafka.address, "alertmanager:9093": alertmanager.address}
        self._home = home
        (home / "keys").mkdir()

    def environment(self, service: str) -> dict[str, str]:
        """What the service is told, with the paths that are mounted there."""
        told: dict[str, str] = SERVICES[service]["environment"]
        return {"PATH": "/usr/bin:/bin", "SLA_HTTP_HOST": "127.0.0.1"} | {
            name: self._here(service, value) for name, value in told.items() if name != "SLA_HTTP_HOST"
        }

    def written(self, file: Path) -> str:
        """A file with addresses of this machine."""
        text = file.read_text()
        for name, address in self._addresses.items():
            text = text.replace(name, address)
        return text.replace("inside: [alertmanager]", "inside: [127.0.0.1]")

    def run(self, service: str, log: Path) -> "subprocess.Popen[bytes]":
        """Start the service's own command."""
        program, *words = SERVICES[service]["command"]
        words = [self._here(service, word) for word in words]
        command = ["-m", "agents.cli", *words] if program == "sla-stream" else words
        with log.open("wb") as output:
            return subprocess.Popen(
                [sys.executable, *command],
                env=self.environment(service),
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def _here(self, service: str, value: str) -> str:
        value = self._addresses.get(value, value).replace("/var/lib/sla-stream/keys", str(self._home / "keys"))
        for mount in SERVICES[service].get("volumes", []):
            source, target, *_ = mount.split(":")
            if value == target and (ROOT / source).is_file():
                here = self._home / Path(source).name
                here.write_text(self.written(ROOT / source))
                return str(here)
            value = str(ROOT / source) if value == target else value
        return value


def _prometheus(here: Here, workers: list[Worker], home: Path) -> Prometheus:
    """The repository's own configuration; workers are found by their addresses instead of a name."""
    config: dict[str, Any] = YAML(typ="safe").load(here.written(ROOT / "config/prometheus/prometheus.yml"))
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    config["rule_files"] = [str(ROOT / "config/prometheus" / files) for files in config["rule_files"]]
    (job,) = config["scrape_configs"]
    del job["dns_sd_configs"]
    job["static_configs"] = [{"targets": [worker.address for worker in workers]}]
    return Prometheus(home, config)


@contextmanager
def _simulator(here: Here, log: Path) -> Iterator[None]:
    process = here.run("simulator", log)
    try:
        yield
        assert process.poll() is None, log.read_text()
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0, log.read_text()


def test_what_compose_starts_works_together(own_kafka: Kafka, alertmanager: Alertmanager, tmp_path: Path) -> None:
    require(PROMETHEUS)
    here = Here(own_kafka, alertmanager, tmp_path)
    for job in ("topics", "keys"):
        log = tmp_path / f"{job}.log"
        assert here.run(job, log).wait(_SOON_S) == 0, log.read_text()
    count = SERVICES["worker"]["deploy"]["replicas"]
    logs = [tmp_path / f"worker-{number}.log" for number in range(count)]
    workers = [Worker(here.environment("worker"), log) for log in logs]
    with ExitStack() as stack:
        for worker in workers:
            stack.enter_context(worker)
        stack.enter_context(_simulator(here, tmp_path / "simulator.log"))
        server = stack.enter_context(_prometheus(here, workers, tmp_path))
        assert wait_until(lambda: server.query("job:up:sum == 2"), _SOON_S, "both workers to be scraped")
        judged = f'count by (channel) (sla_state_code{{client="{northwind.CLIENT}"}})'
        wait_until(lambda: {one["metric"]["channel"] for one in server.query(judged)} >= CHANNELS, _SOON_S, judged)
        groups = get_json(server.address, "/api/v1/rules")["data"]["groups"]
        assert {rule["name"] for group in groups for rule in group["rules"] if rule["health"] != "ok"} == set()
