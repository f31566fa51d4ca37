"""Scenarios compared on the same replications: paired differences, verdicts, and the set that may be best.

Common random numbers make the scenarios of a replication alike, so only their differences are looked at, replication
by replication; Student t intervals share the confidence by Bonferroni, which holds however the differences depend on
each other. Dunnett's and Tukey's narrower quantiles are not used: they are those of independent scenarios with one
variance, and common random numbers give neither.

The set that may be best is that of multiple comparisons with the best: with w(i, j) = t(1 - α / (k - 1), n - 1) ·
S(i, j) / √n, scenario i is out when it is behind some j by more than w(i, j). With probability 1 - α all k - 1
one-sided intervals of the true best hold (Bonferroni), and then the best is in the set and all intervals are right.

Sources: Law, Simulation Modeling and Analysis, sec. 10.2-10.4; Hsu (1996), Multiple Comparisons, sec. 4.2 (intervals
against the best with unequal widths); Nelson & Matejcik (1995), Management Science 41 (common random numbers); Dunnett
(1955), JASA 50.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from twin.core.confidence import check_level, student
from twin.study.statistics.interval import Interval, mean_interval, more_to_tell

if TYPE_CHECKING:
    from twin.law.law import Floats

Best = Literal["max", "min"]
Verdict = Literal["better", "worse", "undecided", "same"]
_SAME = 1e-24
"""Share of the variance below which differences do not vary: rounding."""


class Paired(NamedTuple):
    """One scenario against another, over the replications in which both have a value."""

    name: str
    against: str
    difference: Interval
    """``name`` minus ``against``; the level is the study's, shared by all comparisons."""
    correlation: float | None
    """Of the two scenarios over replications; None when one of them does not vary."""
    saved: float | None
    """Replications with independent seeds for one with these; None when the difference does not vary."""
    verdict: Verdict
    """Of ``name``; 'same' when nothing differs in any replication."""
    more: int | None
    """When undecided: about how many more replications would tell if the mean stays; None when beyond reach."""

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {**self._asdict(), "difference": self.difference.document()}


class Standing(NamedTuple):
    """A scenario among all: mean of KPI minus the best of the others, and whether it may be the best."""

    name: str
    mean: float
    """Of the KPI, over the replications that all scenarios have."""
    low: float
    """The ends of the interval of (this minus the best of the others); one of them is 0 unless it stands alone."""
    high: float
    may_be_best: bool
    """Not shown to be behind any other by more than the indifference."""
    near_best: bool
    """Shown to be behind the best by no more than the indifference."""

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return self._asdict()


def compare(
    values: ArrayLike,
    names: Sequence[str],
    against: str | None = None,
    *,
    confidence: float = 0.95,
    best: Best = "max",
    intervals: int | None = None,
) -> tuple[Paired, ...]:
    """Every scenario against a baseline, or every pair when there is none.

    Args:
        values: a KPI, (replications, scenarios); NaN where a replication has none.
        names: the scenarios, in the order of the columns.
        against: the baseline.
        confidence: with which all intervals hold together.
        best: whether more or less is better.
        intervals: by how many the confidence is shared; as many as there are comparisons if not said.

    Returns:
        One a comparison in the order of the columns; those with no replication in common are left out.

    Raises:
        ValueError: names that do not fit, an unknown baseline, or a level that is not between 0 and 1.
    """
    table = _table(values, names)
    if against is not None and against not in names:
        raise ValueError(f"there is no scenario {against!r} to compare with")
    column = dict(zip(names, table.T, strict=True))
    pairs = list(combinations(names, 2)) if against is None else [(n, against) for n in names if n != against]
    level = 1 - (1 - confidence) / max(intervals or len(pairs), 1)
    found = (_paired((a, b), column[a], column[b], level, best) for a, b in pairs)
    return tuple(one for one in found if one is not None)


def _table(values: ArrayLike, names: Sequence[str]) -> Floats:
    table = np.asarray(values, dtype=float)
    if table.ndim != 2 or table.shape[1] != len(names) or len(dict.fromkeys(names)) < len(names):
        raise ValueError(f"a table of shape {table.shape} does not fit {len(names)} scenarios with different names")
    return table


def _paired(pair: tuple[str, str], a: Floats, b: Floats, level: float, best: Best) -> Paired | None:
    both = np.isfinite(a) & np.isfinite(b)
    a, b = a[both], b[both]
    interval = mean_interval((a - b).tolist(), level)
    if interval is None:
        return None
    correlation, saved = _gain(a, b)
    verdict = _verdict(interval, best)
    more = more_to_tell(interval, 0.0, level) if verdict == "undecided" else None
    return Paired(*pair, interval, correlation, saved, verdict, more)


