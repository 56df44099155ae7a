"""Who we do not talk to, and what a hostile server cannot do to us."""

import asyncio
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from agents.notify.door import Door
from agents.notify.inside import Inside
from agents.notify.retry import Answer
from agents.sinks.sink import post
from schemas.alerts import Undelivered
from tests.notify.examples import NOW_MS
from tests.notify.listener import Heard, listening, no_end, reset, status

NO_TLS = Answer("refused by us: without TLS, and not listed as inside", Undelivered.REFUSED)
INSIDE = Answer("refused by us: its address is inside, and not listed", Undelivered.REFUSED)
TAKEN = Answer("HTTP 200", None)

Lookup = Callable[..., Any]


@pytest.mark.parametrize("listed", [[], ["hooks.example.com"], ["10.0.0.0/8"]])
def test_nothing_is_sent_without_tls_to_who_is_not_listed(listed: list[str]) -> None:
    assert _sent_to_loopback(listed) == (NO_TLS, [])


@pytest.mark.parametrize("listed", ["127.0.0.1", "127.0.0.0/8"])
def test_who_is_listed_gets_it(listed: str) -> None:
    answer, heard = _sent_to_loopback([listed])
    assert (answer, len(heard)) == (TAKEN, 1)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - nothing listens there
        "224.0.0.1",
        "[::1]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:10.1.2.3]",
        "[2002:a01:203::1]",
    ],
)
def test_no_private_address_is_asked_over_tls_either(host: str) -> None:
    assert _send(f"https://{host}/hook") == INSIDE


@pytest.mark.parametrize(
    ("address", "may_be"),
    [("9.255.255.255", True), ("10.0.0.0", False), ("10.255.255.255", False), ("11.0.0.0", True)],
)
def test_a_public_address_may_be_asked(address: str, may_be: bool) -> None:
    assert Inside().may_be_at("hooks.example.com", address) == may_be


def test_a_name_is_known_by_what_it_comes_to(monkeypatch: pytest.MonkeyPatch) -> None:
    _names(monkeypatch, lambda: ["10.1.2.3"])
    assert _send("https://hooks.example.com/") == INSIDE


def test_a_name_with_one_private_address_among_others_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    _names(monkeypatch, lambda: ["93.184.215.14", "169.254.169.254"])
    assert _send("https://hooks.example.com/") == INSIDE


def test_a_name_that_is_listed_may_be_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    _names(monkeypatch, lambda: ["127.0.0.1"])

    async def story() -> Answer:
        async with listening(status(200)) as listener, _door("alertmanager") as door:
            return await door.send(post(listener.url.replace("127.0.0.1", "alertmanager"), {}))

    assert asyncio.run(story()) == TAKEN


def test_a_name_that_comes_to_another_address_a_moment_later_is_reached_where_it_was_looked_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def rebinding() -> list[str]:
        asked.append("once")
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    _names(monkeypatch, rebinding)

    async def story() -> tuple[Answer, Answer]:
        async with listening(status(200)) as listener:
            url = listener.url.replace("127.0.0.1", "rebinding")
            # Its first address is ours to ask; whoever asks again is led to another machine.
            async with _door("rebinding", "127.0.0.1") as door:
                first = await door.send(post(url, {}))
            async with _door("127.0.0.1") as door:
                second = await door.send(post(url.replace("http:", "https:"), {}))
            return first, second

    assert asyncio.run(story()) == (TAKEN, INSIDE)
    assert len(asked) == 2


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_to_loopback_is_not_followed(code: int) -> None:
    async def story() -> tuple[Answer, list[Heard]]:
        async with (
            listening(status(200)) as victim,
            listening(status(code, Location=victim.url)) as hostile,
            _door("127.0.0.1") as door,
        ):
            return await door.send(post(hostile.url, {})), victim.heard

    assert asyncio.run(story()) == (Answer(f"HTTP {code}", Undelivered.REFUSED), [])


def test_a_body_without_an_end_is_not_read() -> None:
    async def story() -> Answer:
        async with listening(no_end) as hostile, _door("127.0.0.1") as door:
            return await door.send(post(hostile.url, {}))

    assert asyncio.run(story()) == TAKEN


