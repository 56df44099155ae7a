"""The clocks of tickets, held against days that were worked out by hand (`ticket_days.py`)."""

import re
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from sla_stream.contact import contact_of
from sla_stream.life import Facts, Known
from sla_stream.measures import FactsMeasure, Settlement
from tests.builders import DAY, HOUR, MINUTE, SECOND, by_facts, instant, objective, promised
from tests.unit.ticket_days import DAYS, Day

UNITS_MS = {"d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND, "ms": 1}


class Happening(NamedTuple):
    """What happened, when; the priority with which it did."""

    at_ms: int
    what: str
    priority: str


def read_instant(text: str, zone: str) -> int:
    """ "Mon 2026-03-02 09:00", with "again" behind it for the second time that autumn shows it."""
    weekday, day, clock, *again = text.split()
    local = datetime.fromisoformat(f"{day}T{clock}")
    assert f"{local:%a}" == weekday, text
    at_ms = instant(local.isoformat(), ZoneInfo(zone))
    return at_ms + HOUR if again else at_ms


def read_duration(text: str) -> int:
    """ "7h59m59s"."""
    return sum(int(n) * UNITS_MS[unit] for n, unit in re.findall(r"(\d+)(ms|d|h|m|s)", text))


def read_happening(text: str, zone: str) -> Happening:
    when, what, priority = re.fullmatch(r"(\w+ \S+ \S+(?: again)?) ([a-z]+)(?: ([a-z]+))?", text.strip()).groups()  # type: ignore[union-attr]
    return Happening(read_instant(when, zone), what, priority or "")


def happened(day: Day) -> list[Happening]:
    return [read_happening(text, day.zone) for text in day.happened.split(",")]


def facts_of(happenings: list[Happening]) -> Facts:
    found = []
    for offset, (at_ms, what, priority) in enumerate(happenings):
        if what == "offered":
            found.append(Known(offset, "offered", at_ms, "back-office"))
        elif what != "prioritised":
            found.append(Known(offset, what, at_ms, ""))
        if priority:
            found.append(Known(offset, "prioritised", at_ms, priority))
    return contact_of(tuple(found)).facts


def measure_of(day: Day, clock: str) -> FactsMeasure:
    written = {"kind": "resolution", "formula": "within", "attribute_to": clock} | day.promise
    one = objective(channel="ticket", measure=written)
    promises = promised(one, time_zone=day.zone, hours=day.hours, holidays="FR")
    return by_facts(promises.agreements[0].versions[0].promises[0].measure)


def classes(settlements: list[Settlement]) -> dict[str, int]:
    """Of the ticket itself, without buckets and without what was told in vain."""
    ours = ("in_time", "late", "sum_ms")
    return {name: n for one in settlements for name, n in one.counts if name in ours}


def before_it_was_done(happenings: list[Happening]) -> list[Happening]:
    """What had happened when somebody could still ask when it is due."""
    reopened = max((n for n, one in enumerate(happenings) if one.what == "reopened"), default=0)
    done = [n for n, one in enumerate(happenings) if one.what in ("resolved", "closed") and n > reopened]
    return happenings[: done[0]] if done else happenings


names = pytest.mark.parametrize("day", DAYS, ids=[day.says for day in DAYS])


def test_there_are_forty_days_at_least_and_no_two_alike() -> None:
    assert len({day.says for day in DAYS}) == len(DAYS) >= 40


@names
def test_time_used_and_result(day: Day) -> None:
    told, measure = happened(day), measure_of(day, "settled")
    used_ms, seen = read_duration(day.used), [one for one in told if one.what == "seen"]
    facts = facts_of([one for one in told if one.what != "seen"])
    if not seen:
        result = {"in time": "in_time", "late": "late"}[day.result]
        assert classes(list(measure.settle(facts))) == {result: 1, "sum_ms": used_ms}
        assert not measure.deadlines(facts)
        return
    assert classes(list(measure.settle(facts))) == {}
    (deadline,) = measure.deadlines(facts)
    is_missed = deadline.due_ms is not None and seen[0].at_ms > deadline.due_ms
    assert is_missed is {"open": False, "missed": True}[day.result]
    # Resolved there and then, it would have used so much, and been late if it is missed.
    resolved = facts_of([*(one for one in told if one.what != "seen"), Happening(seen[0].at_ms, "resolved", "")])
    result = "late" if is_missed else "in_time"
    assert classes(list(measure.settle(resolved))) == {result: 1, "sum_ms": used_ms}


@names
def test_when_it_is_due(day: Day) -> None:
    facts = facts_of([one for one in before_it_was_done(happened(day)) if one.what != "seen"])
    (deadline,) = measure_of(day, "settled").deadlines(facts)
    due_ms = None if day.due is None else read_instant(day.due, day.zone)
    latest = day.due if day.latest == "due" else day.latest
    assert deadline.due_ms == (None if latest is None else read_instant(latest, day.zone))
    if due_ms is not None:
        assert deadline.at_ms == due_ms


@names
def test_its_pane_is_that_of_the_offer_the_outcome_or_of_whichever_came_first_outcome_or_due(day: Day) -> None:
    told = happened(day)
    undone = before_it_was_done(told)
    if undone == told:
        return
    facts, done_ms = facts_of(told), told[len(undone)].at_ms
    due_ms = done_ms if day.due is None else read_instant(day.due, day.zone)
    expected = {"arrival": told[0].at_ms, "outcome": done_ms, "settled": min(due_ms, done_ms)}
    for clock, at_ms in expected.items():
        settled = [one for one in measure_of(day, clock).settle(facts) if classes([one])]
        assert [one.at_ms for one in settled] == [at_ms], clock
