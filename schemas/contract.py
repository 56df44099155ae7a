"""A contract as its author writes it: what was promised to a client, in versions with effective dates.

OpenSLO's words are used where it has them (objective, target, window). Every key that is not named here is
refused, since a misspelt promise must not be kept in silence.
"""

import re
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from schemas.alerts import Severity
from schemas.words import Channel, Name

_UNITS_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_DURATION = r"(\d+)(ms|s|m|h|d)"
_SHARE = r"(\d+(?:\.\d+)?)\s?%"
_WINDOW = r"(?:rolling|interval) \d+[smhd]|day|week|month"


def _duration_ms(text: object) -> int:
    match = re.fullmatch(_DURATION, text) if isinstance(text, str) else None
    if match is None:
        raise ValueError("a duration is a whole number with its unit, like 30s, 15m, 8h or 2d")
    return int(match[1]) * _UNITS_MS[match[2]]


def _duration_text(ms: int) -> str:
    unit = next(name for name, size in reversed(_UNITS_MS.items()) if ms % size == 0)
    return f"{ms // _UNITS_MS[unit]}{unit}"


def _bound(text: object) -> Fraction:
    if isinstance(text, str) and (share := re.fullmatch(_SHARE, text)):
        return Fraction(share[1]) / 100
    try:
        return Fraction(_duration_ms(text))
    except ValueError:
        raise ValueError('a bound is a share like "90%" or a duration like 20s') from None


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("not an IANA time zone; they look like Europe/Paris") from None
    return name


def _window(text: str) -> str:
    if not re.fullmatch(_WINDOW, text):
        raise ValueError("a window is rolling 15m, interval 15m, 30m or 1h, day, week or month")
    kind, _, length = text.partition(" ")
    if kind == "rolling" and (_duration_ms(length) == 0 or _duration_ms(length) % 60_000):
        raise ValueError("a rolling window is a whole number of minutes long, like rolling 15m")
    if kind == "interval" and length not in ("15m", "30m", "1h"):
        raise ValueError("an interval is 15m, 30m or 1h long")
    return text


#: "30s" outside, milliseconds inside.
Duration = Annotated[
    int,
    BeforeValidator(_duration_ms),
    PlainSerializer(_duration_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_DURATION}$", "examples": ["30s", "15m"]}),
]

#: "90%" outside, an exact ratio inside; or "20s" outside, milliseconds inside.
Bound = Annotated[
    Fraction,
    BeforeValidator(_bound),
    PlainSerializer(float, return_type=float),
    WithJsonSchema({"type": "string", "pattern": f"^({_SHARE}|{_DURATION})$", "examples": ["90%", "20s"]}),
]

Zone = Annotated[str, AfterValidator(_zone), Field(examples=["Europe/Paris"])]
Label = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", examples=["hotline-fr"])]
WindowName = Annotated[
    str,
    AfterValidator(_window),
    WithJsonSchema(
        {"type": "string", "pattern": f"^({_WINDOW})$", "examples": ["rolling 15m", "interval 1h", "day"]}
    ),
]

#: Named by what becomes of the contacts that gave up; two more say what becomes of those that flowed out.
AbandonFormula = Literal[
    "abandons_met",
    "answered_only",
    "abandons_missed",
    "abandons_in_time_ignored",
    "short_abandons_met",
    "short_abandons_ignored",
]
ServiceLevelFormula = AbandonFormula | Literal["flowouts_missed", "removed_in_time"]
DurationFormula = Annotated[
    str,
    Field(
        pattern=r"^(mean|longest|p[1-9]\d?)$",
        description="mean, longest, or a percentile from p1 to p99",
        examples=["mean", "longest", "p95"],
    ),
]


