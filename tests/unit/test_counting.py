"""From facts to tallies: what a batch changes, and what is taken back from storage."""

from collections.abc import Callable

import pytest

from schemas.dead_letters import Rejected, RejectReason
from schemas.facts import Fact
from sla_stream.changes import Changes, FeedKey, Position, QueueKey
from sla_stream.contact import Result
from sla_stream.contact import contact_of as of_facts
from sla_stream.counting import Batch, Counting
from sla_stream.ledger import Pane
from sla_stream.life import known_facts
from sla_stream.tally import Tally, TallyKey
from tests.builders import (
    answered,
    batch,
    bench_messages,
    contact_of,
    counted,
    ended,
    heartbeat,
    instant,
    objective,
    offered,
    promised,
    totals,
)

PROMISES = promised(objective())
VOICE = FeedKey("acme", "voice")
SALES = QueueKey("acme", "voice", "sales")
ANNA = (VOICE, "anna")
(MEASURE,) = PROMISES.counted("acme", "voice").measures
NINE = TallyKey("acme", "voice", "sales", instant("09:00:00"))


def observed(*facts: Fact) -> Changes:
    return Counting(PROMISES).observe(batch(facts))


def test_a_batch_changes_whole_values() -> None:
    changes = observed(offered(), answered())
    assert changes.contacts == {VOICE: {"anna": contact_of(offered(), answered()).packed}}
    assert changes.panes == [Pane(NINE, 1, [{MEASURE.key: {"answered_in_time": 1}}])]
    assert changes.waiting == {SALES: []}
    assert changes.feeds == {VOICE: instant("09:00:20")}


def test_who_waits_is_told_in_the_order_of_arrival() -> None:
    changes = observed(offered("boris", at="09:00:10"), offered("anna", at="09:00:05"))
    assert changes.waiting == {SALES: [instant("09:00:05"), instant("09:00:10")]}


def test_a_batch_that_ends_with_blanks_leaves_the_position_behind_them() -> None:
    counting = Counting(PROMISES)
    changes = counting.observe(Batch([(3, offered()), (5, answered())], 9))
    assert changes.position.offset == counting.position.offset == 9
    assert [pane.offset for pane in changes.panes] == [9]


def test_a_heartbeat_moves_the_clock_and_nothing_else() -> None:
    changes = observed(heartbeat("09:00:00"))
    assert changes.feeds == {VOICE: instant("09:00:00")}
    assert (changes.contacts, changes.panes, changes.waiting) == ({}, [], {})
    assert changes.position.results == {Result.APPLIED: 1}


def test_a_heartbeat_does_not_turn_the_clock_back() -> None:
    assert observed(heartbeat("09:00:00"), heartbeat("08:00:00")).feeds == {VOICE: instant("09:00:00")}


def test_a_duplicate_changes_nothing() -> None:
    counting = counted([offered(), answered()], PROMISES)
    changes = counting.observe(batch([answered()], 2))
    assert (changes.contacts, changes.panes, changes.waiting, changes.feeds) == ({}, [], {}, {})
    assert counting.position.results[Result.DUPLICATE] == 1


def test_what_could_not_be_decoded_is_refused_with_its_offset() -> None:
    spoilt = Rejected(RejectReason.NOT_JSON, "truncated")
    changes = Counting(PROMISES).observe(Batch([(7, spoilt)], 7))
    assert changes.refused == [(7, spoilt)]
    assert changes.position.received == 1


def test_each_client_has_a_clock_of_its_own() -> None:
    changes = observed(heartbeat("09:00:00"), heartbeat("10:00:00", client="nobody"))
    assert changes.position.watermarks == {VOICE: instant("09:00:00")}


@pytest.mark.parametrize(("offset", "is_taken"), [(4, False), (5, True), (6, True)])
def test_a_stored_contact_from_an_earlier_offset_gives_way(offset: int, is_taken: bool) -> None:
    counting = Counting(PROMISES)
    known = of_facts(known_facts(5, offered()))
    stored = of_facts(known_facts(offset, offered(queue="support")))
    counting.restore_contact(*ANNA, known.packed)
    counting.restore_contact(*ANNA, stored.packed)
    assert dict(counting.contacts()) == {ANNA: stored if is_taken else known}


