"""Receivers of alerts on loopback, which answer as they are told and remember what they heard."""

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import orjson

from tests.agents.running import SOON_S
from tests.parts.ports import free_port
from tests.parts.waiting import wait_until


@dataclass(frozen=True)
class Heard:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """What was sent."""
        sent: dict[str, Any] = orjson.loads(self.body)
        return sent


class Receiver:
    """Its port is its own from the beginning, though nobody answers there before it is entered."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.heard: list[Heard] = []
        self._port = free_port()
        self._server: ThreadingHTTPServer | None = None
        self.origin = f"http://127.0.0.1:{self._port}"
        self.url = f"{self.origin}/hook"

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), self._handler())
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def wait_for(self, count: int) -> list[Heard]:
        """Wait until so many requests have come, and return them."""
        return (
            wait_until(lambda: self.heard if len(self.heard) >= count else None, SOON_S, f"{count} requests") or []
        )

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.heard.append(Heard(self.path, dict(self.headers), body))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Handler