class _Written(BaseModel):
    """What an author wrote: frozen once read, and nothing in it that nobody knows."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ServiceLevel(_Written):
    """The share of contacts answered within the threshold. Eight formulas, none better than the others."""

    kind: Literal["service_level"]
    formula: ServiceLevelFormula
    threshold: Duration = Field(description="a wait up to and including this is in time")
    short_abandons: Duration = Field(default=0, description="an abandon up to and including this wait is short")
    attribute_to: Literal["arrival", "outcome", "settled"] = Field(
        default="arrival",
        description="which instant decides the interval; settled: the outcome's, or the threshold's if earlier",
    )
    flowouts_over: AbandonFormula = Field(
        default="abandons_missed", description="the formula whose denominator flowouts_missed adds to"
    )

    @model_validator(mode="after")
    def _short_is_no_longer_than_threshold(self) -> Self:
        if self.short_abandons > self.threshold:
            raise ValueError("short_abandons is longer than threshold; make it at most as long")
        if self.formula.startswith("short_abandons") and not self.short_abandons:
            raise ValueError(f"{self.formula} needs to know how short is short, like short_abandons: 5s")
        return self


class Abandonment(_Written):
    """The share of contacts whose customer gave up waiting."""

    kind: Literal["abandonment"]
    formula: Literal["all_abandons", "short_abandons_ignored"] = "all_abandons"
    short_abandons: Duration = Field(default=0, description="an abandon up to and including this wait is short")
    attribute_to: Literal["arrival", "outcome"] = "arrival"

    @model_validator(mode="after")
    def _short_is_known(self) -> Self:
        if self.formula == "short_abandons_ignored" and not self.short_abandons:
            raise ValueError(f"{self.formula} needs to know how short is short, like short_abandons: 5s")
        return self


class Wait(_Written):
    """How long contacts waited: the answered ones, the abandoned ones, or both."""

    kind: Literal["speed_of_answer", "time_to_abandon", "wait"]
    formula: DurationFormula = "mean"
    attribute_to: Literal["arrival", "outcome"] = "arrival"


class TalkTime(_Written):
    """From the answer to the end. Provisional until the contact has ended."""

    kind: Literal["talk_time"]
    formula: DurationFormula = "mean"
    attribute_to: Literal["arrival", "outcome"] = "arrival"


Measure = Annotated[ServiceLevel | Abandonment | Wait | TalkTime, Field(discriminator="kind")]


class Target(_Written):
    """What was promised: at least a share, or at most a share or a duration."""

    at_least: Bound | None = None
    at_most: Bound | None = None

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("a target has either at_least or at_most")
        return self

    @property
    def bound(self) -> Fraction:
        """The ratio, or the milliseconds."""
        bound = self.at_most if self.at_least is None else self.at_least
        assert bound is not None  # noqa: S101 - by _one_side
        return bound


class AlertPolicy(_Written):
    """When somebody must be told, and how bad it is."""

    window: WindowName = Field(description="which of the objective's windows alerts")
    breach_after: Duration = Field(default=0, description="how long the target must be missed before it is told")
    clear_after: Duration = Field(default=0, description="how long it must be met again before it is over")
    clear_at: Bound | None = Field(default=None, description="stricter than the target, against flapping")
    severity: Severity = "error"


class Objective(_Written):
    """One promise: what is counted, where, over which windows, against which target."""

    name: Label
    description: str = ""
    measure: Measure
    target: Target
    channel: Channel = "voice"
    queues: list[Name] | Literal["all"] = "all"
    judge: Literal["together", "each_queue", "both"] = "together"
    windows: list[WindowName] = Field(min_length=1)
    minimum_sample: Annotated[int, Field(ge=1)] = 1
    alert: AlertPolicy | None = None

    @model_validator(mode="after")
    def _target_fits_measure(self) -> Self:
        is_share = isinstance(self.measure, ServiceLevel | Abandonment)
        if is_share and self.target.bound > 1:
            raise ValueError(f'{self.measure.kind} is a share; its target looks like "90%"')
        if not is_share and self.target.at_most is None:
            raise ValueError(f"{self.measure.kind} is a duration; its target looks like at_most: 20s")
        return self

    @model_validator(mode="after")
    def _alert_has_its_window(self) -> Self:
        if self.alert and self.alert.window not in self.windows:
            raise ValueError(f"alert.window is {self.alert.window}, which is not one of this objective's windows")
        return self

    @model_validator(mode="after")
    def _clear_at_is_stricter(self) -> Self:
        if self.alert is None or self.alert.clear_at is None:
            return self
        clear_at, bound = self.alert.clear_at, self.target.bound
        if clear_at > bound if self.target.at_least is None else clear_at < bound:
            raise ValueError(
                "alert.clear_at is on the wrong side of the target: a breach would end before it is over"
            )
        return self


class Version(_Written):
    """What is promised from a day on, until the next version's day."""

    effective: date
    objectives: list[Objective] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [objective.name for objective in self.objectives]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two objectives are called {twice[0]}; each needs a name of its own")
        return self


class Contract(_Written):
    """What was promised to one client."""

    name: Label
    title: str = ""
    client: Name
    time_zone: Zone
    hours: str = Field(default="24/7", description="opening hours, in OpenStreetMap's syntax")
    holidays: Annotated[str, Field(pattern="^[A-Z]{2}$", examples=["FR"])] | None = Field(
        default=None, description="country whose public holidays PH in hours stands for"
    )
    lateness: Duration = Field(
        default=2 * _UNITS_MS["d"], description="how far behind the newest fact one may be and still count"
    )
    silence: Duration = Field(
        default=10 * _UNITS_MS["m"], description="no facts for so long in opening hours: the feed is silent"
    )
    alert_horizon: Duration = Field(
        default=_UNITS_MS["h"],
        description="while what is heard lies further back, nobody is told of it",
    )
    versions: list[Version] = Field(min_length=1)

    @model_validator(mode="after")
    def _versions_follow(self) -> Self:
        days = [version.effective for version in self.versions]
        if any(later <= earlier for earlier, later in pairwise(days)):
            raise ValueError("versions must follow each other: each effective date later than the one before")
        return self
