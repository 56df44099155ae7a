"""No fault leaves a worker alive and idle: it says on /healthz what it waits for, and then ends itself."""

from pathlib import Path

import pytest

from agents.kafka import Exit
from tests.agents.running import SOON_S, Site
from tests.faults.faults import set_ahead
from tests.faults.worker import AHEAD
from tests.parts.kafka.broker import Kafka
from tests.parts.waiting import wait_until

pytestmark = pytest.mark.kafka


def test_a_worker_whose_broker_is_gone_says_so_and_then_ends(own_kafka: Kafka, tmp_path: Path) -> None:
    set_ahead(tmp_path / AHEAD, 0)
    site = Site(own_kafka.address, tmp_path)
    site.promise("acme")
    with site.worker(command=("-m", "tests.faults.worker", str(tmp_path), "6")) as worker:
        assert worker.get("/healthz") == (200, "fetching\n")
        own_kafka.kill()
        status, sentence = wait_until(
            lambda: answer if (answer := worker.get("/healthz"))[0] != 200 else None, SOON_S, "it to say so"
        ) or (0, "")
        assert status == 503
        assert sentence.startswith("waiting for a fetch for ")
        assert worker.wait() == Exit.STALLED
        assert "waiting for a fetch" in worker.log
