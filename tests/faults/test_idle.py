"""No fault leaves a worker alive and idle: it says on /healthz what it waits for, and then ends itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.kafka import Exit
from tests.agents.running import SOON_S, TALLIES, Site, Worker, calls
from tests.faults.faults import set_ahead
from tests.faults.worker import AHEAD
from tests.parts.kafka.broker import Kafka
from tests.parts.kafka.gate import Gate
from tests.parts.presence import KAFKA, require
from tests.parts.waiting import wait_until

pytestmark = pytest.mark.kafka


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def broker(gate: Gate, tmp_path: Path) -> Iterator[Kafka]:
    require(KAFKA)
    broker = Kafka(tmp_path, gate.settings)
    with gate.to(broker.address), broker:
        yield broker


@pytest.fixture
def site(broker: Kafka, gate: Gate, tmp_path: Path) -> Site:
    set_ahead(tmp_path / AHEAD, 0)
    site = Site(gate.address, tmp_path)
    site.promise("acme")
    return site


def impatient(site: Site, tmp_path: Path, **settings: str) -> Worker:
    """A worker that waits for 6 s where others wait for two minutes."""
    return site.worker(command=("-m", "tests.faults.worker", str(tmp_path), "6"), **settings)


def complaint(worker: Worker) -> tuple[int, str]:
    """What it says at its door once it is not well."""

    def said() -> tuple[int, str] | None:
        answer = worker.get("/healthz")
        return answer if answer[0] != 200 else None

    return wait_until(said, SOON_S, "it to say so") or (0, "")


def test_a_worker_whose_broker_is_gone_says_so_and_then_ends(broker: Kafka, site: Site, tmp_path: Path) -> None:
    with impatient(site, tmp_path) as worker:
        assert worker.get("/healthz") == (200, "fetching\n")
        broker.kill()
        status, sentence = complaint(worker)
        assert status == 503
        assert sentence.startswith("waiting for a fetch for ")
        assert worker.wait() == Exit.STALLED
        assert "waiting for a fetch" in worker.log


def test_a_worker_whose_writes_are_not_taken_says_so_and_then_ends(
    gate: Gate, site: Site, tmp_path: Path, now_ms: int
) -> None:
    """It fetches all the while, and counts nothing."""
    with impatient(site, tmp_path) as worker:
        gate.close(TALLIES)
        site.tell(*calls("acme", "held-up", 4, waited_s=5, now_ms=now_ms))
        status, sentence = complaint(worker)
        assert status == 503
        assert sentence.startswith("waiting for a write to be taken for ")
        assert worker.wait() == Exit.STALLED
    gate.open(TALLIES)
    with impatient(site, tmp_path):
        assert site.wait_counted()["applied"] == 4


def test_a_worker_that_its_group_does_not_take_ends(site: Site, tmp_path: Path) -> None:
    """Its session is shorter than the broker allows, so it is assigned nothing; its door is not open yet."""
    worker = impatient(site, tmp_path, SLA_SESSION_TIMEOUT_S="1")
    worker.start()
    assert worker.wait() == Exit.STALLED
    assert "waiting for an assignment" in worker.log
