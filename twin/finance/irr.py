"""Internal rates of return (TRI): all of them, and one only where there is one; MIRR (TRIM) for the rest.

A rate r > -1 at which NPV = 0. Flows whose sign changes more than once may have several: libraries silently return one.
Sources: Lorie and Savage (1955), Journal of Business 28; Microsoft Excel function reference (IRR, MIRR, XIRR).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.finance.array import Floats, Flows, Values, finite, flows_of
from twin.finance.npv import ages, discount
from twin.finance.roots import all_roots


class Rates(NamedTuple):
    """The internal rates of return of each row."""

    roots: Floats
    """All real rates above -1, ascending, then NaN; shape (K,) or (N, K)."""
    number: NDArray[np.int_]
    """How many there are, one number or shape (N,)."""

    @property
    def unique(self) -> Floats:
        """The rate where there is exactly one, else NaN; one number or shape (N,)."""
        return np.asarray(np.where(self.number == 1, self.roots[..., 0], np.nan))[()]


def irr(flows: Flows) -> Rates:
    """All internal rates of return of yearly flows.

    Args:
        flows: EUR, shape (Y + 1,) or (N, Y + 1). A flow below 1e-13 of the largest of its row counts as 0.

    Raises:
        ValueError: a flow is not finite.
    """
    given = flows_of(flows)
    return _rates(given, np.arange(given.shape[-1], dtype=float))


def xirr(flows: Flows, dates: Sequence[date]) -> Rates:
    """All internal rates of return of flows on given days, actual/365.

    Raises:
        ValueError: not one date a flow, one before the first, or a flow that is not finite.
    """
    given = flows_of(flows)
    times, place = np.unique(ages(dates, given.shape[-1]), return_inverse=True)
    return _rates(given @ (place[:, None] == np.arange(len(times))), times)


def _rates(flows: Floats, times: Floats) -> Rates:
    if len(times) < 2:
        return Rates(np.full((*flows.shape[:-1], 1), np.nan), np.zeros(flows.shape[:-1], dtype=int)[()])
    found = np.expm1(all_roots(flows.reshape(-1, len(times)), times))
    found = found.reshape(*flows.shape[:-1], found.shape[-1])
    return Rates(found, np.asarray(np.isfinite(found).sum(axis=-1))[()])


def mirr(flows: Flows, finance: Values, reinvest: Values) -> Floats:
    """Modified internal rate of return: income is reinvested to the last year, spending financed from year 0.

    MIRR = (F / P)^(1/Y) - 1 with F the future value of the positive flows at ``reinvest`` and P the present value of
    the negative ones at ``finance``.

    Args:
        flows: EUR, shape (Y + 1,) or (N, Y + 1).
        finance: rate a year at which money is borrowed; one number or one a row.
        reinvest: rate a year at which income is put to work.

    Returns:
        One number or shape (N,); NaN where nothing is spent or nothing comes in.

    Raises:
        ValueError: a flow is not finite, or a rate not above -100 %.
    """
    given = flows_of(flows)
    years = given.shape[-1] - 1
    spent = -(np.minimum(given, 0) * discount(finance, years)).sum(axis=-1)
    earned = (np.maximum(given, 0) * discount(reinvest, years)).sum(axis=-1)
    told = (spent > 0) & (earned > 0) & (years > 0)
    ratio = np.where(told, earned, np.nan) / np.where(told, spent, np.nan)
    return np.asarray((1 + finite(reinvest, "rate")) * ratio ** (1 / max(years, 1)) - 1)[()]
