"""The money of a scenario: its plant beside that of the baseline becomes cash flows, row by row.

Sold are min(what can be made, demand) parts; what is not sold is not made. The margin is price less material of one
good part, so of the simulated costs these alone are beside it: wages go by time; energy, carbon, and the material of
parts that were scrapped or waste go by the part sold. Machine hours (``cost`` of stations) are no cash and stay out.

The gain of a lever begins in the month in which its last investment is paid; without one, its last expense; without
any, at once. That of a scenario is there when that of its last lever is, with the slowest ramp-up; days of
installation add up, each costs 1/365 of what the baseline makes in a year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from twin.core.spec import ByProduct
from twin.core.unit import UNITS
from twin.finance import annuity, irr, npv, operation, payback
from twin.finance.flows import Line, Statement, empty, statement
from twin.finance.item import Item, item_lines
from twin.finance.operation import Rollout, Sold
from twin.finance.price import price_growth
from twin.study.judged.assumed import YEAR, Assumed, cash_name
from twin.study.judged.yearly import Yearly
from twin.study.said import carrier_said, kind_said, said

if TYPE_CHECKING:
    from twin.law.law import Floats
    from twin.study.asked.levers import LeverSpec

DAY = UNITS["time"]["d"]
"""s."""
LABOUR = "labour"
UNBOUND = 1e18
"""Parts a year where no demand is given: more than any plant makes."""


@dataclass(frozen=True)
class Money:
    """The flows of a scenario against another, and what is read from them; shapes (rows,) unless said otherwise."""

    statement: Statement
    rate: Floats
    reinvestment: Floats

    @cached_property
    def flows(self) -> Floats:
        """EUR after tax, shape (rows, years + 1)."""
        return self.statement.flows

    @cached_property
    def capex(self) -> Floats:
        """EUR invested, not discounted."""
        return np.asarray(-self.statement.of("capex").sum(axis=1)) + 0.0

    @cached_property
    def npv(self) -> Floats:
        """Net present value, EUR."""
        return npv.npv(self.flows, self.rate)

    @cached_property
    def irr(self) -> irr.Rates:
        """All internal rates of return."""
        return irr.irr(self.flows)

    def rows(self, base: str) -> Floats:
        """Rows of a metric by its base name: 'npv', 'annuity', 'payback' (y), 'irr' …; NaN: it has none there."""
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
                return self._irr()
            case "mirr":
                return self._mirr()
            case "profitability_index":
                return self._index()
            case "capex":
                return self.capex
        raise KeyError(base)

    def _irr(self) -> Floats:
        """The rate where it is one; -inf: the flows are a loss at every rate; inf: a gain at every rate; else NaN."""
        total = np.sign(self.flows.sum(axis=1))
        never = np.where(total == 0, np.nan, total * np.inf) if len(total) else total
        return np.asarray(np.where(self.irr.number == 0, never, self.irr.unique))

    def _mirr(self) -> Floats:
        """-100 % where nothing ever comes in; NaN where nothing is spent."""
        found = irr.mirr(self.flows, self.rate, self.reinvestment)
        lost = (self.flows.max(axis=1) <= 0) & (self.flows.min(axis=1) < 0)
        return np.asarray(np.where(lost, -1.0, found))

    def _index(self) -> Floats:
        """1 + NPV / present value of the investments, whenever they are paid; NaN where nothing is invested."""
        invested = -npv.npv(self.statement.of("capex"), self.rate)
        return np.asarray(1 + self.npv / np.where(invested > 0, invested, np.nan))

    def less(self, other: Money) -> Money:
        """Against another scenario instead of the baseline: the flows of both are differences already."""
        left, lines = list(other.statement.lines), list[Line]()
        for line in self.statement.lines:
            same = next((one for one in left if (one.label, one.kind) == (line.label, line.kind)), None)
            if same is not None:
                left.remove(same)
                line = line._replace(cash=line.cash - same.cash, taxable=line.taxable - same.taxable)
            lines.append(line)
        lines = [*(_negated(line) for line in left), *lines]
        kept = [line for line in lines[:-1] if line.cash.any() or line.taxable.any()]
        return Money(Statement((*kept, lines[-1])), self.rate, self.reinvestment)

    def shifted(self, by: Floats) -> Money:
        """The same with EUR added to the flow of every row; ``by`` has shape (years + 1,)."""
        cash = np.broadcast_to(by, self.flows.shape)
        line = Line(said("error"), "error", cash, np.zeros_like(cash))
        return Money(Statement((line, *self.statement.lines)), self.rate, self.reinvestment)


def _negated(line: Line) -> Line:
    return Line(said("without", label=line.label), line.kind, -line.cash, -line.taxable)


def money(levers: tuple[str, ...], base: Yearly, new: Yearly, assumed: Assumed) -> Money:
    """The money of a scenario against the baseline.

    Args:
        levers: those of the scenario.
        base: the year of the baseline.
        new: the year of the scenario, row by row with the same draws.
        assumed: the economic assumptions of the same rows.
    """
    change = rollout_of([assumed.levers[name] for name in levers], assumed)
    lines = [*_cash(levers, assumed), *_operation(base, new, change, assumed)]
    found = statement(lines or [_nothing(assumed)], assumed.tax)
    return Money(found, assumed.discount_rate, assumed.reinvestment_rate)


def _nothing(assumed: Assumed) -> Line:
    zero = empty(assumed.rows, assumed.over.years)
    return Line(said("nothing"), "cost", zero, zero)


def rollout_of(levers: list[LeverSpec], assumed: Assumed) -> Rollout:
    """When the gain of a scenario comes, and what its installation loses."""
    if not levers:
        return operation.rollout(assumed.over)
    return operation.together([_rollout(lever, assumed) for lever in levers])


def _rollout(lever: LeverSpec, assumed: Assumed) -> Rollout:
    spent = [item.at for item in lever.cash if item.kind == "capex"]
    spent = spent or [item.at for item in lever.cash if item.kind == "opex"]
    at = max((one for one in spent if one is not None), default=None)
    ramp = lever.ramp_up
    stop = lever.installation.stop / DAY if lever.installation else 0.0
    return operation.rollout(assumed.over, at, ramp.months if ramp else 0.0, ramp.begin if ramp else 1.0, stop)


def _cash(levers: tuple[str, ...], assumed: Assumed) -> list[Line]:
    found: list[Line] = []
    for name in levers:
        for item, amount, chance in assumed.items(name):
            life = item.life / YEAR if item.life is not None else float(assumed.over.years)
            one = Item(
                cash_name(name, item.label, item.kind), item.kind, amount, item.at, item.is_yearly,
                life if item.kind == "capex" else None, item.depreciation, item.residual, item.probability,
                item.inflation,
            )  # fmt: skip
            found += item_lines(one, assumed.over, assumed.rows, assumed.inflation, chance)
    return found


def _operation(base: Yearly, new: Yearly, change: Rollout, assumed: Assumed) -> list[Line]:
    parts, none = _sold(base, new, change, assumed), np.zeros(assumed.rows)
    total = Sold(*(np.asarray(sum(values)) for values in zip(*parts.values(), strict=True)))
    lines = _margins(parts, assumed)
    lines.append(operation.cost_line(kind_said("wages"), base.wages, new.wages, _growth(assumed, LABOUR), change))
    for carrier in dict.fromkeys([*base.energy, *new.energy]):
        costs = base.energy.get(carrier, none), new.energy.get(carrier, none)
        label, growth = carrier_said(carrier), _growth(assumed, carrier)
        lines.append(operation.part_cost_line(label, *costs, growth, total, change=change))
    if (price := assumed.carbon_price()) is not None:
        carbon = kind_said("carbon")
        lines.append(operation.part_cost_line(carbon, base.carbon, new.carbon, price, total, change=change))
    growth = _growth(assumed, "material")
    scrapped = said("scrapped_material")
    lines.append(operation.part_cost_line(scrapped, base.scrap, new.scrap, growth, total, change=change))
    if (capital := assumed.finance.working_capital) is not None:
        worth = assumed.named("working_capital", capital.value_per_part)
        growth = _growth(assumed, "general")
        lines.append(operation.working_capital_line(base.wip * worth, new.wip * worth, growth, change))
    return [line for line in lines if line.cash.any()]


def _growth(assumed: Assumed, category: str) -> Floats:
    return price_growth(assumed.inflation, category, assumed.over.years)


def _sold(base: Yearly, new: Yearly, change: Rollout, assumed: Assumed) -> Mapping[str, Sold]:
    """Parts sold by product. A demand for all products together is met in the mix that the plant makes."""
    products = tuple(dict.fromkeys([*base.parts, *new.parts]))
    none = np.zeros(assumed.rows)
    made = {one: (base.parts.get(one, none), new.parts.get(one, none)) for one in products}
    demand = assumed.by_product("demand", products)
    one_for_all = not isinstance(assumed.finance.demand, ByProduct) and demand[products[0]] is not None
    if not one_for_all or len(products) == 1:
        return {one: operation.sold(*made[one], _a_year(demand[one]), change) for one in products}
    all_parts = base.all_parts, new.all_parts
    whole = operation.sold(*all_parts, _a_year(demand[products[0]]), change)
    mixes = {one: tuple((own / all_)[:, None] for own, all_ in zip(made[one], all_parts, strict=True)) for one in made}
    before = {one: whole.base * mixes[one][0] for one in made}
    # The mix turns with the change: until it is there the plant makes what it made before.
    now = {one: mixes[one][0] + change.share * (mixes[one][1] - mixes[one][0]) for one in made}
    return {one: Sold(before[one], whole.new * now[one]) for one in made}


def _a_year(demand: Floats | None) -> Floats | float:
    return UNBOUND if demand is None else demand * YEAR


def _margins(parts: Mapping[str, Sold], assumed: Assumed) -> list[Line]:
    margin, growth = assumed.by_product("margin_per_part", tuple(parts)), _growth(assumed, "general")
    lines = []
    for product, sold in parts.items():
        if (each := margin[product]) is not None:
            line = operation.margin_line(sold, each, growth)
            lines.append(line._replace(label=said("margin_of", product=product)) if len(parts) > 1 else line)
    return lines
