"""Is the promise kept? A reading against its target, with the reason."""

from fractions import Fraction
from typing import NamedTuple

from schemas.contract import Objective
from schemas.policies import Target
from schemas.verdicts import Reason, State
from sla_stream.certainty import excludes
from sla_stream.measures import Reading


class Judgement(NamedTuple):
    """How it stands and why."""

    state: State
    reason: Reason


def judge(reading: Reading, objective: Objective, target: Target | None = None) -> Judgement:
    """Judge a window by the objective's target, or by that of its intervals.

    Nobody in it is no verdict, never 100 %; too small a sample says nothing either. Where the contract asks for
    confidence, what chance may explain is at risk, but not missed.
    """
    aimed_at = target or objective.target
    if not reading.denominator:
        return Judgement(State.NO_DATA, Reason.NOTHING_TO_JUDGE)
    if reading.sample < objective.minimum_sample:
        return Judgement(State.TOO_FEW, Reason.SAMPLE_TOO_SMALL)
    if meets(reading, aimed_at):
        return Judgement(State.MET, Reason.TARGET_MET)
    if objective.confidence and not excludes(reading, aimed_at.bound, objective.confidence):
        return Judgement(State.AT_RISK, Reason.MAY_BE_CHANCE)
    return Judgement(State.BREACHED, Reason.TARGET_MISSED)


class Part(NamedTuple):
    """Some of a window's intervals, all of the same weight: what they come to together, and how many they are."""

    numerator: Fraction
    denominator: int


SILENT = Judgement(State.UNMEASURABLE, Reason.FEED_SILENT)


def meets(reading: Reading | Part, target: Target, bound: Fraction | None = None) -> bool:
    """Whether the value is on the right side of the target, or of a stricter bound; being on it is right.

    Compared in whole numbers: 9 of 10 is 90 %, whatever a float makes of it.
    """
    limit = target.bound if bound is None else bound
    here, there = reading.numerator * limit.denominator, limit.numerator * reading.denominator
    return here <= there if target.at_least is None else here >= there


def value_of(reading: Reading) -> float | None:
    """The value as a number to show; None where there is no verdict."""
    return reading.numerator / reading.denominator if reading.denominator else None
