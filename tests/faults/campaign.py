"""One campaign: a story is told, faults happen while it is counted, and at the end everything is compared."""

import shutil
import tempfile
import time
from collections import Counter
from functools import cached_property
from pathlib import Path
from random import Random
from subprocess import TimeoutExpired
from traceback import format_exc

import click
from confluent_kafka import KafkaException

from agents.contracts import load_contracts
from sla_stream.promises import Promises, promises_of
from tests.agents.running import ALERTS, CALLS, Site
from tests.faults import checks, kept
from tests.faults.compaction import compact
from tests.faults.contracts import promise_all
from tests.faults.crew import Crew
from tests.faults.faults import APP_ID, FAULTS, PARTITIONS, SESSION_S, Scene, set_ahead
from tests.faults.fold import Partition, fold
from tests.faults.report import Outcome
from tests.faults.story import Story
from tests.faults.worker import AHEAD, HANDED
from tests.parts.kafka.broker import Kafka
from tests.parts.kafka.gate import Gate
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
#: Of so many seeds one has workers that fetch in the slower way, record by record.
_BY_RECORD_EVERY = 4
_BROKER = {"group.min.session.timeout.ms": "1000", "log.cleaner.backoff.ms": "200"}

_READY_S, _SETTLED_S, _AGREED_S = 90, 150, 20
#: A bench judges five times a second.
_LOOKS_MORE, _BETWEEN_LOOKS_S = 3, 0.2
#: Between two faults.
_QUIET_S = (0.5, 4.0)


def run(home: Path, seed: int, faults: int) -> Outcome:
    """Run one campaign in an empty folder. That the system does not come to rest is a difference, too."""
    set_ahead(home / AHEAD, 0)
    (home / HANDED).touch()
    gate = Gate()
    broker = Kafka(home, _BROKER | gate.settings)
    with gate.to(broker.address), broker:
        site = Site(gate.address, home, **_SETTINGS, SLA_DIRECT_FETCH=str(not fetches_by_record(seed)))
        promise_all(site)
        assert site.command("topics", "apply").exit_code == 0
        with Crew(site, home, wanted=2) as crew:
            campaign = Campaign(site, Scene(broker, gate, crew, home, Random(seed)), seed)
            try:
                campaign.disturb(faults)
                campaign.close()
            except (AssertionError, TimeoutExpired):
                said = f"{format_exc()}{crew.ask_what_they_do()}"
                campaign.comparison.compare("rest", "the system", said, "at rest")
                time.sleep(2)
        return campaign.outcome()


def fetches_by_record(seed: int) -> bool:
    """Whether the workers of this campaign fetch in the slower way, kept for other versions of aiokafka."""
    return seed % _BY_RECORD_EVERY == 0


def run_in_folder(faults: int, seed: int) -> Outcome:
    """Run one campaign in a folder of its own, which is left where something went wrong."""
    home = Path(tempfile.mkdtemp(prefix=f"campaign-{seed}-"))
    try:
        outcome = run(home, seed, faults)
    except KafkaException as error:
        # The client's own exceptions do not travel from one process to another.
        raise RuntimeError(f"seed {seed}: {error}; see {home}") from error
    wrong = len(outcome.differences)
    click.echo(f"seed {seed}: {sum(outcome.faults.values())} faults, {wrong} wrong", err=True)
    if wrong:
        click.echo("\n".join([*outcome.differences[:10], f"See {home}"]), err=True)
    else:
        shutil.rmtree(home)
    return outcome


