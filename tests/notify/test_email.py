"""Mail as a real SMTP server takes it, and as it refuses it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd import smtp
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from pydantic import ValidationError

from agents.notify.door import Door
from agents.notify.inside import Inside
from agents.notify.retry import Answer
from agents.sinks.email import Email
from agents.sinks.sink import Mail
from schemas.alerts import Alert, Undelivered
from tests.notify.examples import NOW_MS, OPENED, RESOLVED, TITLE, told
from tests.parts.ports import free_port

DEADLINE_S = 10
READ_BY = ["floor@example.com", "The night <night@example.com>"]


class Postbox:
    """A server's handler that keeps what it takes; it answers as it is told."""

    def __init__(self, answer: str = "250 OK", refused: str = "") -> None:
        self.taken: list[Envelope] = []
        self._answer, self._refused = answer, refused

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802 - aiosmtpd's name
        _, _, envelope, address, _ = given
        if address == self._refused:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.taken.append(given[-1])
        return self._answer


def test_a_mail_reaches_everybody_with_what_they_need_to_know() -> None:
    answer, (envelope,) = _send(Postbox(), OPENED)
    assert answer == Answer("SMTP 250", None)
    assert envelope.mail_from == "sla@example.com"
    assert envelope.rcpt_tos == ["floor@example.com", "night@example.com"]
    message = _message(envelope)
    assert message["Subject"] == TITLE
    assert message["Auto-Submitted"] == "auto-generated"
    text = message.get_content()
    assert "Promised: at least 80%" in text
    assert "Open the board: https://board.example.com/?client=acme" in text


def test_the_end_is_in_the_same_conversation() -> None:
    opened, resolved = (_message(_send(Postbox(), alert)[1][0]) for alert in (OPENED, RESOLVED))
    assert opened["References"] == resolved["References"]
    assert opened["Message-ID"] != resolved["Message-ID"]


def test_a_repetition_is_the_same_mail() -> None:
    first, again = (_message(_send(Postbox(), OPENED)[1][0]) for _ in range(2))
    assert first["Message-ID"] == again["Message-ID"]


def test_a_server_that_is_busy_is_tried_again() -> None:
    answer, _ = _send(Postbox("451 try again later"), OPENED)
    assert (answer.detail, answer.refusal) == ("SMTP 451", Undelivered.EXHAUSTED)


def test_a_server_that_refuses_is_not_asked_again_and_not_quoted() -> None:
    answer, _ = _send(Postbox("554 floor@example.com is unknown"), OPENED)
    assert answer == Answer("SMTP 554", Undelivered.REFUSED)


def test_one_bad_address_keeps_it_from_nobody_else() -> None:
    answer, (envelope,) = _send(Postbox(refused="night@example.com"), OPENED)
    assert answer == Answer("SMTP 250, but not for 1 of the recipients", None)
    assert envelope.rcpt_tos == ["floor@example.com"]


def test_where_no_server_is_it_is_tried_again() -> None:
    answer = asyncio.run(_hand_over(_email(free_port()).request(told(OPENED), NOW_MS)))
    assert (answer.detail, answer.refusal) == ("ConnectionRefusedError", Undelivered.EXHAUSTED)


# aiosmtpd warns of what no server should do: asking for a password where anybody can read it.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
def test_a_server_that_knows_us_is_told_who_we_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "hunter2")
    seen: list[tuple[bytes, bytes]] = []

    def authenticate(*given: object) -> AuthResult:
        login = given[-1]
        assert isinstance(login, LoginPassword)
        seen.append((login.login, login.password))
        return AuthResult(success=True)

    async def story() -> Answer:
        async with _serving(
            Postbox(), authenticator=authenticate, auth_required=True, auth_require_tls=False
        ) as port:
            email = _email(port, user="sla", password={"env": "MAIL_PASSWORD"})
            assert "hunter2" not in repr(email) + repr(email.request(told(OPENED), NOW_MS))
            return await _hand_over(email.request(told(OPENED), NOW_MS))

    assert asyncio.run(story()).refusal is None
    assert seen == [(b"sla", b"hunter2")]


def test_without_the_tls_that_was_asked_for_nothing_is_sent() -> None:
    async def story() -> tuple[Answer, list[Envelope]]:
        postbox = Postbox()
        async with _serving(postbox) as port:
            answer = await _hand_over(_email(port, tls="start").request(told(OPENED), NOW_MS))
            return answer, postbox.taken

    answer, taken = asyncio.run(story())
    assert (answer.refusal, taken) == (Undelivered.EXHAUSTED, [])


@pytest.mark.parametrize(("tls", "why"), [("none", "without TLS"), ("start", "its address is inside")])
def test_a_server_inside_that_is_not_listed_gets_nothing(tls: str, why: str) -> None:
    async def story() -> tuple[Answer, list[Envelope]]:
        postbox = Postbox()
        async with _serving(postbox) as port:
            request = _email(port, tls=tls).request(told(OPENED), NOW_MS)
            return await _hand_over(request, "mail.example.com"), postbox.taken

    answer, taken = asyncio.run(story())
    assert (answer.refusal, taken) == (Undelivered.REFUSED, [])
    assert why in answer.detail


@pytest.mark.parametrize(("tls", "port"), [("implicit", 465), ("start", 587), ("none", 25)])
def test_the_port_is_that_of_the_way(tls: str, port: int) -> None:
    settings = {"name": "mail", "sink": "email", "host": "smtp.example.com", "sender": "a@b.c", "to": ["d@e.f"]}
    assert Email.model_validate(settings | {"tls": tls}).request(told(OPENED), NOW_MS).port == port


@pytest.mark.parametrize("address", ["floor", "@example.com", "floor@", "a@b.c\r\nBcc: everybody@example.com"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValidationError, match="an e-mail address is like"):
        _email(25, to=[address])


def _send(postbox: Postbox, alert: Alert) -> tuple[Answer, list[Envelope]]:
    async def story() -> Answer:
        async with _serving(postbox) as port:
            return await _hand_over(_email(port).request(told(alert), NOW_MS))

    return asyncio.run(story()), postbox.taken


async def _hand_over(mail: Mail, *inside: str) -> Answer:
    async with Door(Inside(inside or ["127.0.0.1"]), DEADLINE_S, lambda: NOW_MS) as door:
        return await door.send(mail)


@asynccontextmanager
async def _serving(postbox: Postbox, **settings: Any) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: smtp.SMTP(postbox, hostname="mail", **settings), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


def _email(port: int, **settings: object) -> Email:
    given = {
        "name": "mail",
        "sink": "email",
        "host": "127.0.0.1",
        "port": port,
        "tls": "none",
        "sender": "The floor <sla@example.com>",
        "to": READ_BY,
    }
    return Email.model_validate(given | settings)


def _message(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    message = message_from_bytes(envelope.content, policy=default)
    assert isinstance(message, EmailMessage)
    return message
