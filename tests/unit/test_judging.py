"""From tallies to verdicts: what is judged when, and what a tick gives back."""

import pytest

from schemas.alerts import AlertEvent
from schemas.facts import Fact
from schemas.verdicts import Reason, State, Verdict
from sla_stream.boards import Heard
from sla_stream.counting import Counting
from sla_stream.episode import Episode, Phase
from sla_stream.judged import EpisodeKey, EpisodeRecord, Judged, VerdictKey
from sla_stream.judging import Judging
from sla_stream.moment import moment_of
from sla_stream.promises import Promises, promises_of
from tests.builders import (
    HOUR,
    PICKED_UP_IN_30S,
    SECOND,
    answered,
    batch,
    bench_messages,
    contract,
    heartbeat,
    instant,
    objective,
    offered,
    promised,
    version,
)


def judging(promises: Promises, *facts: Fact, heard: str = "09:00:20") -> Judging:
    one = Judging(promises)
    one.observe(bench_messages(Counting(promises).observe(batch(facts)), heard=heard))
    return one


def verdicts(judged: Judged) -> dict[tuple[str | None, str], Verdict]:
    return {(key.queue, key.window): verdict for key, verdict in judged.verdicts.items()}


def test_a_verdict_says_how_it_stands_and_why() -> None:
    promises = promised(objective(windows=["day"]))
    judged = judging(promises, offered(), answered(), offered("boris")).tick(instant("09:00:25"))
    (verdict,) = judged.verdicts.values()
    assert (verdict.state, verdict.reason) == (State.MET, Reason.TARGET_MET)
    assert (verdict.numerator, verdict.denominator, verdict.value, verdict.target) == (1, 1, 1.0, 0.9)
    assert (verdict.start, verdict.end) == (instant("00:00:00"), instant("2026-03-03T00:00:00"))
    assert (verdict.waiting, verdict.waiting_past_threshold, verdict.longest_wait_ms) == (1, 0, 25_000)


@pytest.mark.parametrize(
    ("judge", "queues"),
    [("together", {None}), ("each_queue", {"sales", "support"}), ("both", {None, "sales", "support"})],
)
def test_queues_are_judged_as_the_contract_says(judge: str, queues: set[str | None]) -> None:
    promises = promised(objective(windows=["day"], judge=judge))
    one = judging(promises, offered(), offered("boris", queue="support"))
    assert {queue for queue, _ in verdicts(one.tick(instant("09:00:25")))} == queues


def test_every_window_has_its_verdict() -> None:
    windows = ["rolling 15m", "interval 30m", "day", "week", "month"]
    one = judging(promised(objective(windows=windows)), offered())
    assert {window for _, window in verdicts(one.tick(instant("09:00:25")))} == set(windows)


def test_a_tick_tells_only_what_changed() -> None:
    one = judging(promised(objective(windows=["day"])), offered(), answered())
    assert len(one.tick(instant("09:00:25")).verdicts) == 1
    assert one.tick(instant("09:00:26")) == Judged()


def test_a_feed_that_was_never_heard_is_not_judged() -> None:
    assert Judging(promised(objective())).tick(instant("09:00:00")) == Judged()


@pytest.mark.parametrize(
    ("at", "state"),
    [("2026-03-02T23:59:59.999", State.MET), ("2026-03-03T00:00:00", State.BREACHED)],
)
def test_from_midnight_the_next_version_is_in_force(at: str, state: State) -> None:
    """Picked up after 25 s: in time under the first version, late under the second."""
    strict = objective(measure=PICKED_UP_IN_30S | {"threshold": "20s"}, windows=["week"])
    one = contract(version(objective(windows=["week"])), version(strict, effective="2026-03-03"))
    facts: list[Fact] = [offered(at="23:59:00"), answered(at="23:59:25")]
    judged = judging(promises_of([one]), *facts, heard="23:59:25").tick(instant(at))
    assert {verdict.state for verdict in judged.verdicts.values()} == {state}


def test_before_its_first_version_a_contract_promises_nothing() -> None:
    one = contract(version(effective="2026-03-03"))
    assert judging(promises_of([one]), offered(), answered()).tick(instant("09:00:25")).verdicts == {}


AGREEMENT = promised(objective(), silence="10m", hours="08:00-20:00").agreements[0]


@pytest.mark.parametrize(
    ("heard_ago_ms", "quiet", "silent"),
    [(599_999, False, False), (600_000, False, False), (600_001, True, True)],
)
def test_silence_is_longer_than_the_contract_allows(heard_ago_ms: int, quiet: bool, silent: bool) -> None:
    now_ms = instant("12:00:00")
    moment = moment_of(AGREEMENT, Heard(instant("10:00:00"), now_ms - heard_ago_ms), now_ms)
    assert moment[:3] == (instant("10:00:00") + heard_ago_ms, quiet, silent)


