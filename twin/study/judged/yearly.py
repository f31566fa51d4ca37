"""What a plant makes, uses and holds in a full year, from the KPIs of its replications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin.core.plan import Plan
from twin.core.run import RunError
from twin.core.unit import MICRO
from twin.study.judged.assumed import YEAR

if TYPE_CHECKING:
    from twin.law.law import Floats

HOURS = YEAR / 3600
"""Hours of a year."""


@dataclass(frozen=True)
class Yearly:
    """One scenario, row by row; shapes (rows,)."""

    parts: Mapping[str, Floats]
    """Good parts a year that the plant can make, by product."""
    wages: Floats
    """EUR a year."""
    energy: Mapping[str, Floats]
    """EUR a good part, by carrier."""
    carbon: Floats
    """kg a good part."""
    scrap: Floats
    """EUR a good part: material that was bought and not sold."""
    wip: Floats
    """Parts inside, mean."""

    @property
    def all_parts(self) -> Floats:
        """Good parts a year of all products."""
        return np.asarray(sum(self.parts.values()))

    def averaged(self, periods: float, group: Sequence[int] | None) -> Yearly:
        """The same with the chance of one simulated horizon replaced by that of the mean of ``periods`` of them.

        Args:
            periods: horizons in the years of the study.
            group: the draw of the uncertain inputs of each row, so that what is uncertain stays; None: nothing is.
        """
        return Yearly(
            {name: _averaged(values, periods, group) for name, values in self.parts.items()},
            _averaged(self.wages, periods, group),
            {name: _averaged(values, periods, group) for name, values in self.energy.items()},
            _averaged(self.carbon, periods, group),
            _averaged(self.scrap, periods, group),
            _averaged(self.wip, periods, group),
        )


def _averaged(values: Floats, periods: float, group: Sequence[int] | None) -> Floats:
    from twin.finance.chance import averaged

    if group is not None:
        return averaged(values, group, max(periods, 1.0))
    return np.asarray(values.mean() + (values - values.mean()) / np.sqrt(max(periods, 1.0)))


def yearly(name: str, plan: Plan, rows: Sequence[Mapping[str, float]]) -> Yearly:
    """The year of a scenario.

    Args:
        name: of the scenario, for messages.
        plan: its plan.
        rows: the KPIs by path, one map a replication.

    Raises:
        RunError: a replication without a good part: nothing can be said of money then.
    """
    total = _column(rows, "kpis.throughput_per_h") * HOURS
    if (bad := np.flatnonzero(~(total > 0))).size:
        raise RunError(
            f"scenario {name}, replication {bad[0] + 1}: no good part leaves the plant, so money cannot be "
            "counted by the part; make 'run.horizon' longer"
        )
    parts = _column(rows, "kpis.parts")
    products = tuple(product.name for product in plan.products)
    if len(products) == 1:
        made = {products[0]: total}
    else:
        made = {one: total * _column(rows, f"products.{one}.parts", 0.0) / parts for one in products}
    material = {product.name: product.material / MICRO for product in plan.products}
    kept = sum(made[one] * material[one] for one in products) / total
    carriers = tuple(row.name for row in plan.energy)
    return Yearly(
        made,
        _column(rows, "kpis.cost_wages_eur_per_part", 0.0) * total,
        {one: _column(rows, f"energy.{one}.cost_eur_per_part", 0.0) for one in carriers},
        _column(rows, "kpis.carbon_kg_per_part", 0.0),
        np.maximum(_column(rows, "kpis.cost_material_eur_per_part", 0.0) - kept, 0.0) * np.any(kept > 0),
        _column(rows, "kpis.wip", 0.0),
    )


def _column(rows: Sequence[Mapping[str, float]], path: str, missing: float = np.nan) -> Floats:
    found = np.array([row.get(path, missing) for row in rows], dtype=float)
    return np.where(np.isfinite(found), found, missing)
