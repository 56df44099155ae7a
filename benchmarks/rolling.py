"""For how long partitions stand still while workers come and go.

Three workers, facts coming all the while: each is ended and another started in its place; then one is killed.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Self

from benchmarks import load, system
from benchmarks.figures import Figure
from benchmarks.load import Pace
from benchmarks.pauses import longest_pauses, stamp_by_broker
from benchmarks.steady import beside
from tests.parts.kafka.records import read_all
from tests.parts.ports import free_port
from tests.parts.waiting import wait_until

_CONTACTS = 200_000
_PACE = Pace(queues=80)
_STATE = ("sla-stream-contacts-changelog", "sla-stream-tallies-changelog")
_COUNTED_WITHIN_S = 240
_WORKERS = 3
_LOAD_PER_S, _LOAD_CONTACTS = 1_000, 70_000
_SETTLE_S = 3.0
#: The workers' default.
_SESSION_S = 10.0


def run() -> list[Figure]:
    """One run: the longest pauses."""
    facts = load.calls(_CONTACTS, _PACE, ended=False)
    later = load.calls(_LOAD_CONTACTS, _PACE, first=_CONTACTS)
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
        keys = sum(len({record.key() for record in read_all(address, topic)}) for topic in _STATE)
        with beside(address, later, _LOAD_PER_S):
            spans = dict(_happenings(workers))
        pauses = longest_pauses(address, spans)
    return [
        Figure("keys of state", keys, "{:,.0f}"),
        *(
            Figure(f"longest pause of a partition, {name}", pause_s, "{:.2f} s")
            for name, pause_s in pauses.items()
        ),
    ]


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
