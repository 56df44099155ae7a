"""A worker that is alive but idle for ever ends itself, and says so before."""

import subprocess
import sys

import pytest

from agents.kafka import Exit
from agents.kafka.watchdog import Watchdog
from tests.kafka.leaving import ends_with
from tests.parts.kafka.broker import Kafka


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def watched() -> tuple[Watchdog, Clock]:
    clock = Clock()
    return Watchdog(patience_s=60, clock=clock), clock


def test_a_worker_that_is_never_assigned_ends() -> None:
    watchdog, clock = watched()
    clock.now = 61
    with ends_with(Exit.STALLED):
        watchdog.check()


def test_a_worker_that_is_assigned_but_does_not_fetch_ends() -> None:
    watchdog, clock = watched()
    clock.now = 50
    watchdog.assigned(partitions=3)
    clock.now = 109
    watchdog.check()
    clock.now = 111
    with ends_with(Exit.STALLED):
        watchdog.check()


def test_a_worker_that_fetches_lives() -> None:
    watchdog, clock = watched()
    watchdog.assigned(partitions=3)
    for clock.now in range(0, 600, 50):
        watchdog.fetched()
        watchdog.check()


def test_a_worker_to_spare_lives() -> None:
    watchdog, clock = watched()
    watchdog.assigned(partitions=0)
    clock.now = 1e6
    watchdog.check()
    assert watchdog.status().healthy


def test_a_worker_whose_write_is_not_taken_says_so_and_ends_though_it_fetches() -> None:
    watchdog, clock = watched()
    watchdog.watch_writes(lambda: 100.0)
    watchdog.assigned(partitions=3)
    for clock.now in (100, 130, 131, 160, 161):
        watchdog.fetched()
        assert watchdog.status().healthy == (clock.now <= 130)
        if clock.now <= 160:
            watchdog.check()
    assert watchdog.status().sentence == "waiting for a write to be taken for 61 s"
    with ends_with(Exit.STALLED):
        watchdog.check()


def test_a_rebalance_that_does_not_end_ends_the_worker() -> None:
    watchdog, clock = watched()
    watchdog.assigned(partitions=0)
    watchdog.revoked()
    clock.now = 61
    with ends_with(Exit.STALLED):
        watchdog.check()


def test_a_stop_that_does_not_end_ends_the_worker() -> None:
    watchdog, clock = watched()
    watchdog.assigned(partitions=0)
    watchdog.stopping()
    clock.now = 60
    watchdog.check()
    clock.now = 61
    with ends_with(Exit.STALLED):
        watchdog.check()


@pytest.mark.kafka
def test_a_worker_that_hangs_in_its_stop_ends(kafka: Kafka) -> None:
    """In a process of its own, since Python waits at its end for the thread that hangs."""
    kafka.create_topic("hanging", 1)
    command = [sys.executable, "-m", "tests.kafka.hanging", kafka.address]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == Exit.STALLED, ended.stderr[-2000:]
    assert "waiting for its own end" in ended.stderr


def test_it_reports_failing_before_it_ends_the_process() -> None:
    watchdog, clock = watched()
    watchdog.assigned(partitions=3)
    clock.now = 31
    status = watchdog.status()
    watchdog.check()
    assert not status.healthy
    assert status.sentence == "waiting for a fetch for 31 s"
