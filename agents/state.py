"""How state is written to the changelogs, and taken back: keys and values as JSON, small and whole.

Every value begins with the version of its form; only values of version 1 do not say so. A worker reads what the
version before its own has written, and refuses what a later one has.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, get_args

import msgspec
import orjson
from msgspec.structs import astuple

from agents.derive import decoder_of
from agents.notify.notice import NOTICE, Key, Notice
from schemas.adjustments import ADJUSTMENT, Adjustment
from schemas.alerts import ALERT
from schemas.resolutions import ContactTouch
from schemas.tallies import BenchMessage, Counts
from schemas.words import Channel
from sla_stream.changes import Changes, ContactName, CountedKey, CustomerKey, FeedKey, Position, SourceKey
from sla_stream.contact import Result
from sla_stream.episode import Episode, Phase
from sla_stream.judged import EpisodeKey, EpisodeRecord
from sla_stream.panes import MINUTE_MS, MINUTES_OF_QUARTER, quarter_of
from sla_stream.tally import Tally, TallyKey

if TYPE_CHECKING:  # a backtest reads and writes the same, and need not wait for all of Kafka's client to load
    from agents.kafka import Record

#: Of calls. The other channels came later, and say which they are.
POSITION_KEY = b"position"

VERSION = 3
_MARK = b"%d " % VERSION


class NewerState(ValueError):  # noqa: N818 - it says what was found
    """A later release has written this: its form is not known here."""


_pack = msgspec.json.Encoder().encode
_contact_key = msgspec.json.Decoder(tuple[str, Channel, str, int]).decode
_customer_key = msgspec.json.Decoder(tuple[str, str]).decode
_pane_key_of = msgspec.json.Decoder(tuple[str, Channel, str, int, int]).decode
_bench_message = decoder_of(BenchMessage)
_touch = decoder_of(ContactTouch)
_pane = msgspec.json.Decoder(tuple[int, list[dict[str, Counts]]]).decode


def contact_records(changes: Changes) -> Iterator["Record"]:
    """One record per contact that changed; none as value where it is forgotten."""
    for feed, contacts in changes.contacts.items():
        about = _pack(feed)[:-1]
        for name, packed in contacts.items():
            contact, segment = (name, 0) if isinstance(name, str) else name
            yield b"%b,%b,%d]" % (about, _pack(contact), segment), None if packed is None else _MARK + packed


def contact_of(key: bytes, value: bytes | None) -> tuple[FeedKey, ContactName, bytes | None]:
    """Read a contact's record."""
    client, channel, contact, segment = _contact_key(key)
    name = (contact, segment) if segment else contact
    return FeedKey(client, channel), name, None if value is None else _content(value)


def tally_records(changes: Changes) -> Iterator["Record"]:
    """One record for each pane with tallies that changed: of one minute, or of a quarter-hour."""
    for pane in changes.panes:
        yield _pane_key(pane.key, len(pane.minutes)), _MARK + _pack((pane.offset, pane.minutes))
    for key in changes.forgotten:
        yield _pane_key(key, 1), None
    quarters = {
        TallyKey(key.client, key.channel, key.queue, quarter_of(key.start_ms)) for key in changes.forgotten
    }
    for quarter in quarters:
        yield _pane_key(quarter, MINUTES_OF_QUARTER), None


def tallies_of(key: bytes, value: bytes | None) -> Iterator[tuple[TallyKey, Tally | None]]:
    """Read the tallies of a pane's record."""
    client, channel, queue, start_ms, length = _pane_key_of(key)
    keys = [TallyKey(client, channel, queue, start_ms + minute * MINUTE_MS) for minute in range(length)]
    if value is None:
        yield from ((name, None) for name in keys)
    else:
        offset, minutes = _pane(_content(value))
        yield from ((name, Tally(offset, measures)) for name, measures in zip(keys, minutes, strict=True))


def customer_records(changes: Changes) -> Iterator["Record"]:
    """One record per customer that changed; none as value where they are forgotten."""
    for key, stored in changes.customers.items():
        yield _pack(key), None if stored is None else _MARK + stored


def customer_of(key: bytes, value: bytes | None) -> tuple[CustomerKey, bytes | None]:
    """Read a customer's record."""
    return CustomerKey(*_customer_key(key)), None if value is None else _content(value)


def position_record(channel: Channel, position: Position) -> "Record":
    """How far a channel's partition is counted, in one record."""
    key = POSITION_KEY if channel == "voice" else b"%b %b" % (POSITION_KEY, channel.encode())
    return key, _position(position)


def resolved_record(position: Position) -> "Record":
    """How far a partition is counted by customer."""
    return POSITION_KEY, _position(position)


