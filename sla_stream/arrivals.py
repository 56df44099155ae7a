"""What a batch brings to one feed, by contact: taken in message by message, to be counted contact by contact.

Little is kept of a message - its facts, and when it came - so that a batch of many thousands still fits into the
memory that is near the processor, whatever else the messages said.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import ClassVar, Literal

from msgspec import Struct, field

from schemas.facts import Heartbeat, Told
from schemas.words import Channel
from sla_stream.changes import ContactName
from sla_stream.life import Facts, known_facts

_offset_of = attrgetter("offset")


class Elsewhere(Struct):
    """Facts of contacts that are counted elsewhere, by offset and instant (ms): here they only move the clock."""

    client: str
    channel: Channel
    offsets: list[int] = field(default_factory=list)
    instants: list[int] = field(default_factory=list)
    type: ClassVar[Literal["elsewhere"]] = "elsewhere"


class Arrivals(Struct):
    """The facts of each contact in the order of their offsets; of each message its offset and instant (ms).

    Messages that are counted elsewhere are heard of after those that are counted here.
    """

    facts: dict[ContactName, Facts] = field(default_factory=dict)
    offsets: list[int] = field(default_factory=list)
    instants: list[int] = field(default_factory=list)
    elsewhere: set[int] = field(default_factory=set)

    def add(self, offset: int, message: Told | Heartbeat | Elsewhere) -> None:
        """Take in the next message."""
        if message.type == "elsewhere":
            self.offsets += message.offsets
            self.instants += message.instants
            self.elsewhere.update(message.offsets)
            return
        self.offsets.append(offset)
        if message.type == "heartbeat":
            self.instants.append(message.at)
        else:
            facts = known_facts(offset, message)
            self.instants.append(facts[-1].at_ms)
            name = (message.contact, message.segment) if message.segment else message.contact
            before = self.facts.get(name)
            self.facts[name] = facts if before is None else before + facts

    def in_turn(self) -> Iterator[tuple[int, int]]:
        """Offset and instant of each message, in the order of offsets."""
        messages = zip(self.offsets, self.instants, strict=True)
        return iter(sorted(messages)) if self.elsewhere else messages

    @property
    def counted_here(self) -> int:
        """How many of the messages are."""
        return len(self.offsets) - len(self.elsewhere)

    def messages_of(self, names: Iterable[ContactName]) -> Iterator[tuple[int, ContactName, Facts]]:
        """The messages of some contacts: offset, contact and facts."""
        for name in names:
            for offset, facts in groupby(self.facts[name], key=_offset_of):
                yield offset, name, tuple(facts)
