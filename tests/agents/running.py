"""The system as an operator has it: a Kafka, a folder of contracts, an environment, workers and commands."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self

import orjson
from click.testing import CliRunner, Result
from confluent_kafka import Message, Producer
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from agents.cli import main
from tests.parts.http import answers
from tests.parts.kafka.records import read_all
from tests.parts.ports import free_port
from tests.parts.presence import ROOT
from tests.parts.waiting import wait_until

CALLS = "contact.calls"
ALERTS = "sla.alerts"
DEAD_LETTERS = "sla.dead-letters"
TALLIES = "sla.tallies"
UNDELIVERED = "sla.undelivered"
VERDICTS = "sla.verdicts"

#: What a test waits for on a busy machine.
SOON_S = 40
STOPS_WITHIN_S = 10

_MAX_MESSAGE_BYTES = 16 << 20
#: Fewer than the client's limit.
_QUEUED_MESSAGES = 50_000
_WORKER = ("-m", "agents.cli", "worker")
_QUICK = {
    "SLA_SESSION_TIMEOUT_S": "6",
    "SLA_TICK_S": "0.2",
    "SLA_SOURCE_PARTITIONS": "4",
    "SLA_JUDGE_PARTITIONS": "2",
}


class Worker:
    """One worker: a process with a log and a door. It must end in good order unless it is killed."""

    def __init__(self, environment: Mapping[str, str], log: Path, command: Sequence[str] = _WORKER) -> None:
        self.address = f"127.0.0.1:{free_port()}"
        self._log, self._command = log, command
        self._environment = {**environment, "SLA_HTTP_PORT": self.address.rpartition(":")[2]}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process, and do not wait for it."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self._command],
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
            )

    def __enter__(self) -> Self:
        self.start()
        try:
            wait_until(self.is_ready, SOON_S, f"a worker to be ready; its log is {self._log}")
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._process is None:
            return
        if kind is not None:
            self.kill()
            return
        code = self.stop()
        assert code == 0, f"the worker ended with {code}:\n{self.log[-2000:]}"

    def is_ready(self) -> bool:
        """Whether it says so itself."""
        assert self._process is not None
        code = self._process.poll()
        assert code is None, f"the worker ended with {code}:\n{self.log[-4000:]}"
        return answers(self.address, "/readyz")

    def stop(self) -> int:
        """Ask it to end (SIGTERM) and return its exit code; one that takes long is killed: a failure."""
        assert self._process is not None
        process, self._process = self._process, None
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"not ended within {STOPS_WITHIN_S} s:\n{self.log[-4000:]}") from None

    def signal(self, number: int) -> None:
        """Send it a signal; one that has ended takes none."""
        assert self._process is not None
        self._process.send_signal(number)

    @property
    def pid(self) -> int:
        """Of its process while it runs."""
        assert self._process is not None
        return self._process.pid

    def ended(self) -> int | None:
        """Its exit code; None while it runs."""
        assert self._process is not None
        return self._process.poll()

    def wait(self) -> int:
        """Wait until it ends by itself, and return its exit code."""
        assert self._process is not None
        process, self._process = self._process, None
        return process.wait(SOON_S)

    def kill(self) -> None:
        """End it without warning (SIGKILL)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @property
    def log(self) -> str:
        """Everything that it has said."""
        return self._log.read_text(errors="replace")

    def get(self, path: str) -> tuple[int, str]:
        """Knock at its door: status and body."""
        connection = HTTPConnection(self.address, timeout=10)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def metrics(self) -> dict[str, Metric]:
        """What it exports, by name."""
        return {family.name: family for family in text_string_to_metric_families(self.get("/metrics")[1])}

    def sample(self, name: str, **labels: str) -> float:
        """Add up the samples of this name that have these labels."""
        samples = (sample for family in self.metrics().values() for sample in family.samples)
        return sum(one.value for one in samples if one.name == name and labels.items() <= one.labels.items())


