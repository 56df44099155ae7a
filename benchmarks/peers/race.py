"""One contender on the topic: how long it took, with what processor time, and whether it counted right."""

import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NamedTuple

from benchmarks.processor import cpu_s

#: One that is stuck is not waited for.
_ENDS_WITHIN_S = 180


class Effort(NamedTuple):
    """Between the first record and the last: the start of a process and its end are not counted."""

    records: int
    took_s: float
    cpu_s: float
    broker_cpu_s: float

    @property
    def records_per_s(self) -> float:
        """By the clock."""
        return self.records / self.took_s

    @property
    def records_per_cpu_s(self) -> float:
        """By the processor time of its process, on all cores."""
        return self.records / self.cpu_s


def run(command: Sequence[str], records: int, log: Path, broker: int, *, ends_by_itself: bool) -> Effort:
    """Run a program that says "first" and "last", and see it end in good order. `broker` is a process, too."""
    with log.open("wb") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors)
    assert process.stdout  # noqa: S101 - it was asked for above
    limit = threading.Timer(_ENDS_WITHIN_S, process.kill)
    limit.start()
    try:
        began_s, began = _at(b"first\n", process.stdout, log), (cpu_s(process.pid), cpu_s(broker))
        ended_s, ended = _at(b"last\n", process.stdout, log), (cpu_s(process.pid), cpu_s(broker))
        if not ends_by_itself:
            process.terminate()
        process.stdout.read()
        process.wait()
    finally:
        limit.cancel()
        process.kill()
    return Effort(records, ended_s - began_s, ended[0] - began[0], ended[1] - began[1])


def _at(word: bytes, output: IO[bytes], log: Path) -> float:
    for line in output:
        if line == word:
            return time.perf_counter()
    raise RuntimeError(f"the program ended before it said {word!r}; why is in {log}")
