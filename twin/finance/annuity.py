"""Equivalent annual amounts (annuité équivalente): projects of unequal lives on one measure.

An amount at each of the year ends 1…n has the present value A (1 - (1 + r)^-n) / r.
Source: Brealey, Myers and Allen, Principles of Corporate Finance, ch. 6; Excel function reference (PMT, of other sign).
"""

from __future__ import annotations

import numpy as np

from twin.finance.array import Floats, Flows, Values, finite, flows_of
from twin.finance.npv import npv


def annuity_factor(rate: Values, years: Values) -> Floats:
    """The present value of 1 EUR at each of the year ends 1…years; ``years`` at a rate of 0.

    Raises:
        ValueError: a rate not above -100 %, or years not above 0.
    """
    r, n = finite(rate, "rate"), finite(years, "years")
    if (r <= -1).any() or (n <= 0).any():
        raise ValueError(f"a rate above -100 % and more than 0 years are due, not {rate} and {years}")
    safe = np.where(r == 0, 1.0, r)
    return np.asarray(np.where(r == 0, n, -np.expm1(-n * np.log1p(safe)) / safe))[()]


def annuity(value: Values, rate: Values, years: Values) -> Floats:
    """The amount at each year end 1…years that is worth ``value`` at time 0, of the same sign.

    Raises:
        ValueError: as ``annuity_factor``.
    """
    return np.asarray(finite(value, "value") / annuity_factor(rate, years))[()]


def equivalent_annual(flows: Flows, rate: Values) -> Floats:
    """The NPV of flows over their own life Y (the last column) as an amount a year; of costs: equivalent annual cost.

    Compare projects of unequal lives by it when each would be renewed at the same terms. One number or shape (N,).

    Raises:
        ValueError: only a year 0, a flow that is not finite, or a rate not above -100 %.
    """
    given = flows_of(flows)
    if given.shape[-1] < 2:
        raise ValueError("flows: a life of one year or more is due, so two flows or more")
    return annuity(npv(given, rate), rate, given.shape[-1] - 1)
