"""Alerts brought to receivers that are busy, broken, slow, gone or hostile."""

import asyncio
import logging
import time
from dataclasses import dataclass, replace

import pytest
from standardwebhooks import Webhook as Verifier

from agents.notify.line import Outcome
from agents.notify.retry import Policy
from schemas.alerts import UNDELIVERED, Undelivered, UndeliveredAlert
from tests.notify.desk import Clock, desk, ids, pagerduty, until, webhook
from tests.notify.examples import NOW_MS, OPENED, RESOLVED, SILENT
from tests.notify.listener import Behaviour, Listener, listening, no_end, reset, silence, status
from tests.parts.ports import free_port

pytestmark = pytest.mark.usefixtures("signing_secret", "routing_key")

#: Six tries in this time, if chance always takes the half of what it may; then it is given up.
FOUR_SECONDS = Policy(give_up_after=4)
ALL_PAUSES = [0.25, 0.5, 1.0, 2.0, 0.25]


@dataclass(frozen=True)
class Told:
    """What came of one alert for one receiver, what was kept of it, what was heard, and how long was slept."""

    outcome: Outcome
    undelivered: list[UndeliveredAlert]
    listener: Listener
    slept: list[float]


def test_who_takes_it_has_it_at_once() -> None:
    told = _tell(status(202))
    assert (told.outcome.key.receiver, told.outcome.tries, told.outcome.detail) == ("desk", 1, "HTTP 202")
    assert (told.outcome.reason, told.undelivered) == (None, [])
    assert (len(told.listener.heard), told.slept) == (1, [])


def test_who_is_broken_for_a_moment_has_it_at_the_next_try() -> None:
    told = _tell(status(500), status(200))
    assert (told.outcome.reason, told.outcome.tries, told.outcome.seconds) == (None, 2, 0.25)
    assert (len(told.listener.heard), told.slept) == (2, [0.25])


