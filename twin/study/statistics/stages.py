"""Two-stage selection: how many replications would do, told from a first stage.

Beside the sequential way of ``select``, which stops earlier, these are the textbook answers that a plan of work can be
made from. Sources: Rinott (1978), Communications in Statistics A7; Nelson & Matejcik (1995), Management Science 41.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from twin.core.confidence import student
from twin.study.statistics.compare import pair_variances

_NODES = 120
"""Of the quadrature over χ²: h is right to 2e-4 of itself for a first stage of 5, to 1e-8 for 10."""
_MANY = 300
"""From here on more replications of the first stage hardly lower Rinott's h."""


def second_stage(values: ArrayLike, names: Sequence[str], indifference: float, confidence: float = 0.95) -> int:
    """Replications in all after which the scenario with the best mean is within the indifference of the best.

    R = max(n, ⌈(t / δ)² · max S²(i, j)⌉) with t = t(1 - α / (k - 1), n - 1) of the first n paired replications.

    Args:
        values: the first stage of a KPI, (replications, scenarios), all finite.
        names: the scenarios, in the order of the columns.
        indifference: δ > 0, a difference that does not matter, in the unit of the KPI.
        confidence: with which the selection is right.

    Raises:
        ValueError: an indifference that is not positive, fewer than two replications or scenarios, or a value that is
            missing.
    """
    table = np.asarray(values, dtype=float)
    if not indifference > 0:
        raise ValueError(f"an indifference above 0 is due, not {indifference}")
    if table.ndim != 2 or table.shape[1] != len(names) or min(table.shape) < 2 or not np.isfinite(table).all():
        raise ValueError(f"values of {len(names)} scenarios, two or more, by replication are due, not {table.shape}")
    t = student(len(table) - 1, 1 - 2 * (1 - confidence) / (len(names) - 1))
    return max(len(table), math.ceil((t / indifference) ** 2 * float(pair_variances(table).max())))


def rinott(k: int, confidence: float = 0.95, n0: int = 10) -> float:
    """Rinott's h: with ⌈(h S / δ)²⌉ replications each, the best of k *independent* scenarios is selected.

    Solves ∫ (∫ Φ(h / √((n0 - 1) (1 / x + 1 / y))) f(x) dx)^(k - 1) f(y) dy = confidence, f the density of χ² with
    n0 - 1 degrees of freedom. Under common random numbers it promises nothing: it says what independent seeds would
    cost.

    Args:
        k: scenarios, at least 2.
        confidence: the probability of a right selection, more than 1 / k and less than 1.
        n0: replications of the first stage, at least 5; more than 300 count as 300.

    Raises:
        ValueError: one of them is out of its range.
    """
    from scipy.optimize import brentq
    from scipy.special import ndtr, roots_genlaguerre

    if k < 2 or n0 < 5 or not 1 / k < confidence < 1:
        raise ValueError(f"k ≥ 2, n0 ≥ 5 and 1 / k < confidence < 1 are due, not {k}, {n0} and {confidence}")
    nodes, weights = roots_genlaguerre(_NODES, (freedom := min(n0, _MANY) - 1) / 2 - 1)
    weights = weights / weights.sum()
    spread = np.sqrt(freedom * (0.5 / nodes[:, None] + 0.5 / nodes[None, :]))

    def missing(h: float) -> float:
        return float(weights @ (weights @ ndtr(h / spread)) ** (k - 1)) - confidence

    return float(brentq(missing, 0.0, 1000.0, xtol=1e-10))
