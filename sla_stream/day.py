"""How a figure went over the day: noted every five minutes of event time, and kept packed for 24 hours.

What was not noted is missing, and stays so: a line through hours in which nobody judged would be made up.
"""

from array import array
from collections.abc import Iterator, Mapping
from math import isnan, nan

from schemas.history import Sample
from schemas.verdicts import State, Verdict
from schemas.wall import Point
from sla_stream.judged import VerdictKey

SLOT_MS = 300_000
SLOTS = 288

_STATES = tuple(State)
_NOT_NOTED = 255


class Notes:
    """When each client was last noted, and so when it is due."""

    def __init__(self) -> None:
        self._noted: dict[str, int] = {}

    def due(self, clocks: Mapping[str, int], verdicts: Mapping[VerdictKey, Verdict]) -> list[Sample]:
        """The figures of all clients whose clock has come into another slot."""
        slots = {client: at_ms // SLOT_MS for client, at_ms in clocks.items()}
        due = {client for client, slot in slots.items() if self._noted.get(client) != slot}
        self._noted |= slots
        return [_sample(verdict, clocks[key.client]) for key, verdict in verdicts.items() if key.client in due]


class Day:
    """One figure's last 24 hours, slot by slot, the newest overwriting the oldest."""

    __slots__ = ("_newest", "_samples", "_states", "_values")

    def __init__(self) -> None:
        self._newest = -1
        self._values = array("d", [nan]) * SLOTS
        self._states = array("B", [_NOT_NOTED]) * SLOTS
        self._samples = array("Q", [0]) * SLOTS

    def put(self, sample: Sample) -> None:
        """Note it; of a slot that has been overwritten nothing is kept."""
        slot = sample.at // SLOT_MS
        if slot <= self._newest - SLOTS:
            return
        for passed in range(max(self._newest + 1, slot - SLOTS + 1), slot + 1):
            self._states[passed % SLOTS] = _NOT_NOTED
        self._newest = max(self._newest, slot)
        place = slot % SLOTS
        self._values[place] = nan if sample.value is None else sample.value
        self._states[place] = _STATES.index(sample.state)
        self._samples[place] = sample.sample

    def points(self, since_ms: int) -> Iterator[Point]:
        """What was noted from the instant on, oldest first."""
        for slot in self._slots(since_ms):
            place = slot % SLOTS
            if self._states[place] != _NOT_NOTED:
                state = _STATES[self._states[place]]
                yield Point(at=slot * SLOT_MS, value=self._value(place), state=state, sample=self._samples[place])

    def line(self, since_ms: int) -> tuple[int, list[float | None]]:
        """Where the line begins (epoch ms), and its value in each slot from there; None where there is none."""
        slots = self._slots(since_ms)
        values = (
            None if self._states[slot % SLOTS] == _NOT_NOTED else self._value(slot % SLOTS) for slot in slots
        )
        return slots.start * SLOT_MS, list(values)

    def _slots(self, since_ms: int) -> range:
        first = max(self._newest - SLOTS + 1, -(-since_ms // SLOT_MS), 0)
        return range(min(first, self._newest + 1), self._newest + 1)

    def _value(self, place: int) -> float | None:
        value = self._values[place]
        return None if isnan(value) else value


def _sample(verdict: Verdict, at_ms: int) -> Sample:
    return Sample(
        client=verdict.client,
        contract=verdict.contract,
        objective=verdict.objective,
        queue=verdict.queue,
        window=verdict.window,
        at=at_ms,
        value=verdict.value,
        state=verdict.state,
        sample=verdict.sample,
    )


def key_of(said: Sample | Verdict) -> VerdictKey:
    """What it is of."""
    return VerdictKey(said.client, said.contract, said.objective, said.queue, said.window)
