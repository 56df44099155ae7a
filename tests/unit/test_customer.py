"""One customer as they are kept: what replaces what, for how long it is kept, and in how few bytes."""

from dataclasses import replace
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st
from msgspec import msgpack

from schemas.resolutions import ContactTouch, Outcome
from schemas.words import Said, Trait
from sla_stream.customer import Step, step, trimmed, visits_of
from sla_stream.touch import NOT_THEIRS, STILL, Touch, Touches, packed, touch_of, unpacked
from tests.builders import DAY, HOUR, MINUTE, instant, touch

NINE = instant("09:00:00")

_STAGES: tuple[tuple[Outcome | None, bool], ...] = ((None, False), ("answered", False), ("answered", True))

#: Three contacts of which each was told when it was offered, answered, and ended, late in a topic's life.
THREE_CONTACTS = [
    touch(
        f"2f1c9a60-77d1-4a52-9d3e-{n:012}",
        NINE + n * 2 * DAY,
        outcome,
        NINE + n * 2 * DAY + 7 * MINUTE if ended else None,
        queue="billing-and-payments",
        source="contact.calls/11",
        offset=3_000_000_000 + 100_000_000 * n + facts,
    )
    for n in range(3)
    for facts, (outcome, ended) in enumerate(_STAGES)
]


def kept(*told: ContactTouch, first_offset: int = 0, horizon_ms: int = 0) -> Touches:
    touches: Touches = ()
    for offset, one in enumerate(told, first_offset):
        taken = step(touches, touch_of(offset, one), horizon_ms)
        touches = touches if taken is None else taken.touches
    return touches


def taken(known: Touches, offset: int, told: ContactTouch, horizon_ms: int = 0) -> Step | None:
    return step(known, touch_of(offset, told), horizon_ms)


def test_three_contacts_take_no_more_than_two_hundred_bytes() -> None:
    known = kept(*THREE_CONTACTS, first_offset=2_000_000_000)
    assert len(known) == 9
    assert len(packed(trimmed(known, 2_000_000_008))) <= 200


def test_where_no_contract_asks_for_it_they_take_no_byte_more_and_what_was_stored_before_is_read() -> None:
    known = kept(touch(offered=NINE, ended=NINE))
    (one,) = known
    row = (0, 0, 0, one.contact, 0, 0, 0, 0, 1, 0)
    assert packed(known) == msgpack.encode((0, NINE, [("voice", "sales")], [row]))
    assert unpacked(packed(known)) == known


def test_two_contacts_of_which_everything_is_asked_take_no_more_than_two_hundred_bytes() -> None:
    said: tuple[Said, ...] = (("language", "fr"), ("priority", "urgent"), ("tag", "premium-customers"))
    known = kept(*[replace(one, said=said) for one in THREE_CONTACTS[:6]])
    assert len(packed(trimmed(known, 6))) <= 200


def test_nor_do_they_while_a_replay_may_ask_how_the_last_came_about() -> None:
    known = trimmed(kept(*THREE_CONTACTS, first_offset=2_000_000_000), 2_000_000_005)
    assert len(known) == 5
    assert len(packed(known)) <= 200


_OFFSETS = st.integers(0, 1 << 40)
_SAID: st.SearchStrategy[Said] = st.tuples(
    st.sampled_from(get_args(Trait)), st.sampled_from(("fr", "high", "gold"))
)
_INSTANTS = st.integers(631_152_000_000, 4_102_444_799_999)


