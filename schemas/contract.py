"""A contract as its author writes it: what was promised to a client, in versions with effective dates.

OpenSLO's words are used where it has them (objective, target, window). Every key that is not named here is
refused, since a misspelt promise must not be kept in silence.
"""

import re
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from schemas.alerts import Severity
from schemas.measures import Measure
from schemas.words import Channel, Name
from schemas.written import Bound, Duration, Label, Score, Written, Zone, duration_ms

_MOST_POINTS = 100
_MINUTE_MS, _DAY_MS = 60_000, 86_400_000
_WINDOW = r"(?:rolling|interval) \d+[smhd]|day|week|month"


def _window(text: str) -> str:
    if not re.fullmatch(_WINDOW, text):
        raise ValueError("a window is rolling 15m, interval 15m, 30m or 1h, day, week or month")
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


def _most(measure: Measure) -> int:
    """A share is at most all; of what was forecast more may come."""
    return 10 if measure.kind == "volume" else 1


class Target(Written):
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


class AlertPolicy(Written):
    """When somebody must be told, and how bad it is."""

    window: WindowName = Field(description="which of the objective's windows alerts")
    breach_after: Duration = Field(default=0, description="how long the target must be missed before it is told")
    clear_after: Duration = Field(default=0, description="how long it must be met again before it is over")
    clear_at: Bound | None = Field(default=None, description="stricter than the target, against flapping")
    severity: Severity = "error"


class Objective(Written):
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
        unit, bound = self.measure.unit, self.target.bound
        is_score = isinstance(bound, Score)
        if unit == "ratio" and (is_score or bound > _most(self.measure)):
            raise ValueError(f'{self.measure.kind} is a share; its target looks like "90%"')
        if unit == "ms" and (is_score or self.target.at_most is None or bound < 1):
            raise ValueError(f"{self.measure.kind} is a duration; its target looks like at_most: 20s")
        if unit == "score" and not is_score:
            raise ValueError(f"the mean of {self.measure.kind} is a score; its target looks like at_least: 4.2")
        if unit == "points" and (not is_score or abs(bound) > _MOST_POINTS):
            raise ValueError(
                f"{self.measure.kind} is in points from -100 to 100; its target looks like at_least: 30"
            )
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


class Version(Written):
    """What is promised from a day on, until the next version's day."""

    effective: date
    objectives: list[Objective] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [objective.name for objective in self.objectives]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two objectives are called {twice[0]}; each needs a name of its own")
        return self


class Contract(Written):
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
        default=2 * _DAY_MS, description="how far behind the newest fact one may be and still count"
    )
    silence: Duration = Field(
        default=10 * _MINUTE_MS, description="no facts for so long in opening hours: the feed is silent"
    )
    alert_horizon: Duration = Field(
        default=60 * _MINUTE_MS,
        description="while what is heard lies further back, nobody is told of it",
    )
    versions: list[Version] = Field(min_length=1)

    @model_validator(mode="after")
    def _versions_follow(self) -> Self:
        days = [version.effective for version in self.versions]
        if any(later <= earlier for earlier, later in pairwise(days)):
            raise ValueError("versions must follow each other: each effective date later than the one before")
        return self
