"""Shares of contacts that went one way: each class by its facts, and what is above and below the line."""

from typing import Any

import pytest

from schemas.contract import Objective
from sla_stream.contact import contact_of
from sla_stream.life import Facts, Known
from sla_stream.measures import FactsMeasure
from tests.builders import by_facts, instant, objective, promise, read_value

DETAILS = {"offered": "sales", "agent": "agent", "bot": "bot", "auto": "auto", "note": "note"}
OFFERED_MS = instant("09:00:00")


def happened(*told: str) -> Facts:
    """Facts like "answered 20", so many seconds after the offer, which comes first."""
    found = [Known(0, "offered", OFFERED_MS, "sales")]
    for offset, one in enumerate(told, 1):
        what, seconds = one.split()
        kind, _, detail = what.partition(":")
        at_ms = OFFERED_MS + round(float(seconds) * 1000)
        found.append(Known(offset, "replied" if kind in DETAILS else kind, at_ms, DETAILS.get(kind, detail)))
    return contact_of(tuple(found)).facts


def share(kind: str, **written: Any) -> Objective:
    return objective(measure={"kind": kind} | written, target={"at_most": "10%"})


def measure_of(kind: str, **written: Any) -> FactsMeasure:
    return by_facts(promise(share(kind, **written)).measure)


def classes(kind: str, facts: Facts, **written: Any) -> list[str]:
    settled = measure_of(kind, **written).settle(facts)
    assert all(n == 1 for one in settled for _, n in one.counts)
    return [name for one in settled for name, _ in one.counts]


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ((), []),
        (("answered 20",), []),
        (("abandoned 20",), []),
        (("answered 20", "ended 60"), ["kept"]),
        (("answered 20", "wrapped 60"), ["kept"]),
        (("answered 20", "transferred 60"), ["transferred"]),
        (("answered 20", "transferred 60", "ended 60", "wrapped 70"), ["transferred"]),
        (("answered 20", "held 30", "transferred 60", "ended 90"), ["transferred"]),
        # Nobody passes on what is over.
        (("answered 20", "ended 60", "transferred 61"), ["kept"]),
        # Nor what nobody has: from queue to queue it flows out.
        (("transferred 10", "answered 20", "ended 60"), ["kept"]),
    ],
)
def test_transfer(told: tuple[str, ...], found: list[str]) -> None:
    assert classes("transfer", happened(*told)) == found


@pytest.mark.parametrize(
    ("told", "found"),
    [
        # No bot wrote: not one of its contacts.
        (("answered 20", "ended 60"), []),
        (("auto 1", "ended 60"), []),
        (("agent 20", "bot 30", "ended 60"), []),
        (("answered 20", "bot 30", "ended 60"), []),
        # Not over yet.
        (("bot 1",), []),
        # Without a person until the end.
        (("bot 1", "ended 60"), ["contained"]),
        (("bot 1", "resolved 60"), ["contained"]),
        (("bot 1", "bot 5", "closed 60"), ["contained"]),
        (("bot 1", "note 5", "ended 60"), ["contained"]),
        # A person had to take over, before the end or after it.
        (("bot 1", "answered 20"), ["escalated"]),
        (("bot 1", "answered 20", "ended 60"), ["escalated"]),
        (("bot 1", "agent 20"), ["escalated"]),
        (("bot 1", "ended 60", "agent 90"), ["escalated"]),
        (("bot 1", "transferred 20", "ended 20"), ["escalated"]),
        (("bot 1", "flowed_out:callback 20"), ["escalated"]),
        # The customer gave up waiting for one.
        (("bot 1", "abandoned 20"), ["given_up"]),
    ],
)
def test_bots(told: tuple[str, ...], found: list[str]) -> None:
    facts = happened(*told)
    assert classes("containment", facts) == classes("escalation", facts) == found


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ((), []),
        (("paused 1",), []),
        (("resolved 10",), ["resolved"]),
        (("closed 10",), ["resolved"]),
        (("resolved 10", "closed 20"), ["resolved"]),
        (("resolved 10", "reopened 20"), ["reopened"]),
        (("resolved 10", "closed 20", "reopened 30", "resolved 40"), ["reopened"]),
        (("reopened 5", "resolved 10"), ["resolved", "reopened_unresolved"]),
    ],
)
def test_reopening(told: tuple[str, ...], found: list[str]) -> None:
    assert classes("reopening", happened(*told)) == found


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ((), []),
        (("answered 20",), ["answered"]),
        (("abandoned 20",), ["abandoned"]),
        (("flowed_out:callback 20",), ["flowed_out:callback"]),
        (("flowed_out:voicemail 20", "flowed_out:key 30"), ["flowed_out:voicemail"]),
        # Nobody leaves a queue before entering it.
        (("flowed_out:key -5", "flowed_out:voicemail 20"), ["flowed_out:voicemail"]),
    ],
)
def test_flow_out(told: tuple[str, ...], found: list[str]) -> None:
    assert classes("flow_out", happened(*told)) == found


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (("answered 20",), []),
        (("abandoned 20",), []),
        (("answered 20", "ended 24.999"), ["dropped"]),
        (("answered 20", "ended 25"), ["dropped"]),
        (("answered 20", "ended 25.001"), ["served"]),
    ],
)
def test_dropped(told: tuple[str, ...], found: list[str]) -> None:
    assert classes("dropped", happened(*told), within="5s") == found


