"""What an objective aims at, whom it is about, and when somebody is told."""

from fractions import Fraction
from typing import Annotated, Self

from pydantic import Field, model_validator

from schemas.alerts import Severity
from schemas.calendar import WindowName
from schemas.words import Name
from schemas.written import Bound, Duration, Written

Names = Annotated[list[Name], Field(min_length=1)]


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

    @property
    def highest_burn(self) -> Fraction | None:
        """How many times faster than allowed the tolerance can be used up at most; None: there is no tolerance."""
        tolerance = self.bound if self.at_least is None else 1 - self.bound
        return 1 / tolerance if tolerance else None


class Only(Written):
    """Contacts that an objective is about. Who is in none of the named ones is not counted."""

    priorities: Names | None = Field(default=None, description="by what was last said of the contact's priority")
    languages: Names | None = None
    tags: Names | None = Field(default=None, description="contacts with any of these tags")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.priorities or self.languages or self.tags):
            raise ValueError("only needs priorities, languages or tags; leave it out to count everybody")
        return self


class BurnRate(Written):
    """Tell when what may go wrong is used up too fast: lately, and over a longer time, too.

    90 % in time leaves 10 % to be late. With 40 % late, that is used up 4 times as fast as was allowed.
    """

    over: WindowName = Field(description="the longer window; the shorter one is the alert's own")
    factor: Annotated[Bound, Field(gt=1)] = Field(
        description="how many times as fast; it cannot be more than 1 / (1 - target)"
    )


class AlertPolicy(Written):
    """When somebody must be told, and how bad it is."""

    window: WindowName = Field(description="which of the objective's windows alerts")
    breach_after: Duration = Field(default=0, description="how long the target must be missed before it is told")
    clear_after: Duration = Field(default=0, description="how long it must be met again before it is over")
    at_risk_after: Duration | None = Field(
        default=None, description="how long it must be at risk before that is told, as a warning; left out, never"
    )
    clear_at: Bound | None = Field(default=None, description="stricter than the target, against flapping")
    severity: Severity = "error"
    burn_rate: BurnRate | None = Field(
        default=None, description="tell by how fast the tolerance is used up instead of by the target"
    )
    crossing_soon: Duration | None = Field(
        default=None, description="show how many callers will have waited too long within so long, like 5s"
    )
    due_soon: Duration | None = Field(
        default=None, description="show how many tickets or replies fall due within so long, like 30m"
    )

    @property
    def risk_severity(self) -> Severity:
        """A mere risk is a warning at most."""
        return "info" if self.severity == "info" else "warning"
