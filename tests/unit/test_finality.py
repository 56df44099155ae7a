"""May a figure still change? And what is told when it does after it was final."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.adjustments import ADJUSTMENT, Adjustment, Cause
from schemas.facts import Fact
from schemas.tallies import Counts
from schemas.verdicts import Finality
from sla_stream.backtest import Backtest, Counted, Share
from sla_stream.boards import Boards
from sla_stream.counting import Counting
from sla_stream.finality import finality
from sla_stream.messages import adjustments_of
from sla_stream.promises import Promises
from sla_stream.tally import add
from sla_stream.windows import Span
from tests.builders import (
    MINUTE,
    abandoned,
    answered,
    batch,
    figures_of,
    heartbeat,
    in_batches,
    instant,
    objective,
    offered,
    promised,
)

NINE = Span(instant("09:00:00"), instant("09:15:00"))


@pytest.mark.parametrize(
    ("at", "stands"),
    [
        ("09:14:59.999", "open"),
        ("09:15:00", "provisional"),
        ("10:14:59.999", "provisional"),
        ("10:15:00", "final"),
        ("10:15:00.001", "final"),
    ],
)
def test_a_window_is_open_then_provisional_then_final(at: str, stands: Finality) -> None:
    assert finality(NINE, 60 * MINUTE, instant(at), is_restated=False) == stands


def test_what_changed_after_it_was_final_is_restated() -> None:
    assert finality(NINE, 60 * MINUTE, instant("11:00:00"), is_restated=True) == "restated"


def promises(**written: Any) -> Promises:
    return promised(objective(windows=["interval 15m", "day"], **written), lateness="12h")


HOURLY = promises(finalise_after="1h")


def adjusted(*facts: Fact, by: Promises = HOURLY, cuts: list[int] | None = None) -> list[Adjustment]:
    counting = Counting(by)
    return [
        adjustment
        for one in in_batches(facts, cuts or range(len(facts)))
        for adjustment in adjustments_of(counting.observe(one), "contact.calls/3")
    ]


@pytest.mark.parametrize(("at", "told"), [("10:14:59.999", 0), ("10:15:00", 1), ("10:15:00.001", 1)])
def test_a_contact_that_counts_late_is_told_once_its_quarter_hour_is_final(at: str, told: int) -> None:
    assert len(adjusted(heartbeat(at), offered(), answered())) == told


def test_an_adjustment_says_how_the_contact_counted_and_counts_and_why() -> None:
    (adjustment,) = adjusted(offered(), answered(at="09:00:40"), heartbeat("12:00:00"), answered(at="09:00:20"))
    assert adjustment == Adjustment(
        client="acme",
        channel="voice",
        queue="sales",
        measure="service_level:30000:5000:arrival",
        start=instant("09:00:00"),
        before={"answered_late": 1},
        after={"answered_in_time": 1},
        cause=Cause.CORRECTED,
        contact="anna",
        fact_at=instant("09:00:20"),
        clock=instant("12:00:00"),
        source="contact.calls/3",
        offset=3,
    )
    assert ADJUSTMENT.validate_json(ADJUSTMENT.dump_json(adjustment)) == adjustment


def test_a_contact_that_belongs_elsewhere_is_taken_back_there_and_counted_here() -> None:
    told = adjusted(
        offered(at="09:00:10", queue="support"),
        answered(),
        heartbeat("12:00:00"),
        offered(at="09:00:00", queue="sales"),
    )
    assert {(one.queue, one.cause) for one in told} == {
        ("support", Cause.TAKEN_BACK),
        ("sales", Cause.COUNTED_LATE),
    }


def test_the_least_patient_objective_decides_when_a_measure_is_final() -> None:
    patient, hasty = objective(name="patient", finalise_after="5h"), objective(finalise_after="1h")
    facts: list[Fact] = [heartbeat("11:00:00"), offered(), answered()]
    assert len(adjusted(*facts, by=promised(patient, hasty, lateness="12h"))) == 1
    assert adjusted(*facts, by=promised(patient, lateness="12h")) == []


def test_unless_the_contract_says_so_what_may_come_is_not_final() -> None:
    facts: list[Fact] = [heartbeat("20:59:00"), offered(), answered()]
    assert adjusted(*facts, by=promises()) == []


def shown(*facts: Fact, by: Promises = HOURLY) -> dict[str, Finality]:
    backtest, counted = Backtest(by), Counted(by, Share())
    for offset, fact in enumerate(facts):
        for told in (*counted.feed([(offset, fact)]), counted.done()):
            backtest.observe(told)
    return {figure.window: figure.finality for figure in figures_of(backtest.boards, by)}


def test_a_late_change_restates_the_windows_that_were_final_and_no_longer_ones() -> None:
    late: list[Fact] = [heartbeat("12:00:00"), offered("b", "09:01:00"), answered("b", "09:01:10")]
    before: list[Fact] = [offered(), answered()]
    assert shown(*before, heartbeat("09:30:00")) == {"interval 15m": "provisional", "day": "open"}
    assert shown(*before, heartbeat("12:00:00")) == {"interval 15m": "final", "day": "open"}
    assert shown(*before, *late) == {"interval 15m": "restated", "day": "open"}
    next_day = heartbeat("2026-03-03T01:00:00")
    assert shown(*before, *late, next_day) == {"interval 15m": "restated", "day": "final"}


def test_an_adjustment_that_comes_twice_restates_once_and_one_of_strangers_nothing() -> None:
    (adjustment,) = adjusted(heartbeat("12:00:00"), offered(), answered())
    boards = Boards(HOURLY)
    for one in (adjustment, adjustment):
        boards.restate(one)
    (promise,) = HOURLY.agreements[0].versions[0].promises
    assert boards.is_restated(promise, ("sales",), NINE)
    assert not boards.is_restated(promise, ("support",), NINE)
    assert not boards.is_restated(promise, ("sales",), Span(NINE.end_ms, NINE.end_ms + 15 * MINUTE))


#: When it was offered and how long the wait was, twice: as was told at first, and as was corrected later.
STORIES = st.lists(
    st.tuples(st.integers(0, 59), st.integers(1, 59), st.integers(1, 59), st.booleans(), st.integers(0, 400)),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(STORIES, st.lists(st.integers(0, 40), max_size=4))
def test_what_was_final_and_its_adjustments_add_up_to_what_is_counted_in_the_end_however_it_is_cut(
    stories: list[tuple[int, int, int, bool, int]], cuts: list[int]
) -> None:
    """The oracle freezes each pane's counts at the instant at which it is final."""
    facts: list[tuple[int, Fact]] = []
    for number, (minute, wait_s, other_s, is_abandoned, later) in enumerate(stories):
        name, at_ms = f"c{number}", instant("09:00:00") + minute * MINUTE
        end = abandoned if is_abandoned else answered
        facts += [(minute, offered(name, at_ms)), (minute + 1, end(name, at_ms + wait_s * 1_000))]
        facts.append((minute + later, end(name, at_ms + other_s * 1_000)))
    facts += [(minute, heartbeat(instant("09:00:00") + minute * MINUTE)) for minute in range(0, 420, 20)]
    told = [fact for _, fact in sorted(facts, key=lambda pair: pair[0])]
    counting, frozen = Counting(HOURLY), dict[int, Counts]()

    def counts() -> dict[int, Counts]:
        found: dict[int, Counts] = {}
        for key, tally in counting.tallies():
            for one in tally.measures.values():
                add(found.setdefault(key.start_ms, {}), one.items())
        return found

    changes: dict[int, Counts] = {}
    for offset, fact in enumerate(told):
        observed = counting.observe(batch([fact], offset))
        now_ms, now = counting.position.watermarks.get(("acme", "voice"), 0), counts()  # type: ignore[call-overload]
        for adjustment in observed.adjustments:
            add(changes.setdefault(adjustment.start, {}), adjustment.before.items(), -1)
            add(changes[adjustment.start], adjustment.after.items())
        for minute in range(60):
            start_ms = instant("09:00:00") + minute * MINUTE
            quarter_end_ms = start_ms - start_ms % (15 * MINUTE) + 15 * MINUTE
            if quarter_end_ms + 60 * MINUTE <= now_ms and start_ms not in frozen:
                frozen[start_ms] = now.get(start_ms, {})
    final = counts()
    for start_ms, before in frozen.items():
        total = dict(before)
        add(total, changes.get(start_ms, {}).items())
        assert total == final.get(start_ms, {})
    assert adjusted(*told) == adjusted(*told, cuts=cuts)


@given(st.integers(0, 4))
def test_a_replay_from_before_the_crash_tells_the_same_adjustments_again(survived: int) -> None:
    """Contacts and tallies were written, the position was not: it is that of some message before."""
    told: list[Fact] = [offered(), answered(at="09:00:40"), heartbeat("12:00:00"), answered(at="09:00:20")]
    told += [offered("b", "09:01:00"), answered("b", "09:01:10")]
    first, positions = Counting(HOURLY), []
    for offset, fact in enumerate(told):
        positions.append((first.observe(batch([fact], offset)), first.position)[1])
    again = Counting(HOURLY)
    again.restore_position(positions[survived])
    for (feed, name), contact in first.contacts():
        again.restore_contact(feed, name, contact.packed)
    for key, tally in first.tallies():
        again.restore_tally(key, tally)
    replayed = [
        adjustment
        for offset, fact in enumerate(told[survived + 1 :], survived + 1)
        for adjustment in adjustments_of(again.observe(batch([fact], offset)), "contact.calls/3")
    ]
    assert replayed == [adjustment for adjustment in adjusted(*told) if adjustment.offset > survived]
    assert dict(again.tallies()) == dict(first.tallies())
