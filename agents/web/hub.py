"""From one picture to any number of viewers: what changed is written down once for all who may see the same.

A viewer gets the whole picture first, then changes: at once when something moves, but the more seldom the more
look, and a sign of life when nothing does. Whoever comes back in time with the id of the last event they had gets
what they missed. Whoever cannot keep up is given the whole picture again instead of what waited for them.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from secrets import token_hex
from typing import Protocol, TypeAlias, TypeVar

import orjson

from schemas.wall import Change, Line, Snapshot, Tile
from sla_stream.day import SLOT_MS, SLOTS
from sla_stream.picture import News, Picture

#: Who may be seen; None: everybody.
Clients: TypeAlias = frozenset[str] | None

#: Between two changes, which lies on the way from a fact to the wall; and how much longer for each who looks, so
#: that telling them all takes no more of the worker the more they are.
_REST_S, _REST_PER_VIEWER_S = 0.05, 0.001
#: A viewer who has heard nothing for three of these knows that something is wrong.
BEAT_S = 2.0

_REMEMBERED = 64
_WAITING = 16


class _OfClient(Protocol):
    @property
    def client(self) -> str: ...


_Seen = TypeVar("_Seen", bound=_OfClient)


class TooMany(Exception):  # noqa: N818 - it says how things are
    """So many look already that another would be at their cost."""


class Viewer:
    """One connection: what still has to be sent to it."""

    def __init__(self, room: "Room", frames: Iterable[bytes]) -> None:
        self.room = room
        self._frames = deque(frames)
        self._some = asyncio.Event()
        self._some.set()
        self._over = False

    async def next(self) -> bytes | None:
        """Wait for what is to be sent next; None: nothing more will come."""
        while not self._frames:
            if self._over:
                return None
            self._some.clear()
            await self._some.wait()
        return self._frames.popleft()

    def send(self, frame: bytes) -> None:
        """Let it wait until it is asked for; if too much waits, all of it gives way to the whole picture."""
        if len(self._frames) >= _WAITING:
            self._frames.clear()
            frame = self.room.snapshot()
        self._frames.append(frame)
        self._some.set()

    def end(self) -> None:
        """Send what waits, and no more."""
        self._over = True
        self._some.set()


class Room:
    """Those who may see the same clients."""

    def __init__(self, clients: Clients, picture: Picture, now_ms: Callable[[], int]) -> None:
        self.viewers: set[Viewer] = set()
        self._clients, self._picture, self._now_ms = clients, picture, now_ms
        #: Of this room's life: an id from another worker, or from before a restart, means nothing here.
        self._name, self._number = token_hex(4), 0
        self._recent: deque[bytes] = deque(maxlen=_REMEMBERED)
        self._snapshot: bytes | None = None

    def join(self, last_id: str | None) -> Viewer:
        """Come in, for the first time or again."""
        missed = self._missed(last_id)
        viewer = Viewer(self, [self.snapshot()] if missed is None else missed)
        self.viewers.add(viewer)
        return viewer

    def publish(self, news: News) -> None:
        """Tell everybody in here."""
        picture, troubles = self._picture, self._visible(self._picture.troubles()) if news.troubles else None
        change = Change(
            tiles=self._visible(news.tiles),
            order=[tile.id for tile in self._visible(picture.ordered())] if news.others else None,
            troubles=troubles,
            clocks=self._clocks(),
            stale=self._stale(),
        )
        self._number += 1
        self._snapshot = None
        frame = self._frame(change)
        self._recent.append(frame)
        for viewer in self.viewers:
            viewer.send(frame)

    def snapshot(self) -> bytes:
        """The whole picture, after the last change that was told."""
        if self._snapshot is None:
            tiles = self._visible(self._picture.ordered())
            lines = {tile.id: line for tile in tiles if (line := self._line(tile))}
            whole = Snapshot(
                tiles=tiles,
                lines=lines,
                troubles=self._visible(self._picture.troubles()),
                clocks=self._clocks(),
                stale=self._stale(),
            )
            self._snapshot = self._frame(whole)
        return self._snapshot

    def _missed(self, last_id: str | None) -> list[bytes] | None:
        name, _, number = (last_id or "").partition("-")
        if name != self._name or not number.isdecimal():
            return None
        missed = self._number - int(number)
        return list(self._recent)[len(self._recent) - missed :] if 0 <= missed <= len(self._recent) else None

    def _frame(self, said: Snapshot | Change) -> bytes:
        head = f"id: {self._name}-{self._number}\nevent: {said.type}\ndata: ".encode()
        return head + orjson.dumps(said) + b"\n\n"

    def _line(self, tile: Tile) -> Line | None:
        day = self._picture.day(tile, tile.figures[0].window)
        if day is None:
            return None
        start, values = day.line(tile.at - SLOTS * SLOT_MS)
        return Line(
            start=start, step_ms=SLOT_MS, values=[None if one is None else round(one, 4) for one in values]
        )

    def _visible(self, some: Iterable[_Seen]) -> list[_Seen]:
        return [one for one in some if self._clients is None or one.client in self._clients]

    def _clocks(self) -> dict[str, int]:
        clocks = self._picture.clocks().items()
        return {client: at for client, at in clocks if self._clients is None or client in self._clients}

    def _stale(self) -> list[str]:
        stale = self._picture.stale(self._now_ms())
        return [client for client in stale if self._clients is None or client in self._clients]


class Hub:
    """All rooms. `most` is how many viewers there may be at once."""

    def __init__(self, picture: Picture, now_ms: Callable[[], int], most: int = 1_000) -> None:
        self._picture, self._now_ms, self._most = picture, now_ms, most
        self._rooms: dict[Clients, Room] = {}
        self._moved = asyncio.Event()

    @property
    def viewers(self) -> int:
        """How many look."""
        return sum(len(room.viewers) for room in self._rooms.values())

    def join(self, clients: Clients, last_id: str | None) -> Viewer:
        """Let somebody look at these clients. Raises `TooMany`."""
        if self.viewers >= self._most:
            raise TooMany
        self.publish()
        room = self._rooms.get(clients)
        if room is None:
            room = self._rooms[clients] = Room(clients, self._picture, self._now_ms)
        return room.join(last_id)

    def leave(self, viewer: Viewer) -> None:
        """They have gone. An empty room is kept, so that whoever lost the connection finds what they missed."""
        viewer.room.viewers.discard(viewer)

    def moved(self) -> None:
        """Something was said."""
        if self._picture.has_news:
            self._moved.set()

    def publish(self, *, beat: bool = False) -> None:
        """Tell every room what has changed; for a sign of life also that nothing has."""
        if self._picture.has_news or beat:
            news = self._picture.refresh()
            for room in self._rooms.values():
                room.publish(news)

    async def run(self) -> None:
        """Until cancelled: tell what moves, and give signs of life."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), BEAT_S)
            self._moved.clear()
            if self.viewers:
                self.publish(beat=True)
            await asyncio.sleep(_REST_S + _REST_PER_VIEWER_S * self.viewers)

    def close(self) -> None:
        """End every connection: a server that stops does not wait for those who only look."""
        for room in self._rooms.values():
            for viewer in room.viewers:
                viewer.end()
