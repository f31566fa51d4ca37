"""Lognormal: repair times, manual times with rare long ones."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from twin.core.spec import register
from twin.core.unit import show
from twin.law.law import Moments
from twin.law.written import ByMean

if TYPE_CHECKING:
    from twin.law.law import Floats, Generator


@register("law", "lognormal")
class Lognormal(ByMean):
    """ln X is normal with mean ``mu`` and standard deviation ``sigma``.

    mean = exp(mu + sigma²/2), CV = √(exp(sigma²) - 1). ``mu`` is the mean of the logarithm of the value **in the SI
    unit**: for times, of seconds. ``params``: (median = exp(mu) in SI units, sigma); CV 0 is always the mean.

    Reference: Law, Simulation Modeling and Analysis, ch. 6.
    """

    NAME: ClassVar[str] = "lognormal"
    USUAL: ClassVar[tuple[str, str]] = ("mu", "sigma")

    mu: Annotated[float, Field(ge=-50, le=50, allow_inf_nan=False)] | None = None
    """Mean of the logarithm of the value in the SI unit (times: seconds)."""
    sigma: Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)] | None = None
    """Standard deviation of the logarithm."""

    @staticmethod
    def by_mean(mean: float, cv: float) -> tuple[float, float]:
        return mean / math.sqrt(1 + cv * cv), math.sqrt(math.log1p(cv * cv))

    @staticmethod
    def by_usual(first: float, second: float) -> tuple[float, float]:
        return math.exp(first), second

    @staticmethod
    def moments_of(params: tuple[float, ...]) -> Moments:
        median, sigma = params
        mean = median * math.exp(sigma * sigma / 2)
        return Moments(mean, mean * math.sqrt(math.expm1(sigma * sigma)))

    def usual(self) -> dict[str, str]:
        median, sigma = self.params(Path())
        return {"mu": f"{math.log(median):.6g}", "sigma": f"{sigma:.6g}", "median": show(median, self.dimension)}

    @staticmethod
    def sample(params: tuple[float, ...], rng: Generator, n: int) -> Floats:
        import numpy as np

        median, sigma = params
        return median * np.exp(sigma * rng.standard_normal(n))

    @staticmethod
    def log_density(params: tuple[float, ...], x: Floats) -> Floats:
        from scipy import stats

        median, sigma = params
        found: Floats = stats.lognorm.logpdf(x, sigma, scale=median)
        return found

    @staticmethod
    def log_survival(params: tuple[float, ...], x: Floats) -> Floats:
        from scipy import stats

        median, sigma = params
        found: Floats = stats.lognorm.logsf(x, sigma, scale=median)
        return found
