"""A change of what was final: a late fact, or one that corrects, told on `sla.adjustments` with its cause.

A change comes again in a replay, and is the same: a receiver knows it by source, offset, measure, queue and start.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, with_config

from schemas.tallies import Counts
from schemas.words import Channel, Count, Instant, Name


class Cause(StrEnum):
    """Why something changed that was final."""

    COUNTED_LATE = "counted_late"  # a contact that had not counted there
    CORRECTED = "corrected"  # one that counts otherwise than it did
    TAKEN_BACK = "taken_back"  # one that counts there no longer


@with_config(ConfigDict(extra="forbid"))
@dataclass(slots=True, frozen=True, kw_only=True)
class Adjustment:
    """How one contact counted in a minute (`start`) before a message came, and how it counts since.

    `fact_at` is event time of the message's newest fact, `clock` that of the newest fact of its feed by then: so
    late it came. `offset` is the message's in its `source`, a topic and partition.
    """

    type: Literal["adjustment"] = "adjustment"
    client: Name
    channel: Channel
    queue: Name
    measure: Name
    start: Instant
    before: Counts
    after: Counts
    cause: Cause
    contact: Name
    fact_at: Instant
    clock: Instant
    source: Name
    offset: Count


ADJUSTMENT: TypeAdapter[Adjustment] = TypeAdapter(Adjustment)
