"""What intake tells the bench on `sla.tallies`: counts, who waits now, and how far the feed has come.

Each message is a whole value of one source partition; a later one replaces it, the higher offset wins. So
adding up is done once per partition, and a message that comes twice changes nothing. They are checked where
they are read; whoever makes them, by the thousand a second, is not asked for proof.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, with_config

from schemas.words import Channel, Count, Instant, Name

_EXACT = ConfigDict(extra="forbid")

#: Counts and sums by outcome class: integers that add up.
Counts = dict[str, int]


@with_config(_EXACT)
@dataclass(slots=True, frozen=True, kw_only=True)
class TallyMessage:
    """Consecutive minutes of one queue from `start` on: for each, the counts of every measure anybody counts in.

    Either a single minute, or the fifteen of a quarter-hour.
    """

    type: Literal["tally"] = "tally"
    client: Name
    channel: Channel
    queue: Name
    start: Instant
    source: Name
    offset: Count
    minutes: list[dict[str, Counts]]


@with_config(_EXACT)
@dataclass(slots=True, frozen=True, kw_only=True)
class WaitingMessage:
    """Everybody who waits in one queue now: the instants at which they were offered, ascending."""

    type: Literal["waiting"] = "waiting"
    client: Name
    channel: Channel
    queue: Name
    source: Name
    offset: Count
    offered_at: list[int]


@with_config(_EXACT)
@dataclass(slots=True, frozen=True, kw_only=True)
class FeedMessage:
    """How far the facts of one channel have come (`watermark`), and when the last one reached us (`heard`).

    Nothing that the source has told of an instant before `final` will change any more, once that was by messages
    up to `durable` and nothing that counts there is still to be done.
    """

    type: Literal["feed"] = "feed"
    client: Name
    channel: Channel
    source: Name
    offset: Count
    watermark: Instant
    heard: Instant
    final: int
    durable: int


@with_config(_EXACT)
@dataclass(slots=True, frozen=True, kw_only=True)
class DueMessage:
    """What is still to be done for contacts that count, for one measure, in a quarter-hour from `start` on.

    For each the instant whose pane it counts in, and when it falls due: 0 if it never does.
    """

    type: Literal["due"] = "due"
    client: Name
    channel: Channel
    queue: Name
    measure: Name
    start: Instant
    source: Name
    offset: Count
    due: list[tuple[int, int]]


@with_config(_EXACT)
@dataclass(slots=True, frozen=True, kw_only=True)
class ForecastMessage:
    """How many contacts are expected in a queue in the quarter-hour from `start` on. The last word counts."""

    type: Literal["expected"] = "expected"
    client: Name
    channel: Channel
    queue: Name
    start: Instant
    contacts: Count
    said_at: Instant


BenchMessage = TallyMessage | WaitingMessage | DueMessage | FeedMessage | ForecastMessage

BENCH_MESSAGE: TypeAdapter[BenchMessage] = TypeAdapter(Annotated[BenchMessage, Field(discriminator="type")])
