"""The simulated contact centre: callers come, wait, give up or are served; agents are there, or are not.

It is pure: the same seed gives the same facts. Instants are event time, and time goes on by `facts_until` alone.
"""

import math
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from random import Random
from typing import NamedTuple

from agents.demo.agenda import Agenda
from agents.demo.day import busyness
from schemas.facts import Abandoned, Answered, Ended, Moment, Offered, Wrapped

_MINUTE_MS = 60_000

#: How long a headset rings before somebody speaks.
_RINGS_MS = (1_000, 5_000)

#: Talk and the work after it are lognormal with this sigma: many are short, a few very long.
_SPREAD = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """One queue, who calls it, and how many serve it. Seconds are means."""

    queue: str
    agents: int
    calls_per_minute: float  # in the busiest hour
    patience_s: float
    talk_s: float
    wrap_s: float


class Incident(NamedTuple):
    """From `start_ms` to `end_ms` half of all agents are gone."""

    start_ms: int
    end_ms: int


class Staffing(NamedTuple):
    """How many agents a queue has, and how many of them are on duty now."""

    queue: str
    agents: int
    on_duty: int


@dataclass(slots=True)
class Desk:
    """One team at work: first come, first served."""

    client: str
    team: Team
    midnight_ms: int
    random: Random
    agenda: Agenda
    tell: Callable[[Moment], None]
    on_duty: int = 0
    _busy: int = 0
    _waiting: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def staff(self, on_duty: int, at_ms: int) -> None:
        """Change the number of agents. Nobody hangs up on a caller: who is busy leaves after the call."""
        self.on_duty = on_duty
        self._serve(at_ms)

    def expect_call(self, after_ms: int) -> None:
        """Plan the next call: draw those of the busiest hour, and keep as many as this hour is busy."""
        call_ms = float(after_ms)
        while True:
            call_ms += self.random.expovariate(self.team.calls_per_minute) * _MINUTE_MS
            if self.random.random() < busyness(call_ms - self.midnight_ms):
                self.agenda.add(math.ceil(call_ms), self._offer)
                return

    def _offer(self, at_ms: int) -> None:
        contact = f"{self.team.queue}-{next(self._numbers):06}"
        self.tell(Offered(client=self.client, contact=contact, at=at_ms, queue=self.team.queue))
        self._waiting[contact] = None
        patience_ms = round(self.random.expovariate(1 / self.team.patience_s) * 1000)
        self.agenda.add(at_ms + patience_ms, partial(self._give_up, contact))
        self._serve(at_ms)
        self.expect_call(at_ms)

    def _give_up(self, contact: str, at_ms: int) -> None:
        if contact in self._waiting:
            del self._waiting[contact]
            self.tell(Abandoned(client=self.client, contact=contact, at=at_ms))

    def _serve(self, at_ms: int) -> None:
        while self._waiting and self._busy < self.on_duty:
            contact, _ = self._waiting.popitem(last=False)
            self._busy += 1
            self.agenda.add(at_ms + self.random.randint(*_RINGS_MS), partial(self._answer, contact))

    def _answer(self, contact: str, at_ms: int) -> None:
        self.tell(Answered(client=self.client, contact=contact, at=at_ms))
        self.agenda.add(at_ms + self._takes_ms(self.team.talk_s), partial(self._end, contact))

    def _end(self, contact: str, at_ms: int) -> None:
        self.tell(Ended(client=self.client, contact=contact, at=at_ms))
        self.agenda.add(at_ms + self._takes_ms(self.team.wrap_s), partial(self._wrap, contact))

    def _wrap(self, contact: str, at_ms: int) -> None:
        self.tell(Wrapped(client=self.client, contact=contact, at=at_ms))
        self._busy -= 1
        self._serve(at_ms)

    def _takes_ms(self, mean_s: float) -> int:
        return round(self.random.lognormvariate(math.log(mean_s) - _SPREAD**2 / 2, _SPREAD) * 1000)


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
        for team in teams:
            random = Random(f"{seed} {team.queue}")  # noqa: S311 - callers, not keys
            desk = Desk(client, team, midnight_ms, random, self._agenda, self._facts.append, team.agents)
            desk.expect_call(open_ms)
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
