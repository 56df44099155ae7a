"""The line of the day: noted every five minutes, kept for 24 hours, and never made up."""

from dataclasses import replace

import pytest

from schemas.history import Sample
from schemas.verdicts import State, Verdict
from schemas.wall import Point
from sla_stream.day import SLOT_MS, SLOTS, Day, Notes, key_of
from tests.builders import MINUTE, SECOND, instant, verdict

NINE = instant("09:00:00")


def sample(at_ms: int, value: float | None = 0.9) -> Sample:
    return Sample(
        client="acme",
        contract="hotline",
        objective="picked-up-in-30s",
        queue="sales",
        window="day",
        at=at_ms,
        value=value,
        state=State.MET if value is not None else State.NO_DATA,
        sample=10,
    )


def day(*samples: Sample) -> Day:
    one = Day()
    for each in samples:
        one.put(each)
    return one


def due(notes: Notes, at_ms: int, *verdicts: Verdict) -> list[Sample]:
    return notes.due({"acme": at_ms}, {key_of(one): one for one in verdicts})


@pytest.mark.parametrize(
    ("later_ms", "noted"), [(5 * MINUTE - 1, False), (5 * MINUTE, True), (5 * MINUTE + 1, True)]
)
def test_a_client_is_noted_again_when_its_clock_has_come_into_another_five_minutes(
    later_ms: int, noted: bool
) -> None:
    notes = Notes()
    assert due(notes, NINE, verdict())
    assert bool(due(notes, NINE + later_ms, verdict())) is noted


def test_what_did_not_change_is_noted_too_at_the_time_of_noting() -> None:
    old = replace(verdict(), at=NINE - 3 * SLOT_MS)
    (noted,) = due(Notes(), NINE + SECOND, old)
    assert (noted.at, noted.value, noted.state) == (NINE + SECOND, old.value, old.state)


def test_a_client_whose_clock_stands_is_not_noted() -> None:
    notes = Notes()
    notes.due({"acme": NINE}, {})
    assert notes.due({"other": NINE + SLOT_MS}, {key_of(verdict()): verdict()}) == []


def test_the_line_has_gaps_where_nothing_was_noted() -> None:
    one = day(sample(NINE, 0.8), sample(NINE + 3 * SLOT_MS, 0.9))
    assert one.line(NINE) == (NINE, [0.8, None, None, 0.9])


def test_no_verdict_is_a_point_without_a_value() -> None:
    (point,) = day(sample(NINE, None)).points(NINE)
    assert point == Point(at=NINE, value=None, state=State.NO_DATA, sample=10)


@pytest.mark.parametrize(("slots", "kept"), [(SLOTS - 1, 2), (SLOTS, 1), (SLOTS + 1, 1)])
def test_after_24_hours_the_newest_overwrites_the_oldest(slots: int, kept: int) -> None:
    one = day(sample(NINE), sample(NINE + slots * SLOT_MS))
    assert len(list(one.points(0))) == kept


def test_what_comes_late_finds_its_place_unless_that_is_over() -> None:
    one = day(sample(NINE + SLOTS * SLOT_MS), sample(NINE, 0.1), sample(NINE + SLOT_MS, 0.2))
    assert [point.value for point in one.points(0)] == [0.2, 0.9]


def test_a_long_pause_leaves_nothing_of_the_day_before() -> None:
    one = day(*(sample(NINE + n * SLOT_MS) for n in range(SLOTS)), sample(NINE + 3 * SLOTS * SLOT_MS, 0.5))
    assert [point.value for point in one.points(0)] == [0.5]


def test_the_line_begins_at_the_instant_that_is_asked_for() -> None:
    one = day(sample(NINE, 0.1), sample(NINE + SLOT_MS, 0.2))
    assert one.line(NINE + 1) == (NINE + SLOT_MS, [0.2])
    assert one.line(NINE + 2 * SLOT_MS)[1] == []
    assert Day().line(NINE)[1] == []
