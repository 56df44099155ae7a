"""One channel of one client: its clock, its contacts, and who waits."""

from collections import Counter

import pytest

from schemas.facts import Fact, Forecast
from schemas.tallies import Counts
from schemas.words import Channel
from sla_stream.arrivals import Arrivals
from sla_stream.changes import Changes, FeedKey, Position, QueueKey
from sla_stream.contact import Result
from sla_stream.feed import Feed
from tests.builders import (
    HOUR,
    abandoned,
    answered,
    contact_of,
    ended,
    instant,
    objective,
    offered,
    promised,
    record,
)

VOICE: Channel = "voice"
KEY = FeedKey("acme", VOICE)
PROMISES = promised(objective(), lateness="1h")
(MEASURE,) = PROMISES.counted("acme", VOICE).measures


def feed(*facts: Fact) -> Feed:
    one = Feed(KEY, PROMISES)
    for offset, fact in enumerate(facts):
        take(one, offset, fact)
    return one


def take(one: Feed, offset: int, fact: Fact) -> tuple[Result, Changes]:
    assert not isinstance(fact, Forecast)
    changes, results = Changes(Position()), Counter[Result]()
    arrivals = Arrivals()
    arrivals.add(offset, fact)
    for _ in one.count(arrivals, changes, results, replayed=False):
        pass
    changes.panes = one.ledger.tell(offset)
    one.tell(changes)
    (result,) = results.elements()
    return result, changes


def counted_in(changes: Changes) -> dict[tuple[str, int], Counts]:
    """Queue and minute -> what is counted there now."""
    return {(pane.key.queue, pane.key.start_ms): pane.minutes[0].get(MEASURE.key, {}) for pane in changes.panes}


def test_an_offer_counts_nobody_yet_but_somebody_waits() -> None:
    one = Feed(KEY, PROMISES)
    _, changes = take(one, 0, offered())
    assert counted_in(changes) == {}
    assert changes.waiting == {QueueKey("acme", VOICE, "sales"): [instant("09:00:00")]}


def test_an_answer_counts_the_caller_and_the_wait_is_over() -> None:
    _, changes = take(feed(offered()), 1, answered())
    assert counted_in(changes) == {("sales", instant("09:00:00")): {"answered_in_time": 1}}
    assert changes.waiting == {QueueKey("acme", VOICE, "sales"): []}


def test_a_correction_is_minus_the_old_plus_the_new() -> None:
    _, changes = take(feed(offered(), answered(at="09:00:40")), 2, abandoned(at="09:00:35"))
    assert counted_in(changes) == {("sales", instant("09:00:00")): {"abandoned_late": 1}}


def test_an_earlier_offer_elsewhere_moves_the_caller_to_that_queue() -> None:
    one = feed(offered(at="09:00:00"), answered(at="09:00:20"))
    _, changes = take(one, 2, offered(at="08:59:55", queue="support"))
    assert counted_in(changes) == {
        ("sales", instant("09:00:00")): {},
        ("support", instant("08:59:00")): {"answered_in_time": 1},
    }


def test_what_changes_no_count_touches_no_tally() -> None:
    assert take(feed(offered(), answered()), 2, ended())[1].panes == []


def test_after_a_transfer_the_caller_waits_in_the_next_queue() -> None:
    one = feed(offered(), answered(), offered(at="09:05:00", queue="support", segment=1))
    assert one.queues.waiting == {"sales": {}, "support": {("anna", 1): instant("09:05:00")}}


def test_the_clock_stands_at_the_newest_fact() -> None:
    assert feed(offered(at="09:00:00"), offered("boris", at="08:30:00")).watermark_ms == instant("09:00:00")


@pytest.mark.parametrize(
    ("at", "result"),
    [
        ("08:00:00.001", Result.APPLIED),
        ("08:00:00", Result.APPLIED),
        ("07:59:59.999", Result.TOO_LATE),
    ],
)
def test_a_fact_may_be_as_late_as_the_contract_allows(at: str, result: Result) -> None:
    one = feed(offered("boris", at="09:00:00"))
    assert take(one, 1, offered(at=at))[0] is result
    assert ("anna" in one.contacts) is (result is Result.APPLIED)
    assert one.watermark_ms == instant("09:00:00")


def test_a_record_is_as_late_as_the_last_thing_it_tells_of() -> None:
    one = feed(offered("boris", at="09:00:00"))
    assert take(one, 1, record(offered_at="07:30:00", answered_at="08:00:00"))[0] is Result.APPLIED


@pytest.mark.parametrize(
    ("offered_at", "result"), [("07:00:00", Result.APPLIED), ("06:59:59.999", Result.TOO_LATE)]
)
def test_a_call_whose_pane_may_be_forgotten_is_too_late(offered_at: str, result: Result) -> None:
    """It ended just now, but counts where it was offered: at most twice the lateness back."""
    one = feed(offered("boris", at="09:00:00"))
    taken, changes = take(one, 1, record(offered_at=offered_at, answered_at="08:30:00", ended_at="09:00:00"))
    assert taken is result
    assert bool(changes.panes) is (result is Result.APPLIED)


@pytest.mark.parametrize(
    ("watermark", "is_forgettable"), [("10:59:59", False), ("11:00:00", True), ("11:00:01", True)]
)
def test_contacts_are_forgettable_by_the_hour_once_out_of_reach(watermark: str, is_forgettable: bool) -> None:
    one = feed(offered(at="09:20:00"), answered(at="09:20:20"))
    assert list(one.forgettable(instant(watermark))) == (["anna"] if is_forgettable else [])


def test_a_contact_that_is_still_talked_of_is_kept() -> None:
    one = feed(offered(at="09:00:00"), answered(at="09:00:20"), ended(at="10:40:00"))
    assert list(one.forgettable(instant("11:00:00"))) == []
    assert list(one.forgettable(instant("11:41:00"))) == []
    assert list(one.forgettable(instant("12:00:00"))) == ["anna"]


def test_whose_name_comes_again_after_all_is_a_new_contact() -> None:
    one = feed(offered(at="09:00:00"), answered(at="09:00:20"), offered("boris", at="11:00:00"))
    take(one, 3, offered(at="11:00:00"))
    assert one.queues.waiting["sales"] == {
        "boris": instant("11:00:00"),
        "anna": instant("11:00:00"),
    }


def test_a_contact_that_is_put_back_waits_again() -> None:
    one = Feed(KEY, PROMISES)
    one.put("anna", contact_of(offered()))
    assert one.queues.waiting == {"sales": {"anna": instant("09:00:00")}}
    one.put("anna", contact_of(offered(), answered()))
    assert one.queues.waiting == {"sales": {}}


def test_who_is_dropped_waits_no_more() -> None:
    one = feed(offered())
    one.drop("anna")
    assert (one.contacts, one.queues.waiting) == ({}, {"sales": {}})


def test_dropping_a_stranger_does_nothing() -> None:
    one = feed(offered())
    one.drop("nobody")
    assert list(one.contacts) == ["anna"]


def test_the_most_patient_contract_decides_how_late_a_fact_may_be() -> None:
    assert Feed(KEY, PROMISES).lateness_ms == HOUR
    patient = Feed(KEY, PROMISES)
    patient.adopt(promised(objective(), lateness="3h"), {})
    assert patient.lateness_ms == 3 * HOUR
