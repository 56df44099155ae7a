"""What objectives and windows cost the bench: the same tallies put on its boards under different contracts.

Ratios of one run, in which the contracts take turns. Judging is measured apart: it costs by the second and by the
objective, not by the fact.
"""

import gc
import time
from collections.abc import Iterable, Sequence
from datetime import date
from statistics import median
from typing import NamedTuple

from agents import state
from agents.codec import decode
from benchmarks import load
from schemas.contract import Contract, Objective, Version
from sla_stream.counting import Batch, Counting
from sla_stream.judging import Judging
from sla_stream.messages import messages_of
from sla_stream.promises import Promises, promises_of

_START_MS = load.Pace().start_ms
_CONTACTS = 40_000
_PARTITIONS = 8
_CHUNK = 4_000
_OBJECTIVES, _SHORTEST, _WINDOWS = (10, 100), "rolling 1m", ("rolling 1h", "rolling 1d", "rolling 90d")
_MEASURE = {"kind": "service_level", "formula": "abandons_missed", "threshold": "30s"}


class Cost(NamedTuple):
    """Of one contract, µs of processor time: to put a fact's tallies on the boards, and to judge all once."""

    per_fact: float
    per_tick: float


class Ratios(NamedTuple):
    """Time per fact over that under one objective with a window of a minute: by objectives, and by window."""

    objectives: dict[int, float]
    windows: dict[str, float]


def measure(runs: int = 5) -> Ratios:
    """Medians over runs that alternate."""
    several = {
        "one": [_objective(0, [_SHORTEST])],
        **{str(n): [_objective(number, [_SHORTEST]) for number in range(n)] for n in _OBJECTIVES},
        **{window: [_objective(0, [window])] for window in _WINDOWS},
    }
    promises = {name: promises_of([_contract(objectives)]) for name, objectives in several.items()}
    told = _told(promises["one"])
    costs = [{name: _cost(told, contract) for name, contract in promises.items()} for _ in range(runs)]
    per_fact = {name: median(cost[name].per_fact for cost in costs) for name in promises}
    return Ratios(
        {n: per_fact[str(n)] / per_fact["one"] for n in _OBJECTIVES},
        {window: per_fact[window] / per_fact["one"] for window in _WINDOWS},
    )


def _told(promises: Promises) -> list[list[bytes]]:
    """What eight partitions tell of the load, chunk by chunk."""
    countings = [Counting(promises) for _ in range(_PARTITIONS)]
    parts: list[list[bytes]] = [[] for _ in range(_PARTITIONS)]
    for key, value in load.calls(_CONTACTS):
        parts[hash(key) % _PARTITIONS].append(value)
    told = []
    for begin in range(0, max(map(len, parts)), _CHUNK):
        for number, (counting, part) in enumerate(zip(countings, parts, strict=True)):
            values = part[begin : begin + _CHUNK]
            facts = [(offset, decode(value, _START_MS * 2)) for offset, value in enumerate(values, begin)]
            if facts:
                changes = counting.observe(Batch(facts, facts[-1][0]))
                messages = messages_of(changes, f"contact.calls/{number}", _START_MS)
                told.append([state.bench_record(message)[1] or b"" for message in messages])
    return told


def _cost(told: Sequence[Iterable[bytes]], promises: Promises) -> Cost:
    # What the contract before has left is not cleared away at the expense of this one.
    gc.collect()
    judging, facts = Judging(promises), _CONTACTS * 2.95
    started = time.process_time()
    for chunk in told:
        judging.observe(state.bench_messages(chunk))
    observed = time.process_time()
    judging.tick(_START_MS)
    ticked = time.process_time()
    return Cost((observed - started) / facts * 1e6, (ticked - observed) * 1e6)


def _objective(number: int, windows: list[str]) -> Objective:
    """They differ in their targets, and share one measure."""
    written = {
        "name": f"promise-{number}",
        "measure": _MEASURE,
        "target": {"at_least": f"{50 + number % 50}%"},
        "judge": "both",
        "windows": windows,
        "alert": {"window": windows[0], "breach_after": "2m"},
    }
    return Objective.model_validate(written)


def _contract(objectives: list[Objective]) -> Contract:
    return Contract(
        name="hotline",
        client="acme",
        time_zone="Europe/Paris",
        versions=[Version(effective=date(2020, 1, 1), objectives=objectives)],
    )
