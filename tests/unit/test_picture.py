"""The whole picture: what is shown of what the judges write, what has changed, and what is stale."""

from dataclasses import replace

import pytest

from schemas.alerts import Acknowledgement, AlertEvent
from schemas.pulses import Pulse
from schemas.verdicts import State
from schemas.wall import Tile
from sla_stream.alerting import breach_alert, risk_alert
from sla_stream.episode import Episode, Phase
from sla_stream.judged import EpisodeKey, EpisodeRecord
from sla_stream.picture import Picture, Said, Stored
from sla_stream.promises import Promises, promises_of
from tests.builders import SECOND, contract, instant, objective, promised, verdict, version

NOW = 1_000_000
KEY = EpisodeKey("acme", "hotline", "voice", "picked-up-in-30s", "sales")
OPEN = Episode("e1", Phase.OPEN, instant("08:55:00"), severity="critical")


def promises(**written: object) -> Promises:
    return promised(objective(name="picked-up-in-30s", windows=["day", "rolling 15m"], **written))


def picture(*said: Said, by: Promises | None = None) -> Picture:
    one = Picture(by or promises())
    one.take(said, NOW)
    one.refresh()
    return one


def pulse(at: str = "09:00:00", every_ms: int = 1000, client: str = "acme") -> Pulse:
    return Pulse(partition=0, every_ms=every_ms, clocks={client: instant(at)})


def only(tiles: list[Tile]) -> Tile:
    (tile,) = tiles
    return tile


def test_the_windows_of_an_objective_are_one_tile_the_one_that_alerts_first() -> None:
    alerting = promises(alert={"window": "rolling 15m"})
    one = picture(verdict(window="day"), verdict(window="rolling 15m"), by=alerting)
    tile = only(one.ordered())
    assert tile.id == "hotline:picked-up-in-30s:sales"
    assert [figure.window for figure in tile.figures] == ["rolling 15m", "day"]


def test_without_alerts_the_first_window_of_the_contract_is_first() -> None:
    one = picture(verdict(window="rolling 15m"), verdict(window="day"))
    assert [figure.window for figure in only(one.ordered()).figures] == ["day", "rolling 15m"]


def test_figures_are_shown_rounded_to_the_side_that_misses() -> None:
    missed = replace(verdict(window="day"), value=0.8996, target=0.9)
    late = replace(verdict(window="day"), value=20_010, target=20_000, unit="ms", at_most=True)
    for said, shown, target in ((missed, 89.9, 90.0), (late, 20.1, 20.0)):
        figure = only(picture(said).ordered()).figures[0]
        assert (figure.shown, figure.target_shown, figure.places) == (shown, target, 1)


def test_a_longer_wait_of_the_same_caller_is_no_change() -> None:
    first = replace(verdict(window="day"), at=instant("09:00:00"), waiting=1, longest_wait_ms=5_000)
    one = picture(first)
    one.take([replace(first, at=instant("09:00:07"), longest_wait_ms=12_000)], NOW)
    assert one.refresh().tiles == []
    assert only(one.ordered()).waiting_since == instant("08:59:55")


def test_only_what_changed_is_told_and_once() -> None:
    one = picture(verdict(window="day"), verdict(window="day", queue="support"))
    one.take([replace(verdict(window="day"), state=State.BREACHED)], NOW)
    news = one.refresh()
    assert (only(news.tiles).queue, news.others, news.troubles) == ("sales", False, False)
    assert not one.has_news
    assert one.refresh().tiles == []


def test_a_tile_that_is_new_or_gone_is_told() -> None:
    one = Picture(promises())
    one.take([verdict(window="day")], NOW)
    assert one.refresh().others
    one.adopt(promised(objective(name="another")))
    assert one.refresh().others
    assert one.ordered() == []


def test_what_is_no_longer_promised_is_not_shown_from_the_new_versions_day_on() -> None:
    ours, another = objective(name="picked-up-in-30s", windows=["day"]), objective(name="another")
    versions = version(ours), version(another, effective="2026-03-03")
    one = picture(verdict(window="day"), pulse("2026-03-02T23:59:59"), by=promises_of([contract(*versions)]))
    assert one.ordered()
    one.take([pulse("2026-03-03T00:00:00")], NOW)
    assert one.refresh().others
    assert one.ordered() == []


def test_tiles_stand_in_the_order_of_the_contract() -> None:
    names = ["zeta", "alpha"]
    found = promised(*(objective(name=name, windows=["day"]) for name in names))
    said = [verdict(window="day", objective=name, queue=queue) for name in reversed(names) for queue in "ba"]
    shown = [(tile.objective, tile.queue) for tile in picture(*said, by=found).ordered()]
    assert shown == [("zeta", "a"), ("zeta", "b"), ("alpha", "a"), ("alpha", "b")]


