"""Ctrl-C, and what a service manager sends, as a wish that is looked at instead of an exception anywhere."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event


@contextmanager
def asked_to_stop() -> Iterator[Event]:
    """Set once somebody wants an end."""
    asked = Event()
    before = {number: signal.signal(number, lambda *_: asked.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
