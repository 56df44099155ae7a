"""Invariants 1 and 2: chunks join like tiles, and what does not join is asked for again, once."""

from faust.types import TP

from agents.kafka.tiles import Place, Tiles

AT = TP("calls", 0)


def laid(position: int) -> Tiles:
    tiles = Tiles()
    tiles.expect(AT, position)
    return tiles


def test_1_a_chunk_that_starts_where_the_last_one_ended_fits() -> None:
    tiles = laid(10)
    assert tiles.place(AT, 10, 25) is Place.FITS
    assert tiles.place(AT, 25, 26) is Place.FITS


def test_2_a_chunk_after_a_hole_is_asked_for_again() -> None:
    tiles = laid(10)
    assert tiles.place(AT, 15, 20) is Place.SEEK_BACK
    assert tiles.expected(AT) == 10
    assert tiles.place(AT, 10, 20) is Place.FITS


def test_2_a_hole_that_comes_back_is_a_gap_in_the_log() -> None:
    tiles = laid(10)
    assert tiles.place(AT, 15, 20) is Place.SEEK_BACK
    assert tiles.place(AT, 15, 20) is Place.GAP
    assert tiles.place(AT, 20, 30) is Place.FITS


def test_2_each_hole_is_asked_for_again() -> None:
    tiles = laid(10)
    tiles.place(AT, 15, 20)
    tiles.place(AT, 15, 20)
    assert tiles.place(AT, 22, 30) is Place.SEEK_BACK


def test_2_a_chunk_that_comes_twice_is_not_taken_twice() -> None:
    tiles = laid(10)
    tiles.place(AT, 10, 20)
    assert tiles.place(AT, 10, 20) is Place.SEEK_BACK
    assert tiles.place(AT, 20, 30) is Place.FITS


def test_2_a_log_that_ends_before_what_was_read_is_another_log() -> None:
    tiles = laid(1000)
    assert tiles.place(AT, 0, 20) is Place.SEEK_BACK
    assert tiles.place(AT, 0, 20) is Place.WENT_BACK
