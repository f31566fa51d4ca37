"""People: how much of their time they are held."""

from __future__ import annotations

from twin.core.ledger import GroupLedger, Ledger
from twin.core.plan import Plan
from twin.kpi.ratio import ratio


def busy(row: GroupLedger) -> float:
    """Held time, walking included, / (scheduled + overtime); NaN for a group that was never there."""
    return ratio(row.held, row.scheduled + row.overtime)


def people(plan: Plan, ledger: Ledger) -> dict[str, float]:
    """The KPIs of each group of people, by path."""
    groups = ledger.of(GroupLedger)
    return {f"elements.{plan.elements[index].name}.kpis.busy": busy(row) for index, row in groups.items()}
