"""A program in the background, ended by its own process id."""

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.parts.waiting import wait_until

_START_DEADLINE_S = 60
_STOP_DEADLINE_S = 30
_TAIL_LINES = 20
# A test run that is killed stops nothing itself: on Linux the kernel does it. The process id stays the same.
_DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL") if shutil.which("setpriv") else ()


class Process:
    """One command that can be run again and again; what it prints is kept in a file."""

    def __init__(self, command: Sequence[str], log: Path) -> None:
        self._command = command
        self._log = log
        self._running: subprocess.Popen[bytes] | None = None

    def start(self, ready: Callable[[], bool], what: str) -> None:
        """Run the command and return when it is ready; one that does not get there is not left behind."""
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(
                [*_DIES_WITH_US, *self._command], stdout=log, stderr=subprocess.STDOUT
            )
        try:
            wait_until(lambda: self._is_running() and ready(), _START_DEADLINE_S, what)
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        """Of the command while it runs."""
        assert self._running is not None
        return self._running.pid

    def stop(self) -> None:
        """Ask it to end (SIGTERM); one that does not is killed, and that is a failure."""
        if (process := self._take()) is None:
            return
        process.terminate()
        try:
            process.wait(_STOP_DEADLINE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"{self._command[0]} did not end within {_STOP_DEADLINE_S} s") from None

    def kill(self) -> None:
        """End it without warning (SIGKILL), as a power cut does."""
        if (process := self._take()) is not None:
            process.kill()
            process.wait()

    def _is_running(self) -> bool:
        if self._running is not None and (code := self._running.poll()) is not None:
            raise AssertionError(f"{self._command[0]} ended with {code}:\n{self._last_words()}")
        return True

    def _take(self) -> subprocess.Popen[bytes] | None:
        process, self._running = self._running, None
        return process

    def _last_words(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-_TAIL_LINES:])
