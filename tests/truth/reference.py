"""The figures of tests/data/reference.json and reference_half_hours.csv, place by place."""

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from agents.contracts import load_contracts
from sla_stream.hours import parse
from tests.truth.outcome import CONTRACT

_DATA = Path("tests/data")
ZONE = ZoneInfo("Asia/Jerusalem")
AUGUST = datetime(1999, 8, 1, tzinfo=ZONE)
DAYS = 31

Value = int | float | None


class Record(NamedTuple):
    """What the reference says of one queue in some windows taken together; contacts are there by one clock."""

    section: str
    clock: str
    window: str
    starts: tuple[str, ...]
    queue: str
    figures: dict[str, Value]

    def name(self, column: str) -> str:
        """For people."""
        where = self.starts[0] if len(self.starts) == 1 else f"{len(self.starts)} from {self.starts[0]}"
        return f"{self.section}: {self.window} {where}, {self.queue}, {column}"


@cache
def reference() -> Any:
    """All of the reference but the half-hours."""
    return json.loads((_DATA / "reference.json").read_bytes())


def records() -> Iterator[Record]:
    """All that the reference says of contacts in windows."""
    yield from _places("month", "arrival", "month", (AUGUST.isoformat(),), reference()["month"])
    yield from _days()
    yield from _hours_of_day()
    yield from _opening_hours()
    yield from _half_hours()


def attainment() -> dict[str, float]:
    """How half-hours compare with a target."""
    leaves = _leaves(reference()["attainment"])
    return {name: figure for name, figure in leaves if isinstance(figure, int | float)}


def _days() -> Iterator[Record]:
    for clock, days in reference()["days"].items():
        for day, queues in days.items():
            yield from _places(f"days.{clock}", clock, "day", (_start(f"{day}T00:00"),), queues)


def _hours_of_day() -> Iterator[Record]:
    for hour, queues in reference()["hours_of_day"].items():
        starts = tuple(_start(f"1999-08-{day:02}T{hour}:00") for day in range(1, DAYS + 1))
        yield from _places("hours_of_day", "arrival", "interval 1h", starts, queues)


def _opening_hours() -> Iterator[Record]:
    """By the contract's hours. They begin and end with half-hours."""
    contract = load_contracts(CONTRACT)["anonymous-bank"]
    hours = parse(contract.hours, contract.time_zone, contract.holidays)
    starts = [AUGUST + timedelta(minutes=30 * n) for n in range(DAYS * 48)]
    for section, inside in (("inside", True), ("outside", False)):
        chosen = tuple(at.isoformat() for at in starts if hours.is_open(int(at.timestamp() * 1000)) is inside)
        queues = reference()["opening_hours"][section]
        yield from _places(f"opening_hours.{section}", "arrival", "interval 30m", chosen, queues)


def _half_hours() -> Iterator[Record]:
    """Those of arrival a second time, from their quarter-hours."""
    with (_DATA / "reference_half_hours.csv").open(encoding="ascii", newline="") as lines:
        for row in csv.DictReader(lines):
            clock, start, queue = row.pop("clock"), row.pop("start"), row.pop("queue")
            figures: dict[str, Value] = {column: int(figure) for column, figure in row.items()}
            yield Record(f"half_hours.{clock}", clock, "interval 30m", (start,), queue, figures)
            if clock == "arrival":
                second = datetime.fromisoformat(start) + timedelta(minutes=15)
                starts = (start, second.isoformat())
                yield Record("quarter_hours.arrival", clock, "interval 15m", starts, queue, figures)


def _places(
    section: str, clock: str, window: str, starts: tuple[str, ...], queues: Mapping[str, Mapping[str, Any]]
) -> Iterator[Record]:
    for queue, figures in queues.items():
        yield Record(section, clock, window, starts, queue, dict(_leaves(figures)))


def _leaves(figures: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Value]]:
    for name, figure in figures.items():
        if isinstance(figure, dict):
            yield from _leaves(figure, f"{above}{name}.")
        else:
            yield f"{above}{name}", figure


def _start(local: str) -> str:
    return datetime.fromisoformat(local).replace(tzinfo=ZONE).isoformat()
