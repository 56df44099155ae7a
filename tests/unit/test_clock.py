"""A clock that runs and stops, by several hours and towards several targets."""

import pytest

from sla_stream.business_time import ALWAYS, BusinessTime
from sla_stream.clock import Run, due_ms, latest_ms, used_ms
from sla_stream.hours import parse
from tests.builders import HOUR, instant

OFFICE = BusinessTime(parse("Mo-Fr 08:00-18:00", "Europe/Paris", None))


def test_time_used_is_that_of_the_runs_before_the_last() -> None:
    runs = [Run(10, ALWAYS, 50), Run(15, None, 50), Run(100, ALWAYS, 50), Run(107, ALWAYS, 50)]
    assert [used_ms(runs[:n]) for n in (1, 2, 3, 4)] == [0, 5, 5, 12]


@pytest.mark.parametrize(
    ("target_ms", "due", "latest"), [(4, 14, 14), (5, 15, 100), (6, 101, 101), (None, None, None)]
)
def test_a_break_puts_off_what_is_not_used_up(target_ms: int | None, due: int | None, latest: int | None) -> None:
    runs = [Run(10, ALWAYS, target_ms), Run(15, None, target_ms), Run(100, ALWAYS, target_ms)]
    assert (due_ms(runs), latest_ms(runs)) == (due, latest)


@pytest.mark.parametrize(("target_ms", "due", "latest"), [(4, 14, 14), (5, 15, None), (6, None, None)])
def test_while_it_stands_still_nothing_falls_due(target_ms: int, due: int | None, latest: int | None) -> None:
    runs = [Run(10, ALWAYS, target_ms), Run(15, None, target_ms)]
    assert (due_ms(runs), latest_ms(runs)) == (due, latest)


@pytest.mark.parametrize(("target_ms", "due", "latest"), [(4, 15, 15), (5, 15, 15), (6, 16, 16)])
def test_another_target_counts_from_its_own_instant(target_ms: int, due: int, latest: int) -> None:
    """Five are used when it comes: four were used up earlier, but nobody had promised four then."""
    runs = [Run(10, ALWAYS, 100), Run(15, ALWAYS, target_ms)]
    assert (due_ms(runs), latest_ms(runs)) == (due, latest)


def test_what_is_late_by_the_old_and_the_new_target_is_late_since_the_old() -> None:
    runs = [Run(10, ALWAYS, 5), Run(20, ALWAYS, 3)]
    assert (due_ms(runs), latest_ms(runs)) == (15, 15)


def test_a_longer_target_takes_back_that_it_is_late() -> None:
    runs = [Run(10, ALWAYS, 5), Run(20, ALWAYS, 50)]
    assert (due_ms(runs), latest_ms(runs)) == (60, 60)


def test_no_target_takes_it_back_for_good() -> None:
    runs = [Run(10, ALWAYS, 5), Run(20, ALWAYS, None)]
    assert (due_ms(runs), latest_ms(runs)) == (None, None)


def test_hours_may_change_on_the_way() -> None:
    """An hour in the office until 18:00, then two by the clock on the wall."""
    runs = [Run(instant("17:00:00"), OFFICE, 3 * HOUR), Run(instant("19:00:00"), ALWAYS, 3 * HOUR)]
    assert due_ms(runs) == instant("21:00:00")
    assert used_ms([*runs, Run(instant("20:00:00"), None, 3 * HOUR)]) == 2 * HOUR
