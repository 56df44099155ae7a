"""The same two doors over facts from a file: what would this contract have shown?

A file can be divided among several who read all of it and count a share of the contacts each. Every fact moves the
clock of every share, so each decides by the clock of the whole, and what they have counted adds up to what one
would have. Only a fact that is too late can make a difference: it does not move the clock of whoever refuses it,
and the others cannot know. So where anything was too late, one must count the whole.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias
from zlib import crc32

from schemas.dead_letters import Rejected
from schemas.facts import Fact
from schemas.tallies import Counts
from schemas.words import EARLIEST_MS, Channel
from sla_stream.arrivals import Elsewhere
from sla_stream.boards import Boards
from sla_stream.changes import Changes, Position
from sla_stream.contact import Result
from sla_stream.counting import Counting
from sla_stream.figures import Place, counts_of
from sla_stream.life import known_facts
from sla_stream.messages import messages_of
from sla_stream.promises import Promises
from sla_stream.tally import add

#: Nobody looks at the boards before the end, so they are told seldom: what is told costs much more than a message.
_TELL_AFTER = 200_000


#: With their line numbers, ascending.
Messages: TypeAlias = Sequence[tuple[int, Fact | Rejected]]


class Share(NamedTuple):
    """One of `parts` equal shares of the contacts of a file, by number from 0."""

    part: int = 0
    parts: int = 1

    def of(self, messages: Messages) -> Sequence[tuple[int, Fact | Rejected | Elsewhere]]:
        """The messages of a batch that are counted here; of those between them, how far they move the clocks."""
        part, parts = self
        if parts == 1:
            return messages
        ours: list[tuple[int, Fact | Rejected | Elsewhere]] = []
        moved: dict[tuple[str, Channel], tuple[int, int]] = {}
        for number, message in messages:
            if _share_of(number, message) % parts == part:
                ours += _moves(moved)
                ours.append((number, message))
                moved.clear()
            elif not isinstance(message, Rejected):
                key, at_ms = (message.client, message.channel), _moves_to(message)
                _, before_ms = moved.get(key, (number, at_ms))
                moved[key] = number, max(before_ms, at_ms)
        return [*ours, *_moves(moved)]


class Outcome(NamedTuple):
    """What was counted of a file, or of a share of it."""

    position: Position
    counts: dict[Place, Counts]


class Backtest:
    """Counts a share of what it is fed; once done, `boards` and `position` hold the outcome.

    Event time is the watermark.
    """

    def __init__(self, promises: Promises, share: Share = Share()) -> None:  # noqa: B008 - it cannot be changed
        self._promises = promises
        self.boards = Boards(promises)
        self._share = share
        self._counting = Counting(promises)
        self._begin()

    @property
    def position(self) -> Position:
        """How many messages were counted, by result."""
        return self._counting.position

    def feed(self, messages: Messages) -> None:
        """Count messages with their line numbers, ascending."""
        if messages:
            self._counting.take(self._share.of(messages), self._changes)
            self._last = messages[-1][0]
            self._untold += len(messages)
        if self._untold >= _TELL_AFTER:
            self.done()

    def done(self) -> None:
        """Put on the boards what was counted; more may follow."""
        for _ in self._counting.count(self._changes):
            pass
        changes = self._counting.complete(self._changes, self._last)
        for change in (changes, self._counting.forget(durable_offset=self._last)):
            heard_ms = max(change.position.watermarks.values(), default=EARLIEST_MS)
            for message in messages_of(change, f"file/{self._share.part}", heard_ms):
                self.boards.observe(message)
        self._begin()

    def outcome(self) -> Outcome:
        """What was counted, to be added to that of other shares."""
        return Outcome(self.position, counts_of(self.boards, self._promises))

    def _begin(self) -> None:
        self._changes = Changes(self._counting.position)
        self._last, self._untold = self._counting.position.offset, 0


def together(shares: Sequence[Outcome]) -> Outcome | None:
    """The outcome of the whole file; None if anything in it was too late. Every contact is in one share."""
    results = sum((share.position.results for share in shares), Counter[Result]())
    if results[Result.TOO_LATE]:
        return None
    counts: dict[Place, Counts] = {}
    for share in shares:
        for place, counted in share.counts.items():
            add(counts.setdefault(place, {}), counted.items())
    return Outcome(Position(results=results), counts)


def _share_of(number: int, message: Fact | Rejected) -> int:
    """What is of no contact may be counted anywhere, but once."""
    if isinstance(message, Rejected) or message.type == "heartbeat":
        return number
    return crc32(message.contact.encode())


def _moves(moved: Mapping[tuple[str, Channel], tuple[int, int]]) -> Iterator[tuple[int, Elsewhere]]:
    return ((number, Elsewhere(*feed, at_ms)) for feed, (number, at_ms) in moved.items())


def _moves_to(message: Fact) -> int:
    return message.at if message.type != "record" else known_facts(0, message)[-1].at_ms
