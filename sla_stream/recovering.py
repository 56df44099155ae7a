"""What it takes until a missed share is met again."""

from fractions import Fraction
from math import ceil


def good_in_a_row(numerator: int, denominator: int, target: float, *, at_most: bool) -> int | None:
    """How many contacts in a row must be good until the share meets its target, if none leaves the window.

    None where no number is enough: all, or none at all, was promised. 0 where the target is met.
    """
    # Written as 0.9 it means nine tenths, and not what a float makes of it.
    wanted = Fraction(str(target))
    missing = numerator - wanted * denominator if at_most else wanted * denominator - numerator
    if missing <= 0:
        return 0
    gained_by_each = wanted if at_most else 1 - wanted
    return ceil(missing / gained_by_each) if gained_by_each > 0 else None
