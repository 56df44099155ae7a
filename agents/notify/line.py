"""What one receiver is to be told, in order per notice, as if it were the only receiver."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

from agents.notify.news import Reader, id_of
from agents.notify.notice import Key, Notice
from agents.notify.retry import Answer, Breaker, Policy, after, next_try
from schemas.alerts import Alert, Undelivered, UndeliveredAlert

log = logging.getLogger(__name__)

_FOLLOWS = "what it follows was given up"

#: So many messages are on their way at once to a receiver that takes them: a storm is not told one by one.
_MOST_AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How it ended with one message: taken, or given up for a `reason`. `at` is epoch ms.

    `seconds` counts from the moment at which it was handed over, so waiting for a turn is part of it.
    """

    key: Key
    alerts: tuple[Alert, ...]
    reason: Undelivered | None
    tries: int
    detail: str
    at: int
    seconds: float

    def undelivered(self, notice: Notice) -> list[UndeliveredAlert]:
        """What to keep of a notice whose first message was given up: all that was still to come."""
        if self.reason is None:
            return []
        return [
            UndeliveredAlert(
                alert=alert,
                receiver=notice.receiver,
                reason=self.reason,
                tries=self.tries if alert in self.alerts else 0,
                detail=self.detail if alert in self.alerts else _FOLLOWS,
                at=self.at,
            )
            for message in notice.outbox
            for alert in message
        ]


class Message(NamedTuple):
    """What is to be told, not yet in words: most that waits is asked for often, and worded once."""

    alerts: tuple[Alert, ...]
    episode: str
    reader: Reader

    @property
    def id(self) -> str:
        """The same at every try."""
        return id_of(self.alerts)


class _Waiting(NamedTuple):
    message: Message
    handed_over_ms: int


