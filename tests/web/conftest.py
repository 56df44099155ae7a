"""A door with acme's two queues in it, and nobody to read them from."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from schemas.verdicts import State
from sla_stream.episode import Episode, Phase
from sla_stream.judged import EpisodeKey, EpisodeRecord
from sla_stream.picture import Stored
from sla_stream.promises import Promises, promises_of
from tests.builders import contract, instant, objective, verdict, version
from tests.web.browsing import chromium
from tests.web.serving import Served

NAME = "picked-up-in-30s"
#: Longer than any test takes: nobody falls silent in it.
LONG_MS = 60_000

#: In acme's queue sales, for five minutes.
BREACH = Stored(
    EpisodeKey("acme", "hotline", "voice", NAME, "sales"),
    EpisodeRecord(Episode("e1", Phase.OPEN, instant("08:55:00"))),
)
BREACHED = verdict(state=State.BREACHED, value=0.5004)


def two_clients() -> Promises:
    """Acme, whose objective has two windows, and Globex."""
    one = objective(name=NAME, windows=["rolling 15m", "day"], judge="each_queue", description="Nine in ten.")
    other = contract(version(objective(name=NAME, windows=["day"])), name="globex-hotline", client="globex")
    return promises_of([contract(version(one)), other])


@pytest.fixture
def door() -> Iterator[Served]:
    with Served(two_clients()) as door:
        for queue in ("sales", "support"):
            door.say(verdict(queue=queue), verdict(queue=queue, window="day"))
        door.pulse()
        yield door


@pytest.fixture
def lasting(door: Served) -> Served:
    """A door whose clients are judged for as long as the test takes."""
    door.pulse(every_ms=LONG_MS)
    return door


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not longer than for this module: while it runs, no test of this thread can have an event loop."""
    with chromium() as browser:
        yield browser
