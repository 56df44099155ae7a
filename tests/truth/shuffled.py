"""Facts as they come in from the world: late by up to ten minutes, and one in twenty of them twice."""

from operator import itemgetter
from pathlib import Path
from random import Random
from typing import NamedTuple

import orjson

_SEED = 1999
_LATE_BY_MS = 600_000
_TWICE_OF_100 = 5


class Shuffled(NamedTuple):
    """Messages in the order in which they are sent, keyed by their contact."""

    records: list[tuple[bytes, bytes]]
    duplicates: int


def shuffled(facts: Path) -> Shuffled:
    """The same each time."""
    random = Random(_SEED)
    lines = facts.read_bytes().splitlines()
    twice = random.sample(lines, len(lines) * _TWICE_OF_100 // 100)
    sent = [_sent(line, random) for line in (*lines, *twice)]
    return Shuffled([record for _, record in sorted(sent, key=itemgetter(0))], len(twice))


def _sent(line: bytes, random: Random) -> tuple[float, tuple[bytes, bytes]]:
    fact = orjson.loads(line)
    return fact["at"] + random.uniform(0, _LATE_BY_MS), (fact["contact"].encode(), line)
