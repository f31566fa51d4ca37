"""Cost and margin of a good part: wages, machine hours, energy, material of all that left, scrap included; price."""

from __future__ import annotations

from twin.core.ledger import OFF, GroupLedger, Ledger, StationLedger
from twin.core.plan import Plan
from twin.core.unit import MICRO
from twin.kpi.energy import carriers, used
from twin.kpi.ratio import ratio


def cost(plan: Plan, ledger: Ledger) -> dict[str, float]:
    """The cost of a good part, the four it is made of, what scrap is of the material, and the margin, EUR, by path.

    No cost in a plant that names none, no margin where no product has a price.
    """
    found = _costs(plan, ledger) if _named(plan) else {}
    if any(product.price for product in plan.products):
        earned = ratio(sales(plan, ledger), ledger.flow.good)
        found["kpis.margin_eur_per_part"] = earned - found.get("kpis.cost_eur_per_part", 0.0)
    return found


def _costs(plan: Plan, ledger: Ledger) -> dict[str, float]:
    euros = {
        "wages": wages(plan, ledger),
        "machines": hours(plan, ledger),
        "energy": bill(plan, ledger),
        "material": ledger.flow.material / MICRO,
    }
    good = ledger.flow.good
    found = {"kpis.cost_eur_per_part": ratio(sum(euros.values()), good)}
    euros["scrap"] = ledger.flow.spoiled / MICRO
    return found | {f"kpis.cost_{what}_eur_per_part": ratio(part, good) for what, part in euros.items()}


def wages(plan: Plan, ledger: Ledger) -> float:
    """Wages of the groups over their working hours and overtime, held, free or absent, EUR; breaks are not paid."""
    groups = ledger.of(GroupLedger).items()
    return sum((_rate(plan, i, "wage") * (row.scheduled + row.overtime) / MICRO for i, row in groups), 0.0)


def hours(plan: Plan, ledger: Ledger) -> float:
    """Cost of the machines over their opening time (tO: all but off; breaks and maintenance are in it), EUR."""
    stations = ledger.of(StationLedger).items()
    opening = {i: sum(sum(machine) - machine[OFF] for machine in row.states) for i, row in stations}
    return sum((_rate(plan, i, "cost") * time / MICRO for i, time in opening.items()), 0.0)


def sales(plan: Plan, ledger: Ledger) -> float:
    """Price of the good parts, EUR; a product without a price brings nothing."""
    pairs = zip(plan.products, ledger.products, strict=True)
    return sum((product.price / MICRO * lead.parts for product, lead in pairs), 0.0)


def bill(plan: Plan, ledger: Ledger) -> float:
    """What the energy costs, EUR; a carrier without a price costs nothing."""
    pairs = zip(plan.energy, carriers(plan, ledger), strict=True)
    return sum(((carrier.price or 0.0) * joules for carrier, joules in pairs), 0.0)


def _named(plan: Plan) -> bool:
    paid = any(_rate(plan, i, key) for i in range(len(plan.rows)) for key in ("wage", "cost"))
    bought = any(product.material for product in plan.products)
    return paid or bought or any(plan.energy[i].price is not None for i in used(plan))


def _rate(plan: Plan, index: int, key: str) -> float:
    """Money per time of an element, EUR/s; 0 where its kind has none."""
    return float(getattr(plan.rows[index], key, 0.0))
