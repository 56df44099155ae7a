"""Instants as the web writes them."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def rfc3339(ms: int) -> str:
    """Epoch milliseconds as 2026-11-02T09:00:30.000+00:00."""
    return (_EPOCH + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds")
