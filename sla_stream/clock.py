"""A clock that runs and stops: how much of a promised time is used, and when it will be used up.

A ticket's clock runs in business time, stops while the customer is asked back, and goes on when the ticket is
reopened. What is used stays used when the clock goes on by other hours, as when a ticket becomes urgent.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from schemas.words import LATEST_MS
from sla_stream.business_time import Time


class Run(NamedTuple):
    """From an instant (epoch ms) until the next run begins, the clock goes by these hours, or stands still."""

    from_ms: int
    hours: Time | None


def used_ms(runs: Sequence[Run], until_ms: int) -> int:
    """Time used until an instant; `runs` are in the order of time."""
    return sum(
        hours.elapsed_ms(from_ms, min(end_ms, until_ms))
        for from_ms, hours, end_ms in _with_ends(runs, until_ms)
        if hours is not None and from_ms < until_ms
    )


def due_ms(runs: Sequence[Run], target_ms: int) -> int | None:
    """The earliest instant by which so much is used, if no other run begins; None if that never comes.

    At that instant it is not yet too late, nor for as long afterwards as the clock stands still.
    """
    left_ms = target_ms
    for from_ms, hours, end_ms in _with_ends(runs, LATEST_MS):
        if hours is None:
            continue
        due = hours.due_ms(from_ms, left_ms)
        if due is not None and due <= end_ms:
            return due
        left_ms -= hours.elapsed_ms(from_ms, end_ms)
    return None


def _with_ends(runs: Sequence[Run], last_ms: int) -> Iterator[tuple[int, Time | None, int]]:
    """From when, by which hours, until when; the last until the given instant."""
    for run, end_ms in zip(runs, [*(run.from_ms for run in runs[1:]), last_ms], strict=True):
        yield run.from_ms, run.hours, end_ms