@pytest.mark.parametrize("name", ["l" * 64 + ".example.com", "hooks..example.com"])
def test_a_name_that_can_be_none_is_no_answer(name: str) -> None:
    assert _send(f"https://{name}/").refusal is Undelivered.EXHAUSTED


def test_a_cut_connection_is_no_answer() -> None:
    async def story() -> Answer:
        async with listening(reset) as hostile, _door("127.0.0.1") as door:
            return await door.send(post(hostile.url, {}))

    assert asyncio.run(story()).refusal is Undelivered.EXHAUSTED


def test_who_cannot_prove_its_name_gets_nothing(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made_by_itself = ["req", "-x509", "-nodes", "-newkey", "rsa:2048", "-subj", "/CN=localhost", "-days", "1"]
    subprocess.run(
        ["openssl", *made_by_itself, "-keyout", key, "-out", certificate], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    heard: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read())
        writer.close()

    async def story() -> Answer:
        server = await asyncio.start_server(take, "127.0.0.1", 0, ssl=context)
        async with server, _door("127.0.0.1") as door:
            return await door.send(post(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/", {}))

    assert asyncio.run(story()) == Answer("ClientConnectorCertificateError", Undelivered.EXHAUSTED)
    assert heard == []


@pytest.mark.parametrize(
    ("raw", "every_s"),
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"s" * 10_000, 0.01, id="dripping"),
        pytest.param(b"", 0, id="silent"),
    ],
)
def test_who_answers_too_slowly_has_not_answered(raw: bytes, every_s: float) -> None:
    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in raw:
            writer.write(bytes([byte]))
            await asyncio.sleep(every_s)
        await asyncio.Event().wait()

    assert _sent_to(drip, 0.3) == Answer("no answer within 0.3 s", Undelivered.EXHAUSTED)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nX-Huge: " + b"h" * 10_000_000 + b"\r\n\r\n", id="a header of 10 MB"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1_000_000 + b"\r\n", id="a million headers"),
        pytest.param(b"220 mail.example.com ESMTP\r\n", id="another protocol"),
    ],
)
def test_what_is_no_answer_is_not_taken_for_one(raw: bytes) -> None:
    async def say(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        try:
            await writer.drain()
        except ConnectionError:
            return
        await asyncio.Event().wait()

    answer = _sent_to(say, 5)
    assert answer.refusal is Undelivered.EXHAUSTED
    assert "h" * 10 not in answer.detail


def _sent_to(behaviour: Callable[..., Any], timeout_s: float) -> Answer:
    async def story() -> Answer:
        writers: list[asyncio.Task[None]] = []

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            async def handle() -> None:
                try:
                    await behaviour(reader, writer)
                finally:
                    writer.close()

            writers.append(asyncio.create_task(handle()))

        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, _door("127.0.0.1", timeout_s=timeout_s) as door:
            answer = await door.send(post(f"http://127.0.0.1:{port}/", {}))
            for task in writers:
                task.cancel()
            await asyncio.gather(*writers, return_exceptions=True)
            return answer

    return asyncio.run(story())


def _sent_to_loopback(listed: list[str]) -> tuple[Answer, list[Heard]]:
    async def story() -> tuple[Answer, list[Heard]]:
        async with listening(status(200)) as listener, _door(*listed) as door:
            return await door.send(post(listener.url, {})), listener.heard

    return asyncio.run(story())


def _send(url: str, *listed: str) -> Answer:
    async def story() -> Answer:
        async with _door(*listed) as door:
            return await door.send(post(url, {}))

    return asyncio.run(story())


@asynccontextmanager
async def _door(*listed: str, timeout_s: float = 10) -> AsyncIterator[Door]:
    async with Door(Inside(listed), timeout_s, lambda: NOW_MS) as door:
        yield door


def _names(monkeypatch: pytest.MonkeyPatch, addresses: Callable[[], list[str]]) -> None:
    """Every name comes to these addresses."""

    async def lookup(_: object, host: str, port: int, **__: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses()]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", lookup)
