"""What is kept on the topics, as a worker recovers it: from every record, or from the last of each key."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from confluent_kafka import Message

from agents import state
from sla_stream.counting import Counting
from sla_stream.promises import Promises
from tests.agents.running import TALLIES, Site
from tests.faults.faults import APP_ID
from tests.faults.fold import Pane, Tallies

CHANGELOGS = tuple(f"{APP_ID}-{name}-changelog" for name in ("positions", "contacts", "tallies"))
KEPT = (*CHANGELOGS, TALLIES)

Topics = dict[str, list[Message]]


def read(site: Site) -> Topics:
    """Everything that is kept, as it lies there."""
    return {topic: site.records(topic) for topic in KEPT}


def last_of_keys(topics: Topics) -> Topics:
    """What compaction would leave."""
    return {
        topic: list({(m.partition(), m.key()): m for m in messages}.values()) for topic, messages in topics.items()
    }


def recovered(topics: Topics, promises: Promises) -> dict[int, Counting]:
    """The state that a worker recovers from its changelogs."""
    countings: dict[int, Counting] = defaultdict(lambda: Counting(promises))
    positions, contacts, tallies = (topics[topic] for topic in CHANGELOGS)
    for partition, _, value in _records(positions):
        assert value is not None
        countings[partition].restore_position(state.position_of(value))
    for partition, key, value in _records(contacts):
        countings[partition].restore_contact(*state.contact_of(key, value))
    for partition, key, value in _records(tallies):
        for name, tally in state.tallies_of(key, value):
            countings[partition].restore_tally(name, tally)
    return countings


def tallies_of(counting: Counting) -> Tallies:
    """The recovered tallies, pane by pane."""
    return {
        Pane(key.client, key.queue, key.start_ms, measure): counts
        for key, tally in counting.tallies()
        for measure, counts in tally.measures.items()
        if counts
    }


def told_tallies(messages: Iterable[Message]) -> dict[int, Tallies]:
    """What each source partition has told the bench, whole: of a minute the higher offset wins."""
    newest: dict[tuple[str, str, str, int], int] = {}
    told: dict[int, dict[tuple[str, str, int], dict[str, dict[str, int]]]] = defaultdict(dict)
    for message in state.bench_messages(value for _, _, value in _records(messages) if value is not None):
        if message.type != "tally":
            continue
        for minute, measures in enumerate(message.minutes):
            start_ms = message.start + minute * 60_000
            place = (message.source, message.client, message.queue, start_ms)
            if newest.get(place, -1) <= message.offset:
                newest[place] = message.offset
                told[int(message.source.rpartition("/")[2])][place[1:]] = measures
    return {
        partition: {
            Pane(*place, measure): counts
            for place, measures in minutes.items()
            for measure, counts in measures.items()
            if counts
        }
        for partition, minutes in told.items()
    }


def stale(topics: Topics) -> Iterator[str]:
    """Tallies that were written after one of a higher offset: what compaction would keep instead of it."""
    newest: dict[tuple[str, int, bytes], int] = {}
    for topic in (CHANGELOGS[2], TALLIES):
        for partition, key, value in _records(topics[topic]):
            offset, place = _offset_in(topic, key, value), (topic, partition, key)
            if offset is not None:
                if offset < newest.get(place, -1):
                    yield f"{topic}/{partition} {key!r}: {offset} after {newest[place]}"
                newest[place] = max(offset, newest.get(place, -1))


def _offset_in(topic: str, key: bytes, value: bytes | None) -> int | None:
    """The source offset that the record of a tally reflects."""
    if value is None:
        return None
    if topic == TALLIES:
        (message,) = state.bench_messages([value])
        return message.offset if message.type == "tally" else None
    return next(tally.offset for _, tally in state.tallies_of(key, value) if tally)


def _records(messages: Iterable[Message]) -> Iterator[tuple[int, bytes, bytes | None]]:
    for message in messages:
        partition, key = message.partition(), message.key()
        assert partition is not None
        assert key is not None
        yield partition, key, message.value()
