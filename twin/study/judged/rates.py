"""Where flows have several rates of return: none of them says how good a project is, its NPV at other rates does."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from twin.core.said import Listed, Said
from twin.finance.irr import irr
from twin.finance.npv import npv, npv_profile
from twin.study.said import rate_said, said

if TYPE_CHECKING:
    from twin.law.law import Floats
    from twin.study.judged.money import Money

POINTS = 25
"""Of a profile."""
BEYOND = 1.25
"""How far a profile goes, in growth factors 1 + r, beyond the largest rate; and before the least, where that is < 0."""


def rates_of(flows: Floats) -> list[float]:
    """All internal rates of return of one project, ascending."""
    return [float(one) for one in irr(flows).roots if math.isfinite(one)]


def profile(flows: Floats) -> list[dict[str, float]]:
    """NPV in EUR over the discount rate, beyond all rates at which it is 0; empty: there are not several."""
    roots = rates_of(flows)
    if len(roots) < 2:
        return []
    least = 1.0 if roots[0] > 0 else (1 + roots[0]) / BEYOND
    rates = np.geomspace(least, (1 + roots[-1]) * BEYOND, POINTS) - 1
    return [{"rate": float(r), "npv": float(v)} for r, v in zip(rates, npv_profile(flows, rates), strict=True)]


def several(name: str, money: Money) -> str:
    """What to say of a scenario whose mean flows have several rates of return; empty: they have not."""
    flows = money.flows.mean(axis=0)
    roots = rates_of(flows)
    if len(roots) < 2:
        return ""
    gains = Listed(_gains(flows, roots)) or said("nowhere")
    modified = money.rows("mirr")
    modified = modified[~np.isnan(modified)]
    told = {"name": name, "n": len(roots), "rates": Listed(map(_share, roots)), "where": gains}
    if not len(modified):
        return said("rates", **told)
    return said("rates_mirr", **told, mirr=_share(float(np.median(modified))))


def _gains(flows: Floats, roots: list[float]) -> Iterator[str]:
    """The ranges of the discount rate in which NPV is above 0, in words."""
    factors = [0.0, *(1 + one for one in roots), math.inf]
    for low, high in pairwise(factors):
        inside = low * 2 if math.isinf(high) else (low + high) / 2
        if npv(flows, inside - 1) > 0:
            yield _range(low, high)


def _range(low: float, high: float) -> str:
    if not low:
        return said("below", rate=_share(high - 1))
    return said("above", rate=_share(low - 1)) if math.isinf(high) else said(
        "between", low=_share(low - 1), high=_share(high - 1))  # fmt: skip


def _share(rate: float) -> Said:
    return rate_said(f"{100 * rate:,.3g} %" if rate < 9.995 else f"{100 * rate:,.0f} %", rate)
