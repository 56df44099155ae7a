"""A touch: one segment of a customer's contact as some message told it, and how a customer's are packed."""

from hashlib import blake2b

from msgspec import Struct, msgpack

from schemas.resolutions import ContactTouch
from schemas.words import Channel, Said

#: Of a touch that nothing has replaced: no message can do so at the offset 0.
STILL = 0

#: What turned out to be another customer's is kept, since an older message may still say otherwise.
NOT_THEIRS = "not theirs"

#: As numbers, by their place here. The first: not known yet.
_OUTCOMES = ("", "answered", "abandoned", "flowed_out", NOT_THEIRS)
_NUMBERS = {outcome: number for number, outcome in enumerate(_OUTCOMES)}


class Touch(Struct, frozen=True, gc=False):
    """What holds from the message at `since` on, up to but not including the one at `until`.

    `began` is the offset of the first message about the segment, `contact` a number that stands for the name of
    its source and its own.
    """

    since: int
    until: int
    began: int
    contact: int
    source_offset: int
    segment: int
    channel: Channel
    queue: str
    offered_ms: int
    outcome: str
    ended_ms: int | None
    said: tuple[Said, ...] = ()

    @property
    def newest_ms(self) -> int:
        """The last instant that it speaks of."""
        return max(self.offered_ms, self.ended_ms or 0)

    def is_about(self, other: "Touch") -> bool:
        """Whether both are about the same segment of the same contact."""
        return (self.contact, self.segment) == (other.contact, other.segment)

    def holds_at(self, offset: int) -> bool:
        """Whether it is what is known once the message at this offset has come."""
        return self.since <= offset and (self.until == STILL or self.until > offset)


#: Everything that is known of a customer, in the order of `since`.
Touches = tuple[Touch, ...]


def touch_of(offset: int, told: ContactTouch) -> Touch:
    """What the message at `offset` tells."""
    name = blake2b(f"{told.source} {told.contact}".encode(), digest_size=8)
    return Touch(
        since=offset,
        until=STILL,
        began=offset,
        contact=int.from_bytes(name.digest(), "big"),
        source_offset=told.offset,
        segment=told.segment,
        channel=told.channel,
        queue=told.queue,
        offered_ms=told.offered,
        outcome=(told.outcome or "") if told.theirs else NOT_THEIRS,
        ended_ms=told.ended,
        said=told.said,
    )


def packed(touches: Touches) -> bytes:
    """As a customer is stored: some thirty bytes for each touch. What nobody asks for takes none."""
    places: dict[tuple[Channel, str], int] = {}
    said: dict[Said, int] = {}
    since, offered_ms = touches[0].since, touches[0].offered_ms
    rows = [
        (
            touch.since - since,
            touch.until and touch.until - since,
            touch.since - touch.began,
            touch.contact,
            touch.source_offset,
            touch.segment,
            places.setdefault((touch.channel, touch.queue), len(places)),
            touch.offered_ms - offered_ms,
            _NUMBERS[touch.outcome],
            None if touch.ended_ms is None else touch.ended_ms - touch.offered_ms,
            *([[said.setdefault(one, len(said)) for one in touch.said]] if touch.said else ()),
        )
        for touch in touches
    ]
    return _pack((since, offered_ms, list(places), rows, *([list(said)] if said else ())))


def unpacked(stored: bytes) -> Touches:
    """The same touches. Raises msgspec.ValidationError for what is none."""
    whole = _unpack(stored)
    return tuple(_touch(whole, row) for row in whole.rows)


class _Row(Struct, frozen=True, gc=False, array_like=True):
    """A touch in few bytes: offsets and instants as far as they lie from those of the first."""

    since: int
    until: int
    began_before: int
    contact: int
    source_offset: int
    segment: int
    place: int
    offered_ms: int
    outcome: int
    ended_after_ms: int | None
    said: tuple[int, ...] = ()


class _Packed(Struct, frozen=True, gc=False, array_like=True):
    """All touches, the queues in which they were, and what was said of any."""

    since: int
    offered_ms: int
    places: list[tuple[Channel, str]]
    rows: list[_Row]
    said: list[Said] = []


_pack = msgpack.Encoder().encode
_unpack = msgpack.Decoder(_Packed).decode


def _touch(whole: _Packed, row: _Row) -> Touch:
    since, offered_ms = whole.since + row.since, whole.offered_ms + row.offered_ms
    channel, queue = whole.places[row.place]
    return Touch(
        since,
        row.until and whole.since + row.until,
        since - row.began_before,
        row.contact,
        row.source_offset,
        row.segment,
        channel,
        queue,
        offered_ms,
        _OUTCOMES[row.outcome],
        None if row.ended_after_ms is None else offered_ms + row.ended_after_ms,
        tuple([whole.said[n] for n in row.said]),
    )
