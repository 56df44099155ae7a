"""When to look whether a contact is out of reach: by the hour, so that nobody looks at all of them each time."""

from collections.abc import Iterator

from sla_stream.changes import ContactName

_HOUR_MS = 3_600_000


class Reach:
    """Each contact that is known, in the hour (event time) before whose end it needs no look."""

    __slots__ = ("_by_hour",)

    def __init__(self) -> None:
        self._by_hour: dict[int, list[ContactName]] = {}

    def look_after(self, at_ms: int, name: ContactName) -> None:
        """It is in reach until the instant at least."""
        self._by_hour.setdefault(at_ms // _HOUR_MS, []).append(name)

    def due(self, horizon_ms: int) -> Iterator[ContactName]:
        """Those to be looked at when everything before the horizon is out of reach, each once."""
        for hour in [hour for hour in self._by_hour if (hour + 1) * _HOUR_MS <= horizon_ms]:
            yield from self._by_hour.pop(hour)
