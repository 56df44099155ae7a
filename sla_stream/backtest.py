"""The same two doors over facts from a file: what would this contract have shown?

A file can be divided among several who read all of it and count a share of the contacts each, as partitions of a
topic do. Every fact moves the clock of every share, so each decides by the clock of the whole, and what they tell
adds up to what one would have told. Only a fact that is too late can make a difference: it does not move the clock
of whoever refuses it, and the others cannot know. So where anything was too late, one must count the whole.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias
from zlib import crc32

from schemas.adjustments import Adjustment
from schemas.dead_letters import Rejected
from schemas.facts import Fact
from schemas.resolutions import ContactTouch
from schemas.tallies import BenchMessage
from schemas.words import EARLIEST_MS, Channel
from sla_stream.arrivals import Elsewhere
from sla_stream.boards import Boards
from sla_stream.changes import Changes, Position
from sla_stream.counting import Counting
from sla_stream.life import known_facts
from sla_stream.messages import adjustments_of, messages_of, touches_of
from sla_stream.promises import Promises
from sla_stream.resolutions import Resolutions, TouchBatch

#: All customers are counted by one.
_CUSTOMERS = "customers/0"

#: Nobody looks at the boards before the end, so they are told seldom: what is told costs much more than a message.
_TELL_AFTER = 200_000


#: With their line numbers, ascending.
Messages: TypeAlias = Sequence[tuple[int, Fact | Rejected]]


class Share(NamedTuple):
    """One of `parts` equal shares of the contacts of a file, by number from 0."""

    part: int = 0
    parts: int = 1

    def of(self, messages: Messages) -> Sequence[tuple[int, Fact | Rejected | Elsewhere]]:
        """The messages of a batch that are counted here; of the others, how they move the clocks."""
        part, parts = self
        if parts == 1:
            return messages
        ours: list[tuple[int, Fact | Rejected | Elsewhere]] = []
        elsewhere: dict[tuple[str, Channel], Elsewhere] = {}
        for number, message in messages:
            if _share_of(number, message) % parts == part:
                ours.append((number, message))
            elif not isinstance(message, Rejected) and message.type != "forecast":
                feed = message.client, message.channel
                theirs = elsewhere.get(feed)
                if theirs is None:
                    theirs = elsewhere[feed] = Elsewhere(*feed)
                theirs.offsets.append(number)
                theirs.instants.append(_moves_to(message))
        return [*ours, *((theirs.offsets[-1], theirs) for theirs in elsewhere.values())]


class Told(NamedTuple):
    """What a share tells of what it has counted: whole values, in place of what it told before."""

    messages: Sequence[BenchMessage]
    touches: Sequence[ContactTouch]
    adjustments: Sequence[Adjustment]


class Counted:
    """Counts a share of what it is fed. Event time is the watermark."""

    def __init__(self, promises: Promises, share: Share) -> None:
        self._share, self._counting = share, Counting(promises)
        self._begin()

    @property
    def position(self) -> Position:
        """How many messages were counted, by result."""
        return self._counting.position

    def feed(self, messages: Messages) -> Iterator[Told]:
        """Count messages with their line numbers, ascending, and tell of it from time to time."""
        if messages:
            self._counting.take(self._share.of(messages), self._changes)
            self._last = messages[-1][0]
            self._untold += len(messages)
        if self._untold >= _TELL_AFTER:
            yield self.done()

    def done(self) -> Told:
        """Tell what was counted since; more may follow."""
        for _ in self._counting.count(self._changes):
            pass
        changes = self._counting.complete(self._changes, self._last)
        source = f"file/{self._share.part}"
        several = (changes, self._counting.forget(durable_offset=self._last))
        adjustments = [one for change in several for one in adjustments_of(change, source)]
        told = Told(list(_messages(source, several)), list(touches_of(changes, source)), adjustments)
        self._begin()
        return told

    def _begin(self) -> None:
        self._changes = Changes(self._counting.position)
        self._last, self._untold = self._counting.position.offset, 0


class Backtest:
    """What all shares have told: `boards` hold the outcome."""

    def __init__(self, promises: Promises) -> None:
        self.boards = Boards(promises)
        self._resolutions = Resolutions(promises)

    def observe(self, told: Told) -> None:
        """Put on the boards what a share tells, and what its customers make of it."""
        self._put_down(told.messages)
        for adjustment in told.adjustments:
            self.boards.restate(adjustment)
        touches = list(enumerate(told.touches, self._resolutions.position.offset + 1))
        if touches:
            last, _ = touches[-1]
            changes = self._resolutions.observe(TouchBatch(touches, last))
            self._put_down(_messages(_CUSTOMERS, (changes, self._resolutions.forget(last))))

    def _put_down(self, messages: Iterable[BenchMessage]) -> None:
        for message in messages:
            self.boards.observe(message)


def _messages(source: str, several: Iterable[Changes]) -> Iterator[BenchMessage]:
    for changes in several:
        heard_ms = max(changes.position.watermarks.values(), default=EARLIEST_MS)
        yield from messages_of(changes, source, heard_ms)


def _share_of(number: int, message: Fact | Rejected) -> int:
    """What is of no contact may be counted anywhere, but once."""
    if isinstance(message, Rejected):
        return number
    if message.type == "heartbeat" or message.type == "forecast":  # noqa: PLR1714 - so that mypy follows
        return number
    return crc32(message.contact.encode())


def _moves_to(message: Fact) -> int:
    return message.at if message.type != "record" else known_facts(0, message)[-1].at_ms
