"""An objective judged at an instant, the newest of each kept on `sla.verdicts`."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, with_config

from schemas.tallies import Counts
from schemas.words import Channels, Count, Instant, Name, Unit


class State(StrEnum):
    """How an objective stands."""

    NO_DATA = "no_data"
    TOO_FEW = "too_few"
    MET = "met"
    AT_RISK = "at_risk"  # not missed, but it will be if it goes on like this; or missed, but perhaps by chance
    BREACHED = "breached"
    LOST = "lost"  # missed, and nothing that is still to come in this period can make up for it
    UNMEASURABLE = "unmeasurable"


class Reason(StrEnum):
    """Why it stands so; logs, metrics and alerts repeat this one word."""

    NOTHING_TO_JUDGE = "nothing_to_judge"  # no contact in the window: no verdict, never 100 %
    SAMPLE_TOO_SMALL = "sample_too_small"
    TARGET_MET = "target_met"
    TARGET_MISSED = "target_missed"
    NEEDS_MORE_THAN_TREND = "needs_more_than_trend"  # what is left must go better than what came of late
    GETTING_WORSE = "getting_worse"  # the newest third misses the target and is worse than the oldest
    MAY_BE_CHANCE = "may_be_chance"  # missed, but not so clearly as the contract's confidence asks
    OUT_OF_REACH = "out_of_reach"  # the rate needed on what is left is more than all, or less than none
    BURNING_FAST = "burning_fast"  # what may go wrong is used up too fast, lately and over the longer time
    FEED_SILENT = "feed_silent"  # no facts in opening hours: nothing can be said
    FEED_HEARD = "feed_heard"  # and now it can again
    NOT_PROMISED = "not_promised"  # the contract that said so is gone, or says something else


#: May a window's figure still change? Open while it runs; provisional until the contract calls it final; restated
#: when something changed it after that, of which an adjustment tells.
Finality = Literal["open", "provisional", "final", "restated"]


@with_config(ConfigDict(extra="forbid"))
@dataclass(slots=True, frozen=True, kw_only=True)
class Verdict:
    """`numerator / denominator` against the target, over [start, end). `queue` is null for all of them together.

    `waiting`, `waiting_past_threshold` and `longest_wait_ms` say what is true at `at` without any new fact.
    `parts`: what the contacts came to - resolved, repeated, undecided - where the value does not say it all.
    `catching_up`: older facts are still being worked off, so `at` is not now and the figures are of that time.
    `excluded` contacts of the window are left out of it; `maintenance` is the reason for which that is so now.
    From `value_low` to `value_high` the true value lies, as surely as the contract's confidence asks.
    `rate_needed` is what the value of the `expected` contacts still to come must be for the period to meet its
    target: expected by a forecast, or `estimated` from earlier weeks. Where the period is made of its intervals,
    `expected_are` those in which anybody will come, the running one among them. `crossing_soon` of those who wait
    will have waited too long within `crossing_within_ms`. Of what has a deadline, so much is `open`, `past_due`,
    or `due_soon`: within `due_within_ms`. `burn_rate`: so many times as fast as allowed.
    """

    type: Literal["verdict"] = "verdict"
    client: Name
    contract: Name
    objective: Name
    channel: Channels
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
    finality: Finality = "open"
    excluded: Count = 0
    maintenance: Name | None = None
    value_low: float | None = None
    value_high: float | None = None
    rate_needed: float | None = None
    expected: Count | None = None
    expected_are: Literal["contacts", "intervals"] = "contacts"
    estimated: bool = False
    crossing_soon: Count | None = None
    crossing_within_ms: Count | None = None
    open: Count | None = None
    past_due: Count | None = None
    due_soon: Count | None = None
    due_within_ms: Count | None = None
    burn_rate: float | None = None


VERDICT: TypeAdapter[Verdict] = TypeAdapter(Verdict)
