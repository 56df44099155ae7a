"""How state is written to the changelogs, and taken back: keys and values as JSON, small and whole."""

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec
import orjson
from msgspec.structs import astuple

from agents.derive import decoder_of
from agents.kafka import Record
from schemas.alerts import ALERT
from schemas.tallies import BenchMessage, Counts
from schemas.words import Channel
from sla_stream.changes import Changes, ContactKey, CountedKey, FeedKey, Position
from sla_stream.contact import Contact, Result, restored
from sla_stream.episode import Episode, Phase
from sla_stream.judging import EpisodeKey, EpisodeRecord
from sla_stream.panes import MINUTE_MS, MINUTES_OF_QUARTER
from sla_stream.tally import Tally, TallyKey, quarter_with

POSITION_KEY = b"position"

_pack = msgspec.json.Encoder().encode
_contact_key = msgspec.json.Decoder(ContactKey).decode
_pane_key_of = msgspec.json.Decoder(tuple[str, Channel, str, int, int]).decode
_bench_message = decoder_of(BenchMessage)
_pane = msgspec.json.Decoder(tuple[int, list[dict[str, Counts]]]).decode


def contact_records(changes: Changes) -> Iterator[Record]:
    """One record per contact that changed; none as value where it is forgotten."""
    for key, contact in changes.contacts.items():
        yield _pack(key), None if contact is None else contact.packed


def contact_of(key: bytes, value: bytes | None) -> tuple[ContactKey, Contact | None]:
    """Read a contact's record."""
    return _contact_key(key), None if value is None else restored(value)


def tally_records(changes: Changes) -> Iterator[Record]:
    """One record for each pane with tallies that changed: of one minute, or of a quarter-hour."""
    for pane in changes.panes:
        yield _pane_key(pane.key, len(pane.minutes)), _pack((pane.offset, pane.minutes))
    forgotten = [key for key, tally in changes.tallies.items() if tally is None]
    for key in forgotten:
        yield _pane_key(key, 1), None
    for quarter in {quarter_with(key) for key in forgotten}:
        yield _pane_key(quarter, MINUTES_OF_QUARTER), None


def tallies_of(key: bytes, value: bytes | None) -> Iterator[tuple[TallyKey, Tally | None]]:
    """Read the tallies of a pane's record."""
    client, channel, queue, start_ms, length = _pane_key_of(key)
    keys = [TallyKey(client, channel, queue, start_ms + minute * MINUTE_MS) for minute in range(length)]
    if value is None:
        yield from ((name, None) for name in keys)
    else:
        offset, minutes = _pane(value)
        yield from ((name, Tally(offset, measures)) for name, measures in zip(keys, minutes, strict=True))


def position_record(position: Position) -> Record:
    """How far the partition is counted, in one record."""
    results = {result.value: n for result, n in position.results.items()}
    watermarks = [[*astuple(feed), watermark_ms] for feed, watermark_ms in position.watermarks.items()]
    since = [[*astuple(counted), offset] for counted, offset in position.since.items()]
    return POSITION_KEY, orjson.dumps([position.offset, results, watermarks, since, position.topic])


def position_of(value: bytes) -> Position:
    """Read a position's record. Those of earlier releases do not say of which topic it is."""
    offset, results, watermarks, since, *topic = orjson.loads(value)
    return Position(
        offset,
        Counter({Result(name): n for name, n in results.items()}),
        {FeedKey(client, channel): watermark_ms for client, channel, watermark_ms in watermarks},
        {CountedKey(client, channel, measure): after for client, channel, measure, after in since},
        *topic,
    )


def episode_record(key: EpisodeKey, record: EpisodeRecord | None) -> Record:
    """An episode with the alert that is still to be announced."""
    return orjson.dumps(list(key)), None if record is None else orjson.dumps([record.episode, record.alert])


def episode_of(key: bytes, value: bytes | None) -> tuple[EpisodeKey, EpisodeRecord | None]:
    """Read an episode's record."""
    name = EpisodeKey(*orjson.loads(key))
    if value is None:
        return name, None
    episode, alert = orjson.loads(value)
    episode["phase"] = Phase(episode["phase"])
    told = None if alert is None else ALERT.validate_python(alert)
    return name, EpisodeRecord(Episode(**episode), told)


def _pane_key(first: TallyKey, length: int) -> bytes:
    return _pack((first.client, first.channel, first.queue, first.start_ms, length))


def bench_record(message: BenchMessage) -> Record:
    """A message to the bench under the key that makes the next of its kind replace it."""
    about: list[str | int] = [message.type, message.client, message.channel, message.source]
    if message.type == "tally":
        about += [message.queue, message.start, len(message.minutes)]
    elif message.type == "waiting":
        about += [message.queue]
    return orjson.dumps(about), orjson.dumps(message)


def bench_messages(values: Iterable[bytes]) -> Iterator[BenchMessage]:
    """Read what was told to the bench. Raises msgspec.ValidationError for anything else."""
    return map(_bench_message, values)
