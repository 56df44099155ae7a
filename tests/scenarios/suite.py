"""Days on the floor that a supervisor would recognise.

Each scenario is a function of a `Floor`. Run one in memory, or the same one through a real Kafka.
"""

from collections.abc import Callable
from typing import Any

from schemas.alerts import AlertEvent
from schemas.contract import Contract
from schemas.facts import Fact, Heartbeat
from schemas.verdicts import State
from tests.builders import (
    MINUTE,
    PICKED_UP_IN_30S,
    SECOND,
    abandoned,
    answered,
    contract,
    ended,
    flowed_out,
    heartbeat,
    instant,
    objective,
    offered,
    record,
    transferred,
    version,
)
from tests.scenarios.floor import Floor

Scenario = Callable[[Floor], None]

BREACH_OPENED, BREACH_RESOLVED = AlertEvent.BREACH_OPENED, AlertEvent.BREACH_RESOLVED
FEED_SILENT, FEED_RESUMED = AlertEvent.FEED_SILENT, AlertEvent.FEED_RESUMED

#: Told after two minutes, over after two minutes at 92 %.
PATIENTLY = {"window": "rolling 15m", "breach_after": "2m", "clear_after": "2m", "clear_at": "92%"}


def hotline(**written: Any) -> Contract:
    """Nine in ten picked up within 30 s, over the last 15 minutes, of ten calls or more; open from 8 to 20."""
    return contract(version(objective(minimum_sample=10, alert=PATIENTLY, **written)), hours="Mo-Fr 08:00-20:00")


def over_the_day(**written: Any) -> Contract:
    """The same over the whole day, from the first call on, and nobody is told."""
    return contract(version(objective(windows=["day"], **written)), hours="Mo-Fr 08:00-20:00")


