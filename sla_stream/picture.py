"""The whole picture, whoever judged its parts: what every worker can show.

It is made of what the judges write - verdicts, notes of the day, episodes, and signs of life - and of who sees to
an episode. `refresh` says what has changed since the last time, so that only that need be told. A client whose
judge gives no sign of life is stale: its figures stand still, and nobody may take them for good ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeAlias

from schemas.alerts import Acknowledgement, Alert, AlertEvent
from schemas.history import Sample
from schemas.pulses import Pulse
from schemas.verdicts import Verdict
from schemas.wall import Tile, Trouble
from sla_stream.day import Day, key_of
from sla_stream.episode import Episode, Phase
from sla_stream.judged import EpisodeKey, EpisodeRecord, VerdictKey
from sla_stream.promises import Promise, Promises
from sla_stream.tiles import tile_id, tile_of, windows_of

#: A sign of life is overdue after so many of the intervals at which it should come, and not before so long.
_MISSED = 3
_PATIENCE_MS = 5_000

#: Of episodes that are over, the newest are remembered.
_REMEMBERED = 1_000


class Place(NamedTuple):
    """Where an objective is judged: what one tile is of."""

    client: str
    contract: str
    objective: str
    queue: str | None


class Stored(NamedTuple):
    """An episode as it is stored now; None: there is none."""

    key: EpisodeKey
    record: EpisodeRecord | None


Said: TypeAlias = Verdict | Sample | Pulse | Stored | Alert | Acknowledgement


@dataclass(frozen=True, slots=True)
class News:
    """What changed: tiles as they are now; whether any has come or gone; whether any episode has changed."""

    tiles: list[Tile]
    others: bool
    troubles: bool


class _Heard(NamedTuple):
    """A client's clock (event time), when it was told, and until when that holds (both by our clock)."""

    clock_ms: int
    until_ms: int


