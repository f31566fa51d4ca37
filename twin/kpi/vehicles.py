"""Vehicles: how much of their time they are on trips, loaded and empty; trips and metres."""

from __future__ import annotations

from collections.abc import Iterator

from twin.core.ledger import CHARGING, EMPTY, IDLE, LOADED, FleetLedger, Ledger
from twin.core.plan import Plan
from twin.kpi.ratio import ratio


def vehicles(plan: Plan, ledger: Ledger) -> dict[str, float]:
    """The KPIs of each fleet, by path; charging only where vehicles have batteries."""
    found: dict[str, float] = {}
    for index, row in ledger.of(FleetLedger).items():
        path = f"elements.{plan.elements[index].name}.kpis"
        charges = getattr(plan.rows[index], "battery", None) is not None
        found |= {f"{path}.{name}": value for name, value in _kpis(row) if charges or name != "charging_share"}
    return found


def share(row: FleetLedger, *states: int) -> float:
    """Time in these states / time of all vehicles."""
    part = sum(vehicle[state] for vehicle in row.states for state in states)
    return ratio(part, sum(map(sum, row.states)))


def _kpis(row: FleetLedger) -> Iterator[tuple[str, float]]:
    yield "busy", 1.0 - share(row, IDLE, CHARGING)
    yield "loaded_share", share(row, LOADED)
    yield "empty_share", share(row, EMPTY)
    yield "charging_share", share(row, CHARGING)
    yield "trips", float(row.trips)
    yield "metres", row.metres
