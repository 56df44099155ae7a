"""What is wrong with a request, as RFC 9457 has it: `application/problem+json`, with a sentence for people."""

from collections.abc import Mapping
from http import HTTPStatus

import orjson
from aiohttp import web


class Problem(Exception):  # noqa: N818 - the word of the RFC
    """An answer other than what was asked for; the detail says what would be right."""

    def __init__(self, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, dict(headers or {})

    def response(self) -> web.Response:
        """As it is sent. `about:blank` is the RFC's type for what the status says already."""
        body = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
        }
        return web.Response(
            body=orjson.dumps(body),
            status=self.status,
            headers=self.headers | {"Cache-Control": "no-store"},
            content_type="application/problem+json",
        )
