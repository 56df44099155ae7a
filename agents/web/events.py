"""`/events`: the picture as server-sent events, for as long as somebody looks."""

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus

from aiohttp import web

from agents.web.guard import Guard
from agents.web.hub import Hub, TooMany, Viewer
from agents.web.problems import Problem

_HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    # For a proxy in between, which would otherwise collect events.
    "X-Accel-Buffering": "no",
}
#: When to come back after the connection was lost (ms), for readers that follow the specification.
_RETRY = b"retry: 1000\n\n"


class Events:
    """`require_whole` raises `Problem` while there is nothing to be shown."""

    def __init__(self, hub: Hub, guard: Guard, require_whole: Callable[[], None]) -> None:
        self._hub, self._guard, self._require_whole = hub, guard, require_whole

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Send the whole picture, then changes, until one of both ends leaves."""
        clients = self._guard.admit(request)
        self._require_whole()
        try:
            viewer = self._hub.join(clients, request.headers.get("Last-Event-ID"))
        except TooMany:
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "As many look already as this worker serves; ask another.",
                {"Retry-After": "30"},
            ) from None
        response = web.StreamResponse(headers=_HEADERS)
        try:
            with suppress(ConnectionResetError):
                await response.prepare(request)
                await _send(response, viewer)
        finally:
            self._hub.leave(viewer)
        return response


async def _send(response: web.StreamResponse, viewer: Viewer) -> None:
    await response.write(_RETRY)
    while (frame := await viewer.next()) is not None:
        await response.write(frame)
