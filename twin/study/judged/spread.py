"""How the money of a scenario spreads: the band of its NPV curve, and what has come in by each year end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from twin.core.confidence import quantile_ranks
from twin.finance.npv import discount
from twin.study.judged.answer import Scene, place

if TYPE_CHECKING:
    from twin.law.law import Floats

ROWS = {"p05": 0.05, "p95": 0.95}
"""Between these quantiles lie nine rows in ten."""


def band(scene: Scene, shares: Sequence[float]) -> dict[str, Floats]:
    """Where each quantile of the NPV lies, point by point, at the confidence of the scene.

    By ranks, so no law is assumed; the rows as they lie, and moved by the error of their mean, as for every quantile
    of the scene (``Scene.answer``). How much of the spread is chance, where draws are repeated, is taken as found: with
    two rows a draw, 200 rows and far more chance than uncertainty the tails of a 95 % band hold 80-85 % of the time.

    Args:
        scene: one with money.
        shares: which quantiles, 0…1, ascending.

    Returns:
        'low' and 'high', EUR, shape (shares,); infinite where the rows are too few, and at 0 and 1.
    """
    assert scene.money is not None
    if scene.certain and scene.runs.n == 1:
        return {end: np.full(len(shares), scene.money.npv[0]) for end in ("low", "high")}
    tables = [np.sort(one.npv) for one in scene.moved(scene.confidence)]
    ends = np.array([_ends(tables, share, scene.independent, scene.confidence) for share in shares])
    return {"low": ends[:, 0], "high": ends[:, 1]}


def _ends(tables: Sequence[Floats], share: float, n: int, confidence: float) -> tuple[float, float]:
    """The interval of a quantile over all tables of sorted rows, of which n are independent."""
    if not 0 < share < 1:
        return -math.inf, math.inf
    first, last, _ = quantile_ranks(n, share, confidence)
    low = min(float(one[place(first, n, len(one))]) for one in tables) if first else -math.inf
    high = max(float(one[place(last, n, len(one))]) for one in tables) if last <= n else math.inf
    return low, high


def cumulative(scene: Scene) -> dict[str, Floats]:
    """What has come in by each year end, discounted: the last is the NPV.

    Each row has its own flows and its own rate. 'mean' with the interval of the mean ('low', 'high'), and the
    quantiles 'p05' and 'p95' of the rows; EUR, shape (years + 1,). An end is infinite where the rows are too few.
    """
    assert scene.money is not None
    assert scene.raw is not None
    raw, rows = (np.cumsum(one.flows * discount(one.rate, one.flows.shape[1] - 1), axis=1)
                 for one in (scene.raw, scene.money))  # fmt: skip
    mean = rows.mean(axis=0)
    found = [scene.interval(column, scene.confidence) for column in (raw - raw.mean(axis=0) + mean).T]
    return {
        "mean": mean,
        "low": np.array([-math.inf if one is None or one.low is None else one.low for one in found]),
        "high": np.array([math.inf if one is None or one.high is None else one.high for one in found]),
        **{name: np.quantile(rows, share, axis=0, method="inverted_cdf") for name, share in ROWS.items()},
    }
