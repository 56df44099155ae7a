"""The simulated contact centre behaves like one."""

from collections import Counter, defaultdict
from itertools import pairwise
from statistics import fmean

import pytest

from agents.demo.centre import Centre, Incident
from agents.demo.day import busyness
from agents.demo.desk import Team
from schemas.facts import (
    Abandoned,
    Answered,
    CustomerWrote,
    Ended,
    Moment,
    Offered,
    Paused,
    Replied,
    Resolved,
    Resumed,
    Surveyed,
    Wrapped,
)

HOUR_MS = 3_600_000
MIDNIGHT_MS = 1_767_225_600_000
TEN_MS = MIDNIGHT_MS + 10 * HOUR_MS
CHATS = Team(queue="chat", channel="chat", agents=4, at_once=3, per_minute=4, patience_s=60, serve_s=80)
TICKETS = Team(
    queue="tickets", channel="ticket", agents=8, per_minute=2, serve_s=180, priorities=("urgent", "normal")
)
NEVER = Incident(TEN_MS + 90 * HOUR_MS, TEN_MS + 91 * HOUR_MS)
TEAM = Team(queue="sales", agents=30, per_minute=6, patience_s=120, serve_s=150, wrap_s=30)


def centre(team: Team = TEAM, incident: Incident = NEVER, seed: int = 1, open_ms: int = TEN_MS) -> Centre:
    return Centre("northwind", [team], [incident], open_ms=open_ms, midnight_ms=MIDNIGHT_MS, seed=seed)


def by_contact(facts: list[Moment]) -> dict[str, list[Moment]]:
    contacts: dict[str, list[Moment]] = defaultdict(list)
    for fact in facts:
        contacts[fact.contact].append(fact)
    return contacts


def an_hour(team: Team) -> list[Moment]:
    return centre(team).facts_until(TEN_MS + HOUR_MS)


def without_surveys(life: list[Moment]) -> tuple[type[Moment], ...]:
    return tuple(type(fact) for fact in life if not isinstance(fact, Surveyed))


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
    team = Team(queue="sales", agents=12, per_minute=6, patience_s=60, serve_s=150, wrap_s=30)
    lives = Counter(without_surveys(life) for life in by_contact(an_hour(team)).values())
    served, given_up = (Offered, Answered, Ended, Wrapped), (Offered, Abandoned)
    unfinished = {served[:length] for length in (1, 2, 3)}
    assert set(lives) <= {served, given_up} | unfinished
    assert lives[served] > 100
    assert lives[given_up] > 20


def test_a_chat_is_greeted_by_a_bot_and_answered_by_a_person() -> None:
    chats = by_contact(an_hour(CHATS)).values()
    authors = Counter(tuple(fact.author for fact in chat if isinstance(fact, Replied))[:2] for chat in chats)
    assert authors["bot", "agent"] > 100
    assert set(authors) <= {("bot", "agent"), ("bot",), ()}
    assert any(isinstance(fact, Abandoned) for chat in chats for fact in chat)


def test_an_agent_serves_several_chats_at_once_but_no_more_than_said() -> None:
    open_chats, most = 0, 0
    for fact in an_hour(CHATS):
        open_chats += isinstance(fact, Answered) - isinstance(fact, Ended)
        most = max(most, open_chats)
    assert 4 < most <= 4 * 3


def test_tickets_are_paused_until_the_customer_has_written_and_resolved_once() -> None:
    lives = Counter(without_surveys(life) for life in by_contact(an_hour(TICKETS)).values())
    at_once = (Offered, CustomerWrote, Answered, Replied, Resolved)
    asked = (Offered, CustomerWrote, Answered, Replied, Paused, CustomerWrote, Resumed, Replied, Resolved)
    assert lives[at_once] > 40
    assert lives[asked] > 10
    assert set(lives) <= {whole[:length] for whole in (at_once, asked) for length in range(1, 10)}


def test_tickets_have_priorities() -> None:
    offers = [fact for fact in an_hour(TICKETS) if isinstance(fact, Offered)]
    assert {offer.priority for offer in offers} == {"urgent", "normal"}


@pytest.mark.parametrize("team", [TEAM, CHATS])
def test_some_customers_say_later_how_it_was(team: Team) -> None:
    lives = by_contact(an_hour(team)).values()
    ended = [life for life in lives if any(isinstance(fact, Ended) for fact in life)]
    answers = [fact for life in ended for fact in life if isinstance(fact, Surveyed)]
    assert 0.1 < len(answers) / len(ended) < 0.4
    assert {answer.question for answer in answers} == {"csat"}
    assert {1, 2, 3, 4, 5} >= {answer.score for answer in answers} >= {3, 4, 5}
    assert all(isinstance(life[0], Offered) and not isinstance(life[1], Surveyed) for life in ended)


def test_of_each_contact_it_is_known_whose_it_is_and_whether_it_is_settled() -> None:
    facts = an_hour(TEAM)
    assert all(fact.customer for fact in facts if isinstance(fact, Offered))
    assert {fact.disposition for fact in facts if isinstance(fact, Ended)} == {"resolved", "unresolved"}


@pytest.mark.parametrize("team", [TEAM, CHATS])
def test_some_come_again_whose_wish_was_not_done(team: Team) -> None:
    offered: dict[str | None, list[str]] = {}
    facts = an_hour(team)
    for fact in facts:
        if isinstance(fact, Offered):
            offered.setdefault(fact.customer, []).append(fact.contact)
    ended = {fact.contact: fact.disposition for fact in facts if isinstance(fact, Ended)}
    first = {contacts[0]: len(contacts) > 1 for contacts in offered.values() if contacts[0] in ended}
    again = {
        noted: fmean(is_again for contact, is_again in first.items() if ended[contact] == noted)
        for noted in ("resolved", "unresolved")
    }
    # Of twenty thousand customers, two draws are seldom the same.
    assert again["resolved"] < 0.05
    assert 0.2 < again["unresolved"] < 0.8


def test_nobody_serves_two_callers_at_once() -> None:
    facts = centre(Team(queue="sales", agents=3, per_minute=6, patience_s=60, serve_s=150, wrap_s=30))
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
