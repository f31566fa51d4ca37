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

    __slots__ = ("_choosers", "_joined", "ask", "choose", "pending")

    def __init__(self) -> None:
        self.pending: list[int] = []
        self._choosers: dict[int, Choose] = {}
        self._joined: dict[int, int] = {}
        self.ask, self.choose = _calls(self.pending, self._choosers)
        """``ask(code)``: have this chooser choose before time goes on; ``choose()``: let the lowest make one choice."""

    def join(self, rank: int, choose: Choose) -> int:
        """Register a chooser of the element with this declared order; gives the code to ask with."""
        number = self._joined.get(rank, 0)
        self._joined[rank] = number + 1
        code = rank * _ROOM + number
        self._choosers[code] = choose
        return code


def _calls(pending: list[int], choosers: dict[int, Choose]) -> tuple[Callable[[int], None], Choose]:
    """Functions without a detour, as one of them is called for nearly every part."""
    asked: set[int] = set()

    def ask(code: int) -> None:
        if code not in asked:
            asked.add(code)
            heappush(pending, code)

    def choose() -> None:
        code = heappop(pending)
        asked.discard(code)
        choosers[code]()

    return ask, choose
