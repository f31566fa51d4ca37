"""The risk of a project from its NPV row by row: one row a calibration draw and replication.

Value at risk is the NPV that a share of the rows falls below; expected shortfall is the mean of that share.
Sources: Wilson (1927) for shares; order statistics for quantiles (David and Nagaraja, Order Statistics, sec. 7.1);
Rockafellar and Uryasev (2002), Journal of Banking and Finance 26, for the expected shortfall.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from twin.core.confidence import check_level, normal, quantile_ranks
from twin.finance.array import Floats, finite
from twin.finance.estimate import Estimate, mean_estimate, sample, share_estimate

TAIL = 0.05
"""The share of the worst rows that value at risk and expected shortfall look at."""


class Risk(NamedTuple):
    """What may come of a project, EUR."""

    mean: Estimate
    sd: float
    positive: Estimate
    """P(NPV > 0)."""
    at_risk: Estimate
    """The NPV that 5 % of the rows fall below."""
    shortfall: Estimate
    """The mean NPV of those 5 %."""
    low: float
    """5 % quantile of the rows."""
    median: float
    high: float
    """95 % quantile of the rows."""


def risk(npv: object, confidence: float = 0.95) -> Risk:
    """All of it for one scenario.

    Args:
        npv: EUR, one a row.
        confidence: of the intervals.

    Raises:
        ValueError: no rows, one that is not finite, or a confidence that is none.
    """
    x = sample(npv)
    low, median, high = (float(one) for one in np.quantile(x, (0.05, 0.5, 0.95), method="inverted_cdf"))
    sd = float(x.std(ddof=1)) if len(x) > 1 else 0.0
    return Risk(
        mean_estimate(x, confidence),
        sd,
        positive(x, confidence),
        value_at_risk(x, confidence=confidence),
        expected_shortfall(x, confidence=confidence),
        low,
        median,
        high,
    )


def positive(npv: object, confidence: float = 0.95) -> Estimate:
    """P(NPV > 0) with Wilson's interval; errors as ``risk``."""
    x = sample(npv)
    return share_estimate(int((x > 0).sum()), len(x), confidence)


def value_at_risk(npv: object, tail: float = TAIL, confidence: float = 0.95) -> Estimate:
    """The NPV of rank ⌈tail · n⌉ from below, with the interval of a quantile by ranks.

    No law is assumed. An end is infinite where the rows are too few: 72 are needed for 5 % at 95 %.

    Raises:
        ValueError: a tail not between 0 and 1, or as ``risk``.
    """
    x = np.sort(sample(npv))
    n = len(x)
    first, last, _ = quantile_ranks(n, _tail(tail), confidence)
    low = float(x[first - 1]) if first else -math.inf
    high = float(x[last - 1]) if last <= n else math.inf
    return Estimate(float(x[_rank(tail, n)]), low, high, n)


def expected_shortfall(npv: object, tail: float = TAIL, confidence: float = 0.95) -> Estimate:
    """The mean NPV of the worst rows, the row at the border by its part, with a normal interval.

    The standard error is that of min(NPV - value at risk, 0) / tail; it is too small where the tail holds few rows.

    Raises:
        ValueError: a tail not between 0 and 1, or as ``risk``.
    """
    check_level(confidence)
    x = np.sort(sample(npv))
    n, border = len(x), x[_rank(_tail(tail), len(x))]
    short = np.minimum(x - border, 0.0) / tail
    mean = float(border + short.mean())
    half = normal(confidence) * float(short.std(ddof=1)) / math.sqrt(n) if n > 1 else math.inf
    return Estimate(mean, mean - half, mean + half, n)


def best(npvs: object, confidence: float = 0.95) -> tuple[Estimate, ...]:
    """The probability that each scenario has the largest NPV; equal ones share the row.

    Args:
        npvs: EUR, one a row and scenario, shape (N, S); give the baseline a column of zeros.
        confidence: of the intervals (Wilson).

    Raises:
        ValueError: another shape, or a value that is not finite.
    """
    x = options(npvs)
    top = x == x.max(axis=1, keepdims=True)
    events = (top / top.sum(axis=1, keepdims=True)).sum(axis=0)
    return tuple(share_estimate(float(one), len(x), confidence) for one in events)


def options(values: object) -> Floats:
    """Values of options row by row, shape (N, S).

    Raises:
        ValueError: another shape, no row or no option, or a value that is not finite.
    """
    x = finite(values, "values of the options")
    if x.ndim != 2 or 0 in x.shape:
        raise ValueError(f"values of the options: shape (rows, options) is due, not {x.shape}")
    return x


def _tail(tail: float) -> float:
    if not 0 < tail < 1:
        raise ValueError(f"tail: between 0 and 1 is due, such as 0.05, not {tail}")
    return tail


def _rank(tail: float, n: int) -> int:
    return max(math.ceil(tail * n - 1e-9), 1) - 1
