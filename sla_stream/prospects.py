"""Will the target be met in the end? Seen from what is expected still to come, or from where the value is going.

Of a day, a month or a year: `t` being the target, `g` good of `n` so far, and `e` still expected, what is left
must reach the rate r = (t (n + e) - g) / e. More than all of them, and the period is lost; more than what came of
late - the newest third of what is over - and it is at risk. Where the target says at most, it is the other way
round.

Where a period is made of its intervals, they are what is counted: those that are over, and those in which anybody
is still expected, of which the running one is the first, since it may still turn.

Of a rolling window: at risk while it is met, if its newest third alone misses the target and is worse than its
oldest. Either way nothing is said from fewer than ten contacts.
"""

from fractions import Fraction
from typing import NamedTuple

from schemas.policies import Target
from schemas.verdicts import Reason, State
from sla_stream.measures import Reading
from sla_stream.verdict import Judgement, Part, meets

#: From fewer nobody can see where the value is going.
FEWEST = 10


class Ahead(NamedTuple):
    """How many are expected until the period's end, whether that is estimated, and what came of late.

    Of intervals `over` is what those came to that are over, and `recent` what the newest third of them did.
    """

    expected: int
    estimated: bool
    recent: Reading | Part
    over: Part | None = None


_AT_RISK = Judgement(State.AT_RISK, Reason.NEEDS_MORE_THAN_TREND)
_LOST = Judgement(State.LOST, Reason.OUT_OF_REACH)
_WORSE = Judgement(State.AT_RISK, Reason.GETTING_WORSE)


def rate_needed(reading: Reading | Part, target: Target, expected: int) -> Fraction | None:
    """The rate that those still expected must reach for the target to be met; None if nobody is expected."""
    good = target.bound * (reading.denominator + expected) - reading.numerator
    return good / expected if expected else None


def in_the_end(judgement: Judgement, reading: Reading, target: Target, ahead: Ahead, fewest: int) -> Judgement:
    """The judgement of a period that is not over."""
    needed = rate_needed(ahead.over or reading, target, ahead.expected)
    if judgement.state is not State.MET:
        is_lost = needed is None or (needed > 1 if target.at_most is None else needed < 0)
        return _LOST if is_lost else judgement
    is_known = needed is not None and ahead.recent.denominator >= max(fewest, FEWEST)
    return _AT_RISK if is_known and not meets(ahead.recent, target, needed) else judgement


def going_on(judgement: Judgement, oldest: Reading, newest: Reading, target: Target, fewest: int) -> Judgement:
    """The judgement of a rolling window that is met, with its oldest and its newest third."""
    if min(oldest.denominator, newest.denominator) < max(fewest, FEWEST) or meets(newest, target):
        return judgement
    is_worse = not meets(newest, target, Fraction(oldest.numerator, oldest.denominator))
    return _WORSE if is_worse else judgement
