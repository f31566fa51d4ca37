"""Gamma: sums of exponential steps; times with a moderate tail."""

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

LEAST_CV = 1e-9
"""Below it the law is always its mean: the spread would drown in rounding."""


@register("law", "gamma")
class Gamma(ByMean):
    """Density x^(shape-1)·exp(-x/scale) / (Γ(shape)·scale^shape) for x ≥ 0; shape 1 is exponential.

    mean = shape·scale, CV = 1/√shape. ``params``: (mean in SI units, CV); CV 0 is always the mean.

    Reference: Law, Simulation Modeling and Analysis, ch. 6.
    """

    NAME: ClassVar[str] = "gamma"
    USUAL: ClassVar[tuple[str, str]] = ("shape", "scale")
    BESIDE: ClassVar[str] = "shape"

    shape: Annotated[float, Field(ge=1e-4, le=1e12, allow_inf_nan=False)] | None = None
    """Shape (k or α) = 1/CV²."""
    scale: Annotated[float, LawValue(positive=True)] | None = None
    """Scale (θ) = mean·CV²."""

    @staticmethod
    def by_mean(mean: float, cv: float) -> tuple[float, float]:
        return mean, cv

    @staticmethod
    def by_usual(first: float, second: float) -> tuple[float, float]:
        return first * second, 1 / math.sqrt(first)

    @staticmethod
    def by_beside(mean: float, value: float) -> tuple[float, float]:
        return mean, 1 / math.sqrt(value)

    @staticmethod
    def moments_of(params: tuple[float, ...]) -> Moments:
        mean, cv = params
        return Moments(mean, mean * cv)

    def usual(self) -> dict[str, str]:
        mean, cv = self.params(Path())
        shape = f"{cv**-2:.6g}" if cv >= LEAST_CV else "unbounded"
        return {"shape": shape, "scale": show(mean * cv * cv, self.dimension)}

    @staticmethod
    def sample(params: tuple[float, ...], rng: Generator, n: int) -> Floats:
        import numpy as np

        mean, cv = params
        if cv < LEAST_CV:
            return np.full(n, mean)
        return mean * cv * cv * rng.standard_gamma(cv**-2, n)

    @staticmethod
    def log_density(params: tuple[float, ...], x: Floats) -> Floats:
        from scipy import stats

        mean, cv = params
        found: Floats = stats.gamma.logpdf(x, cv**-2, scale=mean * cv * cv)
        return found

    @staticmethod
    def log_survival(params: tuple[float, ...], x: Floats) -> Floats:
        from scipy import stats

        mean, cv = params
        found: Floats = stats.gamma.logsf(x, cv**-2, scale=mean * cv * cv)
        return found
