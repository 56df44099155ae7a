"""The private parts that the transport leans on are as they were when it was written."""

import pytest

from agents.kafka import pins


@pytest.mark.parametrize("table", [pins.FETCHING, pins.ELSEWHERE])
def test_no_private_part_has_moved(table: pins.Pins) -> None:
    moved = list(pins.moved(table))
    assert not moved, f"re-read {', '.join(moved)} before you bump aiokafka or faust, then renew its pin"


def test_a_function_that_is_gone_has_moved() -> None:
    assert list(pins.moved({Exception: {"no_such_thing": "0" * 64}})) == ["builtins.Exception.no_such_thing"]
