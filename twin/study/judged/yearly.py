"""What a plant makes, uses and holds in a full year, from the KPIs of its replications."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin.core.plan import Plan
from twin.core.run import RunError
from twin.finance import chance
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
    """EUR a good part: material of the parts that were scrapped or waste."""
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
        return self._each(lambda values, _: averaged(values, periods, group), self)

    def beside(self, base: Yearly, calm: Yearly, periods: float, group: Sequence[int] | None) -> Yearly:
        """The same of a scenario: its difference to the baseline is averaged, and added to the averaged baseline.

        Each by itself would not do: two shares of chance, found from few rows, differ, and the difference of the
        scenarios would take in some of the spread that both have in common.

        Args:
            base: the baseline as it was simulated.
            calm: the baseline averaged.
            periods, group: as for ``averaged``.
        """
        apart = self._each(lambda own, other: averaged(own - other, periods, group), base)
        return apart._each(lambda own, other: own + other, calm)

    def _each(self, of: Callable[[Floats, Floats], Floats], other: Yearly) -> Yearly:
        """Every quantity made of this and of another year; what one of them lacks is 0 there."""
        return Yearly(
            _both(of, self.parts, other.parts), of(self.wages, other.wages), _both(of, self.energy, other.energy),
            of(self.carbon, other.carbon), of(self.scrap, other.scrap), of(self.wip, other.wip),
        )  # fmt: skip


def _both(
    of: Callable[[Floats, Floats], Floats], own: Mapping[str, Floats], other: Mapping[str, Floats]
) -> dict[str, Floats]:
    names = dict.fromkeys([*own, *other])
    none = np.zeros_like(next(iter([*own.values(), *other.values()]), np.zeros(0)))
    return {name: of(own.get(name, none), other.get(name, none)) for name in names}


def averaged(values: Floats, periods: float, group: Sequence[int] | None) -> Floats:
    """Rows of a quantity with the chance of one horizon replaced by that of the mean of so many."""
    if group is not None:
        return chance.averaged(values, group, max(periods, 1.0))
    return np.asarray(values.mean() + (values - values.mean()) / np.sqrt(max(periods, 1.0)))


def money_paths(plan: Plan) -> Iterator[str]:
    """The KPIs that ``yearly`` reads."""
    yield from ("kpis.throughput_per_h", "kpis.parts", "kpis.wip", "kpis.carbon_kg_per_part")
    yield from ("kpis.cost_wages_eur_per_part", "kpis.cost_scrap_eur_per_part")
    yield from (f"products.{one.name}.parts" for one in plan.products)
    yield from (f"energy.{one.name}.cost_eur_per_part" for one in plan.energy)


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
    products, carriers = tuple(one.name for one in plan.products), tuple(one.name for one in plan.energy)
    made = {products[0]: total}
    if len(products) > 1:
        parts = _column(rows, "kpis.parts")
        made = {one: total * _column(rows, f"products.{one}.parts", 0.0) / parts for one in products}
    return Yearly(
        made,
        _column(rows, "kpis.cost_wages_eur_per_part", 0.0) * total,
        {one: _column(rows, f"energy.{one}.cost_eur_per_part", 0.0) for one in carriers},
        _column(rows, "kpis.carbon_kg_per_part", 0.0),
        _column(rows, "kpis.cost_scrap_eur_per_part", 0.0),
        _column(rows, "kpis.wip", 0.0),
    )


def _column(rows: Sequence[Mapping[str, float]], path: str, missing: float = np.nan) -> Floats:
    found = np.array([row.get(path, missing) for row in rows], dtype=float)
    return np.where(np.isfinite(found), found, missing)
