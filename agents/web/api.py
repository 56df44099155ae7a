"""`/api/v1/`: the same figures for programs. Read-only; with an ETag, so that asking again costs little."""

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Any, TypeVar

import orjson
from aiohttp import web

from agents.web.guard import Guard
from agents.web.hub import Clients
from agents.web.openapi import document
from agents.web.problems import Problem
from agents.web.reader import monotonic_ms
from agents.web.wall import Wall
from schemas.verdicts import State
from schemas.wall import Tile, Trouble
from schemas.words import EARLIEST_MS
from sla_stream.promises import Agreement

_Listed = TypeVar("_Listed", Tile, Trouble)
_Seen = TypeVar("_Seen", Tile, Trouble, Agreement)

#: What every list can be narrowed by, beside the client.
_FILTERS = ("contract", "objective", "queue", "channel")
_EPISODE_STATES = ("open", "closed", "all")


class Api:
    """Every answer is of those clients only that the request may see."""

    def __init__(self, wall: Wall, guard: Guard) -> None:
        self._wall, self._guard = wall, guard

    def routes(self) -> list[web.RouteDef]:
        """What there is."""
        paths = {
            "objectives": self._objectives,
            "objectives/{id}": self._objective,
            "objectives/{id}/history": self._history,
            "episodes": self._episodes,
            "contracts": self._contracts,
            "health": self._health,
        }
        found = [web.get(f"/api/v1/{path}", self._answering(answer)) for path, answer in paths.items()]
        return [*found, web.get("/api/v1/openapi.json", _openapi)]

    def _answering(self, answer: Callable[[web.Request, Clients], object]) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.Response:
            clients = self._guard.admit(request)
            if request.path != "/api/v1/health":
                self._wall.require_whole()
            self._wall.hub.publish()
            return _tagged(request, orjson.dumps(answer(request, clients)))

        return handle

    def _objectives(self, request: web.Request, clients: Clients) -> object:
        query = _query(request, (*_FILTERS, "state"))
        state = _one_of("state", query, tuple(State))
        tiles = _narrowed(_seen(self._wall.picture.ordered(), clients), query)
        return {"objectives": [tile for tile in tiles if state in (None, tile.figures[0].state)]}

    def _objective(self, request: web.Request, clients: Clients) -> object:
        _query(request, ())
        return self._tile(request, clients)

    def _history(self, request: web.Request, clients: Clients) -> object:
        query = _query(request, ("window", "since"))
        since_ms = _instant(query)
        tile = self._tile(request, clients)
        windows = tuple(figure.window for figure in tile.figures)
        window = _one_of("window", query, windows) or windows[0]
        day = self._wall.picture.day(tile, window)
        points = list(day.points(since_ms)) if day else []
        return {"id": tile.id, "window": window, "unit": tile.figures[0].unit, "points": points}

    def _episodes(self, request: web.Request, clients: Clients) -> object:
        query, picture = _query(request, (*_FILTERS, "state")), self._wall.picture
        state = _one_of("state", query, _EPISODE_STATES) or "open"
        open_now = picture.troubles() if state != "closed" else []
        over = picture.past_troubles() if state != "open" else []
        return {"episodes": _narrowed(_seen([*open_now, *over], clients), query)}

    def _contracts(self, request: web.Request, clients: Clients) -> object:
        query, clocks = _query(request, ("contract",)), self._wall.picture.clocks()
        agreements = _seen(self._wall.promises.agreements, clients)
        return {
            "contracts": [
                _described(one, clocks.get(one.client, one.versions[-1].start_ms))
                for one in agreements
                if query.get("contract") in (None, one.name)
            ]
        }

    def _health(self, request: web.Request, clients: Clients) -> object:
        """Whether the figures are of now: somebody who may see one client only is told of that one."""
        _query(request, ())
        try:
            self._wall.require_whole()
        except Problem as problem:
            return {"status": "reading", "detail": problem.detail, "stale": [], "clocks": {}}
        picture = self._wall.picture
        stale = [client for client in picture.stale(monotonic_ms()) if clients is None or client in clients]
        clocks = {client: at for client, at in picture.clocks().items() if clients is None or client in clients}
        detail = f"Nobody judges {', '.join(stale)} at the moment." if stale else "The figures are of now."
        return {"status": "stale" if stale else "ok", "detail": detail, "stale": stale, "clocks": clocks}

    def _tile(self, request: web.Request, clients: Clients) -> Tile:
        wanted = request.match_info["id"]
        for tile in _seen(self._wall.picture.ordered(), clients):
            if tile.id == wanted:
                return tile
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no objective {wanted} that you may see.")


async def _openapi(request: web.Request) -> web.Response:
    """Says nothing of anybody, so everybody may read it."""
    return _tagged(request, orjson.dumps(document()))


def _tagged(request: web.Request, body: bytes) -> web.Response:
    """The answer, or that it is still the one that the asker has."""
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    known = [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]
    if tag in known or "*" in known:
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return web.Response(body=body, headers=headers, content_type="application/json")


def _query(request: web.Request, known: Iterable[str]) -> Mapping[str, str]:
    """The filters. A misspelt one would let everything through, so it is refused."""
    allowed = {*known, "client"}
    for name in request.query:
        if name not in allowed:
            names = ", ".join(sorted(allowed))
            raise Problem(HTTPStatus.BAD_REQUEST, f"{name} is no filter of {request.path}; these are: {names}")
    return request.query


def _one_of(name: str, query: Mapping[str, str], values: tuple[str, ...]) -> str | None:
    value = query.get(name)
    if value is not None and value not in values:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{name} is {value}; it can be {', '.join(values)}")
    return value


def _instant(query: Mapping[str, str]) -> int:
    written = query.get("since", str(EARLIEST_MS))
    if not written.isdecimal():
        raise Problem(HTTPStatus.BAD_REQUEST, f"since is {written}; it is an instant in epoch milliseconds")
    return int(written)


def _seen(some: Iterable[_Seen], clients: Clients) -> list[_Seen]:
    return [one for one in some if clients is None or one.client in clients]


def _narrowed(some: Iterable[_Listed], query: Mapping[str, str]) -> list[_Listed]:
    return [
        one for one in some if all(query.get(name, getattr(one, name)) == getattr(one, name) for name in _FILTERS)
    ]


def _described(agreement: Agreement, at_ms: int) -> Mapping[str, object]:
    """What is in force at the instant."""
    promises = agreement.in_force(at_ms)
    return {
        "name": agreement.name,
        "client": agreement.client,
        "time_zone": agreement.zone.key,
        "objectives": [
            promise.objective.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
            for promise in promises
        ],
    }
