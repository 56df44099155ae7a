"""Bytes to facts. Nothing that arrives can raise here: what is no fact becomes a Rejected with its reason."""

from typing import Any, cast

import msgspec
from pydantic import ValidationError

from agents.derive import decoder_of
from schemas.dead_letters import Rejected, RejectReason
from schemas.facts import FACT, Fact, Record
from schemas.words import Channel

#: A fact is a few hundred bytes; a megabyte is something else.
LARGEST_BYTES = 1 << 20

#: A source's clock may run ahead of the broker's by so much. Further ahead, its facts would make all the
#: others of the feed look late.
CLOCK_AHEAD_MS = 3_600_000

_REASONS = {
    "json_invalid": RejectReason.NOT_JSON,
    "union_tag_not_found": RejectReason.UNKNOWN_TYPE,
    "greater_than_equal": RejectReason.ABSURD_TIME,
    "less_than": RejectReason.ABSURD_TIME,
    "value_error": RejectReason.BEFORE_OFFERED,
}


_compiled = decoder_of(Fact)

#: pydantic reads no JSON that is nested deeper, and no number of 4,300 digits. A fact is not so long.
_DEEPEST, _LONG_BYTES = 200, 4_000

#: What the compiled decoder raises for all that it does not take.
_NOT_TAKEN = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def decode(raw: bytes | None, written_ms: int, channel: Channel | None = None) -> Fact | Rejected:
    """Read one message. `written_ms` is its timestamp on the topic, so that a replay decides alike.

    With a channel, what is of another is refused: each has a topic of its own.
    """
    if not raw:
        return Rejected(RejectReason.EMPTY, "the message has no value")
    if len(raw) > LARGEST_BYTES:
        return Rejected(RejectReason.TOO_LARGE, f"{len(raw)} bytes, at most {LARGEST_BYTES} are read")
    try:
        fact = _quickly(raw) or FACT.validate_json(raw)
    except ValidationError as error:
        return _rejected(raw, error)
    if fact.channel != channel and channel is not None:
        return Rejected(RejectReason.WRONG_CHANNEL, f"{fact.channel}, on the topic of {channel}")
    at_ms = _last_ms(fact) if fact.type == "record" else fact.at
    if at_ms > written_ms + CLOCK_AHEAD_MS:
        return Rejected(RejectReason.ABSURD_TIME, f"at {at_ms}, but written at {written_ms}")
    return fact


def _quickly(raw: bytes) -> Fact | None:
    """What the compiled decoder makes of it: nothing that pydantic would not take, and the same."""
    if len(raw) > 2 * _DEEPEST and (len(raw) > _LONG_BYTES or raw.count(b"[") + raw.count(b"{") > _DEEPEST):
        return None
    try:
        if not raw.isascii():
            raw.decode()  # what is ignored has to be text, too
        return cast("Fact", _compiled(raw))
    except _NOT_TAKEN:
        return None


def _last_ms(record: Record) -> int:
    """When the last thing that the record tells of happened: so far it moves its feed's clock."""
    ends = (record.answered_at, record.abandoned_at, record.flowed_out_at, record.ended_at, record.wrapped_at)
    return max(at for at in (record.offered_at, *ends) if at is not None)


def _rejected(raw: bytes, error: ValidationError) -> Rejected:
    try:
        raw.decode()
    except UnicodeDecodeError as broken:
        return Rejected(RejectReason.NOT_UTF8, str(broken))
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "union_tag_invalid":  # its message repeats what was sent, whatever that is
        return Rejected(RejectReason.UNKNOWN_TYPE, "no fact is of this type")
    return Rejected(_reason(first), f"{'.'.join(map(str, first['loc']))}: {first['msg']}".lstrip(": "))


def _reason(error: Any) -> RejectReason:
    reason = _REASONS.get(error["type"], RejectReason.WRONG_SHAPE)
    if reason is RejectReason.ABSURD_TIME and error["loc"][-1] == "segment":
        return RejectReason.WRONG_SHAPE
    return reason
