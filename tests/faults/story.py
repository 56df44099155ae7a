"""The story told to Kafka: calls without end, and queues that are short of agents until somebody was told.

A breach that begins and ends while nobody judges is told to nobody, and that is as it should be. So that there is
a truth about episodes, each breach here lasts until its alert is there, and the next of the same client comes only
after its end was told, too.
"""

import threading
import time
from collections import Counter
from random import Random
from types import TracebackType
from typing import Any, Self

import orjson
from confluent_kafka import Consumer, Producer, TopicPartition

from tests.agents.running import ALERTS, CALLS
from tests.faults.floor import LATENESS_MS, MINUTE_MS, QUEUES, SPEED, Floor, Message, Place
from tests.parts.waiting import wait_until

_BEGAN_AGO_MS = 12 * 3_600_000
_CALM_MS = 8 * MINUTE_MS
_PAUSE_S = 0.03
_TOLD_WITHIN_S = 120
_OPENED, _RESOLVED = "sla.breach.opened", "sla.breach.resolved"


class Story:
    """Runs in a thread of its own until it is over. `breaches` is the truth about episodes."""

    def __init__(self, address: str, seed: int, alert_partitions: int) -> None:
        self.breaches: Counter[Place] = Counter()
        self.messages = 0
        self._random = Random(seed)
        self._floor = Floor(seed, time.time_ns() // 1_000_000 - _BEGAN_AGO_MS)
        self._goes_on = True
        #: Client -> the queue that is short or recovering, the episode that was told of it, and when a queue is
        #: short again at the earliest.
        self._breached: dict[str, Place] = {}
        self._current: dict[str, str] = {}
        self._seen: set[str] = set()
        self._calm_until_ms = {client: self._calm_until() for client in LATENESS_MS}
        settings = {"bootstrap.servers": address, "log_level": 0, "reconnect.backoff.max.ms": 200}
        self._producer = Producer({**settings, "enable.idempotence": True, "message.timeout.ms": 0})
        self._alerts = Consumer({**settings, "group.id": "story", "enable.auto.commit": False})
        self._alerts.assign([TopicPartition(ALERTS, n, 0) for n in range(alert_partitions)])
        self._ended = threading.Event()
        self._teller = threading.Thread(target=self._tell_on)

    def __enter__(self) -> Self:
        self._teller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._teller.join()
        self._alerts.close()

    def end(self) -> None:
        """Begin no breach any more, wait until the last is over, and tell what is left to tell."""
        self._goes_on = False
        wait_until(lambda: not self._breached, _TOLD_WITHIN_S, f"the end of {self._breached} to be told")
        self._ended.set()
        self._teller.join()
        self._send(self._floor.close())
        assert self._producer.flush(60) == 0, "the source topic did not take every message"

    def _tell_on(self) -> None:
        before = time.monotonic()
        while not self._ended.wait(_PAUSE_S):
            now = time.monotonic()
            self._send(self._floor.go_on(max(1, int((now - before) * 1000 * SPEED))))
            before = now
            for alert in self._heard():
                self._follow(alert)
            if self._goes_on:
                self._break_promises()

    def _send(self, messages: list[Message]) -> None:
        for key, value in messages:
            self._producer.produce(CALLS, key=key, value=value)
        self.messages += len(messages)
        self._producer.poll(0)

    def _heard(self) -> list[dict[str, Any]]:
        heard = self._alerts.consume(100, timeout=0.01)
        return [orjson.loads(message.value() or b"") for message in heard if not message.error()]

    def _follow(self, alert: dict[str, Any]) -> None:
        """An alert may come again, also that of an episode long over."""
        client, episode = alert["client"], alert["episode"]
        place = Place(client, alert["queue"])
        if self._breached.get(client) != place:
            return
        if alert["event"] == _OPENED and episode not in self._seen:
            self._seen.add(episode)
            self._current[client] = episode
            self._floor.short.discard(place)
        elif alert["event"] == _RESOLVED and self._current.get(client) == episode:
            del self._breached[client], self._current[client]
            self._calm_until_ms[client] = self._calm_until()

    def _calm_until(self) -> int:
        return self._floor.now_ms + MINUTE_MS + self._random.randrange(_CALM_MS)

    def _break_promises(self) -> None:
        for client, calm_until_ms in self._calm_until_ms.items():
            if client not in self._breached and self._floor.now_ms >= calm_until_ms:
                place = self._breached[client] = Place(client, self._random.choice(QUEUES))
                self._floor.short.add(place)
                self.breaches[place] += 1