class Site:
    """One Kafka and the files of one operator. What is set here is what an operator sets."""

    def __init__(self, address: str, home: Path, **settings: str) -> None:
        self.address = address
        self.contracts = home / "contracts"
        self.contracts.mkdir(exist_ok=True)
        self._home = home
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SLA_")}
        self.settings = {
            "SLA_KAFKA": address,
            "SLA_CONTRACTS": str(self.contracts),
            "SLA_NOTIFY": "",
            **_QUICK,
            **settings,
        }
        self.environment = inherited | self.settings

    def worker(self, *, command: Sequence[str] = _WORKER, **settings: str) -> Worker:
        """Return a worker that is not yet started: use it with `with`."""
        number = len(list(self._home.glob("worker-*.log")))
        log = self._home / f"worker-{number}.log"
        log.touch()
        return Worker(self.environment | settings, log, command)

    def run(self, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in a process of its own, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "agents.cli", *arguments],
            env=self.environment | settings,
            capture_output=True,
            text=True,
            check=False,
            timeout=SOON_S,
            cwd=ROOT,
        )

    def command(self, *arguments: str) -> Result:
        """Run a command here: quicker, with the same exit code and output."""
        return CliRunner().invoke(main, arguments, env=self.settings)

    def figures(self) -> dict[str, Any]:
        """What `sla-stream figures --json` prints."""
        result = self.command("figures", "--json")
        assert result.exit_code == 0, result.output
        figures: dict[str, Any] = json.loads(result.stdout)
        return figures

    def promise(self, client: str, name: str | None = None, **written: object) -> Path:
        """Put a contract with the client into the folder."""
        file = self.contracts / f"{name or client}.yaml"
        # JSON is YAML.
        file.write_bytes(orjson.dumps(contract(client, name or client, **written)))
        return file

    def tell(self, *facts: Mapping[str, object], topic: str = CALLS) -> None:
        """Write facts as a source does, each under its contact."""
        self.write(((str(fact.get("contact", "")).encode(), orjson.dumps(fact)) for fact in facts), topic)

    def write(self, messages: Iterable[tuple[bytes | None, bytes | None]], topic: str = CALLS) -> None:
        """Write keys and values as they are; return when the broker has them all."""
        producer = Producer({"bootstrap.servers": self.address, "message.max.bytes": _MAX_MESSAGE_BYTES})
        failures: list[object] = []
        for key, value in messages:
            while len(producer) >= _QUEUED_MESSAGES:
                producer.poll(0.1)
            producer.produce(topic, value, key, on_delivery=lambda error, _: failures.append(error))
        assert producer.flush(SOON_S) == 0, f"{topic} did not take every record"
        assert not any(failures), failures

    def records(self, topic: str) -> list[Message]:
        """What a topic holds now."""
        return read_all(self.address, topic)

    def read(self, topic: str, /, **wanted: object) -> list[dict[str, Any]]:
        """The JSON on a topic whose fields are as wanted, oldest first."""
        values = [
            orjson.loads(value)
            for record in sorted(self.records(topic), key=lambda record: record.timestamp())
            if (value := record.value()) is not None
        ]
        return [value for value in values if wanted.items() <= value.items()]

    def wait_for(self, topic: str, count: int, /, **wanted: object) -> list[dict[str, Any]]:
        """Wait until a topic holds so many of these, and return them."""

        def found() -> list[dict[str, Any]]:
            values = self.read(topic, **wanted)
            return values if len(values) >= count else []

        return wait_until(found, SOON_S, f"{count} on {topic} with {wanted}")

    def wait_counted(self) -> dict[str, int]:
        """Wait until all that the sources wrote is counted for good, and return the numbers by result."""
        written = len(self.records(CALLS))

        def counters() -> dict[str, int] | None:
            found: dict[str, int] = self.figures()["counters"]
            return found if found["received"] >= written else None

        return wait_until(counters, SOON_S, f"{written} messages to be counted") or {}

    def rows(self, client: str) -> list[dict[str, Any]]:
        """The client's rows of the figures."""
        return [row for row in self.figures()["results"] if row["client"] == client]


def contract(client: str, name: str, **written: object) -> dict[str, object]:
    """Eight calls in ten within 20 s, over the last hour; told at once, and over at once."""
    return {
        "name": name,
        "client": client,
        "time_zone": "Europe/Paris",
        "silence": "1h",
        "versions": [{"effective": "2020-01-01", "objectives": [objective()]}],
        **written,
    }


def objective(**written: object) -> dict[str, object]:
    """The objective of `contract`, with changes."""
    return {
        "name": "picked-up",
        "measure": {"kind": "service_level", "formula": "abandons_missed", "threshold": "20s"},
        "target": {"at_least": "80%"},
        "windows": ["rolling 1h"],
        "alert": {"window": "rolling 1h", "severity": "critical"},
        **written,
    }


def calls(
    client: str, prefix: str, number: int, *, waited_s: float, now_ms: int, queue: str = "sales"
) -> Sequence[dict[str, object]]:
    """Calls that were offered two minutes ago and answered after so long, each told in one message."""
    offered_ms = now_ms - 120_000
    return [
        {
            "type": "record",
            "client": client,
            "contact": f"{prefix}-{n}",
            "queue": queue,
            "offered_at": offered_ms + n,
            "answered_at": offered_ms + n + int(waited_s * 1000),
        }
        for n in range(number)
    ]
