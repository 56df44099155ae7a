"""A month made of its half-hours: the share that met the target, or the mean of their values."""

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.facts import Fact
from schemas.tallies import Counts
from schemas.verdicts import State
from sla_stream.aim import aims_of
from sla_stream.backtest import Backtest, Counted, Share
from sla_stream.boards import Boards
from sla_stream.changes import FeedKey
from sla_stream.counting import Counting
from sla_stream.figures import figures
from sla_stream.measures import Reading
from sla_stream.promises import Promises, promises_of
from sla_stream.reading import Reader
from sla_stream.scopes import scopes_of
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    PARIS,
    answered,
    batch,
    bench_messages,
    contract,
    figures_from,
    heartbeat,
    instant,
    objective,
    offered,
    promised,
    version,
)

SHARE: dict[str, Any] = {
    "aggregation": "time_slices",
    "interval": "30m",
    "intervals_met": {"at_least": "50%"},
    "windows": ["month"],
}
MEAN: dict[str, Any] = {"aggregation": "mean_of_intervals", "interval": "30m", "windows": ["month"]}


def calls(at: str, in_time: int, late: int = 0) -> list[Fact]:
    waits = [10_000] * in_time + [40_000] * late
    return [
        fact
        for number, wait_ms in enumerate(waits)
        for fact in (offered(f"{at} {number}", at), answered(f"{at} {number}", instant(at) + wait_ms))
    ]


def calls_at(name: str, at_ms: int) -> list[Fact]:
    return [offered(name, at_ms), answered(name, at_ms + 10_000)]


#: A busy half-hour that went badly, and two quiet ones that went well.
BUSY_AND_BAD = [*calls("09:00:00", 10, 90), *calls("10:00:00", 5), *calls("11:00:00", 5)]


@pytest.mark.parametrize(
    ("written", "value", "state"),
    [
        ({"windows": ["month"]}, Fraction(20, 110), State.BREACHED),
        (SHARE, Fraction(2, 3), State.MET),
        (SHARE | {"intervals_met": {"at_least": "95%"}}, Fraction(2, 3), State.BREACHED),
        (MEAN, Fraction(7, 10), State.BREACHED),
        (MEAN | {"target": {"at_least": "70%"}}, Fraction(7, 10), State.MET),
    ],
)
def test_one_month_passes_one_way_and_fails_another(
    written: dict[str, Any], value: Fraction, state: State
) -> None:
    (figure,) = figures_from(BUSY_AND_BAD, promised(objective(**written)))
    assert (Fraction(figure.numerator, figure.denominator), figure.state) == (value, state)


def test_intervals_in_which_nobody_counts_neither_met_nor_missed() -> None:
    (figure,) = figures_from(calls("09:00:00", 1), promised(objective(**SHARE)))
    assert (figure.numerator, figure.denominator) == (1, 1)


def test_a_shorter_window_beside_the_month_is_read_as_ever() -> None:
    one = objective(**SHARE | {"windows": ["month", "interval 30m"]})
    shown = {(figure.window, figure.denominator) for figure in figures_from(BUSY_AND_BAD, promised(one))}
    assert shown == {("month", 3), ("interval 30m", 100), ("interval 30m", 5)}


@pytest.mark.parametrize(("seen_at", "met"), [("09:00:30", 1), ("09:00:30.001", 0)])
def test_who_still_waits_too_long_spoils_the_half_hour(seen_at: str, met: int) -> None:
    facts: list[Fact] = [*calls("09:00:00", 1), offered("waits", "09:00:00"), heartbeat(seen_at)]
    (figure,) = figures_from(facts, promised(objective(**SHARE)))
    assert (figure.numerator, figure.denominator) == (met, 1)


def test_who_is_answered_at_last_is_counted_once() -> None:
    promises = promised(objective(**SHARE))
    counting, boards = Counting(promises), Boards(promises)
    reader, (promise,) = Reader(boards), promises.agreements[0].versions[0].promises

    def value(*facts: Fact) -> tuple[int, int, int]:
        changes = counting.observe(batch(facts, counting.position.offset + 1))
        for message in bench_messages(changes):
            boards.observe(message)
        now_ms = counting.position.watermarks["acme", "voice"]  # type: ignore[index]  # a pair is a key
        (aim,), (scope,) = aims_of(promise, promise.windows, now_ms), scopes_of(promise, boards)
        return reader.read(aim, scope, now_ms).reading

    assert value(offered("a", "09:00:00"), heartbeat("09:01:00")) == (0, 1, 1)
    assert value(answered("a", "09:01:30")) == (0, 1, 1)
    assert value(*calls("09:01:00", 9)) == (1, 1, 10)


