"""A steady load of facts as they happen, from a process of its own: whoever measures does not slow it down."""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from heapq import heappop, heappush
from itertools import count
from random import Random

import orjson
from confluent_kafka import Producer

from benchmarks.load import Pace

_SLICE_S = 0.01
_QUEUES = Pace().queues

#: Shorter than people's, so that the load is steady after some seconds: as many begin as end.
_MEAN_WAIT_MS, _MEAN_TALK_MS = 4_000, 6_000
_ANSWERED = 0.95
STEADY_AFTER_S = 20

#: What one contact tells on average: offered, then answered and ended, or abandoned.
_FACTS_PER_CONTACT = 1 + 2 * _ANSWERED + (1 - _ANSWERED)


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


def _produce(address: str, facts_per_s: int) -> None:
    producer = Producer({"bootstrap.servers": address, "linger.ms": 5, "queue.buffering.max.messages": 1_000_000})
    rng, number, due = Random(4711), count(), time.time()
    #: When something happens (epoch ms), to which contact, and what.
    ahead: list[tuple[int, str, dict[str, object]]] = []
    contacts = 0.0
    while True:
        due += _SLICE_S
        time.sleep(max(0.0, due - time.time()))
        now_ms = int(due * 1000)
        contacts += facts_per_s / _FACTS_PER_CONTACT * _SLICE_S
        for _ in range(int(contacts)):
            _begin(f"c-{next(number):09d}", now_ms, rng, ahead)
        contacts %= 1
        while ahead and ahead[0][0] <= now_ms:
            _, contact, fact = heappop(ahead)
            producer.produce("contact.calls", orjson.dumps(fact), contact)
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
