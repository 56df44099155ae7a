"""The wallboard's page: a handful of files, read once, sent as they are."""

from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files
from typing import NamedTuple

from aiohttp import web

_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}


class _File(NamedTuple):
    body: bytes
    type: str
    tag: str


def routes() -> list[web.RouteDef]:
    """`/`, and its parts under `/page/`. They say nothing of anybody: no token is asked for."""
    parts = _read()
    paths = {"/": parts["index.html"]} | {f"/page/{name}": part for name, part in parts.items()}
    return [web.get(path, partial(_send, part)) for path, part in paths.items()]


async def _send(part: _File, request: web.Request) -> web.Response:
    headers = {"ETag": part.tag, "Cache-Control": "no-cache"}
    if request.headers.get("If-None-Match") == part.tag:
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return web.Response(body=part.body, headers=headers, content_type=part.type, charset="utf-8")


def _read() -> Mapping[str, _File]:
    found = {}
    for file in (files("agents.web") / "static").iterdir():
        body = file.read_bytes()
        suffix = file.name[file.name.rindex(".") :]
        found[file.name] = _File(body, _TYPES[suffix], f'"{sha256(body).hexdigest()[:16]}"')
    return found
