"""Which partitions rest after what they brought, and when they go on."""

import asyncio
from collections.abc import Iterator

import pytest
from aiokafka import TopicPartition  # type: ignore[import-untyped]
from faust.types import TP

from agents.kafka.chunk import Chunk
from agents.kafka.rest import MANY, Rest

CALLS, TALLIES = TP("calls", 0), TP("tallies", 0)
OTHERS = TP("calls", 1)


class Paused:
    """aiokafka's consumer, as far as it is asked here: it refuses partitions that are not its own."""

    def __init__(self, *assigned: TP) -> None:
        self.assigned = {TopicPartition(*tp) for tp in assigned}
        self.now: set[TopicPartition] = set()

    def pause(self, *tps: TopicPartition) -> None:
        assert self.assigned.issuperset(tps)
        self.now.update(tps)

    def resume(self, *tps: TopicPartition) -> None:
        assert self.assigned.issuperset(tps)
        self.now.difference_update(tps)

    def assignment(self) -> set[TopicPartition]:
        return self.assigned


def chunk(tp: TP, records: int) -> Chunk:
    nothing: list[bytes | None] = [None] * records
    return Chunk.of(tp, (0, records), list(range(records)), nothing, nothing, [0] * records)


async def pause(seconds: float) -> None:
    """What was to be done by then is done: the loop's timers come in their order."""
    over = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, over.set)
    await over.wait()


def seen(consumer: Paused, *fetches: dict[TP, list[Chunk]]) -> Iterator[set[TopicPartition]]:
    """Who rests after each fetch, and at last when the rest is over."""

    async def run() -> list[set[TopicPartition]]:
        rest = Rest(frozenset({"calls"}), 0.01, ())
        after = []
        for fetch in fetches:
            rest.after(fetch, consumer)
            after.append(set(consumer.now))
        await pause(0.02)
        return [*after, set(consumer.now)]

    return iter(asyncio.run(run()))


@pytest.mark.parametrize(("records", "rests"), [(1, True), (MANY - 1, True), (MANY, False), (MANY + 1, False)])
def test_a_partition_with_a_backlog_does_not_rest(records: int, rests: bool) -> None:
    first, last = seen(Paused(CALLS), {CALLS: [chunk(CALLS, records)]})
    assert first == ({CALLS} if rests else set())
    assert last == set()


def test_others_topics_do_not_rest() -> None:
    first, _ = seen(Paused(CALLS, TALLIES), {TALLIES: [chunk(TALLIES, 1)]})
    assert first == set()


def test_who_comes_to_rest_later_goes_on_with_the_first() -> None:
    consumer = Paused(CALLS, OTHERS)
    first, second, last = seen(consumer, {CALLS: [chunk(CALLS, 1)]}, {OTHERS: [chunk(OTHERS, 1)]})
    assert (first, second, last) == ({CALLS}, {CALLS, OTHERS}, set())


def test_a_partition_that_was_given_away_meanwhile_is_left_alone() -> None:
    consumer = Paused(CALLS, OTHERS)

    async def run() -> None:
        rest = Rest(frozenset({"calls"}), 0, ())
        rest.after({CALLS: [chunk(CALLS, 1)], OTHERS: [chunk(OTHERS, 1)]}, consumer)
        consumer.assigned.discard(TopicPartition(*OTHERS))
        await pause(0.01)

    asyncio.run(run())
    assert consumer.now == {OTHERS}


def test_nobody_goes_on_while_a_chunk_of_one_waits_for_its_agent() -> None:
    """Handing out more would wait there, too, and behind it an alert on its way to its receivers."""
    consumer, queued = Paused(CALLS, OTHERS), {OTHERS}

    async def run() -> None:
        rest = Rest(frozenset({"calls"}), 0, queued)
        rest.after({CALLS: [chunk(CALLS, 1)], OTHERS: [chunk(OTHERS, 1)]}, consumer)
        await pause(0.02)
        assert consumer.now == {CALLS, OTHERS}
        queued.clear()
        await pause(0.02)
        assert consumer.now == set()

    asyncio.run(run())
