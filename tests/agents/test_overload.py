"""Overload: more has come than is counted. What can be seen of it, and what does not wait for its end."""

import os
import time
from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path
from typing import NamedTuple

import orjson
import pytest

from tests.agents.running import ALERTS, CALLS, Site, Worker, objective
from tests.parts.kafka.broker import Kafka
from tests.parts.presence import KAFKA, require

pytestmark = pytest.mark.kafka

#: One client's callers wait now; another's calls of two hours ago are told again and again.
LIVE, HISTORY = "waited-for", "of-the-past"
CONTACTS, TIMES = 1_000, 1_000
_AGO_MS = 7_200_000
#: Event time goes on from when a fact is heard: the threshold passes so long after that.
_SOON = {"kind": "service_level", "formula": "abandons_missed", "threshold": "1s"}
_COUNTED_WITHIN_S = 120
_SLACK_BYTES = 32 << 20


class Look(NamedTuple):
    """What is seen at one moment; `alerts` are the clients whose people were told."""

    counted: float
    lag: float
    catching_up: float
    resident_bytes: int
    alerts: frozenset[str]


@pytest.fixture(scope="module")
def looks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Look]]:
    """A worker that finds a million messages, from its start until it has counted them all."""
    require(KAFKA)
    home = tmp_path_factory.mktemp("overload")
    with Kafka(home) as broker:
        site = Site(broker.address, home)
        site.promise(LIVE, versions=[{"effective": "2020-01-01", "objectives": [objective(measure=_SOON)]}])
        site.promise(HISTORY)
        assert site.command("topics", "apply").exit_code == 0
        now_ms = time.time_ns() // 1_000_000
        waiting = [_offered(LIVE, number, now_ms - 500) for number in range(4)]
        past = [_offered(HISTORY, number, now_ms - _AGO_MS) for number in range(CONTACTS)]
        site.write(chain(waiting, chain.from_iterable(repeat(past, TIMES))), CALLS)
        with site.worker() as worker:
            yield list(_watch(site, worker))


def _offered(client: str, number: int, at_ms: int) -> tuple[bytes, bytes]:
    contact = f"{client}-{number}"
    fact = {"type": "offered", "client": client, "contact": contact, "queue": "sales", "at": at_ms}
    return contact.encode(), orjson.dumps(fact)


def _watch(site: Site, worker: Worker) -> Iterator[Look]:
    end = time.monotonic() + _COUNTED_WITHIN_S
    while time.monotonic() < end:
        look = Look(
            counted=worker.sample("sla_facts_total"),
            lag=worker.sample("sla_lag_messages"),
            catching_up=worker.sample("sla_catching_up", client=HISTORY),
            resident_bytes=_resident_bytes(worker.pid),
            alerts=frozenset(alert["client"] for alert in site.read(ALERTS)),
        )
        yield look
        if look.counted == CONTACTS * TIMES + 4:
            return
    raise AssertionError(f"not counted within {_COUNTED_WITHIN_S} s: {look}")


def _resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_the_lag_is_visible_while_it_lasts(looks: list[Look]) -> None:
    assert max(look.lag for look in looks) > 0


def test_whoever_waits_now_is_told_of_before_the_backlog_is_over(looks: list[Look]) -> None:
    """Four callers have waited too long before anybody has counted what else has come."""
    first = next(look for look in looks if LIVE in look.alerts)
    assert first.counted < CONTACTS * TIMES


def test_figures_of_the_past_say_so_and_wake_nobody(looks: list[Look]) -> None:
    assert looks[-1].catching_up == 1
    assert not any(HISTORY in look.alerts for look in looks)


def test_memory_does_not_grow_with_the_backlog(looks: list[Look]) -> None:
    """What is taken at once is bounded, so the second half of the messages needs no more than the first."""
    half = CONTACTS * TIMES / 2
    first = max(look.resident_bytes for look in looks if look.counted <= half)
    assert max(look.resident_bytes for look in looks) < first + _SLACK_BYTES
