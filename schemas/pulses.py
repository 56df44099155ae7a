"""A sign that somebody judges, so that a wall on which nothing changes can be told from one that stands still."""

from dataclasses import dataclass
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, with_config

from schemas.words import Count, Instant, Name


@with_config(ConfigDict(extra="forbid"))
@dataclass(slots=True, frozen=True, kw_only=True)
class Pulse:
    """A judge partition was judged whole. `clocks`: each client that was judged, and its event time.

    The next one comes after `every_ms`.
    """

    type: Literal["pulse"] = "pulse"
    partition: Count
    every_ms: Count
    clocks: dict[Name, Instant]


PULSE: TypeAdapter[Pulse] = TypeAdapter(Pulse)
