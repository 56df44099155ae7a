"""Where alerts go. A new kind of receiver is one file beside these, and its name in the union below."""

from typing import Annotated

from pydantic import Field

from agents.sinks.alertmanager import Alertmanager
from agents.sinks.pagerduty import PagerDuty
from agents.sinks.webhook import Webhook

Receiver = Annotated[Webhook | PagerDuty | Alertmanager, Field(discriminator="sink")]