def test_nothing_is_told_of_stored_contacts_before_a_message_was_counted() -> None:
    """A crash after the first write of contacts and before that of the position leaves them alone."""
    counting = Counting(PROMISES)
    counting.restore_contact(*ANNA, of_facts(known_facts(5, offered())).packed)
    assert bench_messages(counting.forget(-1)) == []
    changes = counting.observe(batch([offered()], 5))
    assert changes.waiting == {SALES: [instant("09:00:00")]}


@pytest.mark.parametrize(("offset", "is_taken"), [(4, False), (5, True), (6, True)])
def test_a_stored_tally_from_an_earlier_offset_gives_way(offset: int, is_taken: bool) -> None:
    counting, known, stored = Counting(PROMISES), Tally(5), Tally(offset)
    counting.restore_tally(NINE, known)
    counting.restore_tally(NINE, stored)
    assert dict(counting.tallies()) == {NINE: stored if is_taken else known}


@pytest.mark.parametrize(("offset", "is_taken"), [(4, False), (5, True), (6, True)])
def test_a_stored_position_from_an_earlier_offset_gives_way(offset: int, is_taken: bool) -> None:
    counting, known, stored = Counting(PROMISES), Position(5), Position(offset)
    counting.restore_position(known)
    counting.restore_position(stored)
    assert counting.position is (stored if is_taken else known)


def test_what_was_forgotten_is_not_taken_back() -> None:
    counting = Counting(PROMISES)
    counting.restore_contact(*ANNA, contact_of(offered()).packed)
    counting.restore_tally(NINE, Tally(5))
    counting.restore_contact(*ANNA, None)
    counting.restore_tally(NINE, None)
    assert (dict(counting.contacts()), dict(counting.tallies())) == ({}, {})


@pytest.mark.parametrize(("at", "result"), [("08:59:59.999", Result.TOO_LATE), ("09:00:00", Result.APPLIED)])
def test_what_is_too_late_is_so_in_one_batch_with_what_moved_the_clock(at: str, result: Result) -> None:
    """By two days, the lateness of the contract."""
    clock, late = heartbeat("2026-03-04T09:00:00"), offered(at=at)
    changes = observed(clock, late)
    assert changes.position.results == {Result.APPLIED: 1} | {result: 1 + (result is Result.APPLIED)}


def test_a_message_that_the_tally_has_counted_is_not_counted_again() -> None:
    """The tally of offset 1 survived the crash, the contact and the position did not."""
    counting = Counting(PROMISES)
    counting.restore_tally(NINE, Tally(1, {MEASURE.key: {"answered_in_time": 1}}))
    counting.observe(batch([offered(), answered()]))
    assert totals(counting) == {"answered_in_time": 1}


def test_a_call_is_not_taken_together_where_the_tally_knows_half_of_it() -> None:
    """The tally of offset 1 survived: it knows the answer, but not the end that decides the time talked."""
    talked = objective(name="talk", measure={"kind": "talk_time"}, target={"at_most": "9m"})
    facts: list[Fact] = [offered(), answered(), ended()]
    undisturbed = counted(facts, promised(objective(), talked))
    ((_, whole),) = undisturbed.tallies()
    half = {measure: counts for measure, counts in whole.measures.items() if measure == MEASURE.key}
    counting = Counting(undisturbed.promises)
    counting.restore_tally(NINE, Tally(1, half))
    counting.observe(batch(facts))
    assert dict(counting.tallies()) == dict(undisturbed.tallies())


def test_a_message_that_only_the_contact_knows_is_counted() -> None:
    """The contact of offset 1 survived the crash, the tally and the position did not."""
    counting = Counting(PROMISES)
    counting.restore_contact(*ANNA, contact_of(offered(), answered()).packed)
    counting.observe(batch([offered(), answered()]))
    assert totals(counting) == {"answered_in_time": 1}


def test_the_clock_goes_on_from_the_stored_position() -> None:
    counting = Counting(PROMISES)
    counting.restore_position(Position(5, watermarks={VOICE: instant("2026-03-05T09:00:00")}))
    counting.observe(batch([offered(at="09:00:00")], 6))
    assert counting.position.results == {Result.TOO_LATE: 1}


