"""Uniform: anything between two bounds, all equally likely."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import model_validator

from twin.core.spec import register
from twin.core.unit import show
from twin.law.law import Law, LawValue, Moments
from twin.law.written import check_bounds

if TYPE_CHECKING:
    from twin.law.law import Floats, Generator


@register("law", "uniform")
class Uniform(Law):
    """Density 1/(high - low) between ``low`` and ``high``; mean = (low + high)/2, sd = (high - low)/√12.

    ``params``: (low, high), SI units; equal bounds are always that value.

    Reference: Law, Simulation Modeling and Analysis, ch. 6.
    """

    NAME: ClassVar[str] = "uniform"
    ORDER: ClassVar[tuple[str, ...]] = ("low", "high")

    low: Annotated[float, LawValue()]
    """Lowest value."""
    high: Annotated[float, LawValue()]
    """Highest value."""

    @model_validator(mode="after")
    def in_order(self) -> Self:
        """Refuse bounds in the wrong order."""
        check_bounds(self.low, self.high, self.dimension)
        return self

    def moments(self) -> Moments:
        return Moments((self.low + self.high) / 2, (self.high - self.low) / math.sqrt(12))

    def params(self, folder: Path) -> tuple[float, ...]:
        return self.low, self.high

    def usual(self) -> dict[str, str]:
        return {name: show(getattr(self, name), self.dimension) for name in self.ORDER}

    @staticmethod
    def sample(params: tuple[float, ...], rng: Generator, n: int) -> Floats:
        low, high = params
        return low + (high - low) * rng.random(n)

    @staticmethod
    def log_density(params: tuple[float, ...], x: Floats) -> Floats:
        from scipy import stats

        low, high = params
        found: Floats = stats.uniform.logpdf(x, low, high - low)
        return found

    @staticmethod
    def log_survival(params: tuple[float, ...], x: Floats) -> Floats:
        from scipy import stats

        low, high = params
        found: Floats = stats.uniform.logsf(x, low, high - low)
        return found
