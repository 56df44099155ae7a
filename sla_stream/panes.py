"""Slices of event time. Counting is by the minute; the calendar is made of whole quarter-hours."""

MINUTE_MS = 60_000
MINUTES_OF_QUARTER = 15
QUARTER_MS = MINUTES_OF_QUARTER * MINUTE_MS


def quarter_of(at_ms: int) -> int:
    """Start of the quarter-hour that holds the instant. Every time zone's day is made of whole ones."""
    return at_ms - at_ms % QUARTER_MS


def minute_of(at_ms: int) -> int:
    """Start of the minute that holds the instant."""
    return at_ms - at_ms % MINUTE_MS
