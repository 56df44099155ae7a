"""Invariant 9: who may have been given up by the group writes nothing."""

import asyncio
import time

from agents.kafka import Exit
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


def test_9_without_it_the_process_ends_instead_of_writing() -> None:
    with ends_with(Exit.LEASE_LOST):
        asyncio.run(Lease(0.2).require())
