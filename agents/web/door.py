"""The door itself: /metrics for Prometheus, /healthz (alive), /readyz (recovered and consuming), the wallboard."""

from collections.abc import Callable
from typing import NamedTuple

from aiohttp import web
from prometheus_client import CollectorRegistry

from agents.exposition import Promised, exposed
from agents.web import page
from agents.web.api import Api
from agents.web.events import Events
from agents.web.guard import Guard, harden, in_words
from agents.web.wall import Wall


class Health(NamedTuple):
    """Whether something is well, and if not, why not."""

    well: bool
    why: str


def web_app(
    registry: CollectorRegistry,
    promised: Promised,
    alive: Callable[[], Health],
    ready: Callable[[], Health],
    wall: Wall,
    guard: Guard,
) -> web.Application:
    """Read-only, and nothing in it that takes time at a stretch: the loop also counts.

    `/metrics?name[]=sla_facts_total` gives that metric alone, as Prometheus' own exporters do.
    """

    async def metrics(request: web.Request) -> web.StreamResponse:
        return await exposed(request, registry, promised)

    async def healthz(_: web.Request) -> web.Response:
        return _answer(alive())

    async def readyz(_: web.Request) -> web.Response:
        return _answer(ready())

    app = web.Application(middlewares=[in_words])
    app.on_response_prepare.append(harden)
    app.add_routes([web.get("/metrics", metrics), web.get("/healthz", healthz), web.get("/readyz", readyz)])
    app.add_routes([*page.routes(), *Api(wall, guard).routes()])
    app.add_routes([web.get("/events", Events(wall.hub, guard, wall.require_whole).get)])
    return app


def _answer(health: Health) -> web.Response:
    return web.Response(text=f"{health.why}\n", status=200 if health.well else 503)
