"""What happened to a contact, one message each, as `contact.calls` carries it.

A message's key is its contact and its value one JSON object, whose `type` says which fact it is. Fields that
are not named here are ignored, and so never kept: a caller's number or an agent's name stops at the door.

Facts are decoded millions of times, by compiled decoders that are derived from these definitions.
"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass

from schemas.words import Channel, Instant, Name, Segment

FlowOutReason = Literal["callback", "voicemail", "timeout", "overflow", "key"]

_TOLERANT = ConfigDict(extra="ignore")


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class ContactFact:
    """What every fact about a contact says: whose, which, when, and in which part of it."""

    client: Name
    contact: Name
    at: Instant
    channel: Channel = "voice"
    segment: Segment = 0


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Offered(ContactFact):
    """The contact began to wait in a queue. With a higher `segment`: in the next queue, after a transfer."""

    type: Literal["offered"] = "offered"
    queue: Name


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Answered(ContactFact):
    """A person took the contact: the wait is over."""

    type: Literal["answered"] = "answered"


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Abandoned(ContactFact):
    """The customer gave up waiting."""

    type: Literal["abandoned"] = "abandoned"


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class FlowedOut(ContactFact):
    """The contact left the queue without an agent and without giving up: `reason` says where to."""

    type: Literal["flowed_out"] = "flowed_out"
    reason: FlowOutReason


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Held(ContactFact):
    """The agent put the customer on hold."""

    type: Literal["held"] = "held"


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Retrieved(ContactFact):
    """The agent took the customer back from hold."""

    type: Literal["retrieved"] = "retrieved"


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Transferred(ContactFact):
    """The agent passed the contact on; what follows belongs to the next segment."""

    type: Literal["transferred"] = "transferred"


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Ended(ContactFact):
    """The conversation is over. The agent's wrap-up may still run."""

    type: Literal["ended"] = "ended"


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Wrapped(ContactFact):
    """The agent finished the work after the conversation."""

    type: Literal["wrapped"] = "wrapped"


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Heartbeat:
    """The feed is alive, though nothing may have happened. `at` says how far its clock has come."""

    type: Literal["heartbeat"] = "heartbeat"
    client: Name
    at: Instant
    channel: Channel = "voice"


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Record:
    """A finished contact in one message, as call detail records come. It stands for its facts."""

    type: Literal["record"] = "record"
    client: Name
    contact: Name
    queue: Name
    offered_at: Instant
    answered_at: Instant | None = None
    abandoned_at: Instant | None = None
    flowed_out_at: Instant | None = None
    flow_out: FlowOutReason | None = None
    ended_at: Instant | None = None
    wrapped_at: Instant | None = None
    channel: Channel = "voice"
    segment: Segment = 0

    def __post_init__(self) -> None:
        """Refuse a contact that was over before it was offered."""
        later = (self.answered_at, self.abandoned_at, self.flowed_out_at, self.ended_at, self.wrapped_at)
        if any(at is not None and at < self.offered_at for at in later):
            raise ValueError("something happened before the contact was offered")


Moment = Offered | Answered | Abandoned | FlowedOut | Held | Retrieved | Transferred | Ended | Wrapped
Fact = Moment | Heartbeat | Record

FACT: TypeAdapter[Fact] = TypeAdapter(Annotated[Fact, Field(discriminator="type")])