def test_every_try_has_the_same_id_and_its_own_time() -> None:
    heard = _tell(status(500), status(500), status(500), status(200)).listener.heard
    assert [request.headers["webhook-id"] for request in heard] == [OPENED.id] * 4
    # The tries are 0, 0.25, 0.75 and 1.75 s after the first.
    seconds = [int(request.headers["webhook-timestamp"]) - NOW_MS // 1000 for request in heard]
    assert seconds == [0, 0, 0, 1]
    signatures = [request.headers["webhook-signature"] for request in heard]
    assert signatures[0] == signatures[2] != signatures[3]


def test_what_arrives_is_what_was_signed(signing_secret: str) -> None:
    # The verifier takes what is at most five minutes old by the wall clock.
    (heard,) = _tell(status(200), clock=Clock(ms=int(time.time() * 1000))).listener.heard
    assert Verifier(signing_secret).verify(heard.body, heard.headers)["data"]["id"] == OPENED.id


def test_who_asks_for_time_gets_it() -> None:
    told = _tell(status(429, Retry_After="7"), status(200))
    assert (told.outcome.reason, told.slept) == (None, [7.0])


def test_who_asks_for_time_until_a_date_gets_it() -> None:
    half_a_minute_on = "Mon, 02 Nov 2026 10:01:00 GMT"
    assert _tell(status(503, Retry_After=half_a_minute_on), status(200)).slept == [30.0]


@pytest.mark.parametrize("code", [400, 401, 404, 410])
def test_who_refuses_it_is_not_asked_again(code: int) -> None:
    told = _tell(status(code), status(200))
    assert (told.outcome.reason, told.outcome.tries) == (Undelivered.REFUSED, 1)
    assert (told.outcome.detail, len(told.listener.heard)) == (f"HTTP {code}", 1)


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_who_sends_us_elsewhere_is_not_followed(code: int) -> None:
    told = _tell(status(code, Location="/elsewhere"), status(200))
    assert (told.outcome.reason, told.outcome.detail) == (Undelivered.REFUSED, f"HTTP {code}")
    assert [request.path for request in told.listener.heard] == ["/hook"]


def test_who_is_slow_is_not_waited_for() -> None:
    told = _tell(silence(asyncio.Event()), policy=Policy(timeout=0.3, give_up_after=0))
    assert (told.outcome.reason, told.outcome.tries) == (Undelivered.EXHAUSTED, 1)
    assert (told.outcome.detail, len(told.listener.heard)) == ("no answer within 0.3 s", 1)


def test_who_cuts_the_connection_is_tried_again() -> None:
    told = _tell(reset, status(200))
    assert (told.outcome.reason, told.outcome.tries, told.slept) == (None, 2, [0.25])


def test_an_answer_without_an_end_is_not_read() -> None:
    told = _tell(no_end, policy=Policy(timeout=5))
    assert (told.outcome.reason, told.outcome.detail) == (None, "HTTP 200")


def test_who_fails_at_every_try_is_given_up() -> None:
    told = _tell(status(500), policy=FOUR_SECONDS)
    assert (told.outcome.reason, told.outcome.tries) == (Undelivered.EXHAUSTED, 6)
    assert (len(told.listener.heard), told.slept) == (6, ALL_PAUSES)


def test_where_nobody_listens_it_is_given_up() -> None:
    async def story() -> tuple[list[Outcome], list[float]]:
        clock = Clock()
        nowhere = f"http://127.0.0.1:{free_port()}/"
        async with desk(webhook("desk", nowhere), clock=clock, policy=FOUR_SECONDS) as told:
            told.hear(OPENED)
            await told.until_done()
            return told.outcomes, clock.slept

    (outcome,), slept = asyncio.run(story())
    assert (outcome.reason, outcome.detail) == (Undelivered.EXHAUSTED, "ClientConnectorError")
    assert slept == ALL_PAUSES


def test_what_is_given_up_is_kept_whole() -> None:
    (kept,) = _tell(status(500), policy=FOUR_SECONDS).undelivered
    assert kept == UndeliveredAlert(
        alert=OPENED,
        receiver="desk",
        reason=Undelivered.EXHAUSTED,
        tries=6,
        detail="HTTP 500",
        at=NOW_MS + 4_000,
    )
    assert UNDELIVERED.validate_json(UNDELIVERED.dump_json(kept)) == kept


def test_a_resolve_waits_for_its_trigger() -> None:
    async def story() -> list[str]:
        async with (
            listening(status(500), status(500), status(200)) as listener,
            desk(webhook("desk", listener.url)) as told,
        ):
            told.hear(OPENED, RESOLVED)
            await told.until_done()
            return ids(listener)

    assert asyncio.run(story()) == [OPENED.id, OPENED.id, OPENED.id, RESOLVED.id]


def test_a_resolve_is_given_up_with_its_trigger_and_both_are_kept() -> None:
    other = replace(OPENED, id="other-opened", episode="other")

    async def story() -> tuple[list[str], list[UndeliveredAlert]]:
        async with listening(status(400), status(200)) as listener, desk(webhook("desk", listener.url)) as told:
            told.hear(OPENED, RESOLVED)
            await told.until_done()
            told.hear(other)
            await told.until_done()
            return ids(listener), told.undelivered

    heard, kept = asyncio.run(story())
    assert heard == [OPENED.id, other.id]
    assert [(one.alert.id, one.tries, one.detail) for one in kept] == [
        (OPENED.id, 1, "HTTP 400"),
        (RESOLVED.id, 0, "what it follows was given up"),
    ]


def test_a_message_that_fails_delays_no_other_episode() -> None:
    other = replace(OPENED, id="other-opened", episode="other")

    async def story() -> list[str]:
        async with (
            listening(status(500), status(200)) as listener,
            desk(webhook("desk", listener.url)) as told,
        ):
            told.hear(OPENED, RESOLVED, other)
            await told.until_done()
            return ids(listener)

    assert asyncio.run(story()) == [OPENED.id, other.id, OPENED.id, RESOLVED.id]


def test_a_receiver_that_seems_dead_is_asked_by_one_message_at_a_time() -> None:
    alerts = [replace(OPENED, id=f"{number}-opened", episode=str(number)) for number in range(20)]

    async def story() -> tuple[list[str], float]:
        dead = [status(503)] * 12
        async with (
            listening(*dead, status(200)) as listener,
            desk(webhook("desk", listener.url)) as told,
        ):
            told.hear(*alerts)
            await told.until_done()
            return ids(listener), (told.clock.ms - NOW_MS) / 1000

    heard, took_s = asyncio.run(story())
    # Twenty that tried by themselves would have sent a hundred before the twelfth had failed.
    assert len(heard) == 12 + 20
    assert set(heard) == {alert.id for alert in alerts}
    # From the fifth failure on, half of 0.5, 1, 2, 4, 8, 16, 30, and 30 s.
    assert took_s == pytest.approx(45.75, abs=1)


def test_a_dead_receiver_delays_no_other() -> None:
    alerts = (OPENED, SILENT, RESOLVED)
    wanted = [alert.id for alert in alerts]

    async def story() -> None:
        revived = asyncio.Event()
        async with (
            listening(silence(revived)) as dead,
            listening(status(200)) as alive,
            desk(webhook("dead", dead.url), webhook("alive", alive.url)) as told,
        ):
            told.hear(*alerts)
            await until(lambda: sorted(ids(alive)) == sorted(wanted))
            assert len(ids(dead)) == 1
            revived.set()
            await told.until_done()
            assert sorted(ids(dead)) == sorted(wanted)

    asyncio.run(story())


def test_there_is_one_outcome_for_each_receiver() -> None:
    async def story() -> list[Outcome]:
        async with (
            listening(status(400)) as refuses,
            listening(status(500)) as fails,
            listening(status(200)) as takes,
            desk(
                webhook("refuses", refuses.url),
                webhook("fails", fails.url),
                webhook("takes", takes.url),
                policy=FOUR_SECONDS,
            ) as told,
        ):
            told.hear(OPENED)
            await told.until_done()
            return told.outcomes

    assert {outcome.key.receiver: outcome.reason for outcome in asyncio.run(story())} == {
        "refuses": Undelivered.REFUSED,
        "fails": Undelivered.EXHAUSTED,
        "takes": None,
    }


@pytest.mark.parametrize(
    "behaviour", [status(200), status(400), status(500), reset], ids=["taken", "refused", "failed", "cut"]
)
def test_no_secret_is_logged_or_kept(
    behaviour: Behaviour, signing_secret: str, routing_key: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    private = "part-of-a-url"

    async def story() -> list[Outcome]:
        async with listening(behaviour) as listener:
            url = f"{listener.url}/{private}"
            receivers = webhook("desk", url), pagerduty("on-call", url)
            async with desk(*receivers, policy=FOUR_SECONDS) as told:
                told.hear(OPENED)
                await told.until_done()
                return told.outcomes

    shown = repr(asyncio.run(story())) + caplog.text
    assert all(word in caplog.text for word in (OPENED.id, "desk", "on-call"))
    assert not [secret for secret in (signing_secret, routing_key, private) if secret in shown]


def test_what_a_receiver_says_is_not_repeated(routing_key: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told = _tell(status(400, body=f"no such key: {routing_key}", X_Key=routing_key))
    assert routing_key not in repr(told.outcome) + caplog.text


def _tell(*behaviours: Behaviour, policy: Policy | None = None, clock: Clock | None = None) -> Told:
    """Tell one receiver, which behaves so, of the opening."""
    clock = clock or Clock()

    async def story() -> Told:
        async with (
            listening(*behaviours) as listener,
            desk(webhook("desk", listener.url), policy=policy, clock=clock) as told,
        ):
            told.hear(OPENED)
            await told.until_done()
            (outcome,) = told.outcomes
            return Told(outcome, told.undelivered, listener, clock.slept)

    return asyncio.run(story())
