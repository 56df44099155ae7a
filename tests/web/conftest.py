"""A door with acme's two queues in it, and nobody to read them from."""

from collections.abc import Iterator

import pytest

from sla_stream.promises import Promises, promises_of
from tests.builders import contract, objective, verdict, version
from tests.web.serving import Served

NAME = "picked-up-in-30s"


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
