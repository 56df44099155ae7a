"""How much is kept, counted: of one source partition, and of the bench that judges it."""

# ruff: noqa: SLF001 - what nobody may rely on is kept all the same, and must not grow

from typing import NamedTuple

from sla_stream.counting import Counting
from sla_stream.judging import Judging


class Sizes(NamedTuple):
    """Numbers of things kept."""

    contacts: int
    tallies: int
    told_minutes: int
    board_quarters: int
    board_minutes: int
    window_sums: int
    verdicts_and_episodes: int


def sizes_of(counting: Counting, judging: Judging) -> Sizes:
    """Everything that could grow with time."""
    told = judging.boards._told
    boards = [*judging.boards.boards.values(), *judging.boards.together.values()]
    return Sizes(
        contacts=len(dict(counting.contacts())),
        tallies=len(dict(counting.tallies())),
        told_minutes=sum(1 for feed in told.feeds() for _ in told.of(feed)),
        board_quarters=sum(len(board._quarters) for board in boards),
        board_minutes=sum(len(board._minutes) for board in boards),
        window_sums=sum(len(spans) for board in boards for spans in board._sums.values()),
        verdicts_and_episodes=len(judging.verdicts) + len(judging.episodes),
    )
