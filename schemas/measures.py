"""What a contract can have measured: each kind with the choices that decide how a contact counts.

What they mean, and how they are counted, is in `sla_stream/measures`.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from schemas.facts import FlowOutReason
from schemas.words import Name, Unit
from schemas.written import Duration, Written

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

#: A share that was in time, or one of the durations.
WithinFormula = Annotated[
    str,
    Field(
        pattern=r"^(within|mean|longest|p[1-9]\d?)$",
        description="within, mean, longest, or a percentile from p1 to p99",
        examples=["within", "mean", "p95"],
    ),
]
#: Whether time passes always, or in the contract's opening hours only.
Clock = Literal["always", "opening_hours"]


class ServiceLevel(Written):
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

    @property
    def unit(self) -> Unit:
        """A share."""
        return "ratio"

    @model_validator(mode="after")
    def _short_is_no_longer_than_threshold(self) -> Self:
        if self.short_abandons > self.threshold:
            raise ValueError("short_abandons is longer than threshold; make it at most as long")
        if self.formula.startswith("short_abandons") and not self.short_abandons:
            raise ValueError(f"{self.formula} needs to know how short is short, like short_abandons: 5s")
        return self


class Abandonment(Written):
    """The share of contacts whose customer gave up waiting."""

    kind: Literal["abandonment"]
    formula: Literal["all_abandons", "short_abandons_ignored"] = "all_abandons"
    short_abandons: Duration = Field(default=0, description="an abandon up to and including this wait is short")
    attribute_to: Literal["arrival", "outcome"] = "arrival"

    @property
    def unit(self) -> Unit:
        """A share."""
        return "ratio"

    @model_validator(mode="after")
    def _short_is_known(self) -> Self:
        if self.formula == "short_abandons_ignored" and not self.short_abandons:
            raise ValueError(f"{self.formula} needs to know how short is short, like short_abandons: 5s")
        return self


class Wait(Written):
    """How long contacts waited: the answered ones, the abandoned ones, or both."""

    kind: Literal["speed_of_answer", "time_to_abandon", "wait"]
    formula: DurationFormula = "mean"
    attribute_to: Literal["arrival", "outcome"] = "arrival"

    @property
    def unit(self) -> Unit:
        """A duration."""
        return "ms"


class Handling(Written):
    """How long answered contacts took: talk, hold, the work afterwards, all three. Provisional until the end."""

    kind: Literal["talk_time", "hold_time", "wrap_up_time", "handle_time"]
    formula: DurationFormula = "mean"
    attribute_to: Literal["arrival", "outcome"] = "arrival"

    @property
    def unit(self) -> Unit:
        """A duration."""
        return "ms"


class _Timed(Written):
    """Something that is to be done within a time: the share that was, or how long it took."""

    formula: WithinFormula = "within"
    within: Duration | None = None

    @property
    def unit(self) -> Unit:
        """A share, or a duration."""
        return "ratio" if self.formula == "within" else "ms"

    @model_validator(mode="after")
    def _within_is_known(self) -> Self:
        if (self.formula == "within") != (self.within is not None):
            raise ValueError("within belongs to formula: within, which needs it, like within: 4h")
        return self


class Response(_Timed):
    """From what a customer wrote to the reply: the first of a conversation, or each."""

    kind: Literal["first_response", "next_response"]
    within: Duration | None = Field(default=None, description="a reply after up to and including this is in time")
    by: Literal["agent", "agent_or_bot"] = Field(default="agent", description="whose replies count")
    clock: Clock = "always"
    begins_anew_after: Duration | None = Field(
        default=None, description="a message after so long a silence begins another conversation"
    )
    attribute_to: Literal["arrival", "outcome"] = Field(
        default="arrival", description="the instant of the message, or of the reply"
    )


class Term(Written):
    """What is promised to tickets of one priority."""

    within: Duration
    clock: Clock = "opening_hours"


class Resolution(_Timed):
    """From a ticket's opening until it is resolved, less the time for which it was paused."""

    kind: Literal["resolution"]
    within: Duration | None = Field(default=None, description="for priorities that are not named")
    clock: Clock = "opening_hours"
    priorities: dict[Name, Term] = Field(default_factory=dict)
    attribute_to: Literal["arrival", "outcome", "settled"] = Field(
        default="settled",
        description="settled: when it is resolved, or when it falls due if that is earlier",
    )


class Share(Written):
    """A share of contacts that went one way: passed on, answered by a machine alone, opened again."""

    kind: Literal["transfer", "containment", "escalation", "reopening"]
    attribute_to: Literal["arrival", "outcome"] = "arrival"

    @property
    def unit(self) -> Unit:
        """A share."""
        return "ratio"


class FlowOut(Written):
    """The share of contacts that left their queue without an agent and without giving up."""

    kind: Literal["flow_out"]
    reasons: list[FlowOutReason] | Literal["all"] = "all"
    attribute_to: Literal["arrival", "outcome"] = "arrival"

    @property
    def unit(self) -> Unit:
        """A share."""
        return "ratio"


