"""Viewers: the whole picture first, then what changes, written once for all; and those who fall behind."""

import asyncio

import pytest

from agents.web.hub import Hub, TooMany, Viewer
from schemas.verdicts import State
from sla_stream.episode import Episode, Phase
from sla_stream.judged import EpisodeKey, EpisodeRecord
from sla_stream.picture import Picture, Stored
from tests.builders import instant, promised, verdict
from tests.web.serving import Served

SALES = "hotline:picked-up-in-30s:sales"
SUPPORT = "hotline:picked-up-in-30s:support"
OPEN = EpisodeRecord(Episode("e1", Phase.OPEN, instant("08:55:00")))
KEY = EpisodeKey("acme", "hotline", "voice", "picked-up-in-30s", "sales")

MOST = 2
WAITING = 16


def hub(most: int = MOST) -> Hub:
    picture = Picture(promised())
    picture.take([verdict()], 0)
    return Hub(picture, lambda: 0, most)


async def frames(viewer: Viewer, n: int) -> list[bytes | None]:
    return [await viewer.next() for _ in range(n)]


def test_a_viewer_gets_the_whole_picture_first(door: Served) -> None:
    with door.events() as stream:
        assert stream.response.headers["Content-Type"] == "text/event-stream"
        snapshot = stream.next()
    assert snapshot is not None
    assert snapshot.type == "snapshot"
    assert [tile["id"] for tile in snapshot.data["tiles"]] == [SALES, SUPPORT]
    assert snapshot.data["clocks"] == {"acme": instant("09:00:00")}
    assert snapshot.data["stale"] == []


def test_what_changes_is_told_and_nothing_else(door: Served) -> None:
    with door.events() as stream:
        door.say(verdict(state=State.BREACHED, value=0.5))
        change = stream.change("tiles")
    (tile,) = change.data["tiles"]
    assert (tile["id"], tile["figures"][0]["state"], tile["figures"][0]["shown"]) == (SALES, "breached", 50.0)
    assert change.data["order"] is None
    assert change.data["troubles"] is None


def test_a_tile_that_is_new_comes_with_the_order_of_all(door: Served) -> None:
    with door.events() as stream:
        door.say(verdict(queue="billing"))
        change = stream.change("order")
    assert change.data["order"] == ["hotline:picked-up-in-30s:billing", SALES, SUPPORT]


def test_episodes_are_told_all_together_when_one_moves(door: Served) -> None:
    with door.events() as stream:
        door.say(Stored(KEY, OPEN))
        (trouble,) = stream.change("troubles").data["troubles"]
    assert (trouble["id"], trouble["tile"]) == ("e1", SALES)


def test_nothing_new_is_told_as_a_sign_of_life(door: Served) -> None:
    with door.events() as stream:
        stream.next()
        beat = stream.next()
    assert beat is not None
    assert (beat.data["tiles"], beat.data["order"], beat.data["troubles"]) == ([], None, None)


def test_who_comes_later_gets_the_picture_of_then(door: Served) -> None:
    with door.events() as early:
        early.next()
        door.say(verdict(state=State.BREACHED))
        early.change("tiles")
        with door.events() as late:
            snapshot = late.next()
    assert snapshot is not None
    assert [tile["figures"][0]["state"] for tile in snapshot.data["tiles"]] == ["breached", "met"]


def test_who_comes_back_with_the_last_id_gets_what_was_missed_and_not_everything(door: Served) -> None:
    with door.events() as stream:
        first = stream.next()
        assert first is not None
        door.say(verdict(state=State.AT_RISK))
        stream.change("tiles")
        with door.events(Last_Event_ID=first.id) as again:
            assert again.change("tiles").type == "change"


@pytest.mark.parametrize("last_id", ["another-0", "", "-", "x-y", "ffffffff-99999999999999999999"])
def test_who_comes_with_an_id_of_another_worker_or_none_gets_everything(door: Served, last_id: str) -> None:
    with door.events(Last_Event_ID=last_id) as stream:
        first = stream.next()
    assert first is not None
    assert first.type == "snapshot"


def test_an_id_from_the_future_is_none_of_ours(door: Served) -> None:
    with door.events() as stream:
        first = stream.next()
        assert first is not None
        name, _, _ = first.id.partition("-")
        with door.events(Last_Event_ID=f"{name}-999") as again:
            snapshot = again.next()
    assert snapshot is not None
    assert snapshot.type == "snapshot"


def test_a_half_read_picture_is_not_shown(door: Served) -> None:
    door.say(whole=False)
    answer = door.get("/events")
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")


def test_when_nothing_can_be_read_any_more_viewers_are_let_go_and_nobody_is_let_in() -> None:
    # Otherwise their walls would stand still and look healthy.
    with Served(promised()) as door:
        door.say(verdict())
        with door.events() as stream:
            stream.next()
            door.breaks()
            # One may have been under way.
            assert None in (stream.next(), stream.next())
        assert door.get("/events").status == 503


def test_a_client_whose_judge_falls_silent_is_told_as_stale() -> None:
    with Served(promised()) as door:
        door.say(verdict())
        with door.events() as stream:
            assert stream.change("stale").data["stale"] == ["acme"]


def test_a_frame_is_written_once_for_all_viewers() -> None:
    async def run() -> None:
        one = hub()
        viewers = [one.join(None, None) for _ in range(MOST)]
        one.publish(beat=True)
        (first, change), (second, same) = [await frames(viewer, 2) for viewer in viewers]
        assert first is second
        assert change is same

    asyncio.run(run())


def test_who_cannot_keep_up_gets_the_whole_picture_instead_of_what_waits() -> None:
    async def run() -> None:
        one = hub()
        viewer = one.join(None, None)
        for _ in range(WAITING - 1):
            one.publish(beat=True)
        # Sixteen wait, the snapshot first: the next one is too much.
        one.publish(beat=True)
        one.leave(viewer)
        viewer.end()
        (only, end) = await frames(viewer, 2)
        assert only is not None
        assert b"event: snapshot" in only
        assert end is None

    asyncio.run(run())


@pytest.mark.parametrize("most", [1, 2, 3])
def test_no_more_viewers_are_let_in_than_the_worker_serves(most: int) -> None:
    async def run() -> None:
        one = hub(most)
        viewers = [one.join(None, None) for _ in range(most)]
        with pytest.raises(TooMany):
            one.join(None, None)
        one.leave(viewers[0])
        one.join(None, None)

    asyncio.run(run())
