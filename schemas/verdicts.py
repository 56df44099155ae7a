"""An objective judged at an instant, the newest of each kept on `sla.verdicts`."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, with_config

from schemas.tallies import Counts
from schemas.words import Channel, Count, Instant, Name, Unit


class State(StrEnum):
    """How an objective stands."""

    NO_DATA = "no_data"
    TOO_FEW = "too_few"
    MET = "met"
    BREACHED = "breached"
    UNMEASURABLE = "unmeasurable"


class Reason(StrEnum):
    """Why it stands so; logs, metrics and alerts repeat this one word."""

    NOTHING_TO_JUDGE = "nothing_to_judge"  # no contact in the window: no verdict, never 100 %
    SAMPLE_TOO_SMALL = "sample_too_small"
    TARGET_MET = "target_met"
    TARGET_MISSED = "target_missed"
    FEED_SILENT = "feed_silent"  # no facts in opening hours: nothing can be said
    FEED_HEARD = "feed_heard"  # and now it can again
    NOT_PROMISED = "not_promised"  # the contract that said so is gone, or says something else


@with_config(ConfigDict(extra="forbid"))
@dataclass(slots=True, frozen=True, kw_only=True)
class Verdict:
    """`numerator / denominator` against the target, over [start, end). `queue` is null for all of them together.

    `waiting`, `waiting_past_threshold` and `longest_wait_ms` say what is true at `at` without any new fact.
    `parts`: what the contacts came to - resolved, repeated, undecided - where the value does not say it all.
    `catching_up`: older facts are still being worked off, so `at` is not now and the figures are of that time.
    """

    type: Literal["verdict"] = "verdict"
    client: Name
    contract: Name
    objective: Name
    channel: Channel
    queue: Name | None
    window: Name
    start: Instant
    end: Instant
    at: Instant = field(compare=False)  # a verdict that says the same a second later is the same
    numerator: int
    denominator: int
    value: float | None
    unit: Unit
    target: float
    at_most: bool
    state: State
    reason: Reason
    sample: Count
    waiting: Count
    waiting_past_threshold: Count | None
    longest_wait_ms: Count | None
    catching_up: bool = False
    parts: Counts | None = None


VERDICT: TypeAdapter[Verdict] = TypeAdapter(Verdict)
