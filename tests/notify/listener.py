"""A receiver on loopback that behaves as it is told, once for each request."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import RawTestServer

Behaviour = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Heard:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Listener:
    """Where it listens, and what it has heard."""

    url: str
    heard: list[Heard] = field(default_factory=list)


@asynccontextmanager
async def listening(*behaviours: Behaviour) -> AsyncIterator[Listener]:
    """Listen, and behave in this order; the last behaviour stays."""
    left = list(behaviours)
    heard: list[Heard] = []

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        heard.append(Heard(request.path, dict(request.headers), await request.read()))
        return await (left.pop(0) if len(left) > 1 else left[0])(request)

    server = RawTestServer(handle)
    await server.start_server(access_log=None)
    try:
        yield Listener(str(server.make_url("/hook")), heard)
    finally:
        await server.close()


def status(code: int, body: str = "", **headers: str) -> Behaviour:
    """Answer at once. `Retry_After` is the header Retry-After."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=code, text=body, headers=named)

    return answer


def silence(until: asyncio.Event) -> Behaviour:
    """Say nothing before the event."""

    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        await until.wait()
        return web.Response()

    return answer


async def reset(request: web.BaseRequest) -> web.StreamResponse:
    """Cut the connection in place of an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def no_end(request: web.BaseRequest) -> web.StreamResponse:
    """Answer 200 and then send more for as long as anybody reads."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(bytes(65_536))
