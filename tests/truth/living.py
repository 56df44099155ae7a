"""August lived through in the core, instant by instant: who waits, and what becomes of each contact."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from heapq import merge
from itertools import count, groupby
from pathlib import Path

from agents.contracts import load_contracts
from schemas.contract import Contract
from schemas.facts import FACT, Forecast, Heartbeat, Moment, Record
from schemas.tallies import Counts
from sla_stream.changes import QueueKey
from sla_stream.counting import Batch, Counting
from sla_stream.judging import Judging
from sla_stream.life import Life
from sla_stream.messages import messages_of
from sla_stream.promises import Promise, promises_of
from sla_stream.tally import add
from tests.truth.outcome import ALL, CONTRACT
from tests.truth.reference import ZONE, Value

_CLIENT = "anonymous-bank"
_SOURCE = "file/0"

#: One measure for each question: who waits, where is a contact settled, how long did it take.
STANDING = "abandons-missed-30s"
SETTLED = "abandons-missed-30s-by-settled"
_PERCENTILES = [f"{kind}-p{n}" for kind in ("speed-of-answer", "wait") for n in (50, 90, 95)]


@dataclass(slots=True)
class Month:
    """What was seen on the way, and the counting as it is at the end, with nothing forgotten."""

    counting: Counting
    promises: dict[str, Promise]
    standing: dict[int, dict[str, object]] = field(default_factory=dict)
    most_waiting: int = 0
    most_waiting_ms: int = 0

    def lives(self) -> Iterator[Life]:
        """Every contact."""
        return (contact.life for _, contact in self.counting.contacts())

    def seconds_by_hour_of_day(self, objective: str) -> dict[tuple[str, str], Value]:
        """A duration by hour and queue, of all days together: tallies add up where percentiles do not."""
        promise = self.promises[objective]
        found: dict[tuple[str, str], Counts] = {}
        for key, tally in self.counting.tallies():
            hour = f"{datetime.fromtimestamp(key.start_ms // 1000, ZONE):%H}"
            if counts := tally.measures.get(promise.measure.key):
                for queue in (key.queue, ALL):
                    add(found.setdefault((hour, queue), {}), counts.items())
        return {
            place: promise.measure.read(counts, promise.objective.measure).numerator / 1000
            for place, counts in found.items()
        }


def live_through(facts: Path, instants_ms: Iterable[int]) -> Month:
    """Take the facts in the order of their time; at each of the instants, look who waits.

    What happens at one instant is taken together: who leaves has gone before those who arrive are seen.
    """
    promises = promises_of([_narrowed(load_contracts(CONTRACT)[_CLIENT])])
    judging = Judging(promises)
    named = {promise.objective.name: promise for promise in promises.agreements[0].every_promise()}
    month = Month(Counting(promises), named)
    looks = set(instants_ms)
    offsets = count()
    for at_ms, told in groupby(_in_time(facts, looks), key=lambda fact: fact.at):
        messages = [(next(offsets), fact) for fact in told]
        changes = month.counting.observe(Batch(messages, messages[-1][0]))
        # Who waits is not told by tallies, which change with almost every fact.
        judging.observe(messages_of(replace(changes, panes=[]), _SOURCE, at_ms))
        if changes.waiting:
            _count_waiting(month, judging, at_ms)
        if at_ms in looks:
            judging.tick(at_ms)
            month.standing[at_ms] = _standing(judging)
    return month


def _narrowed(contract: Contract) -> Contract:
    """The few objectives that are asked here."""
    version = contract.versions[0]
    asked = [one for one in version.objectives if one.name in (STANDING, SETTLED, *_PERCENTILES)]
    return contract.model_copy(update={"versions": [version.model_copy(update={"objectives": asked})]})


def _in_time(facts: Path, looks: Iterable[int]) -> Iterator[Moment | Heartbeat]:
    """A heartbeat brings the clock to each instant at which we look."""
    heartbeats = (Heartbeat(client=_CLIENT, at=at_ms) for at_ms in sorted(looks))
    with facts.open("rb") as lines:
        yield from merge(_facts(lines), heartbeats, key=lambda fact: fact.at)


def _facts(lines: Iterable[bytes]) -> Iterator[Moment | Heartbeat]:
    for fact in map(FACT.validate_json, lines):
        assert not isinstance(fact, Record | Forecast), "the import tells of moments"
        yield fact


def _count_waiting(month: Month, judging: Judging, at_ms: int) -> None:
    queues = judging.boards.queues(_CLIENT, "voice")
    waiting = sum(1 for queue in queues for _ in judging.boards.waiting(QueueKey(_CLIENT, "voice", queue)))
    if waiting > month.most_waiting:
        month.most_waiting, month.most_waiting_ms = waiting, at_ms


def _standing(judging: Judging) -> dict[str, object]:
    """As the verdicts of now say it, in the words of the reference."""
    verdicts = {
        key.queue: verdict
        for key, verdict in judging.verdicts.items()
        if key.objective == STANDING and key.window == "day"
    }
    together = verdicts.pop(None)
    longest_ms = together.longest_wait_ms
    return {
        "waiting": together.waiting,
        "waiting_over_30s": together.waiting_past_threshold,
        "longest_wait_s": None if longest_ms is None else longest_ms / 1000,
        "waiting_by_queue": {queue: verdict.waiting for queue, verdict in verdicts.items() if verdict.waiting},
    }
