"""The tallies of one feed in one source partition: those of the last minutes at hand, the others packed."""

from collections.abc import Container, Iterable, Iterator

from msgspec import Struct

from schemas.tallies import Counts
from schemas.words import Channel
from sla_stream.panes import MINUTE_MS, QUARTER_MS, quarter_of
from sla_stream.tally import Tally, TallyKey
from sla_stream.windows import EVER

#: Of so many minutes before the newest tallies stay at hand: hardly anything comes to older ones.
_AT_HAND_MS = MINUTE_MS

#: Up to so many changed minutes of a quarter-hour are told one by one.
_FEW_MINUTES = 2


class Pane(Struct, frozen=True, gc=False):
    """Tallies as they are stored and sent: of consecutive minutes, `key` being that of the first."""

    key: TallyKey
    offset: int
    minutes: list[dict[str, Counts]]


class Ledger:
    """Whatever is packed, what has changed since it was last told is newer, and so is what is at hand."""

    __slots__ = ("_at_hand", "_changed", "_channel", "_client", "_newest_ms", "_packed")

    def __init__(self, client: str, channel: Channel) -> None:
        self._client, self._channel = client, channel
        self._changed: dict[tuple[str, int], Tally] = {}
        self._at_hand: dict[tuple[str, int], Tally] = {}
        self._newest_ms = 0
        #: Queue -> minute -> tally.
        self._packed: dict[str, dict[int, bytes]] = {}

    def __iter__(self) -> Iterator[tuple[TallyKey, Tally]]:
        """Every tally. Those that are packed are copies: not to be changed."""
        packed = {
            (queue, start_ms): Tally.unpacked(tally)
            for queue, minutes in self._packed.items()
            for start_ms, tally in minutes.items()
        }
        for (queue, start_ms), tally in (packed | self._at_hand | self._changed).items():
            yield self._key(queue, start_ms), tally

    def to_change(self, queue: str, at_ms: int) -> Tally:
        """The tally of the minute that holds the instant (epoch ms); it counts as changed until that is told."""
        place = (queue, at_ms - at_ms % MINUTE_MS)
        tally = self._changed.get(place)
        if tally is None:
            tally = self._changed[place] = self._known(*place) or Tally()
        return tally

    def tell(self, offset: int) -> list[Pane]:
        """What changed up to the message at `offset`: by the minute, or if many of a quarter-hour did, all of it.

        One by one there would be thousands when a worker catches up; the whole is long to tell each time when it
        keeps up. In a replay some may be ahead of the offset: those are told one by one, each with its own.
        """
        by_quarter: dict[tuple[str, int], list[int]] = {}
        for (queue, start_ms), tally in self._changed.items():
            tally.offset = max(tally.offset, offset)
            by_quarter.setdefault((queue, quarter_of(start_ms)), []).append(start_ms)
        panes = [pane for place, changed in by_quarter.items() for pane in self._panes(*place, changed, offset)]
        self._lay_down_changed()
        return panes

    def put(self, key: TallyKey, tally: Tally) -> None:
        """Take a stored tally, unless it is known from a later offset."""
        known = self._known(key.queue, key.start_ms)
        if known is None or known.offset <= tally.offset:
            self._drop(key.queue, key.start_ms)
            self._pack(key.queue, key.start_ms, tally)

    def drop(self, key: TallyKey) -> None:
        """Forget the tally."""
        self._drop(key.queue, key.start_ms)

    def forget(self, before_ms: int, durable_offset: int, kept: Container[tuple[str, int]] = ()) -> list[TallyKey]:
        """Drop what was counted in minutes that begin before the instant, and say what; all has been told.

        Quarter-hours stay whole: those that are `kept`, by queue and start, and those to which anything came after
        the offset, as it may come again.
        """
        self._lay_down(EVER.end_ms)
        gone = [
            self._key(queue, start_ms)
            for queue, minutes in self._packed.items()
            for quarter_ms, starts in _by_quarter(start_ms for start_ms in minutes if start_ms < before_ms)
            if (queue, quarter_ms) not in kept
            and all(Tally.unpacked(minutes[start_ms]).offset <= durable_offset for start_ms in starts)
            for start_ms in starts
        ]
        for key in gone:
            self.drop(key)
        return gone

    def _key(self, queue: str, start_ms: int) -> TallyKey:
        return TallyKey(self._client, self._channel, queue, start_ms)

    def _known(self, queue: str, start_ms: int) -> Tally | None:
        """As it was told."""
        if tally := self._at_hand.get((queue, start_ms)):
            return tally
        packed = self._packed.get(queue, {}).get(start_ms)
        return None if packed is None else Tally.unpacked(packed)

    def _drop(self, queue: str, start_ms: int) -> None:
        self._at_hand.pop((queue, start_ms), None)
        self._packed.get(queue, {}).pop(start_ms, None)

    def _lay_down_changed(self) -> None:
        """All of it is told: keep at hand what more will soon come to."""
        newest_ms = max((start_ms for _, start_ms in self._changed), default=0)
        if newest_ms > self._newest_ms:
            self._newest_ms = newest_ms
            self._lay_down(newest_ms - _AT_HAND_MS)
        for place, tally in self._changed.items():
            if place[1] >= self._newest_ms - _AT_HAND_MS:
                self._at_hand[place] = tally
            else:
                self._pack(*place, tally)
        self._changed.clear()

    def _lay_down(self, before_ms: int) -> None:
        """Pack what is at hand of minutes that begin before the instant."""
        for place in [place for place in self._at_hand if place[1] < before_ms]:
            self._pack(*place, self._at_hand.pop(place))

    def _pack(self, queue: str, start_ms: int, tally: Tally) -> None:
        self._packed.setdefault(queue, {})[start_ms] = tally.packed()

    def _panes(self, queue: str, quarter_ms: int, changed: list[int], offset: int) -> Iterator[Pane]:
        if len(changed) > _FEW_MINUTES:
            minutes = range(quarter_ms, quarter_ms + QUARTER_MS, MINUTE_MS)
            tallies = [
                self._changed.get((queue, start_ms)) or self._known(queue, start_ms) for start_ms in minutes
            ]
            if all(tally is None or tally.offset <= offset for tally in tallies):
                together = [{} if tally is None else tally.copied() for tally in tallies]
                yield Pane(self._key(queue, quarter_ms), offset, together)
                return
        for start_ms in changed:
            tally = self._changed[queue, start_ms]
            yield Pane(self._key(queue, start_ms), tally.offset, [tally.copied()])


def _by_quarter(starts: Iterable[int]) -> Iterable[tuple[int, list[int]]]:
    """Minutes of the quarter-hours that they lie in."""
    found: dict[int, list[int]] = {}
    for start_ms in starts:
        found.setdefault(quarter_of(start_ms), []).append(start_ms)
    return found.items()
