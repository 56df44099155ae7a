"""Who is to be told of an alert that begins something, and when: by the routes, the alert and the clock."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from agents.notify.routes import Routes
from schemas.alerts import Alert
from schemas.notify import Route
from sla_stream.hours import Hours, parse

_FOREVER_MS = 366 * 86_400_000


class Step(NamedTuple):
    """One receiver, by the route of this number (from 0), at an instant of the wall clock (epoch ms).

    `held` says why that is not at once. One that `gathers` waits for others to be told of together.
    """

    receiver: str
    route: int
    due_ms: int
    held: tuple[str, ...] = ()
    gathers: bool = False
    unless_acknowledged: bool = False


def plan(routes: Routes, alert: Alert, now_ms: int) -> list[Step]:
    """Each receiver once: by the first route that names it, and as an escalation only where none does."""
    by_receiver: dict[str, Step] = {}
    for step in (*_first(routes, alert, now_ms), *_later(routes, alert, now_ms)):
        by_receiver.setdefault(step.receiver, step)
    return [by_receiver[receiver.name] for receiver in routes.receivers if receiver.name in by_receiver]


def _first(routes: Routes, alert: Alert, now_ms: int) -> Iterator[Step]:
    for number, route in _matching(routes, alert):
        free_ms, held = _free(routes, route, alert, now_ms)
        for receiver in routes.receivers:
            if receiver.name in route.receivers:
                gathers_ms = route.gather if receiver.is_for_people else 0
                yield Step(receiver.name, number, free_ms + gathers_ms, held, gathers=gathers_ms > 0)


def _later(routes: Routes, alert: Alert, now_ms: int) -> Iterator[Step]:
    for number, route in _matching(routes, alert):
        if route.escalate:
            free_ms, held = _free(routes, route, alert, now_ms)
            for name in route.escalate.receivers:
                due_ms = free_ms + route.escalate.after
                yield Step(name, number, due_ms, held, gathers=route.gather > 0, unless_acknowledged=True)


def _matching(routes: Routes, alert: Alert) -> Iterator[tuple[int, Route]]:
    return ((number, route) for number, route in enumerate(routes.routes) if route.mismatch(alert) is None)


def _free(routes: Routes, route: Route, alert: Alert, now_ms: int) -> tuple[int, tuple[str, ...]]:
    """When neither a mute nor quiet hours hold it back, and what did. Each may begin where another ends."""
    at_ms, held = now_ms, list[str]()
    while at_ms < now_ms + _FOREVER_MS:
        until = [(mute.ends_ms, f"muted: {mute.reason}") for mute in routes.mutes if mute.covers(alert, at_ms)]
        if route.quiet_hours and (hours := quiet(route.quiet_hours, route.time_zone)).is_open(at_ms):
            until.append((hours.open_until(at_ms), f"quiet hours {route.quiet_hours}"))
        if not until:
            break
        at_ms, why = max(until)
        held.append(why)
    return at_ms, tuple(held)


@lru_cache(maxsize=256)
def quiet(text: str, zone: str) -> Hours:
    """Quiet hours are open when it is quiet."""
    return parse(text, zone, None)
