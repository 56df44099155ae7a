"""Facts per second of one worker on the full path: facts that wait on the topic, counted, written and judged."""

import time
from typing import NamedTuple

from benchmarks import load, system
from benchmarks.figures import Figure

_CONTACTS = 250_000
_WARM_SHARE = 0.1


class Throughput(NamedTuple):
    """One run."""

    facts_per_s: float
    cpu_us_per_fact: float


def run() -> list[Figure]:
    """One run, for the table."""
    rate = measure()
    return [
        Figure("facts per second, one worker", rate.facts_per_s, "{:,.0f}"),
        Figure("  processor time of the worker per fact", rate.cpu_us_per_fact, "{:.1f} µs"),
    ]


def measure() -> Throughput:
    """Between a tenth of the facts and the last; the start of Python and the join are not counted."""
    facts = load.calls(_CONTACTS)
    with system.cluster() as environment:
        system.produce(environment["SLA_KAFKA"], facts)
        with system.worker(environment) as running:
            while (first := running.counted()) < len(facts) * _WARM_SHARE:
                time.sleep(0.05)
            began, cpu_s = time.perf_counter(), running.cpu_s()
            while (last := running.counted()) < len(facts):
                time.sleep(0.05)
            took_s, cpu_s = time.perf_counter() - began, running.cpu_s() - cpu_s
    return Throughput((last - first) / took_s, cpu_s / (last - first) * 1e6)
