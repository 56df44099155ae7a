"""Contracts made ready for judging: who is counted how, and what was promised from when."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from typing import NamedTuple, TypeAlias, get_args
from zoneinfo import ZoneInfo

from schemas.contract import Contract, Objective, Version
from schemas.words import Channel
from sla_stream.business_time import BusinessTime, Time
from sla_stream.exclusions import Exclusions
from sla_stream.hours import Hours
from sla_stream.hours import parse as parse_hours
from sla_stream.measures import CustomerMeasure, Measure, measure_of
from sla_stream.measures.only import only_of
from sla_stream.windows import Window

#: Those that are judged together, most often a single one.
Channels: TypeAlias = tuple[Channel, ...]


@dataclass(frozen=True)
class Promise:
    """One objective of one contract version. What follows from it is worked out once: it is asked for all day."""

    client: str
    contract: str
    zone: ZoneInfo
    objective: Objective
    measure: Measure
    windows: tuple[Window, ...]
    exclusions: Exclusions
    finalise_ms: int

    @cached_property
    def channels(self) -> tuple[Channel, ...]:
        """Those that are judged together."""
        return self.objective.channels

    @cached_property
    def channel(self) -> str:
        """Their name: voice, or voice+chat."""
        return "+".join(self.channels)

    @cached_property
    def interval(self) -> Window | None:
        """The intervals of which its longer windows are made, if they are."""
        length = self.objective.interval
        return Window.named("day" if length == "day" else f"interval {length}") if length else None

    @cached_property
    def alerting(self) -> tuple[Window, ...]:
        """The window of which people are told, if they are."""
        policy = self.objective.alert
        return tuple(window for window in self.windows if policy and window.name == policy.window)


class InForce(NamedTuple):
    """What is promised from an instant on."""

    start_ms: int
    promises: tuple[Promise, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """One contract, its versions in the order of their dates."""

    name: str
    client: str
    zone: ZoneInfo
    hours: Hours
    exclusions: Exclusions
    silence_ms: int
    lateness_ms: int
    open_for_ms: int
    alert_horizon_ms: int
    versions: tuple[InForce, ...]
    together: tuple[Channels, ...]

    @property
    def channels(self) -> list[Channel]:
        """Every channel that anything is promised of, in an order of their own."""
        return sorted({channel for channels in self.together for channel in channels})

    def promises_at(self, at_ms: int, channels: Channels) -> Iterator[Promise]:
        """What is in force at the instant for these channels; nothing before the first effective date."""
        return (promise for promise in self.in_force(at_ms) if promise.channels == channels)

    def in_force(self, at_ms: int) -> tuple[Promise, ...]:
        """The same, for all channels."""
        index = bisect_right(self.versions, at_ms, key=lambda version: version.start_ms)
        return self.versions[index - 1].promises if index else ()

    def every_promise(self) -> Iterator[Promise]:
        """All versions' promises, past and to come."""
        for version in self.versions:
            yield from version.promises


class Counted(NamedTuple):
    """What is counted for one client and channel."""

    measures: tuple[Measure, ...]
    lateness_ms: int
    open_for_ms: int


@dataclass(frozen=True, slots=True)
class Promises:
    """Every contract that is loaded."""

    agreements: tuple[Agreement, ...]
    clients: frozenset[str]

    def of_client(self, client: str) -> tuple[Agreement, ...]:
        """The client's contracts."""
        return tuple(agreement for agreement in self.agreements if agreement.client == client)

    def counted(self, client: str, channel: str) -> Counted:
        """Each measure once that any version of any of the client's contracts asks for on this channel.

        Versions to come and versions gone by are counted too: so each can be judged over what is stored.
        """
        agreements = self.of_client(client)
        measures = {
            promise.measure.key: promise.measure
            for agreement in agreements
            for promise in agreement.every_promise()
            if channel in promise.channels
        }
        open_for_ms = max(agreement.open_for_ms for agreement in agreements)
        return Counted(tuple(measures.values()), self.lateness_of(client), open_for_ms)

    def of_customers(self, client: str) -> Iterator[tuple[Channel, CustomerMeasure]]:
        """By channel, each measure once that looks at all contacts of a customer."""
        for channel in get_args(Channel):
            for measure in self.counted(client, channel).measures:
                if measure.by == "customer":
                    yield channel, measure

    def finalise_ms(self, client: str, channel: str) -> dict[str, int]:
        """How long after its end a pane is final (ms), by measure: as the least patient objective says."""
        found: dict[str, int] = {}
        for agreement in self.of_client(client):
            for promise in agreement.every_promise():
                if channel in promise.channels:
                    key, after_ms = promise.measure.key, promise.finalise_ms
                    found[key] = min(after_ms, found.get(key, after_ms))
        return found

    def lateness_of(self, client: str) -> int:
        """How far behind the newest fact (ms) one may be and still count, by the most patient contract."""
        return max(agreement.lateness_ms for agreement in self.of_client(client))


def promises_of(contracts: Iterable[Contract]) -> Promises:
    """Make the contracts ready. Raises ValueError for opening hours that cannot be read."""
    agreements = tuple(_agreement(contract) for contract in contracts)
    return Promises(agreements, frozenset(agreement.client for agreement in agreements))


def _agreement(contract: Contract) -> Agreement:
    zone = ZoneInfo(contract.time_zone)
    hours = parse_hours(contract.hours, contract.time_zone, contract.holidays)
    clock = BusinessTime(hours)
    versions = tuple(_in_force(contract, version, zone, clock) for version in contract.versions)
    return Agreement(
        contract.name,
        contract.client,
        zone,
        hours,
        Exclusions.written(contract.exclusions, zone),
        contract.silence,
        contract.lateness,
        contract.open_for,
        contract.alert_horizon,
        versions,
        tuple(sorted({promise.channels for version in versions for promise in version.promises})),
    )


def _in_force(contract: Contract, version: Version, zone: ZoneInfo, hours: Time) -> InForce:
    start = datetime.combine(version.effective, time(), zone)
    return InForce(
        int(start.timestamp()) * 1000,
        tuple(_promise(contract, objective, zone, hours) for objective in version.objectives),
    )


def _promise(contract: Contract, objective: Objective, zone: ZoneInfo, hours: Time) -> Promise:
    measure = measure_of(objective.measure, hours)
    if objective.only:
        measure = only_of(measure, objective.only)
    return Promise(
        contract.client,
        contract.name,
        zone,
        objective,
        measure,
        tuple(Window.named(name, contract.fiscal_month_begins) for name in objective.windows),
        Exclusions.written(contract.exclusions, zone),
        contract.lateness if objective.finalise_after is None else objective.finalise_after,
    )
