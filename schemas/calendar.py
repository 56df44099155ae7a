"""Windows of time as contracts name them, and the times that are left out of every one."""

import re
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from schemas.words import Name
from schemas.written import Written, duration_ms

_WINDOW = r"(?:rolling|interval) \d+[smhd]|day|week|month|quarter|year|fiscal month"
_MINUTES_OF_QUARTER = 15

_DAY_MS = 86_400_000

#: Windows that are made of whole days, and how many the longest has.
CALENDAR = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366, "fiscal month": 31}


def longest_ms(window: str) -> int:
    """How long a window is at most, by its name."""
    days = CALENDAR.get(window)
    return duration_ms(window.split()[1]) if days is None else days * _DAY_MS


def _window(text: str) -> str:
    if not re.fullmatch(_WINDOW, text):
        raise ValueError(
            "a window is rolling 15m, interval 15m, 30m or 1h, day, week, month, quarter, year or fiscal month"
        )
    kind, _, length = text.partition(" ")
    if kind == "rolling" and (duration_ms(length) == 0 or duration_ms(length) % 60_000):
        raise ValueError("a rolling window is a whole number of minutes long, like rolling 15m")
    if kind == "interval" and length not in ("15m", "30m", "1h"):
        raise ValueError("an interval is 15m, 30m or 1h long")
    return text


WindowName = Annotated[
    str,
    AfterValidator(_window),
    WithJsonSchema(
        {"type": "string", "pattern": f"^({_WINDOW})$", "examples": ["rolling 15m", "interval 1h", "day"]}
    ),
]


def _quarter_hour(text: object) -> datetime:
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) and len(text) > len("2026-03-02") else None
    except ValueError:
        at = None
    if at is None or at.tzinfo or at.minute % _MINUTES_OF_QUARTER or at.second or at.microsecond:
        raise ValueError("a whole quarter-hour by the contract's clock belongs here, like 2026-03-02T10:15")
    return at


#: A whole quarter-hour on the wall, since that is what every window of the calendar is made of.
QuarterHour = Annotated[
    datetime,
    BeforeValidator(_quarter_hour),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\d{4}-\d\d-\d\d[T ]\d\d:(00|15|30|45)(:00)?$",
            "examples": ["2026-03-02T10:15"],
        }
    ),
]


class Exclusion(Written):
    """A time that was agreed to be left out: a maintenance, a failure of the client's own lines.

    Contacts that count in it are counted apart, and nobody is alerted while it lasts.
    """

    from_: QuarterHour = Field(alias="from", description="first quarter-hour, by the contract's clock")
    to: QuarterHour = Field(description="where it ends: the first quarter-hour that counts again")
    reason: Name
    approved_by: Name = Field(description="who agreed to it, for whoever asks later")
    queues: Annotated[list[Name], Field(min_length=1)] | Literal["all"] = "all"

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.to <= self.from_:
            raise ValueError("an exclusion ends after it begins; to is later than from")
        return self
