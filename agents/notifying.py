"""Telling, at the edge: alerts in; notifications out, and what nobody took on `sla.undelivered`.

What is to be told is stored before the alert is acknowledged, and what was taken is stored after: a worker that
takes over a partition goes on where the other left off, with the same ids.
"""

import asyncio
import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

import faust
import orjson

from agents import state
from agents.bench import ALERTS
from agents.kafka import Chunk, ChunkTable, Durable, Exit, chunk_agent, chunk_topic, leave, send, settled
from agents.metrics import DELIVERED, Metrics
from agents.notify.book import Book, Changes
from agents.notify.delivery import Deliverer
from agents.notify.door import Door
from agents.notify.inside import Inside
from agents.notify.line import Clock, Outcome
from agents.notify.notice import Key
from agents.notify.retry import Policy
from agents.notify.routes import Routes
from agents.settings import Settings
from agents.sinks.sink import NotOurs
from schemas.alerts import ACKNOWLEDGEMENT, ALERT, Acknowledgement, Alert, Undelivered, UndeliveredAlert

UNDELIVERED = "sla.undelivered"
ACKNOWLEDGEMENTS = "sla.acknowledgements"

_POLICY = Policy()
_GONE = "the configuration has no receiver of this name any more"


class Books:
    """The notices of this worker's partitions. They come back from their changelog."""

    def __init__(self) -> None:
        self.of: dict[int, Book] = {}
        #: Told of the keys of a partition that goes.
        self.on_leave: Callable[[list[Key]], None] = lambda _: None

    def __getitem__(self, partition: int) -> Book:
        return self.of.setdefault(partition, Book())

    def restore(self, partition: int, key: bytes, value: bytes | None) -> None:
        """Take back one notice."""
        self[partition].restore(*state.notice_of(key, value))

    def forget(self, partition: int) -> None:
        """Leave the partition to another worker."""
        if book := self.of.pop(partition, None):
            self.on_leave([*book.notices])


