"""PERT: lowest, most likely and highest as a smooth bell."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from twin.core.spec import register
from twin.law.law import Moments
from twin.law.written import Peaked

if TYPE_CHECKING:
    from twin.law.law import Floats, Generator


@register("law", "pert")
class Pert(Peaked):
    """Beta law between ``low`` and ``high`` with weight 4 on the mode.

    With a, m, b: X = a + (b - a)·Beta(1 + 4(m - a)/(b - a), 1 + 4(b - m)/(b - a)); mean = (a + 4m + b)/6,
    variance = (mean - a)(b - mean)/7.

    Reference: Malcolm et al., Application of a technique for R&D program evaluation, Oper. Res. 7 (1959);
    Vose, Risk Analysis, 3rd ed.
    """

    NAME: ClassVar[str] = "pert"

    def moments(self) -> Moments:
        mean = (self.low + 4 * self.mode + self.high) / 6
        return Moments(mean, math.sqrt(max(0.0, (mean - self.low) * (self.high - mean) / 7)))

    @staticmethod
    def sample(params: tuple[float, ...], rng: Generator, n: int) -> Floats:
        low, _, high = params
        return low + (high - low) * rng.beta(*_shapes(params), n)

    @staticmethod
    def log_density(params: tuple[float, ...], x: Floats) -> Floats:
        from scipy import stats

        low, _, high = params
        found: Floats = stats.beta.logpdf(x, *_shapes(params), low, high - low)
        return found

    @staticmethod
    def log_survival(params: tuple[float, ...], x: Floats) -> Floats:
        from scipy import stats

        low, _, high = params
        found: Floats = stats.beta.logsf(x, *_shapes(params), low, high - low)
        return found


def _shapes(params: tuple[float, ...]) -> tuple[float, float]:
    """The two shapes of the beta law (their sum is 6)."""
    low, mode, high = params
    share = (mode - low) / (high - low) if high > low else 0.5
    return 1 + 4 * share, 5 - 4 * share
