"""What partitions have told of minutes: what each next word adds, whatever the order of its classes."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.tallies import Counts, TallyMessage
from sla_stream.changes import FeedKey
from sla_stream.told import Told
from tests.builders import MINUTE, instant

NINE, FEED = instant("09:00:00"), FeedKey("acme", "voice")


def message(offset: int, *minutes: dict[str, Counts], start: int = NINE) -> TallyMessage:
    return TallyMessage(
        client="acme",
        channel="voice",
        queue="sales",
        start=start,
        source="calls/0",
        offset=offset,
        minutes=[*minutes],
    )


COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 5), max_size=8)
MEASURES = st.dictionaries(st.sampled_from(["m", "n"]), COUNTS.filter(bool), max_size=2)
WORDS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20), MEASURES), max_size=12)


@given(WORDS)
def test_what_is_added_comes_to_what_was_told_last(words: list[tuple[int, int, dict[str, Counts]]]) -> None:
    told = Told()
    sums: dict[tuple[str, int, str], int] = {}
    newest: dict[int, tuple[int, dict[str, Counts]]] = {}
    for minute, offset, measures in words:
        start = NINE + minute * 7 * MINUTE
        if offset >= newest.get(minute, (-1, {}))[0]:
            newest[minute] = offset, measures
        for measure, minutes in told.replace(FEED, message(offset, measures, start=start)).items():
            for start_ms, counts in minutes.items():
                for outcome, n in counts.items():
                    place = measure, start_ms, outcome
                    sums[place] = sums.get(place, 0) + n
    assert {place: n for place, n in sums.items() if n} == {
        (measure, NINE + minute * 7 * MINUTE, outcome): n
        for minute, (_, measures) in newest.items()
        for measure, counts in measures.items()
        for outcome, n in counts.items()
    }
    known = {(one.start_ms - NINE) // MINUTE // 7: one.measures for one in told.of(FEED)}
    assert known == {minute: measures for minute, (_, measures) in newest.items()}


def test_a_class_that_comes_first_is_not_taken_for_another() -> None:
    told = Told()
    told.replace(FEED, message(1, {"m": {"a": 1, "b": 2}}))
    assert told.replace(FEED, message(2, {"m": {"b": 3, "a": 1, "c": 4}})) == {"m": {NINE: {"b": 1, "c": 4}}}


def test_a_word_that_says_the_same_adds_nothing() -> None:
    told = Told()
    told.replace(FEED, message(1, {"m": {"a": 1}}))
    assert told.replace(FEED, message(2, {"m": {"a": 1}})) == {}
