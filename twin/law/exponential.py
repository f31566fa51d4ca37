"""Exponential: no memory; the time between independent rare events."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from twin.core.spec import register
from twin.law.law import Law, LawValue, Moments

if TYPE_CHECKING:
    from twin.law.law import Floats, Generator


@register("law", "exponential")
class Exponential(Law):
    """Density exp(-x/mean)/mean for x ≥ 0; CV = 1.

    Reference: Law, Simulation Modeling and Analysis, ch. 6.
    """

    NAME: ClassVar[str] = "exponential"
    ORDER: ClassVar[tuple[str, ...]] = ("mean",)

    mean: Annotated[float, LawValue(positive=True)]
    """Mean."""

    def moments(self) -> Moments:
        return Moments(self.mean, self.mean)

    def params(self, folder: Path) -> tuple[float, ...]:
        return (self.mean,)

    @staticmethod
    def sample(params: tuple[float, ...], rng: Generator, n: int) -> Floats:
        return rng.exponential(params[0], n)

    @staticmethod
    def log_density(params: tuple[float, ...], x: Floats) -> Floats:
        from scipy import stats

        found: Floats = stats.expon.logpdf(x, scale=params[0])
        return found

    @staticmethod
    def log_survival(params: tuple[float, ...], x: Floats) -> Floats:
        from scipy import stats

        found: Floats = stats.expon.logsf(x, scale=params[0])
        return found
