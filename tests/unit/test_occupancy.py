"""Occupancy: what agents did, split over the minutes in which they did it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract import Objective
from schemas.tallies import Counts
from sla_stream.contact import contact_of
from sla_stream.life import Facts, Known
from sla_stream.measures import FactsMeasure
from sla_stream.panes import minute_of
from sla_stream.tally import add
from tests.builders import DAY, HOUR, MINUTE, by_facts, instant, objective, promise, read_value

NINE_MS = instant("09:00:00")


def occupancy() -> Objective:
    return objective(measure={"kind": "occupancy"}, target={"at_least": "80%"})


def measure() -> FactsMeasure:
    return by_facts(promise(occupancy()).measure)


def worked(*told: tuple[str, int, int]) -> Facts:
    """What an agent's stretch was said to be, each time: activity, since, until (ms after nine)."""
    facts = (
        Known(offset, "worked", NINE_MS + until, f"{activity} {NINE_MS + since} sales desk")
        for offset, (activity, since, until) in enumerate(told)
    )
    return contact_of(tuple(facts)).facts


def settled(*told: tuple[str, int, int]) -> list[tuple[int, str, int]]:
    """When (ms after nine), in which class, how much."""
    return [(one.at_ms - NINE_MS, name, n) for one in measure().settle(worked(*told)) for name, n in one.counts]


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (0, 0, []),
        (0, 1, [(0, 1)]),
        (0, MINUTE - 1, [(0, MINUTE - 1)]),
        (0, MINUTE, [(0, MINUTE)]),
        (0, MINUTE + 1, [(0, MINUTE), (MINUTE, 1)]),
        (MINUTE - 1, MINUTE, [(MINUTE - 1, 1)]),
        (MINUTE - 1, MINUTE + 1, [(MINUTE - 1, 1), (MINUTE, 1)]),
        (30_000, 3 * MINUTE, [(30_000, 30_000), (MINUTE, MINUTE), (2 * MINUTE, MINUTE)]),
    ],
)
def test_a_stretch_is_split_over_its_minutes(since: int, until: int, found: list[tuple[int, int]]) -> None:
    assert settled(("idle", since, until)) == [(at, "idle_ms", ms) for at, ms in found]


def test_what_is_told_again_replaces_what_was_told() -> None:
    once = settled(("on_contact", 0, 90_000))
    assert settled(("on_contact", 0, 30_000), ("on_contact", 0, 90_000)) == once
    assert settled(("on_contact", 0, 90_000), ("on_contact", 0, 30_000)) == once
    assert sum(ms for _, _, ms in once) == 90_000


def test_what_was_told_last_is_what_was_done() -> None:
    assert settled(("idle", 0, 30_000), ("on_contact", 10_000, 40_000)) == [(10_000, "on_contact_ms", 30_000)]


def test_who_is_away_is_not_at_work() -> None:
    assert settled(("away", 0, HOUR)) == []


@pytest.mark.parametrize(
    ("since", "until", "name"),
    [
        (1, 0, "ended_before_it_began"),
        (0, DAY + 1, "too_long"),
    ],
)
def test_a_stretch_that_cannot_be_is_counted_apart(since: int, until: int, name: str) -> None:
    assert settled(("idle", since, until)) == [(until, name, 1)]
    assert read_value(occupancy(), {name: 1}) == (0, 0)


def test_a_whole_day_can_be() -> None:
    assert len(settled(("idle", 0, DAY))) == 24 * 60


@given(st.sampled_from(["on_contact", "idle"]), st.integers(0, HOUR), st.integers(0, HOUR))
def test_nothing_of_a_stretch_is_lost_and_no_minute_is_longer_than_one(
    activity: str, since: int, lasts: int
) -> None:
    found = settled((activity, since, since + lasts))
    assert sum(ms for _, _, ms in found) == lasts
    assert all(0 < ms <= MINUTE and minute_of(at) == minute_of(at + ms - 1) for at, _, ms in found)


def test_occupancy_is_time_on_contacts_over_time_at_work() -> None:
    counts: Counts = {}
    for told in (("on_contact", 0, 45 * MINUTE), ("idle", 45 * MINUTE, HOUR), ("away", HOUR, 2 * HOUR)):
        for one in measure().settle(worked(told)):
            add(counts, one.counts)
    assert read_value(occupancy(), counts) == (45 * MINUTE, HOUR)
    assert measure().read(counts, occupancy().measure).sample == 60


def test_a_contact_is_no_work() -> None:
    assert list(measure().settle(contact_of((Known(0, "offered", NINE_MS, "sales"),)).facts)) == []
    assert list(measure().deadlines(worked(("idle", 0, HOUR)))) == []
    assert (measure().missed, measure().overdue, measure().key) == ((), None, "occupancy")
