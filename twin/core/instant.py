"""The choices of an instant: asked in any order, made one at a time, lowest in declared order first."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

Choose = Callable[[], None]
_ROOM = 4096
"""Choosers an element may have."""


class Instant:
    """A heap of pending choices and nothing else; asking twice changes nothing."""

    __slots__ = ("_asked", "_choosers", "_joined", "pending")

    def __init__(self) -> None:
        self.pending: list[int] = []
        self._asked: set[int] = set()
        self._choosers: dict[int, Choose] = {}
        self._joined: dict[int, int] = {}

    def join(self, rank: int, choose: Choose) -> int:
        """Register a chooser of the element with this declared order; gives the code to ask with."""
        number = self._joined.get(rank, 0)
        self._joined[rank] = number + 1
        code = rank * _ROOM + number
        self._choosers[code] = choose
        return code

    def ask(self, code: int) -> None:
        """Have this chooser choose before time goes on."""
        if code not in self._asked:
            self._asked.add(code)
            heappush(self.pending, code)

    def choose(self) -> None:
        """Let the lowest chooser make one choice."""
        code = heappop(self.pending)
        self._asked.discard(code)
        self._choosers[code]()
