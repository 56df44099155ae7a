"""Believable facts for measuring: calls over many queues, in the order of their time."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import orjson

_ANSWERED = 0.95
_MEAN_WAIT_MS, _MEAN_TALK_MS = 20_000, 180_000

Keyed = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Pace:
    """From when on (epoch ms), how many contacts a minute, over how many queues, of clients in turn."""

    start_ms: int = 1_790_000_000_000
    per_minute: int = 2_000
    queues: int = 200
    clients: tuple[str, ...] = ("acme",)


_PACE = Pace()


def calls(contacts: int, pace: Pace = _PACE, *, first: int = 0, ended: bool = True) -> list[Keyed]:
    """Contact and fact as JSON, from the first contact on; without `ended`, every call is answered and goes on."""
    rng = random.Random(4711 + first)
    numbers = range(first, first + contacts)
    facts = [
        (at_ms, str(fact["contact"]).encode(), orjson.dumps(fact))
        for number in numbers
        for at_ms, fact in _call(number, pace, rng, ended=ended)
    ]
    facts.sort(key=lambda fact: fact[0])
    return [(contact, fact) for _, contact, fact in facts]


def _call(number: int, pace: Pace, rng: random.Random, *, ended: bool) -> Iterator[tuple[int, dict[str, object]]]:
    queue = rng.randrange(pace.queues)
    about = {"client": pace.clients[queue % len(pace.clients)], "contact": f"c-{number:09d}"}
    at_ms = pace.start_ms + number * 60_000 // pace.per_minute
    yield at_ms, about | {"type": "offered", "at": at_ms, "queue": f"q-{queue:03d}"}
    at_ms += round(rng.expovariate(1 / _MEAN_WAIT_MS))
    if ended and rng.random() > _ANSWERED:
        yield at_ms, about | {"type": "abandoned", "at": at_ms}
        return
    yield at_ms, about | {"type": "answered", "at": at_ms}
    if ended:
        at_ms += round(rng.expovariate(1 / _MEAN_TALK_MS))
        yield at_ms, about | {"type": "ended", "at": at_ms}
