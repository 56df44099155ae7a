"""Ends a worker that is alive but idle for ever: that is assigned nothing, or cannot fetch, write or end.

A thread of its own, because what it watches for also stops Faust's timers.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from agents.kafka.exits import Exit, leave

_LOOKS_PER_PATIENCE = 20


@dataclass(frozen=True, slots=True)
class Status:
    """What /healthz says."""

    healthy: bool
    sentence: str


class Watchdog:
    """Told of each sign of life; reports failing at half of its patience and ends the process at all of it."""

    def __init__(self, patience_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.patience_s = patience_s
        self._clock = clock
        self._since = clock()
        self._missing: str | None = "an assignment"
        self._oldest_write: Callable[[], float | None] = lambda: None
        self._stopped = threading.Event()

    def start(self) -> None:
        """Begin to watch."""
        self._since = self._clock()
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def stopping(self) -> None:
        """Wait for the end of the process from now on: also an orderly stop may wait for ever."""
        self._missing, self._since = "its own end", self._clock()

    def stop(self) -> None:
        """Watch no more: for a process that goes on when its worker has stopped."""
        self._stopped.set()

    def revoked(self) -> None:
        """Wait for an assignment from now on."""
        self._missing, self._since = "an assignment", self._clock()

    def assigned(self, partitions: int) -> None:
        """Wait for fetches from now on; a worker to spare has nothing to fetch."""
        self._missing, self._since = ("a fetch" if partitions else None), self._clock()

    def fetched(self) -> None:
        """Note that records came, or word that there are none."""
        self._since = self._clock()

    def watch_writes(self, oldest: Callable[[], float | None]) -> None:
        """Ask also since when the oldest write has been waiting for the broker; None if there is none."""
        self._oldest_write = oldest

    def status(self) -> Status:
        """Say how it is, failing well before the end so that traffic can move away."""
        idle_s, missing = self._idle()
        if idle_s <= self.patience_s / 2:
            return Status(healthy=True, sentence="fetching")
        return Status(healthy=False, sentence=f"waiting for {missing} for {idle_s:.0f} s")

    def check(self) -> None:
        """End the process if its time has run out."""
        idle_s, _ = self._idle()
        if idle_s > self.patience_s:
            leave(Exit.STALLED, f"{self.status().sentence}, longer than {self.patience_s:.0f} s")

    def _idle(self) -> tuple[float, str]:
        """For how long (s) it has waited for what."""
        now, writing_since = self._clock(), self._oldest_write()
        return max(
            (0.0 if self._missing is None else now - self._since, self._missing or "nothing"),
            (0.0 if writing_since is None else now - writing_since, "a write to be taken"),
        )

    def _watch(self) -> None:
        while not self._stopped.wait(self.patience_s / _LOOKS_PER_PATIENCE):
            self.check()
