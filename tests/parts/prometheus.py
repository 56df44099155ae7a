"""A real Prometheus on a free loopback port."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

from tests.parts.http import answers, get_json
from tests.parts.ports import free_port
from tests.parts.processes import Process


class Prometheus:
    """A server with a configuration of the test's own, the parsed form of prometheus.yml."""

    def __init__(self, home: Path, config: Mapping[str, object]) -> None:
        self.address = f"127.0.0.1:{free_port()}"
        # JSON is YAML.
        (home / "prometheus.yml").write_text(json.dumps(config))
        command = [
            "prometheus",
            f"--config.file={home / 'prometheus.yml'}",
            f"--storage.tsdb.path={home / 'data'}",
            f"--web.listen-address={self.address}",
            # It first looks for Alertmanagers after five seconds: an alert from before is lost until the next try.
            "--rules.alert.resend-delay=1s",
        ]
        self._process = Process(command, home / "prometheus.log")

    def __enter__(self) -> Self:
        self._process.start(lambda: answers(self.address, "/-/ready"), f"Prometheus at {self.address}")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stop()

    def query(self, expression: str) -> list[dict[str, Any]]:
        """Return the series of an expression as they are now: `metric` has labels, `value` time and figure."""
        answer = get_json(self.address, f"/api/v1/query?{urlencode({'query': expression})}")
        series: list[dict[str, Any]] = answer["data"]["result"]
        return series
