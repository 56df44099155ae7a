"""Figures and alerts as people read them."""

from math import ceil, floor
from typing import NamedTuple

from schemas.verdicts import Reason, State, Verdict
from schemas.words import Unit


class _Shown(NamedTuple):
    """How a figure of some unit is shown: times `by`, to so many places, and what follows."""

    by: float
    places: int
    sign: str


_SHOWN: dict[Unit, _Shown] = {
    "ratio": _Shown(100, 1, "%"),
    "ms": _Shown(1 / 1000, 1, " s"),
    "points": _Shown(1, 1, " points"),
    "score": _Shown(1, 2, ""),
}


class Rounded(NamedTuple):
    """A figure as it is written, with so many places, and what follows it."""

    number: float
    places: int
    sign: str


def rounded(value: float, unit: Unit, *, at_most: bool = False) -> Rounded:
    """A ratio as a percentage, a duration in seconds, points and scores as they are.

    Rounded to the side that misses: 89.96 % is not the 90.0 % that were promised at least.
    """
    by, places, sign = _SHOWN[unit]
    # Beyond nine places there is nothing but what floats make of a ratio.
    steps = round(value * by * 10**places, 9)
    return Rounded((ceil(steps) if at_most else floor(steps)) / 10**places, places, sign)


def figure(value: float | None, unit: Unit, *, at_most: bool = False) -> str:
    """The rounded figure in words, or that there is none."""
    if value is None:
        return "no verdict"
    number, places, sign = rounded(value, unit, at_most=at_most)
    return f"{number:.{places}f}{sign}"


def stands(verdict: Verdict) -> str:
    """The value."""
    return figure(verdict.value, verdict.unit, at_most=verdict.at_most)


def promised(verdict: Verdict) -> str:
    """The target, with its side."""
    return f"at {'most' if verdict.at_most else 'least'} {figure(verdict.target, verdict.unit)}"


def breach_opened(verdict: Verdict) -> str:
    """What a person needs to know first."""
    if verdict.reason is Reason.BURNING_FAST and verdict.burn_rate is not None:
        return (
            f"{_place(verdict)} uses up what may go wrong {verdict.burn_rate:.1f} times as fast as allowed: "
            f"{stands(verdict)} over {verdict.window} ({verdict.sample} contacts)"
        )
    return (
        f"{_place(verdict)} is at {stands(verdict)} over {verdict.window} "
        f"({verdict.sample} contacts); {promised(verdict)} was promised"
    )


def target_lost(verdict: Verdict) -> str:
    """That nothing can save the period, and who says so."""
    source = "estimated from earlier weeks" if verdict.estimated else "forecast"
    return (
        f"{_place(verdict)} is at {stands(verdict)} over {verdict.window} and can no longer reach what was "
        f"promised, {promised(verdict)}, with the {verdict.expected} {verdict.expected_are} "
        f"that are still expected ({source})"
    )


def breach_resolved(verdict: Verdict) -> str:
    """That it is over, and how it stands now."""
    return f"{_place(verdict)} is back at {stands(verdict)} over {verdict.window}"


def risk_opened(verdict: Verdict) -> str:
    """That it is not missed yet, and what must not go on."""
    return (
        f"{_place(verdict)} is at risk at {stands(verdict)} over {verdict.window} "
        f"({verdict.sample} contacts); {promised(verdict)} was promised"
    )


def risk_resolved(verdict: Verdict) -> str:
    """That there is none any more, for better or worse."""
    if verdict.state in (State.BREACHED, State.LOST):
        return f"{_place(verdict)} is no longer at risk but missed, at {stands(verdict)} over {verdict.window}"
    return f"{_place(verdict)} is no longer at risk, at {stands(verdict)} over {verdict.window}"


def feed_silent(client: str, channel: str) -> str:
    """That nothing can be said."""
    return f"{client}: no {channel} facts arrive in opening hours; its figures cannot be measured"


def feed_resumed(client: str, channel: str) -> str:
    """That it can be said again."""
    return f"{client}: {channel} facts arrive again"


def no_longer_promised(client: str, contract: str, objective: str | None) -> str:
    """That a contract no longer says so."""
    return f"{client}: {objective or 'the feed'} is no longer promised by {contract}"


def no_longer_watched(client: str, contract: str, objective: str | None) -> str:
    """That a contract no longer has anybody told of risks."""
    return f"{client}: of risks of {objective} nobody is told any more by {contract}"


def _place(verdict: Verdict) -> str:
    return f"{verdict.client}: {verdict.objective} in {verdict.queue or 'all queues'}"
