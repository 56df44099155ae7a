"""Resolution: how long a ticket's clock ran from its opening until it was resolved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from schemas.measures import Resolution
from schemas.tallies import Counts
from schemas.words import Unit
from sla_stream.business_time import Time
from sla_stream.clock import Run, due_ms, latest_ms, used_ms
from sla_stream.life import Facts
from sla_stream.measures.durations import timed
from sla_stream.measures.measure import Deadline, Reading, Settlement
from sla_stream.measures.promised import MISSED, Term, how_soon, read_within, short
from sla_stream.ticket import Ticket, TicketStage, ticket_of

_PASSED_ON = (("passed_on", 1),)


@dataclass(frozen=True, slots=True)
class ResolutionMeasure:
    """Tickets by how soon they were resolved, by the promise to their priority.

    When the priority changes, what is used is kept, and counts from then on by the hours and towards the target
    of the new one. A ticket that is opened again is no longer resolved, and its clock goes on. One that is passed
    on to another queue begins there anew; here it is missed if it was past due, else counted apart.
    """

    terms: Mapping[str, Term]
    otherwise: Term
    clock: str
    unit: Unit
    by: Literal["facts"] = "facts"
    overdue: None = None

    @classmethod
    def written(cls, spec: Resolution, opening_hours: Time) -> Self:
        """As the contract says."""
        terms = {
            priority: Term.of(term.within, term.clock, opening_hours)
            for priority, term in sorted(spec.priorities.items())
        }
        otherwise = Term.of(spec.within, spec.clock, opening_hours)
        return cls(terms, otherwise, spec.attribute_to, spec.unit)

    @property
    def key(self) -> str:
        """Equal for objectives that count alike."""
        terms = ",".join(f"{priority}={term.key}" for priority, term in self.terms.items())
        return f"resolution:{self.otherwise.key}:{terms and short(terms)}:{self.clock}"

    @property
    def missed(self) -> tuple[tuple[str, int], ...]:
        """Open past due; by the outcome's clock, only counted once there is one."""
        return () if self.clock == "outcome" else MISSED

    def settle(self, facts: Facts) -> list[Settlement]:
        """When it is resolved, until it is opened again."""
        ticket = ticket_of(facts)
        if not ticket.stretches:
            return []
        settled = [Settlement(at_ms, ((name, 1),)) for name, at_ms in ticket.misplaced]
        if not _is_open(ticket):
            runs = self._runs(ticket)
            used, target = used_ms(runs), runs[-1].target_ms
            counts = how_soon(used, target) + timed(used)
            if ticket.stage == TicketStage.PASSED_ON:
                counts = _PASSED_ON if target is None or used <= target else MISSED
            settled.append(Settlement(self._instant(runs), counts))
        return settled

    def deadlines(self, facts: Facts) -> list[Deadline]:
        """When it falls due, while it is not resolved."""
        ticket = ticket_of(facts)
        if not ticket.stretches or not _is_open(ticket):
            return []
        runs = self._runs(ticket)
        return [Deadline(self._instant(runs), latest_ms(runs), None if ticket.done_ms else runs[0].from_ms)]

    def read(self, counts: Counts, spec: Resolution) -> Reading:
        """The share in time, or how long it took."""
        return read_within(counts, spec.formula)

    def _runs(self, ticket: Ticket) -> list[Run]:
        found = []
        for from_ms, runs, priority in ticket.stretches:
            term = self.terms.get(priority, self.otherwise)
            found.append(Run(from_ms, term.time if runs else None, term.within_ms))
        return found

    def _instant(self, runs: list[Run]) -> int:
        """Whose pane it counts in: the last run begins when it is resolved, if it is."""
        if self.clock == "arrival":
            return runs[0].from_ms
        due = due_ms(runs) if self.clock == "settled" else None
        return runs[-1].from_ms if due is None else due


def _is_open(ticket: Ticket) -> bool:
    return ticket.stage in (TicketStage.OPEN, TicketStage.PAUSED)
