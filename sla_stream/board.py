"""The counts of one measure in one place - a queue, or several together - added up as they are read.

What is told is put down by the quarter-hour, of which every window of the calendar is made, and goes into the
running sum of each window when somebody reads: so a fact costs the same whatever the windows, and reading a month
costs what reading a minute does. Minutes are kept for rolling windows only, and as long as they reach.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile
from typing import NamedTuple
from zoneinfo import ZoneInfo

from schemas.tallies import Counts
from sla_stream.panes import MINUTE_MS, QUARTER_MS, minute_of, quarter_of
from sla_stream.shelf import Shelf
from sla_stream.tally import Classes, add
from sla_stream.windows import EVER, Span, Window

#: Facts come about as they happen, some late: of so many quarter-hours a board remembers its sums.
_QUARTERS_AT_HAND = 8

#: Of so many quarter-hours it is remembered over the hour that something came to them.
_TOUCHES_KEPT = 64


class ZonedWindow(NamedTuple):
    """A window on one contract's clock."""

    window: Window
    zone: ZoneInfo


class Board:
    """Whoever reads gets the board's own counts: not to be changed."""

    __slots__ = (
        "_by_minute",
        "_forgotten",
        "_fresh",
        "_minutes",
        "_number",
        "_parts",
        "_quarters",
        "_reach_ms",
        "_rolling",
        "_sums",
        "_sums_at",
        "_totals",
        "_touched",
        "_unread",
        "also",
    )

    def __init__(self, windows: Iterable[ZonedWindow], classes: Classes) -> None:
        self._totals: Counts = {}
        self._quarters = Shelf(classes)
        self._minutes = Shelf(classes)
        #: What was added since somebody read: by the minute if any window rolls, or by the quarter-hour.
        self._fresh: dict[int, Counts] = {}
        #: Rolling window -> where it was last read, and what was in it.
        self._rolling: dict[Window, tuple[Span, Counts]] = {}
        #: What is in parts of windows that were read of late.
        self._parts: dict[Span, Counts] = {}
        #: Quarter-hour -> the sums that it belongs to, for those of late.
        self._sums_at: dict[int, list[Counts]] = {}
        self._sums: dict[ZonedWindow, dict[Span, Counts]]
        self._reach_ms: int
        self._by_minute: bool
        #: Quarter-hour -> the number of the last change that came to it, the newest last; how many changes there
        #: were, and up to which it is forgotten where they came to.
        self._touched: dict[int, int] = {}
        self._number = self._forgotten = 0
        #: Boards on which this one's counts are added, too.
        self.also: tuple[Board, ...] = ()
        #: Boards with something fresh that is to be added here, too.
        self._unread: list[Board] = []
        self._go_by(windows)

    @property
    def totals(self) -> Counts:
        """Everything that was ever counted here."""
        self._add_up()
        return self._totals

    @property
    def rolls(self) -> bool:
        """Whether a rolling window is read here, so that minutes are kept."""
        return self._reach_ms > 0

    def count_also_on(self, boards: Iterable["Board"]) -> None:
        """Add what comes from here on to these boards, too, when somebody reads it."""
        self._add_up()
        self.also = tuple(boards)
        self._by_minute = self.rolls or any(board.rolls for board in self.also)

    def add(self, minutes: Mapping[int, Counts]) -> None:
        """Count what came to some minutes."""
        fresh = self._fresh
        if not fresh:
            for board in self.also:
                board._unread.append(self)  # noqa: SLF001 - a board, too
        for minute_ms, counts in minutes.items():
            at_ms = minute_ms if self._by_minute else quarter_of(minute_ms)
            known = fresh.get(at_ms)
            if known is None:
                fresh[at_ms] = dict(counts)
            else:
                add(known, counts.items())

    def add_minutes(self, minutes: Mapping[int, Counts]) -> None:
        """Count for the rolling windows alone."""
        for at_ms, counts in minutes.items():
            self._minutes.add(at_ms, counts)
            for span, rolled in self._rolling.values():
                if span.start_ms <= at_ms < span.end_ms:
                    add(rolled, counts.items())

    def read(self, zoned: ZonedWindow, span: Span) -> Counts:
        """The counts of one span."""
        self._add_up()
        if not zoned.window.rolls:
            return self._sums[zoned].get(span, {})
        before, counts = self._rolling.get(zoned.window, (Span(0, 0), {}))
        if span != before:
            counts = self._roll(before, span, counts)
            self._rolling[zoned.window] = (span, counts)
        return counts

    def read_part(self, span: Span) -> Counts:
        """The counts of the quarter-hours that begin within a span, whatever window it is a part of."""
        self._add_up()
        part = self._parts.get(span)
        if part is None:
            part = self._parts[span] = self._quarters.total(range(*span, QUARTER_MS))
        return part

    def spans(self, zoned: ZonedWindow) -> Iterator[Span]:
        """The spans of a window of the calendar in which anybody was counted."""
        self._add_up()
        return (span for span, counts in self._sums[zoned].items() if counts)

    def quarters(self, within: Span = EVER) -> Iterator[tuple[int, Counts]]:
        """The quarter-hours in which anybody was counted and that are kept, with their counts."""
        self._add_up()
        return self._quarters.within(within)

    def between(self, start_ms: int, end_ms: int) -> Counts:
        """The counts of some minutes: whole quarter-hours, or others as far back as rolling windows reach."""
        self._add_up()
        whole_ms = min(-(-start_ms // QUARTER_MS) * QUARTER_MS, end_ms)
        rest_ms = max(quarter_of(end_ms), whole_ms)
        found = self._quarters.total(range(whole_ms, rest_ms, QUARTER_MS))
        for minutes in (range(start_ms, whole_ms, MINUTE_MS), range(rest_ms, end_ms, MINUTE_MS)):
            add(found, self._minutes.total(minutes).items())
        return found

    @property
    def number(self) -> int:
        """How many changes there were."""
        self._add_up()
        return self._number

    def touched_since(self, number: int) -> list[int] | None:
        """The quarter-hours to which anything came after so many changes; None: that is forgotten."""
        self._add_up()
        if number < self._forgotten:
            return None
        touched = reversed(self._touched.items())
        return [quarter_ms for quarter_ms, _ in takewhile(lambda touch: touch[1] > number, touched)]

    def adopt(self, windows: Iterable[ZonedWindow]) -> bool:
        """Read through other windows from here on: those of the calendar are added up anew.

        Say whether one rolls where none did, so that minutes are lacking.
        """
        self._add_up()
        rolled = self.rolls
        self._go_by(windows)
        if not self.rolls:
            self._minutes.clear()
        for quarter_ms, counts in self.quarters():
            for total in self._sums_of(quarter_ms):
                add(total, counts.items())
        return self.rolls and not rolled

    def join(self, other: "Board") -> None:
        """Count every quarter-hour that another board has counted, too. Minutes are left to `add_minutes`."""
        for quarter_ms, counts in other.quarters():
            self._put_down(quarter_ms, counts)

    def prune(self, watermark_ms: int, kept_from_ms: int) -> None:
        """Drop what no window reads that holds the instant or a later one.

        Quarter-hours stay from `kept_from_ms` on: another contract may ask for other windows.
        """
        self._add_up()
        self._sums_at, self._rolling, self._parts = {}, {}, {}
        for zoned, sums in self._sums.items():
            start_ms = zoned.window.span(watermark_ms, zoned.zone).start_ms
            self._sums[zoned] = {span: counts for span, counts in sums.items() if span.end_ms > start_ms}
        oldest_ms = minute_of(watermark_ms) + MINUTE_MS - self._reach_ms
        self._minutes.drop(oldest_ms)
        self._quarters.drop(kept_from_ms)
        for shelf in (self._minutes, self._quarters):
            shelf.lay_down(watermark_ms - _QUARTERS_AT_HAND * QUARTER_MS)
        for quarter_ms in list(self._touched)[:-_TOUCHES_KEPT]:
            self._forgotten = self._touched.pop(quarter_ms)

    def _go_by(self, windows: Iterable[ZonedWindow]) -> None:
        every = list(windows)
        self._sums = {zoned: {} for zoned in every if not zoned.window.rolls}
        self._reach_ms = max((zoned.window.length_ms for zoned in every if zoned.window.rolls), default=0)
        self._sums_at, self._rolling = {}, {}
        self._by_minute = self.rolls

    def _add_up(self) -> None:
        """Put what is fresh into the sums that it belongs to, here and on the other boards."""
        unread, self._unread = self._unread, []
        for board in unread:
            board._add_up()  # noqa: SLF001 - a board, too
        if self._fresh:
            fresh, self._fresh = self._fresh, {}
            for board in (self, *self.also):
                board._count(fresh)  # noqa: SLF001 - a board, too

    def _count(self, fresh: Mapping[int, Counts]) -> None:
        quarters: dict[int, Counts] = {}
        for at_ms, counts in fresh.items():
            add(quarters.setdefault(quarter_of(at_ms), {}), counts.items())
        for quarter_ms, counts in quarters.items():
            self._put_down(quarter_ms, counts)
        if self.rolls:
            self.add_minutes(fresh)

    def _put_down(self, quarter_ms: int, counts: Counts) -> None:
        self._number += 1
        self._touched.pop(quarter_ms, None)
        self._touched[quarter_ms] = self._number
        add(self._totals, counts.items())
        for total in self._sums_of(quarter_ms):
            add(total, counts.items())
        self._quarters.add(quarter_ms, counts)
        for span, part in self._parts.items():
            if span.start_ms <= quarter_ms < span.end_ms:
                add(part, counts.items())

    def _roll(self, before: Span, span: Span, counts: Counts) -> Counts:
        """Move a rolling window on: add the minutes that come in and take away those that go out."""
        if not before.start_ms <= span.start_ms <= before.end_ms <= span.end_ms:
            before, counts = Span(span.start_ms, span.start_ms), {}
        for minute_ms in range(before.end_ms, span.end_ms, MINUTE_MS):
            add(counts, self._minutes.at(minute_ms).items())
        for minute_ms in range(before.start_ms, span.start_ms, MINUTE_MS):
            add(counts, self._minutes.at(minute_ms).items(), -1)
        return counts

    def _sums_of(self, quarter_ms: int) -> list[Counts]:
        """Every window of the calendar is made of whole quarter-hours, so one lies in one span of each."""
        found = self._sums_at.get(quarter_ms)
        if found is None:
            if len(self._sums_at) >= _QUARTERS_AT_HAND:
                self._sums_at.clear()
            found = self._sums_at[quarter_ms] = [
                sums.setdefault(zoned.window.span(quarter_ms, zoned.zone), {})
                for zoned, sums in self._sums.items()
            ]
        return found