def _position(position: Position) -> bytes:
    results = {result.value: n for result, n in position.results.items()}
    watermarks = [[*feed, watermark_ms] for feed, watermark_ms in position.watermarks.items()]
    since = [[*astuple(counted), offset] for counted, offset in position.since.items()]
    sources = [[*source, at_ms] for source, at_ms in position.sources.items()]
    return _MARK + orjson.dumps([position.offset, results, watermarks, since, position.topic, sources])


def channel_of(key: bytes) -> Channel:
    """Whose position it is."""
    return _CHANNELS[key]


def position_of(value: bytes) -> Position:
    """Read a position's record. Older ones do not say of which topic it is, or name no sources."""
    offset, results, watermarks, since, *rest = orjson.loads(_content(value))
    topic, sources = rest[:1], rest[1] if len(rest) > 1 else []
    return Position(
        offset,
        Counter({Result(name): n for name, n in results.items()}),
        {FeedKey(client, channel): watermark_ms for client, channel, watermark_ms in watermarks},
        {CountedKey(client, channel, measure): after for client, channel, measure, after in since},
        "".join(topic),
        {SourceKey(client, source): at_ms for client, source, at_ms in sources},
    )


def episode_record(key: EpisodeKey, record: EpisodeRecord | None) -> "Record":
    """An episode with the alert that is still to be announced."""
    value = None if record is None else _MARK + orjson.dumps([record.episode, record.alert])
    return orjson.dumps(list(key.written)), value


def episode_of(key: bytes, value: bytes | None) -> tuple[EpisodeKey, EpisodeRecord | None]:
    """Read an episode's record."""
    name = EpisodeKey(*orjson.loads(key))
    if value is None:
        return name, None
    episode, alert = orjson.loads(_content(value))
    episode["phase"] = Phase(episode["phase"])
    told = None if alert is None else ALERT.validate_python(alert)
    return name, EpisodeRecord(Episode(**episode), told)


def notice_record(key: Key, notice: Notice | None) -> "Record":
    """What a receiver is told, with what it has not taken yet."""
    return orjson.dumps(list(key)), None if notice is None else _MARK + orjson.dumps(notice)


def notice_of(key: bytes, value: bytes | None) -> tuple[Key, Notice | None]:
    """Read a notice's record."""
    return Key(*orjson.loads(key)), None if value is None else NOTICE.validate_json(_content(value))


_CHANNELS: dict[bytes, Channel] = {
    position_record(channel, Position())[0]: channel for channel in get_args(Channel)
}


def _content(value: bytes) -> bytes:
    if value.startswith(_MARK):
        return value[len(_MARK) :]
    version, _, content = value.partition(b" ")
    if not version.isdigit():
        return value  # the first version wrote none
    if int(version) > VERSION:
        raise NewerState(f"state of version {version.decode()}; this release reads up to {VERSION}")
    return content


def _pane_key(first: TallyKey, length: int) -> bytes:
    return _pack((first.client, first.channel, first.queue, first.start_ms, length))


def bench_record(message: BenchMessage) -> "Record":
    """A message to the bench under the key that makes the next of its kind replace it."""
    about: list[str | int] = [message.type, message.client, message.channel]
    if message.type == "expected":
        # The last word written need not be the last one said: each stays.
        return orjson.dumps([*about, message.queue, message.start, message.said_at]), orjson.dumps(message)
    about.append(message.source)
    if message.type == "tally":
        about += [message.queue, message.start, len(message.minutes)]
    elif message.type == "due":
        about += [message.queue, message.measure, message.start]
    elif message.type == "waiting":
        about += [message.queue]
    return _pack(about), _pack(message)


def touch_record(touch: ContactTouch) -> "Record":
    """What is told of a customer's contact, under the key that makes the next word on it replace this one."""
    about = (touch.client, touch.customer, touch.contact, touch.segment, touch.source)
    return _pack(about), _pack(touch)


def adjustment_record(adjustment: Adjustment) -> "Record":
    """What was adjusted, under the key that is the same when it comes again."""
    about = (adjustment.source, adjustment.offset, adjustment.measure, adjustment.queue, adjustment.start)
    return _pack(about), _pack(adjustment)


def bench_messages(values: Iterable[bytes]) -> Iterator[BenchMessage]:
    """Read what was told to the bench. Raises msgspec.ValidationError for anything else."""
    return map(_bench_message, values)


def touches(values: Iterable[bytes]) -> Iterator[ContactTouch]:
    """Read what was told of customers' contacts. Raises msgspec.ValidationError for anything else."""
    return map(_touch, values)


def adjustments(values: Iterable[bytes]) -> Iterator[Adjustment]:
    """Read what was adjusted. Raises pydantic.ValidationError for anything else."""
    return map(ADJUSTMENT.validate_json, values)
