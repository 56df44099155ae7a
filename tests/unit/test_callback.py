"""Callbacks that were promised: made in time, made late, or still to be made."""

from typing import Any

import pytest

from schemas.contract import Objective
from sla_stream.contact import contact_of
from sla_stream.life import Facts, Known
from sla_stream.measures import Deadline, FactsMeasure
from tests.builders import HOUR, by_facts, instant, objective, promised, read_value


def happened(*told: tuple[str, str]) -> Facts:
    """Facts of a contact that was offered at five in the afternoon."""
    found = [Known(0, "offered", instant("17:00:00"), "sales")]
    for offset, (at, what) in enumerate(told, 1):
        kind, _, detail = what.partition(":")
        found.append(Known(offset, kind, instant(at), detail))
    return contact_of(tuple(found)).facts


def callbacks(**written: Any) -> Objective:
    return objective(measure={"kind": "callback", "within": "2h"} | written)


def measure_of(**written: Any) -> FactsMeasure:
    promises = promised(callbacks(**written), hours="Mo-Fr 08:00-18:00")
    return by_facts(promises.agreements[0].versions[0].promises[0].measure)


def classes(facts: Facts, **written: Any) -> list[str]:
    return [name for one in measure_of(**written).settle(facts) for name, _ in one.counts]


ASKED = ("17:01:00", "flowed_out:callback")
MORNING = "2026-03-03T"


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ((), []),
        ((ASKED,), []),
        # 59 minutes are left of Monday, an hour and a minute comes on Tuesday.
        ((ASKED, (f"{MORNING}09:00", "called_back")), ["in_time"]),
        ((ASKED, (f"{MORNING}09:01", "called_back")), ["in_time"]),
        ((ASKED, (f"{MORNING}09:01:00.001", "called_back")), ["late"]),
        ((ASKED, (f"{MORNING}09:00", "called_back"), (f"{MORNING}12:00", "called_back")), None),
        # Nobody had asked for it, or not yet.
        ((("17:01:00", "flowed_out:voicemail"), ("17:30:00", "called_back")), ["called_back_unasked"]),
        ((("17:01:00", "answered"), ("17:30:00", "called_back")), ["called_back_unasked"]),
        ((("17:00:30", "called_back"), ASKED), ["called_back_unasked"]),
    ],
)
def test_a_promise_is_kept_within_opening_hours(
    told: tuple[tuple[str, str], ...], found: list[str] | None
) -> None:
    assert sorted(classes(happened(*told))) == (found if found is not None else ["called_back_again", "in_time"])


def test_by_a_clock_that_never_stops_the_evening_counts() -> None:
    facts = happened(ASKED, (f"{MORNING}09:00", "called_back"))
    assert classes(facts, clock="always") == ["late"]


def test_a_promise_that_is_not_kept_is_due() -> None:
    asked_ms = instant("17:01:00")
    assert measure_of().deadlines(happened(ASKED)) == [Deadline(asked_ms, instant(f"{MORNING}09:01"))]
    assert measure_of(clock="always").deadlines(happened(ASKED)) == [Deadline(asked_ms, asked_ms + 2 * HOUR)]


@pytest.mark.parametrize("told", [(), (("17:01:00", "flowed_out:key"),), (ASKED, ("17:30:00", "called_back"))])
def test_what_was_not_promised_or_is_kept_is_not_due(told: tuple[tuple[str, str], ...]) -> None:
    assert list(measure_of().deadlines(happened(*told))) == []


def test_a_call_before_it_was_asked_for_does_not_keep_the_promise() -> None:
    assert len(measure_of().deadlines(happened(("17:00:30", "called_back"), ASKED))) == 1


@pytest.mark.parametrize(
    ("clock", "at", "missed"), [("arrival", "17:01:00", (("missed", 1),)), ("outcome", "17:30:00", ())]
)
def test_it_counts_when_it_was_asked_for_or_made(clock: str, at: str, missed: tuple[tuple[str, int], ...]) -> None:
    measure = measure_of(attribute_to=clock)
    settled = measure.settle(happened(ASKED, ("17:30:00", "called_back")))
    assert [one.at_ms for one in settled] == [instant(at)]
    assert measure.missed == missed


def test_the_share_kept_is_of_all_promises_that_were_due_or_made() -> None:
    counts = {"in_time": 7, "late": 2, "missed": 1, "called_back_again": 3, "called_back_unasked": 2}
    assert read_value(callbacks(), counts) == (7, 10)


def test_who_was_never_offered_was_promised_nothing() -> None:
    facts = tuple(fact for fact in happened(ASKED, ("17:30:00", "called_back")) if fact.kind != "offered")
    assert classes(facts) == ["called_back_unasked"]
    assert list(measure_of().deadlines(facts)) == []


@pytest.mark.parametrize("other", [{"within": "1h"}, {"clock": "always"}, {"attribute_to": "outcome"}], ids=str)
def test_callbacks_that_count_differently_have_different_keys(other: dict[str, str]) -> None:
    assert measure_of(**other).key != measure_of().key
    assert measure_of(**other) == measure_of(**other)
