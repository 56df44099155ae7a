"""The private parts that the transport leans on are as they were when it was written."""

import pytest

from agents.kafka import pins, transport_of
from tests.kafka.counting_worker import make_app


@pytest.mark.parametrize("table", [pins.FETCHING, pins.ELSEWHERE])
def test_no_private_part_has_moved(table: pins.Pins) -> None:
    moved = list(pins.moved(table))
    assert not moved, f"re-read {', '.join(moved)} before you bump aiokafka or faust, then renew its pin"


def test_a_function_that_is_gone_has_moved() -> None:
    assert list(pins.moved({Exception: {"no_such_thing": "0" * 64}})) == ["builtins.Exception.no_such_thing"]


def test_when_a_part_of_fetching_has_moved_records_are_fetched_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "FETCHING", {Exception: {"no_such_thing": "0" * 64}})
    transport = transport_of(make_app("127.0.0.1:1", "nobody"))
    assert transport.direct_fetch
    assert not transport.fetches_directly
    assert transport.moved == ("builtins.Exception.no_such_thing",)
