"""The simulated contact centre: customers call, chat and write tickets; agents are there, or are not.

It is pure: the same seed gives the same facts. Instants are event time, and time goes on by `facts_until` alone.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from random import Random
from typing import NamedTuple

from agents.demo.agenda import Agenda
from agents.demo.channels import DESKS
from agents.demo.desk import Desk, House, Team
from schemas.facts import Moment


class Incident(NamedTuple):
    """From `start_ms` to `end_ms` half of all agents are gone."""

    start_ms: int
    end_ms: int


class Staffing(NamedTuple):
    """How many agents a queue has, and how many of them are on duty now."""

    queue: str
    agents: int
    on_duty: int


class Centre:
    """All teams of one client. It opens empty; `midnight_ms` is any midnight of its time zone."""

    def __init__(
        self,
        client: str,
        teams: Sequence[Team],
        incidents: Iterable[Incident],
        *,
        open_ms: int,
        midnight_ms: int,
        seed: int,
    ) -> None:
        self._facts: list[Moment] = []
        self._agenda = Agenda()
        self._desks: list[Desk] = []
        house = House(client, midnight_ms, self._agenda, self._facts.append)
        for team in teams:
            random = Random(f"{seed} {team.queue}")  # noqa: S311 - customers, not keys
            desk = DESKS[team.channel](house, team, random)
            desk.expect(open_ms)
            self._desks.append(desk)
        for incident in incidents:
            for desk in self._desks:
                self._agenda.add(incident.start_ms, partial(desk.staff, desk.team.agents // 2))
                self._agenda.add(incident.end_ms, partial(desk.staff, desk.team.agents))

    def facts_until(self, at_ms: int) -> list[Moment]:
        """Go on to an instant, and return what has happened since the last time, in its order."""
        self._agenda.run_until(at_ms)
        facts = self._facts.copy()
        self._facts.clear()
        return facts

    @property
    def staffing(self) -> list[Staffing]:
        """Who is there now."""
        return [Staffing(desk.team.queue, desk.team.agents, desk.on_duty) for desk in self._desks]
