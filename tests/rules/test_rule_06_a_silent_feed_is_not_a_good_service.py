"""Rule 6: when facts stop in opening hours nothing can be said: alerts freeze, and a feed alert goes out."""

import pytest

from schemas.alerts import Alert, AlertEvent
from schemas.facts import Fact
from schemas.verdicts import Reason, State
from sla_stream.counting import Counting
from sla_stream.judged import EpisodeKey
from sla_stream.judging import Judging
from tests.builders import answered, batch, bench_messages, heartbeat, instant, objective, offered, promised

OPEN_BY_DAY = promised(
    objective(windows=["rolling 15m", "day"], alert={"window": "day"}),
    hours="Mo-Fr 08:00-20:00",
    silence="10m",
)
BREACH = EpisodeKey("acme", "hotline", "voice", "picked-up-in-30s", None)
FEED = EpisodeKey("acme", "hotline", "voice", None, None)


class Floor:
    """A judge that hears facts when they happen, and announces every alert at once."""

    def __init__(self) -> None:
        self.judging, self.counting = Judging(OPEN_BY_DAY), Counting(OPEN_BY_DAY)
        self.alerts: list[Alert] = []

    def hears(self, *facts: Fact, at: str) -> None:
        changes = self.counting.observe(batch(facts, self.counting.position.offset + 1))
        self.judging.observe(bench_messages(changes, heard=at))
        self.looks(at)

    def looks(self, at: str) -> None:
        self.judging.tick(instant(at))
        for key, alert in list(self.judging.unannounced()):
            self.alerts.append(alert)
            self.judging.announced(key)

    @property
    def told(self) -> list[AlertEvent]:
        return [alert.event for alert in self.alerts]

    @property
    def states(self) -> set[State]:
        return {verdict.state for verdict in self.judging.verdicts.values()}


@pytest.mark.parametrize(
    ("looked_at", "is_silent"), [("09:09:59.999", False), ("09:10:00", False), ("09:10:00.001", True)]
)
def test_silence_lasts_longer_than_the_contract_allows(looked_at: str, is_silent: bool) -> None:
    floor = Floor()
    floor.hears(offered(), answered(at="09:00:00"), at="09:00:00")
    floor.looks(looked_at)
    assert (State.UNMEASURABLE in floor.states) is is_silent
    assert floor.told == ([AlertEvent.FEED_SILENT] if is_silent else [])


def test_silence_is_told_once() -> None:
    floor = Floor()
    floor.hears(offered(), answered(at="09:00:00"), at="09:00:00")
    for minute in range(11, 60):
        floor.looks(f"09:{minute}:00")
    assert floor.told == [AlertEvent.FEED_SILENT]
    assert {verdict.reason for verdict in floor.judging.verdicts.values()} == {Reason.FEED_SILENT}


def test_a_breach_is_neither_raised_nor_resolved_while_nothing_is_heard() -> None:
    floor = Floor()
    floor.hears(offered(), answered(at="09:00:40"), at="09:00:40")
    assert floor.told == [AlertEvent.BREACH_OPENED]
    before = floor.judging.episodes[BREACH]
    floor.looks("09:30:00")
    floor.looks("10:30:00")
    assert floor.told == [AlertEvent.BREACH_OPENED, AlertEvent.FEED_SILENT]
    assert floor.judging.episodes[BREACH] == before


def test_a_caller_whose_answer_we_cannot_hear_raises_no_alarm() -> None:
    floor = Floor()
    floor.hears(*[f for n in range(9) for f in (offered(f"c{n}"), answered(f"c{n}"))], offered(), at="09:00:20")
    floor.looks("09:12:00")
    floor.looks("09:40:00")
    assert floor.told == [AlertEvent.FEED_SILENT]


def test_a_feed_that_is_heard_again_is_told_with_the_same_episode() -> None:
    floor = Floor()
    floor.hears(offered(), answered(at="09:00:00"), at="09:00:00")
    floor.looks("09:30:00")
    floor.hears(heartbeat("09:40:00"), at="09:40:00")
    assert floor.told == [AlertEvent.FEED_SILENT, AlertEvent.FEED_RESUMED]
    assert len({alert.episode for alert in floor.alerts}) == 1
    assert State.UNMEASURABLE not in floor.states


def test_a_quiet_night_is_no_silence_and_neither_is_the_first_second_of_the_day() -> None:
    floor = Floor()
    floor.hears(offered(at="19:59:00"), answered(at="19:59:10"), at="19:59:10")
    for at in ("22:00:00", "2026-03-03T03:00:00", "2026-03-03T08:00:01", "2026-03-03T08:09:59"):
        floor.looks(at)
        assert floor.told == []
    floor.looks("2026-03-03T08:10:00")
    assert floor.told == [AlertEvent.FEED_SILENT]


def test_closing_time_does_not_make_a_silent_feed_heard() -> None:
    """Nothing arrives since half past seven; at eight the centre closes: facts still do not arrive."""
    floor = Floor()
    floor.hears(offered(at="19:30:00"), answered(at="19:30:10"), at="19:30:10")
    floor.looks("19:45:00")
    floor.looks("20:00:00")
    floor.looks("23:00:00")
    assert floor.told == [AlertEvent.FEED_SILENT]
    assert FEED in floor.judging.episodes