def test_who_turns_out_to_have_waited_elsewhere_spoils_the_half_hour_no_longer() -> None:
    """Nothing was counted here in the meantime: only who waits has changed."""
    promises = promised(objective(**SHARE, queues=["sales"]))
    counting, boards = Counting(promises), Boards(promises)
    reader, (promise,) = Reader(boards), promises.agreements[0].versions[0].promises
    (scope,) = scopes_of(promise, boards)
    told: list[Fact] = [*calls("09:00:00", 1), offered("a", "09:00:10"), heartbeat("09:01:00")]
    values = []
    for facts in (told, [offered("a", "09:00:05", "support")]):
        for message in bench_messages(counting.observe(batch(facts, counting.position.offset + 1))):
            boards.observe(message)
        (aim,) = aims_of(promise, promise.windows, instant("09:01:00"))
        values.append(reader.read(aim, scope, instant("09:01:00")).reading)
    assert values == [(0, 1, 2), (1, 1, 1)]


def test_who_looks_so_seldom_that_it_is_forgotten_what_changed_counts_everything_again() -> None:
    promises = promised(objective(**SHARE), lateness="40d")
    counting, boards = Counting(promises), Boards(promises)
    reader, (promise,) = Reader(boards), promises.agreements[0].versions[0].promises
    (scope,) = scopes_of(promise, boards)
    now_ms, seen = instant("2026-03-31T12:00"), []
    (aim,) = aims_of(promise, promise.windows, now_ms)
    for day in ("2026-03-02", "2026-03-03"):
        start_ms = instant(f"{day}T00:00")
        facts = [
            fact for number in range(96) for fact in calls_at(f"{day} {number}", start_ms + number * 15 * MINUTE)
        ]
        for message in bench_messages(counting.observe(batch(facts, counting.position.offset + 1))):
            boards.observe(message)
        boards.prune(FeedKey("acme", "voice"), now_ms)
        seen.append(reader.read(aim, scope, now_ms).reading)
    assert seen == [(48, 48, 96), (96, 96, 192)]


MEASURES = st.sampled_from(
    [SHARE, SHARE | {"interval": "15m"}, SHARE | {"interval": "1h"}, SHARE | {"interval": "day"}]
)
#: Around both changes of the clock, a few instants each.
INSTANTS = st.one_of(
    st.integers(instant("2026-03-28T22:00"), instant("2026-03-29T05:00")),
    st.integers(instant("2026-10-24T22:00"), instant("2026-10-25T05:00")),
)
CALLS = st.lists(
    st.tuples(INSTANTS, st.booleans(), st.sampled_from(("sales", "support"))), min_size=1, max_size=25
)


