"""How state is written, and read again as this version, the one before it and one to come have written it."""

from collections.abc import Callable
from typing import Any

import pytest

from agents import state
from agents.kafka import Record
from schemas.facts import Fact
from sla_stream.counting import Counting
from sla_stream.episode import Episode, Phase
from sla_stream.judged import EpisodeKey, EpisodeRecord
from tests.builders import answered, batch, objective, offered, promised

FACTS: list[Fact] = [offered(), answered(), offered(at="09:05:00", queue="support", segment=1)]
EPISODE = EpisodeRecord(Episode("abc", Phase.OPEN, 1_772_701_200_000))

#: What version 1 wrote of the facts above, and of an episode.
VERSION_1: dict[bytes, bytes] = {
    b'["acme","voice","anna",0]': b'[[0,"offered",1772438400000,"sales"],[1,"answered",1772438420000,""]]',
    b'["acme","voice","anna",1]': b'[[2,"offered",1772438700000,"support"]]',
    b'["acme","voice","sales",1772438400000,1]': b'[2,[{"service_level:30000:5000:arrival":'
    b'{"answered_in_time":1}}]]',
    b"position": b'[2,{"applied":3},[["acme","voice",1772438700000]],'
    b'[["acme","voice","service_level:30000:5000:arrival",-1]]]',
    b'["acme","c","voice","o","sales"]': b'[{"id":"abc","phase":"open","since_ms":1772701200000,'
    b'"clearing_since_ms":null,"severity":"error"},null]',
}


def written() -> dict[bytes, bytes | None]:
    """Of the same facts, by this version."""
    changes = Counting(promised(objective())).observe(batch(FACTS))
    records: list[Record] = [
        *state.contact_records(changes),
        *state.tally_records(changes),
        state.position_record("voice", changes.position),
        state.episode_record(EpisodeKey("acme", "c", "voice", "o", "sales"), EPISODE),
    ]
    return dict(records)


def read(key: bytes, value: bytes) -> Any:
    """Whichever kind of state it is."""
    kinds: dict[bytes, Callable[[bytes, bytes], Any]] = {
        b'["acme","voice","anna",0]': state.contact_of,
        b'["acme","voice","anna",1]': state.contact_of,
        b'["acme","voice","sales",1772438400000,1]': lambda key, value: list(state.tallies_of(key, value)),
        b"position": lambda _, value: state.position_of(value),
        b'["acme","c","voice","o","sales"]': state.episode_of,
    }
    return kinds[key](key, value)


def test_state_is_written_under_the_keys_that_it_always_had() -> None:
    assert written().keys() == VERSION_1.keys()


@pytest.mark.parametrize("key", VERSION_1)
def test_what_version_1_wrote_is_read_as_the_same(key: bytes) -> None:
    value = written()[key]
    assert value is not None
    assert value.startswith(b"3 ")
    assert read(key, VERSION_1[key]) == read(key, value)


@pytest.mark.parametrize("key", VERSION_1)
def test_what_version_2_wrote_is_read_as_the_same(key: bytes) -> None:
    """It was written alike, under another number: it had no episodes of risks."""
    value = written()[key]
    assert value is not None
    assert read(key, b"2 " + value.removeprefix(b"3 ")) == read(key, value)


@pytest.mark.parametrize("key", VERSION_1)
def test_what_a_later_version_wrote_is_refused_with_a_sentence(key: bytes) -> None:
    with pytest.raises(state.NewerState, match=r"^state of version 4; this release reads up to 3$"):
        read(key, b"4 " + VERSION_1[key])


def test_what_is_forgotten_has_no_version() -> None:
    key = b'["acme","voice","sales",1772438400000,1]'
    assert state.contact_of(b'["acme","voice","anna",0]', None)[2] is None
    assert [tally for _, tally in state.tallies_of(key, None)] == [None]
