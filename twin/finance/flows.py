"""From lines of cash to the flows of a project, tax included.

A line has its cash and what it adds to the profit that is taxed, both by row and column (year ends 0…Y). All lines are
differences against the baseline: the same row, the same prices, the same demand. What is spent anyway stays out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

import numpy as np

from twin.finance.array import Floats, Values, finite

Losses = Literal["used", "forward"]
"""What becomes of a year in which the project lowers profit: see ``tax_flows``."""


class Line(NamedTuple):
    """One line of a cash-flow sheet."""

    label: str
    kind: str
    """capex, opex, grant, saving, residual, margin, cost, working capital, tax."""
    cash: Floats
    """EUR, what comes in is positive; shape (N, Y + 1)."""
    taxable: Floats
    """EUR, what it adds to the profit that is taxed; shape (N, Y + 1), column 0 always 0."""

    @property
    def mean(self) -> Floats:
        """The mean cash over rows, shape (Y + 1,)."""
        return np.asarray(self.cash.mean(axis=0))


class Statement(NamedTuple):
    """The flows of a project."""

    lines: tuple[Line, ...]
    """All lines; the last is the tax."""

    @property
    def flows(self) -> Floats:
        """EUR after tax, shape (N, Y + 1)."""
        return np.asarray(sum(line.cash for line in self.lines))

    @property
    def taxable(self) -> Floats:
        """EUR, the change of the profit that is taxed, shape (N, Y + 1)."""
        return np.asarray(sum(line.taxable for line in self.lines[:-1]))

    def of(self, kind: str) -> Floats:
        """EUR, the cash of all lines of a kind, shape (N, Y + 1)."""
        zero = np.zeros_like(self.lines[-1].cash)
        return np.asarray(sum((line.cash for line in self.lines if line.kind == kind), zero))


def empty(rows: int, years: int) -> Floats:
    """Zeros of the shape of flows, (rows, years + 1)."""
    return np.zeros((rows, years + 1))


def statement(lines: Sequence[Line], tax: Values, losses: Losses = "used") -> Statement:
    """The lines with the tax on them as the last.

    Args:
        lines: one or more, all of one shape.
        tax: share of the profit, 0.25 for 25 %; one number or one a row.
        losses: see ``tax_flows``.

    Raises:
        ValueError: no line, lines of several shapes, or a tax that is no share.
    """
    shapes = sorted({line.cash.shape for line in lines} | {line.taxable.shape for line in lines})
    if len(shapes) != 1:
        raise ValueError(f"lines: one or more of one shape are due, not shapes {shapes}")
    taxable = np.asarray(sum(line.taxable for line in lines))
    return Statement((*lines, Line("tax", "tax", tax_flows(taxable, tax, losses), np.zeros(shapes[0]))))


def tax_flows(taxable: Floats, tax: Values, losses: Losses = "used") -> Floats:
    """The cash of a tax on profit: -tax × what is taxed, at the end of the same year.

    Args:
        taxable: EUR, the change of profit after depreciation, shape (N, Y + 1).
        tax: share, one number or one a row.
        losses: 'used': the plant has other profit, so a year in which the project lowers it saves tax at once (the
            default, and right for a project inside a company that earns). 'forward': the project stands alone, and a
            loss lowers the profit of later years, without limit of amount or time; what is left at the end is lost.

    Raises:
        ValueError: a tax that is no share, or another word for losses.
    """
    share = np.atleast_1d(finite(tax, "tax"))
    if ((share < 0) | (share >= 1)).any():
        raise ValueError(f"tax: a share from 0 to less than 1 is due, such as 0.25 for 25 %, not {tax}")
    if losses not in get_args(Losses):
        raise ValueError(f"losses: '{losses}' is unknown; write used or forward")
    base = taxable if losses == "used" else _carried(taxable)
    return np.asarray(-share[:, None] * base)


def _carried(taxable: Floats) -> Floats:
    """What is taxed of each year once losses are carried forward."""
    found, loss = np.zeros_like(taxable), np.zeros(len(taxable))
    for year in range(taxable.shape[1]):
        profit = taxable[:, year] - loss
        found[:, year], loss = np.maximum(profit, 0.0), np.maximum(-profit, 0.0)
    return found
