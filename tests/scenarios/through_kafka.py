"""The floor with everything real: facts go into a Kafka, a worker in a process of its own counts and judges them.

All scenarios are played beside each other on one worker, each as a client of its own.
"""

import time
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import fields, replace
from itertools import count
from threading import Barrier
from typing import Any, Self

import orjson
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, Message, Producer, TopicPartition

from agents.contracts import load_contracts
from agents.routing import judge_partition
from schemas.alerts import ALERT, Alert
from schemas.contract import Contract
from schemas.facts import FACT, Fact, Forecast, Heartbeat
from schemas.verdicts import VERDICT, Verdict
from tests.agents.running import ALERTS, CALLS, SOON_S, VERDICTS, Site
from tests.builders import DAY, SECOND, contract, heartbeat, instant, objective, record, version
from tests.parts.kafka.records import read_all
from tests.parts.waiting import wait_until
from tests.scenarios import suite
from tests.scenarios.floor import Floor

_SILENCE = "needs ten minutes of the wall clock, which alone tells silence; tests/agents/test_silence.py takes 5 s"

#: What cannot be played here, and why.
LEFT_OUT: Mapping[suite.Scenario, str] = {
    suite.the_first_call_may_take_its_time: _SILENCE,
    suite.the_feed_dies_in_a_breach: _SILENCE,
}

#: So much time passes at most without having been judged: what lasts longer is seen. Where one call in ten is
#: missed, the share is good enough for only 27 s of every two minutes; unseen, that would be a breach to tell.
_STEP_MS = 25 * SECOND
#: A long time in which nothing happens passes in so many steps.
_STEPS = 12
#: The last second before an instant passes on the wall clock, since heartbeats are judged a little after theirs.
_LAST_MS = SECOND

_OPENS_WITHIN_S = 60

#: How each scenario ended.
Played = Mapping[suite.Scenario, Future[None]]


def play(site: Site, scenarios: Collection[suite.Scenario]) -> Played:
    """Play the scenarios at once on one worker. When this returns, all are over."""
    curtain = Barrier(len(scenarios) + 1, timeout=_OPENS_WITHIN_S)
    wire = Wire(site)
    with ThreadPoolExecutor(len(scenarios)) as pool:
        played = {one: pool.submit(one, ThroughKafka(one.__name__, site, wire, curtain)) for one in scenarios}
        try:
            curtain.wait()  # all contracts are in the folder
            with site.worker(), wire:
                curtain.wait()  # and in force
                while not all(future.done() for future in played.values()):
                    wire.listen()
        finally:
            curtain.abort()
    return played


class Wire:
    """Both ends of the Kafka, for all scenarios together."""

    def __init__(self, site: Site) -> None:
        self.partitions = range(int(site.settings["SLA_SOURCE_PARTITIONS"]))
        #: Everything that was ever said of a client, in order.
        self.verdicts: dict[str, list[Verdict]] = defaultdict(list)
        self._judges = range(int(site.settings["SLA_JUDGE_PARTITIONS"]))
        self._address = site.address
        self._lost: KafkaError | None = None

    def __enter__(self) -> Self:
        address = {"bootstrap.servers": self._address, "log_level": 0}
        self._producer = Producer({**address, "linger.ms": 0, "partitioner": "murmur2_random"})
        self._consumer = Consumer(
            {**address, "group.id": "nobody", "enable.auto.commit": False, "fetch.wait.max.ms": 10}
        )
        self._consumer.assign([TopicPartition(VERDICTS, number, OFFSET_BEGINNING) for number in self._judges])
        return self

    def __exit__(self, *_: object) -> None:
        self._producer.purge()
        self._consumer.close()

    def tell(self, fact: Fact, partition: int = -1) -> None:
        """Write a fact as a source does: under its contact, or to the partition given."""
        key = None if isinstance(fact, Heartbeat | Forecast) else fact.contact
        self._producer.produce(
            CALLS, FACT.dump_json(fact, exclude_none=True), key, partition, on_delivery=self._delivered
        )

    def listen(self) -> None:
        """Keep what is said in the next moment."""
        self._producer.poll(0)
        assert self._lost is None, f"Kafka no longer takes facts: {self._lost}"
        first = self._consumer.poll(0.02)
        for message in [first, *self._consumer.consume(1_000, 0)] if first else []:
            assert message.error() is None, message.error()
            verdict = VERDICT.validate_json(message.value() or b"")
            self.verdicts[verdict.client].append(verdict)

    def alerts(self, client: str) -> Sequence[Alert]:
        """Everything that is on the topic now about the client."""
        alerts = (ALERT.validate_json(message.value() or b"") for message in read_all(self._address, ALERTS))
        return [alert for alert in alerts if alert.client == client]

    def neighbour(self, client: str) -> str:
        """A client that is judged together with this one."""
        names = (f"{client}-pace-{number}" for number in count())
        return next(name for name in names if self._judge(name) == self._judge(client))

    def _judge(self, client: str) -> int:
        return judge_partition(client, len(self._judges))

    def _delivered(self, error: KafkaError | None, _: Message) -> None:
        self._lost = self._lost or error


