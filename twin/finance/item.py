"""Dated cash items of a lever: what is bought, paid, granted or saved.

A one-off item counts as ``twin.finance.month`` says and in the money of its month: a quote is not inflated. What is
bought counts at the start of its year, before what it earns, so that no gain of the same year hides it. A
yearly item is written in prices of the start and grows with its category; it begins in its month, by twelfths.
Bought things are depreciated in full, from the month they are bought, and count as sold for their residual value at the
end of their life or of the study, whichever is first: that value less what is not yet depreciated is taxed. Grants are
taxed in their year.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

import numpy as np

from twin.finance.array import Floats, Values, a_row
from twin.finance.depreciation import degressif, degressif_coefficient, linear
from twin.finance.flows import Line, empty
from twin.finance.month import Month, Span
from twin.finance.price import GENERAL, Inflation, price_growth

ItemKind = Literal["capex", "opex", "grant", "saving"]
Depreciation = Literal["linear", "degressif", "none"]
_SIGNS = {"capex": -1.0, "opex": -1.0, "grant": 1.0, "saving": 1.0}


class Item(NamedTuple):
    """A cash item; its kind gives the sign, so amounts are 0 or more."""

    label: str
    kind: ItemKind
    amount: Values
    """EUR, or EUR a year; one number or one a row."""
    at: Month | None = None
    """When it is paid, or when yearly payments begin; None: the first month of the study."""
    yearly: bool = False
    """Paid every year from then on."""
    life: float | None = None
    """Years a thing is used (capex)."""
    depreciation: Depreciation = "linear"
    """For capex; 'none' for what does not wear, such as land."""
    residual: float = 0.0
    """What it is sold for in the end, as a share of the amount (capex)."""
    probability: float = 1.0
    """That it happens at all, such as a grant."""
    category: str = GENERAL
    """Of inflation, for yearly items."""


def expected(item: Item, rows: int) -> Floats:
    """EUR, the amount times its probability, shape (rows,)."""
    return np.asarray(a_row(item.amount, rows, item.label) * item.probability)


def drawn(item: Item, uniform: Floats) -> Floats:
    """EUR, the amount where a uniform number of the row, 0…1, is less than its probability, else 0; shape (N,)."""
    return np.asarray(a_row(item.amount, len(uniform), item.label) * (uniform < item.probability))


def item_lines(
    item: Item, over: Span, rows: int, inflation: Inflation | None = None, uniform: Floats | None = None
) -> tuple[Line, ...]:
    """The lines of an item: itself, and what a bought thing is sold for.

    Args:
        item: what is paid or comes in.
        over: the years of the study.
        rows: N.
        inflation: rates by category, for yearly items.
        uniform: one random number a row from 0 to 1, which decides whether an uncertain item happens (the same for all
            scenarios); None: amount × probability in every row.

    Raises:
        ValueError: a value that cannot be, with what to write.
    """
    _check(item, rows)
    amount = expected(item, rows) if uniform is None else drawn(item, a_row(uniform, rows, "uniform"))
    if item.yearly:
        return (_yearly(item, amount, over, inflation or {}),)
    if item.kind == "capex":
        return _bought(item, amount, over)
    cash, taxable = empty(rows, over.years), empty(rows, over.years)
    cash[:, over.column(item.at)] = taxable[:, over.fiscal(item.at)] = _SIGNS[item.kind] * amount
    return (Line(item.label, item.kind, cash, taxable),)


def _yearly(item: Item, amount: Floats, over: Span, inflation: Inflation) -> Line:
    paid = np.clip(np.arange(1, over.years + 1) - over.months(item.at) / 12, 0.0, 1.0)
    cash = empty(len(amount), over.years)
    cash[:, 1:] = _SIGNS[item.kind] * amount[:, None] * paid * price_growth(inflation, item.category, over.years)
    return Line(item.label, item.kind, cash, cash.copy())


def _bought(item: Item, amount: Floats, over: Span) -> tuple[Line, ...]:
    cash, taxable, sold, gain = (empty(len(amount), over.years) for _ in range(4))
    first, months, end = over.fiscal(item.at), over.months(item.at), over.years
    if item.life is not None:
        end = min(max(int(np.ceil(months / 12 + item.life - 1e-9)), first), end)
    cash[:, first - 1] = -amount  # at the start of its year
    taxable[:, first : end + 1] = -_depreciated(item, amount, over, end + 1 - first)
    sold[:, end] = amount * item.residual
    gain[:, end] = sold[:, end] - amount - taxable.sum(axis=1)
    line = Line(item.label, item.kind, cash, taxable)
    if item.residual == 0 and np.allclose(gain, 0.0, atol=1e-9 * max(float(amount.max(initial=0)), 1.0)):
        return (line,)
    return line, Line(item.label, "residual", sold, gain)


def _depreciated(item: Item, amount: Floats, over: Span, years: int) -> Floats:
    """By fiscal year from that in which it is bought, shape (N, years)."""
    skipped = over.months(item.at) % 12
    if item.depreciation == "none" or item.life is None:
        return np.zeros((len(amount), years))
    if item.depreciation == "linear":
        return linear(amount, item.life, years, skipped)
    coefficient = degressif_coefficient(item.life, item.at or over.start)
    return degressif(amount, int(item.life), coefficient, years, skipped)


def _check(item: Item, rows: int) -> None:
    name = f"{item.kind} '{item.label}'"
    if item.kind not in _SIGNS:
        raise ValueError(f"{name}: the kind is unknown; write {', '.join(_SIGNS)}")
    if (a_row(item.amount, rows, name) < 0).any():
        raise ValueError(f"{name}: an amount of 0 or more is due, not {np.min(item.amount)}; the kind gives the sign")
    if not 0 <= item.probability <= 1:
        raise ValueError(f"{name}: a probability from 0 to 1 is due, such as 0.8, not {item.probability}")
    if item.kind == "capex":
        _check_bought(item, name)


def _check_bought(item: Item, name: str) -> None:
    if item.yearly:
        raise ValueError(f"{name}: something bought is paid once; write opex for what is paid every year")
    if item.depreciation not in get_args(Depreciation):
        raise ValueError(f"{name}: depreciation '{item.depreciation}' is unknown; write linear, degressif or none")
    if item.depreciation != "none" and item.life is None:
        raise ValueError(f"{name}: its life is needed to depreciate it; write life: 8 y, or depreciation: none")
    if item.life is not None and not item.life > 0:
        raise ValueError(f"{name}: a life of more than 0 years is due, such as 8, not {item.life}")
    if not 0 <= item.residual <= 1:
        raise ValueError(f"{name}: a residual share from 0 to 1 is due, such as 0.1, not {item.residual}")
