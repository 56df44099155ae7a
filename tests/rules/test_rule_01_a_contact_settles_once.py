"""Rule 1: a contact settles once per measure, at an instant that its facts alone decide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.facts import Fact
from sla_stream.boards import Boards
from sla_stream.counting import Counting
from tests.builders import (
    PICKED_UP_IN_30S,
    abandoned,
    answered,
    bench_messages,
    counted,
    ended,
    figures_from,
    figures_of,
    heartbeat,
    in_batches,
    instant,
    objective,
    offered,
    promised,
    totals,
    wrapped,
)
from tests.rules.stories import promises_of_everything, stories

SETTLED = promised(objective(measure=PICKED_UP_IN_30S | {"attribute_to": "settled"}, windows=["interval 15m"]))


@pytest.mark.parametrize(
    ("picked_up_at", "minute"),
    [
        ("09:14:59.999", "09:14"),
        ("09:15:00", "09:15"),
        ("09:15:10", "09:15"),
        ("09:15:20", "09:15"),
        ("09:31:00", "09:15"),
    ],
)
def test_a_caller_settles_when_picked_up_or_when_the_threshold_passes(picked_up_at: str, minute: str) -> None:
    """Offered at 09:14:45: the threshold passes at 09:15:15, whenever it is noticed."""
    counting = counted([offered(at="09:14:45"), answered(at=picked_up_at)], SETTLED)
    ((key, _),) = counting.tallies()
    assert key.start_ms == instant(minute)


def test_the_second_outcome_of_a_caller_is_not_counted() -> None:
    facts: list[Fact] = [offered(), answered(at="09:00:20"), abandoned(at="09:00:25"), ended(), wrapped()]
    assert totals(counted(facts, SETTLED)) == {"answered_in_time": 1}


@given(stories())
def test_no_contact_is_in_two_classes_of_a_measure(facts: list[Fact]) -> None:
    counting = counted(facts, promises_of_everything())
    settled = sum(totals(counting, "service_level:30000:5000:arrival").values())
    assert settled <= len(dict(counting.contacts()))


@given(stories(), st.integers(0, 90))
def test_when_the_threshold_is_noticed_changes_nothing(facts: list[Fact], minutes: int) -> None:
    """Heartbeats make us look at other instants; when all is told, nobody can see which."""
    plain = figures_from([*facts, heartbeat("12:00:00")], SETTLED)
    boards, counting = Boards(SETTLED), Counting(SETTLED)
    looks: list[Fact] = [heartbeat(instant("09:00:00") + minutes * 60_000)]
    for batch in in_batches([*facts[:1], *looks, *facts[1:], heartbeat("12:00:00")], range(100)):
        for message in bench_messages(counting.observe(batch)):
            boards.observe(message)
            figures_of(boards, SETTLED)
    assert figures_of(boards, SETTLED) == plain
