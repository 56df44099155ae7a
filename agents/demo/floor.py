"""What is known of the centre while it plays: how its promises stand, who is on duty, what has happened."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from agents.demo.centre import Staffing
from schemas.alerts import Alert, AlertEvent
from schemas.contract import Contract
from schemas.verdicts import Verdict
from sla_stream.judged import VerdictKey


class Kind(StrEnum):
    """What sort of thing happened."""

    AGENTS_GONE = "agents gone"
    AGENTS_BACK = "agents back"
    BREACH_OPENED = "breach opened"
    TARGET_LOST = "target lost"
    BREACH_RESOLVED = "breach resolved"
    RISK_OPENED = "risk opened"
    RISK_RESOLVED = "risk resolved"
    FEED_SILENT = "feed silent"
    FEED_RESUMED = "feed resumed"


_KINDS: Mapping[AlertEvent, Kind] = {
    AlertEvent.BREACH_OPENED: Kind.BREACH_OPENED,
    AlertEvent.TARGET_LOST: Kind.TARGET_LOST,
    AlertEvent.BREACH_RESOLVED: Kind.BREACH_RESOLVED,
    AlertEvent.RISK_OPENED: Kind.RISK_OPENED,
    AlertEvent.RISK_RESOLVED: Kind.RISK_RESOLVED,
    AlertEvent.FEED_SILENT: Kind.FEED_SILENT,
    AlertEvent.FEED_RESUMED: Kind.FEED_RESUMED,
}


class Happening(NamedTuple):
    """One line of the log. `at_ms` is event time."""

    at_ms: int
    kind: Kind
    text: str


class Floor:
    """Takes what the simulator and the worker tell; the views read it."""

    def __init__(self, contract: Contract, at_ms: int) -> None:
        self.at_ms = at_ms
        self.client = contract.client
        self.facts = 0
        self.staffing: Sequence[Staffing] = ()
        self.log: list[Happening] = []
        self._order = [
            (objective.name, window)
            for version in contract.versions
            for objective in version.objectives
            for window in objective.windows
        ]
        self._verdicts: dict[VerdictKey, Verdict] = {}
        self._alerts: set[str] = set()

    @property
    def verdicts(self) -> list[Verdict]:
        """The newest of each, in the order of the contract."""
        return sorted(
            self._verdicts.values(),
            key=lambda verdict: (self._order.index((verdict.objective, verdict.window)), verdict.queue or ""),
        )

    def count(self, kind: Kind) -> int:
        """How often it has happened."""
        return sum(happening.kind is kind for happening in self.log)

    def produced(self, facts: int, staffing: Sequence[Staffing], at_ms: int) -> None:
        """So many more facts were told, and these agents are there."""
        self.at_ms = at_ms
        self.facts += facts
        before, now = _on_duty(self.staffing or staffing), _on_duty(staffing)
        if now != before:
            kind = Kind.AGENTS_GONE if now < before else Kind.AGENTS_BACK
            self.log.append(Happening(at_ms, kind, f"{now} of {_agents(staffing)} agents are on duty"))
        self.staffing = staffing

    def heard(self, message: Verdict | Alert) -> None:
        """Take what the worker said. Alerts come at least once; each is logged once."""
        if isinstance(message, Verdict):
            key = VerdictKey(message.client, message.contract, message.objective, message.queue, message.window)
            self._verdicts[key] = message
        elif message.id not in self._alerts:
            self._alerts.add(message.id)
            self.log.append(Happening(message.at, _KINDS[message.event], message.summary))


def _on_duty(staffing: Sequence[Staffing]) -> int:
    return sum(team.on_duty for team in staffing)


def _agents(staffing: Sequence[Staffing]) -> int:
    return sum(team.agents for team in staffing)
