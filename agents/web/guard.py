"""Who is let in to the figures, and whose they see. Everybody gets the same headers, which keep browsers strict.

With tokens configured each request needs one. Without, only this machine is served: requests must come from it and
be addressed to it by a loopback name, which a page of somebody else in a browser here cannot pretend.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from ipaddress import ip_address
from math import ceil
from urllib.parse import urlsplit

from aiohttp import web

from agents.web.hub import Clients
from agents.web.problems import Problem
from agents.web.rates import Rates
from agents.web.tokens import Tokens

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
    " connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Guard:
    """`tokens` is None where none are configured; `clients` are those that contracts are loaded for."""

    def __init__(
        self, tokens: Tokens | None, clients: Callable[[], frozenset[str]], now_ms: Callable[[], int]
    ) -> None:
        self._tokens, self._clients, self._now_ms = tokens, clients, now_ms
        self._rates = Rates()

    def admit(self, request: web.Request) -> Clients:
        """Whose figures the request may see, narrowed by `?client=`. Raises `Problem`."""
        allowed = self._of_this_machine(request) if self._tokens is None else self._of_token(request, self._tokens)
        wanted = request.query.get("client")
        if wanted is None:
            return allowed
        if wanted not in self._clients() or (allowed is not None and wanted not in allowed):
            # The same for one that is not there and one that is none of theirs.
            raise Problem(HTTPStatus.NOT_FOUND, f"There is no client {wanted} that you may see.")
        return frozenset({wanted})

    def _of_token(self, request: web.Request, tokens: Tokens) -> Clients:
        scheme, _, presented = request.headers.get("Authorization", "").partition(" ")
        token = tokens.find(presented.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "Send a token: Authorization: Bearer ...; `sla-stream token` makes one.",
                {"WWW-Authenticate": "Bearer"},
            )
        wait_s = self._rates.wait_s(token.name, self._now_ms())
        if wait_s:
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                "This token asks too often; wait as long as Retry-After says.",
                {"Retry-After": str(ceil(wait_s))},
            )
        return None if token.clients == "all" else frozenset(token.clients)

    @staticmethod
    def _of_this_machine(request: web.Request) -> Clients:
        if not (_is_loopback(request.remote) and _host(request) in _LOCAL_NAMES):
            raise Problem(
                HTTPStatus.FORBIDDEN,
                "Without tokens only the worker's own machine is served, under a name like localhost."
                " Name a file of tokens in SLA_TOKENS.",
            )
        return None


@web.middleware
async def in_words(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Turn what is wrong into an answer."""
    try:
        return await handler(request)
    except Problem as problem:
        return problem.response()
    except web.HTTPException as error:
        return Problem(HTTPStatus(error.status), _why(error, request)).response()


async def harden(_: web.Request, response: web.StreamResponse) -> None:
    """Say to browsers what a page of ours may do, with every answer."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


def _why(error: web.HTTPException, request: web.Request) -> str:
    if isinstance(error, web.HTTPMethodNotAllowed):
        return f"{request.method} is not for {request.path}: everything here is read-only."
    return f"There is nothing at {request.path}; /api/v1/openapi.json says what there is."


def _is_loopback(remote: str | None) -> bool:
    try:
        return ip_address(remote or "").is_loopback
    except ValueError:
        return False


def _host(request: web.Request) -> str | None:
    return urlsplit(f"//{request.host}").hostname
