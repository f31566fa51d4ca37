"""People: how much of their time they are held, and absent."""

from __future__ import annotations

from twin.core.ledger import GroupLedger, Ledger
from twin.core.plan import Plan
from twin.kpi.ratio import ratio


def busy(row: GroupLedger) -> float:
    """Held time, walking included, / (scheduled − absent + overtime); NaN for a group that was never there."""
    return ratio(row.held, row.scheduled - row.absent + row.overtime)


def absent(row: GroupLedger) -> float:
    """Time absent in working hours / scheduled time; NaN for a group without working hours in the window."""
    return ratio(row.absent, row.scheduled)


def people(plan: Plan, ledger: Ledger) -> dict[str, float]:
    """The KPIs of each group of people, by path; absence only of groups that have breakdowns."""
    found: dict[str, float] = {}
    for index, row in ledger.of(GroupLedger).items():
        path = f"elements.{plan.elements[index].name}.kpis"
        found[f"{path}.busy"] = busy(row)
        if getattr(plan.rows[index], "modes", ()):
            found[f"{path}.absent"] = absent(row)
    return found
