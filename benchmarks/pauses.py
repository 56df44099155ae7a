"""For how long counting stood still in each partition, as the broker's clock tells it."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

from confluent_kafka import Producer
from kafka.admin import ConfigResource

from agents.broker import admin
from benchmarks import load
from tests.parts.kafka.records import read_all

#: Written whenever facts of a partition are counted, and all that they changed is stored.
POSITIONS = "sla-stream-positions-changelog"

_SLICE_S = 0.02


def stamp_by_broker(address: str) -> None:
    """Have the broker write its own time on each position."""
    with admin.connect(address) as client:
        client.alter_configs([ConfigResource("topic", POSITIONS, {"message.timestamp.type": "LogAppendTime"})])


def longest_pauses(address: str, spans: dict[str, tuple[float, float]]) -> dict[str, float]:
    """The longest time (s) in which a partition counted nothing, of those that ended in each span (epoch s)."""
    times: dict[int | None, list[float]] = defaultdict(list)
    for record in read_all(address, POSITIONS):
        times[record.partition()].append(record.timestamp()[1] / 1000)
    return {
        name: max(
            after - before
            for counted in times.values()
            for before, after in pairwise(counted)
            if begin < after <= end
        )
        for name, (begin, end) in spans.items()
    }


@contextmanager
def steady_load(address: str, per_s: int, first: int, for_s: float) -> Iterator[None]:
    """Facts of new contacts, at an even rate, until the body is done. Raises ValueError if they did not last."""
    facts = iter(load.calls(round(per_s * for_s / 2), first=first))
    done, lasted = threading.Event(), threading.Event()

    def send() -> None:
        producer = Producer({"bootstrap.servers": address, "linger.ms": 1})
        began = time.monotonic()
        for sent, (key, value) in enumerate(facts):
            producer.produce("contact.calls", value, key)
            if sent % round(per_s * _SLICE_S) == 0:
                producer.poll(0)
                if done.wait(max(0.0, began + sent / per_s - time.monotonic())):
                    lasted.set()
                    break
        producer.flush()

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield
    finally:
        done.set()
        sender.join()
    if not lasted.is_set():
        raise ValueError(f"{per_s:,} facts a second did not last for {for_s:g} s")
