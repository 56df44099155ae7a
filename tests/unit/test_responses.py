"""First and next responses: chats, mails and tickets, and how soon people answered."""

from typing import Any

import pytest

from schemas.contract import Objective
from sla_stream.contact import contact_of
from sla_stream.conversation import Question, questions
from sla_stream.life import Facts, Known
from sla_stream.measures import Deadline, FactsMeasure, Settlement
from tests.builders import HOUR, MINUTE, by_facts, instant, objective, promised, read_value

#: In seconds of the morning, so that days are easy to read.
NOON_MS = instant("12:00:00")


def happened(*told: str) -> Facts:
    """Facts like "12:00 offered", "12:04 agent", on the Monday or a day later by "+1 09:00 customer"."""
    found = []
    for offset, one in enumerate(told):
        when, what = one.rsplit(" ", 1)
        days, _, clock = when.rpartition(" ")
        at_ms = instant(f"{clock}:00") + int(days or 0) * 24 * HOUR
        kind = {"customer": "customer_wrote", "agent": "replied", "bot": "replied"}.get(what, what)
        kind = "replied" if what in ("auto", "note") else kind
        found.append(
            Known(offset, kind, at_ms, what if kind == "replied" else "chat" if kind == "offered" else "")
        )
    return contact_of(tuple(found)).facts


def responses(kind: str = "first_response", **written: Any) -> Objective:
    measure = {"kind": kind, "formula": "within", "within": "10m"} | written
    if measure["formula"] != "within":
        del measure["within"]
    target = {"at_least": "90%"} if measure["formula"] == "within" else {"at_most": "5m"}
    return objective(channel="chat", measure=measure, target=target)


def measure_of(one: Objective) -> FactsMeasure:
    promises = promised(one, hours="Mo-Fr 08:00-18:00")
    return by_facts(promises.agreements[0].versions[0].promises[0].measure)


def counted(one: Objective, facts: Facts) -> list[str]:
    """Each settlement in short: its class, and how many minutes it took if it took any."""
    found = []
    for settlement in measure_of(one).settle(facts):
        counts = dict(settlement.counts)
        minutes = counts.pop("sum_ms", None)
        (name,) = [name for name in counts if not name.startswith("bucket:")] or ["timed"]
        found.append(name if minutes is None else f"{name} {minutes // MINUTE}")
    return found


def due(one: Objective, facts: Facts) -> list[Deadline]:
    return list(measure_of(one).deadlines(facts))


@pytest.mark.parametrize(
    ("told", "first", "next_"),
    [
        (("12:00 offered", "12:04 agent"), ["in_time 4"], []),
        (("12:00 offered", "12:10 agent"), ["in_time 10"], []),
        (("12:00 offered", "12:11 agent"), ["late 11"], []),
        # The message, if one is told, and not the offer.
        (("12:00 offered", "12:02 customer", "12:05 agent"), ["in_time 3"], []),
        (("12:00 offered", "12:00 customer", "12:05 agent"), ["in_time 5"], []),
        # The oldest message that waits begins the clock.
        (("12:00 offered", "12:01 customer", "12:09 customer", "12:12 agent"), ["late 11"], []),
        # A message told only after the first reply is the next question.
        (("12:00 offered", "12:04 agent", "12:05 customer", "12:08 agent"), ["in_time 4"], ["in_time 3"]),
        (
            ("12:00 offered", "12:04 agent", "12:05 customer", "12:15 customer", "12:16 agent"),
            ["in_time 4"],
            ["late 11"],
        ),
        # Who writes twice answers once.
        (("12:00 offered", "12:04 agent", "12:05 agent", "12:06 customer"), ["in_time 4"], []),
        # Bots and receipts are not people, and a note is not for the customer.
        (("12:00 offered", "12:00 auto", "12:01 bot", "12:02 note", "12:07 agent"), ["in_time 7"], []),
        (("12:00 offered", "12:01 bot"), [], []),
        # Both at one instant: the message comes first.
        (("12:00 offered", "12:04 agent", "12:09 customer", "12:09 agent"), ["in_time 4"], ["in_time 0"]),
    ],
)
def test_from_what_the_customer_wrote_to_what_a_person_replied(
    told: tuple[str, ...], first: list[str], next_: list[str]
) -> None:
    assert counted(responses("first_response"), happened(*told)) == first
    assert counted(responses("next_response"), happened(*told)) == next_


