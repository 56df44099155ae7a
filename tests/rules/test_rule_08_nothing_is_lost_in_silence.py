"""Rule 8: received = applied + duplicate + rejected + too late, and what is refused says why and where from."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from schemas.dead_letters import Rejected, RejectReason
from schemas.facts import Fact
from sla_stream.contact import MOST_FACTS, Result
from sla_stream.counting import Counting
from tests.builders import (
    DAY,
    answered,
    batch,
    counted,
    ended,
    heartbeat,
    in_batches,
    instant,
    objective,
    offered,
    promised,
    totals,
)
from tests.rules.stories import promises_of_everything, stories

PROMISES = promised(objective())
SPOILT = Rejected(RejectReason.NOT_JSON, "truncated")

messages = stories(hours=3).flatmap(
    lambda facts: st.lists(
        st.sampled_from([*facts, SPOILT, offered(client="nobody")]), min_size=1, max_size=2 * len(facts)
    )
)


@given(messages, st.lists(st.integers(0, 100), max_size=5))
def test_every_message_has_exactly_one_result(received: list[Fact | Rejected], cuts: list[int]) -> None:
    counting = Counting(promises_of_everything(lateness="30m"))
    refused: list[tuple[int, Rejected]] = []
    for one in in_batches(received, cuts):
        refused += counting.observe(one).refused
    assert counting.position.received == len(received)
    assert set(counting.position.results) <= set(Result)
    assert len(refused) == counting.position.results[Result.REJECTED]
    assert len({offset for offset, _ in refused}) == len(refused)


def test_each_result_has_its_name() -> None:
    received: list[Fact | Rejected] = [offered(), offered(), SPOILT, heartbeat("2026-03-05T09:00:00"), answered()]
    expected = {Result.APPLIED: 2, Result.DUPLICATE: 1, Result.REJECTED: 1, Result.TOO_LATE: 1}
    assert counted(received, PROMISES).position.results == Counter(expected)


def test_a_fact_exactly_as_late_as_allowed_still_counts() -> None:
    """Two days behind the newest; then a millisecond more."""
    newest = heartbeat(instant("09:00:20") + 2 * DAY)
    assert totals(counted([offered(), newest, answered()], PROMISES)) == {}
    in_time: list[Fact] = [offered(at="09:00:00"), heartbeat(instant("09:00:00") + 2 * DAY), answered()]
    assert totals(counted(in_time, PROMISES)) == {"answered_in_time": 1}
    too_late: list[Fact] = [offered(at="09:00:00"), heartbeat(instant("09:00:20.001") + 2 * DAY), answered()]
    assert counted(too_late, PROMISES).position.results[Result.TOO_LATE] == 1


def test_a_client_without_a_contract_is_refused_by_name() -> None:
    changes = Counting(PROMISES).observe(batch([offered(client="nobody")]))
    assert changes.refused == [(0, Rejected(RejectReason.UNKNOWN_CLIENT, "nobody"))]


def test_an_outcome_before_the_offer_is_refused() -> None:
    changes = Counting(PROMISES).observe(batch([offered(at="09:00:00"), answered(at="08:59:59.999")]))
    assert [(offset, refused.reason) for offset, refused in changes.refused] == [(1, RejectReason.BEFORE_OFFERED)]


def test_a_contact_with_endless_facts_is_cut_off() -> None:
    facts: list[Fact] = [ended(at=instant("09:00:00") + n) for n in range(MOST_FACTS + 1)]
    changes = Counting(PROMISES).observe(batch(facts))
    assert [(offset, refused.reason) for offset, refused in changes.refused] == [
        (MOST_FACTS, RejectReason.TOO_MANY_FACTS)
    ]
