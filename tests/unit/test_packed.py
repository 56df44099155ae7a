"""Counts at rest are the counts that were packed."""

from hypothesis import given
from hypothesis import strategies as st

from sla_stream.packed import Packer

_names = st.sampled_from(("answered_in_time", "answered_late", "sum_ms", "bucket:1500", "Ünïcödé", ""))
_counts = st.dictionaries(_names, st.integers(-(2**40), 2**40))
_measures = st.dictionaries(st.text(max_size=9), _counts, max_size=4)


@given(st.lists(st.tuples(st.integers(0, 2**50), _measures), max_size=6))
def test_tallies_come_out_as_they_went_in(tallies: list[tuple[int, dict[str, dict[str, int]]]]) -> None:
    packer = Packer()
    packed = [packer.pack_tally(*tally) for tally in tallies]
    assert [packer.unpack_tally(one) for one in packed] == tallies


@given(st.lists(_counts, max_size=6))
def test_counts_come_out_as_they_went_in(several: list[dict[str, int]]) -> None:
    packer = Packer()
    packed = [packer.pack(counts) for counts in several]
    assert [packer.unpack(one) for one in packed] == several


def test_a_name_keeps_its_number() -> None:
    packer = Packer()
    first = packer.number("sales")
    assert [packer.number(name) for name in ("support", "sales")] == [first + 1, first]
    assert packer.name(first) == "sales"
