"""The tallies of a feed: what is told of them, and what is kept."""

from collections.abc import Iterable

import pytest

from sla_stream.ledger import Ledger, Pane
from sla_stream.tally import Tally, TallyKey
from tests.builders import MINUTE, instant

NINE = instant("09:00:00")
ANSWERED = "m", (("answered", 1),)


def key(minute: int) -> TallyKey:
    """Of a minute since nine."""
    return TallyKey("acme", "voice", "sales", NINE + minute * MINUTE)


def ledger(offset: int, *minutes: int) -> Ledger:
    """In each of the minutes one was answered, as stored with the offset."""
    kept = Ledger("acme", "voice")
    for minute in minutes:
        kept.put(key(minute), Tally(offset, {"m": {"answered": 1}}))
    return kept


def told(kept: Ledger, changed: Iterable[int], offset: int) -> list[Pane]:
    """One more is answered in each of the minutes, at the very end of each."""
    for minute in changed:
        kept.to_change("sales", NINE + minute * MINUTE + MINUTE - 1).add(*ANSWERED)
    return kept.tell(offset)


@pytest.mark.parametrize("changed", [(3,), (3, 7)])
def test_few_minutes_are_told_one_by_one(changed: tuple[int, ...]) -> None:
    panes = told(ledger(8, *range(15)), changed, 9)
    assert panes == [Pane(key(minute), 9, [{"m": {"answered": 2}}]) for minute in changed]


def test_where_many_minutes_changed_their_quarter_hour_is_told_whole() -> None:
    (pane,) = told(ledger(8, 1), [3, 7, 14], 9)
    assert (pane.key, pane.offset, len(pane.minutes)) == (key(0), 9, 15)
    assert {n for n, minute in enumerate(pane.minutes) if minute} == {1, 3, 7, 14}


def test_minutes_of_two_quarter_hours_are_not_many_of_one() -> None:
    changed = [13, 14, 15, 16]
    assert [pane.key for pane in told(ledger(8), changed, 9)] == [key(minute) for minute in changed]


@pytest.mark.parametrize(("ahead", "offsets"), [(8, [9]), (9, [9]), (10, [9, 9, 9])])
def test_a_minute_that_is_ahead_in_a_replay_lends_its_offset_to_no_other(ahead: int, offsets: list[int]) -> None:
    assert [pane.offset for pane in told(ledger(ahead, 14), [1, 2, 3], 9)] == offsets


def test_a_tally_that_is_ahead_in_a_replay_keeps_its_offset() -> None:
    kept = ledger(10, 3)
    kept.to_change("sales", NINE + 3 * MINUTE)
    assert [pane.offset for pane in kept.tell(9)] == [10]
    assert dict(kept) == {key(3): Tally(10, {"m": {"answered": 1}})}


def test_what_was_told_is_told_again_only_when_it_changes() -> None:
    kept = ledger(8)
    assert len(told(kept, [3], 9)) == 1
    assert told(kept, [], 10) == []
    assert dict(kept) == {key(3): Tally(9, {"m": {"answered": 1}})}


def test_minutes_before_the_instant_are_forgotten() -> None:
    kept = ledger(8, 14, 15, 16)
    assert kept.forget(key(15).start_ms, durable_offset=9) == [key(14)]
    assert list(dict(kept)) == [key(15), key(16)]


@pytest.mark.parametrize(("durable", "kept"), [(8, [14]), (9, []), (10, [])])
def test_what_may_come_again_is_not_forgotten(durable: int, kept: list[int]) -> None:
    """A ticket of long ago was done by the message at 9."""
    tallies = ledger(8, 14)
    told(tallies, [14], 9)
    tallies.forget(key(15).start_ms, durable)
    assert list(dict(tallies)) == [key(n) for n in kept]


@pytest.mark.parametrize(("place", "gone"), [(("sales", NINE), []), (("support", NINE), [13, 14])])
def test_a_quarter_hour_in_which_anything_is_open_is_kept_whole(place: tuple[str, int], gone: list[int]) -> None:
    assert ledger(8, 13, 14).forget(key(15).start_ms, 9, {place}) == [key(n) for n in gone]


def test_a_quarter_hour_stays_whole_when_part_of_it_may_come_again() -> None:
    """It may be told whole, and what is not there would be told as nothing."""
    tallies = ledger(8, 13, 14)
    told(tallies, [14], 9)
    assert tallies.forget(key(15).start_ms, durable_offset=8) == []


def test_dropping_what_is_not_there_does_nothing() -> None:
    kept = ledger(8, 14)
    kept.drop(key(15))
    assert list(dict(kept)) == [key(14)]


def test_what_more_comes_to_after_a_long_time_is_as_it_was_told() -> None:
    """Tallies of minutes that are over are packed, and come out again when somebody is late."""
    kept = ledger(8)
    for minute in range(10):
        told(kept, [minute], 9 + minute)
    (pane,) = told(kept, [2], 30)
    assert pane == Pane(key(2), 30, [{"m": {"answered": 2}}])
    assert [(key_.start_ms, tally.measures) for key_, tally in kept if tally.offset == 30] == [
        (key(2).start_ms, {"m": {"answered": 2}})
    ]
    assert len(list(kept)) == 10


def test_what_was_told_does_not_change_with_what_comes_after() -> None:
    kept = ledger(8)
    (first,) = told(kept, [3], 9)
    told(kept, [3], 10)
    assert first.minutes == [{"m": {"answered": 1}}]


def test_what_is_stored_later_is_taken_in_place_of_what_is_at_hand() -> None:
    kept = ledger(8)
    told(kept, [3], 9)
    kept.put(key(3), Tally(10, {"m": {"answered": 5}}))
    assert dict(kept) == {key(3): Tally(10, {"m": {"answered": 5}})}
