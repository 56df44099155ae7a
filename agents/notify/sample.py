"""An alert that was never raised, to try receivers and routes with."""

from dataclasses import replace

from schemas.alerts import Alert, AlertEvent, Severity
from schemas.notify import Began
from schemas.verdicts import Reason

_EVENTS: dict[Began, AlertEvent] = {
    "breached": AlertEvent.BREACH_OPENED,
    "lost": AlertEvent.TARGET_LOST,
    "silent": AlertEvent.FEED_SILENT,
    "at_risk": AlertEvent.RISK_OPENED,
}
_SINCE_MS = 120_000


def sample(
    episode: str,
    at_ms: int,
    *,
    client: str = "test",
    contract: str = "test",
    objective: str = "picked-up-in-30s",
    queue: str | None = "test",
    severity: Severity = "info",
    state: Began = "breached",
) -> Alert:
    """Something that began two minutes before: 85 % where 90 % were promised."""
    alert = Alert(
        id=f"{episode}-opened",
        event=_EVENTS[state],
        episode=episode,
        severity=severity,
        client=client,
        channel="voice",
        contract=contract,
        objective=objective,
        queue=queue,
        window="rolling 15m",
        since=at_ms - _SINCE_MS,
        at=at_ms,
        reason=Reason.TARGET_MISSED,
        numerator=102,
        denominator=120,
        value=0.85,
        unit="ratio",
        target=0.9,
        at_most=False,
        waiting=7,
        summary="a test: nothing is wrong",
    )
    return _of_no_objective(alert) if state == "silent" else alert


def end_of(alert: Alert) -> Alert:
    """That it is over."""
    return replace(
        alert,
        id=f"{alert.episode}-resolved",
        event=AlertEvent.BREACH_RESOLVED,
        reason=Reason.TARGET_MET,
        numerator=110,
        value=110 / 120,
        waiting=0,
    )


def _of_no_objective(alert: Alert) -> Alert:
    return replace(
        alert,
        objective=None,
        queue=None,
        window=None,
        reason=Reason.FEED_SILENT,
        numerator=None,
        denominator=None,
        value=None,
        unit=None,
        target=None,
        at_most=None,
        waiting=None,
    )
