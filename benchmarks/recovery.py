"""How long a worker takes to come back, and for how long partitions stand still while workers come and go."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, Self

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient, OffsetSpec

from agents.bench import VERDICTS
from agents.broker import admin
from agents.intake import TALLIES
from benchmarks import load, system
from benchmarks.load import Pace
from benchmarks.pauses import longest_pauses, stamp_by_broker
from benchmarks.steady import beside
from tests.parts.ports import free_port
from tests.parts.waiting import wait_until

Row = tuple[str, str]

_CONTACTS = 1_000_000
#: In so few queues these contacts make about 100,000 tallies: one for each minute, queue and partition.
_PACE = Pace(queues=25)
_COUNTED_WITHIN_S = 240

_ROLLED_CONTACTS = 150_000
_ROLLED_PACE = Pace(queues=80)
_WORKERS = 3
_LOAD_PER_S, _LOAD_CONTACTS = 1_000, 70_000
_SETTLE_S = 3.0
#: The workers' defaults.
_SESSION_S = 10.0
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


def rows() -> Iterator[Row]:
    """Everything that this module measures."""
    yield from restart()
    yield from rolling()


def restart() -> Iterator[Row]:
    """One worker that held all state ends in order and is started again."""
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
    yield f"restart with {_CONTACTS:,} open contacts, ready after", f"{measured.ready:.1f} s"
    for phase, took_s in measured.phases.items():
        yield f"  {phase}", f"{took_s:.1f} s"
    yield "  records", ", ".join(f"{n:,} of {name}" for name, n in records.items())
    read = sum(n for name, n in records.items() if name != TALLIES)
    yield "  records of changelogs read in a second", f"{read / measured.phases[_READING]:,.0f}"
    yield f"  first verdict, {TALLIES} read from its beginning", f"{judged_s:.1f} s"


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


def rolling() -> Iterator[Row]:
    """Three workers; each is ended and another started in its place; then one is killed."""
    facts = load.calls(_ROLLED_CONTACTS, _ROLLED_PACE, ended=False)
    later = load.calls(_LOAD_CONTACTS, _ROLLED_PACE, first=_ROLLED_CONTACTS)
    with system.cluster() as environment, ExitStack() as stack:
        address = environment["SLA_KAFKA"]
        stamp_by_broker(address)
        system.produce(address, facts)
        workers = [stack.enter_context(_Place(environment)) for _ in range(_WORKERS)]
        wait_until(
            lambda: sum(one.running.counted() for one in workers) >= len(facts),
            _COUNTED_WITHIN_S,
            "everything to be counted",
        )
        with beside(address, later, _LOAD_PER_S):
            spans = dict(_happenings(workers))
        pauses = longest_pauses(address, spans)
    for name, pause_s in pauses.items():
        yield f"longest pause of a partition, {name}", f"{pause_s:.2f} s"


def _happenings(workers: Sequence["_Place"]) -> Iterator[tuple[str, tuple[float, float]]]:
    """What is done to the workers, and from when until when it shows (epoch s)."""
    time.sleep(_SETTLE_S)
    yield "nothing done", _during(lambda: None)
    for number, worker in enumerate(workers, 1):
        yield f"worker {number} ended", _during(worker.end)
        yield f"another started for worker {number}", _during(worker.start)
    yield "worker 1 killed", _during(workers[0].kill)


def _during(action: Callable[[], None]) -> tuple[float, float]:
    began = time.time()
    action()
    time.sleep(_SETTLE_S)
    return began, time.time()


class _Place:
    """Where a worker runs, or none, or another after it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._stack = ExitStack()
        self.running: system.System

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def start(self) -> None:
        """Return when it is ready."""
        port = {"SLA_HTTP_PORT": str(free_port())}
        self.running = self._stack.enter_context(system.worker({**self._environment, **port}))

    def end(self) -> None:
        """SIGTERM."""
        self._stack.close()

    def kill(self) -> None:
        """SIGKILL; return when the group must have noticed."""
        os.kill(self.running.pid, signal.SIGKILL)
        time.sleep(_SESSION_S)
        self._stack.close()