@pytest.mark.parametrize(
    ("kind", "told", "seconds"),
    [
        ("transfer", ("answered 20", "transferred 60", "wrapped 90"), 60),
        ("containment", ("bot 1", "ended 60", "agent 90"), 90),
        ("escalation", ("bot 1", "ended 60"), 60),
        ("reopening", ("resolved 10", "closed 20", "reopened 30"), 10),
        ("flow_out", ("flowed_out:key 20",), 20),
        ("dropped", ("answered 20", "ended 60"), 60),
    ],
)
def test_a_share_counts_at_the_offer_or_when_the_fate_was_known(
    kind: str, told: tuple[str, ...], seconds: int
) -> None:
    for clock, at_ms in (("arrival", OFFERED_MS), ("outcome", OFFERED_MS + seconds * 1000)):
        settled = measure_of(kind, attribute_to=clock).settle(happened(*told))
        assert [one.at_ms for one in settled] == [at_ms], clock


@pytest.mark.parametrize(
    ("one", "counts", "value"),
    [
        (share("transfer"), {"transferred": 2, "kept": 8}, (2, 10)),
        (share("containment"), {"contained": 5, "escalated": 3, "given_up": 2}, (5, 10)),
        (share("escalation"), {"contained": 5, "escalated": 3, "given_up": 2}, (3, 10)),
        (share("reopening"), {"resolved": 9, "reopened": 1, "resolved_again": 7}, (1, 10)),
        (share("dropped"), {"dropped": 1, "served": 9}, (1, 10)),
    ],
)
def test_a_share_is_of_all_whose_fate_is_known(
    one: Objective, counts: dict[str, int], value: tuple[int, int]
) -> None:
    assert read_value(one, counts) == value


@pytest.mark.parametrize(
    ("reasons", "numerator"),
    [
        ("all", 15),
        (["callback"], 1),
        (["voicemail", "timeout"], 2 + 3),
        (["callback", "voicemail", "timeout", "overflow", "key"], 15),
    ],
)
def test_contracts_choose_which_reasons_count(reasons: str | list[str], numerator: int) -> None:
    counts = {"answered": 80, "abandoned": 5} | {
        f"flowed_out:{reason}": n
        for n, reason in enumerate(("callback", "voicemail", "timeout", "overflow", "key"), 1)
    }
    assert read_value(share("flow_out", reasons=reasons), counts) == (numerator, 100)


def test_shares_of_one_whole_are_counted_once() -> None:
    assert measure_of("containment").key == measure_of("escalation").key
    assert measure_of("flow_out", reasons=["key"]).key == measure_of("flow_out").key
    kinds = ("transfer", "containment", "reopening", "flow_out", "dropped")
    assert len({measure_of(kind).key for kind in kinds}) == len(kinds)
    assert measure_of("dropped", within="4s").key != measure_of("dropped", within="5s").key
    assert measure_of("transfer", attribute_to="outcome").key != measure_of("transfer").key


@pytest.mark.parametrize("kind", ["transfer", "containment", "reopening", "flow_out", "dropped"])
def test_without_an_offer_there_is_no_contact_and_nothing_is_ever_due(kind: str) -> None:
    facts = tuple(
        fact for fact in happened("bot 1", "resolved 2", "answered 20", "ended 60") if fact.kind != "offered"
    )
    measure = measure_of(kind)
    assert list(measure.settle(facts)) == []
    assert list(measure.deadlines(happened())) == []
    assert (measure.missed, measure.overdue) == ((), None)
