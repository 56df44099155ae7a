"""How customers are served: on the phone, in a chat, by a ticket."""

from collections.abc import Mapping
from random import Random

from agents.demo.desk import Desk, House, Team
from schemas.facts import Answered, CustomerWrote, Ended, Paused, Replied, Resolved, Resumed, Wrapped
from schemas.words import Channel

#: How long a headset rings before somebody speaks, a bot takes to greet, and an agent to read what was written.
_RINGS_MS, _GREETS_MS, _READS_MS = (1_000, 5_000), (500, 2_000), (5_000, 20_000)

_GOES_ON = 0.6  # of the chats, after each reply
_NEEDS_MORE, _BACK_AFTER_S = 0.3, 600  # of the tickets; and until the customer has written it


class Calls(Desk):
    """An agent talks to one caller, and writes down afterwards what it was about."""

    def come(self, contact: str, at_ms: int) -> None:
        """Say nothing yet."""

    def take(self, contact: str, at_ms: int) -> None:
        """Let it ring."""
        self.plan(self.within(_RINGS_MS, at_ms), self._answer, contact)

    def _answer(self, contact: str, at_ms: int) -> None:
        self.tell(Answered, contact, at_ms)
        self.plan(self.after(at_ms, self.team.serve_s), self._end, contact)

    def _end(self, contact: str, at_ms: int) -> None:
        self.tell(Ended, contact, at_ms, disposition=self.noted(contact, at_ms))
        self.ask(contact, at_ms)
        self.plan(self.after(at_ms, self.team.wrap_s), self._wrap, contact)

    def _wrap(self, contact: str, at_ms: int) -> None:
        self.tell(Wrapped, contact, at_ms)
        self.free(at_ms)


class Chats(Desk):
    """A bot greets at once; then agent and customer write in turns."""

    def come(self, contact: str, at_ms: int) -> None:
        """Say what it is about, to the bot first."""
        self.tell(CustomerWrote, contact, at_ms)
        self.plan(self.within(_GREETS_MS, at_ms), self._greet, contact)

    def take(self, contact: str, at_ms: int) -> None:
        """Read what the customer wrote."""
        self.plan(self.within(_READS_MS, at_ms), self._answer, contact)

    def _greet(self, contact: str, at_ms: int) -> None:
        self.tell(Replied, contact, at_ms, author="bot")

    def _answer(self, contact: str, at_ms: int) -> None:
        self.tell(Answered, contact, at_ms)
        self._reply(contact, at_ms)

    def _reply(self, contact: str, at_ms: int) -> None:
        self.tell(Replied, contact, at_ms)
        goes_on = self.chance(_GOES_ON)
        self.plan(self.after(at_ms, self.team.serve_s), self._write if goes_on else self._end, contact)

    def _write(self, contact: str, at_ms: int) -> None:
        self.tell(CustomerWrote, contact, at_ms)
        self.plan(self.within(_READS_MS, at_ms), self._reply, contact)

    def _end(self, contact: str, at_ms: int) -> None:
        self.tell(Ended, contact, at_ms, disposition=self.noted(contact, at_ms))
        self.ask(contact, at_ms)
        self.free(at_ms)


class Tickets(Desk):
    """They have priorities, and are worked off in the order in which they came. Some wait for the customer."""

    def __init__(self, house: House, team: Team, random: Random) -> None:
        super().__init__(house, team, random)
        self._came_back = set[str]()

    def come(self, contact: str, at_ms: int) -> None:
        """Say what it is about."""
        self.tell(CustomerWrote, contact, at_ms)

    def take(self, contact: str, at_ms: int) -> None:
        """Work on it. Nobody is asked twice."""
        done_ms = self.after(at_ms, self.team.serve_s)
        if contact in self._came_back:
            self.plan(done_ms, self._resolve, contact)
        else:
            self.tell(Answered, contact, at_ms)
            self.plan(done_ms, self._ask_for_more if self.chance(_NEEDS_MORE) else self._resolve, contact)

    def _ask_for_more(self, contact: str, at_ms: int) -> None:
        self.tell(Replied, contact, at_ms)
        self.tell(Paused, contact, at_ms)
        self.plan(self.after(at_ms, _BACK_AFTER_S), self._resume, contact)
        self.free(at_ms)

    def _resume(self, contact: str, at_ms: int) -> None:
        self.tell(CustomerWrote, contact, at_ms)
        self.tell(Resumed, contact, at_ms)
        self._came_back.add(contact)
        self.wait(contact, at_ms)

    def _resolve(self, contact: str, at_ms: int) -> None:
        self.tell(Replied, contact, at_ms)
        self.tell(Resolved, contact, at_ms)
        self._came_back.discard(contact)
        self.leaves(contact)
        self.free(at_ms)


DESKS: Mapping[Channel, type[Desk]] = {"voice": Calls, "chat": Chats, "ticket": Tickets}
