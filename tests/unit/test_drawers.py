"""Values by name in shared drawers: what a dict would say, whatever was put and dropped."""

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from sla_stream.drawers import Drawers

#: Few names, so that many steps are about the same; and any that a source may write.
_NAMES = st.integers(0, 40).map(lambda n: f"customer {n}") | st.text(max_size=5)


@given(st.lists(st.tuples(_NAMES, st.none() | st.binary(max_size=30)), max_size=200))
def test_they_hold_what_a_dict_would_hold(steps: list[tuple[str, bytes | None]]) -> None:
    drawers, known = Drawers(), dict[str, bytes]()
    for name, value in steps:
        if value is None:
            drawers.drop(name)
            known.pop(name, None)
        else:
            drawers.put(name, value)
            known[name] = value
        assert drawers.get(name) == known.get(name)
        assert len(drawers) == len(known)
    assert dict(drawers.items()) == known


def test_ten_thousand_are_all_found_again() -> None:
    drawers = Drawers()
    for n in range(10_000):
        drawers.put(f"{n}", b"%d" % n)
    assert [drawers.get(f"{n}") for n in range(10_000)] == [b"%d" % n for n in range(10_000)]
    assert drawers.get("10000") is None


def test_each_takes_few_bytes_more_than_its_name_and_value() -> None:
    tracemalloc.start()
    drawers = Drawers()
    for n in range(10_000):
        drawers.put(f"{n:016d}", b"a value of twenty...")
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size / len(drawers) < 16 + 20 + 16
