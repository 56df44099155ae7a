"""What Prometheus gets when it asks: the pipeline's metrics and how the promises stand, in one text."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from typing import TypeAlias

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from agents.promised import NAMES

#: The metrics of these names, in pieces.
Promised: TypeAlias = Callable[[Collection[str]], Iterator[bytes]]


async def exposed(request: web.Request, registry: CollectorRegistry, promised: Promised) -> web.StreamResponse:
    """All metrics, or those that `name[]` names, sent as they are written: they may be tens of megabytes."""
    response = web.StreamResponse(headers={"Content-Type": CONTENT_TYPE_LATEST})
    await response.prepare(request)
    async for piece in _pieces(registry, promised, request.query.getall("name[]", [])):
        await response.write(piece)
    await response.write_eof()
    return response


async def _pieces(registry: CollectorRegistry, promised: Promised, names: Sequence[str]) -> AsyncIterator[bytes]:
    """The loop has its turn between the pieces: it also counts."""
    yield generate_latest(registry.restricted_registry(names) if names else registry)
    for piece in promised(names or NAMES):
        if piece:
            yield piece
        await asyncio.sleep(0)
