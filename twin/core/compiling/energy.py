"""Energy in the plan: its carriers, and what is missing for the figures it is written for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from twin.core.compiling.carrier import ELECTRICITY, Carrier
from twin.core.layout import Layout
from twin.core.plan import EnergyRow
from twin.core.problem import Loc, quoted


class Gap(NamedTuple):
    """A figure that would be without some energy."""

    loc: Loc
    text: str


def energy_rows(layout: Layout, rows: tuple[Any, ...]) -> tuple[EnergyRow, ...]:
    """The carriers as the layout lists them; without a list, electricity where something has power."""
    carriers = layout.head.energy or ({ELECTRICITY: Carrier()} if any(_carriers(row) for row in rows) else {})
    return tuple(EnergyRow(name, one.price, one.carbon, one.carbon_market) for name, one in carriers.items())


def review_energy(layout: Layout, rows: tuple[Any, ...]) -> None:
    """Warn of carriers that nothing draws, and of those whose price or carbon is missing beside others."""
    energy = energy_rows(layout, rows)
    first: dict[int, Loc] = {}
    for element, row in zip(layout.elements, rows, strict=True):
        for carrier in _carriers(row):
            first.setdefault(carrier, (*element.loc, "power"))
    for gap in _gaps(energy, first, costly=_costs(layout, rows)):
        layout.document.report(gap.loc, gap.text, warning=True)


def _gaps(energy: tuple[EnergyRow, ...], first: dict[int, Loc], *, costly: bool) -> Iterator[Gap]:
    """``first``: where each carrier that is drawn is written first; ``costly``: whether anything else has a cost."""
    drawn = [energy[index] for index in first]
    priced = costly or any(one.price is not None for one in drawn)
    judged = any(one.carbon is not None or one.carbon_market is not None for one in drawn)
    for index, one in enumerate(energy):
        if index not in first:
            yield Gap(("energy", one.name), f"nothing draws {quoted(one.name)}; give a station 'power', or take it out")
            continue
        at = ("energy", one.name) if len(first) > 1 or one != EnergyRow(one.name, None, None, None) else first[index]
        if one.price is None and priced:
            text = f"{quoted(one.name)} has no price, so the cost of a part is without it"
            yield Gap(at, f"{text}; write 'energy: {{{one.name}: {{price: 0.14 EUR/kWh}}}}'")
        if one.carbon is None and judged:
            text = f"{quoted(one.name)} has no carbon, so the carbon of a part is left out"
            yield Gap(at, f"{text}; write 'energy: {{{one.name}: {{carbon: 52 g/kWh}}}}'")


def _carriers(row: Any) -> list[int]:
    return [power.carrier for power in getattr(row, "power", ())]


def _costs(layout: Layout, rows: tuple[Any, ...]) -> bool:
    """Whether anything but energy has a cost."""
    paid = any(getattr(row, "cost", 0.0) or getattr(row, "wage", 0.0) for row in rows)
    return paid or any(product.material for product in layout.products.values())
