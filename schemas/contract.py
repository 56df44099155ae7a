"""A contract as its author writes it: what was promised to a client, in versions with effective dates.

OpenSLO's words are used where it has them (objective, target, window). Every key that is not named here is
refused, since a misspelt promise must not be kept in silence.
"""

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from schemas.calendar import CALENDAR, Exclusion, WindowName
from schemas.measures import Measure
from schemas.policies import AlertPolicy, Only, Target
from schemas.words import Channel, Name
from schemas.written import Bound, Duration, Label, Score, Written, Zone, duration_ms

_MOST_POINTS = 100
_MINUTE_MS, _HALF_HOUR_MS, _DAY_MS = 60_000, 1_800_000, 86_400_000

#: How the parts of a window make up its value.
Aggregation = Literal["occurrences", "time_slices", "mean_of_intervals"]


def _most(measure: Measure) -> int:
    """A share is at most all; of what was forecast more may come."""
    return 10 if measure.kind == "volume" else 1


class Objective(Written):
    """One promise: what is counted, where, over which windows, against which target."""

    name: Label
    description: str = ""
    measure: Measure
    target: Target
    channel: Channel | Annotated[list[Channel], Field(min_length=1)] = Field(
        default="voice", description="one, or a list of those that are counted together"
    )
    only: Only | None = Field(
        default=None, description="count contacts of these priorities, languages or tags only"
    )
    queues: list[Name] | Literal["all"] = "all"
    judge: Literal["together", "each_queue", "both"] = "together"
    windows: list[WindowName] = Field(min_length=1)
    aggregation: Aggregation = Field(
        default="occurrences",
        description="of days and longer windows: all contacts weigh the same (occurrences); the share of intervals"
        " that met the target (time_slices); or all intervals weigh the same (mean_of_intervals)",
    )
    interval: Literal["15m", "30m", "1h", "day"] | None = Field(
        default=None, description="of time_slices and mean_of_intervals: how long one is"
    )
    intervals_met: Target | None = Field(
        default=None, description="of time_slices: the share of intervals that must meet the target"
    )
    minimum_sample: Annotated[int, Field(ge=1)] = 1
    confidence: Bound | None = Field(
        default=None, description="missed only if chance explains it no longer, so surely, like 95%"
    )
    finalise_after: Duration | None = Field(
        default=None,
        description="so long after a window's end its figure is final: what changes it later is told as an"
        " adjustment; as long as the contract's lateness unless said otherwise",
    )
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
    def _channels_differ(self) -> Self:
        if len(set(self.channels)) < len(self.channels):
            raise ValueError("channel names one of them twice; keep one of them")
        return self

    @model_validator(mode="after")
    def _intervals_are_within_windows(self) -> Self:
        parts = (self.interval, self.intervals_met)
        if self.aggregation == "occurrences":
            if any(parts):
                raise ValueError("interval and intervals_met belong to time_slices and mean_of_intervals")
            return self
        if self.interval is None or (self.intervals_met is None) == (self.aggregation == "time_slices"):
            raise ValueError(
                "time_slices needs interval and intervals_met, mean_of_intervals needs interval alone,"
                " like interval: 30m"
            )
        if self.intervals_met and not 0 <= self.intervals_met.bound <= 1:
            raise ValueError('intervals_met is a share of intervals, like at_least: "95%"')
        if not any(map(self.is_of_intervals, self.windows)):
            raise ValueError(f"none of the windows is longer than its intervals of {self.interval}; add a month")
        return self

    @model_validator(mode="after")
    def _confidence_is_of_a_share(self) -> Self:
        if self.confidence is None:
            return self
        if self.measure.unit != "ratio" or self.aggregation == "mean_of_intervals":
            raise ValueError("confidence is known of shares of contacts or intervals only; leave it out here")
        if not Fraction(1, 2) <= self.confidence < 1:
            raise ValueError('confidence is from 50% to less than 100%, like "95%"')
        return self

    @model_validator(mode="after")
    def _volume_is_of_whole_quarters(self) -> Self:
        """A forecast is of all contacts of a queue in a quarter-hour, and may be told anew after it."""
        if self.measure.kind != "volume":
            return self
        if self.only or self.aggregation != "occurrences" or self.confidence:
            raise ValueError(
                "volume is held against a forecast of all contacts over the window;"
                " leave only, aggregation and confidence out"
            )
        if any(
            name.startswith("rolling") and duration_ms(name.split()[1]) < _HALF_HOUR_MS for name in self.windows
        ):
            raise ValueError(
                "forecasts are made by the quarter-hour, and a shorter window seldom holds a whole one;"
                " make it at least rolling 30m"
            )
        return self

    @model_validator(mode="after")
    def _alert_has_its_windows(self) -> Self:
        if self.alert is None:
            return self
        named = {"alert.window": self.alert.window}
        if burn := self.alert.burn_rate:
            named["alert.burn_rate.over"] = burn.over
        for key, window in named.items():
            if window not in self.windows:
                raise ValueError(f"{key} is {window}, which is not one of this objective's windows")
        if burn and (
            self.measure.unit != "ratio" or not all(name.startswith("rolling") for name in named.values())
        ):
            raise ValueError("alert.burn_rate is of a share, over two rolling windows")
        return self

    @model_validator(mode="after")
    def _may_be_at_risk(self) -> Self:
        if self.alert is None or self.alert.at_risk_after is None or self.confidence:
            return self
        window = self.alert.window
        is_share = self.measure.unit == "ratio" or (self.intervals_met and self.is_of_intervals(window))
        if self.alert.burn_rate or not is_share or window.startswith("interval"):
            raise ValueError(
                "alert.at_risk_after is of a share, over a rolling window or one of the calendar;"
                " nobody knows where anything else is going"
            )
        return self

    @model_validator(mode="after")
    def _clear_at_is_stricter(self) -> Self:
        if self.alert is None or self.alert.clear_at is None:
            return self
        target = self.target_over(self.alert.window)
        clear_at, bound = self.alert.clear_at, target.bound
        if clear_at > bound if target.at_least is None else clear_at < bound:
            raise ValueError(
                "alert.clear_at is on the wrong side of the target: a breach would end before it is over"
            )
        return self

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Those that are counted together."""
        return tuple(self.channel) if isinstance(self.channel, list) else (self.channel,)

    def is_of_intervals(self, window: str) -> bool:
        """Whether the window's value is made of its intervals."""
        return self.aggregation != "occurrences" and window in CALENDAR and window != self.interval

    def target_over(self, window: str) -> Target:
        """What the value over a window is held against."""
        return self.intervals_met if self.intervals_met and self.is_of_intervals(window) else self.target


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
    open_for: Duration = Field(
        default=90 * _DAY_MS,
        description="so long after its offer a contact is remembered for which something is still to be done,"
        " though nothing is heard of it for longer than lateness",
    )
    silence: Duration = Field(
        default=10 * _MINUTE_MS, description="no facts for so long in opening hours: the feed is silent"
    )
    alert_horizon: Duration = Field(
        default=60 * _MINUTE_MS,
        description="while what is heard lies further back, nobody is told of it",
    )
    fiscal_month_begins: Annotated[int, Field(ge=1, le=28)] | None = Field(
        default=None, description="the day on which a fiscal month begins: 22 if it goes from the 22nd to the 21st"
    )
    exclusions: list[Exclusion] = Field(
        default_factory=list, description="times that were agreed not to count: contacts are counted apart"
    )
    versions: list[Version] = Field(min_length=1)

    @model_validator(mode="after")
    def _fiscal_months_begin(self) -> Self:
        windows = {name for version in self.versions for one in version.objectives for name in one.windows}
        if "fiscal month" in windows and self.fiscal_month_begins is None:
            raise ValueError("a window is fiscal month; say on which day it begins, like fiscal_month_begins: 22")
        return self

    @model_validator(mode="after")
    def _versions_follow(self) -> Self:
        days = [version.effective for version in self.versions]
        if any(later <= earlier for earlier, later in pairwise(days)):
            raise ValueError("versions must follow each other: each effective date later than the one before")
        return self
