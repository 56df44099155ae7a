"""How many messages are on their way to one receiver at once."""

import asyncio
from collections.abc import Container

import pytest

from agents.notify.line import Clock, Line, Message, Outcome
from agents.notify.news import Reader
from agents.notify.notice import Key
from agents.notify.retry import Answer, Policy, http_answer
from agents.words.languages import ENGLISH
from tests.notify import desk
from tests.notify.examples import OPENED


class Receiver:
    """Takes a while for each message, and is broken for some: by their number, as they come."""

    def __init__(self, broken: Container[int] = ()) -> None:
        #: How many were on their way when one came, itself among them.
        self.together: list[int] = []
        self._here = 0
        self._broken = broken
        self._done: list[Outcome] = []

    def tell(self, notices: int) -> list[int]:
        """Tell it of so many at once, until it has all."""
        asyncio.run(self._tell(notices))
        return self.together

    async def _tell(self, notices: int) -> None:
        time = desk.Clock()
        clock = Clock(time.now_ms, lambda: 0.5, time.sleep)
        line = Line("desk", self._send, self._report, clock, Policy())
        for number in range(notices):
            line.put(Key(str(number), "desk"), Message((OPENED,), str(number), Reader(language=ENGLISH)))
        running = asyncio.create_task(line.run())
        await desk.until(lambda: len(self._done) == notices)
        running.cancel()

    async def _send(self, _: Message) -> Answer:
        number = len(self.together)
        self._here += 1
        self.together.append(self._here)
        for _turn in range(20):
            await asyncio.sleep(0)
        self._here -= 1
        return http_answer(503 if number in self._broken else 200)

    async def _report(self, outcome: Outcome) -> None:
        self._done.append(outcome)


def test_who_takes_messages_gets_ever_more_at_once_up_to_eight() -> None:
    together = Receiver().tell(40)
    assert (together[0], together[1:3], max(together)) == (1, [1, 2], 8)


def test_who_fails_gets_one_at_a_time_until_it_takes_one() -> None:
    together = Receiver(broken=range(20, 40)).tell(60)
    # Those that were on their way already came before it was known.
    assert together[28:41] == [1] * 13
    assert max(together[41:]) == 8


def test_messages_that_fail_together_are_one_failure(caplog: pytest.LogCaptureFixture) -> None:
    Receiver(broken=range(20, 28)).tell(60)
    assert "has not got alert" in caplog.text
    assert "does not answer" not in caplog.text
