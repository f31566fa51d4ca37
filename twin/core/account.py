"""The account of parts: who came, who left and how, and the time they spent inside."""

from __future__ import annotations

from typing import Any

from twin.core.ledger import FlowRow, LeadRow, lead_bin
from twin.core.part import Part
from twin.core.plan import Micro, Plan

NEVER = float("inf")


class _Leads:
    """Good parts of one product."""

    def __init__(self) -> None:
        self.parts, self.total, self.due, self.late, self.tardiness = 0, 0.0, 0, 0, 0.0
        self.longest = 0.0
        self.bins: dict[int, int] = {}

    def add(self, part: Part, now: Micro) -> None:
        time = now - part.entered
        self.parts += 1
        self.total += time
        self.longest = max(self.longest, time)
        number = lead_bin(time)
        self.bins[number] = self.bins.get(number, 0) + 1
        if part.due != NEVER:
            self.due += 1
            self.late += now > part.due
            self.tardiness += max(0.0, now - part.due)

    def row(self) -> LeadRow:
        bins = tuple(sorted(self.bins.items()))
        return LeadRow(self.parts, self.total, bins, self.due, self.late, self.tardiness, self.longest)


class Account:
    """Every part that enters or leaves the plant passes here."""

    def __init__(self, plan: Plan, env: Any) -> None:
        self._env, self._plan = env, plan
        self.inside = 0
        self.when_empty: Any = None
        """Called when the last part has left."""
        self.last_exit: Micro = 0.0
        self.clear(0.0)

    def clear(self, now: Micro) -> None:
        """Start the measured window."""
        self._begin = self._since = now
        self._area = self._spent = 0.0
        self._inside_start = self.inside
        self._entered = self._good = self._waste = self._scrapped = self._lost = 0
        self.leads = [_Leads() for _ in self._plan.products]

    def enter(self) -> None:
        """A part has come in."""
        now = self._env.now
        self._area += self.inside * (now - self._since)
        self._since = now
        self.inside += 1
        self._entered += 1

    def lose(self, part: Part) -> None:
        """A part goes away at once: there is no room."""
        self._out(part)
        self._lost += 1

    def describe(self, part: Part) -> None:
        """Give a new part the due date and priority of its product."""
        product = self._plan.products[part.product]
        if product.due != float("inf"):
            part.due = part.entered + product.due
        if product.priority:
            part.priority = product.priority

    def leave(self, part: Part, good: bool) -> None:
        """A part has reached a sink."""
        now = self._out(part)
        if good:
            self._good += 1
            self.leads[part.product].add(part, now)
        else:
            self._waste += 1

    def scrap(self, part: Part) -> None:
        """A part is thrown away."""
        self._out(part)
        self._scrapped += 1

    def _out(self, part: Part) -> Micro:
        now: Micro = self._env.now
        self._area += self.inside * (now - self._since)
        self._since = self.last_exit = now
        self.inside -= 1
        begin = part.entered if part.entered > self._begin else self._begin
        self._spent += now - begin
        if not self.inside and self.when_empty is not None:
            self.when_empty()
        return now

    def close(self, now: Micro, inside: list[Part]) -> FlowRow:
        """The account at ``now``; ``inside`` are the parts found standing in the plant."""
        area = self._area + self.inside * (now - self._since)
        spent = self._spent + sum(now - max(part.entered, self._begin) for part in inside)
        return FlowRow(
            self._inside_start, self._entered, self._good, self._waste, self._scrapped, self._lost,
            len(inside), area, spent,
        )  # fmt: skip
