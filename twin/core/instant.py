"""The order of an instant: the steps of what happens at one time, then its choices.

Choices are asked for in any order and made one at a time, lowest in declared order first.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

FIRST, ENDS, SETTLES, DRAWS, STOPS, OPENS = range(6)
"""Steps of what happens at one time: what must be known before anything ends (parts ripen or go off, a machine that
closes takes no other); what runs ends; vehicles that have ended take and bring their parts; draws that machines share;
stops and closings begin; openings."""
CLOSES = 1_000_000
"""The step after all others, in which a window closes."""
LATE, LAST = 2**40, 2**50
"""Ranks of choices after those of all elements: of what waits until all have chosen (add its index), of the run."""
AFTER_ALL = float("inf")
"""No choice of an instant comes after this code."""
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
