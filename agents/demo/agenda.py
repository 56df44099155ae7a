"""What is going to happen, in the order of its time."""

import heapq
from collections.abc import Callable
from itertools import count

#: Something that happens; it is told its instant (epoch ms).
Action = Callable[[int], None]


class Agenda:
    """Actions to come. An action may plan others."""

    def __init__(self) -> None:
        self._entries: list[tuple[int, int, Action]] = []
        self._numbers = count()  # of two things at one instant, the one planned first happens first

    def add(self, at_ms: int, action: Action) -> None:
        """Plan an action."""
        heapq.heappush(self._entries, (at_ms, next(self._numbers), action))

    def run_until(self, at_ms: int) -> None:
        """Let everything happen that is due by then."""
        while self._entries and self._entries[0][0] <= at_ms:
            due_ms, _, action = heapq.heappop(self._entries)
            action(due_ms)
