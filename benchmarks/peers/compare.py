"""All contenders in turn, round after round, on topics that were filled before: who is how much quicker."""

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple, TypeAlias

import msgspec
from confluent_kafka import Producer

from benchmarks.peers import race
from benchmarks.peers.contacts import Tally, Window, Windows, finished_contacts
from benchmarks.peers.contenders import LOGS, OURS, PEERS, Contender
from benchmarks.peers.race import Effort
from tests.parts.kafka.broker import Kafka
from tests.parts.kafka.records import read_all

_PARTITIONS = 4
#: The contacts are of the past: a broker would soon throw away what carries their time.
_KEPT = {"retention.ms": "-1"}


#: What each contender did, by name.
Round: TypeAlias = dict[str, Effort]


class Row(NamedTuple):
    """A contender's medians; ratios say how many times as quick ours was, round by round."""

    name: str
    ratio: float
    cpu_ratio: float
    records_per_s: float
    lowest: float
    highest: float
    cpu_us_per_record: float
    broker_us_per_record: float

    def told(self) -> tuple[str, str]:
        """Ratios first."""
        clock = f"{self.ratio:.2f} times by the clock, {self.cpu_ratio:.2f} per CPU-second"
        rate = f"{self.records_per_s:,.0f} records/s ({self.lowest:,.0f} to {self.highest:,.0f})"
        cpu = f"{self.cpu_us_per_record:.2f} µs of CPU, the broker's {self.broker_us_per_record:.2f}"
        return f"ours against {self.name}", f"{clock}; {rate}; {cpu}"


class WrongWindowsError(AssertionError):
    """A contender counted something else than is on the topic: its speed says nothing."""


def added(rounds: Iterable[Round], file: Path) -> list[Round]:
    """Add rounds to those that a file holds, and return all."""
    with file.open("ab") as kept:
        kept.writelines(msgspec.json.encode(one) + b"\n" for one in rounds)
    return msgspec.json.Decoder(Round).decode_lines(file.read_bytes())


def run(rounds: int, contenders: Sequence[Contender] = (OURS, *PEERS)) -> Iterator[Round]:
    """Run them all so many times, in turn. Raises WrongWindowsError if any has counted wrong."""
    LOGS.mkdir(parents=True, exist_ok=True)
    for contender in contenders:
        contender.install()
    with tempfile.TemporaryDirectory() as home, Kafka(Path(home)) as broker:
        truth = {count: _fill(broker, count) for count in {contender.records for contender in contenders}}
        for number in range(rounds):
            yield {one.name: _run(broker, one, number, truth[one.records]) for one in contenders}


def rows(rounds: Iterable[Round]) -> list[Row]:
    """Medians of each contender over the rounds."""
    efforts: dict[str, list[Effort]] = defaultdict(list)
    for one in rounds:
        for name, effort in one.items():
            efforts[name].append(effort)
    return [_row(name, efforts[OURS.name], of_peer) for name, of_peer in efforts.items()]


def _row(name: str, ours: Sequence[Effort], theirs: Sequence[Effort]) -> Row:
    rates = [effort.records_per_s for effort in theirs]
    return Row(
        name,
        median(our.records_per_s / their.records_per_s for our, their in zip(ours, theirs, strict=True)),
        median(our.records_per_cpu_s / their.records_per_cpu_s for our, their in zip(ours, theirs, strict=True)),
        median(rates),
        min(rates),
        max(rates),
        median(1e6 / effort.records_per_cpu_s for effort in theirs),
        median(1e6 * effort.broker_cpu_s / effort.records for effort in theirs),
    )


def _fill(broker: Kafka, count: int) -> Windows:
    """Put the first contacts on a topic of their own, keyed by queue; return what is to be counted."""
    topic = _topic(count)
    broker.create_topic(topic, _PARTITIONS)
    producer = Producer({"bootstrap.servers": broker.address, "linger.ms": 50, "batch.size": 500_000})
    truth: dict[Window, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for window, adds, record in finished_contacts(count):
        tally = truth[window]
        for place, figure in enumerate(adds):
            tally[place] += figure
        while True:
            try:
                producer.produce(topic, record, window[0].encode())
                break
            except BufferError:
                producer.poll(0.1)
    producer.flush()
    return {window: Tally(*tally) for window, tally in truth.items()}


def _topic(count: int) -> str:
    return f"contacts-{count}"


def _run(broker: Kafka, contender: Contender, number: int, truth: Windows) -> Effort:
    group = f"{contender.name.replace(', ', '-').replace(' ', '-')}-{number}"
    results = f"{group}-windows-changelog"
    broker.create_topic(results, _PARTITIONS, _KEPT)
    told = [broker.address, _topic(contender.records), str(contender.records), group, results]
    command, by_itself = [*contender.command, *told], contender.ends_by_itself
    done = race.run(command, contender.records, LOGS / f"{group}.log", broker.pid, ends_by_itself=by_itself)
    found = dict(_windows(broker, contender, results))
    if wrong := list(_differences(truth, found)):
        raise WrongWindowsError(f"{contender.name}: {len(wrong)} windows of {len(truth)}, the first {wrong[0]}")
    return done


def _windows(broker: Kafka, contender: Contender, results: str) -> Iterator[tuple[Window, Tally]]:
    """Read what was left, in the order of each partition: the last of a window is what it came to."""
    for message in read_all(broker.address, results):
        key, value = message.key(), message.value()
        if isinstance(key, bytes) and isinstance(value, bytes):
            yield contender.window(key, value)


def _differences(truth: Mapping[Window, Tally], found: Mapping[Window, Tally]) -> Iterator[str]:
    for window in sorted(truth.keys() | found.keys()):
        if truth.get(window) != found.get(window):
            yield f"{window} is {found.get(window)}, not {truth.get(window)}"
