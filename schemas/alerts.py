"""What people are told: an episode began or is over. On `sla.alerts`, at least once, with a stable id."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, with_config

from schemas.verdicts import Reason
from schemas.words import Channels, Count, Instant, Name, Unit

Severity = Literal["critical", "error", "warning", "info"]


class AlertEvent(StrEnum):
    """What happened. The value is the event type of the webhook."""

    BREACH_OPENED = "sla.breach.opened"
    TARGET_LOST = "sla.target.lost"  # within an open breach: nothing can save the period any more
    BREACH_RESOLVED = "sla.breach.resolved"
    RISK_OPENED = "sla.risk.opened"  # the target is not missed, but will be if it goes on like this
    RISK_RESOLVED = "sla.risk.resolved"  # it is met, or missed: a breach is an episode of its own
    FEED_SILENT = "sla.feed.silent"
    FEED_RESUMED = "sla.feed.resumed"

    @property
    def closes(self) -> bool:
        """Whether the episode is over with it."""
        return self in (AlertEvent.BREACH_RESOLVED, AlertEvent.RISK_RESOLVED, AlertEvent.FEED_RESUMED)


@with_config(ConfigDict(extra="forbid"))
@dataclass(slots=True, frozen=True, kw_only=True)
class Alert:
    """One event of one episode. `id` is the same however often it is sent; `episode` joins opening and end.

    `objective` and the figures are null for a feed, which belongs to no objective. Instants are event time.
    `sample` contacts are in the window. `rate_needed` is what the value of the `expected` contacts still to come
    must be for the period to meet its target; null where the window has no end or nothing foretells them.
    """

    type: Literal["alert"] = "alert"
    id: Name
    event: AlertEvent
    episode: Name
    severity: Severity
    client: Name
    channel: Channels
    contract: Name
    objective: Name | None
    queue: Name | None
    window: Name | None
    since: Instant
    at: Instant
    reason: Reason
    numerator: int | None
    denominator: int | None
    value: float | None
    unit: Unit | None
    target: float | None
    at_most: bool | None
    waiting: Count | None
    summary: str
    sample: Count | None = None
    rate_needed: float | None = None
    expected: Count | None = None


ALERT: TypeAdapter[Alert] = TypeAdapter(Alert)


class Undelivered(StrEnum):
    """Why a message to a receiver was given up."""

    REFUSED = "refused"  # the receiver said that it never will
    EXHAUSTED = "exhausted"  # every try failed


@with_config(ConfigDict(extra="forbid"))
@dataclass(slots=True, frozen=True, kw_only=True)
class UndeliveredAlert:
    """An alert that one receiver did not take, kept on `sla.undelivered`."""

    type: Literal["undelivered"] = "undelivered"
    alert: Alert
    receiver: Name
    reason: Undelivered
    tries: Count
    detail: str
    at: Instant


UNDELIVERED: TypeAdapter[UndeliveredAlert] = TypeAdapter(UndeliveredAlert)


@with_config(ConfigDict(extra="forbid"))
@dataclass(slots=True, frozen=True, kw_only=True)
class Acknowledgement:
    """Somebody sees to an episode: `by`, as the receiver that heard it calls them. `at` is wall time."""

    type: Literal["acknowledgement"] = "acknowledgement"
    episode: Name
    receiver: Name
    by: Name
    at: Instant


ACKNOWLEDGEMENT: TypeAdapter[Acknowledgement] = TypeAdapter(Acknowledgement)
