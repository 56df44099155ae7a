"""Two workers against one: the same facts, which came while they were held, counted by both and by one alone.

Broker and workers share two cores here, so what two of them gain is bounded by what the broker takes: it is told.
"""

import os
import signal
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import NamedTuple

from benchmarks import load, processor, system
from benchmarks.figures import Figure
from benchmarks.load import Keyed
from benchmarks.system import System
from tests.parts.ports import free_port
from tests.parts.waiting import wait_until

_CONTACTS = 250_000
_WARM_SHARE = 0.1
#: Long enough to be held while facts come without losing partitions.
_SETTINGS = {"SLA_SESSION_TIMEOUT_S": "60"}
_COUNTED_WITHIN_S = 120


class _Pace(NamedTuple):
    """Facts per second of all workers; cores in use, of theirs and of the broker's."""

    facts_per_s: float
    workers_cores: float
    broker_cores: float


def run() -> list[Figure]:
    """One run: one worker, then two."""
    facts = load.calls(_CONTACTS)
    one, two = _pace(facts, 1), _pace(facts, 2)
    return [
        Figure("two workers count as fast as one", two.facts_per_s / one.facts_per_s, "{:.2f} times"),
        *(
            figure
            for number, pace in ((1, one), (2, two))
            for figure in (
                Figure(f"  {number} at work: facts per second", pace.facts_per_s, "{:,.0f}"),
                Figure(f"  {number} at work: cores in use by workers", pace.workers_cores, "{:.2f}"),
                Figure(f"  {number} at work: cores in use by the broker", pace.broker_cores, "{:.2f}"),
            )
        ),
    ]


def _pace(facts: Sequence[Keyed], workers: int) -> _Pace:
    with system.brokered(settings=_SETTINGS) as (broker, environment), ExitStack() as stack:
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
        return _Pace((len(facts) - first) / took_s, used_s / took_s, broker_s / took_s)


def _reach(workers: Sequence[System], facts: int) -> None:
    wait_until(lambda: _counted(workers) >= facts, _COUNTED_WITHIN_S, f"{facts:,} facts to be counted")


def _counted(workers: Sequence[System]) -> int:
    return sum(worker.counted() for worker in workers)


def _cpu_s(workers: Sequence[System]) -> float:
    return sum(worker.cpu_s() for worker in workers)


def _signal(workers: Sequence[System], number: int) -> None:
    for worker in workers:
        os.kill(worker.pid, number)
