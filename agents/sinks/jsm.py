"""Jira Service Management, and Opsgenie until it ends in April 2027: both take the same requests.

An episode is one alert, by its alias: its opening creates it, its end closes it.
"""

from collections.abc import Mapping
from typing import Literal
from urllib.parse import quote

from pydantic import BaseModel, HttpUrl, TypeAdapter

from agents.notify.news import News
from agents.sinks.rfc3339 import rfc3339
from agents.sinks.secret import Secret, is_same
from agents.sinks.sink import NotOurs, Request, Seen, Sink, Url, post
from schemas.alerts import Severity

_PRIORITIES: dict[Severity, str] = {"critical": "P1", "error": "P2", "warning": "P3", "info": "P5"}
_LONGEST_MESSAGE = 130
_LONGEST_DESCRIPTION = 15_000
_SOURCE = "sla-stream"


class _AlertThere(BaseModel):
    alias: str | None = None
    username: str | None = None


class _Webhook(BaseModel):
    """The little that is read of what it tells."""

    action: str
    alert: _AlertThere


_WEBHOOK: TypeAdapter[_Webhook] = TypeAdapter(_Webhook)


class JiraServiceManagement(Sink):
    """One API integration. For Opsgenie the `url` is https://api.opsgenie.com/v2/alerts, in the EU api.eu.

    `acknowledgements` is what an outgoing webhook to /hooks/NAME has as its header Authorization, after "Bearer ".
    """

    sink: Literal["jsm"]
    api_key: Secret
    url: Url = HttpUrl("https://api.atlassian.com/jsm/ops/integration/v2/alerts")
    acknowledgements: Secret | None = None

    def seen(self, headers: Mapping[str, str], body: bytes) -> list[Seen]:
        """An outgoing webhook. It has no signature, so a header of its own brings the secret."""
        expected = self.acknowledgements and f"Bearer {self.acknowledgements.get_secret_value()}"
        if not expected or not is_same(expected, headers.get("Authorization", "")):
            raise NotOurs
        webhook = _WEBHOOK.validate_json(body)
        if webhook.action != "Acknowledge" or not webhook.alert.alias:
            return []
        return [Seen(webhook.alert.alias, webhook.alert.username or "Jira Service Management")]

    def request(self, news: News, now_ms: int) -> Request:  # noqa: ARG002 - an alert tells its own time
        """While an alert is open, another of its alias is counted with it and wakes nobody."""
        url, headers = str(self.url).rstrip("/"), {"authorization": f"GenieKey {self.api_key.get_secret_value()}"}
        if news.closes:
            close = f"{url}/{quote(news.episode, safe='')}/close?identifierType=alias"
            return post(close, {"source": _SOURCE, "note": news.words.title}, headers)
        return post(url, _alert(news), headers)


def _alert(news: News) -> dict[str, object]:
    alert, words = news.alert, news.words
    details = dict(words.facts) | {"contract": alert.contract, "channel": alert.channel, "at": rfc3339(alert.at)}
    return {
        "message": words.title[:_LONGEST_MESSAGE],
        "alias": news.episode,
        "description": "\n".join([words.title, *words.lines, *([words.link] if words.link else [])])[
            :_LONGEST_DESCRIPTION
        ],
        "details": details,
        "entity": alert.queue or alert.channel,
        "source": _SOURCE,
        "tags": [alert.client, alert.event],
        "priority": _PRIORITIES[news.severity],
    }
