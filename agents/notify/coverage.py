"""Routes held against contracts: names that no contract has, and promises of which nobody would be told."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from typing import NamedTuple

from agents.contracts import Contracts
from agents.notify.routes import Routes
from agents.notify.sample import sample
from agents.yaml_errors import Place
from schemas.alerts import Alert, Severity
from schemas.notify import About, Began
from sla_stream.alerting import FEED_POLICY

_ANY_TIME_MS = 1_793_610_000_000


class _Raised(NamedTuple):
    contract: str
    objective: str
    state: Began
    severity: Severity


def strangers(routes: Routes, contracts: Contracts) -> Iterator[tuple[Place, str]]:
    """Names in routes and mutes that no contract has: whoever is to be told of them never will be."""
    known = {
        "clients": {contract.client for contract in contracts.values()},
        "contracts": set(contracts),
        "objectives": {raised.objective for raised in _alerting(contracts)},
    }
    listed: tuple[tuple[str, Iterable[About]], ...] = (("routes", routes.routes), ("mutes", routes.mutes))
    for part, abouts in listed:
        for index, about in enumerate(abouts):
            for key, names in known.items():
                for place, name in enumerate(getattr(about, key) or ()):
                    if name not in names:
                        yield (part, index, key, place), _unknown(name, key.removesuffix("s"), names)


def untold(routes: Routes, contracts: Contracts) -> Iterator[str]:
    """What contracts would raise an alert for and no route means, one sentence each."""
    for contract, objective, state, severity in dict.fromkeys(_alerting(contracts)):
        alert = sample(
            "untold",
            _ANY_TIME_MS,
            client=contracts[contract].client,
            contract=contract,
            objective=objective,
            severity=severity,
            state=state,
        )
        if not _is_told(routes, alert):
            yield f"nobody is told when {objective} of {contract} is {state.replace('_', ' ')} ({severity})"
    for name, contract_ in contracts.items():
        silent = sample(
            "untold",
            _ANY_TIME_MS,
            client=contract_.client,
            contract=name,
            severity=FEED_POLICY.severity,
            state="silent",
        )
        if not _is_told(routes, silent):
            yield f"nobody is told when the feed of {contract_.client} is silent ({FEED_POLICY.severity})"


def _alerting(contracts: Contracts) -> Iterator[_Raised]:
    """All that contracts raise alerts for, in any version."""
    for name, contract in contracts.items():
        for version in contract.versions:
            for objective in version.objectives:
                if alert := objective.alert:
                    yield _Raised(name, objective.name, "breached", alert.severity)
                    if alert.at_risk_after is not None:
                        yield _Raised(name, objective.name, "at_risk", alert.risk_severity)


def _is_told(routes: Routes, alert: Alert) -> bool:
    """In whichever queue: of one that some route lists, or of another."""
    somewhere = ((route, queue) for route in routes.routes for queue in (*(route.queues or ()), alert.queue))
    return any(route.mismatch(replace(alert, queue=queue)) is None for route, queue in somewhere)


def _unknown(name: str, what: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, [*known], n=1)
    return f"no contract has the {what} {name}" + (f"; did you mean {close[0]}?" if close else "")
