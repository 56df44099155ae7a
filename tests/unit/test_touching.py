"""What intake tells of customers' contacts: those that are otherwise than before, whatever has crashed."""

from typing import Any

from schemas.contract import Objective
from schemas.facts import Closed, Fact, Offered, Prioritised, Replied, Resolved
from schemas.resolutions import ContactTouch
from schemas.words import Said
from sla_stream.changes import FeedKey
from sla_stream.counting import Counting
from sla_stream.messages import touches_of
from tests.builders import (
    DAY,
    abandoned,
    answered,
    batch,
    contact_of,
    ended,
    flowed_out,
    heartbeat,
    held,
    instant,
    objective,
    offered,
    promised,
    touch,
    wrapped,
)

SOURCE = "contact.calls/0"


def by_repeats(**written: Any) -> Objective:
    measure = {"kind": "first_contact_resolution", "by": "repeat_contact"}
    return objective(measure=measure, target={"at_least": "50%"}, **written)


PROMISES = promised(by_repeats())


def told(counting: Counting, *facts: Fact) -> list[ContactTouch]:
    changes = counting.observe(batch(facts, counting.position.offset + 1))
    return list(touches_of(changes, SOURCE))


def told_at_once(*facts: Fact) -> list[ContactTouch]:
    return told(Counting(PROMISES), *facts)


def anna() -> Offered:
    return offered("anna-1", customer="anna")


def test_a_contact_is_told_when_it_is_offered_answered_and_over() -> None:
    counting = Counting(PROMISES)
    assert told(counting, anna()) == [touch(outcome=None, offset=0)]
    (waits_no_more,) = told(counting, answered("anna-1"))
    assert (waits_no_more.outcome, waits_no_more.ended, waits_no_more.offset) == ("answered", None, 1)
    assert told(counting, ended("anna-1")) == [touch(ended="09:05:00", offset=2)]


def test_what_comes_in_one_batch_is_told_once() -> None:
    assert told_at_once(anna(), answered("anna-1"), ended("anna-1")) == [touch(ended="09:05:00", offset=2)]


def test_what_changes_nothing_of_it_is_not_told() -> None:
    counting = Counting(PROMISES)
    told(counting, anna(), answered("anna-1"), ended("anna-1"))
    assert told(counting, wrapped("anna-1"), held("anna-1"), ended("anna-1"), anna()) == []


def test_who_gave_up_or_went_elsewhere_was_gone_at_that_instant() -> None:
    for fate, outcome in ((abandoned("anna-1"), "abandoned"), (flowed_out("anna-1"), "flowed_out")):
        (gone,) = told_at_once(anna(), fate)
        assert (gone.outcome, gone.ended) == (outcome, instant("09:00:20"))


def test_of_a_caller_that_nobody_knows_nothing_is_told() -> None:
    assert told_at_once(offered(), answered(), ended()) == []


def test_nothing_is_told_where_no_contract_asks_for_it() -> None:
    counting = Counting(promised(objective()))
    assert told(counting, anna()) == []


def test_who_is_known_only_later_is_told_then() -> None:
    counting = Counting(PROMISES)
    assert told(counting, offered("anna-1"), answered("anna-1")) == []
    (late,) = told(counting, anna())
    assert (late.customer, late.outcome, late.offset) == ("anna", "answered", 2)


def test_a_contact_that_was_said_to_be_anothers_is_taken_back() -> None:
    counting = Counting(PROMISES)
    told(counting, offered("anna-1", at="09:00:01", customer="boris"))
    now = told(counting, anna())
    assert [(one.customer, one.theirs, one.offered) for one in now] == [
        ("anna", True, instant("09:00:00")),
        ("boris", False, instant("09:00:00")),
    ]


def test_each_segment_is_told_for_itself() -> None:
    second = offered("anna-1", "09:05:00", "tier-2", segment=1, customer="anna")
    assert [one.segment for one in told_at_once(anna(), second)] == [0, 1]


def test_what_may_not_have_been_told_before_a_crash_is_told_again() -> None:
    """The contact with both its facts was written, the position was not, and nothing was told."""
    counting = Counting(PROMISES)
    known = contact_of(anna(), answered("anna-1"))
    counting.restore_contact(FeedKey("acme", "voice"), "anna-1", known.packed)
    (offered_again,) = told(counting, anna())
    assert (offered_again.outcome, offered_again.offset) == ("answered", 1)
    (answered_again,) = told(counting, answered("anna-1"))
    assert answered_again == offered_again


