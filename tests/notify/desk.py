"""A notifier without Kafka: a book of notices, lines to receivers, and time that passes while somebody sleeps."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson

from agents.notify import line
from agents.notify.book import Book
from agents.notify.delivery import Deliverer
from agents.notify.door import Door
from agents.notify.inside import Inside
from agents.notify.line import Outcome
from agents.notify.retry import Policy
from agents.notify.routes import Routes
from schemas.alerts import Alert, UndeliveredAlert
from tests.notify.examples import NOW_MS
from tests.notify.listener import Listener

Settings = dict[str, object]

#: Nothing here takes as long, unless it is waited for.
DEADLINE_S = 20
LOOPBACK = ("127.0.0.1", "localhost")


@dataclass
class Clock:
    """Time that passes only while somebody sleeps."""

    ms: int = NOW_MS
    slept: list[float] = field(default_factory=list)

    def now_ms(self) -> int:
        return self.ms

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.ms += round(seconds * 1000)
        # Others get a turn, as they do in a true sleep.
        await asyncio.sleep(0.001)


class Desk:
    """Hears alerts and tells them; everything is told of everything, unless there are other routes."""

    def __init__(self, routes: Routes, door: Door, clock: Clock, policy: Policy) -> None:
        self.outcomes: list[Outcome] = []
        self.undelivered: list[UndeliveredAlert] = []
        self.book = Book()
        self.clock, self._routes = clock, routes
        # Chance always says the half.
        self.deliverer = Deliverer(
            routes, door, self._report, line.Clock(clock.now_ms, lambda: 0.5, clock.sleep), policy
        )

    def hear(self, *alerts: Alert) -> None:
        for alert in alerts:
            self.book.hear(alert, self._routes, self.clock.ms)
        self._hand_over()

    async def until_done(self) -> None:
        """Until every message was taken or given up."""
        await until(lambda: not any(self.book.outboxes()))

    async def _report(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.undelivered += outcome.undelivered(self.book.notices[outcome.key])
        if outcome.reason:
            self.book.given_up(outcome.key)
        else:
            self.book.taken(outcome.key)
        # What is stored takes its time, in which others hand over what is still there.
        await asyncio.sleep(0.001)
        self._hand_over()

    def _hand_over(self) -> None:
        for key, notice in self.book.outboxes():
            self.deliverer.put(key, notice)


@asynccontextmanager
async def desk(
    *receivers: Settings,
    routes: Sequence[Settings] = (),
    policy: Policy | None = None,
    clock: Clock | None = None,
    inside: Sequence[str] = LOOPBACK,
) -> AsyncIterator[Desk]:
    """Begin to tell, and stop in good order."""
    every = [{"receivers": [receiver["name"]]} for receiver in receivers]
    read = Routes.model_validate({"receivers": receivers, "routes": [*routes] or every})
    policy, clock = policy or Policy(), clock or Clock()
    async with Door(Inside(inside), policy.timeout, clock.now_ms) as door:
        desk = Desk(read, door, clock, policy)
        desk.deliverer.start(_as_it_is)
        try:
            async with asyncio.timeout(DEADLINE_S):
                yield desk
        finally:
            await desk.deliverer.stop()


async def _as_it_is(work: Coroutine[Any, Any, None]) -> None:
    await work


def webhook(name: str, url: str) -> Settings:
    return {"name": name, "sink": "webhook", "url": url, "secret": {"env": "SIGNING_SECRET"}}


def pagerduty(name: str, url: str) -> Settings:
    return {"name": name, "sink": "pagerduty", "url": url, "routing_key": {"env": "ROUTING_KEY"}}


def ids(listener: Listener) -> list[str]:
    """Of the alerts that webhooks brought."""
    return [orjson.loads(request.body)["data"]["id"] for request in listener.heard]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not condition():  # noqa: ASYNC110 - what a server has heard is no event
            await asyncio.sleep(0.002)
