"""Notices brought to their receivers, to each as if it were the only one."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from typing import Any

from agents.notify.door import Door
from agents.notify.line import Clock, Line, Message, Outcome
from agents.notify.news import Reader, news_of
from agents.notify.notice import Key, Notice
from agents.notify.retry import Answer, Policy
from agents.notify.routes import Routes
from agents.sinks import Receiver
from agents.words.languages import LANGUAGES


class Deliverer:
    """A line for every receiver. A dead receiver delays no other."""

    def __init__(
        self,
        routes: Routes,
        door: Door,
        report: Callable[[Outcome], Awaitable[None]],
        clock: Clock,
        policy: Policy,
    ) -> None:
        self._board = str(routes.board) if routes.board else None
        self.receivers: dict[str, Receiver] = {receiver.name: receiver for receiver in routes.receivers}
        self.lines = {
            name: Line(name, _sending(receiver, door, clock), report, clock, policy)
            for name, receiver in self.receivers.items()
        }
        self._running: list[asyncio.Task[None]] = []

    def start(self, run: Callable[[Coroutine[Any, Any, None]], Coroutine[Any, Any, None]]) -> None:
        """Begin to bring; `run` sees to what a line may raise, which is a bug."""
        for line in self.lines.values():
            self._running.append(asyncio.create_task(run(line.run())))

    async def stop(self) -> None:
        """Bring nothing more."""
        for task in self._running:
            task.cancel()
        for task in self._running:
            with suppress(asyncio.CancelledError):
                await task

    def put(self, key: Key, notice: Notice) -> None:
        """Hand over what is in a notice's outbox."""
        reader = Reader(language=LANGUAGES[notice.language], zone=notice.zone, board=self._board)
        for alerts in notice.outbox:
            self.lines[key.receiver].put(key, Message(alerts, notice.began[0].episode, reader))

    def forget(self, keys: Iterable[Key]) -> None:
        """They are another's to bring."""
        for key in keys:
            if line := self.lines.get(key.receiver):
                line.forget(key)


def _sending(receiver: Receiver, door: Door, clock: Clock) -> Callable[[Message], Awaitable[Answer]]:
    """Each try is made anew: what is signed is signed with its own time."""

    async def send(message: Message) -> Answer:
        news = news_of(message.alerts, message.reader, episode=message.episode)
        return await door.send(receiver.request(news, clock.now_ms()))

    return send
