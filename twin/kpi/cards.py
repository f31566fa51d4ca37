"""Cards: how many of them are in use."""

from __future__ import annotations

from twin.core.ledger import CardLedger, Ledger
from twin.core.plan import Plan
from twin.kpi.ratio import ratio


def busy(row: CardLedger, window: float) -> float:
    """Time integral of the cards in use / (cards × window)."""
    return ratio(row.held, row.limit * window)


def cards(plan: Plan, ledger: Ledger) -> dict[str, float]:
    """The KPIs of each loop of cards, by path."""
    loops = ledger.of(CardLedger).items()
    return {f"elements.{plan.elements[i].name}.kpis.busy": busy(row, ledger.window) for i, row in loops}
