"""Forecasts by the quarter-hour: what was said last counts, whatever came last."""

import itertools

import pytest

from schemas.tallies import ForecastMessage
from sla_stream.changes import FeedKey
from sla_stream.forecasts import Forecasts
from tests.builders import MINUTE, instant

VOICE = FeedKey("acme", "voice")
NINE = instant("09:00:00")
QUARTER = 15 * MINUTE


def said(contacts: int, at: str, start_ms: int = NINE, queue: str = "sales") -> ForecastMessage:
    return ForecastMessage(
        client="acme", channel="voice", queue=queue, start=start_ms, contacts=contacts, said_at=instant(at)
    )


def forecasts(*messages: ForecastMessage) -> Forecasts:
    told = Forecasts()
    for message in messages:
        told.replace(VOICE, message)
    return told


def test_the_later_word_counts_in_whatever_order_they_come() -> None:
    words = [said(10, "06:00:00"), said(20, "07:00:00"), said(15, "08:00:00")]
    for order in itertools.permutations(words):
        assert forecasts(*order).expected(VOICE, "sales", NINE, NINE + QUARTER) == 15


def test_of_two_words_of_one_instant_the_same_counts_in_either_order() -> None:
    words = [said(10, "06:00:00"), said(20, "06:00:00")]
    assert {
        forecasts(*order).expected(VOICE, "sales", NINE, NINE + QUARTER) for order in (words, words[::-1])
    } == {20}


@pytest.mark.parametrize(
    ("start_ms", "end_ms", "expected"),
    [
        (NINE - QUARTER, NINE, None),
        (NINE, NINE + QUARTER, 10),
        (NINE, NINE + 2 * QUARTER, 15),
        (NINE + QUARTER, NINE + 2 * QUARTER, 5),
        (NINE + 2 * QUARTER, NINE + 3 * QUARTER, None),
    ],
)
def test_quarter_hours_add_up_and_where_nothing_was_said_nothing_is_known(
    start_ms: int, end_ms: int, expected: int | None
) -> None:
    told = forecasts(said(10, "06:00:00"), said(5, "06:00:00", NINE + QUARTER))
    assert told.expected(VOICE, "sales", start_ms, end_ms) == expected


def test_each_queue_has_its_own() -> None:
    told = forecasts(said(10, "06:00:00"), said(3, "06:00:00", queue="support"))
    assert told.expected(VOICE, "support", NINE, NINE + QUARTER) == 3
    assert told.expected(FeedKey("globex", "voice"), "sales", NINE, NINE + QUARTER) is None


@pytest.mark.parametrize(("kept_from_ms", "is_kept"), [(NINE, True), (NINE + 1, False)])
def test_what_nobody_reads_any_more_is_dropped(kept_from_ms: int, is_kept: bool) -> None:
    told = forecasts(said(10, "06:00:00"))
    told.prune(VOICE, kept_from_ms)
    assert (told.expected(VOICE, "sales", NINE, NINE + QUARTER) is not None) is is_kept
