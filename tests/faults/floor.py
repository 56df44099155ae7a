"""The floor: believable calls of several clients, told badly - twice, out of order, some of them days late.

Event time runs sixty times as fast as the clock. A queue is well staffed until it is told to be short of agents;
what happens then is decided by the seed alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from random import Random
from types import MappingProxyType
from typing import NamedTuple

import orjson

SPEED = 60

MINUTE_MS, HOUR_MS = 60_000, 3_600_000

#: How far behind a client's newest fact one may be and still count: by its contract.
LATENESS_MS = {"acme": 30 * MINUTE_MS, "bolt": HOUR_MS, "crane": 48 * HOUR_MS}
QUEUES = ("sales", "service")

_CALLS_PER_MINUTE = 30
#: Of a thousand: messages told twice, told minutes late; calls told hours or days late.
_TWICE, _SHUFFLED, _LATE_CALLS = 40, 60, 8
#: Calls in each queue whose end is told up to three days after they were offered.
_UNFINISHED, _UNFINISHED_MS = 30, 72 * HOUR_MS
_LATE_HOURS = (0.4, 0.6, 0.9, 1.5, 6, 30, 47, 60, 72)
#: Of a thousand calls: told in one message; beside how many something else is told (`_murmur`).
_RECORDS, _BROKEN, _STRANGERS, _HEARTBEATS = 100, 2, 2, 3

_NOTHING: Mapping[str, str] = MappingProxyType({})

Message = tuple[bytes, bytes]


class Place(NamedTuple):
    """One queue of one client."""

    client: str
    queue: str


class ToldFact(NamedTuple):
    """A fact as a source tells it."""

    kind: str
    at_ms: int
    client: str
    contact: str
    more: Mapping[str, str] = _NOTHING

    def message(self) -> bytes:
        """One JSON object."""
        fact = {"type": self.kind, "client": self.client, "contact": self.contact, "at": self.at_ms}
        return orjson.dumps(fact | dict(self.more))


PLACES = tuple(Place(client, queue) for client in LATENESS_MS for queue in QUEUES)


@dataclass
class Floor:
    """Calls as they come, from an instant on (epoch ms)."""

    seed: int
    now_ms: int
    short: set[Place] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)
        self._calls = count()
        self._order = count()
        #: When it is told, a number that settles ties, and what is told.
        self._told: list[tuple[float, int, Message]] = []
        for place in PLACES:
            for _ in range(_UNFINISHED):
                self._unfinished(place)

    def go_on(self, by_ms: int) -> list[Message]:
        """Let so much event time pass, and return what was told in it."""
        for place in PLACES:
            for _ in range(self._arrivals(by_ms)):
                self._call(place, self.now_ms + self._random.randrange(by_ms))
        self.now_ms += by_ms
        return list(self._due(self.now_ms))

    def close(self) -> list[Message]:
        """Nobody calls any more: everything that is still to be told."""
        return list(self._due(float("inf")))

    def _arrivals(self, by_ms: int) -> int:
        expected = _CALLS_PER_MINUTE * by_ms / MINUTE_MS
        return int(expected) + (self._random.random() < expected % 1)

    def _due(self, until: float) -> Iterator[Message]:
        while self._told and self._told[0][0] <= until:
            yield heappop(self._told)[2]

    def _call(self, place: Place, offered_ms: int) -> None:
        late_ms = int(self._random.choice(_LATE_HOURS) * HOUR_MS) if self._one_in_1000(_LATE_CALLS) else 0
        facts = self._facts(place, offered_ms - late_ms)
        if self._one_in_1000(_RECORDS):
            self._tell(facts[-1].at_ms + late_ms, facts[0].contact, _in_one_message(facts))
        else:
            for fact in facts:
                self._tell(fact.at_ms + late_ms, fact.contact, fact.message())
        self._murmur(place, facts[0].contact, offered_ms)

    def _unfinished(self, place: Place) -> None:
        """A call from before we listen, that somebody forgot to end."""
        offered, *rest = self._facts(place, self.now_ms - self._random.randrange(_UNFINISHED_MS))
        self._tell(offered.at_ms, offered.contact, offered.message())
        told_ms = self.now_ms + self._random.randrange(HOUR_MS)
        for fact in rest:
            self._tell(told_ms, fact.contact, fact.message())

    def _murmur(self, place: Place, contact: str, at_ms: int) -> None:
        """What is no call's: signs of life, what is broken, what is meant for others."""
        if self._one_in_1000(_HEARTBEATS):
            beat = {"type": "heartbeat", "client": place.client, "at": at_ms}
            self._tell(at_ms, f"heartbeat-{next(self._calls)}", orjson.dumps(beat))
        if self._one_in_1000(_BROKEN):
            self._tell(at_ms, contact, b'{"type": "offered", ')
        if self._one_in_1000(_STRANGERS):
            self._tell(at_ms, contact, ToldFact("answered", at_ms, "nobody", contact).message())

    def _facts(self, place: Place, offered_ms: int) -> list[ToldFact]:
        """Offered, what came of it, and the end of the conversation if there was one."""
        outcome, wait_ms = self._short_outcome() if place in self.short else self._good_outcome()
        contact = f"{place.client}-{next(self._calls)}"
        reason = {"reason": "callback"} if outcome == "flowed_out" else {}
        facts = [
            ToldFact("offered", offered_ms, place.client, contact, {"queue": place.queue}),
            ToldFact(outcome, offered_ms + wait_ms, place.client, contact, reason),
        ]
        if outcome == "answered":
            ended_ms = offered_ms + wait_ms + self._random.randrange(10_000, 240_000)
            facts.append(ToldFact("ended", ended_ms, place.client, contact))
        return facts

    def _good_outcome(self) -> tuple[str, int]:
        """Nearly everybody is answered within seconds."""
        if self._one_in_1000(30):
            return self._short_outcome()
        return "answered", self._random.randrange(500, 9_000)

    def _short_outcome(self) -> tuple[str, int]:
        """Too few agents: long waits, and some give up or ask to be called back."""
        outcome = self._random.choice(("answered", "answered", "abandoned", "flowed_out"))
        return outcome, self._random.randrange(25_000, 90_000)

    def _tell(self, at_ms: float, key: str, value: bytes) -> None:
        """Sooner or later, and now and then once more."""
        for _ in range(2 if self._one_in_1000(_TWICE) else 1):
            late_ms = self._random.randrange(5 * MINUTE_MS) if self._one_in_1000(_SHUFFLED) else 0
            heappush(self._told, (at_ms + late_ms, next(self._order), (key.encode(), value)))

    def _one_in_1000(self, times: int) -> bool:
        return self._random.randrange(1000) < times


def _in_one_message(facts: list[ToldFact]) -> bytes:
    """The finished call as a switch reports it, once it is over."""
    offered, outcome, *_ = facts
    record: dict[str, object] = {
        "type": "record",
        "client": offered.client,
        "contact": offered.contact,
        **offered.more,
    }
    record |= {f"{fact.kind}_at": fact.at_ms for fact in facts}
    if outcome.kind == "flowed_out":
        record["flow_out"] = "callback"
    return orjson.dumps(record)
