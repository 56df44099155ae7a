"""From alerts to messages: who hears of a beginning, of news in between, and of the end."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import state
from agents.notify.book import Book
from agents.notify.notice import Key, Notice
from agents.notify.routes import Routes
from schemas.alerts import Alert, AlertEvent
from tests.notify.examples import LOST, NOW_MS, OPENED, RESOLVED, storm

CHAT, BOSS, MACHINE = "chat", "boss", "machine"
MINUTE_MS = 60_000


class Desk:
    """One partition's book, a clock, and receivers that take what they are told as soon as it is told."""

    def __init__(self, *routes: dict[str, Any], **more: Any) -> None:
        self.routes, self.book, self.now_ms = _routes(*routes, **more), Book(), NOW_MS
        self.stored: dict[bytes, bytes | None] = {}
        self.said: list[tuple[str, list[str]]] = []

    def hear(self, *alerts: Alert) -> None:
        for alert in alerts:
            self._store(self.book.hear(alert, self.routes, self.now_ms))
        self.later(0)

    def later(self, ms: int) -> None:
        self.now_ms += ms
        self._store(self.book.tick(self.routes, self.now_ms))
        for key, notice in [*self.book.outboxes()]:
            for message in notice.outbox:
                self.said.append((key.receiver, [alert.id for alert in message]))
                self._store(self.book.taken(key))

    def acknowledge(self, episode: str) -> None:
        self._store(self.book.acknowledge(episode))

    def restart(self) -> None:
        self.book = Book()
        for key, value in self.stored.items():
            self.book.restore(*state.notice_of(key, value))

    def told(self, receiver: str) -> list[list[str]]:
        return [ids for name, ids in self.said if name == receiver]

    def _store(self, changes: dict[Key, Notice | None]) -> None:
        self.stored |= dict(state.notice_record(key, notice) for key, notice in changes.items())


def test_a_breach_and_its_end_are_told_once_each() -> None:
    desk = Desk({"receivers": [CHAT]})
    desk.hear(OPENED, OPENED)
    desk.hear(RESOLVED, RESOLVED)
    assert desk.told(CHAT) == [[OPENED.id], [RESOLVED.id]]


def test_an_alert_that_comes_again_after_a_crash_is_known_for_an_hour() -> None:
    desk = Desk({"receivers": [CHAT]})
    desk.hear(OPENED, RESOLVED)
    desk.later(59 * MINUTE_MS)
    desk.restart()
    desk.hear(OPENED, RESOLVED)
    assert desk.told(CHAT) == [[OPENED.id], [RESOLVED.id]]
    desk.later(MINUTE_MS)
    assert not desk.book.notices
    assert set(desk.stored.values()) == {None}


def test_who_never_heard_of_a_breach_hears_of_no_end() -> None:
    desk = Desk({"receivers": [CHAT], "states": ["lost"]})
    desk.hear(OPENED, RESOLVED)
    assert desk.said == []


def test_who_is_told_that_it_is_lost_is_told_of_its_end() -> None:
    desk = Desk({"receivers": [CHAT]}, {"receivers": [BOSS], "states": ["lost"]})
    desk.hear(OPENED)
    desk.hear(LOST, LOST)
    desk.hear(LOST)
    desk.hear(RESOLVED)
    assert desk.told(CHAT) == [[OPENED.id], [LOST.id], [RESOLVED.id]]
    assert desk.told(BOSS) == [[LOST.id], [RESOLVED.id]]


def test_what_is_over_before_quiet_hours_end_wakes_nobody() -> None:
    desk = Desk({"receivers": [CHAT], "quiet_hours": "09:00-11:00"})
    desk.hear(OPENED)
    desk.later(30 * MINUTE_MS)
    desk.hear(RESOLVED)
    desk.later(120 * MINUTE_MS)
    assert desk.said == []


def test_what_is_still_open_when_quiet_hours_end_is_told_then() -> None:
    desk = Desk({"receivers": [CHAT], "quiet_hours": "09:00-11:00"})
    desk.hear(OPENED)
    assert desk.said == []
    desk.restart()
    desk.later(60 * MINUTE_MS)
    assert desk.told(CHAT) == [[OPENED.id]]


