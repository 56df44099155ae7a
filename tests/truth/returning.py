"""August's customers: which contacts were resolved, as the core counts them from shuffled and repeated facts."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b
from itertools import count
from pathlib import Path
from typing import NamedTuple

from agents.contracts import load_contracts
from schemas.facts import FACT, Fact, Forecast, Heartbeat
from schemas.resolutions import ContactTouch
from schemas.tallies import Counts
from sla_stream.board import ZonedWindow
from sla_stream.boards import Boards
from sla_stream.changes import Changes
from sla_stream.counting import Batch, Counting
from sla_stream.messages import messages_of, touches_of
from sla_stream.promises import Promise, Promises, promises_of
from sla_stream.resolutions import Resolutions, TouchBatch
from sla_stream.scopes import boards_of, counted_in, scopes_of
from sla_stream.tally import add
from tests.builders import DAY
from tests.truth.outcome import ALL
from tests.truth.reference import ZONE
from tests.truth.shuffled import shuffled

FIRST_CONTACT = Path("tests/data/anonymous_bank_first_contact.yaml").absolute()

_BATCH = 2_000
_SOURCES, _PARTITIONS = 3, 2

#: Here the reference's data ends: what is not decided by now is undecided.
END_MS = int(datetime(1999, 9, 1, tzinfo=ZONE).timestamp()) * 1000


class Variant(NamedTuple):
    """How the reference reads first-contact resolution, in its words."""

    base: str
    period_starts: str
    days: int
    same: str


class Returning:
    """What was told of August, and what can be read from it."""

    def __init__(self, facts: Path) -> None:
        promises = promises_of(load_contracts(FIRST_CONTACT).values())
        self.boards = Boards(promises)
        self._promises = {variant_of(promise): promise for promise in promises.agreements[0].every_promise()}
        for changes, source in _resolved(facts, promises):
            for message in messages_of(changes, source, END_MS):
                self.boards.observe(message)

    @property
    def objectives(self) -> dict[str, Variant]:
        """Which objective of the contract reads how."""
        return {promise.objective.name: variant for variant, promise in self._promises.items()}

    def parts(self, variant: Variant, window: str = "month") -> dict[tuple[str, str], Counts]:
        """Resolved, repeated, undecided; base and resolved of the cohort: by the window's start and the queue."""
        promise, found = self._promises[variant], dict[tuple[str, str], Counts]()
        (zoned_window,) = (one for one in promise.windows if one.name == window)
        for scope in scopes_of(promise, self.boards):
            zoned = ZonedWindow(zoned_window, promise.zone)
            for span in {span for board in boards_of(promise, scope, self.boards) for span in board.spans(zoned)}:
                counts = counted_in(promise, scope, zoned, span, END_MS, self.boards).counts
                start = datetime.fromtimestamp(span.start_ms // 1000, ZONE)
                found[f"{start:%Y-%m-%d}", scope.queue or ALL] = _parts(promise, counts)
        return found

    def whole(self, variant: Variant, queue: str = ALL) -> Counts:
        """Everything that was counted: a period that starts with the end of a call may start in September."""
        total: Counts = {}
        for (_, where), parts in self.parts(variant).items():
            if where == queue:
                add(total, parts.items())
        return total


def _parts(promise: Promise, counts: Counts) -> Counts:
    measure = promise.measure
    assert measure.by == "customer"
    reading, parts = measure.read(counts, promise.objective.measure), measure.parts(counts)
    assert parts is not None
    return parts | {"cohort": reading.denominator, "cohort resolved": reading.numerator}


def variant_of(promise: Promise) -> Variant:
    """How an objective of the contract reads."""
    spec = promise.objective.measure
    assert spec.kind == "first_contact_resolution"
    same = "customer+queue" if spec.repeats_in == "same_queue" else "customer"
    return Variant(spec.base, f"{spec.counted_from}_at", spec.within // DAY, same)


def _resolved(facts: Path, promises: Promises) -> Iterator[tuple[Changes, str]]:
    """Customers are spread over partitions; what one contact tells comes twice now and then."""
    partitions = [Resolutions(promises) for _ in range(_PARTITIONS)]
    offsets = [count() for _ in partitions]
    for touches in _told(facts, promises):
        by_partition: list[list[tuple[int, ContactTouch]]] = [[] for _ in partitions]
        for touch in (*touches, *touches[::10]):
            number = _spread(touch.customer, _PARTITIONS)
            by_partition[number].append((next(offsets[number]), touch))
        for number, (resolutions, messages) in enumerate(zip(partitions, by_partition, strict=True)):
            if messages:
                batch = TouchBatch(messages, messages[-1][0])
                yield resolutions.observe(batch), f"sla.resolutions/{number}"


def _told(facts: Path, promises: Promises) -> Iterator[list[ContactTouch]]:
    """Batch by batch, from each of the source partitions in turn."""
    countings = [Counting(promises) for _ in range(_SOURCES)]
    lines = [line for _, line in shuffled(facts).records]
    for first in range(0, len(lines), _BATCH):
        by_source: list[list[Fact]] = [[] for _ in countings]
        for fact in map(FACT.validate_json, lines[first : first + _BATCH]):
            assert not isinstance(fact, Heartbeat | Forecast)
            by_source[_spread(fact.contact, _SOURCES)].append(fact)
        for number, (counting, told) in enumerate(zip(countings, by_source, strict=True)):
            begin = counting.position.offset + 1
            batch = Batch(list(enumerate(told, begin)), begin + len(told) - 1)
            yield list(touches_of(counting.observe(batch), f"contact.calls/{number}"))


def _spread(name: str, over: int) -> int:
    return blake2b(name.encode(), digest_size=1).digest()[0] % over
