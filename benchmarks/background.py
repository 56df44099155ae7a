"""A steady load of facts as they happen, from a process of its own: whoever measures does not slow it down."""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import NamedTuple

import orjson
from confluent_kafka import Producer

from benchmarks.load import Pace

SLICE_MS = 10
_QUEUES = Pace().queues

#: Shorter than people's, so that the load is steady after some seconds: as many begin as end.
_MEAN_WAIT_MS, _MEAN_TALK_MS = 4_000, 6_000
_ANSWERED = 0.95
STEADY_AFTER_S = 20

#: What one contact tells on average: offered, then answered and ended, or abandoned.
_FACTS_PER_CONTACT = 1 + 2 * _ANSWERED + (1 - _ANSWERED)


class Happened(NamedTuple):
    """Up to an instant (epoch ms): contacts, and what happened to each."""

    until_ms: int
    facts: list[tuple[str, bytes]]


@contextmanager
def facts_beside(address: str, facts_per_s: int) -> Iterator[None]:
    """While the body runs, so many facts a second go to the topic; on entry the load is steady."""
    process = multiprocessing.get_context("spawn").Process(
        target=_produce, args=(address, facts_per_s), daemon=True
    )
    process.start()
    time.sleep(STEADY_AFTER_S)
    try:
        yield
        if not process.is_alive():
            raise RuntimeError("the load has ended before its time")
    finally:
        process.kill()
        process.join()


def happening(facts_per_s: int, begin_ms: int) -> Iterator[Happened]:
    """What happens in one slice after the other, without an end."""
    rng, number = Random(4711), count()
    #: When something happens (epoch ms), to which contact, and what.
    ahead: list[tuple[int, str, dict[str, object]]] = []
    contacts = 0.0
    for now_ms in count(begin_ms + SLICE_MS, SLICE_MS):
        contacts += facts_per_s / _FACTS_PER_CONTACT * SLICE_MS / 1000
        for _ in range(int(contacts)):
            _begin(f"c-{next(number):09d}", now_ms, rng, ahead)
        contacts %= 1
        happened = Happened(now_ms, [])
        while ahead and ahead[0][0] <= now_ms:
            _, contact, fact = heappop(ahead)
            happened.facts.append((contact, orjson.dumps(fact)))
        yield happened


def _produce(address: str, facts_per_s: int) -> None:
    producer = Producer({"bootstrap.servers": address, "linger.ms": 5, "queue.buffering.max.messages": 1_000_000})
    for now_ms, facts in happening(facts_per_s, time.time_ns() // 1_000_000):
        time.sleep(max(0.0, now_ms / 1000 - time.time()))
        for contact, fact in facts:
            producer.produce("contact.calls", fact, contact)
        producer.poll(0)


def _begin(contact: str, at_ms: int, rng: Random, ahead: list[tuple[int, str, dict[str, object]]]) -> None:
    about = {"client": "acme", "contact": contact}

    def happens(at_ms: int, what: str, **more: object) -> None:
        heappush(ahead, (at_ms, f"{contact}", about | {"type": what, "at": at_ms} | more))

    happens(at_ms, "offered", queue=f"q-{rng.randrange(_QUEUES):03d}")
    at_ms += 1 + round(rng.expovariate(1 / _MEAN_WAIT_MS))
    if rng.random() > _ANSWERED:
        happens(at_ms, "abandoned")
        return
    happens(at_ms, "answered")
    happens(at_ms + 1 + round(rng.expovariate(1 / _MEAN_TALK_MS)), "ended")
