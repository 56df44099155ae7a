"""The workers of a campaign, and a supervisor that starts another wherever one has ended."""

import signal
import threading
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.agents.running import Site, Worker
from tests.parts.waiting import wait_until

_LOOK_S, _GONE_S = 0.3, 10
#: Of the workers' watchdogs: longer than any fault lasts, and short enough to end what is left idle by one.
_PATIENCE_S = 40


class Crew:
    """So many workers as are wanted. How each ended is counted by its exit code; negative: by which signal."""

    def __init__(self, site: Site, folder: Path, wanted: int) -> None:
        self.wanted = wanted
        self.exits: Counter[int] = Counter()
        self.last_words: dict[int, str] = {}
        self.workers: list[Worker] = []
        self._command = ("-m", "tests.faults.worker", str(folder), str(_PATIENCE_S))
        self._site = site
        self._lock = threading.Lock()
        self._ends = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise)

    def __enter__(self) -> Self:
        self._supervisor.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.set()
        self._supervisor.join()
        for worker in self.workers:
            worker.kill()

    def send(self, number: int, which: int) -> Worker:
        """Send a signal to a worker, any of them, and return it."""
        with self._lock:
            worker = self.workers[which % len(self.workers)]
            worker.signal(number)
            return worker

    def kill_all(self) -> None:
        """SIGKILL to all at once; return when they are gone."""
        with self._lock:
            for worker in self.workers:
                worker.signal(signal.SIGKILL)
            wait_until(lambda: all(one.ended() is not None for one in self.workers), _GONE_S, "workers to be gone")

    def ask_what_they_do(self) -> str:
        """What each says at its door; what its tasks wait for is in its log then."""
        with self._lock:
            for worker in self.workers:
                worker.signal(signal.SIGUSR1)
            return "\n".join(f"{worker.address}: {_said(worker)}" for worker in self.workers)

    def resize(self, wanted: int) -> None:
        """Let workers join or leave; those that leave do so in order."""
        with self._lock:
            self.wanted = wanted
            for worker in self.workers[wanted:]:
                worker.signal(signal.SIGTERM)
            leaving, self.workers = self.workers[wanted:], self.workers[:wanted]
        for worker in leaving:
            self._note(worker, worker.wait())

    def all_ready(self) -> bool:
        """Whether there are as many as wanted and each has recovered."""
        with self._lock:
            return len(self.workers) == self.wanted and all(_is_ready(worker) for worker in self.workers)

    def _supervise(self) -> None:
        while not self._ends.wait(_LOOK_S):
            with self._lock:
                codes = [(worker, worker.ended()) for worker in self.workers]
                for worker, code in codes:
                    if code is not None:
                        self._note(worker, code)
                self.workers = [worker for worker, code in codes if code is None]
                while len(self.workers) < self.wanted:
                    self.workers.append(self._site.worker(command=self._command))
                    self.workers[-1].start()

    def _note(self, worker: Worker, code: int) -> None:
        self.exits[code] += 1
        self.last_words[code] = worker.log[-2000:]


def _said(worker: Worker) -> str:
    try:
        return f"healthz {worker.get('/healthz')}, readyz {worker.get('/readyz')}"
    except OSError as error:
        return str(error)


def _is_ready(worker: Worker) -> bool:
    try:
        return worker.ended() is None and worker.get("/readyz")[0] == 200
    except OSError:
        return False
