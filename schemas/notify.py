"""Which alerts go to whom: the part of `config/notify.yaml` that knows nothing of the receivers' kinds."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.alerts import Alert, AlertEvent, Severity
from schemas.words import Name
from schemas.written import Label, Zone

_LISTED = Field(min_length=1)


class Route(BaseModel):
    """The receivers of the alerts that match: every list that is given must name the alert's own.

    A feed belongs to no objective, so a route that lists some does not match its alerts. People read in their
    `language`, and instants by the clock of their `time_zone`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    receivers: Annotated[list[Label], _LISTED]
    language: Literal["en", "fr"] = "en"
    time_zone: Zone = "UTC"
    clients: Annotated[list[Name] | None, _LISTED] = None
    contracts: Annotated[list[Name] | None, _LISTED] = None
    objectives: Annotated[list[Name] | None, _LISTED] = None
    severities: Annotated[list[Severity] | None, _LISTED] = None
    events: Annotated[list[AlertEvent] | None, _LISTED] = None

    def matches(self, alert: Alert) -> bool:
        """Whether the alert goes this way."""
        return (
            (self.clients is None or alert.client in self.clients)
            and (self.contracts is None or alert.contract in self.contracts)
            and (self.objectives is None or alert.objective in self.objectives)
            and (self.severities is None or alert.severity in self.severities)
            and (self.events is None or alert.event in self.events)
        )
