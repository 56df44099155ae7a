"""Two workers against one: the same facts, which came while they were held, counted by both and by one alone.

Once of one client, who is judged by one of the two, and once of four, of whom each judges two. Broker and workers
share two cores here, so what two of them gain is bounded by what the broker takes: it is told.
"""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks import load, processor, system
from benchmarks.figures import Figure
from benchmarks.load import Pace
from benchmarks.system import System
from tests.parts.ports import free_port
from tests.parts.waiting import wait_until

_CONTACTS = 250_000
#: Of four each is judged in another partition (`agents/routing.py`), so that two workers have two of them each.
_CLIENTS = (("acme",), ("acme", "bolt", "dune", "haze"))
_WARM_SHARE = 0.1
#: Long enough to be held while facts come without losing partitions.
_SETTINGS = {"SLA_SESSION_TIMEOUT_S": "60"}
_COUNTED_WITHIN_S = 120


class _Speed(NamedTuple):
    """Facts per second of all workers; cores in use, of theirs and of the broker's."""

    facts_per_s: float
    workers_cores: float
    broker_cores: float


def run() -> list[Figure]:
    """One run: one worker, then two, for each number of clients."""
    return [figure for clients in _CLIENTS for figure in _figures(clients)]


def _figures(clients: tuple[str, ...]) -> Iterator[Figure]:
    one, two = _speed(clients, 1), _speed(clients, 2)
    name = f"two workers as fast as one, clients: {len(clients)}"
    yield Figure(name, two.facts_per_s / one.facts_per_s, "{:.2f} times")
    for number, speed in ((1, one), (2, two)):
        at_work = f"  {number} at work"
        yield Figure(f"{at_work}: facts per second", speed.facts_per_s, "{:,.0f}")
        yield Figure(f"{at_work}: cores in use by workers", speed.workers_cores, "{:.2f}")
        yield Figure(f"{at_work}: cores in use by the broker", speed.broker_cores, "{:.2f}")


def _speed(clients: tuple[str, ...], workers: int) -> _Speed:
    facts = load.calls(_CONTACTS, Pace(clients=clients))
    with TemporaryDirectory() as home, ExitStack() as stack:
        for client in clients:
            system.example_contract(Path(home), client)
        broker, environment = stack.enter_context(system.brokered(Path(home), _SETTINGS))
        ports = ({"SLA_HTTP_PORT": str(free_port())} for _ in range(workers))
        running = [stack.enter_context(system.worker(environment | port)) for port in ports]
        _signal(running, signal.SIGSTOP)
        system.produce(environment["SLA_KAFKA"], facts)
        _signal(running, signal.SIGCONT)
        _reach(running, round(len(facts) * _WARM_SHARE))
        began, first = time.perf_counter(), _counted(running)
        used_s, broker_s = _cpu_s(running), processor.cpu_s(broker.pid)
        _reach(running, len(facts))
        took_s = time.perf_counter() - began
        used_s, broker_s = _cpu_s(running) - used_s, processor.cpu_s(broker.pid) - broker_s
        return _Speed((len(facts) - first) / took_s, used_s / took_s, broker_s / took_s)


def _reach(workers: Sequence[System], facts: int) -> None:
    wait_until(lambda: _counted(workers) >= facts, _COUNTED_WITHIN_S, f"{facts:,} facts to be counted")


def _counted(workers: Sequence[System]) -> int:
    return sum(worker.counted() for worker in workers)


def _cpu_s(workers: Sequence[System]) -> float:
    return sum(worker.cpu_s() for worker in workers)


def _signal(workers: Sequence[System], number: int) -> None:
    for worker in workers:
        os.kill(worker.pid, number)
