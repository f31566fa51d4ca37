"""Shares of parts that are scrap or rework, with what is not known of them.

Bad parts come in batches: a day with a worn die has many, the next has none. Counted as if each part were a throw of
its own, a share would seem far surer than it is. How much the days differ beyond that is the design effect: the parts
tell as much as parts / effect independent ones would.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from twin.law.law import Floats

LEAST_DAYS = 5
"""Fewer counts tell too little of how much they differ."""


class Share(NamedTuple):
    """A share after ``bad`` of ``parts``: Beta(½ + bad / effect, ½ + good / effect), from Jeffreys' prior Beta(½, ½).

    Source: Brown, Cai, DasGupta (2001), Interval Estimation for a Binomial Proportion, Statistical Science 16; Rao,
    Scott (1992), A Simple Method for the Analysis of Clustered Binary Data, Biometrics 48 (effective numbers).
    """

    bad: int
    parts: int
    effect: float = 1.0
    """See ``design_effect``; 1 for parts that are bad independently of each other."""

    @property
    def _beta(self) -> tuple[float, float]:
        return self.bad / self.effect + 0.5, (self.parts - self.bad) / self.effect + 0.5

    @property
    def mean(self) -> float:
        """Mean of the share, (bad / effect + ½) / (parts / effect + 1); between 0 and 1, never either."""
        bad, good = self._beta
        return bad / (bad + good)

    @property
    def interval90(self) -> tuple[float, float]:
        """The share lies in it with probability 90 %; from 0 when none was bad, to 1 when all were."""
        low = 0.0 if self.bad == 0 else self.quantile(0.05)
        return low, 1.0 if self.bad == self.parts else self.quantile(0.95)

    def quantile(self, q: float) -> float:
        """A quantile of the share; q between 0 and 1."""
        from scipy.special import betaincinv

        return float(betaincinv(*self._beta, q))

    def draws(self, n: int, seed: int) -> Floats:
        """``n`` independent shares, shape (n,); the same for the same seed."""
        return np.random.Generator(np.random.PCG64DXSM(seed)).beta(*self._beta, n)


def share(bad: int, parts: int, effect: float = 1.0) -> Share:
    """The share of ``bad`` among ``parts``, with the design effect of its counts.

    Raises:
        ValueError: no parts, more bad ones than parts, or an effect below 1.
    """
    if not 0 <= bad <= parts or not parts:
        raise ValueError(f"{bad} of {parts} parts make no share")
    if not effect >= 1:
        raise ValueError(f"a design effect of at least 1 is due, not {effect}")
    return Share(bad, parts, effect)


def design_effect(bad: ArrayLike, parts: ArrayLike) -> float:
    """How many of these parts tell as much as one independent part; at least 1.

    D = k/(k-1) Σ (bad_i - p parts_i)² / (Σ parts p (1-p)) over k counts, p the share of all: the variance of p between
    the counts over the binomial one. It is known from k - 1 differences only, so the interval must be wider by the
    ratio of Student's to the normal quantile, and D grows by its square. 1 with fewer than 5 counts, or where none or
    all parts are bad.

    Source: Rao, Scott (1992), Biometrics 48; Korn, Graubard (1998), Confidence Intervals for Proportions with Small
    Expected Number of Positive Counts Estimated from Survey Data, Survey Methodology 24 (Student's quantile).

    Args:
        bad: of each count, such as of each day; shape (k,).
        parts: of each count, more than 0; shape (k,).
    """
    from scipy.special import ndtri, stdtrit

    some, of = np.asarray(bad, float), np.asarray(parts, float)
    k, total = len(of), math.fsum(of.tolist())
    if k < LEAST_DAYS or not 0 < math.fsum(some.tolist()) < total:
        return 1.0
    p = math.fsum(some.tolist()) / total
    between = k / (k - 1) * float(((some - p * of) ** 2).sum()) / (total * p * (1 - p))
    return max(1.0, between * float(stdtrit(k - 1, 0.95) / ndtri(0.95)) ** 2)
