"""Every metric of the pipeline: type, unit, meaning, and what to do. Labels are bounded by closed lists.

Seconds and ratios, as Prometheus wants them. A worker exports what it owns: add up over workers in a query. How
the promises stand is in `promised`.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from schemas.alerts import Undelivered
from schemas.dead_letters import RejectReason
from sla_stream.contact import Result

DELIVERED = "delivered"

_SHORT_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
_ALERT_S = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300)
_RECOVERY_S = (0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600)


class Described(NamedTuple):
    """A metric as the documentation has it."""

    name: str
    kind: str
    labels: Sequence[str]
    meaning: str


class Metrics:
    """The pipeline's own metrics, on the registry it is given."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.described: list[Described] = []
        self.facts = self._counter(
            "sla_facts",
            "Messages by result: received = applied + duplicate + rejected + too_late. too_late rising: a source "
            "is behind; see the contract's lateness.",
            ("result",),
        )
        self.dead_letters = self._counter(
            "sla_dead_letters", "Messages refused. Rising: look at them with sla-stream dlq list.", ("reason",)
        )
        self.orphans = self._counter(
            "sla_orphans",
            "Survey answers whose contact never came. Rising: the survey tool names contacts otherwise than the "
            "channel does, or asks later than the lateness.",
            ("client", "channel"),
        )
        self.lag = self._gauge(
            "sla_lag_messages",
            "Messages not yet counted. Rising for minutes: add a worker.",
            ("topic", "partition"),
        )
        self.decode_seconds = self._histogram("sla_decode_seconds", "Decoding one batch.", _SHORT_S)
        self.batch_seconds = self._histogram("sla_batch_seconds", "Counting and sending one batch.", _SHORT_S)
        self.task_delay = self._gauge(
            "sla_task_delay_seconds",
            "How late a periodic task last came. Above a second or two: the worker is out of breath, and standing "
            "figures are late.",
            ("task",),
        )
        self.tick_seconds = self._histogram("sla_tick_seconds", "Judging everything, once.", _SHORT_S)
        self.judge_seconds = self._histogram(
            "sla_judge_seconds",
            "Judging what moved, once: what people are told of, as soon as it may have changed.",
            _SHORT_S,
        )
        self.contracts_current = self._gauge(
            "sla_contracts_current",
            "1 if the contracts on disk are in force. 0: they have mistakes, which the log names, and those from "
            "before are in force.",
        )
        self.routes_current = self._gauge(
            "sla_routes_current",
            "1 if the routes on disk are in force. 0: they have mistakes, which the log names, and those from "
            "before are in force.",
        )
        self.fetch_fallback = self._gauge(
            "sla_fetch_fallback",
            "1 if records come by the slower way: a library has moved, and the log says which.",
        )
        self.recovery_seconds = self._histogram(
            "sla_recovery_seconds",
            "From the moment at which partitions move until state is recovered and counting goes on. Often: "
            "workers come and go, see why.",
            _RECOVERY_S,
        )
        self.notifications = self._counter(
            "sla_notifications",
            "Alerts by receiver and result. refused or exhausted rising: see to the receiver, then to "
            "sla.undelivered.",
            ("receiver", "result"),
        )
        self.notifications_waiting = self._gauge(
            "sla_notifications_waiting",
            "Messages not yet taken. Rising: a receiver does not answer; what waits for it is told when it is "
            "back, for a day.",
            ("receiver",),
        )
        self.alert_seconds = self._histogram(
            "sla_alert_seconds", "From an alert on its topic to its receiver.", _ALERT_S
        )
        for result in Result:
            self.facts.labels(result)
        for reason in RejectReason:
            self.dead_letters.labels(reason)

    def expect_receivers(self, names: Iterable[str]) -> None:
        """Count for these from 0 on: of a counter that begins at 1 nobody sees that it rose."""
        for name in names:
            for result in (DELIVERED, *Undelivered):
                self.notifications.labels(name, result)

    def _counter(self, name: str, meaning: str, labels: Sequence[str] = ()) -> Counter:
        self.described.append(Described(f"{name}_total", "counter", labels, meaning))
        return Counter(name, meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str, labels: Sequence[str] = ()) -> Gauge:
        self.described.append(Described(name, "gauge", labels, meaning))
        return Gauge(name, meaning, labels, registry=self.registry)

    def _histogram(self, name: str, meaning: str, buckets: Sequence[float]) -> Histogram:
        self.described.append(Described(name, "histogram", (), meaning))
        return Histogram(name, meaning, buckets=buckets, registry=self.registry)
