"""Where receivers say that somebody sees to an alert: `POST /hooks/NAME`, signed as the receiver signs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from pydantic import ValidationError

from agents.sinks.sink import NotOurs

log = logging.getLogger(__name__)

#: Told of a receiver's name, the headers and the body.
Hear = Callable[[str, Mapping[str, str], bytes], Awaitable[None]]

#: A worker whose partitions are moving says that it should be asked again.
_WITHIN_S = 5


def hook_routes(hear: Hear) -> list[web.RouteDef]:
    """One for each receiver. Whether there is one of that name, only those learn who share its secret."""

    async def hook(request: web.Request) -> web.Response:
        receiver = request.match_info["receiver"]
        try:
            async with asyncio.timeout(_WITHIN_S):
                await hear(receiver, request.headers, await request.read())
        except NotOurs:
            log.warning("A request to /hooks/ was not signed as agreed")
            return web.Response(status=401)
        except ValidationError:
            log.warning("%s sent a signed request that is not understood", receiver)
            return web.Response(status=400)
        except TimeoutError:
            return web.Response(status=503, headers={"Retry-After": str(_WITHIN_S)})
        return web.Response(status=204)

    return [web.post("/hooks/{receiver}", hook)]
