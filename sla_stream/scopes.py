"""Where an objective is judged - all its queues together, each by itself - and what is counted there."""

from collections.abc import Iterator
from typing import NamedTuple

from schemas.tallies import Counts
from sla_stream.board import Board, ZonedWindow
from sla_stream.boards import Boards
from sla_stream.changes import QueueKey
from sla_stream.measures import UNDECIDED, Overdue
from sla_stream.panes import quarter_of
from sla_stream.planned import against_forecast
from sla_stream.promises import Promise
from sla_stream.tally import add
from sla_stream.waiting import Waiting
from sla_stream.windows import Span


class Scope(NamedTuple):
    """One place of judgement; `queue` is None for all of them together."""

    queue: str | None
    queues: tuple[str, ...]


class Counted(NamedTuple):
    """What counts, and what is left out by the contract's exclusions. Not to be changed."""

    counts: Counts
    excluded: Counts


def scopes_of(promise: Promise, boards: Boards) -> Iterator[Scope]:
    """The places the contract names, or every queue that was ever heard of."""
    objective = promise.objective
    if objective.queues == "all":
        heard = {queue for channel in promise.channels for queue in boards.queues(promise.client, channel)}
        queues = tuple(sorted(heard))
    else:
        queues = tuple(objective.queues)
    if objective.judge != "each_queue":
        yield Scope(None, queues)
    if objective.judge != "together":
        for queue in queues:
            yield Scope(queue, (queue,))


def waiting_in(promise: Promise, scope: Scope, boards: Boards) -> Waiting:
    """Those who wait there."""
    client = promise.client
    return Waiting(
        [
            boards.waiting(QueueKey(client, channel, queue))
            for channel in promise.channels
            for queue in scope.queues
        ]
    )


def boards_of(promise: Promise, scope: Scope, boards: Boards) -> list[Board]:
    """Where it is counted: on one board for each channel in which anybody was."""
    found = (boards.board(promise, channel, scope.queue) for channel in promise.channels)
    return [board for board in found if board]


def counted_in(
    promise: Promise, scope: Scope, zoned: ZonedWindow, span: Span, now_ms: int, boards: Boards
) -> Counted:
    """What counts there in one span of a window, with those who still wait but are missed already."""
    found = [board.read(zoned, span) for board in boards_of(promise, scope, boards)]
    return _counted(found, promise, scope, span, now_ms, boards)


def counted_between(promise: Promise, scope: Scope, span: Span, now_ms: int, boards: Boards) -> Counted:
    """The same, of any whole quarter-hours."""
    found = [board.between(*span) for board in boards_of(promise, scope, boards)]
    return _counted(found, promise, scope, span, now_ms, boards)


def _counted(
    found: list[Counts], promise: Promise, scope: Scope, span: Span, now_ms: int, boards: Boards
) -> Counted:
    counts = found[0] if len(found) == 1 else _sum(found)
    if promise.objective.measure.kind == "volume":
        counts = against_forecast(promise, scope.queues, span, now_ms, boards)
    counts = _with_missed(counts, promise, scope, span, now_ms, boards)
    counts = _with_undecided(counts, promise, scope, span, now_ms, boards)
    excluded = _excluded(promise, scope, span, now_ms, boards) if promise.exclusions else {}
    if not excluded:
        return Counted(counts, excluded)
    rest = dict(counts)
    add(rest, excluded.items(), -1)
    return Counted(rest, excluded)


def _sum(found: list[Counts]) -> Counts:
    total: Counts = {}
    for counts in found:
        add(total, counts.items())
    return total


def _excluded(promise: Promise, scope: Scope, span: Span, now_ms: int, boards: Boards) -> Counts:
    """What counts in the parts of the span that the contract leaves out, queue by queue."""
    parts: list[Counts] = []
    for queue in scope.queues:
        alone = Scope(queue, (queue,))
        for part in promise.exclusions.of(queue, span):
            if promise.objective.measure.kind == "volume":
                parts.append(against_forecast(promise, (queue,), part, now_ms, boards))
                continue
            counts = _sum([board.between(*part) for board in boards_of(promise, alone, boards)])
            parts.append(_with_undecided(counts, promise, alone, part, now_ms, boards))
            parts.append(_with_missed({}, promise, alone, part, now_ms, boards))
    return _sum(parts)


def missed_at(promise: Promise, scope: Scope, now_ms: int, boards: Boards) -> Iterator[int]:
    """The instants in whose panes somebody counts as missed for whom it is not yet done."""
    if overdue := promise.measure.overdue:
        waiting = waiting_in(promise, scope, boards)
        yield from (offered + overdue.at_ms for offered in waiting if now_ms - offered > overdue.after_ms)
    if promise.measure.by == "facts" and promise.measure.missed:
        yield from boards.deadlines(promise, scope.queues).late_at(now_ms)


def _with_missed(
    counts: Counts, promise: Promise, scope: Scope, span: Span, now_ms: int, boards: Boards
) -> Counts:
    """The counts, and those who are missed already: who still waits, and what is past due."""
    if overdue := promise.measure.overdue:
        counts = with_overdue(counts, overdue, waiting_in(promise, scope, boards), span, now_ms)
    if promise.measure.by == "facts" and promise.measure.missed:
        late = boards.deadlines(promise, scope.queues).late_in(*span, now_ms)
        if late:
            counts = counts | {name: counts.get(name, 0) + n * late for name, n in promise.measure.missed}
    return counts


def with_overdue(counts: Counts, overdue: Overdue, waiting: Waiting, span: Span, now_ms: int) -> Counts:
    """The counts, and those who still wait but are missed already, as far as they belong to the span."""
    until_ms = min(span.end_ms - overdue.at_ms, now_ms - overdue.after_ms)
    missed = waiting.offered(span.start_ms - overdue.at_ms, until_ms)
    if not missed:
        return counts
    return counts | {name: counts.get(name, 0) + n * missed for name, n in overdue.counts}


def _with_undecided(
    counts: Counts, promise: Promise, scope: Scope, span: Span, now_ms: int, boards: Boards
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
        young = Span(decided_ms, span.end_ms)
        undecided = _sum([board.read_part(young) for board in boards_of(promise, scope, boards)])
    return counts | {f"{UNDECIDED}{name}": n for name, n in undecided.items()}
