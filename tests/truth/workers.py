"""Workers as an operator starts them, on a Kafka of their own."""

import re
import sys
from collections import Counter
from collections.abc import Mapping
from http.client import HTTPConnection
from pathlib import Path
from typing import Self

from agents.state import position_of
from tests.parts.http import answers
from tests.parts.kafka.records import read_all
from tests.parts.ports import free_port
from tests.parts.processes import Process


class Worker:
    """One process. Its end may be asked for, or come without warning."""

    def __init__(self, log: Path, settings: Mapping[str, str]) -> None:
        port = free_port()
        self._address = f"127.0.0.1:{port}"
        environment = [f"{name}={value}" for name, value in {**settings, "SLA_HTTP_PORT": str(port)}.items()]
        # `env` becomes the worker, so the process id is the worker's.
        self._process = Process(["env", *environment, sys.executable, "-m", "agents.cli", "worker"], log)

    def __enter__(self) -> Self:
        self._process.start(lambda: answers(self._address, "/readyz"), f"the worker at {self._address}")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stop()

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()

    def applied(self) -> int:
        """Facts that it says it has counted."""
        connection = HTTPConnection(self._address, timeout=10)
        connection.request("GET", "/metrics")
        metrics = connection.getresponse().read().decode()
        connection.close()
        figure = re.search(r'^sla_facts_total\{result="applied"\} (\S+)$', metrics, re.MULTILINE)
        assert figure, "no sla_facts_total among the metrics"
        return int(float(figure[1]))


def received(address: str, app_id: str) -> int:
    """Messages that are counted and safely stored, by all workers there ever were."""
    newest: dict[int, tuple[int, int]] = {}
    for record in read_all(address, f"{app_id}-positions-changelog"):
        value, partition = record.value(), record.partition()
        assert value is not None
        assert partition is not None
        position = position_of(value)
        newest[partition] = max(newest.get(partition, (-1, 0)), (position.offset, position.received))
    return sum(messages for _, messages in newest.values())


def all_resolved(address: str, app_id: str) -> bool:
    """Whether all that intake has told of customers is counted and safely stored."""
    told, counted = Counter[int](), dict[int, int]()
    for record in read_all(address, "sla.resolutions"):
        told[record.partition() or 0] = max(told[record.partition() or 0], (record.offset() or 0) + 1)
    for record in read_all(address, f"{app_id}-resolved-up-to-changelog"):
        value, partition = record.value(), record.partition() or 0
        assert value is not None
        counted[partition] = max(counted.get(partition, 0), position_of(value).offset + 1)
    return dict(told) == counted
