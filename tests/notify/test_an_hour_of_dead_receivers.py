"""All receivers are down for an hour in which fifty episodes open and close."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
import pytest
from aiohttp import web

from schemas.alerts import Alert, AlertEvent
from tests.notify.desk import Clock, Desk, desk, pagerduty, webhook
from tests.notify.examples import NOW_MS, OPENED, RESOLVED
from tests.notify.listener import Behaviour, Listener, listening

pytestmark = pytest.mark.usefixtures("signing_secret", "routing_key")

EPISODES = 50
HOUR_MS = 3_600_000
BACK_MS = NOW_MS + HOUR_MS


@dataclass(frozen=True)
class Ended:
    """What the two receivers heard, and when the last of it was taken."""

    hook: Listener
    pager: Listener
    desk: Desk
    at_ms: int


@pytest.fixture(scope="module")
def ended() -> Ended:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SIGNING_SECRET", "whsec_a25vd24gdG8gdXMgYW5kIHRvIHRoZSByZWNlaXZlcg==")
        environment.setenv("ROUTING_KEY", "R0123456789abcdefghijklmnopqrstu")
        return asyncio.run(_story())


def test_everything_is_delivered(ended: Ended) -> None:
    assert {alert.id for alert in _told(ended.hook)} == {alert.id for _, alert in _alerts()}
    assert [outcome for outcome in ended.desk.outcomes if outcome.reason] == []
    assert len(ended.desk.outcomes) == 4 * EPISODES


def test_each_trigger_comes_before_its_resolve(ended: Ended) -> None:
    begun: set[str] = set()
    for event in _pages(ended.pager):
        if event["event_action"] == "trigger":
            begun.add(event["dedup_key"])
        else:
            assert event["dedup_key"] in begun
    assert len(begun) == EPISODES


def test_what_is_taken_is_not_told_again(ended: Ended) -> None:
    ids = [alert.id for alert in _told(ended.hook)]
    assert len(ids) == len(set(ids)) == 2 * EPISODES
    actions = [(event["dedup_key"], event["event_action"]) for event in _pages(ended.pager)]
    assert len(actions) == len(set(actions)) == 2 * EPISODES


def test_a_repetition_has_the_same_id(ended: Ended) -> None:
    assert {request.headers["webhook-id"] for request in ended.hook.heard} == {alert.id for _, alert in _alerts()}


def test_it_is_over_soon_after_they_are_back(ended: Ended) -> None:
    assert 0 <= ended.at_ms - BACK_MS <= 60_000


def test_dead_receivers_are_asked_now_and_then_and_not_by_all_that_waits(ended: Ended) -> None:
    # Each try waits for 15 s or so; a hundred messages that tried by themselves would ask far more often.
    assert len(ended.hook.heard) - 2 * EPISODES < HOUR_MS / 15_000 + 30


async def _story() -> Ended:
    clock = Clock()
    down = _down_until_back(clock)
    async with (
        listening(down) as hook,
        listening(down) as pager,
        desk(webhook("hook", hook.url), pagerduty("pager", pager.url), clock=clock) as told,
    ):
        for at_ms, alert in _alerts():
            while clock.ms < at_ms:
                if not any(told.book.outboxes()):
                    clock.ms = at_ms
                await asyncio.sleep(0.001)
            told.hear(alert)
        await told.until_done()
        return Ended(hook, pager, told, clock.ms)


def _alerts() -> Sequence[tuple[int, Alert]]:
    """An episode begins each minute, and is over twelve minutes later."""
    story: list[tuple[int, Alert]] = []
    for number in range(EPISODES):
        begins_ms, episode = NOW_MS + number * 60_000, f"{number:02}"
        story.append((begins_ms, replace(OPENED, id=f"{episode}-opened", episode=episode)))
        story.append((begins_ms + 540_000, replace(RESOLVED, id=f"{episode}-resolved", episode=episode)))
    return sorted(story, key=lambda one: one[0])


def _down_until_back(clock: Clock) -> Behaviour:
    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=503 if clock.ms < BACK_MS else 202)

    return answer


def _told(listener: Listener) -> list[Alert]:
    """What was taken: the tries after the last that failed."""
    bodies = [orjson.loads(request.body)["data"] for request in listener.heard[-2 * EPISODES :]]
    return [Alert(**{**body, "event": AlertEvent(body["event"])}) for body in bodies]


def _pages(listener: Listener) -> list[dict[str, Any]]:
    return [orjson.loads(request.body) for request in listener.heard[-2 * EPISODES :]]
