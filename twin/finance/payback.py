"""Payback (délai de récupération), simple or discounted, in the two readings that are in use.

Both count from year 0 and are infinite when the money never comes back. Years before any money is out do not count as
paid back; flows that never fall below 0 in sum are paid back at 0. It is the first time: what is spent later is not
looked at.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.finance.array import Floats, Flows, Values, flows_of
from twin.finance.npv import discount


def payback(flows: Flows, rate: Values = 0.0) -> Floats:
    """When the cumulated flows reach 0, interpolated inside the year: k - 1 + (missing at k - 1) / (flow of year k).

    Args:
        flows: EUR, shape (Y + 1,) or (N, Y + 1).
        rate: a year, to discount the flows first; 0 is the simple payback.

    Returns:
        Years, one number or shape (N,); inf where they never do.

    Raises:
        ValueError: a flow is not finite, or a rate not above -100 %.
    """
    total = _total(flows, rate)
    k = _first(total)
    at = np.minimum(k, total.shape[-1] - 1)[..., None]
    now, before = (np.take_along_axis(total, np.maximum(i, 0), axis=-1)[..., 0] for i in (at, at - 1))
    step = np.where(now > before, now - before, 1.0)
    inside = np.where(k > 0, k - 1 - before / step, 0.0)
    return np.asarray(np.where(k < total.shape[-1], inside, np.inf))[()]


def payback_year(flows: Flows, rate: Values = 0.0) -> Floats:
    """The first year at whose end the cumulated flows are 0 or more: whole years. Arguments as ``payback``."""
    total = _total(flows, rate)
    k = _first(total)
    return np.asarray(np.where(k < total.shape[-1], k, np.inf))[()]


def _total(flows: Flows, rate: Values) -> Floats:
    given = flows_of(flows)
    return np.asarray(np.cumsum(given * discount(rate, given.shape[-1] - 1), axis=-1))


def _first(total: Floats) -> NDArray[np.intp]:
    """The first column that is 0 or more after one below 0; 0 when none is below; Y + 1 when none follows."""
    out = np.logical_or.accumulate(total < 0, axis=-1)
    back = out & (total >= 0)
    missing = np.where(out.any(axis=-1), total.shape[-1], 0)
    return np.where(back.any(axis=-1), back.argmax(axis=-1), missing)