@pytest.mark.parametrize(
    ("at", "silent"),
    [
        ("07:59:59", False),
        ("08:00:01", False),
        ("08:09:59", False),
        ("08:10:00", True),
        ("19:59:59", True),
        ("20:00:00", False),
    ],
)
def test_nobody_expects_facts_when_the_centre_is_closed(at: str, silent: bool) -> None:
    """Nothing since noon of the day before."""
    yesterday = instant("2026-03-01T12:00:00")
    assert moment_of(AGREEMENT, Heard(yesterday, yesterday), instant(at)).silent is silent


def test_a_worker_whose_clock_is_behind_the_heard_one_sees_no_silence() -> None:
    moment = moment_of(AGREEMENT, Heard(instant("10:00:00"), instant("12:00:05")), instant("12:00:00"))
    assert moment[:3] == (instant("10:00:00"), False, False)


@pytest.mark.parametrize(
    ("behind_ms", "catching_up", "is_news"),
    [
        (0, False, True),
        (59_999, False, True),
        (60_000, False, True),
        (60_001, True, True),
        (HOUR - 1, True, True),
        (HOUR, True, True),
        (HOUR + 1, True, False),
    ],
)
def test_who_hears_facts_of_an_earlier_time_catches_up_and_at_last_brings_no_news(
    behind_ms: int, catching_up: bool, is_news: bool
) -> None:
    """Heard just now, told of a time that is gone by."""
    now_ms = instant("12:00:00")
    agreement = promised(objective(), alert_horizon="1h").agreements[0]
    moment = moment_of(agreement, Heard(now_ms - behind_ms, now_ms), now_ms)
    assert (moment.catching_up, moment.is_news) == (catching_up, is_news)


KEY = EpisodeKey("acme", "hotline", "voice", "picked-up-in-30s", None)
ALERTING = promised(objective(windows=["day"], alert={"window": "day", "breach_after": "1m"}))


def _missed() -> Judging:
    one = judging(ALERTING, offered(), answered(at="09:00:40"), heard="09:00:40")
    one.tick(instant("09:00:40"))
    return one


def test_history_is_recorded_and_wakes_nobody_until_it_reaches_the_present() -> None:
    """Two hours behind the clock the breach is known, but told only once what is heard is an hour old."""
    counting, one = Counting(ALERTING), Judging(ALERTING)

    def hear(facts: list[Fact], now: str) -> EpisodeRecord | None:
        changes = counting.observe(batch(facts, counting.position.offset + 1))
        one.observe(bench_messages(changes, heard=now))
        one.tick(instant(now))
        return one.episodes.get(KEY)

    hear([offered(), answered(at="09:00:40")], now="12:00:00")
    missed = hear([heartbeat("10:59:59.999")], now="12:00:00")
    assert missed is not None
    assert (missed.episode.phase, missed.alert) == (Phase.PENDING, None)
    assert {verdict.state for verdict in one.verdicts.values()} == {State.BREACHED}
    told = hear([heartbeat("11:00:00")], now="12:00:00")
    assert told is not None
    assert told.alert is not None
    assert (told.alert.event, told.alert.since) == (AlertEvent.BREACH_OPENED, instant("09:00:40"))


def test_what_recovered_while_it_was_history_is_never_told() -> None:
    counting, one = Counting(ALERTING), Judging(ALERTING)
    facts: list[Fact] = [offered(), answered(at="09:00:40")]
    facts += [fact for n in range(9) for fact in (offered(f"c{n}", "09:10:00"), answered(f"c{n}", "09:10:05"))]
    for number, fact in enumerate(facts):
        one.observe(bench_messages(counting.observe(batch([fact], number)), heard="12:00:00"))
        one.tick(instant("12:00:00"))
        assert not list(one.unannounced())
    assert one.episodes == {}


def test_who_was_told_hears_of_the_end_though_it_is_history_by_then() -> None:
    one = judging(ALERTING, offered(), answered(at="09:00:40"), heartbeat("09:05:00"), heard="12:00:00")
    one.restore_episode(KEY, EpisodeRecord(Episode("e-1", Phase.OPEN, instant("08:00:00"))))
    one.adopt(promised(objective(windows=["day"], alert={"window": "day"}, target={"at_least": "0%"})))
    one.tick(instant("12:00:00"))
    assert [alert.event for _, alert in one.unannounced()] == [AlertEvent.BREACH_RESOLVED]