@st.composite
def _customers(draw: st.DrawFn) -> Touches:
    """In the order of their offsets; what was replaced was so by a later message."""
    return tuple(
        Touch(
            since=since,
            until=draw(st.just(STILL) | st.integers(since + 1, 1 << 41)),
            began=draw(st.integers(0, since)),
            contact=draw(st.integers(0, (1 << 64) - 1)),
            source_offset=draw(_OFFSETS),
            segment=draw(st.integers(0, 999)),
            channel=draw(st.sampled_from(("voice", "chat", "email", "ticket"))),
            queue=draw(st.text(min_size=1, max_size=20)),
            offered_ms=draw(_INSTANTS),
            outcome=draw(st.sampled_from(("", "answered", "abandoned", "flowed_out", NOT_THEIRS))),
            ended_ms=draw(st.none() | _INSTANTS),
            said=tuple(draw(st.lists(_SAID, max_size=3, unique=True))),
        )
        for since in sorted(draw(st.sets(_OFFSETS, min_size=1, max_size=5)))
    )


@given(_customers())
def test_what_is_packed_comes_out_as_it_went_in(touches: Touches) -> None:
    assert unpacked(packed(touches)) == touches


def test_of_what_a_source_says_the_higher_offset_counts_in_whatever_order_it_comes() -> None:
    older, newer = touch(outcome=None, offset=3), touch(outcome="answered", offset=4)
    for told in ([older, newer], [newer, older], [newer, older, newer]):
        (visit,) = visits_of(kept(*told)[-1:], -1)
        assert visit.outcome == "answered"


def test_what_is_told_twice_tells_nothing_new() -> None:
    known = kept(touch(offset=3))
    assert taken(known, 1, touch(offset=3)) is None


def test_contacts_of_the_same_name_from_two_sources_are_two() -> None:
    known = kept(touch(source="contact.calls/0"), touch(source="contact.chats/0", channel="chat"))
    assert len(visits_of(known, -1)) == 2


def test_a_contact_that_turned_out_to_be_anothers_is_theirs_no_more_whatever_comes_late() -> None:
    not_theirs = touch(theirs=False, offset=4)
    for told in ([touch(offset=3), not_theirs], [not_theirs, touch(offset=3)]):
        after = kept(*told)
        assert visits_of([one for one in after if one.holds_at(9)], -1) == []


def test_a_message_that_comes_again_takes_the_same_step_whatever_has_come_since() -> None:
    told = [touch(outcome=None, offset=0), touch(offset=1), touch("anna-2", NINE + HOUR, offset=2)]
    steps, known = [], Touches()
    for offset, one in enumerate(told):
        step_then = taken(known, offset, one)
        assert step_then
        known = step_then.touches
        steps.append(step_then)
    for offset, one in enumerate(told):
        again = taken(known, offset, one)
        assert again
        assert again.touches == known
        for now, then in ((again.before, steps[offset].before), (again.after, steps[offset].after)):
            assert visits_of(now, -1) == visits_of(then, -1)


def test_what_was_replaced_is_kept_until_no_replay_asks_for_it() -> None:
    known = kept(touch(outcome=None, offset=0), touch(offset=1))
    assert len(trimmed(known, 0)) == 2
    assert len(trimmed(known, 1)) == 1


def test_a_contact_that_is_out_of_reach_is_known_no_more() -> None:
    known = kept(touch(ended=NINE))
    for horizon_ms, seen in ((NINE - 1, 2), (NINE, 2), (NINE + 1, 1)):
        after = taken(known, 1, touch("anna-2", NINE + DAY), horizon_ms)
        assert after
        assert len(after.after) == seen


def test_as_long_as_a_contact_is_in_reach_so_is_whatever_may_repeat_it() -> None:
    """The first call went on for a day; the second, in between, is over long since."""
    known = kept(touch("long", NINE, ended=NINE + DAY), touch("short", NINE + HOUR))
    after = taken(known, 2, touch("new", NINE + 2 * DAY), horizon_ms=NINE + 12 * HOUR)
    assert after
    assert len(after.before) == 2


def test_a_contact_that_begins_anew_replaces_nothing() -> None:
    known = kept(touch(ended=NINE))
    after = taken(known, 1, touch(offered=NINE, ended=NINE + 9 * DAY, offset=1), horizon_ms=NINE + DAY)
    assert after
    assert after.before == ()
    assert after.after[0].began == 1
