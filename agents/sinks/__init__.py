"""Where alerts go. A new kind of receiver is one file beside these, and its name in the union below."""

from typing import Annotated

from pydantic import Field

from agents.sinks.alertmanager import Alertmanager
from agents.sinks.email import Email
from agents.sinks.jsm import JiraServiceManagement
from agents.sinks.ntfy import Ntfy
from agents.sinks.pagerduty import PagerDuty
from agents.sinks.slack import Slack
from agents.sinks.teams import Teams
from agents.sinks.webhook import Webhook

Receiver = Annotated[
    Webhook | PagerDuty | JiraServiceManagement | Alertmanager | Slack | Teams | Ntfy | Email,
    Field(discriminator="sink"),
]
