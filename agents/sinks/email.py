"""E-mail, by SMTP. Beginning and end of an episode are one conversation in the reader's mailbox."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from agents.notify.news import News
from agents.sinks.secret import Secret
from agents.sinks.sink import Mail, Sink

_PORTS = {"implicit": 465, "start": 587, "none": 25}


def _mailbox(text: str) -> str:
    _, address = parseaddr(text)
    name, at, domain = address.rpartition("@")
    if not (name and at and domain) or any(sign in text for sign in "\r\n"):
        raise ValueError("an e-mail address is like floor@example.com, or The floor <floor@example.com>")
    return text


Mailbox = Annotated[str, AfterValidator(_mailbox), Field(examples=["floor@example.com"])]


class Email(Sink):
    """Everybody in `to`, by one mail server. `tls: none` sends in the clear, and is for a server inside."""

    sink: Literal["email"]
    host: Annotated[str, Field(pattern=r"^[A-Za-z0-9.:-]+$", examples=["smtp.example.com"])]
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    tls: Literal["implicit", "start", "none"] = "start"
    user: str | None = None
    password: Secret | None = None
    sender: Mailbox
    to: Annotated[list[Mailbox], Field(min_length=1)]

    def request(self, news: News, now_ms: int) -> Mail:
        """The same message at every try, but for its date."""
        return Mail(
            host=self.host,
            port=self.port or _PORTS[self.tls],
            tls=self.tls,
            user=self.user,
            password=self.password.get_secret_value() if self.password else None,
            sender=parseaddr(self.sender)[1],
            recipients=tuple(parseaddr(one)[1] for one in self.to),
            message=self._message(news, now_ms).as_bytes(policy=SMTP),
        )

    def _message(self, news: News, now_ms: int) -> EmailMessage:
        message, thread = EmailMessage(), f"<{news.episode}@sla-stream>"
        message["From"], message["To"] = self.sender, ", ".join(self.to)
        message["Subject"] = news.words.title
        message["Date"] = format_datetime(datetime.fromtimestamp(now_ms // 1000, UTC))
        message["Message-ID"] = f"<{news.id}@sla-stream>"
        message["In-Reply-To"] = message["References"] = thread
        # An answering machine must not answer a machine (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        words = news.words
        link = [f"{words.link_text}: {words.link}"] if words.link else []
        message.set_content("\n".join([words.title, "", *words.lines, *link]) + "\n")
        return message
