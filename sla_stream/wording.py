"""Figures and alerts as people read them."""

from schemas.verdicts import Unit, Verdict


def figure(value: float | None, unit: Unit) -> str:
    """A ratio as a percentage, a duration in seconds; or that there is none."""
    if value is None:
        return "no verdict"
    return f"{value:.1%}" if unit == "ratio" else f"{value / 1000:.1f} s"


def promised(verdict: Verdict) -> str:
    """The target, with its side."""
    return f"at {'most' if verdict.at_most else 'least'} {figure(verdict.target, verdict.unit)}"


def breach_opened(verdict: Verdict) -> str:
    """What a person needs to know first."""
    return (
        f"{_place(verdict)} is at {figure(verdict.value, verdict.unit)} over {verdict.window} "
        f"({verdict.sample} contacts); {promised(verdict)} was promised"
    )


def breach_resolved(verdict: Verdict) -> str:
    """That it is over, and how it stands now."""
    return f"{_place(verdict)} is back at {figure(verdict.value, verdict.unit)} over {verdict.window}"


def feed_silent(client: str, channel: str) -> str:
    """That nothing can be said."""
    return f"{client}: no {channel} facts arrive in opening hours; its figures cannot be measured"


def feed_resumed(client: str, channel: str) -> str:
    """That it can be said again."""
    return f"{client}: {channel} facts arrive again"


def no_longer_promised(client: str, contract: str, objective: str | None) -> str:
    """That a contract no longer says so."""
    return f"{client}: {objective or 'the feed'} is no longer promised by {contract}"


def _place(verdict: Verdict) -> str:
    return f"{verdict.client}: {verdict.objective} in {verdict.queue or 'all queues'}"