@pytest.mark.parametrize(("waited_ms", "stale"), [(4_999, []), (5_000, []), (5_001, ["acme"])])
def test_a_client_of_whose_judge_nothing_is_heard_for_five_seconds_is_stale(
    waited_ms: int, stale: list[str]
) -> None:
    assert picture(verdict(window="day"), pulse()).stale(NOW + waited_ms) == stale


@pytest.mark.parametrize(("waited_ms", "stale"), [(29_999, []), (30_000, []), (30_001, ["acme"])])
def test_a_judge_that_ticks_slowly_is_given_three_ticks(waited_ms: int, stale: list[str]) -> None:
    assert picture(verdict(window="day"), pulse(every_ms=10_000)).stale(NOW + waited_ms) == stale


def test_a_client_that_was_never_heard_is_stale_however_good_its_figures() -> None:
    assert picture(verdict(window="day"), pulse(client="other")).stale(NOW) == ["acme"]


def test_an_episode_is_shown_from_when_it_is_told_until_it_is_over() -> None:
    one = picture(Stored(KEY, EpisodeRecord(replace(OPEN, phase=Phase.PENDING))))
    assert one.troubles() == []
    one.take([Stored(KEY, EpisodeRecord(OPEN))], NOW)
    assert one.refresh().troubles
    (trouble,) = one.troubles()
    assert (trouble.id, trouble.tile, trouble.severity, trouble.since, trouble.until, trouble.lost) == (
        "e1",
        "hotline:picked-up-in-30s:sales",
        "critical",
        OPEN.since_ms,
        None,
        False,
    )
    one.take([Stored(KEY, None)], NOW)
    assert one.refresh().troubles
    assert one.troubles() == []


def test_an_episode_that_is_stored_again_as_it_was_is_no_news() -> None:
    one = picture(Stored(KEY, EpisodeRecord(OPEN)))
    one.take([Stored(KEY, EpisodeRecord(replace(OPEN, clearing_since_ms=instant("09:00:00"))))], NOW)
    assert not one.has_news


def test_an_alert_that_it_is_over_leaves_the_episode_among_the_past() -> None:
    closed = replace(OPEN, phase=Phase.CLOSED)
    alert = breach_alert(closed, OPEN, verdict(window="day"))
    assert alert.event is AlertEvent.BREACH_RESOLVED
    (past,) = picture(alert).past_troubles()
    assert (past.id, past.since, past.until) == ("e1", OPEN.since_ms, verdict().at)
    assert past.tile == "hotline:picked-up-in-30s:sales"
    assert picture(breach_alert(OPEN, None, verdict(window="day"))).past_troubles() == []


SEES_TO_IT = Acknowledgement(episode="e1", receiver="on-call", by="Maria", at=instant("09:01:00"))


@pytest.mark.parametrize("first", ["the episode", "the acknowledgement"])
def test_who_sees_to_an_episode_is_shown_whichever_is_heard_first(first: str) -> None:
    said: list[Said] = [Stored(KEY, EpisodeRecord(OPEN)), SEES_TO_IT]
    one = picture(*(said if first == "the episode" else reversed(said)))
    assert [trouble.seen_to_by for trouble in one.troubles()] == ["Maria"]


def test_who_saw_to_an_episode_is_told_when_it_is_over_and_of_no_other() -> None:
    closed = breach_alert(replace(OPEN, phase=Phase.CLOSED), OPEN, verdict(window="day"))
    other = replace(closed, episode="e2")
    past = picture(SEES_TO_IT, closed, other).past_troubles()
    assert {trouble.id: trouble.seen_to_by for trouble in past} == {"e1": "Maria", "e2": None}
    one = picture(closed)
    one.take([SEES_TO_IT], NOW)
    assert one.has_news
    assert [trouble.seen_to_by for trouble in one.past_troubles()] == ["Maria"]


def test_a_risk_and_a_breach_of_one_promise_are_told_apart() -> None:
    risk = EpisodeRecord(replace(OPEN, id="e2", severity="warning"))
    one = picture(Stored(KEY, EpisodeRecord(OPEN)), Stored(KEY.of_risk, risk))
    assert {trouble.id: trouble.risk for trouble in one.troubles()} == {"e1": False, "e2": True}
    over = risk_alert(replace(risk.episode, phase=Phase.CLOSED), risk.episode, verdict(window="day"))
    one.take([Stored(KEY.of_risk, None), over], NOW)
    assert [trouble.id for trouble in one.troubles()] == ["e1"]
    assert [(trouble.id, trouble.risk) for trouble in one.past_troubles()] == [("e2", True)]


def test_a_verdict_of_a_second_later_moves_the_clock_but_not_the_tile() -> None:
    said = verdict(window="day")
    one = picture(said, pulse("09:00:00"))
    one.take([replace(said, at=said.at + SECOND), pulse("09:00:01")], NOW)
    assert one.refresh().tiles == []
    assert one.clocks() == {"acme": instant("09:00:01")}