def calls(since: str, minutes: int, wait_s: int, every_s: int = 12, missed_of_ten: int = 0) -> list[Fact]:
    """A call every so often; of ten in a row some wait 40 s. In the order in which things happen."""
    facts: list[Fact] = []
    for number in range(minutes * 60 // every_s):
        name, at = f"{since}-{number}", instant(since) + number * every_s * SECOND
        seconds = 40 if number % 10 < missed_of_ten else wait_s
        facts += [offered(name, at), answered(name, at + seconds * SECOND), ended(name, at + 4 * MINUTE)]
    return in_order(facts)


def in_order(facts: list[Fact]) -> list[Fact]:
    """As they happen."""
    return sorted(facts, key=lambda fact: fact.offered_at if fact.type == "record" else fact.at)


def half_of_the_agents_leave(floor: Floor) -> None:
    floor.promise(hotline())
    floor.given(calls("09:00:00", minutes=20, wait_s=15, missed_of_ten=1))
    floor.expect(State.MET)
    floor.expect_told()

    floor.given(calls("09:30:00", minutes=20, wait_s=15, missed_of_ten=5))
    floor.expect(State.BREACHED)
    floor.expect_told(BREACH_OPENED)

    floor.given(calls("09:56:00", minutes=30, wait_s=10))
    floor.expect(State.MET)
    floor.expect_told(BREACH_OPENED, BREACH_RESOLVED)
    opened, resolved = floor.alerts()
    assert opened.episode == resolved.episode
    assert opened.id != resolved.id
    assert opened.at - opened.since >= 2 * MINUTE


def a_bad_minute_is_nobodys_business(floor: Floor) -> None:
    """Two callers of twenty wait too long, then the share is above nine in ten again within two minutes."""
    floor.promise(hotline())
    floor.given(calls("09:00:00", minutes=4, wait_s=10))
    bad: list[Fact] = [offered(f"bad-{n}", "09:08:00") for n in range(3)]
    floor.given(bad)
    floor.advance("09:08:35")
    floor.expect(State.BREACHED, (20, 23))
    floor.given([answered(f"bad-{n}", "09:08:40") for n in range(3)])
    floor.given(calls("09:08:50", minutes=2, wait_s=1, every_s=5))
    floor.expect(State.MET)
    floor.expect_told()


def a_quiet_night(floor: Floor) -> None:
    floor.promise(hotline())
    floor.given(calls("19:30:00", minutes=30, wait_s=10))
    floor.expect(State.MET)
    floor.advance("2026-03-03T07:59:59")
    floor.expect(State.NO_DATA, (0, 0))
    floor.expect_told()


def the_first_call_may_take_its_time(floor: Floor) -> None:
    """The feed has been still since yesterday: at 08:00:01 that means nothing, at 08:10 it does."""
    floor.promise(hotline())
    floor.given(calls("19:30:00", minutes=20, wait_s=10))
    floor.advance("2026-03-03T08:00:01")
    floor.expect_told()
    floor.advance("2026-03-03T08:09:55")
    floor.expect_told()
    floor.advance("2026-03-03T08:10:05")
    floor.expect_told(FEED_SILENT)
    floor.expect(State.UNMEASURABLE)


def a_caller_who_still_waits_is_missed_at_30_seconds(floor: Floor) -> None:
    floor.promise(over_the_day())
    floor.given([offered("anna", "09:00:00")])
    floor.advance("09:00:30")
    floor.expect(State.NO_DATA, (0, 0))
    floor.expect_waiting(1, past_threshold=0)
    floor.advance("09:00:31")
    floor.expect(State.BREACHED, (0, 1))
    floor.expect_waiting(1, past_threshold=1)
    floor.given([answered("anna", "09:01:10")])
    floor.expect(State.BREACHED, (0, 1))
    floor.expect_waiting(0, past_threshold=0)


def a_transfer_waits_twice(floor: Floor) -> None:
    """Sales picks up at once and passes the caller on to support, which is slow."""
    floor.promise(over_the_day(judge="both"))
    floor.given([offered("anna", "09:00:00"), answered("anna", "09:00:05"), transferred("anna", "09:02:00")])
    floor.given([offered("anna", "09:02:00", "support", segment=1)])
    floor.given([answered("anna", "09:02:45", segment=1), ended("anna", "09:09:00", segment=1)])
    floor.expect(State.MET, (1, 1), "sales")
    floor.expect(State.BREACHED, (0, 1), "support")
    floor.expect(State.BREACHED, (1, 2), None)


def a_late_fact_puts_it_right(floor: Floor) -> None:
    """The answer at 09:00:20 was lost and comes an hour later; until then the caller seems to wait."""
    floor.promise(over_the_day())
    floor.given([offered("anna", "09:00:00"), *_heartbeats("09:05:00", 10)])
    floor.expect(State.BREACHED, (0, 1))
    floor.given([answered("anna", "09:00:20")])
    floor.expect(State.MET, (1, 1))
    floor.expect_waiting(0, past_threshold=0)


def the_feed_dies_in_a_breach(floor: Floor) -> None:
    """Nothing is resolved because nothing is heard. What comes later was just late."""
    floor.promise(hotline())
    floor.given(calls("09:00:00", minutes=15, wait_s=40))
    floor.expect_told(BREACH_OPENED)
    floor.advance("10:30:00")
    floor.expect(State.UNMEASURABLE)
    floor.expect_told(BREACH_OPENED, FEED_SILENT)
    floor.given(calls("10:30:00", minutes=20, wait_s=5))
    floor.expect_told(BREACH_OPENED, FEED_SILENT, FEED_RESUMED, BREACH_RESOLVED)


def heartbeats_keep_an_idle_hour_measurable(floor: Floor) -> None:
    floor.promise(hotline())
    floor.given(calls("09:00:00", minutes=10, wait_s=5))
    floor.given(_heartbeats("09:15:00", 12))
    floor.expect(State.NO_DATA)
    floor.expect_told()


def stricter_from_midnight(floor: Floor) -> None:
    """Answered after 25 s: in time on Monday, under Tuesday's version late."""
    strict = objective(measure=PICKED_UP_IN_30S | {"threshold": "20s"}, windows=["day"])
    floor.promise(contract(version(objective(windows=["day"])), version(strict, effective="2026-03-03")))
    floor.given([offered("anna", "23:58:00"), answered("anna", "23:58:25")])
    floor.expect(State.MET, (1, 1))
    floor.given([offered("boris", "2026-03-03T00:01:00"), answered("boris", "2026-03-03T00:01:25")])
    floor.expect(State.BREACHED, (0, 1))


def who_hangs_up_at_once_was_not_kept_waiting(floor: Floor) -> None:
    floor.promise(over_the_day())
    floor.given([offered("anna", "09:00:00"), answered("anna", "09:00:10")])
    floor.given([offered("boris", "09:01:00"), abandoned("boris", "09:01:05")])
    floor.expect(State.MET, (1, 1))
    floor.given([offered("carla", "09:02:00"), abandoned("carla", instant("09:02:05") + 1)])
    floor.expect(State.BREACHED, (1, 2))


def who_asked_to_be_called_back_is_neither_won_nor_lost(floor: Floor) -> None:
    floor.promise(over_the_day())
    floor.given([offered("anna", "09:00:00"), answered("anna", "09:00:10")])
    floor.given([offered("boris", "09:01:00"), flowed_out("boris", "09:01:20", "callback")])
    floor.expect(State.MET, (1, 1))
    floor.expect_waiting(0, past_threshold=0)


def nine_calls_prove_nothing(floor: Floor) -> None:
    floor.promise(hotline())
    floor.given(in_order([fact for n in range(9) for fact in _missed_call(n)]))
    floor.expect(State.TOO_FEW, (0, 9))
    floor.advance("09:06:00")
    floor.expect_told()
    floor.given(in_order(_missed_call(30)))
    floor.advance("09:08:25")
    floor.expect(State.BREACHED, (0, 10))
    floor.expect_told()
    floor.advance("09:08:40")
    floor.expect_told(BREACH_OPENED)


def the_switch_tells_everything_twice_and_backwards(floor: Floor) -> None:
    floor.promise(over_the_day())
    told: list[Fact] = [
        ended("anna", "09:05:00"),
        answered("anna", "09:00:20"),
        offered("anna", "09:00:00"),
        abandoned("boris", "09:03:00"),
        offered("boris", "09:02:00"),
    ]
    floor.given([fact for fact in told for _ in range(2)])
    floor.expect(State.BREACHED, (1, 2))
    floor.expect_waiting(0, past_threshold=0)


def records_say_the_same_as_facts(floor: Floor) -> None:
    """The second switch writes one record per call, when it is over."""
    floor.promise(over_the_day())
    floor.given([record("anna", "09:00:00", answered_at="09:00:20", ended_at="09:04:00")])
    floor.given([record("boris", "09:01:00", abandoned_at="09:02:00")])
    floor.expect(State.BREACHED, (1, 2))


def _missed_call(minute: int) -> list[Fact]:
    at = instant("09:00:00") + minute * 12 * SECOND
    return [offered(f"missed-{minute}", at), answered(f"missed-{minute}", at + 35 * SECOND)]


def _heartbeats(since: str, number: int) -> list[Heartbeat]:
    return [heartbeat(instant(since) + n * 5 * MINUTE) for n in range(number)]


SCENARIOS: tuple[Scenario, ...] = (
    half_of_the_agents_leave,
    a_bad_minute_is_nobodys_business,
    a_quiet_night,
    the_first_call_may_take_its_time,
    a_caller_who_still_waits_is_missed_at_30_seconds,
    a_transfer_waits_twice,
    a_late_fact_puts_it_right,
    the_feed_dies_in_a_breach,
    heartbeats_keep_an_idle_hour_measurable,
    stricter_from_midnight,
    who_hangs_up_at_once_was_not_kept_waiting,
    who_asked_to_be_called_back_is_neither_won_nor_lost,
    nine_calls_prove_nothing,
    the_switch_tells_everything_twice_and_backwards,
    records_say_the_same_as_facts,
)
