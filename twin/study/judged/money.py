"""The money of a scenario: its plant beside that of the baseline becomes cash flows, row by row.

Sold are min(what can be made, demand) parts. The margin is price less material of a good part. Wages go by time;
energy, carbon and the material of scrapped parts go by the part sold. The gain of a scenario begins in the month in
which its last investment is paid (its last cash without one), with the slowest ramp-up of its levers; days of
installation add up. Machine hours (``cost`` of stations) are no cash and stay out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from twin.finance import annuity, irr, npv, operation, payback
from twin.finance.flows import Line, Statement, empty, statement
from twin.finance.item import Item, item_lines
from twin.finance.operation import Effect, Sold
from twin.finance.price import price_growth
from twin.study.judged.assumed import YEAR, Assumed
from twin.study.judged.yearly import Yearly

if TYPE_CHECKING:
    from twin.law.law import Floats
    from twin.study.asked.levers import LeverSpec

DAY = 86_400.0
LABOUR = "labour"


@dataclass(frozen=True)
class Money:
    """The flows of a scenario against another, and what is read from them."""

    statement: Statement
    capex: Floats
    """EUR invested, not discounted; shape (rows,)."""
    rate: Floats
    reinvestment: Floats

    @cached_property
    def flows(self) -> Floats:
        """EUR after tax, shape (rows, years + 1)."""
        return self.statement.flows

    @cached_property
    def npv(self) -> Floats:
        """Net present value, EUR."""
        return npv.npv(self.flows, self.rate)

    @cached_property
    def irr(self) -> irr.Rates:
        """All internal rates of return."""
        return irr.irr(self.flows)

    @cached_property
    def mirr(self) -> Floats:
        """Modified internal rate of return."""
        return irr.mirr(self.flows, self.rate, self.reinvestment)

    def rows(self, base: str) -> Floats:
        """Rows of a metric by its base name: 'npv', 'annuity', 'payback' (y), 'irr' (NaN: none or several) …"""
        match base:
            case "npv":
                return self.npv
            case "annuity":
                return annuity.annuity(self.npv, self.rate, self.flows.shape[1] - 1)
            case "payback":
                return payback.payback(self.flows)
            case "discounted_payback":
                return payback.payback(self.flows, self.rate)
            case "irr":
                return self.irr.unique
            case "mirr":
                return self.mirr
            case "profitability_index":
                return npv.profitability_index(self.flows, self.rate)
            case "capex":
                return self.capex
        raise KeyError(base)

    def less(self, other: Money) -> Money:
        """Against another scenario instead of the baseline: the flows of both are differences already."""
        lines = [*self.statement.lines, *(_negated(line) for line in other.statement.lines)]
        return Money(Statement(tuple(lines)), self.capex - other.capex, self.rate, self.reinvestment)


def _negated(line: Line) -> Line:
    return Line(f"without: {line.label}", line.kind, -line.cash, -line.taxable)


def money(levers: tuple[str, ...], base: Yearly, new: Yearly, assumed: Assumed) -> Money:
    """The money of a scenario against the baseline.

    Args:
        levers: those of the scenario.
        base: the year of the baseline.
        new: the year of the scenario, row by row with the same draws.
        assumed: the economic assumptions of the same rows.
    """
    change = effect_of([assumed.levers[name] for name in levers], assumed)
    lines = [*_cash(levers, assumed), *_operation(base, new, change, assumed)]
    capex = sum((-line.cash.sum(axis=1) for line in lines if line.kind == "capex"), np.zeros(assumed.rows))
    found = statement(lines or [_nothing(assumed)], assumed.tax)
    return Money(found, np.asarray(capex), assumed.discount_rate, assumed.reinvestment_rate)


def _nothing(assumed: Assumed) -> Line:
    zero = empty(assumed.rows, assumed.over.years)
    return Line("nothing", "cost", zero, zero)


def effect_of(levers: list[LeverSpec], assumed: Assumed) -> Effect:
    """When the gain of a scenario comes, and what its installation loses."""
    if not levers:
        return operation.effect(assumed.over)
    return operation.together([_effect(lever, assumed) for lever in levers])


def _effect(lever: LeverSpec, assumed: Assumed) -> Effect:
    paid = [item.at for item in lever.cash if item.kind == "capex"] or [item.at for item in lever.cash]
    at = max((one for one in paid if one is not None), default=None)
    ramp = lever.ramp_up
    stop = lever.installation.stop / DAY if lever.installation else 0.0
    return operation.effect(assumed.over, at, ramp.months if ramp else 0.0, ramp.begin if ramp else 1.0, stop)


def _cash(levers: tuple[str, ...], assumed: Assumed) -> list[Line]:
    found: list[Line] = []
    for name in levers:
        for item, amount, chance in assumed.items(name):
            life = item.life / YEAR if item.life is not None else float(assumed.over.years)
            one = Item(
                f"{name}: {item.label or item.kind}", item.kind, amount, item.at, item.is_yearly,
                life if item.kind == "capex" else None, item.depreciation, item.residual, item.probability,
                item.inflation,
            )  # fmt: skip
            found += item_lines(one, assumed.over, assumed.rows, assumed.inflation, chance)
    return found


def _operation(base: Yearly, new: Yearly, change: Effect, assumed: Assumed) -> list[Line]:
    parts = _sold(base, new, change, assumed)
    total = Sold(*(np.asarray(sum(values)) for values in zip(*parts.values(), strict=True)))
    lines = _margins(parts, assumed)
    lines.append(operation.cost_line("wages", base.wages, new.wages, _growth(assumed, LABOUR), change))
    for carrier, cost in new.energy.items():
        before = base.energy.get(carrier, np.zeros_like(cost))
        growth = _growth(assumed, carrier)
        lines.append(operation.part_cost_line(carrier, before, cost, growth, total, change=change))
    if (price := assumed.carbon_price()) is not None:
        lines.append(operation.part_cost_line("carbon", base.carbon, new.carbon, price, total, change=change))
    growth = _growth(assumed, "material")
    lines.append(operation.part_cost_line("scrapped material", base.scrap, new.scrap, growth, total, change=change))
    if (capital := assumed.finance.working_capital) is not None:
        worth = assumed.named("working_capital", capital.value_per_part)
        growth = _growth(assumed, "general")
        lines.append(operation.working_capital_line(base.wip * worth, new.wip * worth, growth, change))
    return [line for line in lines if line.cash.any()]


def _growth(assumed: Assumed, category: str) -> Floats:
    return price_growth(assumed.inflation, category, assumed.over.years)


def _sold(base: Yearly, new: Yearly, change: Effect, assumed: Assumed) -> Mapping[str, Sold]:
    """Parts sold by product. A demand for all products together is met in the mix that the plant makes."""
    products = tuple(dict.fromkeys([*base.parts, *new.parts]))
    none = np.zeros(assumed.rows)
    made = {one: (base.parts.get(one, none), new.parts.get(one, none)) for one in products}
    demand = assumed.by_product("demand", products)
    if _is_by_product(assumed) or assumed.finance.demand is None or len(products) == 1:
        return {one: operation.sold(*made[one], _a_year(demand[one]), change) for one in products}
    whole = operation.sold(base.all_parts, new.all_parts, _a_year(demand[products[0]]), change)
    return {
        one: Sold(*(total * (own / all_)[:, None] for total, own, all_ in zip(
            whole, made[one], (base.all_parts, new.all_parts), strict=True)))
        for one in products
    }  # fmt: skip


def _is_by_product(assumed: Assumed) -> bool:
    from twin.core.spec import ByProduct

    return isinstance(assumed.finance.demand, ByProduct)


def _a_year(demand: Floats | None) -> Floats | float:
    return 1e18 if demand is None else demand * YEAR  # more than any plant makes


def _margins(parts: Mapping[str, Sold], assumed: Assumed) -> list[Line]:
    margin, growth = assumed.by_product("margin_per_part", tuple(parts)), _growth(assumed, "general")
    lines = []
    for product, sold in parts.items():
        if (each := margin[product]) is not None:
            line = operation.margin_line(sold, each, growth)
            lines.append(line._replace(label=f"margin {product}") if len(parts) > 1 else line)
    return lines
