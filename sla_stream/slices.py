"""A window as its intervals make it up: the share of those that met the target, or the mean of their values.

A month has three thousand quarter-hours, and a fact comes to one of them. So it is remembered what each interval
came to, and only those are counted again to which something came, or in which somebody is missed who still waits.
"""

from array import array
from collections.abc import Iterable, Iterator
from fractions import Fraction

from schemas.contract import Objective
from sla_stream.aim import Aim
from sla_stream.board import Board
from sla_stream.boards import Boards
from sla_stream.measures import Reading
from sla_stream.scopes import Scope, boards_of, counted_between, missed_at
from sla_stream.verdict import Part, meets
from sla_stream.windows import Span, Window

_DAY_MS = 86_400_000


def of_intervals(readings: Iterable[Reading], objective: Objective) -> Reading:
    """The value of a window by the readings of its intervals. Those in which nobody counts have none."""
    judged = [reading for reading in readings if reading.denominator]
    sample = sum(reading.sample for reading in judged)
    if objective.intervals_met:
        return Reading(sum(meets(reading, objective.target) for reading in judged), len(judged), sample)
    total = sum((Fraction(reading.numerator, reading.denominator) for reading in judged), Fraction())
    return _mean(total, len(judged), sample)


def _mean(total: Fraction, intervals: int, sample: int) -> Reading:
    mean = total / intervals if intervals else Fraction()
    return Reading(mean.numerator, mean.denominator if intervals else 0, sample)


class Slices:
    """The intervals of one window in one place."""

    def __init__(self, aim: Aim, scope: Scope, interval: Window) -> None:
        self.aim, self.scope = aim, scope
        self._interval = interval
        self._counts_met = aim.promise.objective.intervals_met is not None
        self._length_ms = interval.length_ms or _DAY_MS
        # An hour that is skipped or comes twice makes one day shorter or longer, so there is a place to spare.
        blank = array("q", [0]) * ((aim.span.end_ms - aim.span.start_ms) // self._length_ms + 2)
        #: Of each interval: its reading, and how many contacts are left out of it.
        self._readings = tuple(array("q", blank) for _ in Reading._fields)
        self._left_out = array("q", blank)
        self._marks: dict[Board, int] = {}
        self._missed: set[int] = set()
        self._met = self._judged = self._sample = 0
        self._total = Fraction()
        self.excluded = 0

    def read(self, boards: Boards, now_ms: int) -> Reading:
        """The value of the window. Intervals in which nobody counts have none, and do not count."""
        missed = set(self._starts_of(missed_at(self.aim.promise, self.scope, now_ms, boards)))
        for start_ms in self._touched(boards) | missed | self._missed:
            self._count(start_ms, boards, now_ms)
        self._missed = missed
        if self._counts_met:
            return Reading(self._met, self._judged, self._sample)
        return _mean(self._total, self._judged, self._sample)

    @property
    def whole(self) -> Part:
        """What all intervals came to as they were last read."""
        return Part(Fraction(self._met) if self._counts_met else self._total, self._judged)

    def between(self, start_ms: int, end_ms: int) -> Part:
        """The same of those that begin there or later, and before the second instant."""
        parts = [self._part(place) for place in range(self._place(start_ms), self._place(end_ms))]
        return Part(sum((part.numerator for part in parts), Fraction()), sum(part.denominator for part in parts))

    def _part(self, place: int) -> Part:
        reading = Reading(*(column[place] for column in self._readings))
        if not reading.denominator:
            return Part(Fraction(), 0)
        if self._counts_met:
            return Part(Fraction(meets(reading, self.aim.promise.objective.target)), 1)
        return Part(Fraction(reading.numerator, reading.denominator), 1)

    def _count(self, start_ms: int, boards: Boards, now_ms: int) -> None:
        """Put what an interval comes to now in the place of what it came to before."""
        (promise, _, span), place = self.aim, self._place(start_ms)
        part = self._interval.span(start_ms, promise.zone)
        part = Span(max(part.start_ms, span.start_ms), min(part.end_ms, span.end_ms))
        counted = counted_between(promise, self.scope, part, now_ms, boards)
        spec = promise.objective.measure
        after, left_out = promise.measure.read(counted.counts, spec), 0
        if counted.excluded:
            left_out = promise.measure.read(counted.excluded, spec).sample
        self._add(Reading(*(column[place] for column in self._readings)), -1)
        self._add(after, 1)
        for column, n in zip(self._readings, after, strict=True):
            column[place] = n
        self.excluded += left_out - self._left_out[place]
        self._left_out[place] = left_out

    def _add(self, reading: Reading, times: int) -> None:
        self._sample += reading.sample * times
        if reading.denominator:
            self._judged += times
            if self._counts_met:
                self._met += times * meets(reading, self.aim.promise.objective.target)
            else:
                self._total += Fraction(reading.numerator * times, reading.denominator)

    def _touched(self, boards: Boards) -> set[int]:
        """The intervals to which anything came since they were read."""
        touched: set[int] = set()
        for board in boards_of(self.aim.promise, self.scope, boards):
            quarters = board.touched_since(self._marks.get(board, -1))
            self._marks[board] = board.number
            every = (part.start_ms for part in self.aim.intervals())
            touched.update(every if quarters is None else self._starts_of(quarters))
        return touched

    def _starts_of(self, instants: Iterable[int]) -> Iterator[int]:
        (promise, _, span) = self.aim
        for at_ms in instants:
            if span.start_ms <= at_ms < span.end_ms:
                yield max(self._interval.span(at_ms, promise.zone).start_ms, span.start_ms)

    def _place(self, start_ms: int) -> int:
        """Which one it is. Days begin up to an hour early or late."""
        return (start_ms - self.aim.span.start_ms + self._length_ms // 2) // self._length_ms
