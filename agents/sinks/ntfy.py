"""ntfy, to phones and desktops, from ntfy.sh or a server of one's own."""

from typing import Annotated, Literal

from pydantic import Field, HttpUrl

from agents.notify.news import News
from agents.sinks.secret import Secret
from agents.sinks.sink import Request, Sink, Url, post
from schemas.alerts import Severity

#: From 5, which rings, to 2, which makes no sound.
_PRIORITIES: dict[Severity, int] = {"critical": 5, "error": 4, "warning": 3, "info": 2}
_TAGS = {True: "white_check_mark", False: "warning"}
_ENDS_QUIETLY = 3
#: A longer message would come as a file.
_LONGEST_BYTES = 4000


class Ntfy(Sink):
    """A topic; on ntfy.sh whoever knows its name can read it, unless it is reserved and has a token."""

    sink: Literal["ntfy"]
    topic: Annotated[str, Field(pattern=r"^[-_A-Za-z0-9]{1,64}$", examples=["sla-night-shift"])]
    token: Secret | None = None
    url: Url = HttpUrl("https://ntfy.sh")

    def request(self, news: News, now_ms: int) -> Request:  # noqa: ARG002 - the server tells the time
        """A server from 2.16 on shows the end in place of the beginning; an older one shows it below."""
        words = news.words
        message = {
            "topic": self.topic,
            "title": words.title,
            "message": "\n".join(words.lines).encode()[:_LONGEST_BYTES].decode(errors="ignore"),
            "priority": _ENDS_QUIETLY if news.closes else _PRIORITIES[news.severity],
            "tags": [_TAGS[news.closes]],
            "sequence_id": news.episode,
        }
        headers = {"authorization": f"Bearer {self.token.get_secret_value()}"} if self.token else {}
        return post(str(self.url), message | ({"click": words.link} if words.link else {}), headers)
