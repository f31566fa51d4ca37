"""Triangular: a first guess from lowest, most likely and highest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from twin.core.spec import register
from twin.law.law import Moments
from twin.law.written import Peaked

if TYPE_CHECKING:
    from twin.law.law import Floats, Generator


@register("law", "triangular")
class Triangular(Peaked):
    """Density rising in a straight line from ``low`` to ``mode`` and falling to ``high``.

    With a, m, b: mean = (a + m + b)/3, variance = ((b - a)² - (m - a)(b - m))/18. Drawn by inverse CDF.

    Reference: Law, Simulation Modeling and Analysis, ch. 6.
    """

    NAME: ClassVar[str] = "triangular"

    def moments(self) -> Moments:
        below, above = self.mode - self.low, self.high - self.mode
        return Moments((self.low + self.mode + self.high) / 3, math.sqrt(((below + above) ** 2 - below * above) / 18))

    @staticmethod
    def sample(params: tuple[float, ...], rng: Generator, n: int) -> Floats:
        import numpy as np

        low, mode, high = params
        u, width = rng.random(n), high - low
        rising, falling = np.sqrt(u * width * (mode - low)), np.sqrt((1 - u) * width * (high - mode))
        return np.where(u * width < mode - low, low + rising, high - falling)

    @staticmethod
    def log_density(params: tuple[float, ...], x: Floats) -> Floats:
        from scipy import stats

        low, mode, high = params
        found: Floats = stats.triang.logpdf(x, (mode - low) / (high - low), low, high - low)
        return found

    @staticmethod
    def log_survival(params: tuple[float, ...], x: Floats) -> Floats:
        from scipy import stats

        low, mode, high = params
        found: Floats = stats.triang.logsf(x, (mode - low) / (high - low), low, high - low)
        return found
