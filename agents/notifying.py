"""Telling, at the edge: alerts in; notifications out, and what nobody took on `sla.undelivered`.

Chunks are handed over without waiting for the receivers, so that a dead one holds up only its own alerts, and
acknowledged once every receiver has taken or refused. A worker that must give its partitions away does not
wait for that: the next one tells again, with the same ids.
"""

import asyncio
import random
from collections.abc import Callable, Sequence

import aiohttp
import faust
import orjson

from agents.bench import ALERTS
from agents.kafka import Chunk, chunk_agent, chunk_topic, consumer_of, send
from agents.kafka.agent import Abandoned
from agents.metrics import DELIVERED, Metrics
from agents.notify.delivery import Deliverer, Outcome
from agents.notify.retry import Policy
from agents.notify.routes import Routes
from schemas.alerts import ALERT, Alert

UNDELIVERED = "sla.undelivered"

#: About three minutes: a receiver that restarts is back by then, and a person who is not told is worse.
_POLICY = Policy(tries=12)

#: How often a delivery that takes long looks whether its partition is being taken away.
_LOOK_S = 0.2


class Notifier:
    """Joins the app, the routes, and the topics."""

    def __init__(self, app: faust.App, routes: Routes, metrics: Metrics, now_ms: Callable[[], int]) -> None:
        self._app, self._routes, self._metrics, self._now_ms = app, routes, metrics, now_ms
        self._deliverer: Deliverer | None = None
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        topic = chunk_topic(app, ALERTS)
        chunk_agent(app, topic, self.take)

    async def take(self, chunk: Chunk) -> Sequence[asyncio.Task[None]]:
        """Hand every alert to its receivers."""
        if self._deliverer is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
            self._deliverer = Deliverer(self._routes, self._session, self._now_ms, random.random, policy=_POLICY)
        alerts = [ALERT.validate_json(value) for value in chunk.values if value is not None]
        return [self._start(chunk.tp.partition, self._deliverer, alert) for alert in alerts]

    async def close(self) -> None:
        """Leave the receivers' connections in order."""
        if self._session:
            await self._session.close()

    def _start(self, partition: int, deliverer: Deliverer, alert: Alert) -> asyncio.Task[None]:
        task = asyncio.create_task(self._tell(partition, deliverer, alert))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _tell(self, partition: int, deliverer: Deliverer, alert: Alert) -> None:
        delivery = asyncio.create_task(deliverer.deliver(alert))
        while not delivery.done():
            await asyncio.wait({delivery}, timeout=_LOOK_S)
            if not delivery.done() and not consumer_of(self._app).flow_active:
                delivery.cancel()
                raise Abandoned
        for outcome in delivery.result():
            await self._note(partition, outcome)

    async def _note(self, partition: int, outcome: Outcome) -> None:
        result = outcome.reason or DELIVERED
        self._metrics.notifications.labels(outcome.receiver, result).inc()
        self._metrics.alert_seconds.observe(outcome.seconds)
        if outcome.undelivered:
            key = f"{outcome.alert.id} {outcome.receiver}".encode()
            await send(self._app.producer, UNDELIVERED, partition, [(key, orjson.dumps(outcome.undelivered))])
