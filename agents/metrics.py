"""Every metric: type, unit, meaning, and what to do. Labels are bounded by contracts and by closed lists.

Seconds and ratios, as Prometheus wants them. A worker exports what it owns: add up over workers in a query.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from msgspec.structs import astuple
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from schemas.dead_letters import RejectReason
from schemas.verdicts import State, Verdict
from sla_stream.contact import Result
from sla_stream.judging import Judging

_PROMISE = ("client", "contract", "objective", "channel", "queue", "window")
_OUTCOME = ("client", "channel", "queue", "measure", "outcome")
_SHORT_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
_ALERT_S = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300)


class Shown(NamedTuple):
    """A gauge of one verdict. Where it reads None there is nothing to show."""

    name: str
    meaning: str
    read: Callable[[Verdict], float | None]


def _scaled(verdict: Verdict, figure: float | None) -> float | None:
    return figure / 1000 if figure is not None and verdict.unit == "ms" else figure


_VERDICT = (
    Shown(
        "sla_value",
        "Value over the window: a ratio, or seconds. Absent: no verdict.",
        lambda v: _scaled(v, v.value),
    ),
    Shown("sla_target", "What was promised: a ratio, or seconds.", lambda v: _scaled(v, v.target)),
    Shown("sla_numerator", "Contacts (or seconds) above the line.", lambda v: _scaled(v, v.numerator)),
    Shown("sla_denominator", "Contacts below the line.", lambda v: v.denominator),
    Shown("sla_sample_contacts", "Contacts in the window. Low: do not trust the value yet.", lambda v: v.sample),
    Shown("sla_waiting_contacts", "Waiting now. Rising: too few agents for what comes in.", lambda v: v.waiting),
    Shown(
        "sla_waiting_past_threshold_contacts",
        "Waiting past the threshold now.",
        lambda v: v.waiting_past_threshold,
    ),
    Shown(
        "sla_catching_up",
        "1: older facts are still worked off, the figures are not of now. For long: add a worker.",
        lambda v: v.catching_up,
    ),
    Shown("sla_longest_wait_seconds", "Longest wait now.", lambda v: (v.longest_wait_ms or 0) / 1000),
)


class PromiseCollector(Collector):
    """Figures of what this worker judges, read when scraped: so what it no longer owns is gone at once."""

    def __init__(self, judges: Callable[[], Iterable[Judging]]) -> None:
        self._judges = judges

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every figure of every verdict, the states, and the outcome classes."""
        judges = list(self._judges())
        verdicts = [verdict for judge in judges for verdict in judge.verdicts.values()]
        for shown in _VERDICT:
            family = GaugeMetricFamily(shown.name, shown.meaning, labels=_PROMISE)
            for verdict in verdicts:
                figure = shown.read(verdict)
                if figure is not None:
                    family.add_metric(_labels(verdict), figure)
            yield family
        yield _states(verdicts)
        yield _outcomes(judges)
        open_now = sum(len(judge.episodes) for judge in judges)
        yield GaugeMetricFamily("sla_episodes", "Breaches and silent feeds, pending ones too.", value=open_now)


class Metrics:
    """The pipeline's own metrics, on the registry it is given."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        # received = applied + duplicate + rejected + too_late. too_late rising: a source is behind; see lateness.
        self.facts = Counter("sla_facts", "Messages by result.", ("result",), registry=registry)
        # Rising: look at the letters with sla-stream dlq list.
        self.dead_letters = Counter("sla_dead_letters", "Messages refused.", ("reason",), registry=registry)
        # Rising: the survey tool names contacts otherwise than the channel does, or asks later than the lateness.
        self.orphans = Counter(
            "sla_orphans", "Survey answers whose contact never came.", ("client", "channel"), registry=registry
        )
        # Rising for minutes: add a worker.
        self.lag = Gauge(
            "sla_lag_messages", "Messages not yet counted.", ("topic", "partition"), registry=registry
        )
        self.decode_seconds = Histogram(
            "sla_decode_seconds", "Decoding one batch.", buckets=_SHORT_S, registry=registry
        )
        self.batch_seconds = Histogram(
            "sla_batch_seconds", "Counting and sending one batch.", buckets=_SHORT_S, registry=registry
        )
        # Above a second or two: the worker is out of breath, and standing figures are late.
        self.task_delay = Gauge(
            "sla_task_delay_seconds", "How late a periodic task last came.", ("task",), registry=registry
        )
        self.tick_seconds = Histogram("sla_tick_seconds", "Judging once.", buckets=_SHORT_S, registry=registry)
        # Beside the tick: what people are told of, as soon as it may have changed.
        self.judge_seconds = Histogram(
            "sla_judge_seconds", "Judging what moved, once.", buckets=_SHORT_S, registry=registry
        )
        # 0: the files have mistakes and the contracts from before are still in force; the log names them.
        self.contracts_current = Gauge(
            "sla_contracts_current", "1 if the contracts on disk are in force.", registry=registry
        )
        # 0: config/notify.yaml has mistakes and the routes from before are still in force; the log names them.
        self.routes_current = Gauge(
            "sla_routes_current", "1 if the routes on disk are in force.", registry=registry
        )
        # 1: a library has moved, and records come in by the slower way; the log says which.
        self.fetch_fallback = Gauge(
            "sla_fetch_fallback", "1 if records come by the slower way.", registry=registry
        )
        # refused or exhausted rising: see to the receiver, then to sla.undelivered.
        self.notifications = Counter(
            "sla_notifications", "Alerts by receiver and result.", ("receiver", "result"), registry=registry
        )
        # Rising: a receiver does not answer; what waits for it is told when it is back, for a day.
        self.notifications_waiting = Gauge(
            "sla_notifications_waiting", "Messages not yet taken.", ("receiver",), registry=registry
        )
        self.alert_seconds = Histogram(
            "sla_alert_seconds", "From an alert on its topic to its receiver.", buckets=_ALERT_S, registry=registry
        )
        for result in Result:
            self.facts.labels(result)
        for reason in RejectReason:
            self.dead_letters.labels(reason)


def _labels(verdict: Verdict) -> tuple[str, ...]:
    """All queues together are the empty queue."""
    queue = verdict.queue or ""
    return verdict.client, verdict.contract, verdict.objective, verdict.channel, queue, verdict.window


def _states(verdicts: Iterable[Verdict]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "sla_state", "1 for the state it is in. unmeasurable: see to the feed.", labels=(*_PROMISE, "state")
    )
    for verdict in verdicts:
        for state in State:
            family.add_metric((*_labels(verdict), state), float(state is verdict.state))
    return family


def _outcomes(judges: Iterable[Judging]) -> GaugeMetricFamily:
    """A gauge, since a correction takes back what was counted."""
    family = GaugeMetricFamily("sla_outcome_contacts", "Contacts settled, by measure and class.", labels=_OUTCOME)
    for judge in judges:
        for key, board in judge.boards.boards.items():
            for outcome, n in board.totals.items():
                if ":" not in outcome and outcome != "sum_ms":
                    family.add_metric((*astuple(key), outcome), n)
    return family
