"""PagerDuty, by its Events API v2. An episode is one incident: its opening triggers, its end resolves it."""

from typing import Annotated, Literal

import orjson
from pydantic import AfterValidator, HttpUrl, SecretStr

from agents.sinks.rfc3339 import rfc3339
from agents.sinks.secret import Secret
from agents.sinks.sink import Request, Sink, Url
from schemas.alerts import ALERT, Alert

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

    def request(self, alert: Alert, now_ms: int) -> Request:  # noqa: ARG002 - an event tells its own time
        """Events with one `dedup_key` are one incident; a resolve needs nothing else."""
        event: dict[str, object] = {
            "routing_key": self.routing_key.get_secret_value(),
            "event_action": "resolve" if alert.event.closes else "trigger",
            "dedup_key": alert.episode,
        }
        if not alert.event.closes:
            event["payload"] = _payload(alert)
        return Request("POST", str(self.url), {"content-type": "application/json"}, orjson.dumps(event))


def _payload(alert: Alert) -> dict[str, object]:
    return {
        "summary": alert.summary[:_LONGEST_SUMMARY],
        "source": alert.client,
        "severity": alert.severity,
        "timestamp": rfc3339(alert.at),
        "component": alert.queue or alert.channel,
        "group": alert.contract,
        "class": alert.event,
        "custom_details": ALERT.dump_python(alert, mode="json", exclude={"type", "summary"}),
    }
