"""Shares of parts that are scrap or rework, with what is not known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from twin.law.law import Floats


class Share(NamedTuple):
    """A share after ``bad`` of ``parts``: Beta(½ + bad, ½ + good), from Jeffreys' prior Beta(½, ½).

    Source: Brown, Cai, DasGupta (2001), Interval Estimation for a Binomial Proportion, Statistical Science 16.
    """

    bad: int
    parts: int

    @property
    def _beta(self) -> tuple[float, float]:
        return self.bad + 0.5, self.parts - self.bad + 0.5

    @property
    def mean(self) -> float:
        """Mean of the share, (bad + ½) / (parts + 1); between 0 and 1, never either."""
        return (self.bad + 0.5) / (self.parts + 1)

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


def share(bad: int, parts: int) -> Share:
    """The share of ``bad`` among ``parts``.

    Raises:
        ValueError: no parts, or more bad ones than parts.
    """
    if not 0 <= bad <= parts or not parts:
        raise ValueError(f"{bad} of {parts} parts make no share")
    return Share(bad, parts)
