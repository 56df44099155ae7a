"""How sure a share is: Wilson's interval of the shares that chance may have made look like this one.

Whether a target lies outside is compared in whole numbers; only the quantile of the normal distribution is a
float, rounded to nine places before. The bounds themselves are floats, to be shown.
"""

from fractions import Fraction
from functools import cache
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

from sla_stream.measures import Reading


class Bounds(NamedTuple):
    """Where the true share lies."""

    low: float
    high: float


def excludes(reading: Reading, share: Fraction, confidence: Fraction) -> bool:
    """Whether a share lies outside of the interval, not on its edge: (g - pn)² > z² p(1 - p) n."""
    distance = reading.numerator - share * reading.denominator
    return distance**2 > _z_squared(confidence) * share * (1 - share) * reading.denominator


def bounds(reading: Reading, confidence: Fraction) -> Bounds | None:
    """The interval; None where there is no value."""
    n = reading.denominator
    if not n:
        return None
    z2, share = float(_z_squared(confidence)), reading.numerator / n
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    return Bounds(max(0.0, middle - half), min(1.0, middle + half))


@cache
def _z_squared(confidence: Fraction) -> Fraction:
    z = NormalDist().inv_cdf((1 + float(confidence)) / 2)
    return Fraction(round(z * z * 10**9), 10**9)