class Campaign:
    """What is compared, and what it comes to."""

    def __init__(self, site: Site, scene: Scene, seed: int) -> None:
        self.comparison = Comparison()
        self._site, self._scene, self._seed = site, scene, seed
        self._faults: Counter[str] = Counter()
        self._told_again = 0
        self._story = Story(site.address, seed, _JUDGE_PARTITIONS)

    def disturb(self, faults: int) -> None:
        """Tell the story to its end, with so many faults; return when all of it is counted."""
        random, crew, address = self._scene.random, self._scene.crew, self._site.address
        wait_until(crew.all_ready, _READY_S, "the workers to be ready")
        with self._story as story:
            for fault in random.choices(FAULTS, k=faults):
                time.sleep(random.uniform(*_QUIET_S))
                fault(self._scene)
                self._faults[fault.__name__] += 1
            crew.resize(2)
            story.end()
        wait_until(lambda: received(address, APP_ID) >= story.messages, _SETTLED_S, "all to be counted")
        wait_until(crew.all_ready, _READY_S, "the workers to come to rest")

    def close(self) -> None:
        """Compare what two workers show, then one, what is kept, and what is left of it after compaction."""
        crew = self._scene.crew
        self._compare_bench("bench of two workers")
        for worker in crew.workers:
            self.comparison.compare("health", "a worker that is left", worker.get("/healthz"), (200, "fetching\n"))
            by_record = worker.sample("sla_fetch_fallback")
            self.comparison.compare("health", "fetching by record", by_record, fetches_by_record(self._seed))
        crew.resize(1)
        wait_until(crew.all_ready, _READY_S, "the worker that is left to be ready")
        self._compare_bench("bench of one worker")
        crew.resize(0)
        self._compare_kept("as written")
        for topic in kept.KEPT:
            compact(self._scene.broker, self._site, topic)
        self._compare_kept("compacted")
        crew.resize(1)
        wait_until(crew.all_ready, _READY_S, "a worker to recover from what was compacted")
        self._compare_bench("bench, from what was compacted")
        self._told_again = checks.episodes(
            self.comparison, self._site.records(ALERTS), self._story.breaches, self._scene.clock_jumped
        )

    def outcome(self) -> Outcome:
        """What it came to, with the ends of all workers."""
        crew, messages = self._scene.crew, self._story.messages
        checks.ends(self.comparison, crew.exits, crew.last_words)
        handed = sum(map(int, (self._scene.clock.parent / HANDED).read_text().split()))
        return Outcome(
            seed=self._seed,
            fetched_by_record=fetches_by_record(self._seed),
            faults=self._faults,
            exits=crew.exits,
            messages=messages,
            results=sum((partition.results for partition in self._truth.values()), Counter()),
            replayed=handed - messages,
            episodes=self._story.breaches.total(),
            told_again=self._told_again,
            compared=self.comparison.compared,
            differences=self.comparison.differences,
        )

    @cached_property
    def _truth(self) -> dict[int, Partition]:
        """Asked for when the story is over: nobody tells anything any more."""
        return fold(self._site.records(CALLS))

    @cached_property
    def _promises(self) -> Promises:
        return promises_of(load_contracts(self._site.contracts).values())

    def _compare_bench(self, section: str) -> None:
        """The bench hears of a tally a moment after it is counted. Once all agree, they must go on to."""
        workers, end = self._scene.crew.workers, time.monotonic() + _AGREED_S
        while True:
            found = Comparison()
            checks.benches(found, section, workers, self._truth)
            if not found.differences or time.monotonic() > end:
                break
            time.sleep(_BETWEEN_LOOKS_S)
        self.comparison.add(found)
        for _ in range(_LOOKS_MORE):
            time.sleep(_BETWEEN_LOOKS_S)
            checks.benches(self.comparison, section, workers, self._truth)

    def _compare_kept(self, section: str) -> None:
        """What lies on the topics, by the highest offset and by the last record of each key."""
        topics, comparison = kept.read(self._site), self.comparison
        on_topic = sum(partition.results.total() for partition in self._truth.values())
        comparison.compare("results", "messages on the topic", on_topic, self._story.messages)
        checks.results(comparison, topics, self._truth, self._promises)
        checks.state(comparison, f"{section}, highest offset", topics, self._truth, self._promises)
        last = kept.last_of_keys(topics)
        checks.state(comparison, f"{section}, last record", last, self._truth, self._promises)
        stale = list(kept.stale(topics))
        comparison.compare("stale", f"records written after newer ones, {section}: {stale[:3]}", len(stale), 0)
