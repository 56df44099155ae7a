"""Which alerts go to whom: the part of `config/notify.yaml` that knows nothing of the receivers' kinds."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from schemas.alerts import Alert, AlertEvent, Severity
from schemas.words import Name
from schemas.written import Duration, Label, Written, Zone

_LISTED = Field(min_length=1)

#: What began: a breach, a period that nothing can save any more, a feed that says nothing, or a mere risk.
Began = Literal["breached", "lost", "silent", "at_risk"]


_STATES: dict[AlertEvent, Began] = {
    AlertEvent.BREACH_OPENED: "breached",
    AlertEvent.TARGET_LOST: "lost",
    AlertEvent.FEED_SILENT: "silent",
    AlertEvent.RISK_OPENED: "at_risk",
}


def _minute(text: object) -> datetime:
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) and len(text) > len("2026-03-02") else None
    except ValueError:
        at = None
    if at is None or at.tzinfo or at.second or at.microsecond:
        raise ValueError("a minute by the clock of time_zone belongs here, like 2026-03-02T22:00")
    return at


Minute = Annotated[
    datetime,
    BeforeValidator(_minute),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:00)?$",
            "examples": ["2026-03-02T22:00"],
        }
    ),
]


class About(Written):
    """Which alerts are meant: every list that is given must name the alert's own.

    A feed belongs to no objective and no queue, so one that lists some does not mean its alerts.
    """

    clients: Annotated[list[Name] | None, _LISTED] = None
    contracts: Annotated[list[Name] | None, _LISTED] = None
    objectives: Annotated[list[Name] | None, _LISTED] = None
    queues: Annotated[list[Name] | None, _LISTED] = None
    severities: Annotated[list[Severity] | None, _LISTED] = None

    def mismatch(self, alert: Alert) -> str | None:
        """Why the alert is not meant, in words; None if it is."""
        return next(
            (
                f"its {name} is {'none' if own is None else own}, not {' or '.join(wanted)}"
                for name, own, wanted in self._compared(alert)
                if wanted is not None and own not in wanted
            ),
            None,
        )

    def _compared(self, alert: Alert) -> Iterable[tuple[str, str | None, Sequence[str] | None]]:
        return (
            ("client", alert.client, self.clients),
            ("contract", alert.contract, self.contracts),
            ("objective", alert.objective, self.objectives),
            ("queue", alert.queue, self.queues),
            ("severity", alert.severity, self.severities),
        )


class Escalation(Written):
    """Who is told if nobody has acknowledged within `after`, and it is still open."""

    after: Duration
    receivers: Annotated[list[Label], _LISTED]


class Route(About):
    """The receivers of the alerts that are meant. Whoever was told of a beginning is told of its end.

    People read in their `language`, and instants by the clock of their `time_zone`. In `quiet_hours` nothing is
    told; what is still open when they end is told then. Alerts of one client that begin within `gather` of each
    other are one message with a list, to those who read and do not compute.
    """

    receivers: Annotated[list[Label], _LISTED]
    #: What is wrong now: of what may yet go wrong only those are told who ask for it.
    states: Annotated[list[Began], _LISTED] = Field(default=["breached", "lost", "silent"])
    language: Literal["en", "fr"] = "en"
    time_zone: Zone = "UTC"
    quiet_hours: Annotated[str | None, Field(examples=["22:00-07:00"])] = None
    gather: Duration = 0
    escalate: Escalation | None = None

    def _compared(self, alert: Alert) -> Iterable[tuple[str, str | None, Sequence[str] | None]]:
        state = ("state", _STATES.get(alert.event), self.states)
        return (*super()._compared(alert), state)


class Mute(About):
    """A maintenance: from one minute until another nobody is told; what is still open then is told then."""

    reason: Name
    from_: Minute = Field(alias="from")
    to: Minute
    time_zone: Zone = "UTC"

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.to <= self.from_:
            raise ValueError("to must be later than from")
        return self

    @property
    def ends_ms(self) -> int:
        """When alerts are told again (epoch ms)."""
        return self._ms(self.to)

    def covers(self, alert: Alert, at_ms: int) -> bool:
        """Whether the alert is not to be told at an instant."""
        return self._ms(self.from_) <= at_ms < self.ends_ms and self.mismatch(alert) is None

    def _ms(self, at: datetime) -> int:
        return int(at.replace(tzinfo=ZoneInfo(self.time_zone)).timestamp() * 1000)
