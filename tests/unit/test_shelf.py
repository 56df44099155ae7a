"""Counts on a shelf are what was added up, whatever was laid down in between."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.tallies import Counts
from sla_stream.shelf import Shelf
from sla_stream.tally import add, classes_of
from sla_stream.windows import EVER, Span

_counts = st.dictionaries(
    st.sampled_from(("answered_late", "sum_ms", "Ünïcödé", "")), st.integers(-(2**40), 2**40)
)
_steps = st.lists(st.tuples(st.integers(0, 5), _counts | st.none()), max_size=20)


@given(_steps, st.builds(range, st.integers(0, 6), st.integers(0, 6), st.integers(1, 3)))
def test_laying_down_changes_no_count(steps: list[tuple[int, Counts | None]], some: range) -> None:
    """A step without counts lays down what is older than its instant."""
    shelf, expected = Shelf(classes_of("answered")), dict[int, Counts]()
    for at_ms, counts in steps:
        if counts is None:
            shelf.lay_down(at_ms)
        else:
            shelf.add(at_ms, counts)
            add(expected.setdefault(at_ms, {}), counts.items())
    assert dict(shelf.within(EVER)) == {at_ms: shelf.at(at_ms) for at_ms in expected} == expected
    assert len(shelf) == len(expected)
    total: Counts = {}
    for at_ms in some:
        add(total, expected.get(at_ms, {}).items())
    assert shelf.total(some) == total


def test_what_is_older_is_dropped_at_hand_or_not() -> None:
    shelf = Shelf(classes_of("answered"))
    for at_ms in (1, 2, 3, 4):
        shelf.add(at_ms, {"late": at_ms})
        shelf.lay_down(3)
    shelf.drop(2)
    assert sorted(at_ms for at_ms, _ in shelf.within(Span(2, 4))) == [2, 3]
    assert sorted(dict(shelf.within(EVER))) == [2, 3, 4]
    assert shelf.at(1) == {}
