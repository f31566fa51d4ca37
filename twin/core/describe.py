"""The plan as text: every element with every number, defaults included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twin.core.ledger import STATES
from twin.core.plan import Draw, EnergyRow, Need, Plan, show_time
from twin.core.unit import MICRO, show


def describe(plan: Plan) -> str:
    """The whole plan, one element a block, in declared order."""
    lines = [f"plant {plan.name}", f"plan {plan.digest}", *_run(plan), ""]
    for index in range(len(plan.elements)):
        lines += [*_element(plan, index), ""]
    told = [product for product in plan.products if len(plan.products) > 1 or product.material]
    lines += [line for product in told for line in _product(plan, product)]
    lines += [_energy(carrier) for carrier in plan.energy]
    lines += [f"streams {len(plan.streams)}: {', '.join(plan.streams) or 'none, nothing is random'}"]
    return "\n".join(lines) + "\n"


def _run(plan: Plan) -> list[str]:
    start = [f"start {plan.start:%Y-%m-%d %H:%M}"] if plan.start else []
    horizon = "until the plant is empty" if plan.horizon == float("inf") else show_time(plan.horizon)
    return [
        *start,
        f"run warm_up {show_time(plan.warm_up)}, horizon {horizon}, replications {plan.replications}, "
        f"seed {plan.seed}, confidence {plan.confidence:.4g}",
    ]


def _element(plan: Plan, index: int) -> list[str]:
    element, row = plan.elements[index], plan.rows[index]
    lines = [f"{element.word} {element.name}"]
    for place in plan.places:
        if place.owner == index:
            lines.append(f"  place {place.name}: {_place(plan, place)}")
    return lines + _fields(plan, row, "  ")


def _place(plan: Plan, place: Any) -> str:
    capacity = "unlimited" if place.capacity == float("inf") else f"{place.capacity:g} places"
    names = [plan.elements[i].name for i in place.givers], [plan.elements[i].name for i in place.takers]
    moved = f"{' and '.join(names[0]) or 'nobody'} -> {' and '.join(names[1]) or 'nobody'}"
    kind = "direct arrow" if not place.capacity else capacity
    return f"{kind}, {place.rule}, {moved}, {'handed over at once' if place.private else 'chosen in order'}"


def _fields(plan: Plan, row: Any, indent: str) -> list[str]:
    lines: list[str] = []
    for name, written in row.__annotations__.items():
        value, kind = getattr(row, name), getattr(written, "__forward_arg__", str(written))
        if isinstance(value, tuple) and hasattr(value, "_fields") and not isinstance(value, Draw | Need):
            lines += [f"{indent}{name}", *_fields(plan, value, indent + "  ")]
        elif name == "modes":
            for word, mode in value:
                lines += [f"{indent}{word} {mode.name}", *_fields(plan, mode, indent + "  ")[1:]]
        elif not name.endswith("_stream") and name != "running":
            lines.append(f"{indent}{name} {_value(plan, kind, value)}")
    return lines


def _value(plan: Plan, kind: str, value: Any) -> str:
    if value is None or value == ():
        return "-"
    if kind == "Watts":
        return ", ".join(f"{state} {show(watts, 'power')}" for state, watts in zip(STATES, value, strict=True))
    if isinstance(value, Draw):
        return plan.laws[value.law].words
    if isinstance(value, Need):
        return f"{plan.skills[value.skill]} × {value.people}"
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return " ".join(line.strip() for line in _fields(plan, value, ""))
    if isinstance(value, tuple):
        inner = kind.removeprefix("tuple[").partition(",")[0].rstrip("]")
        inner = {"Draws": "Draw", "Needs": "Need"}.get(inner, inner)
        return ", ".join(_value(plan, inner, item) for item in value)
    return _SHOWN.get(kind, _plain)(plan, value)


def _named(plan: Plan, index: Any) -> str:
    return plan.elements[index].name if index >= 0 else "-"


def _plain(plan: Plan, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "unlimited" if value == float("inf") else f"{value:.10g}"
    return str(value) if value != "" else "-"


_SHOWN: dict[str, Callable[[Plan, Any], str]] = {
    "Micro": lambda plan, value: show_time(value),
    "ElementId": _named,
    "PlaceId": lambda plan, index: plan.places[index].name if index >= 0 else "-",
    "ProductId": lambda plan, index: plan.products[index].name if index >= 0 else "-",
    "CarrierId": lambda plan, index: plan.energy[index].name,
    "Watt": lambda plan, value: show(value, "power"),
    "MoneyRate": lambda plan, value: show(value, "money per time"),
}


def _product(plan: Plan, product: Any) -> list[str]:
    due = "never" if product.due == float("inf") else f"{show_time(product.due)} after arrival"
    material = show(product.material / MICRO, "money")
    lines = [f"product {product.name}: due {due}, priority {product.priority}, material {material}"]
    for step in product.route:
        names = [plan.elements[i].name for i in step.stations]
        works = dict.fromkeys(plan.laws[work[0].law].words for work in step.work)
        lines.append(f"  {' or '.join(names)}: {', '.join(works)}")
    return lines


def _energy(carrier: EnergyRow) -> str:
    price = "-" if carrier.price is None else show(carrier.price, "money per energy")
    factors = [carrier.carbon, carrier.carbon_market]
    carbon, market = ("-" if one is None else show(one, "carbon per energy") for one in factors)
    return f"energy {carrier.name}: price {price}, carbon {carbon}, carbon_market {market}"