def _by_hand(told: list[tuple[int, bool, str]], interval: str, now_ms: int) -> tuple[Fraction, Fraction, int]:
    """The month of the last call: the share of its intervals that met 90 %, their mean, and how many there are."""

    def local(at_ms: int) -> datetime:
        return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(PARIS)

    found: dict[tuple[object, ...], list[bool]] = {}
    for at_ms, in_time, _ in told:
        at = local(at_ms)
        if (at.year, at.month) == (local(now_ms).year, local(now_ms).month):
            minutes = {"15m": 15, "30m": 30, "1h": 60, "day": 1440}[interval]
            part = (at.date(), (at.hour * 60 + at.minute) // minutes)
            # The hour that comes twice is two.
            place = part if interval == "day" else (*part, at.utcoffset())
            found.setdefault(place, []).append(in_time)
    values = [Fraction(sum(calls), len(calls)) for calls in found.values()]
    return (
        Fraction(sum(value >= Fraction(9, 10) for value in values), len(values)),
        sum(values, Fraction()) / len(values),
        len(found),
    )


@settings(max_examples=25, deadline=None)
@given(CALLS, MEASURES, st.lists(st.integers(0, 24), max_size=4))
def test_read_again_and_again_as_calls_come_it_is_what_a_recount_says(
    told: list[tuple[int, bool, str]], written: dict[str, Any], cuts: list[int]
) -> None:
    """Months of 743 and 745 hours; in whatever portions and order the calls come."""
    share = objective(**written)
    mean = objective(name="mean", **MEAN | {"interval": written["interval"]})
    promises = promised(share, mean, lateness="400d")
    counting, boards = Counting(promises), Boards(promises)
    reader, one_by_one = Reader(boards), promises.agreements[0].versions[0].promises
    ends = sorted({*(cut % len(told) for cut in cuts), len(told)})
    for begin, end in zip([0, *ends], ends, strict=False):
        facts: list[Fact] = []
        for number, (at_ms, in_time, queue) in enumerate(told[begin:end], begin):
            facts += [
                offered(str(number), at_ms, queue),
                answered(str(number), at_ms + (10_000 if in_time else 40_000)),
            ]
        if not facts:
            continue
        for message in bench_messages(counting.observe(batch(facts, counting.position.offset + 1))):
            boards.observe(message)
        now_ms = max(at_ms for at_ms, _, _ in told[:end])
        expected_share, expected_mean, _ = _by_hand(told[:end], written["interval"], now_ms)
        values = []
        for promise in one_by_one:
            (aim,), (scope,) = aims_of(promise, promise.windows, now_ms), scopes_of(promise, boards)
            reading = reader.read(aim, scope, now_ms).reading
            values.append(Fraction(reading.numerator, reading.denominator))
        assert values == [expected_share, expected_mean]


def test_only_what_changed_is_counted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A month of half-hours; then one call more."""
    promises = promised(objective(**SHARE), lateness="40d")
    counting, boards = Counting(promises), Boards(promises)
    start_ms, facts = instant("2026-03-01T00:00"), list[Fact]()
    for number in range(28 * 48):
        facts += [
            offered(str(number), start_ms + number * 30 * MINUTE),
            answered(str(number), start_ms + number * 30 * MINUTE + 1),
        ]
    (promise,) = promises.agreements[0].versions[0].promises
    for message in bench_messages(counting.observe(batch(facts))):
        boards.observe(message)
    reader, counted = Reader(boards), list[int]()
    read = promise.measure.read

    def counting_read(_: object, counts: Counts, spec: Any) -> Reading:
        counted.append(1)
        return read(counts, spec)

    monkeypatch.setattr(type(promise.measure), "read", counting_read)
    (aim,), (scope,) = aims_of(promise, promise.windows, start_ms + 27 * DAY), scopes_of(promise, boards)
    reader.read(aim, scope, start_ms + 27 * DAY)
    first = len(counted)
    late: list[Fact] = [offered("late", start_ms + HOUR), answered("late", start_ms + HOUR + 1)]
    for message in bench_messages(counting.observe(batch(late, counting.position.offset + 1))):
        boards.observe(message)
    assert reader.read(aim, scope, start_ms + 27 * DAY).reading == (28 * 48, 28 * 48, 28 * 48 + 1)
    assert (first >= 28 * 48, len(counted) - first) == (True, 1)


def test_a_month_that_begins_on_the_22nd_is_made_of_its_own_half_hours() -> None:
    one = contract(version(objective(**SHARE | {"windows": ["fiscal month"]})), fiscal_month_begins=22)
    facts = [
        fact
        for day in ("2026-03-21T23:59", "2026-03-22T00:00", "2026-04-21T23:59", "2026-04-22T00:00")
        for fact in calls(day, 1)
    ]
    promises: Promises = promises_of([one])
    starts = [(figure.start.isoformat()[:10], figure.denominator) for figure in figures_from(facts, promises)]
    assert sorted(starts) == [("2026-02-22", 1), ("2026-03-22", 2), ("2026-04-22", 1)]


@pytest.mark.parametrize("written", [SHARE, MEAN, {"windows": ["month"]}])
def test_shares_of_a_file_add_up_interval_by_interval(written: dict[str, Any]) -> None:
    """Half a busy half-hour may be met where the whole is not: so counts add up, and never what came of them."""
    exclusion = {"from": "2026-03-02T11:00", "to": "2026-03-02T11:15", "reason": "r", "approved_by": "a"}
    promises = promised(objective(**written, finalise_after="1h"), exclusions=[exclusion])
    late: list[Fact] = [heartbeat("2026-04-02T09:00:00"), *calls("2026-03-31T23:45", 3)]
    facts = list(enumerate([*BUSY_AND_BAD, *calls("09:10:00", 200), *late]))
    outcomes = []
    for parts in (1, 2, 3):
        test = Backtest(promises)
        for part in range(parts):
            counted = Counted(promises, Share(part, parts))
            for told in (*counted.feed(facts), counted.done()):
                test.observe(told)
        outcomes.append(list(figures(test.boards, promises)))
    assert outcomes[0] == outcomes[1] == outcomes[2]
    assert {(figure.excluded, figure.finality) for figure in outcomes[0]} == {(5, "restated")}
