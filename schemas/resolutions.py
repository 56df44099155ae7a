"""What intake tells on `sla.resolutions` of each contact whose customer is known: the key is client and customer.

Each message is a whole value of one segment of a contact; a later one of the same source replaces it, the higher
offset wins. Like tallies, it is checked where it is read.
"""

from dataclasses import dataclass
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, with_config

from schemas.words import Channel, Count, Instant, Name, Said, Segment

Outcome = Literal["answered", "abandoned", "flowed_out"]


@with_config(ConfigDict(extra="forbid"))
@dataclass(slots=True, frozen=True, kw_only=True)
class ContactTouch:
    """A contact as far as it is known up to `offset` of `source`. Whose it is, says a keyed hash: `customer`.

    `ended` is the end of the conversation, or the outcome's instant where there was none. `theirs` is false when
    it turned out to be another customer's. `said` of its priority, language and tags is what contracts choose
    customers' contacts by, and nothing else.
    """

    type: Literal["touch"] = "touch"
    client: Name
    customer: Name
    contact: Name
    segment: Segment = 0
    channel: Channel
    queue: Name
    offered: Instant
    outcome: Outcome | None
    ended: Instant | None
    theirs: bool = True
    said: tuple[Said, ...] = ()
    source: Name
    offset: Count


CONTACT_TOUCH: TypeAdapter[ContactTouch] = TypeAdapter(ContactTouch)
