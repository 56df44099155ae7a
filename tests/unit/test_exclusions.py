"""Times that were agreed not to count: contacts in them are counted apart, and nobody is alerted."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.alerts import AlertEvent
from schemas.facts import Fact
from schemas.verdicts import State
from sla_stream.counting import Counting
from sla_stream.episode import Phase
from sla_stream.exclusions import Exclusions
from sla_stream.judged import EpisodeKey
from sla_stream.judging import Judging
from sla_stream.promises import Promises
from sla_stream.windows import Span
from tests.builders import (
    MINUTE,
    PARIS,
    abandoned,
    answered,
    batch,
    bench_messages,
    contract,
    figures_from,
    figures_of,
    heartbeat,
    in_batches,
    instant,
    objective,
    offered,
    promised,
)


def exclusion(start: str, end: str, **written: Any) -> dict[str, Any]:
    day = "2026-03-02T"
    known = {"from": day + start, "to": day + end, "reason": "new lines", "approved_by": "M. Acme"}
    return known | written


NINE = exclusion("09:00", "09:30")


def call(name: str, at: str | int, wait_s: int = 10, queue: str = "sales") -> list[Fact]:
    return [offered(name, at, queue), answered(name, instant(at) + wait_s * 1_000)]


@pytest.mark.parametrize(
    ("at", "excluded"), [("08:59:59.999", 0), ("09:00:00", 1), ("09:29:59.999", 1), ("09:30:00", 0)]
)
def test_an_exclusion_holds_its_start_and_not_its_end(at: str, excluded: int) -> None:
    (figure,) = figures_from(call("a", at), promised(objective(windows=["day"]), exclusions=[NINE]))
    assert (figure.denominator, figure.excluded) == (1 - excluded, excluded)


def test_contacts_of_other_queues_count_as_ever() -> None:
    facts = [*call("a", "09:00:00", 40), *call("b", "09:00:00", queue="support")]
    promises = promised(objective(windows=["day"], judge="both"), exclusions=[NINE | {"queues": ["sales"]}])
    shown = {
        figure.queue: (figure.numerator, figure.denominator, figure.excluded)
        for figure in figures_from(facts, promises)
    }
    assert shown == {None: (1, 1, 1), "sales": (0, 0, 1), "support": (1, 1, 0)}


@pytest.mark.parametrize(("seen_at", "missed"), [("09:29:00", 1), ("09:32:00", 2)])
def test_who_still_waits_is_left_out_if_the_call_came_in_an_exclusion(seen_at: str, missed: int) -> None:
    facts: list[Fact] = [offered("before", "08:59:00"), offered("within", "09:10:00")]
    facts += [offered("after", "09:30:00"), heartbeat(seen_at)] if missed == 2 else [heartbeat(seen_at)]
    (figure,) = figures_from(facts, promised(objective(windows=["day"]), exclusions=[NINE]))
    assert (figure.numerator, figure.denominator, figure.excluded) == (0, missed, 1)


@pytest.mark.parametrize(
    ("queue", "parts"),
    [
        ("sales", [("08:30", "09:15"), ("09:15", "09:30"), ("10:00", "10:15")]),
        ("support", [("09:00", "09:30"), ("10:00", "10:15")]),
    ],
)
def test_what_two_exclusions_cover_is_left_out_once(queue: str, parts: list[tuple[str, str]]) -> None:
    written = [
        exclusion("10:00", "10:15"),
        NINE,
        exclusion("08:15", "09:15", queues=["sales"]),
        exclusion("09:15", "09:30", queues=["sales"]),
    ]
    read = Exclusions.written(contract(exclusions=written).exclusions, PARIS)
    day = Span(instant("08:30:00"), instant("12:00:00"))
    assert list(read.of(queue, day)) == [
        Span(instant(f"{start}:00"), instant(f"{end}:00")) for start, end in parts
    ]
    inside = sum(end - start for start, end in read.of(queue, day))
    outside = sum(end - start for start, end in read.outside(queue, day))
    assert inside + outside == day.end_ms - day.start_ms


def test_a_quarter_hour_of_the_hour_that_comes_twice_is_the_first_one() -> None:
    written = NINE | {"from": "2026-10-25T02:15", "to": "2026-10-25 02:30"}
    (one,) = Exclusions.written(contract(exclusions=[written]).exclusions, PARIS).every
    assert one.span == Span(instant("2026-10-25T02:15"), instant("2026-10-25T02:15") + 15 * MINUTE)


QUARTERS = st.integers(0, 12)
WRITTEN = st.lists(
    st.tuples(QUARTERS, st.integers(1, 4), st.sampled_from(("all", ["sales"], ["support"], ["sales", "support"]))),
    max_size=4,
)
#: When, how long the wait, in which queue, and whether it ended with an answer.
CALLS = st.lists(
    st.tuples(
        st.integers(0, 3 * 60 - 1), st.integers(0, 60), st.sampled_from(("sales", "support")), st.booleans()
    ),
    max_size=20,
)


def _clock(quarter: int) -> str:
    return f"{9 + quarter // 4:02}:{quarter % 4 * 15:02}"


def _promises(written: list[tuple[int, int, Any]], judge: str) -> Promises:
    one = objective(windows=["rolling 40m", "interval 30m", "day"], judge=judge)
    exclusions = [
        exclusion(_clock(start), _clock(start + length), queues=queues) for start, length, queues in written
    ]
    return promised(one, exclusions=exclusions)


@settings(max_examples=100, deadline=None)
@given(CALLS, WRITTEN, st.sampled_from(("together", "both")), st.lists(st.integers(0, 40), max_size=3))
def test_what_is_left_out_and_what_counts_add_up_to_a_recount(
    calls: list[tuple[int, int, str, bool]], written: list[tuple[int, int, Any]], judge: str, cuts: list[int]
) -> None:
    """Also where the exclusion is declared only after everything was counted."""
    facts: list[Fact] = []
    for number, (minute, wait_s, queue, is_answered) in enumerate(calls):
        at_ms = instant("09:00:00") + minute * MINUTE
        end = answered if is_answered else abandoned
        facts += [offered(str(number), at_ms, queue), end(str(number), at_ms + wait_s * 1_000)]
    now: list[Fact] = [heartbeat("12:01:00")]
    promises = _promises(written, judge)

    def is_out(minute: int, queue: str) -> bool:
        return any(
            start <= minute // 15 < start + length and (queues == "all" or queue in queues)
            for start, length, queues in written
        )

    def recount(start_ms: int, end_ms: int, queue: str | None) -> tuple[int, int, int]:
        good = judged = left_out = 0
        for minute, wait_s, of, is_answered in calls:
            at_ms = instant("09:00:00") + minute * MINUTE
            counts = start_ms <= at_ms < end_ms and queue in (None, of) and (is_answered or wait_s > 5)
            if counts and is_out(minute, of):
                left_out += 1
            elif counts:
                judged += 1
                good += is_answered and wait_s <= 30
        return good, judged, left_out

    later = Judging(_promises([], judge))
    counting = Counting(_promises([], judge))
    for one in in_batches([*facts, *now], cuts):
        later.observe(bench_messages(counting.observe(one)))
    later.adopt(promises)
    for shown in (figures_from([*facts, *now], promises), figures_of(later.boards, promises)):
        for figure in shown:
            start_ms, end_ms = int(figure.start.timestamp() * 1000), int(figure.end.timestamp() * 1000)
            expected = recount(start_ms, end_ms, figure.queue)
            assert (figure.numerator, figure.denominator, figure.excluded) == expected
    assert figures_from([*facts, *now], promises) == figures_of(later.boards, promises)


KEY = EpisodeKey("acme", "hotline", "voice", "picked-up-in-30s", None)
ALERTING = objective(windows=["rolling 15m"], alert={"window": "rolling 15m"})


def _judging(*facts: Fact, heard: str, exclusions: list[dict[str, Any]]) -> Judging:
    promises = promised(ALERTING, exclusions=exclusions)
    one = Judging(promises)
    one.observe(bench_messages(Counting(promises).observe(batch(facts)), heard=heard))
    return one


def test_what_goes_wrong_in_a_maintenance_opens_no_episode_during_it_or_after() -> None:
    one = _judging(*call("a", "09:20:00", 40), heard="09:20:40", exclusions=[NINE])
    judged = one.tick(instant("09:20:40"))
    (verdict,) = judged.verdicts.values()
    assert (verdict.state, verdict.excluded, verdict.maintenance) == (State.NO_DATA, 1, "new lines")
    one.tick(instant("09:31:00"))
    assert KEY not in one.episodes


@pytest.mark.parametrize(
    ("at", "phase"),
    [("09:00:00", Phase.PENDING), ("09:05:00", Phase.PENDING), ("09:29:59", None), ("08:59:59", Phase.OPEN)],
)
def test_what_went_wrong_before_is_not_told_during_a_maintenance(at: str, phase: Phase | None) -> None:
    one = _judging(*call("a", "08:59:00", 40), heard="08:59:40", exclusions=[NINE])
    one.tick(instant(at))
    record = one.episodes.get(KEY)
    assert (record.episode.phase if record else None) is phase


def test_what_is_still_wrong_after_a_maintenance_is_told() -> None:
    short = exclusion("09:00", "09:15")
    facts = [*call("a", "08:59:00", 40), *call("b", "09:15:30", 40)]
    one = _judging(*facts, heard="09:16:10", exclusions=[short])
    one.tick(instant("09:16:10"))
    assert [alert.event for _, alert in one.unannounced()] == [AlertEvent.BREACH_OPENED]


@pytest.mark.parametrize(("queues", "told"), [("all", []), (["sales"], [AlertEvent.FEED_SILENT])])
def test_silence_in_a_maintenance_of_everything_is_no_alarm(queues: Any, told: list[AlertEvent]) -> None:
    one = _judging(*call("a", "08:50:00"), heard="08:50:10", exclusions=[NINE | {"queues": queues}])
    one.tick(instant("09:10:00"))
    assert [alert.event for _, alert in one.unannounced()] == told
