"""Flow: throughput, lead time, work in process, scrap, due dates; what each kind measures itself."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from twin.core.ledger import OFF, LeadRow, Ledger, percentile
from twin.core.plan import Micro, Plan
from twin.core.spec import kinds
from twin.core.unit import MICRO
from twin.kpi.ratio import HOUR, ratio, seconds


def flow(plan: Plan, ledger: Ledger) -> dict[str, float]:
    """The KPIs of the plant, its products and places, and those of each kind alone, by path."""
    return {
        **_plant(plan, ledger),
        **dict(_products(plan, ledger)),
        **dict(_places(plan, ledger)),
        **dict(_own(plan, ledger)),
    }


def _plant(plan: Plan, ledger: Ledger) -> dict[str, float]:
    account, leads = ledger.flow, ledger.products
    found = {
        "kpis.throughput_per_h": ratio(account.good, ledger.window / HOUR),
        "kpis.parts": float(account.good),
        "kpis.lead_time_s": seconds(sum(lead.total for lead in leads), sum(lead.parts for lead in leads)),
        "kpis.lead_time_p95_s": lead_time(leads, 0.95),
        "kpis.wip": ratio(account.wip, ledger.window),
        "kpis.scrap_share": ratio(account.scrapped + account.waste, account.scrapped + account.good + account.waste),
    }
    if ledger.makespan is not None:
        found["kpis.makespan_s"] = ledger.makespan / MICRO
    if any(not row.carries for row in ledger.stations.values()):
        found["kpis.throughput_per_open_h"] = ratio(account.good, open_time(ledger) / HOUR)
    if has_due(plan, ledger):
        found |= _due(leads)
    return found


def open_time(ledger: Ledger) -> Micro:
    """The window less the mean time ``off``: mean over stations of the mean over their machines, µs."""
    rows = [row for row in ledger.stations.values() if not row.carries]
    off = [sum(machine[OFF] for machine in row.states) / len(row.states) for row in rows]
    return ledger.window - sum(off) / len(off)


def lead_time(leads: tuple[LeadRow, ...], share: float) -> float:
    """The lead time that ``share`` of the good parts of all products do not exceed, s; NaN without parts.

    It lies within the bin (1 % wide) of that part; it is exact where all lead times are equal.
    """
    bins: Counter[int] = Counter()
    for lead in leads:
        bins.update(dict(lead.bins))
    longest = max((lead.longest for lead in leads), default=0.0) or math.inf
    if sum(lead.total for lead in leads) == longest * sum(lead.parts for lead in leads):
        return longest / MICRO
    return min(percentile(bins, share), longest) / MICRO


def has_due(plan: Plan, ledger: Ledger) -> bool:
    """Whether parts have due dates: those of products are in the plan, those of orders come with the parts."""
    return any(product.due < math.inf for product in plan.products) or any(lead.due for lead in ledger.products)


def _due(leads: tuple[LeadRow, ...]) -> dict[str, float]:
    due, late = sum(lead.due for lead in leads), sum(lead.late for lead in leads)
    return {
        "kpis.on_time_share": ratio(due - late, due),
        "kpis.tardiness_s": seconds(sum(lead.tardiness for lead in leads), due),
    }


def _products(plan: Plan, ledger: Ledger) -> Iterator[tuple[str, float]]:
    for product, lead in zip(plan.products, ledger.products, strict=True):
        yield f"products.{product.name}.parts", float(lead.parts)
        yield f"products.{product.name}.lead_time_s", seconds(lead.total, lead.parts)


def _places(plan: Plan, ledger: Ledger) -> Iterator[tuple[str, float]]:
    for index, place in ledger.places.items():
        path = f"elements.{plan.elements[index].name}.kpis"
        yield f"{path}.content", ratio(place.content, ledger.window)
        yield f"{path}.wait_s", seconds(place.wait, place.taken)


def _own(plan: Plan, ledger: Ledger) -> Iterator[tuple[str, float]]:
    """What kinds measure themselves: sources, racks, sinks, plug-ins."""
    for index, left in ledger.rows.items():
        element = plan.elements[index]
        for name, value in kinds("element")[element.section].measure(plan.rows[index], left, ledger.window).items():
            yield f"elements.{element.name}.kpis.{name}", value