def _gain(a: Floats, b: Floats) -> tuple[float | None, float | None]:
    """The correlation, and (var a + var b) / var (a - b)."""
    if len(a) < 2:
        return None, None
    va, vb, vd = (float(np.var(one, ddof=1)) for one in (a, b, a - b))
    correlation = None
    if min(va, vb) > 0:
        correlation = min(max((va + vb - vd) / (2 * math.sqrt(va) * math.sqrt(vb)), -1.0), 1.0)
    return correlation, (va + vb) / vd if vd > _SAME * (va + vb) else None


def _verdict(interval: Interval, best: Best) -> Verdict:
    if interval.low is None or interval.high is None:
        return "undecided"
    if interval.low == interval.high == 0:
        return "same"
    low, high = (interval.low, interval.high) if best == "max" else (-interval.high, -interval.low)
    if low > 0:
        return "better"
    return "worse" if high < 0 else "undecided"


def standings(
    values: ArrayLike,
    names: Sequence[str],
    confidence: float = 0.95,
    best: Best = "max",
    indifference: float = 0.0,
) -> tuple[Standing, ...]:
    """Multiple comparisons with the best: who may be it, and how far each may be behind it.

    Args:
        values: a KPI, (replications, scenarios); a replication in which a scenario has none (NaN) is left out.
        names: the scenarios, in the order of the columns; at least two.
        confidence: with which all of it holds together.
        best: whether more or less is better.
        indifference: a difference that does not matter, in the unit of the KPI, at least 0.

    Returns:
        One a scenario in the order of the columns.

    Raises:
        ValueError: names that do not fit, fewer than two scenarios or two replications that all have.
    """
    table = _whole(values, names) * (1 if best == "max" else -1)
    widths = _one_sided(len(names), len(table), confidence) * np.sqrt(pair_variances(table) / len(table))
    means = table.mean(axis=0)
    lead = means[:, None] - means[None, :]
    low, high = against_best(lead, widths)
    furthest = _least(lead + widths)
    sign = 1 if best == "max" else -1
    ends = [(lo, hi) if best == "max" else (-hi, -lo) for lo, hi in zip(low.tolist(), high.tolist(), strict=True)]
    return tuple(
        # Adding 0 turns -0 into 0.
        Standing(name, sign * float(means[i]), lo + 0.0, hi + 0.0, bool(furthest[i] >= -indifference), near)
        for i, (name, (lo, hi)) in enumerate(zip(names, ends, strict=True))
        for near in (bool(low[i] >= -indifference),)
    )


def _whole(values: ArrayLike, names: Sequence[str]) -> Floats:
    """The replications in which all scenarios have a value."""
    table = _table(values, names)
    whole = table[np.isfinite(table).all(axis=1)]
    if len(names) < 2 or len(whole) < 2:
        raise ValueError(f"two scenarios and two replications of all are due, not {len(names)} and {len(whole)}")
    return np.asarray(whole)


def _one_sided(k: int, n: int, confidence: float) -> float:
    """t(1 - α / (k - 1), n - 1): one-sided for each of the k - 1 others."""
    check_level(confidence)
    return student(n - 1, 1 - 2 * (1 - confidence) / (k - 1)) if 2 * (1 - confidence) < k - 1 else 0.0


def pair_variances(values: Floats) -> Floats:
    """The variance of the difference of each pair of columns: a symmetric matrix, 0 on the diagonal.

    S²(i, j) = S²(j, i) is that of the pair itself. (Read from another pair, a selection that promises 0.95 picks the
    best 0.37-0.45 of the time.)

    Args:
        values: (…, replications, scenarios), at least two replications.

    Returns:
        (…, scenarios, scenarios), divisor n - 1.
    """
    centred = values - values.mean(axis=-2, keepdims=True)
    covariance = np.swapaxes(centred, -1, -2) @ centred / (values.shape[-2] - 1)
    own = np.diagonal(covariance, axis1=-2, axis2=-1)
    both = (covariance + np.swapaxes(covariance, -1, -2)) / 2
    return np.asarray(np.maximum(own[..., :, None] + own[..., None, :] - 2 * both, 0.0))


def against_best(lead: Floats, widths: Floats) -> tuple[Floats, Floats]:
    """Intervals of (mean of i minus the largest mean of the others), which contain 0 or end there.

    Args:
        lead: mean of i minus mean of j, (k, k).
        widths: one-sided half widths of these, (k, k), symmetric.

    Returns:
        The lower and the upper ends, (k,).
    """
    k = len(lead)
    furthest = _least(lead + widths)
    may = furthest >= 0
    rivals = np.where(may[None, :] & ~np.eye(k, dtype=bool), lead - widths, np.inf).min(axis=1)
    low = np.where(np.isfinite(rivals), np.minimum(rivals, 0.0), 0.0)
    return low, np.maximum(furthest, 0.0)


def _least(matrix: Floats) -> Floats:
    """The least of each row, the diagonal left out."""
    return np.asarray(np.where(np.eye(len(matrix), dtype=bool), np.inf, matrix).min(axis=1))
