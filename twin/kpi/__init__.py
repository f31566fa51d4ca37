"""Key figures of one replication: pure functions from plan and ledger to one flat row.

A family of KPIs is one file with one function ``(plan, ledger) -> {path: value}``, listed in ``FAMILIES``;
every KPI stands in ``twin.kpi.catalogue`` with unit, formula, norm and direction.
"""

from __future__ import annotations

from collections.abc import Callable

from twin.core.ledger import Ledger
from twin.core.plan import Plan
from twin.kpi.bottleneck import bottleneck
from twin.kpi.cards import cards
from twin.kpi.catalogue import CATALOGUE, Kpi, find
from twin.kpi.cost import cost
from twin.kpi.demand import demand
from twin.kpi.energy import energy
from twin.kpi.flow import flow
from twin.kpi.oee import oee
from twin.kpi.people import people
from twin.kpi.vehicles import vehicles

__all__ = ["CATALOGUE", "FAMILIES", "Family", "Kpi", "find", "row"]

Family = Callable[[Plan, Ledger], dict[str, float]]
"""KPIs that belong together, by path."""
FAMILIES: tuple[Family, ...] = (flow, demand, oee, people, vehicles, cards, energy, cost, bottleneck)
"""All families, in the order of the row."""


def row(plan: Plan, ledger: Ledger) -> dict[str, float]:
    """The KPIs of one replication, keyed by their path in the result document (times s, shares 0…1).

    Paths: ``kpis.X``, ``products.P.X``, ``energy.C.X``, ``elements.E.states.S`` (mean over machines),
    ``elements.E.kpis.X``, ``bottleneck.E``. A KPI without meaning in this plant is left out. NaN: this
    replication has nothing to take it from (no part left, no failure). ``makespan_s`` is left out when the
    horizon came before the plant was empty.
    Replications of one plan have the same keys, except that due dates written in order files are seen only
    when a part with one has left.
    """
    found: dict[str, float] = {}
    for family in FAMILIES:
        found |= family(plan, ledger)
    return found
