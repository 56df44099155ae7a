"""`sla-stream demo` in a process of its own, as somebody runs it in a pipe."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.parts.waiting import wait_until

_ENDS_WITHIN_S = 15


class Demo:
    """A demo that runs, and what it has printed."""

    def __init__(self, process: subprocess.Popen[bytes], output: Path) -> None:
        self._process = process
        self._output = output

    @property
    def printed(self) -> str:
        return self._output.read_text()

    @property
    def workers(self) -> list[int]:
        """The processes that it has started."""
        own = self._process.pid
        return [int(pid) for pid in Path(f"/proc/{own}/task/{own}/children").read_text().split()]

    def prints(self, text: str, deadline_s: float = 40) -> None:
        """Wait for a text, unless it ends before."""
        wait_until(lambda: text in self.printed or self._process.poll() is not None, deadline_s, repr(text))
        assert text in self.printed, self.printed

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def ends(self) -> int:
        """Wait for its end, and return the exit code."""
        return self._process.wait(_ENDS_WITHIN_S)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@contextmanager
def playing(folder: Path, *arguments: str) -> Iterator[Demo]:
    """Run the demo until the body is done."""
    output = folder / "output"
    with output.open("wb") as printed:
        process = subprocess.Popen(
            [sys.executable, "-m", "agents.cli", "demo", *arguments],
            stdout=printed,
            stderr=subprocess.STDOUT,
            env=os.environ | {"SLA_CONTRACTS": "not/for/the/demo"},
        )
    demo = Demo(process, output)
    try:
        yield demo
    finally:
        demo.kill()


def is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()
