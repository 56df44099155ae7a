"""The simulated contact centre behaves like one."""

from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from agents.demo.centre import Centre, Incident, Team
from agents.demo.day import busyness
from schemas.facts import Abandoned, Answered, Ended, Moment, Offered, Wrapped

HOUR_MS = 3_600_000
MIDNIGHT_MS = 1_767_225_600_000
TEN_MS = MIDNIGHT_MS + 10 * HOUR_MS
NEVER = Incident(TEN_MS + 90 * HOUR_MS, TEN_MS + 91 * HOUR_MS)
TEAM = Team(queue="sales", agents=30, calls_per_minute=6, patience_s=120, talk_s=150, wrap_s=30)


def centre(team: Team = TEAM, incident: Incident = NEVER, seed: int = 1, open_ms: int = TEN_MS) -> Centre:
    return Centre("northwind", [team], [incident], open_ms=open_ms, midnight_ms=MIDNIGHT_MS, seed=seed)


def by_contact(facts: list[Moment]) -> dict[str, list[Moment]]:
    contacts: dict[str, list[Moment]] = defaultdict(list)
    for fact in facts:
        contacts[fact.contact].append(fact)
    return contacts


def waits_s(facts: list[Moment]) -> list[float]:
    lives = [life for life in by_contact(facts).values() if len(life) > 1]
    return [(life[1].at - life[0].at) / 1000 for life in lives]


def test_the_same_seed_gives_the_same_facts() -> None:
    assert centre().facts_until(TEN_MS + HOUR_MS) == centre().facts_until(TEN_MS + HOUR_MS)
    assert centre().facts_until(TEN_MS + HOUR_MS) != centre(seed=2).facts_until(TEN_MS + HOUR_MS)


def test_how_often_it_is_asked_changes_nothing() -> None:
    asked_often = centre()
    facts = [fact for n in range(3601) for fact in asked_often.facts_until(TEN_MS + n * 1000)]
    assert facts == centre().facts_until(TEN_MS + HOUR_MS)


def test_facts_come_in_the_order_of_their_time() -> None:
    facts = centre().facts_until(TEN_MS + HOUR_MS)
    assert all(before.at <= after.at for before, after in pairwise(facts))


def test_every_contact_lives_a_whole_life() -> None:
    facts = centre(Team(queue="sales", agents=12, calls_per_minute=6, patience_s=60, talk_s=150, wrap_s=30))
    lives = Counter(
        tuple(type(fact) for fact in life) for life in by_contact(facts.facts_until(TEN_MS + HOUR_MS)).values()
    )
    served, given_up = (Offered, Answered, Ended, Wrapped), (Offered, Abandoned)
    unfinished = {served[:length] for length in (1, 2, 3)}
    assert set(lives) <= {served, given_up} | unfinished
    assert lives[served] > 100
    assert lives[given_up] > 20


def test_nobody_serves_two_callers_at_once() -> None:
    facts = centre(Team(queue="sales", agents=3, calls_per_minute=6, patience_s=60, talk_s=150, wrap_s=30))
    busy = 0
    for fact in facts.facts_until(TEN_MS + HOUR_MS):
        busy += isinstance(fact, Answered) - isinstance(fact, Wrapped)
        assert busy <= 3


def test_calls_come_as_the_day_goes() -> None:
    facts = centre(open_ms=MIDNIGHT_MS).facts_until(MIDNIGHT_MS + 24 * HOUR_MS)
    calls = Counter((fact.at - MIDNIGHT_MS) // HOUR_MS for fact in facts if isinstance(fact, Offered))
    assert 300 < calls[10] < 420  # six a minute
    assert calls[3] < 40


def test_busyness_changes_steadily_around_the_clock() -> None:
    minutes = [busyness(minute * 60_000) for minute in range(-1440, 2 * 1440)]
    assert all(abs(after - before) < 0.01 for before, after in pairwise(minutes))
    assert max(minutes) <= 1
    assert minutes[:1440] == pytest.approx(minutes[1440:2880])


def test_enough_agents_pick_up_at_once() -> None:
    waits = waits_s(centre().facts_until(TEN_MS + HOUR_MS))
    assert sum(wait <= 30 for wait in waits) > 0.97 * len(waits)


def test_with_half_of_the_agents_people_wait() -> None:
    short = centre(incident=Incident(TEN_MS, TEN_MS + HOUR_MS))
    waits = waits_s(short.facts_until(TEN_MS + HOUR_MS))
    assert sum(wait <= 30 for wait in waits) < 0.7 * len(waits)


def test_agents_who_leave_come_back() -> None:
    incident = Incident(TEN_MS + HOUR_MS, TEN_MS + 2 * HOUR_MS)
    there = centre(incident=incident)
    on_duty = []
    for at_ms in (incident.start_ms - 1, incident.start_ms, incident.end_ms - 1, incident.end_ms):
        there.facts_until(at_ms)
        on_duty += [team.on_duty for team in there.staffing]
    assert on_duty == [30, 15, 15, 30]