def test_state_of_a_client_without_contract_is_left_alone() -> None:
    counting = Counting(PROMISES)
    counting.restore_contact(FeedKey("nobody", "voice"), "anna", contact_of(offered()).packed)
    counting.restore_position(Position(5, watermarks={FeedKey("nobody", "voice"): 0}))
    assert dict(counting.contacts()) == {}
    assert counting.position.offset == 5


def test_what_another_contract_asks_for_is_counted_from_then_on() -> None:
    counting = counted([offered(), answered()], PROMISES)
    counting.adopt(
        promised(objective(), objective(name="slow", measure={"kind": "wait"}, target={"at_most": "9s"}))
    )
    counting.observe(batch([offered("boris"), answered("boris"), ended("boris")], 2))
    assert totals(counting, "service_level") == {"answered_in_time": 2}
    assert totals(counting, "wait") == {"sum_ms": 20_000, "bucket:20000": 1}


def test_facts_of_a_client_whose_contract_is_gone_are_refused() -> None:
    counting = counted([offered()], PROMISES)
    counting.adopt(promised(objective(), client="globex"))
    changes = counting.observe(batch([answered()], 1))
    assert [refused.reason for _, refused in changes.refused] == [RejectReason.UNKNOWN_CLIENT]


def test_a_client_whose_contract_comes_back_goes_on_by_the_clock_it_had() -> None:
    counting = counted([heartbeat("2026-03-05T09:00:00")], PROMISES)
    counting.adopt(promised(objective(), client="globex"))
    counting.adopt(PROMISES)
    counting.observe(batch([offered(at="09:00:00")], 1))
    assert counting.position.results[Result.TOO_LATE] == 1


BY_OUTCOME = {"kind": "service_level", "formula": "abandons_missed", "threshold": "30s", "attribute_to": "outcome"}
WIDER = promised(objective(), objective(name="newly-promised", measure=BY_OUTCOME))


def _restarted(before: Counting) -> Counting:
    """Another worker, with the wider contract, takes over what was stored."""
    after = Counting(WIDER)
    for key, contact in before.contacts():
        after.restore_contact(*key, contact.packed)
    for tally_key, tally in before.tallies():
        after.restore_tally(tally_key, tally)
    after.restore_position(before.position)
    return after


def _reloaded(before: Counting) -> Counting:
    before.adopt(WIDER)
    return before


@pytest.mark.parametrize("widen", [_reloaded, _restarted])
def test_a_call_from_before_a_measure_is_never_taken_away_from_it(widen: Callable[[Counting], Counting]) -> None:
    counting = widen(counted([offered(), answered(at="09:00:40")], PROMISES))
    counting.observe(batch([answered(at="09:00:20")], first_offset=2))
    assert totals(counting, "service_level:30000:0:outcome") == {}
    assert totals(counting, MEASURE.key) == {"answered_in_time": 1}


@pytest.mark.parametrize("widen", [_reloaded, _restarted])
def test_a_new_measure_counts_every_call_that_begins_after_it(widen: Callable[[Counting], Counting]) -> None:
    counting = widen(counted([offered(), answered()], PROMISES))
    counting.observe(batch([offered("boris"), answered("boris", at="09:00:40")], first_offset=2))
    counting.observe(batch([answered("boris", at="09:00:30")], first_offset=4))
    assert totals(counting, "service_level:30000:0:outcome") == {"answered_in_time": 1}


@pytest.mark.parametrize(("durable", "final"), [(0, "09:00:00"), (1, "12:00:00"), (2, "18:00:00")])
def test_what_is_final_is_so_even_if_all_that_is_not_durable_comes_again(durable: int, final: str) -> None:
    """Twice the lateness behind the clock of the last position that is safe, by whole quarter-hours."""
    counting = Counting(promised(objective(), lateness="1h"))
    for offset, at in enumerate(("11:00:00", "14:14:59", "20:00:00")):
        counting.observe(batch([heartbeat(at)], offset))
    counting.forget(durable)
    assert counting.observe(batch([heartbeat("20:00:01")], 3)).final == {VOICE: instant(final)}
