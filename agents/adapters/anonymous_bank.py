"""Calls of the "Anonymous Bank" (Technion, Haifa), one row each, turned into facts.

Waits and talks are taken from their lengths, never from the clocks that ended them: the agents' clock runs
behind the queue's, and both may have passed midnight. Who answered is left behind.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from schemas.facts import Abandoned, Answered, Ended, Moment, Offered

CLIENT = "anonymous-bank"

COLUMNS = frozenset(
    (
        "vru+line",
        "call_id",
        "customer_id",
        "type",
        "date",
        "vru_exit",
        "q_start",
        "q_exit",
        "q_time",
        "outcome",
        "ser_time",
    )
)

_ZONE = ZoneInfo("Asia/Jerusalem")

#: Of a caller who was not identified.
_NOBODY = "0"

#: Into and out of the queue, for a call that never queued.
_NEVER = ("0:00:00", "0:00:00")

#: A row of the file, by column.
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that is no call. Lines are counted from 1, which is the header."""

    line: int
    reason: str


def facts(rows: Iterable[Row]) -> tuple[list[Moment], list[Unreadable]]:
    """Turn all rows into facts in the order in which they happened, for the file is not in that order."""
    found: list[Moment] = []
    unreadable: list[Unreadable] = []
    for line, row in enumerate(rows, start=2):
        try:
            found += facts_of(row)
        except ValidationError as refusal:
            unreadable.append(Unreadable(line, f"no fact: {refusal.errors()[0]['msg']}"))
        except ValueError as problem:
            unreadable.append(Unreadable(line, str(problem)))
    # The sort is stable: a contact that is offered and answered at one instant stays offered first.
    return sorted(found, key=lambda fact: fact.at), unreadable


def facts_of(row: Row) -> list[Moment]:
    """Turn one row into the facts of its contact: none if it was never offered to an agent."""
    if empty := sorted(column for column in COLUMNS if not row[column]):
        raise ValueError(f"{empty[0]} is empty")
    outcome, queued = row["outcome"], (row["q_start"], row["q_exit"]) != _NEVER
    if outcome not in ("AGENT", "HANG", "PHANTOM"):
        raise ValueError(f"outcome is {outcome}; it is AGENT, HANG or PHANTOM")
    if outcome == "PHANTOM" or (outcome == "HANG" and not queued):
        return []
    contact = f"{row['date']}-{row['vru+line']}-{row['call_id']}"
    offered_at = _instant_ms(row["date"], row["q_start"] if queued else row["vru_exit"])
    over_at = offered_at + (_seconds_ms(row, "q_time") if queued else 0)
    customer = None if row["customer_id"] == _NOBODY else row["customer_id"]
    offered = Offered(client=CLIENT, contact=contact, at=offered_at, queue=row["type"], customer=customer)
    if outcome == "HANG":
        return [offered, Abandoned(client=CLIENT, contact=contact, at=over_at)]
    ended_at = over_at + _seconds_ms(row, "ser_time")
    return [
        offered,
        Answered(client=CLIENT, contact=contact, at=over_at),
        Ended(client=CLIENT, contact=contact, at=ended_at),
    ]


def _instant_ms(date: str, clock: str) -> int:
    try:
        local = datetime.strptime(f"{date} {clock}", "%y%m%d %H:%M:%S").replace(tzinfo=_ZONE)
    except ValueError:
        raise ValueError(f"{date} {clock} is no instant; it looks like 990801 9:59:30") from None
    return int(local.timestamp()) * 1000


def _seconds_ms(row: Row, column: str) -> int:
    if not row[column].isdecimal():
        raise ValueError(f"{column} is {row[column]}; it is a whole number of seconds")
    return int(row[column]) * 1000
