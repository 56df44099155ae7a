"""Where an objective is judged - all its queues together, each by itself - and what is counted there."""

from collections.abc import Iterator
from typing import NamedTuple

from schemas.tallies import Counts
from sla_stream.boards import BoardKey, Boards, ZonedWindow
from sla_stream.changes import QueueKey
from sla_stream.promises import Promise
from sla_stream.tally import add
from sla_stream.windows import Span, Window


class Scope(NamedTuple):
    """One place of judgement; `queue` is None for all of them together."""

    queue: str | None
    queues: tuple[str, ...]


def scopes_of(promise: Promise, boards: Boards) -> Iterator[Scope]:
    """The places the contract names, or every queue that was ever heard of."""
    objective = promise.objective
    known = boards.queues(promise.client, objective.channel)
    queues = tuple(known if objective.queues == "all" else objective.queues)
    if objective.judge != "each_queue":
        yield Scope(None, queues)
    if objective.judge != "together":
        for queue in queues:
            yield Scope(queue, (queue,))


def waiting_in(promise: Promise, scope: Scope, boards: Boards) -> list[int]:
    """Since when those who wait there have waited (epoch ms)."""
    keys = (QueueKey(promise.client, promise.objective.channel, queue) for queue in scope.queues)
    return [offered_ms for key in keys for offered_ms in boards.waiting(key)]


def counts_in(promise: Promise, scope: Scope, window: Window, span: Span, boards: Boards) -> Counts:
    """What is settled there in one span of a window. It may be a board's own: not to be changed."""
    zoned = ZonedWindow(window, promise.zone)
    client, channel, measure = promise.client, promise.objective.channel, promise.measure.key
    found = (boards.boards.get(BoardKey(client, channel, queue, measure)) for queue in scope.queues)
    settled = [board.read(zoned, span) for board in found if board]
    if len(settled) == 1:
        return settled[0]
    counts: Counts = {}
    for of_queue in settled:
        add(counts, of_queue.items())
    return counts


def with_overdue(counts: Counts, promise: Promise, offered_at: list[int], span: Span, now_ms: int) -> Counts:
    """The counts, and those who still wait but are missed already, as far as they belong to the span."""
    overdue = (promise.measure.overdue(offered_ms, now_ms) for offered_ms in offered_at)
    within = [missed for missed in overdue if missed and span.start_ms <= missed.at_ms < span.end_ms]
    if not within:
        return counts
    together = dict(counts)
    for missed in within:
        add(together, missed.counts)
    return together
