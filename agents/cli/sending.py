"""Messages sent from the command line: once each, with the same care as a worker takes."""

import time
from collections.abc import Iterable, Sequence

from agents.notify.door import Door
from agents.notify.inside import Inside
from agents.notify.news import News
from agents.notify.retry import Answer, Policy
from agents.sinks import Receiver


async def send_in_turn(receiver: Receiver, news: Iterable[News], inside: Sequence[str]) -> list[Answer]:
    """Until one is not taken, which is the last answer."""
    answers: list[Answer] = []
    async with Door(Inside(inside), Policy().timeout, _now_ms) as door:
        for one in news:
            answers.append(await door.send(receiver.request(one, _now_ms())))
            if answers[-1].refusal is not None:
                break
    return answers


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
