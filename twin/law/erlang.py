"""Erlang: a number of equal exponential phases one after the other."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from twin.core.spec import register
from twin.core.unit import show
from twin.law.law import Law, LawValue, Moments

if TYPE_CHECKING:
    from twin.law.law import Floats, Generator


@register("law", "erlang")
class Erlang(Law):
    """Sum of ``phases`` independent exponentials; ``mean`` is that of the **sum**, CV = 1/√phases.

    ``params``: (mean of the sum in SI units, phases).

    Reference: Law, Simulation Modeling and Analysis, ch. 6 (gamma with whole shape).
    """

    NAME: ClassVar[str] = "erlang"

    mean: Annotated[float, LawValue(positive=True)]
    """Mean of the sum of the phases."""
    phases: Annotated[int, Field(ge=1, le=1_000_000)]
    """Number of phases."""

    def moments(self) -> Moments:
        return Moments(self.mean, self.mean / math.sqrt(self.phases))

    def params(self, folder: Path) -> tuple[float, ...]:
        return self.mean, float(self.phases)

    def usual(self) -> dict[str, str]:
        return {"phases": str(self.phases), "mean of a phase": show(self.mean / self.phases, self.dimension)}

    @staticmethod
    def sample(params: tuple[float, ...], rng: Generator, n: int) -> Floats:
        mean, phases = params
        return mean / phases * rng.standard_gamma(phases, n)

    @staticmethod
    def log_density(params: tuple[float, ...], x: Floats) -> Floats:
        from scipy import stats

        mean, phases = params
        found: Floats = stats.gamma.logpdf(x, phases, scale=mean / phases)
        return found

    @staticmethod
    def log_survival(params: tuple[float, ...], x: Floats) -> Floats:
        from scipy import stats

        mean, phases = params
        found: Floats = stats.gamma.logsf(x, phases, scale=mean / phases)
        return found
