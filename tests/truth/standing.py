"""Who waits in August, instant by instant, as the verdicts of a running system say it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, Self

import orjson

from agents.bench import VERDICTS
from agents.source import SOURCES
from agents.state import position_of
from schemas.verdicts import VERDICT, Verdict
from tests.parts.kafka.records import Tail, produce
from tests.parts.waiting import wait_until
from tests.truth.comparison import Comparison
from tests.truth.reference import reference

STANDING = Path("tests/data/anonymous_bank_standing.yaml").absolute()

#: What does not change while nothing is told.
_WAITING = ("waiting", "longest_wait_s", "waiting_by_queue")

_CLIENT = "anonymous-bank-standing"
_THRESHOLD_MS = 30_000
_SEED = 1999
_TWICE_OF_100 = 5


class Stretch(NamedTuple):
    """What happened from one instant of the reference to the next, and since when those wait who wait then."""

    instant: Mapping[str, Any]
    records: list[tuple[bytes, bytes]]
    waiting_since: Sequence[int]

    @property
    def at_ms(self) -> int:
        """Epoch ms."""
        at_ms: int = self.instant["epoch_ms"]
        return at_ms

    @property
    def is_over(self) -> tuple[bytes, bytes]:
        """A heartbeat that brings the clock to the instant."""
        return b"clock", orjson.dumps({"type": "heartbeat", "client": _CLIENT, "at": self.at_ms})

    def crossed_by(self, at_ms: int) -> int:
        """Of those who wait, how many have waited too long by now, but had not at the instant."""
        early_ms, late_ms = self.at_ms - _THRESHOLD_MS, at_ms - _THRESHOLD_MS
        return sum(early_ms <= since_ms < late_ms for since_ms in self.waiting_since)


def stretches(facts: Path) -> Iterator[Stretch]:
    """Within each, facts come in any order, and some twice. The same each time."""
    random, waiting = Random(_SEED), dict[str, int]()
    told = iter([*map(orjson.loads, facts.read_bytes().splitlines())])
    fact = next(told)
    for instant in reference()["standing"]["instants"]:
        records = []
        while fact["at"] <= instant["epoch_ms"]:
            records.append((fact["contact"].encode(), orjson.dumps(fact | {"client": _CLIENT})))
            _wait(waiting, fact)
            fact = next(told)
        records += random.sample(records, len(records) * _TWICE_OF_100 // 100)
        random.shuffle(records)
        yield Stretch(instant, records, list(waiting.values()))


def _wait(waiting: dict[str, int], fact: Mapping[str, Any]) -> None:
    if fact["type"] == "offered":
        waiting[fact["contact"]] = fact["at"]
    else:
        waiting.pop(fact["contact"], None)


class Watched:
    """A running system: how many messages it has counted and stored, and its newest verdicts of who waits."""

    def __init__(self, address: str, app_id: str) -> None:
        self._tail = Tail(address, VERDICTS, f"{app_id}-positions-changelog")
        self._counted: dict[tuple[int | None, bytes | None], int] = {}
        self._verdicts: dict[str | None, Verdict] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._tail.close()

    def wait_for(self, messages: int) -> None:
        """Until so many are counted, since there is a system."""
        wait_until(lambda: self._look() == messages, 60, f"{messages} messages to be counted")

    def standing(self, stretch: Stretch) -> dict[str, object] | None:
        """As it was at the instant, in the words of the reference; None before it is judged there.

        Event time goes on from it with the clock: who waits has waited longer by as much as a verdict is later.
        """
        self._look()
        together = self._verdicts.get(None)
        if together is None or together.start != stretch.at_ms:
            return None
        longest_ms, past = together.longest_wait_ms, together.waiting_past_threshold
        queues = {queue: one.waiting for queue, one in self._verdicts.items() if queue and one.waiting}
        return {
            "waiting": together.waiting,
            "waiting_over_30s": None if past is None else past - stretch.crossed_by(together.at),
            "longest_wait_s": None if longest_ms is None else (longest_ms - together.at + stretch.at_ms) / 1000,
            "waiting_by_queue": queues,
        }

    def _look(self) -> int:
        for message in self._tail.news():
            key, value = message.key(), message.value()
            assert value is not None
            if message.topic() == VERDICTS:
                if orjson.loads(key or b"[]")[0] == _CLIENT:
                    verdict = VERDICT.validate_json(value)
                    self._verdicts[verdict.queue] = verdict
            else:
                self._counted[message.partition(), key] = position_of(value).received
        return sum(self._counted.values())


def live_through(address: str, app_id: str, facts: Path, counted: int) -> Comparison:
    """Tell a running system of one stretch after the other; at each instant, compare what it says.

    `counted` messages it has had before.
    """
    comparison = Comparison()
    with Watched(address, app_id) as watched:
        for stretch in stretches(facts):
            for records in (stretch.records, [stretch.is_over]):
                produce(address, SOURCES["voice"], records)
                counted += len(records)
                watched.wait_for(counted)
            _compare(comparison, watched, stretch)
    return comparison


def _compare(comparison: Comparison, watched: Watched, stretch: Stretch) -> None:
    """What is counted is judged a moment later; once something has differed, less patience is needed.

    By who waits it is seen that all was told. Who waits too long is what is said then: with time, it comes true.
    """
    told: dict[str, object] = {}

    def is_told() -> bool:
        told.update(watched.standing(stretch) or {})
        return all(told.get(name) == stretch.instant[name] for name in _WAITING)

    with suppress(AssertionError):
        wait_until(is_told, 1 if comparison.differences else 10, "those to be told of who wait")
    for name in (*_WAITING, "waiting_over_30s"):
        comparison.compare("standing", f"{stretch.instant['at']}, {name}", told.get(name), stretch.instant[name])