@pytest.mark.parametrize(("author", "first"), [("bot", ["in_time 1"]), ("auto", []), ("note", [])])
def test_by_contract_bots_reply_too(author: str, first: list[str]) -> None:
    assert counted(responses(by="agent_or_bot"), happened("12:00 offered", f"12:01 {author}")) == first


@pytest.mark.parametrize(
    ("told", "first", "next_"),
    [
        # 23:59, 24:00 and 24:01 after the last word.
        (("+1 11:59 customer", "+1 12:04 agent"), ["in_time 0"], ["in_time 5"]),
        (("+1 12:00 customer", "+1 12:04 agent"), ["in_time 0", "in_time 4"], []),
        (("+1 12:01 customer", "+1 12:04 agent"), ["in_time 0", "in_time 3"], []),
        # The last word may be anybody's, even a receipt's; a note is none.
        (("13:00 auto", "+1 12:01 customer", "+1 12:04 agent"), ["in_time 0"], ["in_time 3"]),
        (("13:00 note", "+1 12:01 customer", "+1 12:04 agent"), ["in_time 0", "in_time 3"], []),
        # While a question waits, silence is no new beginning.
        (("12:01 customer", "+2 12:01 customer", "+2 12:02 agent"), ["in_time 0"], ["late 2881"]),
    ],
)
def test_a_message_after_a_long_silence_begins_another_conversation(
    told: tuple[str, ...], first: list[str], next_: list[str]
) -> None:
    facts = happened("12:00 offered", "12:00 agent", *told)
    assert counted(responses("first_response", begins_anew_after="24h"), facts) == first
    assert counted(responses("next_response", begins_anew_after="24h"), facts) == next_


def test_without_that_a_conversation_goes_on_for_ever() -> None:
    facts = happened("12:00 offered", "12:00 agent", "+30 12:00 customer", "+30 12:01 agent")
    assert counted(responses("first_response"), facts) == ["in_time 0"]
    assert counted(responses("next_response"), facts) == ["in_time 1"]


@pytest.mark.parametrize(
    ("clock", "told", "first"),
    [
        ("always", ("17:55 offered", "+1 08:05 agent"), ["late 850"]),
        ("opening_hours", ("17:55 offered", "+1 08:05 agent"), ["in_time 10"]),
        ("opening_hours", ("17:55 offered", "+1 08:06 agent"), ["late 11"]),
        # A reply outside of hours: nothing has passed since closing.
        ("opening_hours", ("17:55 offered", "22:00 agent"), ["in_time 5"]),
        ("opening_hours", ("20:00 offered", "22:00 agent"), ["in_time 0"]),
    ],
)
def test_time_passes_by_the_clock_of_the_contract(clock: str, told: tuple[str, ...], first: list[str]) -> None:
    assert counted(responses(clock=clock), happened(*told)) == first


def test_who_waits_for_a_reply_is_due() -> None:
    facts = happened("12:00 offered", "12:04 agent", "12:30 customer", "12:35 customer")
    half_past = NOON_MS + 30 * MINUTE
    assert due(responses("first_response"), facts) == []
    assert due(responses("next_response"), facts) == [Deadline(half_past, half_past + 10 * MINUTE)]


def test_before_anybody_replied_the_first_response_is_due() -> None:
    facts = happened("12:00 offered")
    assert due(responses("first_response"), facts) == [Deadline(NOON_MS, NOON_MS + 10 * MINUTE)]
    assert due(responses("next_response"), facts) == []


def test_what_is_due_at_closing_is_in_time_until_the_centre_opens() -> None:
    (deadline,) = due(responses(clock="opening_hours"), happened("17:50 offered"))
    assert deadline.due_ms == instant("2026-03-03T08:00")


def test_of_a_mean_nothing_falls_due() -> None:
    assert due(responses(formula="mean"), happened("12:00 offered")) == [Deadline(NOON_MS, None)]


