"""Volume: how many contacts were offered, out of those that were forecast."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from schemas.measures import Volume
from schemas.tallies import Counts
from schemas.words import Unit
from sla_stream.business_time import Time
from sla_stream.life import Facts
from sla_stream.measures.measure import Deadline, Reading, Settlement
from sla_stream.measures.surveys import offered_at


@dataclass(frozen=True, slots=True)
class VolumeMeasure:
    """Contacts at their offer. What was forecast is no fact of theirs: it is added when a window is read."""

    by: Literal["facts"] = "facts"
    unit: Unit = "ratio"
    key: str = "volume"
    missed: tuple[tuple[str, int], ...] = ()
    overdue: None = None

    @classmethod
    def written(cls, _: Volume, __: Time) -> Self:
        """As the contract says."""
        return cls()

    def settle(self, facts: Facts) -> Sequence[Settlement]:
        """Each segment in its queue, as soon as its offer is known."""
        offered_ms = offered_at(facts)
        return () if offered_ms is None else (Settlement(offered_ms, (("offered", 1),)),)

    def deadlines(self, _: Facts) -> Sequence[Deadline]:
        """Nobody has to come."""
        return ()

    def read(self, counts: Counts, _: Volume) -> Reading:
        """Offered over forecast; the sample is what was forecast, since few expected may well be none."""
        forecast = counts.get("forecast", 0)
        return Reading(counts.get("offered", 0), forecast, forecast)
