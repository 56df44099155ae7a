"""What people are told when an episode opens, worsens or closes."""

from dataclasses import replace

from schemas.alerts import Alert, AlertEvent
from schemas.policies import AlertPolicy
from schemas.verdicts import Reason, Verdict
from schemas.words import Channel
from sla_stream import wording
from sla_stream.episode import Episode, Phase

#: A silent feed blinds a whole client: it is told at once, as the worst.
FEED_POLICY = AlertPolicy(window="day", severity="critical")


def breach_alert(episode: Episode, before: Episode | None, verdict: Verdict) -> Alert:
    """The objective's breach began, cannot be made up for any more, or is over."""
    alert = _of_verdict(episode, verdict)
    if episode.phase is Phase.CLOSED:
        return replace(alert, event=AlertEvent.BREACH_RESOLVED, summary=wording.breach_resolved(verdict))
    if before and before.phase is Phase.OPEN:
        alert_id = f"{episode.id}-lost-{episode.lost_until_ms}"
        return replace(alert, id=alert_id, event=AlertEvent.TARGET_LOST, summary=wording.target_lost(verdict))
    return replace(alert, summary=wording.breach_opened(verdict))


def risk_alert(episode: Episode, _before: Episode | None, verdict: Verdict) -> Alert:
    """The objective is at risk, or no longer: for better or worse."""
    alert = _of_verdict(episode, verdict)
    if episode.phase is Phase.CLOSED:
        return replace(alert, event=AlertEvent.RISK_RESOLVED, summary=wording.risk_resolved(verdict))
    return replace(alert, event=AlertEvent.RISK_OPENED, summary=wording.risk_opened(verdict))


def _of_verdict(episode: Episode, verdict: Verdict) -> Alert:
    return Alert(
        id=_id(episode),
        event=AlertEvent.BREACH_OPENED,
        episode=episode.id,
        severity=episode.severity,
        client=verdict.client,
        channel=verdict.channel,
        contract=verdict.contract,
        objective=verdict.objective,
        queue=verdict.queue,
        window=verdict.window,
        since=episode.since_ms,
        at=verdict.at,
        reason=verdict.reason,
        numerator=verdict.numerator,
        denominator=verdict.denominator,
        value=verdict.value,
        unit=verdict.unit,
        target=verdict.target,
        at_most=verdict.at_most,
        waiting=verdict.waiting,
        summary="",
        sample=verdict.sample,
        rate_needed=verdict.rate_needed,
        expected=verdict.expected,
    )


def feed_alert(
    episode: Episode, _before: Episode | None, client: str, contract: str, channel: Channel, at_ms: int
) -> Alert:
    """The client's feed fell silent, or is heard again."""
    is_over = episode.phase is Phase.CLOSED
    alert = _without_figures(episode, client, contract, channel, at_ms)
    return replace(
        alert,
        event=AlertEvent.FEED_RESUMED if is_over else AlertEvent.FEED_SILENT,
        reason=Reason.FEED_HEARD if is_over else Reason.FEED_SILENT,
        summary=wording.feed_resumed(client, channel) if is_over else wording.feed_silent(client, channel),
    )


def withdrawn_alert(
    episode: Episode,
    client: str,
    contract: str,
    channel: str,
    objective: str | None,
    queue: str | None,
    at_ms: int,
    *,
    risk: bool,
) -> Alert:
    """What was breached is no longer promised: whoever was told must hear of the end."""
    alert = _without_figures(episode, client, contract, channel, at_ms)
    ended = AlertEvent.RISK_RESOLVED if risk else AlertEvent.BREACH_RESOLVED
    why = wording.no_longer_watched if risk else wording.no_longer_promised
    return replace(
        alert,
        event=ended if objective else AlertEvent.FEED_RESUMED,
        objective=objective,
        queue=queue,
        summary=why(client, contract, objective),
    )


def _without_figures(episode: Episode, client: str, contract: str, channel: str, at_ms: int) -> Alert:
    return Alert(
        id=_id(episode),
        event=AlertEvent.FEED_RESUMED,
        episode=episode.id,
        severity=episode.severity,
        client=client,
        channel=channel,
        contract=contract,
        objective=None,
        queue=None,
        window=None,
        since=episode.since_ms,
        at=at_ms,
        reason=Reason.NOT_PROMISED,
        numerator=None,
        denominator=None,
        value=None,
        unit=None,
        target=None,
        at_most=None,
        waiting=None,
        summary="",
    )


def _id(episode: Episode) -> str:
    """The same however often it is worked out, so that receivers can tell a repetition."""
    return f"{episode.id}-{'resolved' if episode.phase is Phase.CLOSED else 'opened'}"
