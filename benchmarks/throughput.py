"""Facts per second on the full path: facts that wait on the topic, counted, written and judged by workers."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import NamedTuple

from benchmarks import load, system
from tests.parts.ports import free_port

_CONTACTS = 250_000
_WARM_SHARE = 0.1
_LOOK_S = 0.05


class Throughput(NamedTuple):
    """One run: processor time per fact, and how many processors all workers and the broker kept busy."""

    facts_per_s: float
    cpu_us_per_fact: float
    broker_us_per_fact: float
    worker_cores: float
    broker_cores: float


class _Reading(NamedTuple):
    """What has been counted and used by a moment."""

    at_s: float
    counted: list[int]
    workers_s: float
    broker_s: float


def measure(workers: int = 1) -> Throughput:
    """From when a tenth is counted and every worker counts, to the last fact: starts and joins are left out."""
    facts = load.calls(_CONTACTS)
    with system.cluster() as environment, ExitStack() as stack, ThreadPoolExecutor() as starting:
        system.produce(environment["SLA_KAFKA"], facts)
        each = [system.worker(environment | {"SLA_HTTP_PORT": str(free_port())}) for _ in range(workers)]
        running = list(starting.map(stack.enter_context, each))

        def read() -> _Reading:
            counted = [one.counted() for one in running]
            workers_s = sum(one.cpu_s() for one in running)
            return _Reading(time.perf_counter(), counted, workers_s, system.cpu_s(environment.broker_pid))

        first = _read_until(read, lambda counted: sum(counted) >= len(facts) * _WARM_SHARE and all(counted))
        last = _read_until(read, lambda counted: sum(counted) >= len(facts))
    return _between(first, last)


def _read_until(read: Callable[[], _Reading], reached: Callable[[list[int]], bool]) -> _Reading:
    while not reached((reading := read()).counted):
        time.sleep(_LOOK_S)
    return reading


def _between(first: _Reading, last: _Reading) -> Throughput:
    facts, seconds = sum(last.counted) - sum(first.counted), last.at_s - first.at_s
    workers_s, broker_s = last.workers_s - first.workers_s, last.broker_s - first.broker_s
    return Throughput(
        facts / seconds, workers_s / facts * 1e6, broker_s / facts * 1e6, workers_s / seconds, broker_s / seconds
    )
