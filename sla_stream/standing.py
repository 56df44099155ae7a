"""What is true now without any new fact: who waits, for how long, and who waits past the threshold."""

from collections.abc import Sequence
from typing import NamedTuple

from schemas.contract import Objective, ServiceLevel


class Standing(NamedTuple):
    """At one instant. `past_threshold` is None where the objective has no threshold; no wait, no longest."""

    waiting: int
    past_threshold: int | None
    longest_wait_ms: int | None


def standing(offered_at: Sequence[int], now_ms: int, objective: Objective) -> Standing:
    """Whoever was offered by now waits; at exactly the threshold nobody is past it yet (all epoch ms)."""
    waits_ms = [now_ms - offered_ms for offered_ms in offered_at if offered_ms <= now_ms]
    past = None
    if isinstance(objective.measure, ServiceLevel):
        threshold_ms = objective.measure.threshold
        past = sum(wait_ms > threshold_ms for wait_ms in waits_ms)
    return Standing(len(waits_ms), past, max(waits_ms, default=None))
