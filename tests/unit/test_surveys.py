"""What customers answer: CSAT, CES, NPS, response rate, and whether it was resolved at the first contact."""

from collections import Counter
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.facts import Fact
from schemas.tallies import Counts
from sla_stream.measures import Measure
from sla_stream.verdict import meets
from tests.builders import (
    abandoned,
    answered,
    by_facts,
    contact_of,
    ended,
    instant,
    objective,
    offered,
    promise,
    read_value,
    surveyed,
    transferred,
    wrapped,
)

NINE = instant("09:00:00")
CSAT = {"kind": "csat"}
NPS = {"kind": "nps"}
RATE = {"kind": "response_rate"}
BY_AGENT = {"kind": "first_contact_resolution", "by": "agent"}
BY_SURVEY = {"kind": "first_contact_resolution", "by": "survey"}

CALL: list[Fact] = [offered(), answered(), ended()]


def asked(measure: dict[str, Any], target: Any = None) -> Any:
    is_score = measure["kind"] == "nps" or measure.get("formula") == "mean"
    return objective(measure=measure, target=target or {"at_least": 4 if is_score else "50%"})


def measure_for(written: dict[str, Any]) -> Measure:
    return promise(asked(written)).measure


def settled(written: dict[str, Any], *facts: Fact) -> Counter[tuple[int, str]]:
    """How often the contact counts, by instant and class."""
    settlements = by_facts(measure_for(written)).settle(contact_of(*facts).facts)
    return Counter({(one.at_ms, name): n for one in settlements for name, n in one.counts})


def classes(written: dict[str, Any], *facts: Fact) -> Counts:
    found: Counts = {}
    for (_, name), n in settled(written, *facts).items():
        found[name] = found.get(name, 0) + n
    return found


def value(written: dict[str, Any], counts: Counts) -> tuple[int, int]:
    return read_value(asked(written), counts)


def test_an_answer_counts_by_its_score_at_the_arrival_of_its_contact() -> None:
    assert settled(CSAT, *CALL, surveyed(score=4, at="2026-03-05T10:00")) == {(NINE, "score:4"): 1}


def test_by_contract_it_counts_when_it_was_given() -> None:
    days_later = instant("2026-03-05T10:00")
    late = surveyed(score=4, at=days_later)
    assert settled(CSAT | {"attribute_to": "answer"}, *CALL, late) == {(days_later, "score:4"): 1}


def test_a_corrected_answer_replaces_the_earlier_one_in_whatever_order_they_come() -> None:
    answers: list[Fact] = [surveyed(score=1, at="10:00:00"), surveyed(score=5, at="10:00:01")]
    for told in permutations(CALL + answers):
        assert classes(CSAT | {"attribute_to": "answer"}, *told) == {"score:5": 1}


def test_each_question_of_a_survey_counts_by_itself() -> None:
    survey: list[Fact] = [surveyed("csat", 5), surveyed("ces", 2), surveyed("nps", 9), surveyed("resolution", 1)]
    told: list[Fact] = [*CALL, *survey]
    assert classes(CSAT, *told) == {"score:5": 1}
    assert classes({"kind": "ces"}, *told) == {"score:2": 1}
    assert classes(NPS, *told) == {"score:9": 1}
    assert classes(BY_SURVEY, *told) == {"resolved": 1}


def test_a_question_may_be_called_otherwise_than_the_measure_and_have_blanks() -> None:
    written = CSAT | {"question": "how was it"}
    assert classes(written, *CALL, surveyed("how was it", 3), surveyed("csat", 1)) == {"score:3": 1}


@pytest.mark.parametrize("score", [0, 6])
def test_a_score_that_is_not_on_the_scale_is_counted_apart_and_replaces_no_answer(score: int) -> None:
    told: list[Fact] = [*CALL, surveyed(score=4), surveyed(score=score, at="10:00:01")]
    assert classes(CSAT, *told) == {"score:4": 1, "outside_scale": 1}
    assert value(CSAT, {"score:4": 1, "outside_scale": 1}) == (1, 1)


@pytest.mark.parametrize("score", [1, 5])
def test_the_ends_of_the_scale_are_on_it(score: int) -> None:
    assert classes(CSAT, *CALL, surveyed(score=score)) == {f"score:{score}": 1}


def test_an_answer_from_before_the_contact_is_counted_apart_whichever_came_first() -> None:
    early, call = surveyed(at="08:59:59.999"), offered(at="09:00:00")
    assert classes(CSAT, early, call) == classes(CSAT, call, early) == {"before_offered": 1}


def test_an_answer_waits_for_its_contact() -> None:
    assert classes(CSAT, surveyed()) == classes(BY_SURVEY, surveyed("resolution", 1)) == {}
    assert classes(RATE, surveyed()) == {}
    assert classes(CSAT, surveyed(), offered()) == {"score:5": 1}


SCORES: Counts = {"score:1": 1, "score:3": 2, "score:4": 3, "score:5": 4}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (CSAT, (7, 10)),
        (CSAT | {"boxes": 1}, (4, 10)),
        (CSAT | {"boxes": 3}, (9, 10)),
        (CSAT | {"formula": "mean"}, (1 + 6 + 12 + 20, 10)),
        ({"kind": "ces", "formula": "mean", "scale": [1, 7]}, (39, 10)),
    ],
)
def test_satisfaction_is_a_share_of_the_best_answers_or_a_mean(
    written: dict[str, Any], expected: tuple[int, int]
) -> None:
    assert value(written, SCORES | {"outside_scale": 9, "before_offered": 9}) == expected


