"""What people see: one tile for each objective in each place, and the episodes. For the wallboard and the API."""

from dataclasses import dataclass, field
from typing import Literal

from pydantic import ConfigDict, with_config

from schemas.alerts import Severity
from schemas.verdicts import Finality, Reason, State
from schemas.words import Channels, Count, Instant, Name, Unit


@with_config(ConfigDict(extra="forbid"))
@dataclass(slots=True, frozen=True, kw_only=True)
class Figure:
    """One window of an objective, as its verdict has it.

    `shown` and `target_shown` are what to write: in percent, seconds, points or as they are (by `unit`), rounded
    to `places` on the side that misses, so that 89.96 % is not shown as the 90.0 % that were promised.
    """

    window: Name
    start: Instant
    end: Instant
    value: float | None
    shown: float | None
    target: float
    target_shown: float
    places: Count
    unit: Unit
    at_most: bool
    numerator: int
    denominator: int
    sample: Count
    excluded: Count
    state: State
    reason: Reason
    finality: Finality
    rate_needed: float | None
    expected: Count | None


@with_config(ConfigDict(extra="forbid"))
@dataclass(slots=True, frozen=True, kw_only=True)
class Tile:
    """An objective in one place; `queue` is null for all queues together. The first figure is to be shown large.

    `waiting_since` is when the one who waits longest began to (event time): who knows the client's clock knows the
    longest wait without being told again. `catching_up`: the figures are of `at`, which is not now.
    """

    id: str
    client: Name
    contract: Name
    objective: Name
    description: str
    time_zone: Name
    channel: Channels
    queue: Name | None
    at: Instant = field(compare=False)
    catching_up: bool
    maintenance: Name | None
    figures: tuple[Figure, ...]
    waiting: Count
    waiting_past_threshold: Count | None
    waiting_since: Instant | None
    crossing_soon: Count | None
    crossing_within_ms: Count | None
    open: Count | None
    past_due: Count | None
    due_soon: Count | None


@with_config(ConfigDict(extra="forbid"))
@dataclass(slots=True, frozen=True, kw_only=True)
class Trouble:
    """One episode: a breach, a mere `risk` of one, or a feed that fell silent (then `objective` is null).

    `tile` is the tile that it belongs to. `until` is null while it is open. `lost`: nothing can save the period.
    `seen_to_by`: who has said that they see to it, as the receiver that heard it calls them.
    """

    id: Name
    tile: str | None
    client: Name
    contract: Name
    channel: Channels
    objective: Name | None
    queue: Name | None
    risk: bool
    severity: Severity
    since: Instant
    until: Instant | None
    lost: bool
    seen_to_by: Name | None = None


@with_config(ConfigDict(extra="forbid"))
@dataclass(slots=True, frozen=True, kw_only=True)
class Line:
    """How a tile's first figure went, noted every `step_ms` from `start` on; null where nothing was noted."""

    start: Count
    step_ms: Count
    values: list[float | None]


@with_config(ConfigDict(extra="forbid"))
@dataclass(slots=True, frozen=True, kw_only=True)
class Snapshot:
    """All that a viewer may see: what `/events` begins with. Tiles in the order of showing, lines by tile.

    `clocks`: each client's event time now. `stale`: clients that nobody judges at the moment.
    """

    type: Literal["snapshot"] = "snapshot"
    tiles: list[Tile]
    lines: dict[str, Line]
    troubles: list[Trouble]
    clocks: dict[Name, Instant]
    stale: list[Name]


@with_config(ConfigDict(extra="forbid"))
@dataclass(slots=True, frozen=True, kw_only=True)
class Change:
    """What has changed since the event before; also when nothing has, as a sign of life.

    `order` are the ids of all tiles, when any has come or gone; `troubles` are all of them, when any has changed.
    """

    type: Literal["change"] = "change"
    tiles: list[Tile]
    order: list[str] | None
    troubles: list[Trouble] | None
    clocks: dict[Name, Instant]
    stale: list[Name]


@with_config(ConfigDict(extra="forbid"))
@dataclass(slots=True, frozen=True, kw_only=True)
class Point:
    """How a figure stood."""

    at: Instant
    value: float | None
    state: State
    sample: Count