@pytest.mark.parametrize(("heard", "catching_up"), [("09:01:20", False), ("09:01:21", True)])
def test_a_verdict_says_when_it_is_not_of_now(heard: str, catching_up: bool) -> None:
    one = judging(promised(objective(windows=["day"])), offered(), answered(), heard=heard)
    assert [verdict.catching_up for verdict in one.tick(instant(heard)).verdicts.values()] == [catching_up]


@pytest.mark.parametrize(("after_s", "phase"), [(59, Phase.PENDING), (60, Phase.OPEN), (61, Phase.OPEN)])
def test_a_breach_opens_once_it_has_lasted(after_s: int, phase: Phase) -> None:
    one = _missed()
    one.tick(instant("09:00:40") + after_s * SECOND)
    assert one.episodes[KEY].episode.phase is phase
    assert (one.episodes[KEY].alert is not None) is (phase is Phase.OPEN)


def test_a_breach_opens_without_any_new_fact() -> None:
    assert list(_missed().tick(instant("09:01:40")).episodes) == [KEY]


def test_a_stored_breach_goes_on_where_it_was() -> None:
    one = judging(ALERTING, offered(), answered(at="09:00:40"), heard="09:00:40")
    stored = EpisodeRecord(Episode("e-1", Phase.OPEN, instant("08:00:00")))
    one.restore_episode(KEY, stored)
    assert one.tick(instant("09:05:00")).episodes == {}
    assert one.episodes == {KEY: stored}
    one.restore_episode(KEY, None)
    assert one.episodes == {}


def test_the_same_tallies_give_the_same_episode_anywhere() -> None:
    assert _missed().episodes == _missed().episodes


def test_other_contracts_are_judged_from_the_next_tick() -> None:
    one = judging(promised(objective(windows=["day"])), offered(), answered(at="09:00:25"))
    one.tick(instant("09:00:25"))
    one.adopt(promised(objective(windows=["week"])))
    assert list(one.tick(instant("09:00:25")).verdicts) == [
        VerdictKey("acme", "hotline", "picked-up-in-30s", None, "week")
    ]


def test_that_a_breach_begins_which_must_last_first_is_left_to_the_tick() -> None:
    one = judging(ALERTING, offered(), answered(at="09:00:40"), heard="09:00:40")
    assert one.judge_moved(instant("09:00:40")) == Judged()
    assert list(one.tick(instant("09:00:40")).episodes) == [KEY]


def test_a_breach_that_has_begun_is_told_at_once_when_it_has_lasted() -> None:
    one, counting = Judging(ALERTING), Counting(ALERTING)
    one.observe(bench_messages(counting.observe(batch([offered(), answered(at="09:00:40")])), heard="09:00:40"))
    one.tick(instant("09:00:40"))
    later: list[Fact] = [offered("boris", at="09:01:00"), answered("boris", at="09:01:40")]
    one.observe(bench_messages(counting.observe(batch(later, first_offset=2)), heard="09:01:40"))
    record = one.judge_moved(instant("09:01:40")).episodes[KEY]
    assert record is not None
    assert record.episode.phase is Phase.OPEN


def _told_of_a_breach() -> Judging:
    one = _missed()
    one.tick(instant("09:01:40"))
    one.announced(KEY)
    return one


def test_a_breach_of_what_is_no_longer_promised_is_resolved() -> None:
    one = _told_of_a_breach()
    episode = one.episodes[KEY].episode
    one.adopt(promised(objective(name="another", windows=["day"])))
    record = one.tick(instant("09:02:00")).episodes[KEY]
    assert record is not None
    assert record.alert is not None
    assert (record.alert.event, record.alert.reason) == (AlertEvent.BREACH_RESOLVED, Reason.NOT_PROMISED)
    assert record.alert.episode == episode.id
    assert one.announced(KEY) is None


def test_a_breach_nobody_was_told_of_ends_with_its_promise_in_silence() -> None:
    one = _missed()
    one.adopt(promised(objective(name="another", windows=["day"])))
    assert one.tick(instant("09:00:50")).episodes == {KEY: None}


def test_a_breach_waits_for_a_feed_that_is_yet_to_be_heard() -> None:
    stored = EpisodeRecord(Episode("e-1", Phase.OPEN, instant("08:00:00")))
    one = Judging(ALERTING)
    one.restore_episode(KEY, stored)
    assert one.tick(instant("09:00:00")).episodes == {}


def test_a_breach_ends_with_the_severity_it_began_with() -> None:
    one = _told_of_a_breach()
    milder = {"window": "day", "severity": "info"}
    one.adopt(promised(objective(windows=["day"], alert=milder, target={"at_least": "0%"})))
    record = one.tick(instant("09:02:00")).episodes[KEY]
    assert record is not None
    assert record.alert is not None
    assert (record.alert.event, record.alert.severity) == (AlertEvent.BREACH_RESOLVED, "error")
