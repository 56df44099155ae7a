"""Believable facts for measuring: calls of one client over many queues, in the order of their time."""

import random
from collections.abc import Iterator

import orjson

QUEUES = 200
CONTACTS_PER_MINUTE = 2_000
START_MS = 1_790_000_000_000

_ANSWERED = 0.95
_MEAN_WAIT_MS, _MEAN_TALK_MS = 20_000, 180_000

Keyed = tuple[bytes, bytes]


def calls(contacts: int, *, first: int = 0, queues: int = QUEUES, ended: bool = True) -> list[Keyed]:
    """Contact and fact as JSON, from the first contact on; without `ended`, every call is answered and goes on."""
    rng = random.Random(4711)
    numbers = range(first, first + contacts)
    facts = [fact for number in numbers for fact in _call(number, rng, queues=queues, ended=ended)]
    facts.sort(key=lambda fact: fact[0])
    return [(str(fact["contact"]).encode(), orjson.dumps(fact)) for _, fact in facts]


def _call(number: int, rng: random.Random, *, queues: int, ended: bool) -> Iterator[tuple[int, dict[str, object]]]:
    about = {"client": "acme", "contact": f"c-{number:09d}"}
    at_ms = START_MS + number * 60_000 // CONTACTS_PER_MINUTE
    yield at_ms, about | {"type": "offered", "at": at_ms, "queue": f"q-{rng.randrange(queues):03d}"}
    at_ms += round(rng.expovariate(1 / _MEAN_WAIT_MS))
    if ended and rng.random() > _ANSWERED:
        yield at_ms, about | {"type": "abandoned", "at": at_ms}
        return
    yield at_ms, about | {"type": "answered", "at": at_ms}
    if ended:
        at_ms += round(rng.expovariate(1 / _MEAN_TALK_MS))
        yield at_ms, about | {"type": "ended", "at": at_ms}
