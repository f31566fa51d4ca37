"""What is no mistake in a study, but hardly meant: a change that changes nothing, money that nothing counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from twin.core.layout import Layout
from twin.core.problem import Fault, Loc, quoted
from twin.core.spec import ByProduct
from twin.law.amount import Amount
from twin.lever.shape import NOTHING
from twin.study.asked.changed import Made
from twin.study.asked.levers import LeverSpec
from twin.study.asked.money import FinanceSpec
from twin.study.difference import written

if TYPE_CHECKING:
    from twin.study.asked.spec import StudySpec


def idle(name: str, lever: LeverSpec, made: Made) -> Iterator[Fault]:
    """Of a lever that was pulled: changes that leave the plant as it was, and effects whose law is cut."""
    steps = [(one, step) for one, step in made.steps if one.lever == name]
    if not steps and (lever.change or lever.shorthands):
        yield Fault(("levers", name), "this lever changes nothing of the plant")
    for one, step in steps:
        if step.amount is not None and step.amount.is_uncertain:
            yield from _cut(one.change.at, step.amount)
        elif step.old == step.new:
            now = "" if step.new is NOTHING else f": it is {quoted(written(step.new))} already"
            yield Fault(one.change.at, f"this changes nothing of {quoted(one.change.path, 200)}{now}")


def of_money(spec: StudySpec, layout: Layout) -> Iterator[Fault]:
    """Money that nothing counts, products without a value, and laws that are cut at 0."""
    paid = next((name for name, lever in spec.levers.items() if lever.cash and not _searched(name, spec)), None)
    if spec.finance is None:
        if paid is not None:
            yield Fault(("levers", paid, "cash"), "without 'finance:' nothing counts the money of levers")
        return
    for name, lever in spec.levers.items():
        for i, item in enumerate(lever.cash):
            yield from _cut(("levers", name, "cash", i, item.kind), item.amount)
    yield from _of_finance(spec.finance, layout)


def _searched(name: str, spec: StudySpec) -> bool:
    """Whether a search takes all the money of a lever, its capex, as what it costs to pull it."""
    decide = spec.optimise.decide.values() if spec.optimise is not None else ()
    asked = any(one.lever == name and one.cost is None for one in decide if hasattr(one, "lever"))
    return asked and all(item.kind == "capex" for item in spec.levers[name].cash)


def _of_finance(finance: FinanceSpec, layout: Layout) -> Iterator[Fault]:
    for key, means in (("margin_per_part", "are worth nothing"), ("demand", "are all sold")):
        value = getattr(finance, key)
        for product in layout.products if isinstance(value, ByProduct) else ():
            if value.of(product) is None:
                text = f"no value for product {quoted(product)}, so its parts {means}; add it, or 'other:'"
                yield Fault(("finance", key), text)
    for loc, amount in _amounts(finance):
        yield from _cut(("finance", *loc), amount)


def _amounts(finance: FinanceSpec) -> Iterator[tuple[Loc, Amount]]:
    """All that may be uncertain in the finance, with its place."""
    for key in ("discount_rate", "reinvestment_rate", "margin_per_part", "demand", "inflation"):
        value = getattr(finance, key)
        if isinstance(value, Amount):
            yield (key,), value
        elif value is not None:
            yield from (((key, name), one) for name, one in value.items())
    for year, price in (finance.carbon_price or {}).items():
        yield ("carbon_price", *((str(year),) if year else ())), price
    if finance.working_capital is not None:
        yield ("working_capital", "value_per_part"), finance.working_capital.value_per_part


def _cut(loc: Loc, amount: Amount) -> Iterator[Fault]:
    if amount.law is not None and (text := amount.law.cut_off()):
        yield Fault(loc, text)
