"""The shape of a day: how busy a contact centre is, by the hour."""

import math

_HOUR_MS = 3_600_000

#: How busy each hour of the day is, beginning at midnight; 1 is the busiest.
_BUSY = (
    *(0.08, 0.05, 0.04, 0.04, 0.06, 0.12, 0.25, 0.5),
    *(0.8, 0.95, 1.0, 0.95, 0.85, 0.8, 0.9, 0.95),
    *(0.9, 0.8, 0.65, 0.5, 0.4, 0.3, 0.2, 0.12),
)


def busyness(since_midnight_ms: float) -> float:
    """How busy it is, from 0 to 1. From the middle of one hour to that of the next it changes steadily."""
    hours = since_midnight_ms / _HOUR_MS - 0.5
    hour = math.floor(hours)
    before, after = _BUSY[hour % 24], _BUSY[(hour + 1) % 24]
    return before + (after - before) * (hours - hour)
