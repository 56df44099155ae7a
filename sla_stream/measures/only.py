"""A measure of some contacts only: of a priority, a language, or with a tag.

The choice is part of the key: so objectives about the same contacts share it, and what is counted of all contacts
is not touched. Who still waits in a queue is known by the instant alone, so who is overdue there counts here only
when it is known what became of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from schemas.policies import Only
from schemas.tallies import Counts
from schemas.words import Said, Unit
from sla_stream.life import UNBORN, Facts, lived
from sla_stream.measures.measure import (
    CustomerMeasure,
    Deadline,
    FactsMeasure,
    LifeMeasure,
    Measure,
    Reading,
    Settlement,
    Visit,
    Visits,
)
from sla_stream.whom import Whom, said_of


def only_of(measure: Measure, only: Only) -> Measure:
    """What the measure counts, of those contacts only."""
    whom = Whom.written(only)
    return OnlyCustomersMeasure(measure, whom) if measure.by == "customer" else OnlyMeasure(measure, whom)


@dataclass(frozen=True, slots=True)
class OnlyMeasure:
    """What a measure counts that looks at contacts one by one, of contacts of which this is known."""

    of: LifeMeasure | FactsMeasure
    whom: Whom
    by: Literal["facts"] = "facts"

    @property
    def key(self) -> str:
        """That of the other measure, and whom it is about."""
        return f"{self.of.key} of {self.whom.key}"

    @property
    def unit(self) -> Unit:
        """As of the other measure."""
        return self.of.unit

    @property
    def overdue(self) -> None:
        """Nobody: of those who wait it is not known whether they are meant."""

    @property
    def missed(self) -> tuple[tuple[str, int], ...]:
        """As of the other measure."""
        return self.of.missed if self.of.by == "facts" else ()

    def settle(self, facts: Facts) -> Sequence[Settlement]:
        """As the other measure does, if the contact is one of those."""
        if not self.whom.includes(said_of(facts)):
            return ()
        if self.of.by == "facts":
            return self.of.settle(facts)
        life = lived(UNBORN, facts)
        settled = self.of.settle(life) if life.outcome else None
        return (settled,) if settled else ()

    def deadlines(self, facts: Facts) -> Sequence[Deadline]:
        """What is still to be done, if the contact is one of those: it may be so only since of late."""
        if self.of.by == "life" or not self.whom.includes(said_of(facts)):
            return ()
        return [deadline._replace(since_ms=None) for deadline in self.of.deadlines(facts)]

    def read(self, counts: Counts, spec: Any) -> Reading:
        """As the other measure does."""
        return self.of.read(counts, spec)


@dataclass(frozen=True, slots=True)
class OnlyCustomersMeasure:
    """What a measure counts that looks at all contacts of a customer, of those contacts of which this is known.

    What else the customer did matters whatever was said of that: who writes again in another language is back.
    """

    of: CustomerMeasure
    whom: Whom
    by: Literal["customer"] = "customer"
    overdue: None = None

    @property
    def key(self) -> str:
        """That of the other measure, and whom it is about."""
        return f"{self.of.key} of {self.whom.key}"

    @property
    def unit(self) -> Unit:
        """As of the other measure."""
        return self.of.unit

    @property
    def within_ms(self) -> int:
        """As of the other measure."""
        return self.of.within_ms

    @property
    def decided_after_ms(self) -> int:
        """As of the other measure."""
        return self.of.decided_after_ms

    @property
    def asks(self) -> frozenset[Said]:
        """The names that the contract chose, and no other."""
        return self.whom.named

    def settle(self, visits: Visits) -> Sequence[tuple[Visit, Settlement]]:
        """As the other measure does by all of the customer's contacts, for those that are meant."""
        return [
            (visit, settlement) for visit, settlement in self.of.settle(visits) if self.whom.includes(visit.said)
        ]

    def read(self, counts: Counts, spec: Any) -> Reading:
        """As the other measure does."""
        return self.of.read(counts, spec)

    def parts(self, counts: Counts) -> Counts | None:
        """As the other measure does."""
        return self.of.parts(counts)
