"""Rule 10: an episode carries its alert until that is announced; ids are stable; a resolve follows a trigger."""

from hypothesis import given
from hypothesis import strategies as st

from agents import state
from schemas.alerts import Alert, AlertEvent
from schemas.facts import Fact
from schemas.tallies import BenchMessage
from sla_stream.counting import Counting
from sla_stream.judged import EpisodeKey, EpisodeRecord
from sla_stream.judging import Judging
from tests.builders import MINUTE, answered, batch, bench_messages, instant, objective, offered, promised

PROMISES = promised(objective(windows=["rolling 1m"], alert={"window": "rolling 1m", "clear_at": "95%"}))
START = instant("09:00:00")


class Floor:
    """One caller a minute, and a judge whose alerts are announced, lost in a crash, or left for later."""

    def __init__(self) -> None:
        self.counting = Counting(PROMISES)
        self.judging = Judging(PROMISES)
        self.stored: dict[EpisodeKey, tuple[bytes, bytes | None]] = {}
        self.told: list[BenchMessage] = []
        self.sent: list[Alert] = []

    def minute(self, number: int, picked_up_in_time: bool) -> None:
        at_ms = START + number * MINUTE
        wait_ms = 10_000 if picked_up_in_time else 40_000
        facts: list[Fact] = [offered(str(number), at_ms), answered(str(number), at_ms + wait_ms)]
        changes = self.counting.observe(batch(facts, self.counting.position.offset + 1))
        told = bench_messages(changes, heard=at_ms + wait_ms)
        self.told += told
        self.judging.observe(told)
        self._store(self.judging.tick(at_ms + wait_ms).episodes)

    def announce(self) -> None:
        for key, alert in list(self.judging.unannounced()):
            self.sent.append(alert)
            self._store({key: self.judging.announced(key)})

    def send_and_crash(self) -> None:
        """The alerts went out, but that they did was never stored."""
        self.sent += [alert for _, alert in self.judging.unannounced()]
        self.crash()

    def crash(self) -> None:
        self.judging = Judging(PROMISES)
        self.judging.observe(self.told)
        for key, value in self.stored.values():
            self.judging.restore_episode(*state.episode_of(key, value))

    def _store(self, episodes: dict[EpisodeKey, EpisodeRecord | None]) -> None:
        for key, record in episodes.items():
            self.stored[key] = state.episode_record(key, record)


def test_an_alert_is_offered_until_it_is_announced() -> None:
    floor = Floor()
    floor.minute(0, picked_up_in_time=False)
    first = [alert for _, alert in floor.judging.unannounced()]
    floor.crash()
    assert [alert for _, alert in floor.judging.unannounced()] == first
    assert [alert.event for alert in first] == [AlertEvent.BREACH_OPENED]
    floor.announce()
    assert list(floor.judging.unannounced()) == []


def test_an_alert_that_went_out_just_before_the_crash_goes_out_again_under_its_id() -> None:
    floor = Floor()
    floor.minute(0, picked_up_in_time=False)
    floor.send_and_crash()
    floor.announce()
    assert len(floor.sent) == 2
    assert len({alert.id for alert in floor.sent}) == 1


@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from(("announce", "announce", "later", "crash", "send and crash"))),
        min_size=1,
        max_size=15,
    )
)
def test_whatever_fails_receivers_see_trigger_and_resolve_in_turn(minutes: list[tuple[bool, str]]) -> None:
    floor = Floor()
    for number, (picked_up_in_time, then) in enumerate(minutes):
        floor.minute(number, picked_up_in_time)
        match then:
            case "announce":
                floor.announce()
            case "crash":
                floor.crash()
            case "send and crash":
                floor.send_and_crash()
    for number in range(len(minutes), len(minutes) + 3):
        floor.announce()
        floor.minute(number, picked_up_in_time=True)
    floor.announce()
    seen = list({alert.id: alert for alert in floor.sent}.values())
    assert [alert.event.closes for alert in seen] == [False, True] * (len(seen) // 2)
    assert all(opened.episode == closed.episode for opened, closed in zip(seen[::2], seen[1::2], strict=True))
    assert floor.judging.episodes == {}


def test_two_breaches_are_two_episodes() -> None:
    floor = Floor()
    for number, picked_up_in_time in enumerate((False, True, False, True)):
        floor.minute(number, picked_up_in_time)
        floor.announce()
    assert [alert.event.closes for alert in floor.sent] == [False, True, False, True]
    assert len({alert.id for alert in floor.sent}) == 4
    assert len({alert.episode for alert in floor.sent}) == 2


def test_who_never_heard_of_a_breach_hears_of_no_recovery() -> None:
    floor = Floor()
    floor.minute(0, picked_up_in_time=True)
    floor.minute(1, picked_up_in_time=True)
    assert list(floor.judging.unannounced()) == []
