"""What a batch changed in one source partition, as whole values to be stored and sent."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from msgspec import Struct

from schemas.adjustments import Adjustment
from schemas.dead_letters import Rejected
from schemas.facts import Forecast
from schemas.resolutions import Outcome
from schemas.words import Channel, Said
from sla_stream.contact import Result
from sla_stream.ledger import Pane
from sla_stream.tally import TallyKey

#: One contact of a feed: its name, and from its second segment on also the segment's number.
ContactName: TypeAlias = str | tuple[str, int]


class FeedKey(NamedTuple):
    """Facts of one client and channel share a clock."""

    client: str
    channel: Channel


class CustomerKey(NamedTuple):
    """Of a customer nothing is known but a keyed hash."""

    client: str
    customer: str


class SourceKey(NamedTuple):
    """What one topic's partition tells of a client."""

    client: str
    source: str


class QueueKey(Struct, frozen=True, gc=False, array_like=True):
    """Where contacts wait."""

    client: str
    channel: Channel
    queue: str


class CountedKey(Struct, frozen=True, gc=False, array_like=True):
    """What is counted of a feed."""

    client: str
    channel: Channel
    measure: str


class Touched(Struct, frozen=True, gc=False):
    """One segment of a customer's contact, as the messages up to `offset` have it. Instants are epoch ms.

    No outcome while it waits. Not `theirs`: it was said to be, but is another customer's. `said`: that of its
    priority, language and tags by which contracts choose, in an order of its own.
    """

    client: str
    customer: str
    contact: str
    segment: int
    channel: Channel
    queue: str
    offered_ms: int
    outcome: Outcome | None
    ended_ms: int | None
    theirs: bool
    said: tuple[Said, ...]
    offset: int


class DueKey(NamedTuple):
    """What is to be done for one measure, by the quarter-hour that it counts in."""

    client: str
    channel: Channel
    queue: str
    measure: str
    start_ms: int


@dataclass(frozen=True, slots=True)
class Position:
    """How far a partition is counted: every message up to `offset`, by result, and the feeds' clocks (ms).

    `since` holds the offset after which a measure is counted: -1 for those that were there from the start. `topic`
    is the id of the topic that the offset is of, empty where the broker gives topics none. `sources` are the
    clocks (ms) of partitions that come together here, where several do.
    """

    offset: int = -1
    results: Counter[Result] = field(default_factory=Counter)
    watermarks: dict[FeedKey, int] = field(default_factory=dict)
    since: dict[CountedKey, int] = field(default_factory=dict)
    topic: str = ""
    sources: dict[SourceKey, int] = field(default_factory=dict)

    @property
    def received(self) -> int:
        """Every message has exactly one result."""
        return self.results.total()


@dataclass(slots=True)
class Changes:
    """Whole values: contacts and customers as they are stored (None: forgotten), tallies that changed.

    Messages up to `durable` are safely counted and do not come again.

    `touches` are contacts of customers that are otherwise now, `forgotten` the tallies that are kept no longer.
    `waiting` holds the instants since when people wait in a queue, `feeds` the clocks that went on, `final` the
    instants before which nothing of those feeds changes any more, whatever is replayed (epoch ms). `due` holds for
    all that is open in a place the instant whose pane it counts in, and when it falls due (0: never).
    `adjustments` say what changed that was final; the source is added when they are told. `orphans` are answers to
    surveys that were forgotten, as the contact that they are about never came.
    """

    position: Position
    durable: int = -1
    contacts: dict[FeedKey, dict[ContactName, bytes | None]] = field(default_factory=dict)
    touches: list[Touched] = field(default_factory=list)
    customers: dict[CustomerKey, bytes | None] = field(default_factory=dict)
    panes: list[Pane] = field(default_factory=list)
    forgotten: list[TallyKey] = field(default_factory=list)
    waiting: dict[QueueKey, list[int]] = field(default_factory=dict)
    feeds: dict[FeedKey, int] = field(default_factory=dict)
    final: dict[FeedKey, int] = field(default_factory=dict)
    due: dict[DueKey, list[tuple[int, int]]] = field(default_factory=dict)
    forecasts: list[Forecast] = field(default_factory=list)
    adjustments: list[Adjustment] = field(default_factory=list)
    orphans: Counter[FeedKey] = field(default_factory=Counter)
    refused: list[tuple[int, Rejected]] = field(default_factory=list)
