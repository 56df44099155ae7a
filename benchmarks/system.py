"""A Kafka and one worker, started for one measurement and stopped after it."""

import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka import Producer

from benchmarks import processor
from benchmarks.load import Keyed
from tests.parts.kafka.broker import Kafka
from tests.parts.ports import free_port
from tests.parts.waiting import wait_until

_EXAMPLE = Path("config/contracts/hotline-fr.yaml")

_READY_S = 60


@dataclass(frozen=True, slots=True)
class System:
    """What is running."""

    kafka: str
    port: int
    pid: int

    def counted(self) -> int:
        """Messages counted so far. Asked for alone: a thousand verdicts would take the worker's time."""
        sample = 'sla_facts_total{result="applied"} '
        page = f"http://127.0.0.1:{self.port}/metrics?name[]=sla_facts_total"
        with urllib.request.urlopen(page) as answer:
            lines = answer.read().decode().splitlines()
        return int(next(float(line.removeprefix(sample)) for line in lines if line.startswith(sample)))

    def cpu_s(self) -> float:
        """Processor time that the worker has used."""
        return processor.cpu_s(self.pid)

    def memory_bytes(self) -> int:
        """Resident memory of the worker."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


def example_contract(folder: Path, client: str = "acme") -> Path:
    """The example contract, promised for every queue there is: each is judged by itself, and all together."""
    contract = folder / f"hotline-{client}.yaml"
    text = _EXAMPLE.read_text().replace("[sales, support]", "all").replace("name: hotline-fr", f"name: {client}")
    contract.write_text(text.replace("client: acme ", f"client: {client} "))
    return contract


@contextmanager
def cluster(contracts: Path | None = None, settings: dict[str, str] | None = None) -> Iterator[dict[str, str]]:
    """A fresh Kafka with our topics; gives the environment of a worker for it. Without contracts, the example."""
    with brokered(contracts, settings) as (_, environment):
        yield environment


@contextmanager
def brokered(
    contracts: Path | None = None, settings: dict[str, str] | None = None
) -> Iterator[tuple[Kafka, dict[str, str]]]:
    """The same, with the broker."""
    with tempfile.TemporaryDirectory() as home, Kafka(Path(home)) as broker:
        environment = os.environ | {
            "SLA_KAFKA": broker.address,
            "SLA_CONTRACTS": str(contracts or example_contract(Path(home))),
            "SLA_NOTIFY": "",
            "SLA_HTTP_PORT": str(free_port()),
            "SLA_LOG_LEVEL": "warning",
        }
        environment |= settings or {}
        apply = [sys.executable, "-m", "agents.cli", "topics", "apply"]
        subprocess.run(apply, env=environment, check=True, stdout=subprocess.DEVNULL)
        yield broker, environment


@contextmanager
def worker(environment: Mapping[str, str], log: Path | None = None) -> Iterator[System]:
    """One worker, ready. What it says goes to the log; without one its errors are shown, beside the table."""
    with nullcontext() if log is None else log.open("ab") as said:
        command = [sys.executable, "-m", "agents.cli", "worker"]
        process = subprocess.Popen(command, env=environment, stdout=said or subprocess.DEVNULL, stderr=said)
    try:
        port = int(environment["SLA_HTTP_PORT"])
        wait_until(lambda: process.poll() is not None or _answers(port), _READY_S, "the worker is ready")
        yield System(environment["SLA_KAFKA"], port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def produce(address: str, facts: Iterable[Keyed]) -> None:
    """Put facts on their topic as fast as it takes them."""
    producer = Producer({"bootstrap.servers": address, "linger.ms": 20, "batch.size": 500_000})
    for key, value in facts:
        while True:
            try:
                producer.produce("contact.calls", value, key)
                break
            except BufferError:
                producer.poll(0.1)
    producer.flush()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
