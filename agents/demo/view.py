"""Where the floor is shown: as a live picture in a terminal, as lines anywhere else."""

from typing import Protocol, Self
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.live import Live

from agents.demo.floor import Floor
from agents.demo.looks import happening_line, verdict_line
from agents.demo.picture import picture

_LINES_EVERY_S = 5.0


class View(Protocol):
    """Somewhere to show the floor, once entered."""

    def show(self, floor: Floor, elapsed_s: float) -> None:
        """Show how it is `elapsed_s` after the start."""


class Screen:
    """One picture in the terminal, drawn anew in place."""

    def __init__(self, console: Console, zone: ZoneInfo) -> None:
        self._zone = zone
        self._live = Live(console=console, auto_refresh=False)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, floor: Floor, elapsed_s: float) -> None:
        """Draw it."""
        self._live.update(picture(floor, self._zone, elapsed_s), refresh=True)


class Lines:
    """Lines for a file or a pipe: what happens at once, how everything stands every few seconds."""

    def __init__(self, console: Console, zone: ZoneInfo) -> None:
        self._console = console
        self._zone = zone
        self._told = 0
        self._next_s = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is held."""

    def show(self, floor: Floor, elapsed_s: float) -> None:
        """Print what is new."""
        for happening in floor.log[self._told :]:
            self._print(happening_line(happening, self._zone))
        self._told = len(floor.log)
        if elapsed_s >= self._next_s and floor.verdicts:
            self._next_s = elapsed_s + _LINES_EVERY_S
            for verdict in floor.verdicts:
                self._print(verdict_line(verdict, self._zone))

    def _print(self, line: str) -> None:
        # Neither folded nor coloured: these lines are for grep.
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


def view_on(console: Console, zone: ZoneInfo) -> Screen | Lines:
    """Choose by what is at the other end."""
    return Screen(console, zone) if console.is_terminal else Lines(console, zone)
