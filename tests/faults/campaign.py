"""One campaign: a story is told, faults happen while it is counted, and at the end everything is compared."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from subprocess import TimeoutExpired
from traceback import format_exc

from confluent_kafka import Producer

from agents.contracts import load_contracts
from sla_stream.promises import Promises, promises_of
from tests.agents.running import ALERTS, CALLS, Site
from tests.faults import checks, kept
from tests.faults.contracts import promise_all
from tests.faults.crew import Crew
from tests.faults.faults import APP_ID, FAULTS, PARTITIONS, SESSION_S, Scene, set_ahead
from tests.faults.fold import fold
from tests.faults.story import Story
from tests.faults.worker import AHEAD, HANDED
from tests.parts.kafka.broker import Kafka
from tests.parts.waiting import wait_until
from tests.truth.comparison import Comparison
from tests.truth.workers import received

_JUDGE_PARTITIONS = 2
_SETTINGS = {
    "SLA_APP_ID": APP_ID,
    "SLA_SESSION_TIMEOUT_S": str(SESSION_S),
    "SLA_SOURCE_PARTITIONS": str(PARTITIONS),
    "SLA_JUDGE_PARTITIONS": str(_JUDGE_PARTITIONS),
    "SLA_LOG_LEVEL": "warning",
}
_BROKER = {"group.min.session.timeout.ms": "1000", "log.cleaner.backoff.ms": "200"}
_COMPACTED_AT_ONCE = {
    "min.compaction.lag.ms": "0",
    "min.cleanable.dirty.ratio": "0.0",
    "segment.ms": "100",
}

_READY_S, _SETTLED_S = 90, 150
#: Between two faults.
_QUIET_S = (0.5, 4.0)


@dataclass
class Outcome:
    """What a campaign came to."""

    seed: int
    faults: Counter[str] = field(default_factory=Counter)
    exits: Counter[int] = field(default_factory=Counter)
    results: Counter[str] = field(default_factory=Counter)
    comparison: Comparison = field(default_factory=Comparison)
    messages: int = 0
    replayed: int = 0
    episodes: int = 0
    told_again: int = 0
    stale: int = 0


def run(home: Path, seed: int, faults: int) -> Outcome:
    """Run one campaign in an empty folder. That the system does not come to rest is a difference, too."""
    outcome = Outcome(seed)
    try:
        _run(home, outcome, faults)
    except (AssertionError, TimeoutExpired) as error:
        outcome.comparison.compare("rest", "the system", f"{error}\n{format_exc()}", "at rest")
    return outcome


def _run(home: Path, outcome: Outcome, faults: int) -> None:
    set_ahead(home / AHEAD, 0)
    (home / HANDED).touch()
    with Kafka(home, _BROKER) as broker:
        site = Site(broker.address, home, **_SETTINGS)
        promise_all(site)
        assert site.command("topics", "apply").exit_code == 0
        with Crew(site, home, wanted=2) as crew:
            scene = Scene(broker, crew, home, Random(outcome.seed))
            _tell_and_disturb(scene, site, outcome, faults)
            _check_running(scene, site, outcome)
            crew.resize(0)
            _check_kept(site, outcome, "as written")
            _compact(broker, site)
            _check_kept(site, outcome, "compacted")
            crew.resize(1)
            wait_until(crew.all_ready, _READY_S, "a worker to recover from what was compacted")
            _check_bench(crew, site, outcome, "bench, from what was compacted")
        outcome.exits = crew.exits
        checks.ends(outcome.comparison, crew.exits, crew.last_words)


def _tell_and_disturb(scene: Scene, site: Site, outcome: Outcome, faults: int) -> None:
    random = scene.random
    wait_until(scene.crew.all_ready, _READY_S, "the workers to be ready")
    with Story(site.address, outcome.seed, _JUDGE_PARTITIONS) as story:
        for fault in random.choices(FAULTS, k=faults):
            time.sleep(random.uniform(*_QUIET_S))
            fault(scene)
            outcome.faults[fault.__name__] += 1
        scene.crew.resize(2)
        story.end()
    outcome.messages = story.messages
    wait_until(lambda: received(site.address, APP_ID) >= story.messages, _SETTLED_S, "all to be counted")
    wait_until(scene.crew.all_ready, _READY_S, "the workers to come to rest")
    alerts = site.records(ALERTS)
    outcome.episodes = story.breaches.total()
    outcome.told_again = checks.episodes(outcome.comparison, alerts, story.breaches, scene.clock_jumped)


def _check_running(scene: Scene, site: Site, outcome: Outcome) -> None:
    """Two workers show what the truth is; and one of them, when it has to do with all, shows the same."""
    _check_bench(scene.crew, site, outcome, "bench of two workers")
    for worker in scene.crew.workers:
        outcome.comparison.compare("health", "a worker that is left", worker.get("/healthz"), (200, "fetching\n"))
    scene.crew.resize(1)
    wait_until(scene.crew.all_ready, _READY_S, "the worker that is left to be ready")
    _check_bench(scene.crew, site, outcome, "bench of one worker")


def _check_bench(crew: Crew, site: Site, outcome: Outcome, section: str) -> None:
    """The bench hears of a tally a moment after it is counted."""
    truth = fold(site.records(CALLS))

    def comparison() -> Comparison:
        found = Comparison()
        checks.benches(found, section, crew.workers, truth)
        return found

    def agrees() -> bool:
        return not comparison().differences

    _wait_patiently(agrees)
    checks.benches(outcome.comparison, section, crew.workers, truth)


def _wait_patiently(condition: Callable[[], bool], patience_s: float = 20) -> None:
    """Until it is so, or will not be: then the comparison says what is different."""
    end = time.monotonic() + patience_s
    while not condition() and time.monotonic() < end:
        time.sleep(0.2)


def _check_kept(site: Site, outcome: Outcome, section: str) -> None:
    """What lies on the topics, by the highest offset and by the last record of each key."""
    promises = _promises(site)
    calls = site.records(CALLS)
    truth, topics = fold(calls), kept.read(site)
    comparison = outcome.comparison
    comparison.compare("results", "messages on the topic", len(calls), outcome.messages)
    checks.results(comparison, topics, truth, promises)
    checks.state(comparison, f"{section}, by highest offset", topics, truth, promises)
    last = kept.last_of_keys(topics)
    checks.state(comparison, f"{section}, by last record", last, truth, promises)
    stale = list(kept.stale(topics))
    comparison.compare("stale", f"{section}: {stale[:3]}", len(stale), 0)
    outcome.results = sum((partition.results for partition in truth.values()), Counter())
    handed = sum(map(int, (site.contracts.parent / HANDED).read_text().split()))
    outcome.replayed = handed - outcome.messages


def _promises(site: Site) -> Promises:
    return promises_of(load_contracts(site.contracts).values())


def _compact(broker: Kafka, site: Site) -> None:
    """Have the broker compact what is kept, all but its newest segment; then set it as workers want it."""
    for topic in kept.KEPT:
        wanted = {name: broker.config(topic)[name] for name in _COMPACTED_AT_ONCE}
        before = len(site.records(topic))
        broker.configure(topic, _COMPACTED_AT_ONCE)
        keys = _write_last_again(site, topic)
        wait_until(
            partial(_is_compacted, site, topic, keys),
            60,
            f"{topic} to be compacted from {before} to {keys} records",
        )
        broker.configure(topic, wanted)


def _is_compacted(site: Site, topic: str, keys: int) -> bool:
    """Each key once, but for the newest segment of each partition."""
    return len(site.records(topic)) <= keys + 2 * PARTITIONS


def _write_last_again(site: Site, topic: str) -> int:
    """Close the segments: only a write does. What was last in a partition is so still. Returns how many keys."""
    records = site.records(topic)
    last = {record.partition(): record for record in records}
    producer = Producer({"bootstrap.servers": site.address})
    for _ in range(2):
        time.sleep(0.2)
        for partition, record in last.items():
            producer.produce(topic, record.value(), record.key(), partition=partition or 0)
        producer.flush()
    return len({(record.partition(), record.key()) for record in records})
