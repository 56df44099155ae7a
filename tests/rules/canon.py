"""Counts in a form that can be compared: nobody in a class is as good as no such class."""

from msgspec.structs import astuple

from schemas.tallies import Counts
from sla_stream.board import Board
from sla_stream.boards import BoardKey, Boards, TogetherKey
from sla_stream.counting import Counting

Canonical = dict[tuple[object, ...], Counts]


def tallies_of(counting: Counting) -> Canonical:
    """A partition's tallies by measure."""
    return {
        (*astuple(key), measure): counts
        for key, tally in counting.tallies()
        for measure, counts in tally.measures.items()
        if counts
    }


def merged(countings: list[Counting]) -> Canonical:
    """The tallies of several partitions, added up."""
    total: Canonical = {}
    for counting in countings:
        for key, counts in tallies_of(counting).items():
            into = total.setdefault(key, {})
            for name, n in counts.items():
                into[name] = into.get(name, 0) + n
    return {key: left for key, counts in total.items() if (left := {name: n for name, n in counts.items() if n})}


def contents(boards: Boards) -> dict[tuple[BoardKey | TogetherKey, int], Counts]:
    """What is on the boards, by the quarter-hour."""
    every: list[tuple[BoardKey | TogetherKey, Board]] = [*boards.boards.items(), *boards.together.items()]
    return {(key, quarter_ms): counts for key, board in every for quarter_ms, counts in board.quarters() if counts}
