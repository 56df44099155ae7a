"""The truth of a campaign is worked out twice, and what is not as it has it is noticed."""

from random import Random
from typing import NamedTuple

import pytest
from confluent_kafka import Message

from agents import state
from agents.codec import decode
from agents.contracts import load_contracts
from sla_stream.counting import Batch, Counting
from sla_stream.messages import messages_of
from sla_stream.promises import Promises, promises_of
from tests.agents.running import TALLIES, Site
from tests.faults import checks, kept
from tests.faults.contracts import promise_all
from tests.faults.floor import HOUR_MS, MINUTE_MS, PLACES, Floor, Place
from tests.faults.fold import Partition
from tests.truth.comparison import Comparison

NOW_MS = 1_790_000_000_000
SEEDS = (1, 2)
_MINUTES = 60


class Told(NamedTuple):
    """An hour of calls, folded and counted in one pass."""

    partition: Partition
    counting: Counting
    topics: kept.Topics
    promises: Promises


@pytest.fixture(scope="module", params=SEEDS)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Told:
    site = Site("nowhere:1", tmp_path_factory.mktemp("site"))
    promise_all(site)
    promises = promises_of(load_contracts(site.contracts).values())
    partition, counting = Partition(), Counting(promises)
    values = _values(request.param)
    for value in values:
        partition.take(value)
    changes = counting.observe(
        Batch(
            [(offset, decode(value, NOW_MS + 2 * HOUR_MS)) for offset, value in enumerate(values)], len(values) - 1
        )
    )
    positions, contacts, tallies = kept.CHANGELOGS
    topics = {
        positions: [_record(*state.position_record("voice", changes.position))],
        contacts: [_record(*record) for record in state.contact_records(changes)],
        tallies: [_record(*record) for record in state.tally_records(changes)],
        TALLIES: [_record(*state.bench_record(told)) for told in messages_of(changes, "contact.calls/0", NOW_MS)],
    }
    return Told(partition, counting, topics, promises)


def test_the_fold_is_what_one_pass_of_the_core_comes_to(told: Told) -> None:
    comparison = _compared(told, told.topics)
    assert not comparison.differences, comparison.first_differences
    assert comparison.compared["now: tallies told"] > 1_000
    assert comparison.compared["now: tallies kept"] > 1_000
    assert comparison.compared["now: contacts kept"] > 1_000
    assert set(told.partition.results) == {"applied", "duplicate", "rejected", "too_late"}


@pytest.mark.parametrize("topic", kept.KEPT)
def test_a_record_that_is_lost_is_noticed(told: Told, topic: str) -> None:
    lost = _last_that_counts(told.topics[topic])
    found = _compared(told, {**told.topics, topic: [one for one in told.topics[topic] if one is not lost]})
    assert found.differences


def test_a_tally_that_is_written_after_a_newer_one_is_noticed(told: Told) -> None:
    tallies = kept.CHANGELOGS[2]
    newer = told.topics[tallies][0]
    (key, value) = (newer.key(), newer.value())
    assert value
    older = _record(key or b"", value.replace(b"[%d" % told.counting.position.offset, b"[7", 1))
    assert not list(kept.stale(told.topics))
    assert list(kept.stale({**told.topics, tallies: [newer, older]}))


PLACE = Place("acme", "sales")
OPENED, RESOLVED = ("sla.breach.opened", "one"), ("sla.breach.resolved", "one")


@pytest.mark.parametrize(
    ("alerts", "breaches", "wrong"),
    [
        ([OPENED, RESOLVED], 1, False),
        ([OPENED, OPENED, RESOLVED, RESOLVED], 1, False),
        ([OPENED], 1, True),
        ([RESOLVED, OPENED], 1, True),
        ([], 1, True),
        ([OPENED, RESOLVED], 0, True),
        ([OPENED, ("sla.breach.opened", "two"), RESOLVED, ("sla.breach.resolved", "two")], 1, True),
    ],
)
def test_each_breach_is_one_episode_told_and_over(
    alerts: list[tuple[str, str]], breaches: int, wrong: bool
) -> None:
    comparison = Comparison()
    written = [_alert(event, episode, PLACE) for event, episode in alerts]
    checks.episodes(comparison, written, {PLACE: breaches}, feeds_may_seem_silent=False)
    assert bool(comparison.differences) is wrong


@pytest.mark.parametrize("may_seem_silent", [True, False])
def test_a_feed_seems_silent_only_if_a_clock_jumped(may_seem_silent: bool) -> None:
    comparison = Comparison()
    written = [_alert(event, "one", Place("acme", "")) for event in ("sla.feed.silent", "sla.feed.resumed")]
    checks.episodes(comparison, written, {}, may_seem_silent)
    assert bool(comparison.differences) is not may_seem_silent


@pytest.mark.parametrize(
    ("code", "wrong"), [(0, False), (-9, False), (72, False), (70, True), (74, True), (75, True)]
)
def test_a_worker_may_not_end_in_every_way(code: int, wrong: bool) -> None:
    comparison = Comparison()
    checks.ends(comparison, {code: 1}, {code: "last words"})
    assert bool(comparison.differences) is wrong


def _values(seed: int) -> list[bytes]:
    floor, random = Floor(seed, NOW_MS), Random(seed)
    messages = []
    for _ in range(_MINUTES):
        floor.short = {random.choice(PLACES)}
        messages += floor.go_on(MINUTE_MS)
    return [value for _, value in messages + floor.close()]


def _compared(told: Told, topics: kept.Topics) -> Comparison:
    comparison = Comparison()
    truth = {0: told.partition}
    checks.results(comparison, topics, truth, told.promises)
    checks.state(comparison, "now", topics, truth, told.promises)
    return comparison


def _last_that_counts(messages: list[Message]) -> Message:
    """Waiting queues and clocks are told to the bench, too; and what is long ago may rightly be forgotten."""
    return next(
        one
        for one in reversed(messages)
        if b'"tally"' in (one.key() or b"") or b'"type"' not in (one.value() or b"")
    )


def _record(key: bytes, value: bytes | None) -> Message:
    return Message(topic="kept", key=key, value=value, partition=0)


def _alert(event: str, episode: str, place: Place) -> Message:
    queue = f'"{place.queue}"' if place.queue else "null"
    value = f'{{"event": "{event}", "episode": "{episode}", "client": "{place.client}", "queue": {queue}}}'
    return _record(episode.encode(), value.encode())