class Notifier:
    """Joins the app, the routes, and the topics."""

    def __init__(
        self, app: faust.App, settings: Settings, routes: Routes, metrics: Metrics, now_ms: Callable[[], int]
    ) -> None:
        self._app, self._metrics, self._now_ms = app, metrics, now_ms
        self._books = Books()
        self._books.on_leave = self._leave
        self._partitions = settings.judge_partitions
        self._routes, self._door, self._deliverer = routes, *self._way_out(routes)
        self._is_started = False
        self._table = ChunkTable(app, name="notices", partitions=self._partitions, store=self._books)
        chunk_agent(app, chunk_topic(app, ALERTS), self.take)
        chunk_agent(app, chunk_topic(app, ACKNOWLEDGEMENTS), self.acknowledge)

    async def take(self, chunk: Chunk) -> Sequence[Durable]:
        """Note who is to be told of every alert, and begin to tell those whom it is time to tell."""
        partition, changes = chunk.tp.partition, Changes()
        book, now_ms = self._books[partition], self._now_ms()
        for value in chunk.values:
            if value is not None:
                changes |= book.hear(ALERT.validate_json(value), self._routes, now_ms)
        changes |= book.tick(self._routes, now_ms)
        return [*self._store(partition, changes), *self._hand_over(partition, book)]

    async def acknowledge(self, chunk: Chunk) -> Sequence[Durable]:
        """Whoever sees to an episode spares others."""
        partition, changes = chunk.tp.partition, Changes()
        for value in chunk.values:
            if value is not None:
                changes |= self._books[partition].acknowledge(ACKNOWLEDGEMENT.validate_json(value).episode)
        return self._store(partition, changes)

    async def hear(self, receiver: str, headers: Mapping[str, str], body: bytes) -> None:
        """Tell everybody what a receiver's request acknowledges. Raises NotOurs, or ValidationError if it is none.

        It does not say whose episode it is, so every partition hears of it.
        """
        known = self._deliverer.receivers.get(receiver)
        if known is None:
            raise NotOurs
        now_ms = self._now_ms()
        records = [
            (one.episode.encode(), orjson.dumps(Acknowledgement(**one._asdict(), receiver=receiver, at=now_ms)))
            for one in known.seen(headers, body)
        ]
        async with settled(self._app):
            partitions = range(self._partitions)
            await asyncio.gather(*[send(self._app.producer, ACKNOWLEDGEMENTS, n, records) for n in partitions])

    async def tick(self) -> None:
        """Tell what has become due, and see that everything that is to be brought is being brought."""
        writes: list[Durable] = []
        for partition, book in self._books.of.items():
            writes += self._store(partition, book.tick(self._routes, self._now_ms()))
            writes += self._hand_over(partition, book)
        for name, line in self._deliverer.lines.items():
            self._metrics.notifications_waiting.labels(name).set(len(line))
        await asyncio.gather(*writes)

    async def adopt(self, routes: Routes) -> None:
        """Tell by other routes from here on; what a receiver was about to get, it gets by the next tick."""
        await self.close()
        self._routes, self._door, self._deliverer = routes, *self._way_out(routes)
        self._is_started = False

    async def close(self) -> None:
        """Leave the receivers' connections in order."""
        await self._deliverer.stop()
        await self._door.close()

    def _way_out(self, routes: Routes) -> tuple[Door, Deliverer]:
        clock = Clock(self._now_ms, random.random)
        door = Door(Inside(routes.inside), _POLICY.timeout, self._now_ms)
        return door, Deliverer(routes, door, self._report, clock, _POLICY)

    def _hand_over(self, partition: int, book: Book) -> list[Durable]:
        """Give the lines what is in the outboxes."""
        if not self._is_started:
            self._is_started = True
            self._deliverer.start(self._run)
        writes: list[Durable] = []
        for key, notice in [*book.outboxes()]:
            receiver = self._deliverer.receivers.get(key.receiver)
            if receiver is None or notice.is_given_up:
                untold = _untold(key, () if receiver else notice.outbox[0], self._now_ms())
                writes += self._keep(partition, untold.undelivered(notice))
                writes += self._store(partition, book.given_up(key))
            else:
                writes += self._store(partition, book.narrow(key, receiver.takes))
                self._deliverer.put(key, book.notices[key])
        return writes

    async def _run(self, line: Coroutine[Any, Any, None]) -> None:
        try:
            await line
        except Exception as error:  # noqa: BLE001 - a bug; the loop would go on without this receiver, in silence
            leave(Exit.AGENT_FAILED, "telling a receiver failed", error)

    async def _report(self, outcome: Outcome) -> None:
        """Store that it was taken, or keep it where it can be looked at and tried again."""
        self._metrics.notifications.labels(outcome.key.receiver, outcome.reason or DELIVERED).inc()
        self._metrics.alert_seconds.observe(outcome.seconds)
        async with settled(self._app):
            for partition, book in self._books.of.items():
                if notice := book.notices.get(outcome.key):
                    changes = book.given_up(outcome.key) if outcome.reason else book.taken(outcome.key)
                    await asyncio.gather(*self._keep(partition, outcome.undelivered(notice)))
                    await asyncio.gather(*self._store(partition, changes))
                    return

    def _leave(self, keys: list[Key]) -> None:
        self._deliverer.forget(keys)

    def _keep(self, partition: int, undelivered: Sequence[UndeliveredAlert]) -> list[Durable]:
        records = [(f"{kept.alert.id} {kept.receiver}".encode(), orjson.dumps(kept)) for kept in undelivered]
        return [send(self._app.producer, UNDELIVERED, partition, records)] if records else []

    def _store(self, partition: int, changes: Changes) -> list[Durable]:
        records = [state.notice_record(key, notice) for key, notice in changes.items()]
        return [self._table.write(partition, records)] if records else []


def _untold(key: Key, alerts: tuple[Alert, ...], now_ms: int) -> Outcome:
    """Given up without a try: there is nobody to tell these alerts."""
    return Outcome(key=key, alerts=alerts, reason=Undelivered.REFUSED, tries=0, detail=_GONE, at=now_ms, seconds=0)
