"""Rule 5: the wall clock only notices silence; what stands now is worked out afresh at every tick."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from schemas.facts import Fact
from schemas.verdicts import Verdict
from sla_stream.counting import Counting
from sla_stream.judged import Judged, VerdictKey
from sla_stream.judging import Judging
from tests.builders import (
    PICKED_UP_IN_30S,
    SECOND,
    answered,
    batch,
    bench_messages,
    counted,
    heartbeat,
    in_batches,
    instant,
    objective,
    offered,
    promised,
)
from tests.rules.stories import promises_of_everything, stories

PROMISES = promised(
    objective(
        measure=PICKED_UP_IN_30S | {"formula": "abandons_missed"}, target={"at_least": "50%"}, windows=["day"]
    )
)
VERDICT = VerdictKey("acme", "hotline", "picked-up-in-30s", None, "day")


def _judging(facts: list[Fact], heard: str = "09:00:00") -> Judging:
    judging = Judging(PROMISES)
    judging.observe(bench_messages(Counting(PROMISES).observe(batch(facts)), heard=heard))
    return judging


def test_a_caller_who_waits_is_missed_once_however_often_we_look() -> None:
    judging = _judging([offered(at="09:00:00")])
    for seconds in range(31, 91, 5):
        judging.tick(instant("09:00:00") + seconds * SECOND)
        verdict = judging.verdicts[VERDICT]
        assert (verdict.numerator, verdict.denominator, verdict.waiting_past_threshold) == (0, 1, 1)
        assert verdict.longest_wait_ms == seconds * SECOND


def test_when_the_caller_is_picked_up_after_all_nobody_is_missed_twice() -> None:
    counting, judging = Counting(PROMISES), Judging(PROMISES)
    judging.observe(bench_messages(counting.observe(batch([offered()])), heard="09:00:00"))
    judging.tick(instant("09:00:45"))
    judging.observe(bench_messages(counting.observe(batch([answered(at="09:00:50")], 1)), heard="09:00:50"))
    judging.tick(instant("09:00:55"))
    verdict = judging.verdicts[VERDICT]
    assert (verdict.numerator, verdict.denominator, verdict.waiting) == (0, 1, 0)


def test_event_time_goes_on_with_the_clock_from_where_the_feed_stood() -> None:
    """The facts are of 2026, and we read them years later: only what passes since they were heard counts."""
    judging = _judging([offered(at="09:00:00")], heard="2031-05-05T12:00:00")
    judging.tick(instant("2031-05-05T12:00:31"))
    assert judging.verdicts[VERDICT].at == instant("09:00:31")


def test_a_wall_clock_that_is_set_back_does_not_turn_event_time_back() -> None:
    judging = _judging([offered(at="09:00:00"), heartbeat("09:10:00")], heard="09:10:00")
    judging.tick(instant("09:05:00"))
    assert judging.verdicts[VERDICT].at == instant("09:10:00")


def _but_since_when(judging: Judging) -> dict[VerdictKey, Verdict]:
    """A verdict tells since when it stands, which depends on when we looked."""
    return {key: replace(verdict, at=verdict.end) for key, verdict in judging.verdicts.items()}


@given(stories(most=4), st.lists(st.integers(0, 600), max_size=5))
def test_how_often_we_tick_changes_no_verdict(facts: list[Fact], seconds: list[int]) -> None:
    promises = promises_of_everything()
    often, once = Judging(promises), Judging(promises)
    counting = Counting(promises)
    for one in in_batches(facts, range(100)):
        messages = bench_messages(counting.observe(one))
        often.observe(messages)
        once.observe(messages)
        for second in sorted(seconds):
            often.tick(second * SECOND)
    end_ms = max(counted(facts, promises).position.watermarks.values(), default=0) + 30 * SECOND
    often.tick(end_ms)
    once.tick(end_ms)
    assert _but_since_when(often) == _but_since_when(once)
    assert once.tick(end_ms) == Judged()
