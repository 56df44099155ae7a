"""Puts one worker together: settings and contracts in, a Faust app out. Nothing is connected or read before."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import gettempdir

import faust
from aiohttp import web
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]
from mode import Service
from prometheus_client import CollectorRegistry

from agents import allocator, kafka
from agents.bench import Bench
from agents.contracts import Contracts, fingerprint, reload
from agents.hooks import hook_routes
from agents.intake import Intake, Place
from agents.metrics import Metrics
from agents.notify import routes as routing_table
from agents.notify.routes import Routes
from agents.notifying import Notifier
from agents.promised import promised
from agents.pseudonyms import Pseudonyms
from agents.resolving import Resolving
from agents.settings import Settings
from agents.source import CHANNELS
from agents.surveys import Surveys
from agents.telling import ADJUSTMENTS, TALLIES, Teller
from agents.web.door import Health, web_app
from agents.web.guard import Guard
from agents.web.reader import monotonic_ms
from agents.web.tokens import Tokens
from agents.web.wall import Wall
from agents.yaml_errors import Mistakes
from sla_stream.promises import promises_of

log = logging.getLogger(__name__)

_FORGET_EVERY_S = 60.0
_LOOK_EVERY_S = 5.0
_GIVE_BACK_EVERY_S = 30.0
#: A member hears in the answer to its next heartbeat that partitions are about to move, and all wait for the last.
_HEARTBEATS_PER_SESSION = 30
_COMMIT_EVERY_S = 1.0

#: What a worker that is behind takes at once from a partition, some 30,000 facts. What they change is written once
#: for all of them, so that catching up costs less per fact. One that keeps up gets facts as they come.
_FETCH_BYTES = 4 << 20

#: How long a source partition rests that brought little. It is what a fact may lose on its way to an alert.
_REST_S = 0.03


class Worker:
    """One worker's parts. `app` is the Faust app that runs them."""

    def __init__(
        self,
        settings: Settings,
        contracts: Contracts,
        routes: Routes,
        pseudonyms: Pseudonyms,
        tokens: Tokens | None,
        registry: CollectorRegistry,
        now_ms: Callable[[], int],
    ) -> None:
        self._settings, self._contracts = settings, contracts
        self._fingerprint = fingerprint(settings.contracts)
        promises = promises_of(contracts.values())
        self.metrics = Metrics(registry)
        self.metrics.contracts_current.set(1)
        self.metrics.expect_receivers(receiver.name for receiver in routes.receivers)
        self.metrics.routes_current.set(1)
        self._routes_fingerprint = routing_table.fingerprint(settings.notify) if settings.notify else ""
        self.app = _faust_app(settings)
        teller = Teller(self.app, settings, self.metrics)
        self.intake = Intake(self.app, settings, promises, pseudonyms, teller, self.metrics, now_ms)
        self.resolving = Resolving(self.app, settings, promises, teller)
        self.surveys = Surveys(self.app, teller)
        self.bench = Bench(self.app, settings, promises, self.metrics, now_ms)
        self.notifier = Notifier(self.app, settings, routes, self.metrics, now_ms)
        self.wall = Wall(settings, promises, now_ms)
        self._whenever(self.bench.moved, "judge", self.bench.judge_moved)
        self._repeat("tick", settings.tick_s, self.bench.tick)
        self._repeat("notify", settings.tick_s, self.notifier.tick)
        self._repeat("forget", _FORGET_EVERY_S, self.intake.forget)
        self._repeat("forget customers", _FORGET_EVERY_S, self.resolving.forget)
        self._repeat("source", _LOOK_EVERY_S, self.intake.look)
        self._repeat("source of customers", _LOOK_EVERY_S, self.resolving.look)
        self._repeat("contracts", _LOOK_EVERY_S, self._look_at_contracts)
        self._repeat("routes", _LOOK_EVERY_S, self._look_at_routes)
        self._repeat("lag", _LOOK_EVERY_S, self._look_at_lag)
        self._repeat("memory", _GIVE_BACK_EVERY_S, allocator.give_back)
        transport = kafka.transport_of(self.app)
        transport.on_settled = self.metrics.recovery_seconds.observe
        self.metrics.fetch_fallback.set(0 if transport.fetches_directly else 1)
        guard = Guard(tokens, lambda: self.wall.promises.clients, monotonic_ms)
        pages = web_app(registry, self._promised, self.alive, self.ready, self.wall, guard)
        pages.add_routes(hook_routes(self.notifier.hear))
        self._serve(pages)

    def alive(self) -> Health:
        """Whether records are fetched, or at least waited for."""
        status = kafka.transport_of(self.app).watchdog.status()
        return Health(status.healthy, status.sentence)

    def ready(self) -> Health:
        """Whether state is recovered and records come in."""
        if self.app.rebalancing or self.app.in_recovery or not kafka.consumer_of(self.app).flow_active:
            return Health(well=False, why="recovering")
        return self.alive()

    def _promised(self, names: Collection[str]) -> Iterator[bytes]:
        return promised(list(self.bench.judgings.of.values()), names)

    def _repeat(self, name: str, every_s: float, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work again and again."""

        async def run() -> None:
            loop = asyncio.get_running_loop()
            due = loop.time() + every_s
            while not self.app.should_stop:
                await asyncio.sleep(max(0.0, due - loop.time()))
                async with self._work(name):
                    self.metrics.task_delay.labels(name).set(loop.time() - due)
                    due = max(due + every_s, loop.time())
                    await work()

        self.app.task(run)

    def _whenever(
        self, is_due: Callable[[], Awaitable[None]], name: str, work: Callable[[], Awaitable[None]]
    ) -> None:
        """Do the work each time that it is due."""

        async def run() -> None:
            while not self.app.should_stop:
                await is_due()
                async with self._work(name):
                    await work()

        self.app.task(run)

    @asynccontextmanager
    async def _work(self, name: str) -> AsyncIterator[None]:
        """Partitions wait for the work. A failure is a bug, and ends the worker."""
        async with kafka.settled(self.app):
            try:
                yield
            except Exception as error:  # noqa: BLE001 - Faust would go on without this task, in silence
                refused = isinstance(error, KafkaError)
                kafka.leave(
                    kafka.Exit.WRITE_FAILED if refused else kafka.Exit.AGENT_FAILED, f"{name} failed", error
                )

    async def _look_at_contracts(self) -> None:
        """Take changed contracts into force, all together; with any mistake the old ones stay."""
        found = fingerprint(self._settings.contracts)
        if found == self._fingerprint:
            return
        self._fingerprint = found
        self._contracts, mistakes = reload(self._contracts, self._settings.contracts)
        self.metrics.contracts_current.set(0 if mistakes else 1)
        if mistakes:
            log.error("The contracts from before stay in force:\n%s", mistakes)
            return
        promises = promises_of(self._contracts.values())
        await self.intake.adopt(promises)
        await self.resolving.adopt(promises)
        self.bench.judgings.adopt(promises)
        self.wall.adopt(promises)
        log.info("%d contracts taken into force", len(self._contracts))

    async def _look_at_routes(self) -> None:
        """Tell by changed routes; with any mistake the old ones stay."""
        file = self._settings.notify
        if file is None or (found := routing_table.fingerprint(file)) == self._routes_fingerprint:
            return
        self._routes_fingerprint = found
        try:
            routes = routing_table.load(file)
        except Mistakes as mistakes:
            self.metrics.routes_current.set(0)
            log.error("The routes from before stay in force:\n%s", mistakes)  # noqa: TRY400 - they say it all
            return
        self.metrics.expect_receivers(receiver.name for receiver in routes.receivers)
        await self.notifier.adopt(routes)
        self.metrics.routes_current.set(1)
        log.info("%d routes to %d receivers taken into force", len(routes.routes), len(routes.receivers))

    async def _look_at_lag(self) -> None:
        self.metrics.lag.clear()  # what was given away is another's to tell
        for tp in self.app.consumer.assignment():
            if tp.topic in CHANNELS:
                counted = self.intake.countings[Place.of(tp)].position.offset + 1
                behind = max(0, (self.app.consumer.highwater(tp) or 0) - counted)
                self.metrics.lag.labels(tp.topic, tp.partition).set(behind)

    def _serve(self, pages: web.Application) -> None:
        settings, notifier, wall = self._settings, self.notifier, self.wall

        @self.app.web_server
        class Door(Service):
            """Ours instead of Faust's, which answers before recovery, to anybody, and hangs at the end."""

            async def on_start(self) -> None:
                self._runner = web.AppRunner(pages, shutdown_timeout=1, access_log=None)
                await self._runner.setup()
                await web.TCPSite(self._runner, settings.http_host, settings.http_port).start()
                wall.start()

            async def on_stop(self) -> None:
                await wall.stop()
                await self._runner.cleanup()
                await notifier.close()


def _faust_app(settings: Settings) -> faust.App:
    kafka.register()
    app = faust.App(
        settings.app_id,
        broker=[f"chunks://{address}" for address in settings.kafka.split(",")],
        broker_session_timeout=settings.session_timeout_s,
        broker_heartbeat_interval=settings.session_timeout_s / _HEARTBEATS_PER_SESSION,
        broker_commit_interval=_COMMIT_EVERY_S,
        consumer_max_fetch_size=_FETCH_BYTES,
        PartitionAssignor=kafka.Assignor,
        store="memory://",
        datadir=Path(gettempdir()) / f"{settings.app_id}-faust",  # nothing is kept there
        topic_partitions=settings.source_partitions,
        topic_replication_factor=settings.replication,
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        worker_redirect_stdouts=False,
    )
    transport = kafka.transport_of(app)
    transport.replayed_topics = frozenset({TALLIES, ADJUSTMENTS})
    transport.resting_topics, transport.rest_s = frozenset(CHANNELS), _REST_S
    transport.direct_fetch = settings.direct_fetch
    return app