@pytest.mark.parametrize(
    ("counts", "points"),
    [
        ({"score:9": 1, "score:10": 1}, 100),
        ({"score:7": 1, "score:8": 1}, 0),
        ({"score:0": 1, "score:6": 1}, -100),
        ({"score:6": 1, "score:7": 1, "score:8": 1, "score:9": 2}, 20),
    ],
)
def test_net_promoter_score_is_promoters_less_detractors_in_points(counts: Counts, points: int) -> None:
    numerator, denominator = value(NPS, counts)
    assert numerator == points * denominator
    reading = promise(asked(NPS)).measure.read(counts, asked(NPS).measure)
    for target, is_met in ((points - 1, True), (points, True), (points + 1, False)):
        if abs(target) <= 100:
            assert meets(reading, asked(NPS, {"at_least": target}).target) is is_met


def test_nobody_asked_is_no_value() -> None:
    for written in (CSAT, NPS, RATE, BY_AGENT, BY_SURVEY):
        assert value(written, {}) == (0, 0)


def test_objectives_over_the_same_answers_share_them() -> None:
    assert measure_for(CSAT).key == measure_for(CSAT | {"formula": "mean", "boxes": 1}).key
    keys = {
        measure_for(written).key
        for written in (CSAT, {"kind": "ces"}, NPS, CSAT | {"scale": [1, 7]}, CSAT | {"attribute_to": "answer"})
    }
    assert len(keys) == 5


def test_units_are_those_of_the_formula() -> None:
    units = [measure_for(written).unit for written in (CSAT, CSAT | {"formula": "mean"}, NPS, RATE)]
    assert units == ["ratio", "score", "points", "ratio"]


def test_a_call_that_is_over_is_unanswered_until_its_customer_answers() -> None:
    assert classes(RATE, offered(), answered()) == {}
    assert classes(RATE, *CALL) == {"unanswered": 1}
    assert settled(RATE, *CALL, surveyed(at="2026-03-05T10:00")) == {(NINE, "answered"): 1}
    assert value(RATE, {"answered": 1, "unanswered": 3}) == (1, 4)


def test_who_gave_up_or_was_passed_on_was_not_asked() -> None:
    assert classes(RATE, offered(), abandoned(), ended()) == {}
    assert classes(RATE, offered(), answered(), transferred()) == {}


def test_an_answer_says_that_it_is_over_even_if_the_end_was_lost() -> None:
    assert classes(RATE, offered(), answered(), surveyed()) == {"answered": 1}


def test_the_last_flag_of_the_agent_counts() -> None:
    at_end, afterwards = ended(disposition="resolved"), wrapped(disposition="unresolved")
    call: list[Fact] = [offered(), answered(), at_end, afterwards]
    for told in permutations(call):
        assert classes(BY_AGENT, *told) == {"unresolved": 1}
    assert classes(BY_AGENT, offered(), answered(), at_end, wrapped()) == {"resolved": 1}


def test_a_call_without_a_flag_is_not_in_the_base_but_counted_apart() -> None:
    assert classes(BY_AGENT, *CALL) == {"unflagged": 1}
    assert value(BY_AGENT, {"resolved": 3, "unresolved": 1, "unflagged": 5}) == (3, 4)
    assert classes(BY_AGENT, offered(), answered()) == {}
    assert classes(BY_AGENT, offered(), abandoned(), ended()) == {}


@pytest.mark.parametrize(("score", "outcome"), [(3, "unresolved"), (4, "resolved"), (5, "resolved")])
def test_by_survey_the_lowest_score_that_says_yes_is_a_choice(score: int, outcome: str) -> None:
    written = BY_SURVEY | {"question": "solved", "yes": 4}
    assert classes(written, *CALL, surveyed("solved", score)) == {outcome: 1}


@pytest.mark.parametrize("written", [BY_AGENT, BY_SURVEY])
def test_resolution_counts_from_the_offer_or_from_the_end(written: dict[str, Any]) -> None:
    told: list[Fact] = [offered(), answered(), ended(disposition="resolved"), surveyed("resolution", 1)]
    assert settled(written, *told) == {(NINE, "resolved"): 1}
    assert settled(written | {"counted_from": "ended"}, *told) == {(instant("09:05:00"), "resolved"): 1}


def test_by_the_end_it_counts_from_the_offer_while_the_end_is_not_known() -> None:
    told: list[Fact] = [offered(), answered(), surveyed("resolution", 0)]
    assert settled(BY_SURVEY | {"counted_from": "ended"}, *told) == {(NINE, "unresolved"): 1}


EVERY = (CSAT, CSAT | {"attribute_to": "answer"}, NPS, RATE, BY_AGENT, BY_AGENT | {"counted_from": "ended"})

_later = st.integers(NINE - 1_000, NINE + 5_000)
_facts: st.SearchStrategy[Fact] = st.one_of(
    st.builds(offered, at=_later),
    st.builds(answered, at=_later),
    st.builds(lambda at, flag: ended(at=at, disposition=flag), _later, st.sampled_from((None, "resolved"))),
    st.builds(lambda at, flag: wrapped(at=at, disposition=flag), _later, st.sampled_from((None, "unresolved"))),
    st.builds(surveyed, st.sampled_from(("csat", "nps", "resolution")), st.integers(-1, 11), _later),
)


@given(st.lists(_facts, max_size=8), st.randoms())
def test_the_order_of_facts_does_not_matter(facts: list[Fact], random: Any) -> None:
    shuffled = random.sample(facts, len(facts))
    for written in EVERY:
        assert settled(written, *shuffled) == settled(written, *facts)


@given(st.lists(_facts, max_size=8))
def test_a_customer_answers_a_question_at_most_once(facts: list[Fact]) -> None:
    for written in EVERY:
        found = classes(written, offered(at=NINE - 1_000), *facts)
        apart = ("outside_scale", "before_offered")
        assert sum(n for name, n in found.items() if name not in apart) <= 1