@dataclass(slots=True)
class _Chain:
    """One notice's messages. The first is tried until it is taken or given up; those behind it wait for that."""

    number: int
    messages: deque[_Waiting] = field(default_factory=deque)
    tries: int = 0
    due_ms: int = 0
    is_out: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """The wall clock (epoch ms), how to wait (s), and chance from [0, 1)."""

    now_ms: Callable[[], int]
    random: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class Line:
    """Tries one message of a notice at a time, and the more notices at once the more the receiver takes.

    One that fails delays its own notice only, until the receiver seems dead; and the next is tried alone again.
    """

    def __init__(
        self,
        receiver: str,
        send: Callable[[Message], Awaitable[Answer]],
        report: Callable[[Outcome], Awaitable[None]],
        clock: Clock,
        policy: Policy,
    ) -> None:
        self._receiver, self._send, self._report = receiver, send, report
        self._clock, self._policy = clock, policy
        self._chains: dict[Key, _Chain] = {}
        self._numbers = count()
        self._breaker = Breaker()
        self._out, self._at_once = 0, 1
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        return sum(len(chain.messages) for chain in self._chains.values())

    @property
    def is_dead(self) -> bool:
        """Whether the receiver is taken for dead, and only asked now and then."""
        return self._breaker.failures >= self._policy.trips_after

    def put(self, key: Key, message: Message) -> None:
        """Hand a message over; one that is here already is not taken twice."""
        chain = self._chains.get(key)
        if chain is None:
            chain = self._chains[key] = _Chain(next(self._numbers))
        if all(one.message.id != message.id for one in chain.messages):
            chain.messages.append(_Waiting(message, self._clock.now_ms()))
            self._changed.set()

    def forget(self, key: Key) -> None:
        """It is another's to bring, or nobody's."""
        self._chains.pop(key, None)

    async def run(self) -> None:
        """Bring what is handed over, for ever."""
        async with asyncio.TaskGroup() as tries:
            while True:
                wait_ms = self._wait_ms()
                if wait_ms is None or wait_ms > 0:
                    await self._wait(wait_ms)
                else:
                    key, chain = min(self._free(), key=lambda one: (one[1].due_ms, one[1].number))
                    chain.is_out = True
                    self._out += 1
                    tries.create_task(self._try(key, chain))

    def _free(self) -> Iterator[tuple[Key, _Chain]]:
        return ((key, chain) for key, chain in self._chains.items() if not chain.is_out)

    def _wait_ms(self) -> int | None:
        """Until something is due; None: there is nothing, or enough is on its way."""
        first_ms = min((chain.due_ms for _, chain in self._free()), default=None)
        if first_ms is None or self._out >= self._at_once:
            return None
        # One that is taken for dead is asked when the breaker says, with whatever there is.
        due_ms = self._breaker.closed_until_ms if self.is_dead else max(first_ms, self._breaker.closed_until_ms)
        return due_ms - self._clock.now_ms()

    async def _wait(self, wait_ms: int | None) -> None:
        """For that time, or until there is something new."""
        self._changed.clear()
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(self._changed.wait())]
        if wait_ms is not None:
            waits.append(asyncio.ensure_future(self._clock.sleep(wait_ms / 1000)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _try(self, key: Key, chain: _Chain) -> None:
        failures = self._breaker.failures
        answer = await self._send(chain.messages[0].message)
        now_ms = self._clock.now_ms()
        self._learn(answer, failures, now_ms)
        await self._go_on(key, chain, answer, now_ms)
        chain.is_out = False
        self._out -= 1
        self._changed.set()

    def _learn(self, answer: Answer, failures: int, now_ms: int) -> None:
        """How the receiver fares. Of several that failed together one counts: the rest knew no better."""
        was_dead = self.is_dead
        if answer.refusal is not Undelivered.EXHAUSTED or self._breaker.failures == failures:
            self._breaker = after(self._breaker, self._policy, answer, now_ms, self._clock.random)
        self._at_once = 1 if self._breaker.failures else min(2 * self._at_once, _MOST_AT_ONCE)
        self._say_if_changed(was_dead)
        if was_dead and not self.is_dead:
            self._let_all_go()

    async def _go_on(self, key: Key, chain: _Chain, answer: Answer, now_ms: int) -> None:
        """Try the message again when it is time, or be done with it."""
        message, handed_over_ms = chain.messages[0]
        if self._chains.get(key) is not chain:
            return  # it was given to another in the meantime
        chain.tries += 1
        age = (now_ms - handed_over_ms) / 1000
        pause = next_try(self._policy, chain.tries, age, answer, self._clock.random)
        self._log(message, chain.tries, answer, pause)
        if pause is not None:
            chain.due_ms = now_ms + int(pause * 1000)
            return
        await self._conclude(key, chain, answer, now_ms)

    async def _conclude(self, key: Key, chain: _Chain, answer: Answer, now_ms: int) -> None:
        """The first message is done with; if it was given up, so are those behind it."""
        message, handed_over_ms = chain.messages[0]
        await self._report(
            Outcome(
                key=key,
                alerts=message.alerts,
                reason=answer.refusal,
                tries=chain.tries,
                detail=answer.detail,
                at=now_ms,
                seconds=(now_ms - handed_over_ms) / 1000,
            )
        )
        # Not before: until it is stored that it is done with, it may be handed over again.
        chain.messages.popleft()
        chain.tries, chain.due_ms = 0, 0
        if self._chains.get(key) is chain and (answer.refusal is not None or not chain.messages):
            del self._chains[key]

    def _let_all_go(self) -> None:
        for chain in self._chains.values():
            chain.due_ms = 0

    def _say_if_changed(self, was_dead: bool) -> None:
        if self.is_dead and not was_dead:
            log.error("%s does not answer; %d messages wait for it", self._receiver, len(self))
        elif was_dead and not self.is_dead:
            log.info("%s answers again; %d messages go to it", self._receiver, len(self))

    def _log(self, message: Message, tries: int, answer: Answer, pause: float | None) -> None:
        whom, what, said = self._receiver, message.id, answer.detail
        if answer.refusal is None:
            log.info("%s has alert %s: %s at try %d", whom, what, said, tries)
        elif pause is None:
            log.error("%s has not got alert %s, given up: %s at try %d", whom, what, said, tries)
        else:
            log.warning("%s has not got alert %s: %s at try %d, next in %.1f s", whom, what, said, tries, pause)
