"""What is true now without any new fact: who waits, for how long, and who waits past the threshold."""

from typing import NamedTuple

from schemas.contract import Objective
from schemas.measures import ServiceLevel
from sla_stream.due import Open
from sla_stream.waiting import Waiting


class Standing(NamedTuple):
    """At one instant. `past_threshold` is None where the objective has no threshold; no wait, no longest.

    `crossing_soon` of those who wait will be past it before so long is over as the alert looks ahead. What has a
    deadline is `open`, `past_due`, or `due_soon`, by as much as the alert looks ahead; None where nothing has any.
    `goes_on`: it will be otherwise in a moment, as somebody waits or something is to be done.
    """

    waiting: int
    past_threshold: int | None
    longest_wait_ms: int | None
    crossing_soon: int | None = None
    open: int | None = None
    past_due: int | None = None
    due_soon: int | None = None
    goes_on: bool = False


def standing(waiting: Waiting, now_ms: int, objective: Objective, todo: Open | None = None) -> Standing:
    """Whoever was offered by now waits; at exactly the threshold nobody is past it yet (all epoch ms)."""
    past = crossing = None
    if isinstance(objective.measure, ServiceLevel):
        past_ms = now_ms - objective.measure.threshold
        past = waiting.offered(0, past_ms)
        if objective.alert and (soon_ms := objective.alert.crossing_soon):
            crossing = waiting.offered(past_ms, min(past_ms + soon_ms, now_ms + 1))
    first_ms = waiting.first()
    longest_ms = None if first_ms is None or first_ms > now_ms else now_ms - first_ms
    now = Standing(waiting.offered(0, now_ms + 1), past, longest_ms, crossing, goes_on=first_ms is not None)
    if todo is None:
        return now
    soon_ms = objective.alert.due_soon if objective.alert else None
    due_soon = None if soon_ms is None else todo.due_until(now_ms, now_ms + soon_ms)
    count = todo.count()
    goes_on = now.goes_on or count > 0
    return now._replace(open=count, past_due=todo.late(now_ms), due_soon=due_soon, goes_on=goes_on)
