"""How often a token may ask: a bucket that fills steadily, from which each request takes one drop."""

from typing import NamedTuple

#: Two hundred walls with one token may all come back at once after a restart.
BURST = 300
PER_S = 20


class _Bucket(NamedTuple):
    """So many drops were in it at that time (ms)."""

    drops: float
    at_ms: int


class Rates:
    """One bucket for each name."""

    def __init__(self, burst: int = BURST, per_s: float = PER_S) -> None:
        self._burst, self._per_s = burst, per_s
        self._buckets: dict[str, _Bucket] = {}

    def wait_s(self, name: str, now_ms: int) -> float:
        """0 if this request may go on; otherwise how long to wait (s), and nothing was taken."""
        drops, at_ms = self._buckets.get(name, _Bucket(self._burst, now_ms))
        drops = min(self._burst, drops + (now_ms - at_ms) / 1000 * self._per_s)
        taken = drops >= 1
        self._buckets[name] = _Bucket(drops - taken, now_ms)
        return 0 if taken else (1 - drops) / self._per_s