def test_a_name_that_comes_again_is_another_contact() -> None:
    """Whose it was long ago keeps what was counted."""
    counting = Counting(promised(by_repeats(), lateness="1h"))
    told(counting, anna(), answered("anna-1"), ended("anna-1"))
    told(counting, heartbeat(instant("09:00:00") + DAY))
    later = instant("09:00:00") + DAY
    (again,) = told(counting, offered("anna-1", later, customer="boris"))
    assert (again.customer, again.theirs, again.offered) == ("boris", True, later)


def calls_of(*facts: Fact, **only: list[str]) -> list[ContactTouch]:
    return told(Counting(promised(by_repeats(only=only))), *facts)


SAYS_MUCH = Offered(
    client="acme",
    contact="anna-1",
    at=instant("09:00:00"),
    queue="sales",
    customer="anna",
    priority="high",
    language="fr",
    tags=["gold", "divorce"],
)


def raised(priority: str, at: str = "09:01:00") -> Prioritised:
    return Prioritised(client="acme", contact="anna-1", at=instant(at), priority=priority)


def test_of_what_was_said_nothing_is_told_but_the_names_that_a_contract_asks_for() -> None:
    cases: tuple[tuple[dict[str, list[str]], tuple[Said, ...]], ...] = (
        ({}, ()),
        ({"tags": ["gold", "silver"]}, (("tag", "gold"),)),
        ({"priorities": ["high"], "languages": ["fr"]}, (("language", "fr"), ("priority", "high"))),
        ({"priorities": ["low"]}, ()),
    )
    for only, said in cases:
        asking = promised(by_repeats(only=only or None))
        assert told(Counting(asking), SAYS_MUCH) == [touch(outcome=None, said=said)]


def test_what_is_asked_of_another_channel_or_of_contacts_one_by_one_is_not_told() -> None:
    elsewhere = by_repeats(name="chats", channel="chat", only={"tags": ["gold"]})
    one_by_one = objective(name="picked-up", only={"tags": ["gold"]})
    assert told(Counting(promised(by_repeats(), elsewhere, one_by_one)), SAYS_MUCH) == [touch(outcome=None)]


def test_nor_is_it_told_to_whom_the_contact_is_not() -> None:
    boris = offered("anna-1", at="09:00:01", customer="boris")
    mine, not_theirs = calls_of(boris, SAYS_MUCH, tags=["gold"])
    assert (mine.customer, mine.said) == ("anna", (("tag", "gold"),))
    assert (not_theirs.customer, not_theirs.theirs, not_theirs.said) == ("boris", False, ())


def test_a_priority_that_is_said_later_is_told_if_it_makes_a_difference_to_a_contract() -> None:
    counting = Counting(promised(by_repeats(only={"priorities": ["urgent"]})))
    assert [one.said for one in told(counting, SAYS_MUCH)] == [()]
    assert told(counting, raised("low")) == []
    assert [one.said for one in told(counting, raised("urgent", "09:02:00"))] == [(("priority", "urgent"),)]
    assert told(counting, raised("normal", "09:01:30")) == []
    assert [one.said for one in told(counting, raised("normal", "09:03:00"))] == [()]


def mail(kind: type[Replied | Resolved | Closed], at: str, **written: Any) -> Fact:
    return kind(client="acme", contact="anna-1", channel="email", at=instant(at), **written)


ARRIVED = Offered(
    client="acme", contact="anna-1", at=instant("09:00:00"), queue="sales", channel="email", customer="anna"
)


def mailed(*facts: Fact) -> ContactTouch:
    counting = Counting(promised(by_repeats(channel="email")))
    (one,) = told(counting, ARRIVED, *facts)
    return one


def test_a_mail_is_answered_by_the_reply_of_a_person() -> None:
    assert mailed(mail(Replied, "09:30:00", author="bot")).outcome is None
    assert mailed(mail(Replied, "09:30:00", public=False)).outcome is None
    assert mailed(mail(Replied, "09:30:00")).outcome == "answered"
    assert mailed(mail(Replied, "09:30:00")).ended is None


def test_a_ticket_is_over_when_it_was_last_resolved_or_else_closed() -> None:
    resolved, closed = mail(Resolved, "10:00:00"), mail(Closed, "12:00:00")
    assert mailed(closed).ended == instant("12:00:00")
    assert mailed(closed).outcome is None
    again = mail(Resolved, "11:00:00")
    for facts, ended_at in (((resolved, closed), "10:00:00"), ((resolved, again, closed), "11:00:00")):
        one = mailed(*facts)
        assert (one.outcome, one.ended) == ("answered", instant(ended_at))
