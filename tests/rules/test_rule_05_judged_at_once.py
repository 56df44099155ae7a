"""Rule 5, judged at once: what moved is judged as by a tick at that instant, which then changes nothing."""

from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.alerts import Alert
from schemas.facts import Fact
from sla_stream.counting import Counting
from sla_stream.judged import EpisodeKey, Judged
from sla_stream.judging import Judging
from sla_stream.promises import promises_of
from tests.builders import (
    PICKED_UP_IN_30S,
    SECOND,
    answered,
    bench_messages,
    contract,
    in_batches,
    objective,
    offered,
    version,
)
from tests.rules.stories import stories


def _alerting(name: str, window: str, **policy: str) -> Any:
    measure = PICKED_UP_IN_30S | {"formula": "abandons_missed"}
    windows = ["rolling 15m", "interval 15m", "day"]
    alert = {"window": window} | policy
    return objective(
        name=name, measure=measure, target={"at_least": "60%"}, judge="both", windows=windows, alert=alert
    )


PROMISES = promises_of(
    [
        contract(
            version(
                _alerting("at-once", "day"),
                _alerting("with-patience", "rolling 15m", breach_after="1m", clear_after="1m"),
                _alerting("named-queue", "interval 15m").model_copy(update={"queues": ["sales"]}),
                objective(name="unheard", windows=["day"]),
            )
        )
    ]
)

_steps = st.lists(st.integers(0, 90), min_size=1, max_size=8)


@dataclass(frozen=True, slots=True)
class Look:
    """What one step brought: at once, and with the tick after it."""

    at_once: Judged
    altogether: Judged


def _looks(facts: list[Fact], seconds: list[int], *, at_once: bool) -> tuple[list[Look], list[Alert], Judging]:
    """Judge after every fact, with `at_once` first what moved; announce what there is to tell."""
    judging, counting = Judging(PROMISES), Counting(PROMISES)
    looks: list[Look] = []
    told: list[Alert] = []
    for step, one in enumerate(in_batches(facts, range(100))):
        changes = counting.observe(one)
        watermark_ms = max(changes.position.watermarks.values(), default=0)
        judging.observe(bench_messages(changes, heard=watermark_ms))
        now_ms = watermark_ms + seconds[step % len(seconds)] * SECOND
        first = judging.judge_moved(now_ms) if at_once else Judged()
        then = judging.tick(now_ms)
        looks.append(Look(first, Judged(first.verdicts | then.verdicts, first.episodes | then.episodes)))
        for key, alert in list(judging.unannounced()):
            told.append(alert)
            judging.announced(key)
    return looks, told, judging


@given(stories(most=5), _steps)
def test_judging_at_once_and_then_ticking_is_as_ticking_alone(facts: list[Fact], seconds: list[int]) -> None:
    looks, told, judging = _looks(facts, seconds, at_once=True)
    by_ticks, told_by_ticks, ticking = _looks(facts, seconds, at_once=False)
    assert [look.altogether for look in looks] == [look.altogether for look in by_ticks]
    assert sorted(alert.id for alert in told) == sorted(alert.id for alert in told_by_ticks)
    assert (judging.verdicts, judging.episodes) == (ticking.verdicts, ticking.episodes)


@given(stories(most=5), _steps)
def test_what_is_said_at_once_is_what_a_tick_says(facts: list[Fact], seconds: list[int]) -> None:
    looks, _, _ = _looks(facts, seconds, at_once=True)
    by_ticks, _, _ = _looks(facts, seconds, at_once=False)
    for look, by_tick in zip(looks, by_ticks, strict=True):
        assert look.at_once.verdicts.items() <= by_tick.altogether.verdicts.items()
        assert all(by_tick.altogether.episodes[key] == episode for key, episode in look.at_once.episodes.items())


@given(stories(most=5))
def test_whoever_was_not_moved_is_not_judged(facts: list[Fact]) -> None:
    judging, counting = Judging(PROMISES), Counting(PROMISES)
    for one in in_batches(facts, range(100)):
        changes = counting.observe(one)
        watermark_ms = max(changes.position.watermarks.values(), default=0)
        judging.observe(bench_messages(changes, heard=watermark_ms))
        moved = {key.queue for key in changes.waiting} | {pane.key.queue for pane in changes.panes}
        judged = judging.judge_moved(watermark_ms)
        assert {key.queue for key in judged.verdicts} <= moved | {None}
        assert judging.judge_moved(watermark_ms) == Judged()


def test_a_breach_is_told_without_a_tick() -> None:
    judging, counting = Judging(PROMISES), Counting(PROMISES)
    facts: list[Fact] = [offered(at="09:00:00"), answered(at="09:00:40")]
    for one in in_batches(facts):
        judging.observe(bench_messages(counting.observe(one)))
    judged = judging.judge_moved(0)
    told = {key: record.alert.event for key, record in judged.episodes.items() if record and record.alert}
    at_once = {EpisodeKey("acme", "hotline", "voice", "at-once", queue) for queue in (None, "sales")}
    assert at_once <= told.keys()
    assert {key.window for key in judged.verdicts} <= {"day", "rolling 15m", "interval 15m"}
    assert all(key.objective != "unheard" for key in judged.verdicts)
