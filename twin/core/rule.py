"""Queue rules: the key by which waiting parts are ordered, smallest first.

Parts sent back for rework go before new ones; parts that tie go in the order in which they entered the plant.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twin.core.part import Part
from twin.core.plan import ElementId, PlaceRow
from twin.core.run import Run

RULES = ("fifo", "lifo", "spt", "lpt", "mwkr", "lwkr", "mopnr", "edd", "cr", "priority")


def key_of(run: Run, row: PlaceRow) -> Callable[[Part], Any]:
    """The sort key of a place's rule."""
    value = _values(run, row)[row.rule]
    return lambda part: (not part.back, value(part), part.order)


def _values(run: Run, row: PlaceRow) -> dict[str, Callable[[Part], Any]]:
    work = _Work(run, row)
    return {
        "fifo": lambda part: part.since,
        "lifo": lambda part: -part.since,
        "spt": work.here,
        "lpt": lambda part: -work.here(part),
        "mwkr": lambda part: -work.left(part),
        "lwkr": work.left,
        "mopnr": lambda part: -work.steps_left(part),
        "edd": lambda part: part.due,
        "cr": lambda part: (part.due - run.env.now) / max(work.left(part), 1.0),
        "priority": lambda part: (-part.priority, part.since),
    }


class _Work:
    """Mean work of a part here and on the rest of its way."""

    def __init__(self, run: Run, row: PlaceRow) -> None:
        self.run = run
        self.station = next((t for t in row.takers if hasattr(run.plan.rows[t], "cycle")), row.owner)

    def here(self, part: Part) -> float:
        route = self.run.plan.products[part.product].route
        return self._step(part, part.step) if route else self._cycle(self.station, part)

    def left(self, part: Part) -> float:
        route = self.run.plan.products[part.product].route
        if not route:
            return self._cycle(self.station, part)
        return sum(self._step(part, step) for step in range(part.step, len(route)))

    def steps_left(self, part: Part) -> int:
        return max(1, len(self.run.plan.products[part.product].route) - part.step)

    def _step(self, part: Part, step: int) -> float:
        works = self.run.plan.products[part.product].route[step].work
        return sum(self.run.plan.laws[work[0].law].mean for work in works) / len(works)

    def _cycle(self, station: ElementId, part: Part) -> float:
        cycle = getattr(self.run.plan.rows[station], "cycle", ())
        if not cycle:
            return 0.0
        mean: float = self.run.plan.laws[cycle[part.product if len(cycle) > 1 else 0].law].mean
        return mean
