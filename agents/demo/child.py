"""A worker in a process of its own, as in earnest. It is gone when the demo is."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event
from typing import Self

_STARTS_WITHIN_S = 60.0
_ASKED_EVERY_S = 0.1
_ANSWERS_WITHIN_S = 1.0
_STOPS_WITHIN_S = 5.0
_LAST_LINES = 15


class WorkerFailed(Exception):  # noqa: N818 - it says what happened
    """The worker ended by itself or never got ready; the message ends with the last lines of its log."""


class Child:
    """`sla-stream worker` in this environment; what it prints goes to the log."""

    def __init__(self, environment: Mapping[str, str], port: int, log: Path) -> None:
        self._port = port
        self._log = log
        # Settings meant for the operator's own workers are not for this one.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SLA_")}
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "agents.cli", "worker"],
                env=inherited | dict(environment),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a Ctrl-C in the terminal is for us alone: we end it in good order
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
        """Raise `WorkerFailed` if it is not there any more."""
        code = self._process.poll()
        if code is not None:
            raise self._failed(f"the worker ended with code {code}")

    def becomes_ready(self, asked_to_stop: Event) -> bool:
        """Wait until it has recovered and takes facts; False if an end was asked for meanwhile."""
        deadline_s = time.monotonic() + _STARTS_WITHIN_S
        while not self._is_ready():
            self.check()
            if time.monotonic() > deadline_s:
                raise self._failed(f"the worker was not ready after {_STARTS_WITHIN_S:.0f} s")
            if asked_to_stop.wait(_ASKED_EVERY_S):
                return False
        return True

    def _is_ready(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=_ANSWERS_WITHIN_S)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def _failed(self, what: str) -> WorkerFailed:
        last_lines = self._log.read_text(errors="replace").splitlines()[-_LAST_LINES:]
        return WorkerFailed("\n".join([f"{what}; its last words:", *last_lines]))
