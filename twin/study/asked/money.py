"""The money of a study: what a lever costs, and the assumptions that turn a plant into cash flows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from twin.core.problem import Fault, Faults, fault, nearest, quoted
from twin.core.refused import received
from twin.core.spec import ByProduct, Reader, Spec
from twin.core.unit import Quantity, json_schema
from twin.finance.item import ItemKind
from twin.finance.month import Span
from twin.law.amount import Amount, AmountOf, read_by_product
from twin.study.asked.dates import MonthOf

KINDS: tuple[ItemKind, ...] = ("capex", "opex", "grant", "saving")
"""What a cash item may be; it is exactly one of them."""
CATEGORIES = ("general", "labour")
"""Inflation that every finance knows."""
Money = Annotated[Amount, AmountOf("money")]
Flow = Annotated[Amount, AmountOf("money", "money per time")]
Share = Annotated[float, Quantity("share", most=1.0)]
Growth = Annotated[Amount, AmountOf("share", least=-0.5, most=1.0)]


def _by_product_schema(field: AmountOf) -> dict[str, Any]:
    one = field.__get_pydantic_json_schema__({"type": "any"}, None)
    return {"anyOf": [*one["anyOf"], {"type": "object", "additionalProperties": one}]}


_MARGIN, _DEMAND = AmountOf("money", least=float("-inf")), AmountOf("rate", positive=True)
_CARBON = AmountOf("money per mass")


class CashItem(Spec):
    """One amount of money that a lever brings: exactly one of capex, opex, grant and saving."""

    capex: Money | None = None
    """Invested: written off over its life."""
    opex: Flow | None = None
    """Spent: once (kEUR), or every year from 'at' on (kEUR/y)."""
    grant: Money | None = None
    """Received once, such as a subsidy."""
    saving: Flow | None = None
    """Not spent any more: once, or every year from 'at' on; only what the simulation does not count itself."""
    label: str = ""
    """What it is, as reports show it."""
    at: MonthOf | None = None
    """When; default the first month of the finance."""
    life: Annotated[float, Quantity("time", positive=True)] | None = None
    """Of capex: how long it is used and written off; default all years of the finance."""
    depreciation: Literal["linear", "degressif", "none"] = "linear"
    """Of capex: how it is written off."""
    residual: Share = 0.0
    """Of capex: share of it that it is worth at the end of its life."""
    probability: Share = 1.0
    """Chance that it comes at all, such as that of a grant."""
    inflation: str = "general"
    """Of a yearly amount: which inflation of the finance it follows."""

    @property
    def kind(self) -> ItemKind:
        """'capex', 'opex', 'grant' or 'saving'."""
        return next(word for word in KINDS if getattr(self, word) is not None)

    @property
    def amount(self) -> Amount:
        """The money, EUR, or EUR/s of a yearly amount."""
        found: Amount = getattr(self, self.kind)
        return found

    @property
    def is_yearly(self) -> bool:
        """Whether it comes every year."""
        return self.amount.dimension == "money per time"

    @model_validator(mode="after")
    def _agree(self) -> Self:
        given = [word for word in KINDS if getattr(self, word) is not None]
        if len(given) != 1:
            got = f", not {' and '.join(given)}" if given else ""
            raise fault(f"exactly one of {', '.join(KINDS)} is due{got}")
        faults = [
            Fault((key,), f"{quoted(key)} belongs to capex, not to {given[0]}")
            for key in ("life", "depreciation", "residual")
            if key in self.model_fields_set and given[0] != "capex"
        ]
        if "inflation" in self.model_fields_set and not self.is_yearly:
            faults.append(Fault(("inflation",), "'inflation' belongs to a yearly amount, such as 9 kEUR/y"))
        if faults:
            raise Faults(*faults)
        return self


class RampUp(Spec):
    """How the gain of a lever grows: in a straight line, from a share of it to all of it."""

    months: Annotated[float, Field(ge=0, le=600)]
    """How long it takes to the whole gain."""
    begin: Share = Field(default=0.0, alias="from")
    """Share of the gain at once."""


class Installation(Spec):
    """What is lost while a lever is put in place."""

    stop: Annotated[float, Quantity("time")]
    """How long the plant stands; its output of that time is lost."""


def read_carbon(value: object) -> dict[int, Amount]:
    """A price of carbon, or prices by year: {2027: 80 EUR/t, 2035: 150 EUR/t}; between them it is interpolated."""
    if not isinstance(value, dict) or (len(value) == 1 and not next(iter(value)).isdigit()):
        return {0: _CARBON.read(value)}
    found, faults = dict[int, Amount](), list[Fault]()
    for year, price in value.items():
        try:
            if not (year.isdigit() and len(year) == 4):
                raise fault(f"a year such as '2027' is due, not {received(year)}")
            found[int(year)] = _CARBON.read(price)
        except Faults as error:
            faults += [one._replace(loc=(year, *one.loc)) for one in error.faults]
    if faults or not found:
        raise Faults(*faults) if faults else fault("prices by year such as {2027: 80 EUR/t} are due, not an empty map")
    return dict(sorted(found.items()))


class WorkingCapital(Spec):
    """Money bound in the parts inside the plant."""

    value_per_part: Money
    """What one part of the work in process is worth, mean over its stay."""


def read_range(value: object) -> tuple[Any, Any]:
    """The low and the high value of an assumption: [6 %, 10 %]."""
    if isinstance(value, list) and len(value) == 2:
        return value[0], value[1]
    raise fault(f"the low and the high value are due, such as [6 %, 10 %], not {received(value)}")


def _range_schema() -> dict[str, Any]:
    return {"type": "array", "minItems": 2, "maxItems": 2}


class FinanceSpec(Spec):
    """How a plant becomes money. Rates are nominal and so are the flows: they grow by their inflation."""

    currency: Literal["EUR"] = "EUR"
    """Of all amounts."""
    begin: MonthOf = Field(alias="from")
    """First month of year 1, time 0. What is bought counts at the start of its year, all other cash at its end."""
    years: Annotated[int, Field(ge=1, le=100)]
    """How many years are looked at."""
    discount_rate: Annotated[Amount, AmountOf("share", least=-0.5, most=1.0)]
    """Nominal rate a year."""
    reinvestment_rate: Growth | None = None
    """Of the modified rate of return: what money that comes back earns; default the discount rate."""
    tax: Share = 0.0
    """On the result; a loss lowers the tax of the other years of the firm."""
    inflation: dict[str, Growth] = Field(default_factory=dict)
    """A year, by category: general, labour, carriers of energy by name, and those that cash items name; what is not
    named goes as the general one."""
    margin_per_part: Annotated[
        Amount | ByProduct, Reader(read_by_product(_MARGIN), lambda: _by_product_schema(_MARGIN))
    ] | None = None  # fmt: skip
    """Price less material of one good part, what the simulation counts as cost apart; may be by product."""
    demand: Annotated[Amount | ByProduct, Reader(read_by_product(_DEMAND), lambda: _by_product_schema(_DEMAND))] | None = None  # fmt: skip # noqa: E501
    """Good parts that can be sold; more are worth nothing; may be by product; default no bound."""
    carbon_price: Annotated[dict[int, Amount], Reader(read_carbon, lambda: {"anyOf": [json_schema("money per mass"), {"type": "object"}]})] | None = None  # fmt: skip # noqa: E501
    """Of a tonne of CO₂: one, or by year; between two years it is interpolated, beyond them the nearest holds."""
    working_capital: WorkingCapital | None = None
    """Money bound in work in process; a change of it is a flow, given back in the last year."""
    sensitive: dict[str, Annotated[tuple[Any, Any], Reader(read_range, _range_schema)]] = Field(default_factory=dict)
    """Assumptions to vary one at a time, by key: {discount_rate: [6 %, 10 %]}."""

    @model_validator(mode="after")
    def _agree(self) -> Self:
        faults = list(self._sensitive_faults())
        if faults:
            raise Faults(*faults)
        return self

    def _sensitive_faults(self) -> list[Fault]:
        found: list[Fault] = []
        for key, ends in self.sensitive.items():
            reader = SENSITIVE.get(key)
            if reader is None:
                known = [*SENSITIVE]
                text = f"{quoted(key)} is no assumption that can vary ({', '.join(known)})"
                found.append(Fault(("sensitive", key), text, nearest(key, known)))
                continue
            found += [one._replace(loc=("sensitive", key, *one.loc)) for one in _range_faults(reader, ends)]
            if getattr(self, key) is None:
                found.append(Fault(("sensitive", key), f"{quoted(key)} is not written, so there is nothing to vary"))
        return found

    def varied(self) -> dict[str, tuple[float, float]]:
        """Low and high of each assumption of 'sensitive', SI units."""
        return {
            key: (SENSITIVE[key].read(low).mean, SENSITIVE[key].read(high).mean)
            for key, (low, high) in self.sensitive.items()
        }


def _range_faults(reader: AmountOf, ends: tuple[Any, Any]) -> list[Fault]:
    """What is wrong with a low and a high value."""
    values, faults = list[float](), list[Fault]()
    for i, end in enumerate(ends):
        try:
            if isinstance(end, dict):
                raise fault("one value is due, not a law")
            values.append(reader.read(end).mean)
        except Faults as error:
            faults += [one._replace(loc=(i, *one.loc)) for one in error.faults]
    if not faults and values[0] >= values[1]:
        faults.append(Fault((), f"the low value stands first and the high one last, not {ends[0]} and {ends[1]}"))
    return faults


SENSITIVE = {
    "discount_rate": AmountOf("share", least=-0.5, most=1.0),
    "tax": AmountOf("share", most=1.0),
    "margin_per_part": _MARGIN,
    "demand": _DEMAND,
    "carbon_price": _CARBON,
}
"""Assumptions of the finance that 'sensitive' may name."""


def faults_of(finance: FinanceSpec, levers: Mapping[str, Any], layout: Any) -> Iterator[Fault]:
    """What is wrong with the money of a study beside its levers and its layout; located from the top of the study."""
    products = [*layout.products, "other"]
    for key in ("margin_per_part", "demand"):
        value = getattr(finance, key)
        for name in value if isinstance(value, ByProduct) else ():
            if name not in products:
                text = f"unknown product {quoted(name)}"
                yield Fault(("finance", key, name), text, nearest(name, layout.products))
    over = Span(finance.begin, finance.years)
    known = [*CATEGORIES, *layout.head.energy, *finance.inflation]
    for key in finance.sensitive:
        if isinstance(getattr(finance, key, None), ByProduct):
            text = f"{quoted(key)} is written by product, so it has no one value to vary"
            yield Fault(("finance", "sensitive", key), text)
    for name, lever in levers.items():
        for i, item in enumerate(lever.cash):
            try:
                over.months(item.at)
            except ValueError as error:
                yield Fault(("levers", name, "cash", i, "at"), str(error))
            if item.inflation not in known:
                text = f"unknown inflation {quoted(item.inflation)} ({', '.join(known)})"
                yield Fault(("levers", name, "cash", i, "inflation"), text, nearest(item.inflation, known))
    yield from _not_followed(finance, levers, layout)


def _not_followed(finance: FinanceSpec, levers: Mapping[str, Any], layout: Any) -> Iterator[Fault]:
    """Inflation whose name seems misspelt: no amount follows it."""
    followed = [*CATEGORIES, *layout.head.energy]
    used = {item.inflation for lever in levers.values() for item in lever.cash}
    for name in finance.inflation:
        if name not in used and name not in followed and (near := nearest(name, followed)):
            yield Fault(("finance", "inflation", name), f"no amount follows the inflation {quoted(name)}", near)
