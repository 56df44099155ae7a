"""What happened to a contact, one message each, as `contact.calls` and the other channels' topics carry it.

A message's key is its contact and its value one JSON object, whose `type` says which fact it is. Fields that
are not named here are ignored, and so never kept: a caller's number or an agent's name stops at the door, and
of a `customer` nothing but a keyed hash is kept.

Facts are decoded millions of times, by compiled decoders that are derived from these definitions.
"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass

from schemas.words import Channel, Instant, Name, Segment

FlowOutReason = Literal["callback", "voicemail", "timeout", "overflow", "key"]
#: Who wrote: a person, a program that talks, or a receipt that goes out by itself.
Author = Literal["agent", "bot", "auto"]
#: What the agent noted when the contact was over.
Disposition = Literal["resolved", "unresolved"]
Tags = Annotated[list[Name], Field(max_length=20)]
Activity = Literal["on_contact", "idle", "away"]

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
    """The contact began to wait in a queue. With a higher `segment`: in the next queue, after a transfer.

    `customer` is the source's own reference to whoever it is, the same each time.
    """

    type: Literal["offered"] = "offered"
    queue: Name
    customer: Name | None = None
    priority: Name | None = None
    language: Name | None = None
    tags: Tags | None = None


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
    disposition: Disposition | None = None


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Wrapped(ContactFact):
    """The agent finished the work after the conversation."""

    type: Literal["wrapped"] = "wrapped"
    disposition: Disposition | None = None


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class CalledBack(ContactFact):
    """The customer who had asked for a callback was reached, or tried for in vain as the contract allows."""

    type: Literal["called_back"] = "called_back"


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class CustomerWrote(ContactFact):
    """The customer sent a message, a mail, a comment."""

    type: Literal["customer_wrote"] = "customer_wrote"


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Replied(ContactFact):
    """The centre wrote. What is not `public` is a note among agents."""

    type: Literal["replied"] = "replied"
    author: Author = "agent"
    public: Annotated[bool, Field(strict=True)] = True


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Paused(ContactFact):
    """The ticket waits for the customer or a third party."""

    type: Literal["paused"] = "paused"


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Resumed(ContactFact):
    """The ticket waits for the centre again."""

    type: Literal["resumed"] = "resumed"


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Prioritised(ContactFact):
    """The contact got another priority."""

    type: Literal["prioritised"] = "prioritised"
    priority: Name


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Resolved(ContactFact):
    """What the customer wanted is done, as the centre sees it."""

    type: Literal["resolved"] = "resolved"


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Reopened(ContactFact):
    """It was not, or there is more to it."""

    type: Literal["reopened"] = "reopened"


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Closed(ContactFact):
    """Nothing more is expected."""

    type: Literal["closed"] = "closed"


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Surveyed(ContactFact):
    """The customer answered one question of a survey; a later answer to the same question replaces it."""

    type: Literal["surveyed"] = "surveyed"
    question: Name
    score: Annotated[int, Field(strict=True, ge=-1_000, lt=1_000)]


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Worked(ContactFact):
    """What an agent did from `since` until `at`. `contact` names the agent's stretch of work, the same each time.

    Told again with a later `at` while it goes on; a queue has the agents who work for it.
    """

    type: Literal["worked"] = "worked"
    queue: Name
    activity: Activity
    since: Instant


@dataclass(slots=True, frozen=True, kw_only=True, config=_TOLERANT)
class Forecast:
    """How many contacts are expected in a queue in the quarter-hour from `start` on, as was said `at` an instant.

    What is said later replaces it.
    """

    type: Literal["forecast"] = "forecast"
    client: Name
    queue: Name
    start: Instant
    contacts: Annotated[int, Field(strict=True, ge=0, lt=1_000_000)]
    at: Instant
    channel: Channel = "voice"


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
    disposition: Disposition | None = None
    customer: Name | None = None
    priority: Name | None = None
    language: Name | None = None
    tags: Tags | None = None
    channel: Channel = "voice"
    segment: Segment = 0

    def __post_init__(self) -> None:
        """Refuse a contact that was over before it was offered."""
        later = (self.answered_at, self.abandoned_at, self.flowed_out_at, self.ended_at, self.wrapped_at)
        if any(at is not None and at < self.offered_at for at in later):
            raise ValueError("something happened before the contact was offered")


#: Of a contact that is served by a person at once: a call, a chat.
Call = Offered | Answered | Abandoned | FlowedOut | Held | Retrieved | Transferred | Ended | Wrapped | CalledBack
#: Of one that is written to and fro, or worked on for days.
Case = CustomerWrote | Replied | Paused | Resumed | Prioritised | Resolved | Reopened | Closed
Moment = Call | Case | Surveyed | Worked
#: What is told of a contact.
Told = Moment | Record
Fact = Told | Heartbeat | Forecast

FACT: TypeAdapter[Fact] = TypeAdapter(Annotated[Fact, Field(discriminator="type")])
