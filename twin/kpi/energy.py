"""Energy and carbon: power by state × time in state, over all time, idle and blocked included (ISO 22400-2).

Power in W, energy in J inside, kWh in the row. Per good part: the ratio of the sums of one replication.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from twin.core.ledger import (
    BLOCKED,
    CHARGING,
    IDLE,
    OFF,
    SETUP,
    STARVED,
    STATES,
    WORKING,
    FleetLedger,
    GroupLedger,
    Ledger,
    StationLedger,
)
from twin.core.plan import Micro, Plan
from twin.core.unit import MICRO
from twin.kpi.oee import start_ups
from twin.kpi.ratio import ratio

KWH = 3.6e6
"""Joules in a kWh."""


def energy(plan: Plan, ledger: Ledger) -> dict[str, float]:
    """The energy of each element that has power, energy and carbon per good part, by path; nothing without power."""
    paths = {index: f"elements.{plan.elements[index].name}.kpis.energy_kwh" for index in range(len(plan.rows))}
    found = {paths[index]: sum(joules) / KWH for index, joules in drawn(plan, ledger).items()}
    if not found:
        return {}
    whole = carriers(plan, ledger)
    found |= dict(_by_carrier(plan, whole, ledger.flow.good)) | dict(_starting(plan, ledger))
    found["kpis.energy_kwh_per_part"] = ratio(sum(whole) / KWH, ledger.flow.good)
    for name, factors in _factors(plan):
        kilograms = sum(whole[carrier] * factor for carrier, factor in factors.items())
        found[f"kpis.{name}"] = ratio(kilograms, ledger.flow.good)
    return found


def _by_carrier(plan: Plan, whole: list[float], good: int) -> Iterator[tuple[str, float]]:
    """What is drawn of each carrier, whole and per good part; what it costs where it has a price."""
    for index in used(plan):
        carrier, joules = plan.energy[index], whole[index]
        yield f"energy.{carrier.name}.energy_kwh", joules / KWH
        yield f"energy.{carrier.name}.energy_kwh_per_part", ratio(joules / KWH, good)
        if carrier.price is not None:
            yield f"energy.{carrier.name}.cost_eur_per_part", ratio(carrier.price * joules, good)


def _starting(plan: Plan, ledger: Ledger) -> Iterator[tuple[str, float]]:
    """What the start-ups of each element drew, which is in its energy too: they are set-up."""
    for index, stop in start_ups(plan, ledger).items():
        if power := getattr(plan.rows[index], "power", ()):
            joules = sum(one.draws[SETUP] for one in power) * (stop.wait + stop.down) / MICRO
            yield f"elements.{plan.elements[index].name}.kpis.start_up_kwh", joules / KWH


def drawn(plan: Plan, ledger: Ledger) -> dict[int, list[float]]:
    """What each element that has power drew, J, a number for each of ``plan.energy``, by index of the element."""
    found: dict[int, list[float]] = {}
    for index, row in enumerate(plan.rows):
        spent = times(row, ledger.rows.get(index), ledger.window) if getattr(row, "power", ()) else None
        if spent is not None:
            joules = [0.0] * len(plan.energy)
            for power in row.power:
                joules[power.carrier] += _work(power, *spent)
            found[index] = joules
    return found


def carriers(plan: Plan, ledger: Ledger) -> list[float]:
    """What the whole plant drew of each of ``plan.energy``, J."""
    found = drawn(plan, ledger).values()
    return [sum(joules[carrier] for joules in found) for carrier in range(len(plan.energy))]


def used(plan: Plan) -> list[int]:
    """The carriers that something draws, by index."""
    return sorted({power.carrier for row in plan.rows for power in getattr(row, "power", ())})


def times(row: Any, left: Any, window: Micro) -> tuple[list[Micro], tuple[Micro, Micro]] | None:
    """Time in each state, µs, machines or people added, and of it blocked and starved while switched off.

    Of a group: held is working, free or absent in its hours is starved, the rest is off. Of vehicles: on a trip is
    working, else starved. None: it leaves no time.
    """
    if isinstance(left, StationLedger):
        return [sum(machine[state] for machine in left.states) for state in range(len(STATES))], left.switched_off
    spent = [0.0] * len(STATES)
    if isinstance(left, FleetLedger):
        waits = sum(vehicle[IDLE] + vehicle[CHARGING] for vehicle in left.states)
        spent[WORKING], spent[STARVED] = sum(map(sum, left.states)) - waits, waits
        return spent, (0.0, 0.0)
    if not isinstance(left, GroupLedger):
        return None
    spent[WORKING] = left.held
    spent[STARVED] = left.scheduled + left.overtime - left.held
    spent[OFF] = row.count * window - left.scheduled - left.overtime
    return spent, (0.0, 0.0)


def _work(power: Any, spent: list[Micro], asleep: tuple[Micro, Micro]) -> float:
    """Σ power × time, J; while switched off, that power in place of the one of the state."""
    awake = sum(watts * time for watts, time in zip(power.draws, spent, strict=True))
    saved = [(power.draws[state] - power.switched_off[i]) * asleep[i] for i, state in enumerate((BLOCKED, STARVED))]
    return float(awake - sum(saved)) / MICRO


def _factors(plan: Plan) -> Iterator[tuple[str, dict[int, float]]]:
    """(KPI, factor of each carrier that is drawn, kg/J); a KPI for which a factor is missing is left out.

    Market-based: a carrier that names no such factor has that of the place (fuel burnt on the spot).
    """
    rows = {index: plan.energy[index] for index in used(plan)}
    local = {i: row.carbon for i, row in rows.items() if row.carbon is not None}
    market = local | {i: row.carbon_market for i, row in rows.items() if row.carbon_market is not None}
    if len(local) == len(rows):
        yield "carbon_kg_per_part", local
    if len(market) == len(rows) and any(row.carbon_market is not None for row in rows.values()):
        yield "carbon_market_kg_per_part", market
