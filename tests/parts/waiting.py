"""Waiting for what happens elsewhere: by asking again until a deadline, never by sleeping and hoping."""

import time
from collections.abc import Callable
from typing import TypeVar

_PAUSE_S = 0.02

T = TypeVar("T")


def wait_until(condition: Callable[[], T], deadline_s: float, what: str) -> T:
    """Ask until the answer is truthy and return it; past the deadline fail with a sentence."""
    end = time.monotonic() + deadline_s
    while not (answer := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"waited {deadline_s:g} s for {what}; the last answer was {answer!r}")
        time.sleep(_PAUSE_S)
    return answer
