"""The truth: one pass over what the source topic holds, with nothing of the product in it but its buckets.

A call is settled by the set of its facts, so each partition is read once, in its order, and each call counted at
the end. Order matters for one thing only: what comes later than a contract's lateness does not count, and a call
of which nothing is within that lateness any more begins anew.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson
from confluent_kafka import Message

from sla_stream.measures.durations import bucket_ms
from tests.faults.floor import LATENESS_MS, MINUTE_MS

THRESHOLD_MS = 20_000
SHORT_MS = 5_000

_INSTANTS = ("offered", "answered", "abandoned", "flowed_out", "ended")
_OUTCOMES = ("answered", "abandoned", "flowed_out")


class Pane(NamedTuple):
    """One minute of one queue, of one measure."""

    client: str
    queue: str
    start_ms: int
    measure: str


class Life(NamedTuple):
    """What is known of a call that was offered (epoch ms)."""

    queue: str
    offered_ms: int
    outcome: str
    outcome_ms: int
    ended_ms: int | None


Tallies = dict[Pane, dict[str, int]]


@dataclass
class Call:
    """Its facts: when each happened, and where it was offered."""

    at_ms: dict[str, int] = field(default_factory=dict)
    queue: str = ""

    @property
    def life(self) -> Life | None:
        """None before it is known where and when it was offered."""
        if "offered" not in self.at_ms:
            return None
        outcome = next((name for name in _OUTCOMES if name in self.at_ms), "")
        return Life(
            self.queue, self.at_ms["offered"], outcome, self.at_ms.get(outcome, 0), self.at_ms.get("ended")
        )


class Partition:
    """One partition of the source, read to its end."""

    def __init__(self) -> None:
        self.results: Counter[str] = Counter()
        self.watermarks: dict[str, int] = {}
        self.calls: dict[tuple[str, str], Call] = {}
        self._settled: list[tuple[str, Life]] = []

    def take(self, value: bytes) -> None:
        """Read the next message."""
        self.results[self._result(value)] += 1

    def lives(self) -> Iterator[tuple[str, Life]]:
        """Every call with its client, and those that began anew as they were before."""
        yield from self._settled
        for (client, _), call in self.calls.items():
            if call.life:
                yield client, call.life

    def tallies(self) -> Tallies:
        """What all of them come to."""
        tallies: Tallies = defaultdict(Counter)
        for client, life in self.lives():
            for measure, at_ms, counts in _settled(life):
                pane = Pane(client, life.queue, at_ms - at_ms % MINUTE_MS, measure)
                tallies[pane].update(counts)
        return {pane: {name: n for name, n in counts.items() if n} for pane, counts in tallies.items()}

    def _result(self, value: bytes) -> str:
        try:
            fact = orjson.loads(value)
        except orjson.JSONDecodeError:
            return "rejected"
        if fact["client"] not in LATENESS_MS:
            return "rejected"
        if fact["type"] == "heartbeat":
            self._hear(fact["client"], fact["at"])
            return "applied"
        return self._count(fact["client"], fact, _instants(fact))

    def _count(self, client: str, fact: dict[str, Any], at_ms: dict[str, int]) -> str:
        horizon_ms = self.watermarks.get(client, 0) - LATENESS_MS[client]
        if max(at_ms.values()) < horizon_ms:
            return "too_late"
        call = self.calls.setdefault((client, fact["contact"]), Call())
        if call.at_ms and max(call.at_ms.values()) < horizon_ms:
            if call.life:
                self._settled.append((client, call.life))
            call = self.calls[client, fact["contact"]] = Call()
        self._hear(client, max(at_ms.values()))
        if at_ms.items() <= call.at_ms.items():
            return "duplicate"
        call.at_ms |= at_ms
        call.queue = fact.get("queue", call.queue)
        return "applied"

    def _hear(self, client: str, at_ms: int) -> None:
        self.watermarks[client] = max(self.watermarks.get(client, 0), at_ms)


def fold(messages: Iterable[Message]) -> dict[int, Partition]:
    """Read the whole source topic."""
    partitions: dict[int, Partition] = defaultdict(Partition)
    for message in messages:
        value, partition = message.value(), message.partition()
        assert value is not None
        assert partition is not None
        partitions[partition].take(value)
    return partitions


def _instants(fact: dict[str, Any]) -> dict[str, int]:
    if fact["type"] != "record":
        return {fact["type"]: fact["at"]}
    return {name: fact[f"{name}_at"] for name in _INSTANTS if f"{name}_at" in fact}


def _settled(life: Life) -> Iterator[tuple[str, int, dict[str, int]]]:
    """How a call counts in each measure of the contracts, and when."""
    if not life.outcome:
        return
    wait_ms = life.outcome_ms - life.offered_ms
    in_time = "in_time" if wait_ms <= THRESHOLD_MS else "late"
    short = life.outcome == "abandoned" and wait_ms <= SHORT_MS
    level = {"abandoned_short" if short else f"{life.outcome}_{in_time}": 1}
    yield f"service_level:{THRESHOLD_MS}:{SHORT_MS}:arrival", life.offered_ms, level
    settled_ms = min(life.outcome_ms, life.offered_ms + THRESHOLD_MS)
    yield f"service_level:{THRESHOLD_MS}:{SHORT_MS}:settled", settled_ms, level
    if life.outcome in ("answered", "abandoned"):
        yield "abandonment:0:outcome", life.outcome_ms, {life.outcome: 1}
    if life.outcome == "answered":
        yield "speed_of_answer:arrival", life.offered_ms, _duration(wait_ms)
        if life.ended_ms is not None:
            yield "talk_time:outcome", life.outcome_ms, _duration(life.ended_ms - life.outcome_ms)


def _duration(duration_ms: int) -> dict[str, int]:
    return {"sum_ms": duration_ms, f"bucket:{bucket_ms(duration_ms)}": 1}
