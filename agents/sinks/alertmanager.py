"""Prometheus' Alertmanager, by its API v2: routing, grouping and silences are then its business."""

from typing import ClassVar, Literal

from agents.notify.news import News
from agents.sinks.rfc3339 import rfc3339
from agents.sinks.sink import Request, Sink, Url, post
from schemas.alerts import Alert, AlertEvent

#: One name from opening to end, since the name is part of an alert's identity.
_NAMES = {
    AlertEvent.BREACH_OPENED: "SlaBreach",
    AlertEvent.TARGET_LOST: "SlaBreach",
    AlertEvent.BREACH_RESOLVED: "SlaBreach",
    AlertEvent.RISK_OPENED: "SlaRisk",
    AlertEvent.RISK_RESOLVED: "SlaRisk",
    AlertEvent.FEED_SILENT: "SlaFeedSilent",
    AlertEvent.FEED_RESUMED: "SlaFeedSilent",
}

# Alertmanager takes an alert for resolved when its end has passed; unless told, that is five minutes after the
# last post. What is open is posted again every few minutes, since Alertmanager keeps alerts in memory and forgets
# them when it restarts. It says an end that comes after the episode's own all the same: a month is the longest
# window, and what breached it is not open for much longer. A shorter one would tell of recoveries that never were
# while our own workers are down.
_OPEN_FOR_MS = 35 * 86_400_000

# An end that lies in the future by Alertmanager's own clock does not replace the later end it holds, and the
# alert would stay open. So that two machines' clocks may differ, an alert ends a minute ago.
_CLOCKS_DIFFER_BY_MS = 60_000


class Alertmanager(Sink):
    """The Alertmanager at `url`, which ends where its `/api` begins."""

    is_for_people: ClassVar[bool] = False
    repeat_ms: ClassVar[int | None] = 240_000

    sink: Literal["alertmanager"]
    url: Url

    def request(self, news: News, now_ms: int) -> Request:
        """A post of one alert; Alertmanager knows it by its labels."""
        alert, link = news.alert, news.words.link
        body = {"labels": _labels(alert), "annotations": _annotations(alert), **_span(alert, now_ms)}
        return post(
            str(self.url).rstrip("/") + "/api/v2/alerts", [body | ({"generatorURL": link} if link else {})]
        )


def _labels(alert: Alert) -> dict[str, str]:
    """Which alert it is, and nothing that changes while it is open."""
    return _present(
        alertname=_NAMES[alert.event],
        client=alert.client,
        contract=alert.contract,
        objective=alert.objective,
        channel=alert.channel,
        queue=alert.queue,
        window=alert.window,
        severity=alert.severity,
        episode=alert.episode,
    )


def _annotations(alert: Alert) -> dict[str, str]:
    return _present(
        summary=alert.summary,
        reason=alert.reason,
        value=alert.value,
        target=alert.target,
        unit=alert.unit,
        numerator=alert.numerator,
        denominator=alert.denominator,
        waiting=alert.waiting,
        since=rfc3339(alert.since),
        at=rfc3339(alert.at),
    )


def _span(alert: Alert, now_ms: int) -> dict[str, str]:
    """From when to when, by the wall clock, as Alertmanager does: a replay's facts may be years old."""
    past_ms = now_ms - _CLOCKS_DIFFER_BY_MS
    ends_ms = past_ms if alert.event.closes else now_ms + _OPEN_FOR_MS
    return {"startsAt": rfc3339(min(alert.since, past_ms)), "endsAt": rfc3339(ends_ms)}


def _present(**words: object) -> dict[str, str]:
    return {name: str(word) for name, word in words.items() if word is not None}
