"""The economic assumptions of a study: what is uncertain is drawn once a row, the same for all scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.core.spec import ByProduct
from twin.core.stream import generator
from twin.core.unit import UNITS
from twin.finance.month import Span
from twin.finance.price import price_path
from twin.law.amount import Amount
from twin.study.said import assumption_said, kind_said, said

if TYPE_CHECKING:
    from twin.law.law import Floats
    from twin.study.asked.levers import LeverSpec
    from twin.study.asked.money import CashItem, FinanceSpec
    from twin.study.asked.study import Study

YEAR = UNITS["time"]["y"]
"""Seconds of a year of 365 days."""
TONNE = 1000.0
"""kg; the price of carbon is EUR/kg inside."""


@dataclass(frozen=True)
class Assumed:
    """The assumptions of a study over its rows."""

    finance: FinanceSpec
    levers: Mapping[str, LeverSpec]
    seed: int
    rows: int
    fixed: Mapping[str, float]
    """Assumptions held at a value instead, by key, SI units; 'capex', 'margin_per_part ×' and 'demand ×' are factors
    on all investments and on what is written by product."""
    _kept: dict[str, Floats] = field(default_factory=dict, repr=False, compare=False)
    """What has been drawn, by random stream; shared with those that hold an assumption."""

    @property
    def over(self) -> Span:
        """The years of the study."""
        return Span(self.finance.begin, self.finance.years)

    def holding(self, **fixed: float) -> Assumed:
        """The same with assumptions held at a value in every row, such as ``discount_rate=0.1``."""
        return replace(self, fixed={**self.fixed, **fixed})

    def drawn(self, amount: Amount, key: str) -> Floats:
        """An amount in every row, SI units, shape (rows,); ``key``: its random stream."""
        if not amount.is_uncertain:
            return np.full(self.rows, amount.mean)
        if key not in self._kept:
            self._kept[key] = np.array([amount.at(self.seed, k, key) for k in range(self.rows)])
        return self._kept[key]

    def chance(self, key: str) -> Floats:
        """A uniform number a row, which decides whether something uncertain happens; shape (rows,)."""
        if key not in self._kept:
            self._kept[key] = np.array([generator(self.seed, k, key).random() for k in range(self.rows)])
        return self._kept[key]

    def named(self, key: str, value: Any) -> Floats:
        """An assumption of the finance by its key, unless it is held."""
        if key in self.fixed:
            return np.full(self.rows, self.fixed[key])
        return self.drawn(value, f"finance#{key}")

    def by_product(self, key: str, products: tuple[str, ...]) -> dict[str, Floats | None]:
        """An assumption that may be by product; None: it is not bound, or not written."""
        value = getattr(self.finance, key)
        if not isinstance(value, ByProduct):
            one = self.named(key, value) if value is not None or key in self.fixed else None
            return dict.fromkeys(products, one)
        found: dict[str, Floats | None] = {}
        for product in products:
            own = value.of(product)
            name = product if product in value else "other"
            found[product] = None if own is None else self._product(key, name, own)
        return found

    def _product(self, key: str, name: str, value: Amount) -> Floats:
        return self.drawn(value, f"finance#{key}.{name}") * self.fixed.get(f"{key} ×", 1.0)

    @property
    def discount_rate(self) -> Floats:
        """Nominal, a year."""
        return self.named("discount_rate", self.finance.discount_rate)

    @property
    def reinvestment_rate(self) -> Floats:
        """What money that comes back earns, a year."""
        asked = self.finance.reinvestment_rate
        return self.discount_rate if asked is None else self.named("reinvestment_rate", asked)

    @property
    def tax(self) -> float:
        """Share of the profit."""
        return self.fixed.get("tax", self.finance.tax)

    @property
    def inflation(self) -> dict[str, Floats]:
        """By category."""
        return {name: self.drawn(rate, f"finance#inflation.{name}") for name, rate in self.finance.inflation.items()}

    def carbon_price(self) -> Floats | None:
        """EUR/kg by row and year of the study, nominal; None: carbon costs nothing."""
        points = self.finance.carbon_price
        if "carbon_price" in self.fixed:
            return np.full((self.rows, self.over.years), self.fixed["carbon_price"])
        if points is None:
            return None
        drawn = {year: self.drawn(price, f"finance#carbon_price.{year}") for year, price in points.items()}
        return price_path(drawn, self.over)

    def items(self, lever: str) -> Iterator[tuple[CashItem, Floats, Floats | None]]:
        """The cash of a lever: item, EUR (or EUR a year) by row, and chance by row of one that may not come."""
        for i, item in enumerate(self.levers[lever].cash):
            key = f"lever {lever}#cash.{i}"
            amount = self.drawn(item.amount, f"{key}.{item.kind}") * (YEAR if item.is_yearly else 1.0)
            if item.kind == "capex":
                amount = amount * self.fixed.get("capex", 1.0)
            yield item, amount, self.chance(f"{key}.probability") if item.probability < 1 else None

    def uncertain(self, levers: tuple[str, ...]) -> dict[str, Floats]:
        """What is drawn, by name: finance and the cash of these levers; shape (rows,) each."""
        found: dict[str, Floats] = {}
        for key in ("discount_rate", "reinvestment_rate", "margin_per_part", "demand"):
            value = getattr(self.finance, key)
            several = value.items() if isinstance(value, ByProduct) else [("", value)]
            for product, one in several:
                if one is not None and one.is_uncertain:
                    name = f"{key}.{product}" if product else key
                    found[assumption_said(name)] = self.drawn(one, f"finance#{name}")
        if (capital := self.finance.working_capital) is not None and capital.value_per_part.is_uncertain:
            found[assumption_said("working_capital")] = self.named("working_capital", capital.value_per_part)
        for key, rate in (self.finance.inflation or {}).items():
            if rate.is_uncertain:
                found[assumption_said(f"inflation.{key}")] = self.drawn(rate, f"finance#inflation.{key}")
        for year, price in (self.finance.carbon_price or {}).items():
            if price.is_uncertain:
                name = f"carbon_price {year}" if year else "carbon_price"
                found[assumption_said(name)] = self.drawn(price, f"finance#carbon_price.{year}")
        for lever in levers:
            found |= self._uncertain_cash(lever)
        return found

    def _uncertain_cash(self, lever: str) -> dict[str, Floats]:
        found: dict[str, Floats] = {}
        for item, amount, chance in self.items(lever):
            name = cash_name(lever, item.label, item.kind)
            if item.amount.is_uncertain:
                found[name] = amount
            if chance is not None:
                found[said("comes", name=name)] = (chance < item.probability).astype(float)
        return found


def cash_name(lever: str, label: str | None, kind: str) -> str:
    """What a cash item of a lever is called: by its label, else by its kind."""
    return said("of_lever", lever=lever, what=label) if label else said("cash_of", lever=lever, kind=kind_said(kind))


def assumed(study: Study, rows: int) -> Assumed:
    """The assumptions of a study with a finance, over so many rows."""
    assert study.finance is not None
    return Assumed(study.finance, study.levers, study.run.spec.seed, rows, {})
