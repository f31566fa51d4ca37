"""The account of parts: who came, who left and how, and the time they spent inside."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from functools import reduce
from itertools import repeat
from operator import add, truediv
from typing import Any

from twin.core.ledger import BIN, FlowRow, LeadRow, lead_bin
from twin.core.plan import NEVER, Micro, Plan
from twin.core.running.part import Part

BLOCK = 1024
"""Lead times that are counted together."""
MOST_INSIDE = 10_000_000
"""Parts that may be inside at one moment: memory would not hold many more."""


class _Leads:
    """Good parts of one product; their times are counted a block at a time."""

    def __init__(self) -> None:
        self.parts, self.total, self.due, self.late, self.tardiness = 0, 0.0, 0, 0, 0.0
        self.longest = 0.0
        self.bins: Counter[int] = Counter()
        self._times: list[Micro] = []

    def add(self, time: Micro) -> None:
        """A part has left after this time."""
        self._times.append(time)
        if len(self._times) == BLOCK:
            self._settle()

    def add_due(self, late: Micro) -> None:
        """That part had a due date."""
        self.due += 1
        self.late += late > 0
        self.tardiness += max(0.0, late)

    def _settle(self) -> None:
        times, self._times = self._times, []
        self.parts += len(times)
        self.total = reduce(add, times, self.total)
        self.longest = max(self.longest, *times)
        self.bins.update(_lead_bins(times))

    def row(self) -> LeadRow:
        """The row of the ledger."""
        if self._times:
            self._settle()
        bins = tuple(sorted(self.bins.items()))
        return LeadRow(self.parts, self.total, bins, self.due, self.late, self.tardiness, self.longest)


def _lead_bins(times: list[Micro]) -> Iterable[int]:
    """``lead_bin`` of each, without a call of ours for each."""
    if min(times) < 1.0:
        return map(lead_bin, times)
    return map(int, map(truediv, map(math.log, times), repeat(BIN)))


class Account:
    """Every part that enters or leaves the plant passes here."""

    def __init__(self, plan: Plan, env: Any) -> None:
        self._env, self._plan = env, plan
        self.inside = 0
        self.when_empty: Any = None
        """Called when the last part has left."""
        self.when_crowded: Any = None
        """Called when more parts are inside than may be."""
        self.watchers: list[Callable[[], None]] = []
        """Called when a part leaves the plant, whatever way."""
        self.last_exit: Micro = 0.0
        self.clear(0.0)

    def clear(self, now: Micro) -> None:
        """Start the measured window."""
        self._begin = self._since = now
        self._area = self._spent = self._material = self._spoiled = 0.0
        self._inside_start = self.inside
        self._entered = self._good = self._waste = self._scrapped = self._lost = self._split = self._joined = 0
        self.leads = [_Leads() for _ in self._plan.products]

    def enter(self) -> None:
        """A part has come in."""
        now = self._env.now
        self._area += self.inside * (now - self._since)
        self._since = now
        self.inside += 1
        self._entered += 1
        if self.inside > MOST_INSIDE:
            self._crowd(self.inside)

    def _crowd(self, parts: int) -> None:
        if parts > MOST_INSIDE and self.when_crowded is not None:
            self.when_crowded()

    def split(self, part: Part) -> None:
        """A part becomes two: one more is inside, which has spent no time here yet."""
        now = self._env.now
        self.enter()
        self._entered -= 1
        self._split += 1
        self._spent -= now - max(part.entered, self._begin)

    def join(self, body: Part, part: Part) -> None:
        """A part ends in another one."""
        last = self.last_exit
        self._out(part)
        self._joined += 1
        self.last_exit = last
        body.material += part.material

    def lose(self, part: Part) -> None:
        """A part goes away at once: there is no room."""
        self._out(part)
        self._lost += 1

    def describe(self, part: Part) -> None:
        """Give a new part the due date, priority and material of its product."""
        product = self._plan.products[part.product]
        part.material = product.material
        if product.due != float("inf"):
            part.due = part.entered + product.due
        if product.priority:
            part.priority = product.priority

    def leave(self, part: Part, good: bool) -> None:
        """A part has reached a sink."""
        now = self._out(part)
        self._material += part.material
        if good:
            self._good += 1
            leads = self.leads[part.product]
            leads.add(now - part.entered)
            if part.due != NEVER:
                leads.add_due(now - part.due)
        else:
            self._waste += 1
            self._spoiled += part.material

    def scrap(self, part: Part) -> None:
        """A part is thrown away."""
        self._out(part)
        self._material += part.material
        self._spoiled += part.material
        self._scrapped += 1

    def _out(self, part: Part) -> Micro:
        now: Micro = self._env.now
        self._area += self.inside * (now - self._since)
        self._since = self.last_exit = now
        self.inside -= 1
        begin = part.entered if part.entered > self._begin else self._begin
        self._spent += now - begin
        if part.cards:
            self._give_back(part)
        if not self.inside and self.when_empty is not None:
            self.when_empty()
        for watcher in self.watchers:
            watcher()
        return now

    @staticmethod
    def _give_back(part: Part) -> None:
        """The cards of a part that is no more in the plant come back."""
        cards, part.cards = part.cards, ()
        for loop in cards:
            loop.give_back()

    def close(self, now: Micro, inside: list[Part]) -> FlowRow:
        """The account at ``now``; ``inside`` are the parts found standing in the plant."""
        area = self._area + self.inside * (now - self._since)
        spent = self._spent + sum(now - max(part.entered, self._begin) for part in inside)
        return FlowRow(
            self._inside_start, self._entered, self._good, self._waste, self._scrapped, self._lost,
            len(inside), area, spent, self._material, self._split, self._joined, self._spoiled,
        )  # fmt: skip
