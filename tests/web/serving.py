"""The door with a picture that the test paints, served for real; no Kafka."""

import asyncio
import json
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from http.client import HTTPConnection, HTTPResponse
from typing import Any, NamedTuple, Self

from aiohttp import web
from prometheus_client import CollectorRegistry

from agents.settings import Settings
from agents.web.door import Health, web_app
from agents.web.guard import Guard
from agents.web.tokens import Tokens
from agents.web.wall import Wall
from schemas.pulses import Pulse
from sla_stream.picture import Said
from sla_stream.promises import Promises
from tests.builders import instant
from tests.parts.ports import free_port

_SOON_S = 10


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.body)


class Served:
    """A door on a loopback port. What is said to it is what the topics would have said.

    The clock of the rate limit stands.
    """

    def __init__(self, promises: Promises, tokens: Tokens | None = None, port: int | None = None) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.wall = Wall(Settings(), promises, lambda: 0)
        well = Health(well=True, why="well")
        guard = Guard(tokens, lambda: self.wall.promises.clients, lambda: 0)
        self._app = web_app(CollectorRegistry(), lambda _: iter(()), lambda: well, lambda: well, self.wall, guard)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def say(self, *said: Said, whole: bool = True) -> None:
        """Let the picture hear it, and return when it has."""

        async def hear() -> None:
            self.wall.hear(said, whole=whole)

        self._do(hear())

    def pulse(self, client: str = "acme", at: str | int = "09:00:00", every_ms: int = 1000) -> None:
        """Let the client's judge give a sign of life."""
        self.say(Pulse(partition=0, every_ms=every_ms, clocks={client: instant(at)}))

    def adopt(self, promises: Promises) -> None:
        """Take other contracts into force."""

        async def adopt() -> None:
            self.wall.adopt(promises)

        self._do(adopt())

    def breaks(self) -> None:
        """Let the topics be unreadable from here on."""

        async def hear() -> None:
            self.wall.hear(None, whole=False)

        self._do(hear())

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Knock; a header's name is written with underscores."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=_SOON_S)
        try:
            connection.request(method, path, headers=_named(headers))
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            # A stream has no end.
            body = b"" if found.get("content-type") == "text/event-stream" else response.read()
            return Answer(response.status, found, body)
        finally:
            connection.close()

    def events(self, path: str = "/events", **headers: str) -> "Stream":
        """Listen."""
        return Stream(self.port, path, _named(headers))

    async def _start(self) -> None:
        self._runner = web.AppRunner(self._app, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self._telling = asyncio.create_task(self.wall.hub.run())

    async def _stop(self) -> None:
        self._telling.cancel()
        self.wall.hub.close()
        await self._runner.cleanup()

    def _do(self, work: Any) -> None:
        done: Future[None] = asyncio.run_coroutine_threadsafe(work, self._loop)
        done.result(_SOON_S)


class Event(NamedTuple):
    """One server-sent event."""

    id: str
    type: str
    data: Any


class Stream:
    """A viewer, event by event."""

    def __init__(self, port: int, path: str, headers: Mapping[str, str]) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=_SOON_S)
        self._connection.request("GET", path, headers=dict(headers))
        self.response: HTTPResponse = self._connection.getresponse()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.response.close()
        self._connection.close()

    def next(self) -> Event | None:
        """The next event; None: the server has ended it."""
        fields: dict[str, str] = {}
        while line := self.response.readline():
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name:
                fields[name] = value
            elif "data" in fields:
                return Event(fields["id"], fields["event"], json.loads(fields["data"]))
            else:
                fields = {}
        return None

    def change(self, wanted: str) -> Event:
        """The next event that says anything about this: tiles, order, troubles or stale."""
        while (event := self.next()) is not None:
            if event.type == "change" and event.data[wanted]:
                return event
        raise AssertionError(f"the stream ended before it said anything of {wanted}")


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
