"""Invariant 9: who may have been given up by the group writes nothing."""

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.protocol.produce import ProduceRequest  # type: ignore[import-untyped]

from agents.kafka import Exit
from agents.kafka.internals import guard_writes
from agents.kafka.lease import Lease
from tests.kafka.leaving import ends_with


def test_9_nobody_holds_it_before_a_heartbeat() -> None:
    assert not Lease(10).holds(time.monotonic())


def test_9_it_ends_before_the_session_does() -> None:
    lease = Lease(10)
    lease.renew(sent_at=100)
    assert lease.holds(108)
    assert not lease.holds(108.1)


def test_9_an_older_heartbeat_does_not_shorten_it() -> None:
    lease = Lease(10)
    lease.renew(sent_at=100)
    lease.renew(sent_at=95)
    assert lease.holds(108)


def test_9_a_late_heartbeat_lets_the_write_go_on() -> None:
    async def write() -> None:
        lease = Lease(1)
        asyncio.get_running_loop().call_later(0.1, lambda: lease.renew(time.monotonic()))
        assert not lease.holds(time.monotonic())
        await lease.require()
        assert lease.holds(time.monotonic())

    asyncio.run(write())


class Client:
    """What lies below a producer: ready once a connection is there; what is sent is noted."""

    def __init__(self, connected: bool = True) -> None:
        self.connected = connected
        self.sent: list[object] = []

    async def ready(self, _: int, **__: object) -> bool:
        return self.connected

    async def send(self, _: int, request: object, **__: object) -> None:
        self.sent.append(request)


BATCHES = ProduceRequest(transactional_id=None, required_acks=-1, timeout=1, topics=[])


@pytest.mark.parametrize(
    ("request_", "connected", "asks"), [(BATCHES, True, 1), (BATCHES, False, 0), ("metadata", True, 0)]
)
def test_9_it_is_asked_for_as_the_last_thing_before_batches_go_out(
    request_: object, connected: bool, asks: int
) -> None:
    """They may have waited in the producer while the process was stopped."""
    client, asked = Client(connected), []

    async def require() -> None:
        asked.append(list(client.sent))

    guarded: Any = SimpleNamespace(_ensure_producer=lambda: SimpleNamespace(client=client))
    guard_writes(guarded, require)
    asyncio.run(client.send(1, request_))
    assert asked == [[]] * asks
    assert client.sent == [request_]


def test_9_without_it_the_process_ends_instead_of_writing() -> None:
    with ends_with(Exit.LEASE_LOST):
        asyncio.run(Lease(0.2).require())
