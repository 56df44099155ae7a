"""After a campaign: everything that was counted and told, against the truth."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from confluent_kafka import Message

from agents.kafka import Exit
from sla_stream.counting import Counting
from sla_stream.promises import Promises
from tests.agents.running import TALLIES, Worker
from tests.faults import kept
from tests.faults.floor import LATENESS_MS, Place
from tests.faults.fold import Pane, Partition, Tallies
from tests.truth.comparison import Comparison

Truth = Mapping[int, Partition]

#: Ended as asked, by a signal of ours (SIGTERM is one as long as a worker starts), at a start without a broker, or
#: by themselves rather than limp.
_ENDS = {
    0,
    -9,
    -15,
    1,
    Exit.WRITE_FAILED,
    Exit.LEASE_LOST,
    Exit.DRAIN_TIMED_OUT,
    Exit.STALLED,
    Exit.TOPICS_UNKNOWN,
}

#: What is told of an episode, in this order; each may come more than once.
_BREACH = ("sla.breach.opened", "sla.breach.resolved")
_SILENCE = ("sla.feed.silent", "sla.feed.resumed")


def results(comparison: Comparison, topics: kept.Topics, truth: Truth, promises: Promises) -> None:
    """Every message of the source has one result, and it is the right one."""
    countings = kept.recovered(topics, promises)
    for number, partition in truth.items():
        told = {result.value: n for result, n in countings[number].position.results.items() if n}
        comparison.compare("results", f"results of partition {number}", told, dict(partition.results))


def state(comparison: Comparison, section: str, topics: kept.Topics, truth: Truth, promises: Promises) -> None:
    """What a worker would recover, and what the bench would read: to the last count."""
    told = kept.told_tallies(topics[TALLIES])
    countings = kept.recovered(topics, promises)
    for number, partition in truth.items():
        expected = partition.tallies()
        _compare_all(comparison, f"{section}: tallies told", told.get(number, {}), expected)
        recovered = kept.tallies_of(countings[number])
        in_reach = _in_reach(expected, recovered, partition)
        _compare_all(comparison, f"{section}: tallies kept", recovered, in_reach)
        _contacts(comparison, f"{section}: contacts kept", countings[number], partition)


def benches(comparison: Comparison, section: str, workers: Iterable[Worker], truth: Truth) -> None:
    """What the workers show, all together: each board once."""
    expected: dict[tuple[str, str, str, str], int] = defaultdict(int)
    for partition in truth.values():
        for pane, counts in partition.tallies().items():
            for outcome, n in counts.items():
                if ":" not in outcome and outcome != "sum_ms":
                    expected[pane.client, pane.queue, pane.measure, outcome] += n
    shown = [of_worker for worker in workers for of_worker in outcomes(worker).items()]
    comparison.compare(section, "boards at two benches", len(shown), len(dict(shown)))
    _compare_all(comparison, section, dict(shown), expected)


def outcomes(worker: Worker) -> dict[tuple[str, str, str, str], int]:
    """How many contacts it shows by client, queue, measure and outcome."""
    family = worker.metrics().get("sla_outcome_contacts")
    return {
        (one.labels["client"], one.labels["queue"], one.labels["measure"], one.labels["outcome"]): int(one.value)
        for one in (family.samples if family else ())
    }


def episodes(
    comparison: Comparison, alerts: Iterable[Message], breaches: Mapping[Place, int], feeds_may_seem_silent: bool
) -> int:
    """Each breach of the truth was told and then its end, under one id, and no other; returns how often over."""
    told: dict[tuple[Place, str], list[str]] = defaultdict(list)
    for message in alerts:
        alert = orjson.loads(message.value() or b"")
        told[Place(alert["client"], alert["queue"] or ""), alert["episode"]].append(alert["event"])
    for (place, episode), events in told.items():
        wanted = _BREACH if place.queue else _SILENCE
        comparison.compare("episodes", f"{place} {episode}", tuple(dict.fromkeys(events)), wanted)
        comparison.compare("episodes", f"{place} silent", bool(place.queue) or feeds_may_seem_silent, True)
    _compare_all(comparison, "episodes", Counter(place for place, _ in told if place.queue), breaches)
    return sum(len(events) - 2 for events in told.values())


def ends(comparison: Comparison, exits: Mapping[int, int], last_words: Mapping[int, str]) -> None:
    """No worker met a bug, found its state unreadable, or took the source for another."""
    for code in exits:
        comparison.compare("ends", f"a worker ended with {code}: {last_words[code]}", code in _ENDS, True)


def _in_reach(expected: Tallies, recovered: Tallies, partition: Partition) -> Tallies:
    """Without what was rightly forgotten: tallies that no fact can change any more."""
    return {
        pane: counts for pane, counts in expected.items() if pane in recovered or not _is_final(pane, partition)
    }


def _is_final(pane: Pane, partition: Partition) -> bool:
    return pane.start_ms < partition.watermarks[pane.client] - 2 * LATENESS_MS[pane.client]


def _contacts(comparison: Comparison, section: str, counting: Counting, partition: Partition) -> None:
    lives = {(feed.client, name): contact.life for (feed, name), contact in counting.contacts()}
    for (client, contact), call in partition.calls.items():
        known = lives.get((client, contact))
        horizon_ms = partition.watermarks[client] - LATENESS_MS[client]
        if call.life and (known or max(call.at_ms.values()) >= horizon_ms):
            told = known and (known.queue, known.offered_ms, known.outcome, known.outcome_ms, known.ended_ms)
            comparison.compare(section, f"{section}: {client} {contact}", told, tuple(call.life))


def _compare_all(
    comparison: Comparison, section: str, told: Mapping[Any, object], expected: Mapping[Any, object]
) -> None:
    for name in {**told, **expected}:
        comparison.compare(section, f"{section}: {name}", told.get(name), expected.get(name))
