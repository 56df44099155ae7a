"""Workers of their own process against a real broker, ended in every way."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest
from confluent_kafka.admin import AdminClient

from agents.kafka import Exit
from tests.kafka import counting_worker
from tests.kafka.running import committed, log_end
from tests.parts.kafka.broker import Kafka
from tests.parts.kafka.records import produce, read_all
from tests.parts.waiting import wait_until

pytestmark = pytest.mark.kafka

ROOT = Path(__file__).parents[2]

Worker: TypeAlias = "subprocess.Popen[bytes]"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where a worker writes what it has to say."""
    return tmp_path / "worker.log"


@contextmanager
def worker(broker: Kafka, name: str, log: Path, partitions: int = 1, takes_s: float = 0) -> Iterator[Worker]:
    """Run the counting worker; what it has not ended by then is killed."""
    command = [sys.executable, counting_worker.__file__, broker.address, name, name, str(partitions)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "CHUNK_TAKES_S": str(takes_s)}
    with (
        log.open("wb") as output,
        subprocess.Popen(command, env=environment, cwd=ROOT, stdout=output, stderr=output) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def changelog(broker: Kafka, name: str) -> list[tuple[tuple[int | None, bytes | None], tuple[int, int]]]:
    """Return the counts written, oldest first: (partition, key), (source offset, count)."""
    written = []
    for record in read_all(broker.address, f"{name}-counts-changelog"):
        reflected, number = (record.value() or b"").split()
        written.append(((record.partition(), record.key()), (int(reflected), int(number))))
    return written


def total(broker: Kafka, name: str) -> int:
    """Return the sum of the last counts written."""
    if f"{name}-counts-changelog" not in AdminClient({"bootstrap.servers": broker.address}).list_topics().topics:
        return 0
    return sum(number for _, number in dict(changelog(broker, name)).values())


def test_4_a_write_that_the_broker_refuses_is_never_followed_by_a_commit(kafka: Kafka, log: Path) -> None:
    kafka.create_topic("refused", 1)
    kafka.create_topic("refused-counts-changelog", 1, {"max.message.bytes": "10"})
    produce(kafka.address, "refused", [(b"key", b"value")])
    with worker(kafka, "refused", log) as process:
        assert process.wait(20) == Exit.WRITE_FAILED
    assert committed(kafka, "refused", "refused", 1) == [-1001]


def test_10_an_exception_ends_the_process_and_skips_nothing(kafka: Kafka, log: Path) -> None:
    kafka.create_topic("poisoned", 1)
    produce(kafka.address, "poisoned", [(counting_worker.POISON, b"value")])
    with worker(kafka, "poisoned", log) as process:
        assert process.wait(20) == Exit.AGENT_FAILED
    assert committed(kafka, "poisoned", "poisoned", 1) == [-1001]


def test_8_every_record_is_counted_once_over_kills_and_stops(kafka: Kafka, log: Path) -> None:
    kafka.create_topic("killed", 4)
    truth: Counter[bytes] = Counter()

    def feed(count: int) -> None:
        records = [(b"%d" % (n % 30), bytes(200)) for n in range(count)]
        truth.update(key for key, _ in records)
        produce(kafka.address, "killed", records)

    feed(3000)
    for end in (signal.SIGKILL, signal.SIGTERM, None):
        with worker(kafka, "killed", log, partitions=4, takes_s=0.02) as process:
            wait_until(lambda: total(kafka, "killed") >= truth.total() - 2000, 30, "most to be counted")
            feed(3000)
            if end is None:
                wait_until(lambda: total(kafka, "killed") >= truth.total(), 30, "all to be counted")
            else:
                process.send_signal(end)
                process.wait(20)
    last, highest = (
        dict(changelog(kafka, "killed")),
        dict(sorted(changelog(kafka, "killed"), key=lambda at: at[1])),
    )
    for state in (last, highest):
        counted: Counter[bytes] = Counter()
        for (_, key), (_, number) in state.items():
            assert key is not None
            counted[key] += number
        assert counted == truth


def test_9_a_worker_frozen_past_its_session_writes_nothing_when_it_wakes(kafka: Kafka, log: Path) -> None:
    kafka.create_topic("frozen", 1)
    with worker(kafka, "frozen", log, takes_s=2) as process:
        produce(kafka.address, "frozen", [(b"first", b"value")])
        wait_until(lambda: total(kafka, "frozen") == 1, 20, "the first chunk to be written")
        produce(kafka.address, "frozen", [(b"second", b"value")])
        wait_until(lambda: log.read_bytes().count(b"counted") == 2, 20, "the second chunk to be in hand")
        process.send_signal(signal.SIGSTOP)
        admin = AdminClient({"bootstrap.servers": kafka.address})

        def members() -> int:
            described = admin.describe_consumer_groups(["frozen"])["frozen"].result(timeout=10)
            return len(described.members)

        wait_until(lambda: members() == 0, 20, "the group to give the worker up")
        process.send_signal(signal.SIGCONT)
        assert process.wait(20) == Exit.LEASE_LOST
    assert total(kafka, "frozen") == 1
    assert committed(kafka, "frozen", "frozen", 1)[0] < log_end(kafka, "frozen")
