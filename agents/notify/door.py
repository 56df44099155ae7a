"""The way out: a request or a mail sent once, to nobody who is inside without being listed.

A redirect is not followed: what is signed or keyed is for nobody else. An answer is not read beyond its headers.
What was sent, where to and what came back may hold secrets, so the text of an answer or of an exception is
repeated nowhere.
"""

import asyncio
import socket
from collections.abc import Callable
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import aiohttp
import aiosmtplib
from aiohttp.abc import AbstractResolver, ResolveResult

from agents.notify.inside import Inside, address_of
from agents.notify.retry import Answer, http_answer, no_answer, retry_after, smtp_answer
from agents.sinks.sink import Mail, Request
from schemas.alerts import Undelivered

_IN_THE_CLEAR = Answer("refused by us: without TLS, and not listed as inside", Undelivered.REFUSED)
_INSIDE = Answer("refused by us: its address is inside, and not listed", Undelivered.REFUSED)


class ForbiddenAddress(OSError):  # noqa: N818 - it says what is wrong with it
    """A name has come to an address that we do not talk to."""


class _Resolver(AbstractResolver):
    """Asks once, and gives only addresses that may be.

    The connection is made to one of these, whatever the name comes to a moment later.
    """

    def __init__(self, inside: Inside) -> None:
        self._inside = inside

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Look the name up. Raises OSError where it has no address, or one that is forbidden."""
        found = await asyncio.get_running_loop().getaddrinfo(
            host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
        )
        for *_, place in found:
            if not self._inside.may_be_at(host, str(place[0])):
                raise ForbiddenAddress
        return [
            ResolveResult(
                hostname=host,
                host=str(place[0]),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST,
            )
            for kind, _, protocol, _, place in found
        ]

    async def close(self) -> None:
        """Nothing is kept open."""


class Door:
    """Sends; each try takes `timeout_s` at most."""

    def __init__(self, inside: Inside, timeout_s: float, now_ms: Callable[[], int]) -> None:
        self._inside, self._timeout_s, self._now_ms = inside, timeout_s, now_ms
        self._resolver = _Resolver(inside)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Leave the receivers' connections in order."""
        if self._session:
            await self._session.close()

    async def send(self, request: Request | Mail) -> Answer:
        """Send it once."""
        try:
            async with asyncio.timeout(self._timeout_s):
                return await (self._mail(request) if isinstance(request, Mail) else self._post(request))
        except TimeoutError:
            return no_answer(f"no answer within {self._timeout_s:g} s")
        except ForbiddenAddress:
            return _INSIDE
        except aiohttp.ClientConnectorError as error:
            return _INSIDE if isinstance(error.os_error, ForbiddenAddress) else no_answer(type(error).__name__)
        except (aiohttp.ClientError, aiosmtplib.SMTPException, OSError, UnicodeError) as error:
            return no_answer(type(error).__name__)

    async def _post(self, request: Request) -> Answer:
        url = urlsplit(request.url)
        host = url.hostname or ""
        if url.scheme != "https" and not self._inside.has(host):
            return _IN_THE_CLEAR
        # An address in place of a name is never looked up.
        if (address := address_of(host)) and not self._inside.may_be_at(host, str(address)):
            return _INSIDE
        async with self._opened().request(
            request.method, request.url, headers=request.headers, data=request.body, allow_redirects=False
        ) as response:
            asked = retry_after(response.headers.get("Retry-After"), self._now_ms())
            return http_answer(response.status, asked)

    async def _mail(self, mail: Mail) -> Answer:
        if mail.tls == "none" and not self._inside.has(mail.host):
            return _IN_THE_CLEAR
        client = aiosmtplib.SMTP(
            hostname=mail.host,
            sock=await self._connected(mail),
            use_tls=mail.tls == "implicit",
            start_tls=mail.tls == "start",
            username=mail.user,
            password=mail.password,
        )
        try:
            async with client:
                refused, _ = await client.sendmail(mail.sender, mail.recipients, mail.message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            return smtp_answer(min(one.code for one in error.recipients))
        except aiosmtplib.SMTPResponseException as error:
            return smtp_answer(error.code)
        return Answer(f"SMTP 250, but not for {len(refused)} of the recipients" if refused else "SMTP 250", None)

    async def _connected(self, mail: Mail) -> socket.socket:
        """To the first of the server's addresses that answers."""
        failure: OSError = OSError("no address")
        for place in await self._resolver.resolve(mail.host, mail.port):
            sock = socket.socket(place["family"], socket.SOCK_STREAM)
            sock.setblocking(False)
            try:
                await asyncio.get_running_loop().sock_connect(sock, (place["host"], place["port"]))
            except OSError as error:
                sock.close()
                failure = error
            except BaseException:
                sock.close()
                raise
            else:
                return sock
        raise failure

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=self._resolver), cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session
