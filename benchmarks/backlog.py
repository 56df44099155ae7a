"""Whether the tick comes on time while a worker is behind by a large backlog."""

import re
import time
import urllib.request
from collections.abc import Iterator
from statistics import median

from benchmarks import load, system

_CONTACTS = 500_000
_WARM_SHARE = 0.05
_LOOK_S = 0.1
_DELAY = re.compile(r'^sla_task_delay_seconds\{task="tick"\} (\S+)$', re.MULTILINE)


def rows() -> Iterator[tuple[str, str]]:
    """How late each tick came, from when some of the backlog is counted to its end."""
    facts = load.calls(_CONTACTS)
    with system.cluster() as environment:
        system.produce(environment["SLA_KAFKA"], facts)
        with system.worker(environment) as running:
            while running.counted() < len(facts) * _WARM_SHARE:
                time.sleep(_LOOK_S)
            delays = sorted(_delays(running, len(facts)))
    late = f"p50 {median(delays) * 1000:.0f} ms, p99 {delays[len(delays) * 99 // 100] * 1000:.0f} ms"
    yield (
        f"tick late, {len(facts):,} facts behind, {len(delays)} ticks",
        f"{late}, most {delays[-1] * 1000:.0f} ms",
    )


def _delays(running: system.System, facts: int) -> Iterator[float]:
    """Seconds; a gauge shows the last tick's, and no two are the same."""
    known = None
    while running.counted() < facts:
        delay = _tick_delay(running)
        if known is not None and delay != known:
            yield delay
        known = delay
        time.sleep(_LOOK_S)


def _tick_delay(running: system.System) -> float:
    page = f"http://127.0.0.1:{running.port}/metrics?name[]=sla_task_delay_seconds"
    with urllib.request.urlopen(page) as answer:
        found = _DELAY.search(answer.read().decode())
    return float(found[1]) if found else 0.0
