"""How an objective stood every few minutes, on `sla.history`: what the line of the day is drawn from."""

from dataclasses import dataclass
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, with_config

from schemas.verdicts import State
from schemas.words import Count, Instant, Name


@with_config(ConfigDict(extra="forbid"))
@dataclass(slots=True, frozen=True, kw_only=True)
class Sample:
    """One window's figure as it was at the instant (event time). `queue` is null for all of them together."""

    type: Literal["sample"] = "sample"
    client: Name
    contract: Name
    objective: Name
    queue: Name | None
    window: Name
    at: Instant
    value: float | None
    state: State
    sample: Count


SAMPLE: TypeAdapter[Sample] = TypeAdapter(Sample)
