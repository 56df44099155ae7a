"""Verdicts put together as people look at them: one tile for an objective in one place, with all its windows."""

from collections.abc import Sequence

from schemas.verdicts import Verdict
from schemas.wall import Figure, Tile
from sla_stream.promises import Promise
from sla_stream.wording import rounded


def tile_id(contract: str, objective: str, queue: str | None) -> str:
    """Readable, and the same on every worker; contracts have names that are theirs alone."""
    return ":".join((contract, objective, *([] if queue is None else [queue])))


def windows_of(promise: Promise) -> list[str]:
    """The objective's windows: first the one that people are told of, then as the contract names them."""
    policy, names = promise.objective.alert, [window.name for window in promise.windows]
    told = [policy.window] if policy else []
    return [*told, *(name for name in names if name not in told)]


def tile_of(promise: Promise, verdicts: Sequence[Verdict]) -> Tile:
    """One tile of its windows' verdicts, the one to show large first. All say who waits: the newest is taken."""
    newest = max(verdicts, key=lambda verdict: verdict.at)
    return Tile(
        id=tile_id(newest.contract, newest.objective, newest.queue),
        client=newest.client,
        contract=newest.contract,
        objective=newest.objective,
        description=promise.objective.description,
        time_zone=promise.zone.key,
        channel=newest.channel,
        queue=newest.queue,
        at=newest.at,
        catching_up=newest.catching_up,
        maintenance=newest.maintenance,
        figures=tuple(map(_figure, verdicts)),
        waiting=newest.waiting,
        waiting_past_threshold=newest.waiting_past_threshold,
        waiting_since=None if newest.longest_wait_ms is None else newest.at - newest.longest_wait_ms,
        crossing_soon=newest.crossing_soon,
        crossing_within_ms=newest.crossing_within_ms,
        open=newest.open,
        past_due=newest.past_due,
        due_soon=newest.due_soon,
    )


def _figure(verdict: Verdict) -> Figure:
    target = rounded(verdict.target, verdict.unit)
    value = verdict.value
    shown = None if value is None else rounded(value, verdict.unit, at_most=verdict.at_most).number
    return Figure(
        window=verdict.window,
        start=verdict.start,
        end=verdict.end,
        value=value,
        shown=shown,
        target=verdict.target,
        target_shown=target.number,
        places=target.places,
        unit=verdict.unit,
        at_most=verdict.at_most,
        numerator=verdict.numerator,
        denominator=verdict.denominator,
        sample=verdict.sample,
        excluded=verdict.excluded,
        state=verdict.state,
        reason=verdict.reason,
        finality=verdict.finality,
        rate_needed=verdict.rate_needed,
        expected=verdict.expected,
    )
