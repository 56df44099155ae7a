"""Where an objective is judged - all its queues together, each by itself - and what is counted there."""

from collections.abc import Iterator
from typing import NamedTuple

from schemas.tallies import Counts
from sla_stream.board import ZonedWindow
from sla_stream.boards import Boards
from sla_stream.changes import QueueKey
from sla_stream.measures import UNDECIDED, Overdue
from sla_stream.panes import quarter_of
from sla_stream.promises import Promise
from sla_stream.waiting import Waiting
from sla_stream.windows import Span


class Scope(NamedTuple):
    """One place of judgement; `queue` is None for all of them together."""

    queue: str | None
    queues: tuple[str, ...]


def scopes_of(promise: Promise, boards: Boards) -> Iterator[Scope]:
    """The places the contract names, or every queue that was ever heard of."""
    objective = promise.objective
    queues = (
        boards.queues(promise.client, objective.channel) if objective.queues == "all" else tuple(objective.queues)
    )
    if objective.judge != "each_queue":
        yield Scope(None, queues)
    if objective.judge != "together":
        for queue in queues:
            yield Scope(queue, (queue,))


def waiting_in(promise: Promise, scope: Scope, boards: Boards) -> Waiting:
    """Those who wait there."""
    client, channel = promise.client, promise.objective.channel
    return Waiting([boards.waiting(QueueKey(client, channel, queue)) for queue in scope.queues])


def counts_in(promise: Promise, scope: Scope, zoned: ZonedWindow, span: Span, boards: Boards) -> Counts:
    """What is settled there in one span of a window. It is the board's own: not to be changed."""
    board = boards.board(promise, scope.queue)
    return board.read(zoned, span) if board else {}


def with_overdue(counts: Counts, overdue: Overdue, waiting: Waiting, span: Span, now_ms: int) -> Counts:
    """The counts, and those who still wait but are missed already, as far as they belong to the span."""
    until_ms = min(span.end_ms - overdue.at_ms, now_ms - overdue.after_ms)
    missed = waiting.offered(span.start_ms - overdue.at_ms, until_ms)
    if not missed:
        return counts
    return counts | {name: counts.get(name, 0) + n * missed for name, n in overdue.counts}


def with_undecided(
    counts: Counts, promise: Promise, scope: Scope, span: Span, boards: Boards, now_ms: int
) -> Counts:
    """The counts, and by names of their own those in panes that are so young that they are not decided yet."""
    measure = promise.measure
    if measure.by != "customer" or not measure.decided_after_ms:
        return counts
    decided_ms = quarter_of(now_ms - measure.decided_after_ms)
    if decided_ms >= span.end_ms:
        return counts
    undecided = counts
    if decided_ms > span.start_ms:
        board = boards.board(promise, scope.queue)
        undecided = board.read_part(Span(decided_ms, span.end_ms)) if board else {}
    return counts | {f"{UNDECIDED}{name}": n for name, n in undecided.items()}
