"""Weibull: time to failure of what wears out (CV < 1) or fails young (CV > 1)."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from twin.core.spec import register
from twin.core.unit import show
from twin.law.law import LawValue, Moments
from twin.law.written import ByMean

if TYPE_CHECKING:
    from twin.law.law import Floats, Generator


@register("law", "weibull")
class Weibull(ByMean):
    """Survival exp(-(x/scale)^shape) for x ≥ 0; shape 1 is exponential.

    mean = scale·Γ(1 + 1/shape), 1 + CV² = Γ(1 + 2/shape) / Γ(1 + 1/shape)². ``params``: (scale in SI units, 1/shape);
    1/shape is 0 for CV 0: always the mean.

    Reference: Law, Simulation Modeling and Analysis, ch. 6; Meeker, Escobar, Statistical Methods for Reliability Data.
    """

    NAME: ClassVar[str] = "weibull"
    USUAL: ClassVar[tuple[str, str]] = ("shape", "scale")
    BESIDE: ClassVar[str] = "shape"

    shape: Annotated[float, Field(ge=0.1, le=1e9, allow_inf_nan=False)] | None = None
    """Shape (β or k): less than 1 fails young, more than 1 wears out."""
    scale: Annotated[float, LawValue(positive=True)] | None = None
    """Scale (η or λ): 63.2 % of the values are less."""

    @staticmethod
    def by_mean(mean: float, cv: float) -> tuple[float, float]:
        inverse = inverse_shape(cv)
        return mean / math.gamma(1 + inverse), inverse

    @staticmethod
    def by_usual(first: float, second: float) -> tuple[float, float]:
        return second, 1 / first

    @staticmethod
    def by_beside(mean: float, value: float) -> tuple[float, float]:
        return mean / math.gamma(1 + 1 / value), 1 / value

    @staticmethod
    def moments_of(params: tuple[float, ...]) -> Moments:
        scale, inverse = params
        mean = scale * math.gamma(1 + inverse)
        return Moments(mean, mean * math.sqrt(math.expm1(_log_spread(inverse))))

    def usual(self) -> dict[str, str]:
        scale, inverse = self.params(Path())
        shape = f"{1 / inverse:.6g}" if inverse else "unbounded"
        return {"shape": shape, "scale": show(scale, self.dimension)}

    @staticmethod
    def sample(params: tuple[float, ...], rng: Generator, n: int) -> Floats:
        scale, inverse = params
        return scale * rng.standard_exponential(n) ** inverse

    @staticmethod
    def log_density(params: tuple[float, ...], x: Floats) -> Floats:
        from scipy import stats

        scale, inverse = params
        found: Floats = stats.weibull_min.logpdf(x, 1 / inverse, scale=scale)
        return found

    @staticmethod
    def log_survival(params: tuple[float, ...], x: Floats) -> Floats:
        from scipy import stats

        scale, inverse = params
        found: Floats = stats.weibull_min.logsf(x, 1 / inverse, scale=scale)
        return found


def inverse_shape(cv: float) -> float:
    """1/shape of a Weibull law by its CV: bisection of ln(1 + CV²), which grows with 1/shape."""
    target, low, high = math.log1p(cv * cv), 0.0, 12.0
    while low < (middle := (low + high) / 2) < high and cv:
        low, high = (middle, high) if _log_spread(middle) < target else (low, middle)
    return high if cv else 0.0


def _log_spread(h: float) -> float:
    """ln(1 + CV²) = ln Γ(1 + 2h) - 2 ln Γ(1 + h) at h = 1/shape; its series near 0, where the difference cancels."""
    if h > 1e-3:
        return math.lgamma(1 + 2 * h) - 2 * math.lgamma(1 + h)
    zeta = (1.6449340668482264, 1.2020569031595942, 1.0823232337111382, 1.0369277551433699)
    return math.fsum(z * (-h) ** k * (2.0**k - 2) / k for k, z in enumerate(zeta, start=2))
