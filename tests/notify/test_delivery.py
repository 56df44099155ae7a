"""Alerts brought to receivers that are busy, broken, slow, gone or hostile."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import orjson
import pytest
from standardwebhooks import Webhook as Verifier

from agents.notify.delivery import Deliverer, Outcome
from agents.notify.retry import Policy
from agents.notify.routes import Routes
from schemas.alerts import UNDELIVERED, Undelivered, UndeliveredAlert
from tests.notify.examples import NOW_MS, OPENED, RESOLVED, SILENT
from tests.notify.listener import Behaviour, Listener, listening, no_end, reset, silence, status
from tests.parts.ports import free_port

pytestmark = pytest.mark.usefixtures("signing_secret", "routing_key")

Settings = dict[str, object]

#: Nothing here takes as long, unless it is waited for.
DEADLINE_S = 3

#: Between six tries, if chance always takes the half of what it may.
ALL_PAUSES = [0.25, 0.5, 1.0, 2.0, 4.0]


@dataclass
class Clock:
    """Time that passes only while somebody sleeps."""

    ms: int = NOW_MS
    slept: list[float] = field(default_factory=list)

    def now_ms(self) -> int:
        return self.ms

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.ms += int(seconds * 1000)
        # Others get a turn, as they do in a true sleep.
        await asyncio.sleep(0.001)


@dataclass(frozen=True)
class Told:
    """What came of one alert for one receiver, what that receiver heard, and how long was slept."""

    outcome: Outcome
    listener: Listener
    slept: list[float]


def test_who_takes_it_has_it_at_once() -> None:
    told = _tell(status(202))
    assert (told.outcome.receiver, told.outcome.tries, told.outcome.detail) == ("desk", 1, "HTTP 202")
    assert (told.outcome.reason, told.outcome.undelivered) == (None, None)
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
    told = _tell(silence(asyncio.Event()), policy=Policy(tries=2, timeout=0.05))
    assert (told.outcome.reason, told.outcome.tries) == (Undelivered.EXHAUSTED, 2)
    assert (told.outcome.detail, len(told.listener.heard)) == ("no answer within 0.05 s", 2)


def test_who_cuts_the_connection_is_tried_again() -> None:
    told = _tell(reset, status(200))
    assert (told.outcome.reason, told.outcome.tries, told.slept) == (None, 2, [0.25])


def test_an_answer_without_an_end_is_not_read() -> None:
    told = _tell(no_end, policy=Policy(tries=1, timeout=5))
    assert (told.outcome.reason, told.outcome.detail) == (None, "HTTP 200")


def test_who_fails_at_every_try_is_given_up() -> None:
    told = _tell(status(500))
    assert (told.outcome.reason, told.outcome.tries) == (Undelivered.EXHAUSTED, 6)
    assert (len(told.listener.heard), told.slept) == (6, ALL_PAUSES)


def test_where_nobody_listens_it_is_given_up() -> None:
    async def story() -> tuple[list[Outcome], list[float]]:
        clock = Clock()
        nowhere = f"http://127.0.0.1:{free_port()}/"
        async with _deliverer(_webhook("desk", nowhere), clock=clock) as deliverer:
            return await deliverer.deliver(OPENED), clock.slept

    (outcome,), slept = asyncio.run(story())
    assert (outcome.reason, outcome.detail) == (Undelivered.EXHAUSTED, "ClientConnectorError")
    assert slept == ALL_PAUSES


def test_what_is_given_up_is_kept_whole() -> None:
    kept = _tell(status(500)).outcome.undelivered
    assert kept == UndeliveredAlert(
        alert=OPENED,
        receiver="desk",
        reason=Undelivered.EXHAUSTED,
        tries=6,
        detail="HTTP 500",
        at=NOW_MS + 7_750,
    )
    assert UNDELIVERED.validate_json(UNDELIVERED.dump_json(kept)) == kept


def test_a_resolve_waits_for_its_trigger() -> None:
    async def story() -> list[str]:
        async with (
            listening(status(500), status(500), status(200)) as desk,
            _deliverer(_webhook("desk", desk.url)) as deliverer,
        ):
            await asyncio.gather(deliverer.deliver(OPENED), deliverer.deliver(RESOLVED))
            return _ids(desk)

    assert asyncio.run(story()) == [OPENED.id, OPENED.id, OPENED.id, RESOLVED.id]


def test_a_dead_receiver_delays_no_other() -> None:
    alerts = (OPENED, SILENT, RESOLVED)
    ids = [alert.id for alert in alerts]

    async def story() -> None:
        revived = asyncio.Event()
        async with (
            listening(silence(revived)) as dead,
            listening(status(200)) as alive,
            _deliverer(_webhook("dead", dead.url), _webhook("alive", alive.url)) as deliverer,
        ):
            deliveries = asyncio.gather(*(deliverer.deliver(alert) for alert in alerts))
            await _until(lambda: _ids(alive) == ids)
            assert _ids(dead) == ids[:1]
            revived.set()
            await deliveries
            assert _ids(dead) == ids

    asyncio.run(story())


def test_there_is_one_outcome_for_each_receiver() -> None:
    async def story() -> list[Outcome]:
        async with (
            listening(status(400)) as refuses,
            listening(status(500)) as fails,
            listening(status(200)) as takes,
            _deliverer(
                _webhook("refuses", refuses.url), _webhook("fails", fails.url), _webhook("takes", takes.url)
            ) as deliverer,
        ):
            return await deliverer.deliver(OPENED)

    assert [(outcome.receiver, outcome.reason) for outcome in asyncio.run(story())] == [
        ("refuses", Undelivered.REFUSED),
        ("fails", Undelivered.EXHAUSTED),
        ("takes", None),
    ]


def test_without_receivers_there_is_nothing_to_do() -> None:
    async def story() -> list[Outcome]:
        async with _deliverer() as deliverer:
            return await deliverer.deliver(OPENED)

    assert asyncio.run(story()) == []


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
            async with _deliverer(_webhook("desk", url), _pagerduty("on-call", url)) as deliverer:
                return await deliverer.deliver(OPENED)

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
            asyncio.timeout(DEADLINE_S),
            listening(*behaviours) as listener,
            _deliverer(_webhook("desk", listener.url), policy=policy, clock=clock) as deliverer,
        ):
            (outcome,) = await deliverer.deliver(OPENED)
            return Told(outcome, listener, clock.slept)

    return asyncio.run(story())


@asynccontextmanager
async def _deliverer(
    *receivers: Settings, policy: Policy | None = None, clock: Clock | None = None
) -> AsyncIterator[Deliverer]:
    """All receivers are told of everything; chance always says the half."""
    routes = [{"receivers": [receiver["name"]]} for receiver in receivers]
    clock = clock or Clock()
    async with aiohttp.ClientSession() as session:
        yield Deliverer(
            Routes.model_validate({"receivers": receivers, "routes": routes}),
            session,
            clock.now_ms,
            lambda: 0.5,
            policy=policy or Policy(),
            sleep=clock.sleep,
        )


def _webhook(name: str, url: str) -> Settings:
    return {"name": name, "sink": "webhook", "url": url, "secret": {"env": "SIGNING_SECRET"}}


def _pagerduty(name: str, url: str) -> Settings:
    return {"name": name, "sink": "pagerduty", "url": url, "routing_key": {"env": "ROUTING_KEY"}}


def _ids(listener: Listener) -> list[str]:
    return [orjson.loads(request.body)["data"]["id"] for request in listener.heard]


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what a server has heard is no event
            await asyncio.sleep(0.005)
