"""One team at work: customers come, wait, give up or are served. What it is to be served, each channel says."""

import math
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from random import Random

from agents.demo.agenda import Agenda
from agents.demo.day import busyness
from schemas.facts import Abandoned, Disposition, Moment, Offered, Surveyed
from schemas.words import Channel

_MINUTE_MS = 60_000

#: How long something takes is lognormal with this sigma: many are short, a few very long.
_SPREAD = 0.6

_CUSTOMERS = 20_000
#: How often an agent notes that the customer's wish is done. Of the others, some come again.
_RESOLVED = 0.8
_COMES_AGAIN, _AGAIN_AFTER_S = 0.6, 480
_ANSWERS_SURVEY, _ANSWERS_AFTER_S = 0.3, 240
_SCORES, _WEIGHTS = (5, 4, 3, 2, 1), (55, 33, 6, 3, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """One queue, who comes to it, and how many serve it. Seconds are means.

    `serve_s` is a talk, an exchange of messages in a chat, or a spell of work on a ticket. Each agent serves
    `at_once` customers.
    """

    queue: str
    agents: int
    per_minute: float  # in the busiest hour
    serve_s: float
    channel: Channel = "voice"
    at_once: int = 1
    patience_s: float = math.inf
    wrap_s: float = 0
    priorities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class House:
    """What all teams share. `midnight_ms` is any midnight of its time zone; what happens is told to `tell`."""

    client: str
    midnight_ms: int
    agenda: Agenda
    tell: Callable[[Moment], None]


class Desk(ABC):
    """First come, first served. The same random numbers give the same day."""

    def __init__(self, house: House, team: Team, random: Random) -> None:
        self.team, self.on_duty = team, team.agents
        self._house, self._random = house, random
        self._busy = 0
        self._waiting = OrderedDict[str, None]()
        #: Of the contacts that are not over, whose they are.
        self._customers = dict[str, str]()
        self._numbers = count(1)

    def staff(self, on_duty: int, at_ms: int) -> None:
        """Change the number of agents. Nobody is hung up on: who is busy leaves afterwards."""
        self.on_duty = on_duty
        self._serve(at_ms)

    def expect(self, after_ms: int) -> None:
        """Plan who comes next: draw those of the busiest hour, and keep as many as this hour is busy."""
        at_ms = float(after_ms)
        while True:
            at_ms += self._random.expovariate(self.team.per_minute) * _MINUTE_MS
            if self._random.random() < busyness(at_ms - self._house.midnight_ms):
                self._house.agenda.add(math.ceil(at_ms), self._offer)
                return

    @abstractmethod
    def take(self, contact: str, at_ms: int) -> None:
        """An agent turns to the contact, and is `free` again when this is done."""

    @abstractmethod
    def come(self, contact: str, at_ms: int) -> None:
        """Say what comes with the offer."""

    def tell(self, fact: Callable[..., Moment], contact: str, at_ms: int, **more: object) -> None:
        """Let it be known."""
        self._house.tell(
            fact(client=self._house.client, contact=contact, at=at_ms, channel=self.team.channel, **more)
        )

    def plan(self, at_ms: int, action: Callable[[str, int], None], whom: str) -> None:
        """Let something happen to a contact or a customer."""
        self._house.agenda.add(at_ms, partial(action, whom))

    def wait(self, contact: str, at_ms: int) -> None:
        """Join the end of the line."""
        self._waiting[contact] = None
        self._serve(at_ms)

    def free(self, at_ms: int) -> None:
        """Turn to the next in the line."""
        self._busy -= 1
        self._serve(at_ms)

    def after(self, at_ms: int, mean_s: float) -> int:
        """Draw the instant at which something is over that began at another."""
        return at_ms + round(self._random.lognormvariate(math.log(mean_s) - _SPREAD**2 / 2, _SPREAD) * 1000)

    def chance(self, share: float) -> bool:
        """Draw whether it is one of this share."""
        return self._random.random() < share

    def within(self, range_ms: tuple[int, int], at_ms: int) -> int:
        """Draw an instant so soon after another."""
        return at_ms + self._random.randint(*range_ms)

    def noted(self, contact: str, at_ms: int) -> Disposition:
        """Draw what the agent notes at the end."""
        customer = self.leaves(contact)
        if self.chance(_RESOLVED):
            return "resolved"
        if self.chance(_COMES_AGAIN):
            self.plan(self.after(at_ms, _AGAIN_AFTER_S), self._begin, customer)
        return "unresolved"

    def leaves(self, contact: str) -> str:
        """Whose contact it was that is over."""
        return self._customers.pop(contact)

    def ask(self, contact: str, at_ms: int) -> None:
        """Ask the customer how it was; some answer."""
        if self.chance(_ANSWERS_SURVEY):
            self.plan(self.after(at_ms, _ANSWERS_AFTER_S), self._answer_survey, contact)

    def _answer_survey(self, contact: str, at_ms: int) -> None:
        (score,) = self._random.choices(_SCORES, _WEIGHTS)
        self.tell(Surveyed, contact, at_ms, question="csat", score=score)

    def _offer(self, at_ms: int) -> None:
        self._begin(f"customer-{self._random.randrange(_CUSTOMERS)}", at_ms)
        self.expect(at_ms)

    def _begin(self, customer: str, at_ms: int) -> None:
        contact = f"{self.team.queue}-{next(self._numbers):06}"
        self._customers[contact] = customer
        priority = self._random.choice(self.team.priorities) if self.team.priorities else None
        self.tell(Offered, contact, at_ms, queue=self.team.queue, customer=customer, priority=priority)
        self.come(contact, at_ms)
        if math.isfinite(self.team.patience_s):
            patience_ms = round(self._random.expovariate(1 / self.team.patience_s) * 1000)
            self.plan(at_ms + patience_ms, self._give_up, contact)
        self.wait(contact, at_ms)

    def _give_up(self, contact: str, at_ms: int) -> None:
        if contact in self._waiting:
            del self._waiting[contact]
            self.leaves(contact)
            self.tell(Abandoned, contact, at_ms)

    def _serve(self, at_ms: int) -> None:
        while self._waiting and self._busy < self.on_duty * self.team.at_once:
            contact, _ = self._waiting.popitem(last=False)
            self._busy += 1
            self.take(contact, at_ms)