class Callback(Written):
    """The share of promised callbacks that were made in time."""

    kind: Literal["callback"]
    within: Duration
    clock: Clock = "opening_hours"
    attribute_to: Literal["arrival", "outcome"] = Field(
        default="arrival", description="the instant at which it was asked for, or made"
    )

    @property
    def unit(self) -> Unit:
        """A share."""
        return "ratio"


class Dropped(Written):
    """The share of answered contacts that were over at once: lines that broke, buttons pressed by mistake."""

    kind: Literal["dropped"]
    within: Duration = Field(default=5_000, description="an end up to and including this after the answer")
    attribute_to: Literal["arrival", "outcome"] = "arrival"

    @property
    def unit(self) -> Unit:
        """A share."""
        return "ratio"


class FirstContactResolution(Written):
    """The share of contacts after which the customer had no need of another."""

    kind: Literal["first_contact_resolution"]
    by: Literal["repeat_contact", "agent", "survey"]
    within: Duration = Field(default=7 * 86_400_000, description="by repeat_contact: nobody came back for so long")
    counted_from: Literal["offered", "ended"] = "offered"
    repeats_in: Literal["any_queue", "same_queue"] = "any_queue"
    base: Literal["answered", "offered"] = "answered"
    value: Literal["final", "so_far"] = Field(
        default="final", description="final: only contacts whose whole period was seen; so_far: all"
    )
    question: Name = Field(default="resolution", description="by survey: the question that asks for it")
    yes: int = Field(default=1, description="by survey: the lowest score that says yes")

    @property
    def unit(self) -> Unit:
        """A share."""
        return "ratio"

    @model_validator(mode="after")
    def _written_is_meant(self) -> Self:
        idle = [name for name in ("within", "repeats_in", "base", "value") if name in self.model_fields_set]
        if idle and self.by != "repeat_contact":
            raise ValueError(f"{', '.join(idle)} would change nothing by {self.by}; leave it out")
        return self


class RepeatAbandonment(Written):
    """The share of abandoned contacts whose customer had given up before, not long ago."""

    kind: Literal["repeat_abandonment"]
    within: Duration = 86_400_000

    @property
    def unit(self) -> Unit:
        """A share."""
        return "ratio"


class Satisfaction(Written):
    """What customers answered: the share of the best answers, or their mean (CSAT, CES)."""

    kind: Literal["csat", "ces"]
    question: Name | None = Field(default=None, description="if it is not called like the kind")
    scale: tuple[int, int] = (1, 5)
    formula: Literal["top_boxes", "mean"] = "top_boxes"
    boxes: Annotated[int, Field(ge=1)] = Field(default=2, description="how many of the best answers are good")
    attribute_to: Literal["arrival", "answer"] = "arrival"

    @property
    def unit(self) -> Unit:
        """A share, or a score of the scale."""
        return "ratio" if self.formula == "top_boxes" else "score"

    @model_validator(mode="after")
    def _boxes_are_on_the_scale(self) -> Self:
        low, high = self.scale
        if low >= high:
            raise ValueError("a scale goes from its worst score up to its best, like [1, 5]")
        if self.boxes > high - low:
            raise ValueError(f"{self.boxes} of the {high - low + 1} scores would leave none that is not good")
        return self


class Promoters(Written):
    """Net promoter score: the share of 9 and 10 less that of 0 to 6, in points from -100 to 100."""

    kind: Literal["nps"]
    question: Name = "nps"
    attribute_to: Literal["arrival", "answer"] = "arrival"

    @property
    def unit(self) -> Unit:
        """Points."""
        return "points"


class ResponseRate(Written):
    """The share of contacts that are over whose customer answered a question."""

    kind: Literal["response_rate"]
    question: Name = "csat"

    @property
    def unit(self) -> Unit:
        """A share."""
        return "ratio"


class Occupancy(Written):
    """The share of their time at work for which agents had a contact."""

    kind: Literal["occupancy"]

    @property
    def unit(self) -> Unit:
        """A share."""
        return "ratio"


class Volume(Written):
    """Contacts offered, out of those that were forecast."""

    kind: Literal["volume"]

    @property
    def unit(self) -> Unit:
        """A share, which may be more than all."""
        return "ratio"


def by_customer(spec: "Measure") -> bool:
    """Whether it is counted by what else a contact's customer did."""
    return isinstance(spec, RepeatAbandonment) or (
        isinstance(spec, FirstContactResolution) and spec.by == "repeat_contact"
    )


Measure = Annotated[
    ServiceLevel
    | Abandonment
    | Wait
    | Handling
    | Response
    | Resolution
    | Share
    | FlowOut
    | Callback
    | Dropped
    | FirstContactResolution
    | RepeatAbandonment
    | Satisfaction
    | Promoters
    | ResponseRate
    | Occupancy
    | Volume,
    Field(discriminator="kind"),
]
