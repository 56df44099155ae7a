"""A clock that runs and stops: how much of a promised time is used, and when it will be used up.

A ticket's clock runs in business time, stops while the customer is asked back, and goes on when the ticket is
reopened. What is used stays used when it goes on by other hours and towards another target, as when a ticket
becomes urgent: so it may be too late already at that instant, or in time again.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from operator import ge, gt
from typing import NamedTuple

from schemas.words import LATEST_MS
from sla_stream.business_time import Time


class Run(NamedTuple):
    """From an instant (epoch ms) until the next run begins: the hours by which the clock goes, and its target.

    No hours: it stands still. No target: nothing was promised, so it is never too late.
    """

    from_ms: int
    hours: Time | None
    target_ms: int | None


def used_ms(runs: Sequence[Run]) -> int:
    """Time used when the last run begins; `runs` are in the order of time."""
    return sum(_passed_ms(run, following.from_ms) for run, following in pairwise(runs))


def due_ms(runs: Sequence[Run]) -> int | None:
    """Since when the target is used up, if no other run begins; None if it never will be.

    At that instant it is not yet too late, nor for as long afterwards as the clock stands still.
    """
    return _since(runs, ge, lambda hours, from_ms, left_ms: hours.due_ms(from_ms, left_ms))


def latest_ms(runs: Sequence[Run]) -> int | None:
    """The last instant at which no more than the target is used; None if more never will be."""
    return _since(runs, gt, lambda hours, from_ms, left_ms: hours.latest_ms(from_ms, left_ms))


def _since(
    runs: Sequence[Run],
    is_so: Callable[[int, int], bool],
    becomes_so: Callable[[Time, int, int], int | None],
) -> int | None:
    """Since when, without a break until the last run's end, the time used has been so compared to the target."""
    since, used = None, 0
    for run, end_ms in zip(runs, [*(run.from_ms for run in runs[1:]), LATEST_MS], strict=True):
        if run.target_ms is None or not is_so(used, run.target_ms):
            since = None
        elif since is None:
            since = run.from_ms
        if run.hours and run.target_ms is not None and since is None:
            at_ms = becomes_so(run.hours, run.from_ms, run.target_ms - used)
            since = at_ms if at_ms is not None and at_ms < end_ms else None
        if run is not runs[-1]:
            used += _passed_ms(run, end_ms)
    return since


def _passed_ms(run: Run, end_ms: int) -> int:
    return run.hours.elapsed_ms(run.from_ms, end_ms) if run.hours else 0
