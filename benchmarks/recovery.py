"""How long a worker takes to come back: it held all state, ends in order and is started again."""

import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient, OffsetSpec

from agents.bench import VERDICTS
from agents.broker import admin
from agents.telling import TALLIES
from benchmarks import load, system
from benchmarks.figures import Figure
from benchmarks.load import Pace
from tests.parts.waiting import wait_until

_CONTACTS = 1_000_000
#: In so few queues these contacts make about 100,000 tallies: one for each minute, queue and partition.
_PACE = Pace(queues=25)
_COUNTED_WITHIN_S = 240

#: The workers' defaults.
_SOURCE_PARTITIONS, _JUDGE_PARTITIONS = 8, 4
_JUDGED_WITHIN_S = 60

_READING = "reading the changelogs"
#: What Faust says when a phase ends, in the order of the phases.
_PHASES = {
    "start of Python, topics checked, join": "Executing _on_partitions_assigned",
    "asking for the changelogs' bounds": "Restoring state from changelog topics",
    _READING: "Done reading from changelog topics",
    "seek, sources opened": "Worker ready",
}
#: Where a line of its log says when: [2026-11-25 21:37:22,123] ...
_STAMP = slice(1, 24)


class Restart(NamedTuple):
    """Seconds: each phase, and from the start of the process until it says that it is ready."""

    phases: Mapping[str, float]
    ready: float


def run() -> list[Figure]:
    """One run."""
    facts = load.calls(_CONTACTS, _PACE, ended=False)
    with system.cluster() as environment, TemporaryDirectory() as home:
        system.produce(environment["SLA_KAFKA"], facts)
        with system.worker(environment) as running:
            wait_until(lambda: running.counted() >= len(facts), _COUNTED_WITHIN_S, "everything to be counted")
        with admin.connect(environment["SLA_KAFKA"]) as client:
            records, judged = _records(client), _end(client, VERDICTS, _JUDGE_PARTITIONS)
            log, began = Path(home) / "worker.log", time.time()
            with system.worker(environment | {"SLA_LOG_LEVEL": "info"}, log):
                measured = _restart(log.read_text(), began, time.time())
                wait_until(
                    lambda: _end(client, VERDICTS, _JUDGE_PARTITIONS) > judged,
                    _JUDGED_WITHIN_S,
                    "the first verdict",
                )
                judged_s = time.time() - began
    return list(_figures(measured, records, judged_s))


def _figures(measured: Restart, records: Mapping[str, int], judged_s: float) -> Iterator[Figure]:
    seconds, number = "{:.1f} s", "{:,.0f}"
    yield Figure(f"restart with {_CONTACTS:,} open contacts, ready after", measured.ready, seconds)
    for phase, took_s in measured.phases.items():
        yield Figure(f"  {phase}", took_s, seconds)
    for name, n in records.items():
        yield Figure(f"  records of {name}", n, number)
    read = sum(n for name, n in records.items() if name != TALLIES)
    yield Figure("  records of changelogs read in a second", read / measured.phases[_READING], number)
    yield Figure(f"  first verdict, {TALLIES} read from its beginning", judged_s, seconds)


def _restart(log: str, began: float, ready: float) -> Restart:
    phases, before = {}, began
    for phase, says in _PHASES.items():
        ended = _said_at(log, says)
        phases[phase], before = ended - before, ended
    phases["until the door says so"] = ready - before
    return Restart(phases, ready - began)


def _said_at(log: str, sentence: str) -> float:
    line = next(line for line in log.splitlines() if sentence in line)
    return datetime.strptime(line[_STAMP], "%Y-%m-%d %H:%M:%S,%f").astimezone().timestamp()


def _records(client: KafkaAdminClient) -> dict[str, int]:
    """How many are read at a restart, by topic."""
    changelogs = [f"sla-stream-{name}-changelog" for name in ("contacts", "tallies", "positions")]
    counts = {name: _end(client, name, _SOURCE_PARTITIONS) for name in changelogs}
    return {**counts, TALLIES: _end(client, TALLIES, _JUDGE_PARTITIONS)}


def _end(client: KafkaAdminClient, topic: str, partitions: int) -> int:
    places = (TopicPartition(topic, partition) for partition in range(partitions))
    return sum(
        end.offset for end in client.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST)).values()
    )
