"""A measure that looks at contacts one by one, of some of them only: of a priority, a language, or with a tag.

The choice is part of the key: so objectives about the same contacts share it, and what is counted of all contacts
is not touched. Who still waits in a queue is known by the instant alone, so who is overdue there counts here only
when it is known what became of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from schemas.policies import Only
from schemas.tallies import Counts
from schemas.words import Unit
from sla_stream.life import UNBORN, Facts, lived
from sla_stream.measures.measure import Deadline, FactsMeasure, LifeMeasure, Reading, Settlement


@dataclass(frozen=True, slots=True)
class OnlyMeasure:
    """What another measure counts, of contacts of which this is known."""

    of: LifeMeasure | FactsMeasure
    priorities: frozenset[str]
    languages: frozenset[str]
    tags: frozenset[str]
    by: Literal["facts"] = "facts"

    @classmethod
    def written(cls, of: LifeMeasure | FactsMeasure, only: Only) -> "OnlyMeasure":
        """As the contract says."""
        return cls(of, _names(only.priorities), _names(only.languages), _names(only.tags))

    @property
    def key(self) -> str:
        """That of the other measure, and whom it is about."""
        chosen = (("priorities", self.priorities), ("languages", self.languages), ("tags", self.tags))
        return f"{self.of.key} of {' and '.join(f'{name} {sorted(names)}' for name, names in chosen if names)}"

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
        if not self._is_meant(facts):
            return ()
        if self.of.by == "facts":
            return self.of.settle(facts)
        life = lived(UNBORN, facts)
        settled = self.of.settle(life) if life.outcome else None
        return (settled,) if settled else ()

    def deadlines(self, facts: Facts) -> Sequence[Deadline]:
        """What is still to be done, if the contact is one of those: it may be so only since of late."""
        if self.of.by == "life" or not self._is_meant(facts):
            return ()
        return [deadline._replace(since_ms=None) for deadline in self.of.deadlines(facts)]

    def read(self, counts: Counts, spec: Any) -> Reading:
        """As the other measure does."""
        return self.of.read(counts, spec)

    def _is_meant(self, facts: Facts) -> bool:
        """By the priority and the language that were said last, and by any of its tags."""
        priority = language = ""
        is_tagged = not self.tags
        for fact in facts:
            if fact.kind == "prioritised":
                priority = fact.detail
            elif fact.kind == "language":
                language = fact.detail
            elif fact.kind == "tagged":
                is_tagged = is_tagged or fact.detail in self.tags
        return (
            is_tagged
            and (not self.priorities or priority in self.priorities)
            and (not self.languages or language in self.languages)
        )


def _names(written: list[str] | None) -> frozenset[str]:
    return frozenset(written or ())
