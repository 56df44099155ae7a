"""How Faust is told to leave chunks alone."""

from collections.abc import Awaitable, Callable
from typing import Any

import faust
from faust.types import AppT, EventT, Message, TopicT

_QUEUE_OF_CHUNKS = 8


class ChunkSchema(faust.Schema[None, None]):
    """Hands the chunk through; what is in it is the agent's to decode."""

    def compile(self, app: AppT, **_: Any) -> Callable[..., Awaitable[EventT[Any]]]:
        """Return what makes an event of a message."""

        async def decode(message: Message, **_: Any) -> EventT[Any]:
            return app.create_event(None, message.value, {}, message)

        return decode


def chunk_topic(app: faust.App, *names: str) -> TopicT:
    """Return a source of chunks; its buffer counts chunks, not records."""
    return app.topic(*names, schema=ChunkSchema(), maxsize=_QUEUE_OF_CHUNKS)
