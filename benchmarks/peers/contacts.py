"""Finished contacts as they come when they are over, and what a single pass over them counts."""

import random
from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.load import Pace

MINUTE_MS = 60_000
IN_TIME_MS = 30_000

_PACE = Pace()

_ANSWERED = 0.95
_MEAN_WAIT_MS, _MEAN_TALK_MS, _WRAP_MS = 20_000, 180_000, 45_000

#: No contact lasts longer, so none is reported later than this after it was offered.
LONGEST_MS = 600_000

#: A queue, and the minute (its first millisecond) in which its contacts were offered.
Window = tuple[str, int]


class Tally(NamedTuple):
    """What is counted of a queue's minute."""

    contacts: int
    answered: int
    in_time: int
    waits_ms: int


Windows = dict[Window, Tally]


def finished_contacts(count: int) -> Iterator[tuple[Window, Tally, bytes]]:
    """Yield of each contact its window, what it adds there, and its record: some 250 bytes of JSON, 12 fields."""
    rng = random.Random(4711)
    for number in range(count):
        over_ms = _PACE.start_ms + number * MINUTE_MS // _PACE.per_minute
        queue = f"q-{rng.randrange(_PACE.queues):03d}"
        wait_ms = min(int(rng.expovariate(1 / _MEAN_WAIT_MS)), LONGEST_MS // 2)
        answered = rng.random() < _ANSWERED
        if answered:
            talk_ms = min(int(rng.expovariate(1 / _MEAN_TALK_MS)), LONGEST_MS // 2 - _WRAP_MS)
            offered_at = over_ms - wait_ms - talk_ms - _WRAP_MS
            ended_at = offered_at + wait_ms + talk_ms
            told = f'"answered_at":{offered_at + wait_ms},"ended_at":{ended_at},"wrapped_at":{over_ms}'
        else:
            offered_at = over_ms - wait_ms
            told = f'"abandoned_at":{over_ms},"ended_at":{over_ms},"wrapped_at":{over_ms}'
        record = (
            f'{{"type":"record","client":"acme","contact":"c-{number:012d}","channel":"voice","segment":0,'
            f'"queue":"{queue}","offered_at":{offered_at},{told},'
            f'"agent":"a-{number % 997:04d}","region":"eu-west-1"}}'
        )
        adds = Tally(1, int(answered), int(answered and wait_ms <= IN_TIME_MS), wait_ms)
        yield (queue, offered_at // MINUTE_MS * MINUTE_MS), adds, record.encode()
