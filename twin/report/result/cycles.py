"""Whether the cycles of a station can be shorter than the ideal cycle that its OEE counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from twin.core.plan import Draws, ElementId, Plan, ProductId


def as_ideal(plan: Plan, name: str) -> bool:
    """Whether each cycle of a station takes the same time whenever it is worked, and none less than the ideal cycle.

    An intrinsic OEE above 100 % then comes from the begin of the measured time alone: what was begun before it is
    counted when it is done, as a whole.
    """
    return any(_as_ideal(plan, at, row) for at, one, row in plan.of("stations") if one == name)


def _as_ideal(plan: Plan, at: ElementId, row: Any) -> bool:
    ideal = getattr(row, "ideal", ())
    return bool(ideal) and all(
        all(one.stream < 0 for one in job) and _takes(plan, job) >= _parts(row) * (ideal[product] - 1)
        for product in range(len(ideal))
        for job in _jobs(plan, at, row, product)
    )


def _jobs(plan: Plan, at: ElementId, row: Any, product: ProductId) -> Iterator[Draws]:
    """What is drawn for a cycle, for each step of the product's route here; by the flow there is one."""
    route = [step.work[step.stations.index(at)] for step in plan.products[product].route if at in step.stations]
    for work in route or [row.cycle]:
        yield tuple(part[min(product, len(part) - 1)] for part in (row.load, work, row.unload) if part)


def _takes(plan: Plan, job: Draws) -> float:
    """How long constant draws take together, µs."""
    return sum(plan.laws[one.law].mean for one in job)


def _parts(row: Any) -> int:
    """The ideal cycle is that of one part of a load."""
    return row.batch.most if row.batch else 1
