"""The life of a contact: what its facts say, and what a message adds to it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.dead_letters import RejectReason
from schemas.facts import Fact, Forecast, Heartbeat
from sla_stream.contact import MOST_FACTS, UNKNOWN, Result, restored, step
from sla_stream.contact import contact_of as of_facts
from sla_stream.life import LIFE, UNBORN, Facts, Known, Stage, known_facts
from tests.builders import (
    abandoned,
    answered,
    contact_of,
    ended,
    flowed_out,
    held,
    instant,
    life_of,
    offered,
    record,
    retrieved,
    transferred,
    wrapped,
)


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        ([], Stage.EXPECTED),
        ([offered()], Stage.WAITING),
        ([offered(), answered()], Stage.TALKING),
        ([offered(), answered(), held()], Stage.ON_HOLD),
        ([offered(), answered(), held(), retrieved()], Stage.TALKING),
        ([offered(), answered(), transferred()], Stage.ENDED),
        ([offered(), answered(), held(), ended()], Stage.ENDED),
        ([offered(), answered(), ended(), wrapped()], Stage.WRAPPED),
        ([offered(), abandoned()], Stage.ABANDONED),
        ([offered(), flowed_out()], Stage.FLOWED_OUT),
        ([offered(), ended()], Stage.CLOSED),
        ([offered(), ended(at="09:00:10"), answered(at="09:00:20")], Stage.ENDED),
        ([answered(), ended(), wrapped()], Stage.EXPECTED),
    ],
)
def test_a_contact_stands_where_its_facts_lead(facts: list[Fact], stage: Stage) -> None:
    assert life_of(*facts).stage is stage


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_says_what_may_follow(stage: Stage) -> None:
    assert stage in LIFE


@pytest.mark.parametrize("late", [abandoned(at="09:00:30"), flowed_out(at="09:00:30"), offered(at="09:00:30")])
def test_what_has_no_place_in_a_life_changes_nothing(late: Fact) -> None:
    assert life_of(offered(), answered(at="09:00:20"), late) == life_of(offered(), answered(at="09:00:20"))


def test_the_earlier_of_two_outcomes_counts_whichever_came_first() -> None:
    facts: list[Fact] = [offered(), abandoned(at="09:00:30"), answered(at="09:00:20")]
    assert life_of(*facts).outcome == "answered"
    assert life_of(*facts).wait_ms == 20_000


def test_the_earlier_of_two_offers_counts_whichever_came_first() -> None:
    life = life_of(offered(at="09:00:10", queue="support"), offered(at="09:00:00", queue="sales"))
    assert (life.queue, life.offered_ms) == ("sales", instant("09:00:00"))


@pytest.mark.parametrize("outcome", [answered, abandoned])
def test_a_call_that_is_taken_or_lost_at_once_waited_not_at_all(outcome: Callable[..., Fact]) -> None:
    life = life_of(outcome(at="09:00:00"), offered(at="09:00:00"))
    assert (life.outcome, life.wait_ms) == (outcome().type, 0)


def test_an_outcome_before_the_offer_is_not_lived() -> None:
    assert life_of(offered(at="09:00:00"), answered(at="08:59:59.999")).stage is Stage.WAITING


def test_the_conversation_ends_once() -> None:
    life = life_of(offered(), answered(), ended(at="09:05:00"), wrapped(at="09:06:00"))
    assert life.ended_ms == instant("09:05:00")


def test_a_record_is_read_like_the_facts_it_stands_for() -> None:
    whole = record(answered_at="09:00:20", ended_at="09:05:00", wrapped_at="09:06:00")
    assert life_of(whole) == life_of(offered(), answered(at="09:00:20"), ended(), wrapped())


def test_a_record_of_a_caller_who_flowed_out_says_where_to() -> None:
    whole = record(flowed_out_at="09:00:40", flow_out="voicemail")
    assert known_facts(7, whole)[1] == Known(7, "flowed_out", instant("09:00:40"), "voicemail")


class TestStep:
    """One message comes."""

    WAITS = contact_of(offered())

    @staticmethod
    def _facts(offset: int, fact: Fact) -> Facts:
        assert not isinstance(fact, Heartbeat | Forecast)
        return known_facts(offset, fact)

    def test_a_new_fact_is_applied(self) -> None:
        stepped = step(self.WAITS, 1, self._facts(1, answered()))
        assert stepped.result is Result.APPLIED
        assert (stepped.before.stage, stepped.after.stage) == (Stage.WAITING, Stage.TALKING)
        assert stepped.contact == contact_of(offered(), answered())

    def test_the_same_fact_again_is_a_duplicate(self) -> None:
        stepped = step(self.WAITS, 5, self._facts(5, offered()))
        assert (stepped.result, stepped.contact) == (Result.DUPLICATE, self.WAITS)

    def test_a_record_that_says_more_than_is_known_is_no_duplicate(self) -> None:
        stepped = step(self.WAITS, 1, self._facts(1, record(answered_at="09:00:20")))
        assert stepped.result is Result.APPLIED
        assert len(stepped.contact.facts) == 2

    def test_an_outcome_before_the_offer_is_refused_but_remembered(self) -> None:
        stepped = step(self.WAITS, 1, self._facts(1, answered(at="08:59:59")))
        assert stepped.refusal is not None
        assert stepped.refusal.reason is RejectReason.BEFORE_OFFERED
        assert stepped.refusal.detail == f"answered at {instant('08:59:59')}, offered at {instant('09:00:00')}"
        assert len(stepped.contact.facts) == 2

    def test_an_outcome_whose_offer_is_still_to_come_is_applied(self) -> None:
        stepped = step(UNKNOWN, 0, self._facts(0, answered()))
        assert (stepped.result, stepped.before, stepped.after) == (Result.APPLIED, UNBORN, UNBORN)

    @pytest.mark.parametrize(
        ("known", "result"),
        [(MOST_FACTS - 2, Result.APPLIED), (MOST_FACTS - 1, Result.APPLIED), (MOST_FACTS, Result.REJECTED)],
    )
    def test_a_contact_has_at_most_so_many_facts(self, known: int, result: Result) -> None:
        contact = of_facts(tuple(Known(n, "held", instant("09:00:00") + n, "") for n in range(known)))
        stepped = step(contact, known, self._facts(known, answered(at="10:00:00")))
        assert stepped.result is result
        assert len(stepped.contact.facts) == known + (result is Result.APPLIED)

    def test_a_message_that_comes_again_is_lived_again_as_it_was(self) -> None:
        first = step(self.WAITS, 1, self._facts(1, answered()))
        later = step(first.contact, 2, self._facts(2, ended()))
        again = step(later.contact, 1, self._facts(1, answered()))
        assert again == replace(first, contact=later.contact)

    def test_a_refusal_that_comes_again_is_refused_again(self) -> None:
        first = step(self.WAITS, 1, self._facts(1, answered(at="08:00:00")))
        again = step(first.contact, 1, self._facts(1, answered(at="08:00:00")))
        assert again == first

    def test_a_contact_that_was_kept_is_the_same_again(self) -> None:
        contact = contact_of(offered(), answered(), held(), retrieved(), ended())
        assert restored(contact.packed) == contact
        assert restored(UNKNOWN.packed) == UNKNOWN


_FACTS = st.lists(
    st.builds(
        Known,
        offset=st.integers(0, 2**40),
        kind=st.sampled_from(sorted({kind for following in LIFE.values() for kind in following})),
        at_ms=st.integers(0, 40).map(lambda n: instant("09:00:00") + n),
        detail=st.sampled_from(["", "sales", "Réclamations"]),
    ),
    max_size=12,
    unique_by=lambda known: known.offset,
)


@given(_FACTS)
def test_fact_by_fact_a_contact_becomes_what_its_facts_say_all_at_once(facts: list[Known]) -> None:
    """The quick way, for what is newer than all that is known, leads to where sorting everything leads."""
    contact, told = UNKNOWN, []
    for known in sorted(facts, key=lambda known: known.offset):
        stepped = step(contact, known.offset, (known,))
        told += [known] if stepped.result is not Result.DUPLICATE else []
        contact = stepped.contact
        assert contact == of_facts(tuple(told))
