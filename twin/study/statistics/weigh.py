"""How much of a KPI's variance each uncertain input makes.

Linear regression over replications of the KPI on ln mean and ln CV of each law (on the share itself of a share). The
inputs are drawn independently, so the variance of the KPI is the sum of what each makes and a rest: chance, and what
is not linear. What an input makes is taken from the F statistic of leaving it out, F ~ noncentral F(df, rest, λ), with
λ = (replications - other regressors) × its variance / rest: unbiased λ from the mean of F, the 90 % interval by turning
the distribution round (for large λ by Patnaik's approximation, a noncentral χ² as a multiple of a central one).

Sources: Steiger (2004), Beyond the F test, Psychological Methods 9; Patnaik (1949), Biometrika 36; Saltelli et al.,
Global Sensitivity Analysis, sec. 1.2 (first-order shares by regression).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.core.inputs import Input

if TYPE_CHECKING:
    from twin.law.law import Floats

SPARE = 10
"""Replications that must be there beyond two for each regressor."""
NEXT = 20
"""Further times in the log whose worth is told."""
_LEVELS = 0.95, 0.05
_EXACT = 1000.0
"""Above this noncentrality Patnaik's approximation is as good as the distribution itself, and never fails."""
_BOUNDS = -9.0, 18.0
"""Powers of ten between which a noncentrality is looked for."""


class Part(NamedTuple):
    """What one input makes of the variance, 0…1, with its 90 % interval."""

    input: str
    share: float
    low: float
    high: float
    seen: int
    """How many stops, times or parts its data hold."""

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return self._asdict()


class Weighed(NamedTuple):
    """Shares of a variance."""

    parts: tuple[Part, ...]
    """Largest first."""
    rest: float
    """What no input explains: chance, and what is not linear."""
    next_times: dict[str, Any] | None
    """The entry whose next times in the log narrow the range most: entry, its file, how many times, by which share."""


def weigh(inputs: Sequence[Input], values: Sequence[float], replications: Sequence[int]) -> Weighed | None:
    """The share of each input in the variance of a KPI.

    Args:
        inputs: the uncertain inputs of the plan.
        values: the KPI, one finite value a replication.
        replications: their numbers, which are the numbers of the draws.

    Returns:
        None when the replications are too few to tell, or the KPI does not vary. With many inputs the CVs of laws are
        left to the rest.
    """
    import numpy as np

    y = np.array(values)
    y = y - y.mean()
    for spread in (True, False):
        groups = [_regressors(one, replications, spread) for one in inputs]
        count = sum(group.shape[1] for group in groups)
        if count and len(y) >= 2 * count + SPARE and float(y @ y) > 0:
            return _weighed(inputs, groups, y)
    return None


def _regressors(one: Input, replications: Sequence[int], spread: bool) -> Floats:
    """Columns of one input, centred and of length 1; those that do not vary are left out."""
    import numpy as np

    drawn = np.array([one.at(number)[1:] for number in replications])
    columns = np.log(np.maximum(drawn, 1e-9))[:, : 2 if spread else 1] if one.is_law else drawn[:, :1]
    columns = columns - columns.mean(axis=0)
    length = np.sqrt((columns**2).sum(axis=0))
    kept = length > 1e-9 * math.sqrt(len(drawn))
    return np.asarray(columns[:, kept] / length[kept])


def _weighed(inputs: Sequence[Input], groups: Sequence[Floats], y: Floats) -> Weighed:
    import numpy as np

    x = np.concatenate(groups, axis=1)
    beta, inverse = np.linalg.lstsq(x, y, rcond=None)[0], np.linalg.pinv(x.T @ x)
    freedom = len(y) - 1 - x.shape[1]
    total, rest = float(y @ y) / (len(y) - 1), max(float(((y - x @ beta) ** 2).sum()), 1e-12 * float(y @ y)) / freedom
    parts, at = list[Part](), 0
    for one, group in zip(inputs, groups, strict=True):
        df = group.shape[1]
        own, at = slice(at, at + df), at + df
        f = float(beta[own] @ np.linalg.pinv(inverse[own, own]) @ beta[own]) / (df * rest) if df else 0.0
        unit = rest / total / (freedom + df)
        share, low, high = (min(found * unit, 1.0) for found in noncentralities(f, df, freedom))
        parts.append(Part(one.words, share, low, high, one.drawn.seen))
    ranked = tuple(sorted(parts, key=lambda part: -part.share))
    return Weighed(ranked, min(rest / total, 1.0), _next_times(inputs, parts))


def noncentralities(f: float, df: int, freedom: int) -> tuple[float, float, float]:
    """The noncentrality of an F statistic: unbiased (at least 0), and the ends of its 90 % interval."""
    if not df:
        return 0.0, 0.0, 0.0
    best = max(df * (f * (freedom - 2) / freedom - 1), 0.0)
    low, high = (_where(f, df, freedom, level) for level in _LEVELS)
    return best, low, high


def _where(f: float, df: int, freedom: int, level: float) -> float:
    """The noncentrality at which a value of F is this quantile; 0 where even none is too much."""
    if _below(f, df, freedom, 0.0) < level:
        return 0.0
    low, high = _BOUNDS
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _below(f, df, freedom, math.pow(10.0, middle)) > level else (low, middle)
    return math.pow(10.0, low)


def _below(f: float, df: int, freedom: int, noncentrality: float) -> float:
    """The probability that a noncentral F is less than ``f``."""
    from scipy.special import fdtr, ncfdtr

    if 0 < noncentrality <= _EXACT:
        return float(ncfdtr(df, freedom, noncentrality, f))
    mean = df + noncentrality
    return float(fdtr(mean**2 / (mean + noncentrality), freedom, f * df / mean))


def _next_times(inputs: Sequence[Input], parts: Sequence[Part]) -> dict[str, Any] | None:
    """Variance falls as 1 / times seen: what ``NEXT`` more of each entry would take off the width of the range."""
    gains: dict[tuple[str, str], float] = {}  # two fitted files may have entries of one name
    for one, part in zip(inputs, parts, strict=True):
        if part.low > 0 and one.is_law:
            entry = one.file, one.name
            gains[entry] = gains.get(entry, 0.0) + part.share * NEXT / (part.seen + NEXT)
    if not gains:
        return None
    best = max(gains, key=gains.__getitem__)
    return {"entry": best[1], "file": best[0], "times": NEXT, "narrower": 1 - math.sqrt(max(1 - gains[best], 0.0))}
