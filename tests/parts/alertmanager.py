"""A real Alertmanager on a free loopback port."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from tests.parts.http import answers, get_json
from tests.parts.ports import free_port
from tests.parts.processes import Process

_TELLS_NOBODY: Mapping[str, object] = MappingProxyType(
    {"route": {"receiver": "nobody"}, "receivers": [{"name": "nobody"}]}
)


class Alertmanager:
    """A server with a configuration of the test's own, the parsed form of alertmanager.yml."""

    def __init__(self, home: Path, config: Mapping[str, object] = _TELLS_NOBODY) -> None:
        self.address = f"127.0.0.1:{free_port()}"
        # JSON is YAML.
        (home / "alertmanager.yml").write_text(json.dumps(dict(config)))
        command = [
            "prometheus-alertmanager",
            f"--config.file={home / 'alertmanager.yml'}",
            f"--storage.path={home / 'data'}",
            f"--web.listen-address={self.address}",
            # No others to find.
            "--cluster.listen-address=",
        ]
        self._process = Process(command, home / "alertmanager.log")

    def __enter__(self) -> Self:
        self._process.start(lambda: answers(self.address, "/-/ready"), f"Alertmanager at {self.address}")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stop()

    def alerts(self) -> list[dict[str, Any]]:
        """Return the alerts that it holds for active."""
        alerts: list[dict[str, Any]] = get_json(self.address, "/api/v2/alerts")
        return alerts
