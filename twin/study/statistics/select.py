"""Selecting the best of many scenarios: Kim and Nelson's fully sequential procedure.

After each replication a scenario i is out when for some l still in: mean(i) < mean(l) - W(i, l), with
W = max(0, δ / (2 r) · (h² S²(i, l) / δ² - r)), where S²(i, l) is the variance of the paired differences of the first n0
replications and r the replications so far. It selects the best with probability 1 - α when the best is ahead by δ,
under common random numbers too; they make it quicker.

Source: Kim & Nelson (2001), A fully sequential procedure for indifference-zone selection in simulation, ACM TOMACS 11
(c = 1).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from twin.study.statistics.compare import Best, pair_variances

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.law.law import Floats

    Flags = NDArray[np.bool_]


def kn_constants(k: int, alpha: float = 0.05, n0: int = 10) -> tuple[float, float]:
    """η and h² of the procedure: η = ((2 α / (k - 1))^(-2 / (n0 - 1)) - 1) / 2, h² = 2 η (n0 - 1).

    Args:
        k: scenarios, at least 2.
        alpha: the probability of a wrong selection, more than 0 and at most 1 - 1 / k.
        n0: replications of the first stage, at least 2.

    Raises:
        ValueError: one of them is out of its range.
    """
    if k < 2 or n0 < 2 or not 0 < alpha < 1 - 1 / k:
        raise ValueError(f"k ≥ 2, n0 ≥ 2 and 0 < α < 1 - 1 / k are due, not {k}, {n0} and {alpha}")
    eta = 0.5 * (math.pow(2 * alpha / (k - 1), -2 / (n0 - 1)) - 1)
    return eta, 2 * eta * (n0 - 1)


def screen(sums: Floats, variances: Floats, r: int, alive: Flags, *, h2: float, delta: float) -> Flags:
    """Who is still in after r replications; more is better.

    Args:
        sums: of the KPI over all r replications, (…, k); those of scenarios that are out may be anything.
        variances: of the paired differences of the first stage, symmetric, (…, k, k).
        r: replications so far.
        alive: who was in before, (…, k).
        h2: of ``kn_constants``.
        delta: the indifference, in the unit of the KPI.

    Returns:
        (…, k); when all allowances have come down to 0, only the first of those with the largest mean.
    """
    means = np.where(alive, sums / r, -np.inf)
    allowance = np.maximum(delta / (2 * r) * (h2 * variances / delta**2 - r), 0.0)
    rivals = np.where(alive[..., None, :], means[..., None, :] - allowance, -np.inf).max(axis=-1)
    kept = np.asarray(alive & (means >= rivals))
    pairs = kept[..., :, None] & kept[..., None, :]
    over = np.where(pairs, allowance, 0.0).max(axis=(-1, -2)) == 0
    first = np.arange(kept.shape[-1]) == np.argmax(means, axis=-1)[..., None]
    return np.asarray(np.where(over[..., None], first, kept))


class KN:
    """A selection that is under way: rows are added in order of replications until one scenario is left.

    Args:
        k: scenarios, at least 2.
        alpha: the probability of a wrong selection, such as 0.05.
        delta: the least difference worth detecting, in the unit of the KPI, more than 0.
        n0: replications before the first scenario may go, at least 2.
        best: whether more or less of the KPI is better.

    Raises:
        ValueError: one of them is out of its range.
    """

    def __init__(self, k: int, alpha: float, delta: float, n0: int = 10, best: Best = "max") -> None:
        _, self._h2 = kn_constants(k, alpha, n0)
        if not delta > 0:
            raise ValueError(f"an indifference above 0 is due, not {delta}")
        self._delta, self._n0, self._sign = delta, n0, 1.0 if best == "max" else -1.0
        self._first: list[Floats] = []
        self._sums = np.zeros(k)
        self._variances = np.zeros((k, k))
        self._alive = np.ones(k, dtype=bool)
        self.n = 0
        """Replications so far."""

    @property
    def survivors(self) -> tuple[int, ...]:
        """The columns that are still in, rising; only these need to be simulated further."""
        return tuple(int(i) for i in np.flatnonzero(self._alive))

    @property
    def selected(self) -> int | None:
        """The column of the best, once one is left."""
        return self.survivors[0] if len(self.survivors) == 1 else None

    @property
    def most(self) -> int | None:
        """After how many replications it ends at the latest; None during the first stage."""
        if self.n < self._n0:
            return None
        kept = self._variances[np.ix_(self._alive, self._alive)]
        return max(self.n, math.ceil(self._h2 * float(kept.max()) / self._delta**2))

    def add(self, row: Sequence[float]) -> tuple[int, ...]:
        """One more replication.

        Args:
            row: the KPI of all k scenarios; of those that are out anything, such as NaN.

        Returns:
            The survivors.

        Raises:
            ValueError: a row of another length, or without a value for a survivor.
        """
        values = np.asarray(row, dtype=float)
        if values.shape != self._alive.shape or not np.isfinite(values[self._alive]).all():
            raise ValueError(
                f"replication {self.n + 1}: a finite value for each of the scenarios {self.survivors} is due"
            )
        values = np.where(self._alive, self._sign * values, 0.0)
        self._sums = self._sums + values
        self.n += 1
        if self.n <= self._n0:
            self._first.append(values)
        if self.n == self._n0:
            self._variances = pair_variances(np.array(self._first))
        if self.n >= self._n0 and len(self.survivors) > 1:
            self._alive = screen(self._sums, self._variances, self.n, self._alive, h2=self._h2, delta=self._delta)
        return self.survivors
