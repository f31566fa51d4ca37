"""The plan as text, for an engineer who checks his own input: every element with every number that is set.

What is not set is left out: no people, no limit, nothing to pay. A row of the plan whose numbers need words says
them itself, with a method ``told(plan)``: a text for the whole row, or a text (or lines) for some of its fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from twin.core.hours import hours
from twin.core.inputs import described
from twin.core.plan import Draw, EnergyRow, Need, Plan, show_time
from twin.core.timetable import CalendarRow
from twin.core.unit import MICRO, show

LONG = 100
"""Letters of a line."""
Modes = tuple[str, ...]
"""The names of the modes of stop of an element, in the order of its row."""


def describe(plan: Plan) -> str:
    """The whole plan, one element a block, in declared order."""
    lines = [f"plant {plan.name}", f"plan {plan.digest}", *_run(plan), ""]
    for index in range(len(plan.elements)):
        lines += [*_element(plan, index), ""]
    told = [product for product in plan.products if len(plan.products) > 1 or product.material or product.price]
    lines += [line for product in told for line in _product(plan, product)]
    lines += [_energy(carrier) for carrier in plan.energy]
    lines += described(plan)
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
    lines += [f"  place {place.name}: {_place(plan, place)}" for place in plan.places if place.owner == index]
    modes = tuple(mode.name for _, mode in getattr(row, "modes", ()))
    return lines + _without_repeats(_fields(plan, row, modes), element.name)


def _without_repeats(lines: list[str], name: str) -> list[str]:
    """Only what says something: not its own name, an ideal cycle that is the cycle, or closings that never come."""
    known = {f"  {key} {name}" for key in ("place", "ways", "skills")}
    known |= {line.replace("  cycle ", "  ideal ", 1) for line in lines if line.startswith("  cycle ")}
    closes = any(line.startswith("  calendar ") for line in lines)
    return [line for line in lines if line not in known and (closes or not line.startswith("  at_end "))]


def _place(plan: Plan, place: Any) -> str:
    names = [plan.elements[i].name for i in place.givers], [plan.elements[i].name for i in place.takers]
    moved = f"{' and '.join(names[0]) or 'nobody'} -> {' and '.join(names[1]) or 'nobody'}"
    if not place.capacity:
        return f"direct arrow, {moved}"
    many = f"{place.capacity:g} place{'s' if place.capacity > 1 else ''}"
    return f"{'unlimited' if place.capacity == float('inf') else many}, {place.rule}, {moved}"


def _fields(plan: Plan, row: Any, modes: Modes, indent: str = "  ") -> list[str]:
    """A line a field that is set; rows within this row and its modes of stop stand below, further in."""
    lines: list[str] = []
    told = _told(plan, row)
    if isinstance(told, str):
        return [f"{indent}{told}"]
    for name, kind, value in _set(row, told):
        if name in told:
            lines += _lines(name, told[name], indent)
        elif name == "modes":
            for word, mode in value:
                head = word if word == mode.name else f"{word} {mode.name}"
                lines += [f"{indent}{head}", *_fields(plan, mode, modes, indent + "  ")[1:]]
        elif name == "renews":
            lines.append(f"{indent}renews {', '.join(modes[i] for i in value)}")
        elif _is_row(value):
            within = _told(plan, value)
            lines += [f"{indent}{name} {within}"] if isinstance(within, str) else [
                f"{indent}{name}", *_fields(plan, value, modes, indent + "  ")
            ]  # fmt: skip
        else:
            text, several = _value(plan, row, name, kind, value), isinstance(value, tuple) and len(value) > 1
            if several and _is_row(value[0]) and len(text) > LONG:
                lines += [f"{indent}{name}", *(f"{indent}  {_one(plan, kind, one)}" for one in value)]
            else:
                lines.append(f"{indent}{name} {text}")
    return lines


def _lines(name: str, told: str | list[str], indent: str) -> list[str]:
    """What a row says of a field: a line behind its name, or whole lines; nothing where it says nothing."""
    if isinstance(told, str):
        return [f"{indent}{name} {told}"] if told else []
    return [f"{indent}{line}" for line in told]


def _told(plan: Plan, row: Any) -> Any:
    if isinstance(row, CalendarRow):
        return hours(row, plan.start)
    return row.told(plan) if hasattr(row, "told") else {}


def _set(row: Any, told: Any = (), *, zeros: bool = False) -> Iterator[tuple[str, str, Any]]:
    """(name, type, value) of the fields that are set; random streams are named by the laws that use them."""
    for name, written in row.__annotations__.items():
        value, kind = getattr(row, name), getattr(written, "__forward_arg__", str(written))
        hidden = name == "stream" or name.endswith("_stream") or (name == "running" and value < 0)
        if name in told or not (hidden or _unset(kind, value, zeros=zeros)):
            yield name, kind, value


def _unset(kind: str, value: Any, *, zeros: bool) -> bool:
    if kind.endswith("Id"):
        return bool(value < 0)
    none = value is None or value is False or value in ((), "", float("inf"))
    return none or (not zeros and isinstance(value, int | float) and not value)


def _is_row(value: Any) -> bool:
    return isinstance(value, tuple) and hasattr(value, "_fields") and not isinstance(value, Draw | Need)


def _value(plan: Plan, row: Any, name: str, kind: str, value: Any) -> str:
    if name in _NAMED:
        return _NAMED[name](plan, row, value)
    if kind.startswith("tuple[float, float]"):
        return f"[{value[0]:g}, {value[1]:g}] m"
    if not isinstance(value, tuple) or hasattr(value, "_fields"):
        return _one(plan, kind, value)
    inner = kind.removeprefix("tuple[").partition(",")[0].rstrip("]")
    inner = {"Draws": "Draw", "Needs": "Need", "Counts": "int"}.get(inner, inner)
    return _each(plan, inner, [_one(plan, inner, item) for item in value])


def _each(plan: Plan, kind: str, items: list[str]) -> str:
    """Values by product: one where all are equal, else each with its name; others in their order, repeats counted."""
    if kind in ("Draw", "Micro", "float", "int") and len(items) == len(plan.products) > 1:
        if len(set(items)) == 1:
            return items[0]
        pairs = zip(plan.products, items, strict=True)
        return ", ".join(f"{product.name} {item}" for product, item in pairs if item != "0 s")
    runs = [(item, len(list(same))) for item, same in groupby(items)]
    return ", ".join(f"{item} × {count}" if count > 1 else item for item, count in runs)


def _one(plan: Plan, kind: str, value: Any) -> str:
    if isinstance(value, Draw):
        return plan.laws[value.law].words
    if isinstance(value, Need):
        return f"{plan.skills[value.skill]} × {value.people}"
    if _is_row(value):
        told = _told(plan, value)
        inline = [] if isinstance(told, str) else _set(value, zeros=True)
        return told if isinstance(told, str) else " ".join(f"{n} {_value(plan, value, n, k, v)}" for n, k, v in inline)
    return _SHOWN.get(kind, _plain)(plan, value)


def _plain(plan: Plan, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "unlimited" if value == float("inf") else f"{value:.10g}"
    return str(value)


_SHOWN: dict[str, Callable[[Plan, Any], str]] = {
    "Micro": lambda plan, value: show_time(value),
    "Micro | None": lambda plan, value: show_time(value),
    "ElementId": lambda plan, index: plan.elements[index].name,
    "PlaceId": lambda plan, index: plan.places[index].name,
    "ProductId": lambda plan, index: plan.products[index].name,
    "CarrierId": lambda plan, index: plan.energy[index].name,
    "MoneyRate": lambda plan, value: show(value, "money per time"),
}


def shares_told(names: list[str], cumulative: tuple[float, ...]) -> str:
    """Cumulative shares as shares by name."""
    parts = [high - low for low, high in zip((0.0, *cumulative), cumulative, strict=False)]
    return ", ".join(f"{name} {show(part, 'share')}" for name, part in zip(names, parts, strict=True) if part > 1e-12)


_NAMED: dict[str, Callable[[Plan, Any, Any], str]] = {
    "skills": lambda plan, row, value: ", ".join(plan.skills[i] for i in value),
    "mix": lambda plan, row, value: shares_told([product.name for product in plan.products], value),
    "running": lambda plan, row, value: "at time 0, in mid-life",
    "walking": lambda plan, row, value: show(value, "speed"),
    "speed": lambda plan, row, value: show(value, "speed"),
}
"""Fields of several kinds whose numbers need words."""


def _product(plan: Plan, product: Any) -> list[str]:
    said = [
        "" if product.due == float("inf") else f"due {show_time(product.due)} after arrival",
        f"priority {product.priority}" if product.priority else "",
        f"material {show(product.material / MICRO, 'money')}" if product.material else "",
        f"price {show(product.price / MICRO, 'money')}" if product.price else "",
    ]
    lines = [": ".join(filter(None, (f"product {product.name}", ", ".join(filter(None, said)))))]
    for step in product.route:
        names = [plan.elements[i].name for i in step.stations]
        works = dict.fromkeys(plan.laws[work[0].law].words for work in step.work)
        lines.append(f"  {' or '.join(names)}: {', '.join(works)}")
    return lines


def _energy(carrier: EnergyRow) -> str:
    market = carrier.carbon_market
    said = [
        f"price {show(carrier.price, 'money per energy')}" if carrier.price is not None else "",
        f"carbon {show(carrier.carbon, 'carbon per energy')}" if carrier.carbon is not None else "",
        f"carbon_market {show(market, 'carbon per energy')}" if market is not None else "",
    ]
    return ": ".join(filter(None, (f"energy {carrier.name}", ", ".join(filter(None, said)))))
