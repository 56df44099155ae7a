"""What no row tells is told by the core, to the last count: who waits when, and figures by the contact."""

from collections import defaultdict
from datetime import datetime
from pathlib import Path

import pytest

from sla_stream.life import Life
from sla_stream.windows import Window
from tests.builders import by_life
from tests.truth.columns import NOT_IN_ROWS, PERCENTILES, SETTLED_BY_CONTACT
from tests.truth.comparison import Comparison
from tests.truth.living import SETTLED, Month, live_through
from tests.truth.outcome import ALL
from tests.truth.reference import ZONE, Value, records, reference


@pytest.fixture(scope="module")
def month(facts: Path) -> Month:
    return live_through(facts, (instant["epoch_ms"] for instant in reference()["standing"]["instants"]))


def test_at_every_instant_as_many_wait_as_the_reference_says(month: Month) -> None:
    comparison = Comparison()
    for instant in reference()["standing"]["instants"]:
        for name, told in month.standing[instant["epoch_ms"]].items():
            comparison.compare("standing", f"{instant['at']}, {name}", told, instant[name])
    assert not comparison.differences, comparison.first_differences
    assert comparison.compared == {"standing": 496}


def test_the_centre_is_fullest_when_the_reference_says(month: Month) -> None:
    fullest = reference()["standing"]["fullest"]
    at = datetime.fromtimestamp(month.most_waiting_ms // 1000, ZONE)
    assert (month.most_waiting, at.isoformat()) == (fullest["most_waiting_at_once"], fullest["first_reached_at"])


def test_contacts_are_settled_where_the_reference_has_them(month: Month) -> None:
    comparison = Comparison()
    places = {window: _settled(month, window) for window in ("day", "interval 30m")}
    for record in records():
        if record.clock == "settled_30":
            told = _told_of(places[record.window][record.starts[0], record.queue])
            for column in sorted(SETTLED_BY_CONTACT):
                name = record.name(column)
                comparison.compare(record.section, name, told[column], record.figures[column])
    assert not comparison.differences, comparison.first_differences
    assert comparison.compared == {"days.settled_30": 836, "half_hours.settled_30": 17_940}


def test_percentiles_by_the_hour_of_the_day_are_those_of_the_reference(month: Month) -> None:
    comparison = Comparison()
    kinds = {"wait_answered_percentiles_s": "speed-of-answer", "wait_offered_percentiles_s": "wait"}
    for column in sorted(PERCENTILES):
        kind, _, percentile = column.partition(".")
        told = month.seconds_by_hour_of_day(f"{kinds[kind]}-{percentile}")
        for hour, queues in reference()["hours_of_day"].items():
            for queue, figures in queues.items():
                name = f"{hour}:00, {queue}, {column}"
                comparison.compare("hours_of_day", name, told.get((hour, queue)), figures[kind][percentile])
    assert not comparison.differences, comparison.first_differences
    assert comparison.compared == {"hours_of_day": 858}


def test_whatever_no_row_tells_is_looked_at_here() -> None:
    assert frozenset().union(*NOT_IN_ROWS.values()) == SETTLED_BY_CONTACT | PERCENTILES


def _settled(month: Month, window: str) -> dict[tuple[str, str], list[Life]]:
    """Contacts by window and queue, where the measure settles them."""
    measure, span = month.promises[SETTLED].measure, Window.named(window).span
    places: dict[tuple[str, str], list[Life]] = defaultdict(list)
    for life in month.lives():
        settlement = by_life(measure).settle(life)
        assert settlement is not None
        start = datetime.fromtimestamp(span(settlement.at_ms, ZONE).start_ms // 1000, ZONE).isoformat()
        for queue in (life.queue, ALL):
            places[start, queue].append(life)
    return places


def _told_of(lives: list[Life]) -> dict[str, Value]:
    answered_ms = [life.wait_ms for life in lives if life.outcome == "answered"]
    abandoned_ms = [life.wait_ms for life in lives if life.outcome == "abandoned"]
    return {
        "answered_within_60s": sum(wait_ms <= 60_000 for wait_ms in answered_ms),
        "answered_wait_sum_s": sum(answered_ms) / 1000,
        "abandoned_wait_sum_s": sum(abandoned_ms) / 1000,
        "longest_wait_s": max(answered_ms + abandoned_ms) / 1000,
    }
