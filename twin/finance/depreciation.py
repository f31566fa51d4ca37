"""Depreciation by fiscal years: linear prorata temporis, French dégressif, and the schedules of spreadsheets.

Sources: France, CGI art. 39 A and annex II art. 23, BOFiP BOI-BIC-AMT-20-20-30 (dégressif; first year by twelfths from
the first day of the month of acquisition, then linear over the fiscal years left when that is more); Microsoft Excel
function reference (SLN, DDB, SYD).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from twin.finance.array import Floats, Values, finite
from twin.finance.month import Month


@cache
def rates() -> dict[str, Any]:
    """The dated, sourced rates of ``rates.yaml``."""
    import yaml

    text = (files("twin.finance") / "rates.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def degressif_coefficient(life: float, at: Month) -> float:
    """The coefficient of the dégressif for a life in whole years, in force in a month.

    Raises:
        ValueError: no rate is known for the month or the life.
    """
    rows = [row for row in rates()["degressif"] if Month.parse(row["from"]) <= at]
    if not rows:
        raise ValueError(f"no dégressif coefficient is known for {at}; add it with its source, or write linear")
    for step in rows[-1]["coefficients"]:
        if step["least"] <= life <= step["most"] and life == int(life):
            return float(step["coefficient"])
    raise ValueError(f"no dégressif for a life of {life:g} y; write 3 y or more, in whole years, or linear")


def linear(cost: Values, life: float, years: int, skipped: int = 0) -> Floats:
    """Linear depreciation prorata temporis, by months.

    Args:
        cost: EUR, one number or one a row.
        life: years, more than 0.
        years: how many fiscal years are wanted; what lies beyond is left out.
        skipped: months of the first fiscal year before it is in use, 0…11; the rest follows after the last whole year.

    Returns:
        EUR by fiscal year, shape (years,) or (N, years).

    Raises:
        ValueError: life, years or months out of range.
    """
    _check(life, skipped)
    used = np.clip((np.arange(years + 1) - skipped / 12) / life, 0.0, 1.0)
    return _spread(cost, np.diff(used))


def degressif(cost: Values, life: int, coefficient: float, years: int, skipped: int = 0) -> Floats:
    """French declining balance: coefficient / life of what is left, or linear over the years left when that is more.

    The first fiscal year counts by twelfths; all is written off at the end of fiscal year ``life``.
    Arguments, shape and errors as ``linear``; ``life`` is a whole number of years.
    """
    _check(life, skipped)
    if life != int(life):
        raise ValueError(f"life: the dégressif goes by whole years, not {life:g}; write linear, or a whole number")
    if coefficient < 1:
        raise ValueError(f"coefficient: 1 or more is due, such as 1.75, not {coefficient}")
    shares, left = np.zeros(max(years, int(life))), 1.0
    for k in range(int(life)):
        rate = max(coefficient / life, 1 / (life - k))
        shares[k] = left * min(rate, 1.0) * (1 - skipped / 12 if k == 0 < life - 1 else 1.0)
        left -= shares[k]
    return _spread(cost, shares[:years])


def straight_line(cost: float, salvage: float, life: float) -> float:
    """A year's depreciation as SLN of spreadsheets: (cost - salvage) / life."""
    _check(life, 0)
    return (cost - salvage) / life


def double_declining(cost: float, salvage: float, life: int, factor: float = 2.0) -> Floats:
    """As DDB of spreadsheets: factor / life on what is left, never below the salvage value; shape (life,)."""
    _check(life, 0)
    shares, left = np.zeros(life), float(cost)
    for k in range(life):
        shares[k] = max(min(left * min(factor / life, 1.0), left - salvage), 0.0)
        left -= shares[k]
    return shares


def sum_of_years(cost: float, salvage: float, life: int) -> Floats:
    """As SYD of spreadsheets: in proportion to the years left; shape (life,)."""
    _check(life, 0)
    return np.asarray((cost - salvage) * np.arange(life, 0, -1) * 2 / (life * (life + 1)))


def _spread(cost: Values, shares: Floats) -> Floats:
    return np.asarray(np.multiply.outer(finite(cost, "cost"), shares))


def _check(life: float, skipped: int) -> None:
    if not life > 0:
        raise ValueError(f"life: more than 0 years is due, such as 8, not {life}")
    if not 0 <= skipped <= 11:
        raise ValueError(f"months before use: 0 to 11 is due, not {skipped}")
