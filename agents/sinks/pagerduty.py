"""PagerDuty, by its Events API v2. An episode is one incident: its opening triggers, its end resolves it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, HttpUrl, SecretStr

from agents.notify.news import News
from agents.sinks.rfc3339 import rfc3339
from agents.sinks.secret import Secret
from agents.sinks.sink import Request, Sink, Url, post
from schemas.alerts import ALERT

_ROUTING_KEY_LENGTH = 32
_LONGEST_SUMMARY = 1024


def _routing_key(secret: SecretStr) -> SecretStr:
    if len(secret) != _ROUTING_KEY_LENGTH:
        raise ValueError(f"a routing key of Events API v2 is {_ROUTING_KEY_LENGTH} characters long")
    return secret


class PagerDuty(Sink):
    """One integration of one service. In the EU its `url` is https://events.eu.pagerduty.com/v2/enqueue."""

    sink: Literal["pagerduty"]
    routing_key: Annotated[Secret, AfterValidator(_routing_key)]
    url: Url = HttpUrl("https://events.pagerduty.com/v2/enqueue")

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
