"""A worker in a process of its own, as in earnest; it is gone when the demo is."""

import os
import subprocess
import sys
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Self

_STOPS_WITHIN_S = 5.0
_ANSWERS_WITHIN_S = 1.0
_LAST_WORDS = 15


class WorkerEnded(Exception):  # noqa: N818 - it says what happened
    """The worker ended by itself; the message ends with the last lines of its log."""


class Child:
    """`sla-stream worker` with these settings; what it prints goes to the log."""

    def __init__(self, settings: Mapping[str, str], port: int, log: Path) -> None:
        self._port = port
        self._log = log
        # Settings for the operator's own workers are not for this one.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SLA_")}
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "agents.cli", "worker"],
                env=inherited | settings,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in the terminal is for us, who then stop it in good order
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(_STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def check(self) -> None:
        """Raise `WorkerEnded` if it is not there any more."""
        code = self._process.poll()
        if code is not None:
            last_words = self._log.read_text(errors="replace").splitlines()[-_LAST_WORDS:]
            raise WorkerEnded("\n".join([f"the worker ended with code {code}; it said last:", *last_words]))

    def is_ready(self) -> bool:
        """Whether it has recovered and takes facts."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=_ANSWERS_WITHIN_S)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()
