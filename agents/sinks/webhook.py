"""A signed webhook, as Standard Webhooks has it: any of its libraries verifies it and knows a repetition."""

import base64
import hmac
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

import orjson
from pydantic import AfterValidator, Field, SecretStr

from agents.notify.news import News
from agents.sinks.rfc3339 import rfc3339
from agents.sinks.secret import Secret
from agents.sinks.sink import Request, Sink, Url
from schemas.alerts import ALERT, Alert, AlertEvent

_PREFIX = "whsec_"
_SHORTEST_KEY, _LONGEST_KEY = 24, 64


def _key(secret: SecretStr) -> bytes:
    return base64.b64decode(secret.get_secret_value().removeprefix(_PREFIX), validate=True)


def _signing_secret(secret: SecretStr) -> SecretStr:
    try:
        fits = _SHORTEST_KEY <= len(_key(secret)) <= _LONGEST_KEY
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(
            f"a signing secret is {_PREFIX} and the base64 of {_SHORTEST_KEY} to {_LONGEST_KEY} bytes"
        )
    return secret


_SigningSecret = Annotated[Secret, AfterValidator(_signing_secret)]


def _sign(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    """The signature of a message sent at `timestamp`, in epoch seconds."""
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


class Webhook(Sink):
    """Whoever listens at `url` and shares the secret.

    While receivers change from one secret to the next, messages are signed with both. Without `events` it is told
    of all.
    """

    is_for_people: ClassVar[bool] = False

    sink: Literal["webhook"]
    url: Url
    secret: _SigningSecret
    old_secret: _SigningSecret | None = None
    events: Annotated[list[AlertEvent] | None, Field(min_length=1)] = None

    def takes(self, event: AlertEvent) -> bool:
        """Only what is listed, if anything is."""
        return self.events is None or event in self.events

    def request(self, news: News, now_ms: int) -> Request:
        """Every try has the same id, by which a repetition is known, and is signed anew with its own time."""
        timestamp = str(now_ms // 1000)
        body = _body(news.alert)
        headers = {
            "content-type": "application/json",
            "webhook-id": news.id,
            "webhook-timestamp": timestamp,
            "webhook-signature": " ".join(_sign(key, news.id, timestamp, body) for key in self._keys()),
        }
        return Request("POST", str(self.url), headers, body)

    def _keys(self) -> Iterator[bytes]:
        return (_key(secret) for secret in (self.secret, self.old_secret) if secret)


def _body(alert: Alert) -> bytes:
    data = ALERT.dump_python(alert, mode="json")
    return orjson.dumps({"type": alert.event, "timestamp": rfc3339(alert.at), "data": data})
