"""An alert brought to its receivers over HTTP, to each as if it were the only one.

Logs name the receiver and the alert. What was sent, where to and what came back may hold secrets, so the text
of an answer or of an exception is repeated nowhere.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from agents.notify.news import news_of
from agents.notify.retry import Answer, Policy, http_answer, next_try, no_answer, retry_after
from agents.notify.routes import Addressee, Routes
from agents.notify.smtp import send_mail
from agents.sinks.sink import Mail, Request
from schemas.alerts import Alert, Undelivered, UndeliveredAlert

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How it ended with one receiver: taken, or given up for a `reason`.

    `seconds` counts from the moment at which the alert was handed over, so waiting for a turn is part of it.
    """

    alert: Alert
    receiver: str
    reason: Undelivered | None
    tries: int
    detail: str
    at: int
    seconds: float

    @property
    def undelivered(self) -> UndeliveredAlert | None:
        """What to keep of it if it was given up."""
        if self.reason is None:
            return None
        return UndeliveredAlert(
            alert=self.alert,
            receiver=self.receiver,
            reason=self.reason,
            tries=self.tries,
            detail=self.detail,
            at=self.at,
        )


class Deliverer:
    """Tells every receiver that the routes name, and says of each how it ended.

    A receiver gets its alerts one after the other, in the order in which they were handed over: a resolve
    never overtakes its trigger. Receivers do not wait for each other, as long as the caller does not wait for
    one alert before it hands over the next.
    """

    def __init__(
        self,
        routes: Routes,
        session: aiohttp.ClientSession,
        now_ms: Callable[[], int],
        random: Callable[[], float],
        *,
        policy: Policy = Policy(),  # noqa: B008 - frozen
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._routes = routes
        self._session = session
        self._now_ms = now_ms
        self._random = random
        self._policy = policy
        self._sleep = sleep
        # A lock goes to those who wait for it in the order in which they came.
        self._turns = {receiver.name: asyncio.Lock() for receiver in routes.receivers}

    async def deliver(self, alert: Alert) -> list[Outcome]:
        """Bring the alert to all its receivers; done when each has taken it or was given up."""
        addressees = self._routes.addressees_of(alert)
        return await asyncio.gather(*(self._bring(alert, addressee) for addressee in addressees))

    async def _bring(self, alert: Alert, addressee: Addressee) -> Outcome:
        handed_over_ms = self._now_ms()
        receiver = addressee.receiver
        async with self._turns[receiver.name]:
            tries, answer = await self._insist(alert, addressee)
        now_ms = self._now_ms()
        return Outcome(
            alert=alert,
            receiver=receiver.name,
            reason=answer.refusal,
            tries=tries,
            detail=answer.detail,
            at=now_ms,
            seconds=(now_ms - handed_over_ms) / 1000,
        )

    async def _insist(self, alert: Alert, addressee: Addressee) -> tuple[int, Answer]:
        """Try until there is no next try; return how many there were, and the last answer."""
        tries, news = 1, news_of([alert], addressee.reader)
        while True:
            answer = await self._try(addressee.receiver.request(news, self._now_ms()))
            pause = next_try(self._policy, tries, answer, self._random)
            _log(alert, addressee.receiver.name, tries, answer, pause)
            if pause is None:
                return tries, answer
            await self._sleep(pause)
            tries += 1

    async def _try(self, request: Request | Mail) -> Answer:
        if isinstance(request, Mail):
            return await send_mail(request, self._policy.timeout)
        return await self._post(request)

    async def _post(self, request: Request) -> Answer:
        """Send it once. A redirect is not followed: what is signed or keyed is for nobody else."""
        try:
            async with (
                asyncio.timeout(self._policy.timeout),
                self._session.request(
                    request.method,
                    request.url,
                    headers=request.headers,
                    data=request.body,
                    allow_redirects=False,
                ) as response,
            ):
                asked = retry_after(response.headers.get("Retry-After"), self._now_ms())
                return http_answer(response.status, asked)
        except TimeoutError:
            return no_answer(f"no answer within {self._policy.timeout:g} s")
        except (aiohttp.ClientError, OSError) as error:
            return no_answer(type(error).__name__)


def _log(alert: Alert, whom: str, tries: int, answer: Answer, pause: float | None) -> None:
    what, said = alert.id, answer.detail
    if answer.refusal is None:
        log.info("%s has alert %s: %s at try %d", whom, what, said, tries)
    elif pause is None:
        log.error("%s has not got alert %s, given up: %s at try %d", whom, what, said, tries)
    else:
        log.warning("%s has not got alert %s: %s at try %d, next in %.1f s", whom, what, said, tries, pause)
