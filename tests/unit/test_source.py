"""A partition is counted on only in the log that was counted, from where counting stopped or before."""

from collections import Counter

import pytest

from agents import state
from agents.source import Log, Topic, changed, objection
from sla_stream.changes import Position
from sla_stream.contact import Result
from sla_stream.counting import Batch, Counting
from sla_stream.promises import Promises

COUNTED = Position(offset=99, topic="first")


@pytest.mark.parametrize(
    ("start", "now"),
    [
        (100, Log("first", 0, 101)),
        (0, Log("first", 0, 101)),
        # Retention has taken what is between.
        (150, Log("first", 150, 200)),
        # A broker that gives topics no ids.
        (100, Log("", 0, 101)),
    ],
)
def test_the_log_that_was_counted_goes_on(start: int, now: Log) -> None:
    assert objection(start, COUNTED, now) is None


@pytest.mark.parametrize("start", [0, 5])
def test_who_has_counted_nothing_may_begin_anywhere(start: int) -> None:
    assert objection(start, Position(), Log("first", 0, 10)) is None


def test_another_topic_is_refused_though_its_offsets_would_do() -> None:
    assert objection(100, COUNTED, Log("second", 0, 1_000)) == (
        "is of the topic second, and first was counted: it is another log"
    )


@pytest.mark.parametrize(("end", "refused"), [(99, True), (100, False)])
def test_a_log_that_does_not_hold_what_was_counted_is_another(end: int, refused: bool) -> None:
    assert bool(objection(0, Position(offset=99), Log("", 0, end))) is refused


@pytest.mark.parametrize(("start", "refused"), [(100, False), (101, True)])
def test_nothing_between_is_passed_over(start: int, refused: bool) -> None:
    assert bool(objection(start, COUNTED, Log("first", 0, 200))) is refused


def test_a_position_is_stored_with_its_topic_and_read_without() -> None:
    _, stored = state.position_record("voice", COUNTED)
    assert stored
    assert state.position_of(stored) == COUNTED
    assert state.position_of(b'[99,{"applied":100},[],[]]') == Position(99, Counter({Result.APPLIED: 100}))


def test_counting_goes_on_with_the_topic() -> None:
    counting = Counting(Promises((), frozenset()))
    counting.restore_position(COUNTED)
    assert counting.observe(Batch([], 120)).position == Position(120, topic="first")


def test_a_position_from_before_topics_had_ids_is_judged_by_its_offset() -> None:
    assert objection(100, Position(offset=99), Log("first", 0, 200)) is None


@pytest.mark.parametrize(
    ("counted", "now", "why"),
    [
        (["first", ""], Topic("first", 4), None),
        (["first"], Topic("", 4), None),
        ([], Topic("first", 4), None),
        (
            ["first", "", "second"],
            Topic("first", 4),
            "is another log: it has the id first, and second was counted",
        ),
        (["first"], Topic("first", 6), "has 6 partitions, 4 were counted: contacts go to others now"),
    ],
)
def test_a_topic_is_the_same_while_its_id_and_partitions_are(
    counted: list[str], now: Topic, why: str | None
) -> None:
    assert changed(counted, now, 4) == why
