"""PagerDuty, by its Events API v2. An episode is one incident: its opening triggers, its end resolves it."""

import hmac
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, HttpUrl, SecretStr, TypeAdapter

from agents.notify.news import News
from agents.sinks.rfc3339 import rfc3339
from agents.sinks.secret import Secret, is_same
from agents.sinks.sink import NotOurs, Request, Seen, Sink, Url, post
from schemas.alerts import ALERT

_ROUTING_KEY_LENGTH = 32
_LONGEST_SUMMARY = 1024


def _routing_key(secret: SecretStr) -> SecretStr:
    if len(secret) != _ROUTING_KEY_LENGTH:
        raise ValueError(f"a routing key of Events API v2 is {_ROUTING_KEY_LENGTH} characters long")
    return secret


class _Agent(BaseModel):
    summary: str


class _Incident(BaseModel):
    incident_key: str | None = None


class _Event(BaseModel):
    event_type: str
    agent: _Agent | None = None
    data: _Incident


class _Webhook(BaseModel):
    """The little that is read of what PagerDuty tells."""

    event: _Event


_WEBHOOK: TypeAdapter[_Webhook] = TypeAdapter(_Webhook)


class PagerDuty(Sink):
    """One integration of one service. In the EU its `url` is https://events.eu.pagerduty.com/v2/enqueue.

    `acknowledgements` is the secret of a webhook that PagerDuty sends to /hooks/NAME.
    """

    sink: Literal["pagerduty"]
    routing_key: Annotated[Secret, AfterValidator(_routing_key)]
    url: Url = HttpUrl("https://events.pagerduty.com/v2/enqueue")
    acknowledgements: Secret | None = None

    def seen(self, headers: Mapping[str, str], body: bytes) -> list[Seen]:
        """A webhook of the third generation; while its secret is changed there are several signatures."""
        if self.acknowledgements is None:
            raise NotOurs
        key = self.acknowledgements.get_secret_value().encode()
        ours = "v1=" + hmac.digest(key, body, "sha256").hex()
        signatures = headers.get("X-PagerDuty-Signature", "").split(",")
        if not any(is_same(ours, theirs.strip()) for theirs in signatures):
            raise NotOurs
        event = _WEBHOOK.validate_json(body).event
        if event.event_type != "incident.acknowledged" or not event.data.incident_key:
            return []
        return [Seen(event.data.incident_key, event.agent.summary if event.agent else "PagerDuty")]

    def request(self, news: News, now_ms: int) -> Request:  # noqa: ARG002 - an event tells its own time
        """Events with one `dedup_key` are one incident; a resolve needs nothing else."""
        event: dict[str, object] = {
            "routing_key": self.routing_key.get_secret_value(),
            "event_action": "resolve" if news.closes else "trigger",
            "dedup_key": news.episode,
        }
        if not news.closes:
            event["payload"] = _payload(news)
            if news.words.link:
                event["links"] = [{"href": news.words.link, "text": news.words.link_text}]
        return post(str(self.url), event)


def _payload(news: News) -> dict[str, object]:
    alert = news.alert
    return {
        "summary": news.words.title[:_LONGEST_SUMMARY],
        "source": alert.client,
        "severity": news.severity,
        "timestamp": rfc3339(alert.at),
        "component": alert.queue or alert.channel,
        "group": alert.contract,
        "class": alert.event,
        "custom_details": _details(news),
    }


def _details(news: News) -> dict[str, object]:
    """What a machine may want of one alert, and what a person reads of one or many."""
    figures = ALERT.dump_python(news.alert, mode="json", exclude={"type", "summary"})
    return {"text": "\n".join(news.words.lines)} | (figures if len(news.alerts) == 1 else {})