def test_a_storm_is_one_message_and_one_end() -> None:
    opened = storm(20)
    ends = [replace(RESOLVED, id=f"{one.episode}-resolved", episode=one.episode) for one in opened]
    desk = Desk({"receivers": [CHAT, MACHINE], "gather": "30s"})
    desk.hear(*opened[:12])
    desk.later(29_999)
    desk.hear(*opened[12:])
    assert desk.told(CHAT) == []
    desk.later(1)
    assert desk.told(CHAT) == [[one.id for one in opened]]
    assert desk.told(MACHINE) == [[one.id] for one in opened]
    desk.hear(*ends[:19])
    assert len(desk.told(CHAT)) == 1
    desk.hear(ends[19])
    assert desk.told(CHAT)[1] == [one.id for one in ends]


def test_what_is_over_before_the_storm_is_told_is_not_in_its_list() -> None:
    first, second = storm(2)
    desk = Desk({"receivers": [CHAT], "gather": "30s"})
    desk.hear(first, second)
    desk.hear(replace(RESOLVED, id="over", episode=first.episode))
    desk.later(30_000)
    assert desk.told(CHAT) == [[second.id]]
    desk.hear(replace(RESOLVED, id="over too", episode=second.episode))
    assert desk.told(CHAT) == [[second.id], ["over too"]]


@pytest.mark.parametrize("other", [{"client": "other"}, {"event": AlertEvent.FEED_SILENT}])
def test_another_client_and_another_thing_are_no_part_of_a_storm(other: dict[str, Any]) -> None:
    first, second = storm(2)
    desk = Desk({"receivers": [CHAT], "gather": "30s"})
    desk.hear(first, replace(second, **other))
    desk.later(30_000)
    assert desk.told(CHAT) == [[first.id], [second.id]]


def test_what_is_over_is_forgotten_whole() -> None:
    opened = storm(30)
    desk = Desk({"receivers": [CHAT, MACHINE], "gather": "30s"})
    desk.hear(*opened)
    desk.hear(replace(RESOLVED, id="first over", episode=opened[0].episode))
    desk.later(30_000)
    desk.hear(*(replace(RESOLVED, id=f"{one.episode} over", episode=one.episode) for one in opened[1:]))
    desk.later(60 * MINUTE_MS)
    assert not desk.book.notices
    # A forgotten alert that comes again is new, and told of as such.
    desk.hear(opened[0])
    assert desk.told(MACHINE).count([opened[0].id]) == 2


def test_what_began_first_is_brought_first_whatever_became_of_it() -> None:
    desk = Desk({"receivers": [CHAT]})
    first, second = storm(2)
    for alert in (first, second, replace(RESOLVED, id="over", episode=first.episode)):
        desk.book.hear(alert, desk.routes, NOW_MS)
    assert [key.alert for key, _ in desk.book.outboxes()] == [first.id, second.id]


def test_a_storm_is_cut_where_nobody_would_read_on() -> None:
    desk = Desk({"receivers": [CHAT], "gather": "30s"})
    desk.hear(*storm(101))
    desk.later(30_000)
    assert [len(ids) for ids in desk.told(CHAT)] == [100, 1]


ESCALATING = {"receivers": [CHAT], "escalate": {"after": "10m", "receivers": [BOSS]}}


@pytest.mark.parametrize(("ms", "told"), [(599_999, []), (600_000, [[OPENED.id]]), (600_001, [[OPENED.id]])])
def test_nobody_has_seen_to_it_for_ten_minutes(ms: int, told: list[list[str]]) -> None:
    desk = Desk(ESCALATING)
    desk.hear(OPENED)
    desk.restart()
    desk.later(ms)
    assert desk.told(BOSS) == told