@pytest.mark.parametrize(
    ("told", "first"),
    [
        (("12:09 abandoned",), ["unanswered"]),
        (("12:10 ended",), ["unanswered"]),
        (("12:11 ended",), ["missed"]),
        (("12:09 resolved", "12:30 closed"), ["unanswered"]),
        # Where it was passed on to, somebody else has to reply.
        (("12:09 transferred",), ["unanswered"]),
        (("12:11 transferred",), ["missed"]),
        # The reply is told just after the ticket was resolved, as help desks do.
        (("12:09 resolved", "12:10 agent"), ["in_time 10"]),
        # Opened again, somebody waits again, and since when he asked.
        (("12:09 resolved", "12:20 reopened"), []),
        (("12:09 resolved", "12:20 reopened", "12:21 agent"), ["late 21"]),
        # What was never answered is over when the customer asks again.
        (("12:09 ended", "12:20 customer", "12:21 agent"), ["in_time 1"]),
    ],
)
def test_a_contact_may_be_over_before_anybody_replied(told: tuple[str, ...], first: list[str]) -> None:
    facts = happened("12:00 offered", *told)
    assert counted(responses(), facts) == first
    assert len(due(responses(), facts)) == (not first)


def test_a_question_is_replied_to_or_over_but_not_both() -> None:
    told = ("12:00 offered", "12:09 resolved", "12:10 agent", "12:20 customer", "12:21 closed", "12:30 customer")
    minutes = {n: NOON_MS + n * MINUTE for n in (0, 10, 20, 21, 30)}
    assert list(questions(happened(*told), ("agent",))) == [
        Question(minutes[0], is_first=True, replied_ms=minutes[10]),
        Question(minutes[20], is_first=False, over_ms=minutes[21]),
        Question(minutes[30], is_first=False),
    ]


def test_a_question_that_nobody_answered_stays_counted_when_another_follows() -> None:
    told = ("12:00 offered", "12:01 agent", "12:05 customer", "12:06 ended", "12:20 customer", "12:21 agent")
    assert counted(responses("next_response"), happened(*told)) == ["unanswered", "in_time 1"]


@pytest.mark.parametrize(("clock", "at"), [("arrival", "12:02:00"), ("outcome", "12:05:00")])
def test_a_reply_counts_at_the_message_or_at_the_reply(clock: str, at: str) -> None:
    facts = happened("12:00 offered", "12:02 customer", "12:05 agent")
    assert [one.at_ms for one in measure_of(responses(attribute_to=clock)).settle(facts)] == [instant(at)]
    over = happened("12:00 offered", "12:02 customer", "12:05 ended")
    assert [one.at_ms for one in measure_of(responses(attribute_to=clock)).settle(over)] == [instant(at)]


@pytest.mark.parametrize(("clock", "missed"), [("arrival", (("missed", 1),)), ("outcome", ())])
def test_what_waits_past_due_is_missed_unless_the_outcome_decides(
    clock: str, missed: tuple[tuple[str, int], ...]
) -> None:
    assert measure_of(responses(attribute_to=clock)).missed == missed


def test_what_was_written_before_the_offer_is_counted_apart() -> None:
    facts = happened("11:58 customer", "11:59 agent", "12:00 offered", "12:04 agent")
    assert counted(responses(), facts) == ["before_offered", "before_offered", "in_time 4"]
    assert measure_of(responses()).settle(facts)[0] == Settlement(instant("11:58:00"), (("before_offered", 1),))


def test_of_a_contact_that_was_never_offered_nothing_is_known() -> None:
    facts = happened("11:58 customer", "11:59 agent")
    assert counted(responses(), facts) == []
    assert due(responses(), facts) == []


def test_the_share_in_time_is_of_all_replies_and_of_those_that_are_missing() -> None:
    counts = {"in_time": 7, "late": 2, "missed": 1, "unanswered": 5, "before_offered": 3}
    assert read_value(responses(), counts) == (7, 10)


def test_the_mean_is_of_the_replies() -> None:
    counts = dict(measure_of(responses(formula="mean")).settle(happened("12:00 offered", "12:04 agent"))[0].counts)
    assert read_value(responses(formula="mean"), counts) == (4 * MINUTE, 1)
    assert "in_time" not in counts


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "next_response"},
        {"within": "5m"},
        {"by": "agent_or_bot"},
        {"clock": "opening_hours"},
        {"begins_anew_after": "24h"},
        {"attribute_to": "outcome"},
    ],
    ids=str,
)
def test_responses_that_count_differently_have_different_keys(other: dict[str, str]) -> None:
    assert measure_of(responses(**other)).key != measure_of(responses()).key
    assert measure_of(responses(**other)) == measure_of(responses(**other))
