"""What people write in contracts: durations, shares, time zones, and nothing that nobody knows."""

import re
from fractions import Fraction
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

_UNITS_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_DURATION = r"(\d+)(ms|s|m|h|d)"
_SHARE = r"(\d+(?:\.\d+)?)\s?%"


def duration_ms(text: object) -> int:
    """Read a duration. Raises ValueError for anything else."""
    match = re.fullmatch(_DURATION, text) if isinstance(text, str) else None
    if match is None:
        raise ValueError("a duration is a whole number with its unit, like 30s, 15m, 8h or 2d")
    return int(match[1]) * _UNITS_MS[match[2]]


def _duration_text(ms: int) -> str:
    unit = next(name for name, size in reversed(_UNITS_MS.items()) if ms % size == 0)
    return f"{ms // _UNITS_MS[unit]}{unit}"


class Score(Fraction):
    """A bound that is neither share nor duration: points, or a score on a survey's scale."""


def _bound(text: object) -> Fraction:
    if isinstance(text, str) and (share := re.fullmatch(_SHARE, text)):
        return Fraction(share[1]) / 100
    if isinstance(text, int | float) and not isinstance(text, bool):
        return Score(str(text))
    try:
        return Fraction(duration_ms(text))
    except ValueError:
        raise ValueError('a bound is a share like "90%", a duration like 20s, or a score like 4.2') from None


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("not an IANA time zone; they look like Europe/Paris") from None
    return name


#: "30s" outside, milliseconds inside.
Duration = Annotated[
    int,
    BeforeValidator(duration_ms),
    PlainSerializer(_duration_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_DURATION}$", "examples": ["30s", "15m"]}),
]

#: "90%" outside, an exact ratio inside; "20s" outside, milliseconds inside; or a number as it is.
Bound = Annotated[
    Fraction,
    BeforeValidator(_bound),
    PlainSerializer(float, return_type=float),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string", "pattern": f"^({_SHARE}|{_DURATION})$"}, {"type": "number"}],
            "examples": ["90%", "20s", 4.2],
        }
    ),
]

Zone = Annotated[str, AfterValidator(_zone), Field(examples=["Europe/Paris"])]
Label = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", examples=["hotline-fr"])]


class Written(BaseModel):
    """What an author wrote: frozen once read, and nothing in it that nobody knows."""

    model_config = ConfigDict(extra="forbid", frozen=True)