def test_an_acknowledgement_stops_the_escalation_and_no_end() -> None:
    desk = Desk(ESCALATING)
    desk.hear(OPENED)
    desk.acknowledge(OPENED.episode)
    desk.restart()
    desk.later(600_000)
    desk.hear(RESOLVED)
    assert desk.told(BOSS) == []
    assert desk.told(CHAT) == [[OPENED.id], [RESOLVED.id]]


def test_what_is_over_is_not_escalated() -> None:
    desk = Desk(ESCALATING)
    desk.hear(OPENED, RESOLVED)
    desk.later(600_000)
    assert desk.told(BOSS) == []


def test_an_acknowledgement_of_another_episode_stops_nothing() -> None:
    desk = Desk(ESCALATING)
    desk.hear(OPENED)
    desk.acknowledge("another")
    desk.later(600_000)
    assert desk.told(BOSS) == [[OPENED.id]]


def test_alertmanager_is_told_again_while_it_is_open() -> None:
    desk = Desk({"receivers": [MACHINE, CHAT]})
    desk.hear(OPENED)
    for _ in range(3):
        desk.later(4 * MINUTE_MS - 1)
        desk.later(1)
    desk.hear(RESOLVED)
    desk.later(4 * MINUTE_MS)
    assert desk.told(MACHINE) == [[OPENED.id]] * 4 + [[RESOLVED.id]]
    assert desk.told(CHAT) == [[OPENED.id], [RESOLVED.id]]


def test_the_end_of_what_was_given_up_is_kept_with_it_and_not_told() -> None:
    desk = Desk({"receivers": [CHAT]})
    key = Key(OPENED.id, CHAT)
    desk.book.hear(OPENED, desk.routes, NOW_MS)
    desk.book.given_up(key)
    assert not [*desk.book.outboxes()]
    desk.book.hear(RESOLVED, desk.routes, NOW_MS)
    ((_, notice),) = desk.book.outboxes()
    assert notice.is_given_up
    assert notice.outbox == ((RESOLVED,),)


@given(
    st.lists(
        st.sampled_from(("open", "lost", "end", "again", "restart", "acknowledge", "minute", "hour")), max_size=30
    )
)
def test_whatever_happens_each_hears_a_beginning_before_an_end_and_nothing_twice(steps: list[str]) -> None:
    desk = Desk({"receivers": [CHAT], "gather": "30s"}, ESCALATING | {"receivers": ["phone"]})
    number, heard = 0, [OPENED]
    for step in steps:
        match step:
            case "open":
                number += 1
                heard.append(_of(OPENED, number, "opened"))
            case "lost" if heard[-1].event is not AlertEvent.BREACH_RESOLVED:
                heard.append(_of(LOST, number, "lost"))
            case "end":
                heard.append(_of(RESOLVED, number, "resolved"))
        if step in ("open", "lost", "end", "again"):
            desk.hear(heard[-1])
        elif step == "restart":
            desk.restart()
        elif step == "acknowledge":
            desk.acknowledge(_of(OPENED, number, "").episode)
        else:
            desk.later(MINUTE_MS if step == "minute" else 40 * MINUTE_MS)
    for receiver in (CHAT, BOSS, "phone"):
        _is_in_order(id_ for ids in desk.told(receiver) for id_ in ids)


def _is_in_order(ids: Iterable[str]) -> None:
    begun, ended, seen = set[str](), set[str](), list[str]()
    for id_ in ids:
        episode, _, what = id_.partition(" ")
        seen.append(id_)
        if what == "resolved":
            assert episode in begun
            ended.add(episode)
        else:
            assert episode not in ended
            begun.add(episode)
    assert len(seen) == len(set(seen))


def _of(alert: Alert, number: int, what: str) -> Alert:
    return replace(alert, id=f"{number} {what}", episode=str(number))


def _routes(*routes: dict[str, Any], **more: Any) -> Routes:
    people = [{"name": name, "sink": "ntfy", "topic": name} for name in (CHAT, BOSS, "phone")]
    machine = {"name": MACHINE, "sink": "alertmanager", "url": "https://alertmanager.example.com"}
    return Routes.model_validate({"receivers": [*people, machine], "routes": routes, **more})
