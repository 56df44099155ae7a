"""Facts at an even rate, as they come in daily work: in many small chunks, not in few large ones."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from confluent_kafka import Producer

from benchmarks.load import Keyed

_SLICE_S = 0.02


def send_evenly(address: str, facts: Sequence[Keyed], per_s: int, stop: threading.Event | None = None) -> bool:
    """Send them all, so many a second, unless told to stop: then return False."""
    producer = Producer({"bootstrap.servers": address, "linger.ms": 1})
    began = time.monotonic()
    stop = stop or threading.Event()
    for sent, (key, value) in enumerate(facts, 1):
        producer.produce("contact.calls", value, key)
        if sent % round(per_s * _SLICE_S) == 0:
            producer.poll(0)
            if stop.wait(max(0.0, began + sent / per_s - time.monotonic())):
                break
    producer.flush()
    return not stop.is_set()


@contextmanager
def beside(address: str, facts: Sequence[Keyed], per_s: int) -> Iterator[None]:
    """Send them while the body runs. Raises ValueError if they did not last for so long."""
    stop, ended = threading.Event(), []
    sender = threading.Thread(target=lambda: ended.append(send_evenly(address, facts, per_s, stop)))
    sender.start()
    try:
        yield
    finally:
        stop.set()
        sender.join()
    if ended != [False]:
        raise ValueError(f"{len(facts):,} facts did not last at {per_s:,} a second")
