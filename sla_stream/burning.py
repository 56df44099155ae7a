"""How fast what may go wrong is used up: 1 is just as fast as the target allows over a whole period."""

from fractions import Fraction

from schemas.policies import Target
from sla_stream.measures import Reading


def burn_rate(reading: Reading, target: Target) -> Fraction | None:
    """The share that went wrong out of the share that may; None where either is unknown or none may at all."""
    highest = target.highest_burn
    if not reading.denominator or highest is None:
        return None
    share = Fraction(reading.numerator, reading.denominator)
    return highest * (share if target.at_least is None else 1 - share)
