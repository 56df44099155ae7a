"""What is still to be done, from the intake's side to the bench's."""

import itertools

import pytest

from schemas.tallies import DueMessage
from sla_stream.due import Open, Promised
from sla_stream.measures import Deadline
from sla_stream.open_cases import DuePlace, OpenCases, Task
from tests.builders import MINUTE, instant

NINE = instant("09:00:00")
TEN = instant("10:00:00")
QUARTER = 15 * MINUTE
PLACE = DuePlace("billing", "resolution", NINE)


def task(at_ms: int = NINE, due_ms: int | None = TEN, queue: str = "billing") -> Task:
    return Task(queue, "resolution", Deadline(at_ms, due_ms))


def told(due: list[tuple[int, int]], offset: int = 1, source: str = "t/0", start_ms: int = NINE) -> DueMessage:
    return DueMessage(
        client="acme",
        channel="ticket",
        queue="billing",
        measure="resolution",
        start=start_ms,
        source=source,
        offset=offset,
        due=due,
    )


def promised(*messages: DueMessage) -> Promised:
    queue = Promised()
    for message in messages:
        queue.replace(message)
    return queue


def test_what_is_to_be_done_is_told_until_it_is_done() -> None:
    cases = OpenCases()
    cases.move("anna", [], [task()])
    assert cases.tell() == {PLACE: [(NINE, TEN)]}
    assert cases.tell() == {}
    cases.move("anna", [task()], [])
    assert cases.tell() == {PLACE: []}


def test_the_whole_quarter_hour_is_told_when_one_contact_moves_and_no_other() -> None:
    cases = OpenCases()
    cases.move("anna", [], [task()])
    cases.move("bert", [], [task(NINE + QUARTER)])
    cases.tell()
    cases.move("carl", [], [task(NINE + 1, None)])
    assert cases.tell() == {PLACE: [(NINE, TEN), (NINE + 1, 0)]}


def test_a_contact_that_moves_to_another_queue_leaves_the_first() -> None:
    cases = OpenCases()
    cases.move("anna", [], [task()])
    cases.tell()
    cases.move("anna", [task()], [task(queue="sales")])
    assert cases.tell() == {PLACE: [], PLACE._replace(queue="sales"): [(NINE, TEN)]}


def test_what_does_not_move_is_told_again_only_if_it_is_marked() -> None:
    cases = OpenCases()
    cases.move("anna", [], [task()])
    cases.tell()
    cases.move("anna", [task()], [task()])
    assert cases.tell() == {}
    cases.mark([task()])
    assert cases.tell() == {PLACE: [(NINE, TEN)]}


def test_the_higher_offset_wins_in_whatever_order_they_come() -> None:
    messages = [told([(NINE, TEN)], 1), told([(NINE, TEN), (NINE, TEN)], 2), told([], 3)]
    for order in itertools.permutations(messages):
        assert Open([promised(*order)]).count() == 0


def test_partitions_and_quarter_hours_add_up() -> None:
    queue = promised(told([(NINE, TEN)]), told([(NINE, TEN)], source="t/1"), told([(TEN, 0)], start_ms=TEN))
    assert Open([queue, promised(told([(NINE, TEN)]))]).count() == 4


@pytest.mark.parametrize(("now_ms", "late"), [(TEN - 1, 0), (TEN, 0), (TEN + 1, 1)])
def test_at_the_instant_at_which_it_is_due_it_is_in_time(now_ms: int, late: int) -> None:
    here = Open([promised(told([(NINE, TEN), (NINE, 0)]))])
    assert here.late(now_ms) == late
    assert here.late_in(NINE, NINE + 1, now_ms) == late
    assert list(here.late_at(now_ms)) == [NINE] * late


@pytest.mark.parametrize(
    ("start_ms", "end_ms", "late"), [(NINE - 1, NINE, 0), (NINE, NINE + 1, 1), (NINE + 1, TEN, 0)]
)
def test_what_is_late_counts_in_its_own_pane(start_ms: int, end_ms: int, late: int) -> None:
    assert Open([promised(told([(NINE, TEN)]))]).late_in(start_ms, end_ms, TEN + 1) == late


@pytest.mark.parametrize(
    ("now_ms", "until_ms", "soon"), [(NINE, TEN - 1, 0), (NINE, TEN, 1), (TEN, TEN + 1, 1), (TEN + 1, TEN + 2, 0)]
)
def test_what_falls_due_soon_is_not_late_yet(now_ms: int, until_ms: int, soon: int) -> None:
    assert Open([promised(told([(NINE, TEN), (NINE, 0)]))]).due_until(now_ms, until_ms) == soon


@pytest.mark.parametrize(("kept_from_ms", "kept"), [(NINE, 1), (NINE + 1, 0)])
def test_only_a_quarter_hour_in_which_nothing_is_open_is_forgotten(kept_from_ms: int, kept: int) -> None:
    queue = promised(told([(NINE, TEN)], 5), told([], 7, source="t/1"))
    queue.prune(kept_from_ms)
    queue.replace(told([(NINE, TEN)], 6, source="t/1"))
    assert Open([queue]).count() == 2 - kept