class Picture:
    """Everything there is to see, of all clients."""

    def __init__(self, promises: Promises) -> None:
        #: What is promised now, by contract; and what each is, in the order of showing.
        self._in_force: dict[str, tuple[Promise, ...]] = {}
        self._promised: dict[tuple[str, str, str], Promise] = {}
        self._verdicts: dict[Place, dict[str, Verdict]] = {}
        self._days: dict[VerdictKey, Day] = {}
        self._open: dict[EpisodeKey, Trouble] = {}
        self._over: dict[str, Trouble] = {}
        #: Episode -> who has said that they see to it.
        self._seen_to: dict[str, str] = {}
        self._heard: dict[str, _Heard] = {}
        self._moved: set[Place] = set()
        self._troubles_changed = False
        self.tiles: dict[Place, Tile] = {}
        self.adopt(promises)

    def adopt(self, promises: Promises) -> None:
        """Show what other contracts promise from here on."""
        self._promises = promises
        self._go_by_clocks()

    def take(self, said: Iterable[Said], now_ms: int) -> None:
        """Hear what was said at `now_ms`."""
        for one in said:
            match one:
                case Stored(key, record):
                    self._store(key, record)
                case Alert():
                    self._remember(one)
                case Acknowledgement():
                    self._see_to(one)
                case Sample():
                    self._days.setdefault(key_of(one), Day()).put(one)
                case Pulse():
                    self._hear(one, now_ms)
                case _:
                    self._judged(one)

    def refresh(self) -> News:
        """What has changed since the last time."""
        tiles, others = [], False
        for place in self._moved:
            before, after = self.tiles.pop(place, None), self._tile(place)
            others = others or (before is None) is not (after is None)
            if after:
                self.tiles[place] = after
                if after != before:
                    tiles.append(after)
        news = News(tiles, others, self._troubles_changed)
        self._moved, self._troubles_changed = set(), False
        return news

    @property
    def has_news(self) -> bool:
        """Whether anything was said that may have changed it."""
        return bool(self._moved) or self._troubles_changed

    def ordered(self) -> list[Tile]:
        """Every tile, in the order of the contracts and of what they promise, queues by name."""
        number = {name: number for number, name in enumerate(self._promised)}

        def place(tile: Tile) -> tuple[int, str]:
            return number[tile.client, tile.contract, tile.objective], tile.queue or ""

        return sorted(self.tiles.values(), key=place)

    def troubles(self) -> list[Trouble]:
        """The open episodes, the newest first."""
        return sorted(self._open.values(), key=lambda one: one.since, reverse=True)

    def past_troubles(self) -> list[Trouble]:
        """Those that are over, as far as remembered, the last to end first."""
        return sorted(self._over.values(), key=lambda one: one.until or 0, reverse=True)

    def day(self, tile: Tile, window: str) -> Day | None:
        """How one of the tile's figures went."""
        return self._days.get(VerdictKey(tile.client, tile.contract, tile.objective, tile.queue, window))

    def clocks(self) -> dict[str, int]:
        """What time it was for each client (event time) when that was last told."""
        return {client: heard.clock_ms for client, heard in self._heard.items()}

    def stale(self, now_ms: int) -> list[str]:
        """The clients that nobody has given a sign of judging for too long."""
        clients = {place.client for place in self.tiles} | self._promises.clients & self._heard.keys()
        return sorted(
            client for client in clients if client not in self._heard or self._heard[client].until_ms < now_ms
        )

    def _judged(self, verdict: Verdict) -> None:
        place = Place(verdict.client, verdict.contract, verdict.objective, verdict.queue)
        self._verdicts.setdefault(place, {})[verdict.window] = verdict
        self._moved.add(place)

    def _hear(self, pulse: Pulse, now_ms: int) -> None:
        until_ms = now_ms + max(_PATIENCE_MS, _MISSED * pulse.every_ms)
        for client, clock_ms in pulse.clocks.items():
            self._heard[client] = _Heard(clock_ms, until_ms)
        self._go_by_clocks()

    def _store(self, key: EpisodeKey, record: EpisodeRecord | None) -> None:
        is_open = record is not None and record.episode.phase is Phase.OPEN
        trouble = _trouble(key, record.episode, self._seen_to) if record and is_open else None
        if self._open.get(key) == trouble:
            return
        self._troubles_changed = True
        if trouble:
            self._open[key] = trouble
        else:
            del self._open[key]

    def _remember(self, alert: Alert) -> None:
        """An alert that says that an episode is over says all that is known of it."""
        if not alert.event.closes:
            return
        place = EpisodeKey(alert.client, alert.contract, alert.channel, alert.objective, alert.queue)
        key = place.of_risk if alert.event is AlertEvent.RISK_RESOLVED else place
        self._over[alert.episode] = Trouble(
            id=alert.episode,
            tile=_tile_of(key),
            severity=alert.severity,
            since=alert.since,
            until=alert.at,
            lost=False,
            seen_to_by=self._seen_to.get(alert.episode),
            **key._asdict(),
        )
        _remember_newest(self._over)

    def _see_to(self, one: Acknowledgement) -> None:
        """It may be heard before its episode, which is on another topic."""
        self._seen_to[one.episode] = one.by
        _remember_newest(self._seen_to)
        self._open = {key: _seen_to(trouble, one) for key, trouble in self._open.items()}
        self._over = {key: _seen_to(trouble, one) for key, trouble in self._over.items()}
        self._troubles_changed = True

    def _tile(self, place: Place) -> Tile | None:
        """None for what no contract in force promises: its last verdicts stay on their topic."""
        promise, known = self._promised.get(place[:3]), self._verdicts[place]
        verdicts = [known[window] for window in windows_of(promise) if window in known] if promise else []
        return tile_of(promise, verdicts) if promise and verdicts else None

    def _go_by_clocks(self) -> None:
        """A contract's new version is shown from its day on, by the client's own clock.

        Of a client that was never heard it is the newest.
        """
        in_force = {}
        for agreement in self._promises.agreements:
            heard = self._heard.get(agreement.client)
            at_ms = heard.clock_ms if heard else agreement.versions[-1].start_ms
            in_force[agreement.name] = agreement.in_force(at_ms)
        if in_force != self._in_force:
            self._in_force = in_force
            promises = (promise for promises in in_force.values() for promise in promises)
            self._promised = {(one.client, one.contract, one.objective.name): one for one in promises}
            self._moved |= self._verdicts.keys()


def _seen_to(trouble: Trouble, one: Acknowledgement) -> Trouble:
    return replace(trouble, seen_to_by=one.by) if trouble.id == one.episode else trouble


def _remember_newest(known: dict[str, Any]) -> None:
    while len(known) > _REMEMBERED:
        del known[next(iter(known))]


def _trouble(key: EpisodeKey, episode: Episode, seen_to: Mapping[str, str]) -> Trouble:
    return Trouble(
        id=episode.id,
        tile=_tile_of(key),
        severity=episode.severity,
        since=episode.since_ms,
        until=None,
        lost=episode.lost_until_ms is not None,
        seen_to_by=seen_to.get(episode.id),
        **key._asdict(),
    )


def _tile_of(key: EpisodeKey) -> str | None:
    return None if key.objective is None else tile_id(key.contract, key.objective, key.queue)
