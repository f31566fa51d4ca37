"""Net present value (VAN): flows at year ends, year 0 not discounted.

NPV = Σ F(t) / (1 + r)^t, t = 0…Y: a matrix product over rows. Nominal flows take a nominal rate, real flows a real one.
Source: Brealey, Myers and Allen, Principles of Corporate Finance; Microsoft Excel function reference (NPV, XNPV).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from twin.finance.array import Floats, Flows, Values, finite, flows_of

YEAR = 365.0
"""Days of a year in XNPV and XIRR: actual/365."""


def discount(rate: Values, years: int) -> Floats:
    """The factors (1 + r)^-t for t = 0…years.

    Args:
        rate: a year, 0.08 for 8 %; one number or one a row.
        years: Y.

    Returns:
        Shape (Y + 1,), or (N, Y + 1) for a rate a row.

    Raises:
        ValueError: a rate is not above -100 %.
    """
    found = _above(rate)
    return np.asarray(np.exp(np.multiply.outer(-np.log1p(found), np.arange(years + 1))))


def npv(flows: Flows, rate: Values) -> Floats:
    """Net present value; the flow of year 0 is not discounted.

    Args:
        flows: EUR, shape (Y + 1,) or (N, Y + 1).
        rate: a year; one number, or one a row of the flows.

    Returns:
        EUR, one number, or shape (N,).

    Raises:
        ValueError: a flow is not finite, or a rate not above -100 %.
    """
    given = flows_of(flows)
    factors = discount(rate, given.shape[-1] - 1)
    return np.asarray(given @ factors if factors.ndim == 1 else (given * factors).sum(axis=-1))[()]


def spreadsheet_npv(flows: Flows, rate: Values) -> Floats:
    """NPV as spreadsheets compute it: the first flow is discounted by a year too. Arguments as ``npv``."""
    return np.asarray(npv(flows, rate) / (1 + _above(rate)))[()]


def npv_profile(flows: Flows, rates: Sequence[float] | Floats) -> Floats:
    """NPV at each of R rates; shape (R,) or (N, R): what to look at where the IRR is not unique."""
    given = flows_of(flows)
    return np.asarray(given @ discount(np.asarray(rates, dtype=float), given.shape[-1] - 1).T)


def profitability_index(flows: Flows, rate: Values) -> Floats:
    """Present value of the flows after year 0 for each euro spent in year 0; NaN where nothing is spent then."""
    given = flows_of(flows)
    spent = np.where(given[..., 0] < 0, -given[..., 0], np.nan)
    return np.asarray(1 + npv(flows, rate) / spent)[()]


def xnpv(flows: Flows, dates: Sequence[date], rate: Values) -> Floats:
    """NPV at the first date of flows on given days, actual/365. Arguments otherwise as ``npv``.

    Raises:
        ValueError: not one date a flow, or as ``npv``.
    """
    given = flows_of(flows)
    times = ages(dates, given.shape[-1])
    return np.asarray((given * np.exp(-np.multiply.outer(np.log1p(_above(rate)), times))).sum(axis=-1))[()]


def ages(dates: Sequence[date], n: int) -> Floats:
    """Years of 365 days since the first of n dates.

    Raises:
        ValueError: another number of dates, or one before the first.
    """
    if len(dates) != n:
        raise ValueError(f"dates: one for each of the {n} flows is due, not {len(dates)}")
    if early := [day for day in dates if day < dates[0]]:
        raise ValueError(f"dates: {early[0]} is before the first, {dates[0]}; put the earliest first")
    return np.array([(day - dates[0]).days / YEAR for day in dates])


def _above(rate: Values) -> Floats:
    found = finite(rate, "rate")
    if (found <= -1).any():
        raise ValueError(f"rate: more than -100 % a year is due, such as 0.08 for 8 %, not {found.min():g}")
    return found
