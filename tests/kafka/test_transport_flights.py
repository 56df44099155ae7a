"""Invariant 3: what may be committed is what lies before the first chunk that has not come back."""

import random

from faust.types import TP
from hypothesis import given
from hypothesis import strategies as st

from agents.kafka.flights import Flights

AT = TP("calls", 0)


def departed(*ends: int) -> Flights:
    flights = Flights()
    flights.begin(AT, 100)
    for end in ends:
        flights.depart(AT, end)
    return flights


def test_3_nothing_has_landed_before_the_first_chunk() -> None:
    flights = departed(110, 120)
    assert flights.landed(AT) == 100
    assert flights.land(AT, 120)
    assert flights.landed(AT) == 100


def test_3_the_first_chunk_brings_those_that_waited_for_it() -> None:
    flights = departed(110, 120, 130)
    flights.land(AT, 120)
    flights.land(AT, 110)
    assert flights.landed(AT) == 120


@given(st.lists(st.integers(1, 50), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_3_never_past_a_chunk_that_is_out(lengths: list[int], order: random.Random) -> None:
    ends = [100 + sum(lengths[: n + 1]) for n in range(len(lengths))]
    flights = departed(*ends)
    out = set(ends)
    for end in order.sample(ends, len(ends)):
        flights.land(AT, end)
        out.discard(end)
        landed = flights.landed(AT)
        assert landed is not None
        assert all(landed < still_out for still_out in out)
    assert flights.landed(AT) == ends[-1]


def test_3_a_chunk_lands_once() -> None:
    flights = departed(110)
    assert flights.land(AT, 110)
    assert not flights.land(AT, 110)


def test_3_a_chunk_from_before_a_new_beginning_does_not_land() -> None:
    flights = departed(110, 120)
    flights.begin(AT, 100)
    assert not flights.land(AT, 110)
    assert flights.landed(AT) == 100


def test_3_nothing_lands_on_a_partition_that_has_gone() -> None:
    flights = departed(110)
    flights.forget(AT)
    assert not flights.land(AT, 110)
    assert flights.landed(AT) is None
