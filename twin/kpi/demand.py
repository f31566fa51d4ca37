"""Demand: how many finished parts a customer waits for, how many wait for him, and what he gets on time."""

from __future__ import annotations

from collections.abc import Iterator

from twin.core.ledger import DemandLedger, Ledger, SinkLedger
from twin.core.plan import Micro, Plan
from twin.kpi.ratio import ratio


def demand(plan: Plan, ledger: Ledger) -> dict[str, float]:
    """The KPIs of each sink where a customer wants something, by path."""
    sinks = {index: sink.demand for index, sink in ledger.of(SinkLedger).items() if sink.demand is not None}
    return {
        f"elements.{plan.elements[index].name}.kpis.{name}": value
        for index, row in sinks.items()
        for name, value in _kpis(row, ledger.window)
    }


def _kpis(row: DemandLedger, window: Micro) -> Iterator[tuple[str, float]]:
    yield "demand", float(row.due)
    yield "on_time_share", ratio(row.on_time, row.due)
    yield "backlog", ratio(row.backlog, window)
    yield "finished_stock", ratio(row.stock, window)