class ThroughKafka(Floor):
    """One client of the worker. Its clock goes on by heartbeats, and between them by itself.

    A second client, judged together with the first, keeps the pace: it has one call on every partition for every
    step. Each comes after the facts told before it, so once all of these calls are counted, so are the facts.
    """

    def __init__(self, name: str, site: Site, wire: Wire, curtain: Barrier) -> None:
        self._client = name.replace("_", "-")
        self._pace = wire.neighbour(self._client)
        self._site, self._wire, self._curtain = site, wire, curtain
        self._now_ms = 0
        self._steps = 0
        #: What is said of later instants is not looked at.
        self._until_ms: int | None = None

    def promise(self, contract: Contract) -> None:
        self._write(contract, self._client)
        self._write(_PACE, self._pace)
        self._curtain.wait()
        self._curtain.wait()

    def given(self, facts: Sequence[Fact]) -> None:
        for fact in facts:
            self._go_on(_known_at(fact), _STEP_MS)
            self._wire.tell(replace(fact, client=self._client))
        self._until_ms = None
        self._step()

    def advance(self, to: str) -> None:
        self._until_ms = instant(to)
        almost_ms = max(self._now_ms, self._until_ms - _LAST_MS)
        self._go_on(almost_ms, max(_STEP_MS, (almost_ms - self._now_ms) // _STEPS))
        self._beat(almost_ms)
        there_s = time.monotonic() + _LAST_MS / 1000
        wait_until(lambda: time.monotonic() > there_s, SOON_S, "the last second to pass")

    def verdict(self, queue: str | None, window: str | None) -> Verdict | None:
        self._step()
        found = [
            verdict
            for verdict in self._wire.verdicts[self._client]
            if verdict.queue == queue
            and window in (None, verdict.window)
            and (self._until_ms is None or verdict.at <= self._until_ms)
        ]
        return found[-1] if found else None

    def alerts(self) -> Sequence[Alert]:
        self._step()
        return list({alert.id: alert for alert in self._wire.alerts(self._client)}.values())

    def _go_on(self, to_ms: int, step_ms: int) -> None:
        self._now_ms = self._now_ms or to_ms
        while self._now_ms + step_ms < to_ms:
            self._beat(self._now_ms + step_ms)

    def _beat(self, at_ms: int) -> None:
        """Every partition hears how late it is."""
        self._now_ms = at_ms
        for partition in self._wire.partitions:
            self._wire.tell(heartbeat(at_ms, self._client), partition)
        self._step()

    def _step(self) -> None:
        """Wait until everything told by now is judged, and everything from earlier looks is said."""
        self._steps += 1
        for partition in self._wire.partitions:
            call = record(f"{self._steps}-{partition}", answered_at="09:00:00")
            self._wire.tell(replace(call, client=self._pace), partition)
        calls = self._steps * len(self._wire.partitions)
        paced = self._wire.verdicts[self._pace]
        wait_until(lambda: paced and paced[-1].denominator == calls, SOON_S, f"{self._pace} to have {calls} calls")

    def _write(self, contract: Contract, client: str) -> None:
        """Put the contract into the folder as this client's."""
        # What is played lies in the past, and people are told of it all the same.
        renamed = contract.model_copy(update={"name": client, "client": client, "alert_horizon": 3650 * DAY})
        file = self._site.contracts / f"{client}.yaml"
        # JSON is YAML.
        file.write_bytes(orjson.dumps(_as_written(renamed.model_dump(mode="json", exclude_none=True))))
        assert load_contracts(file) == {client: renamed}


_PACE = contract(version(objective(windows=["day"])))


def _known_at(fact: Fact) -> int:
    """A record is written when its contact is over."""
    named = (field.name for field in fields(fact) if field.name.endswith("at"))
    instants: list[int | None] = [getattr(fact, name) for name in named]
    return max(at for at in instants if at is not None)


def _as_written(value: Any, key: str = "") -> Any:
    """What a model says of itself, in its author's words: shares are written in per cent."""
    if isinstance(value, Mapping):
        return {name: _as_written(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_as_written(inner) for inner in value]
    return f"{value * 100:g}%" if key in ("at_least", "at_most", "clear_at") else value
