"""Normal, cut at 0: manual work with a known spread."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import ValidationInfo, model_validator

from twin.core.problem import Faults, fault
from twin.core.spec import register
from twin.core.unit import parse, show
from twin.law.law import Law, LawValue, Moments

if TYPE_CHECKING:
    from twin.law.law import Floats, Generator


@register("law", "normal")
class Normal(Law):
    """Normal conditioned on X ≥ 0 (truncated, never clipped); ``mean`` and ``sd`` are those before the cut.

    With α = -mean/sd, h = φ(α)/Φ(-α): mean after the cut = mean + sd·h, sd after = sd·√(1 - h·(h - α)).
    Drawn by inverse CDF, one uniform each. ``params``: (mean, sd) before the cut, SI units; sd 0 is always the mean.

    Reference: Johnson, Kotz, Balakrishnan, Continuous Univariate Distributions, vol. 1, sec. 13.10.
    """

    NAME: ClassVar[str] = "normal"

    mean: Annotated[float, LawValue()]
    """Mean before the cut at 0."""
    sd: Annotated[float, LawValue()]
    """Standard deviation before the cut at 0."""

    @model_validator(mode="before")
    @classmethod
    def sd_not_cv(cls, data: Any, info: ValidationInfo) -> Any:
        """Answer the 'cv' of other laws with the standard deviation to write."""
        meant = isinstance(data, dict) and "cv" in data and "mean" in data and "sd" not in data
        dimension = (info.context or {}).get("dimension", "time")
        if meant and (sd := _spread(data["mean"], data["cv"], dimension)):
            raise fault(f"normal takes sd, not cv; write sd: {sd}", loc=("cv",))
        return data

    @property
    def uncut(self) -> Moments:
        return Moments(self.mean, self.sd)

    def moments(self) -> Moments:
        hazard = _hazard(self.mean, self.sd)
        if not hazard:
            return self.uncut
        shrink = hazard * (hazard + self.mean / self.sd)
        return Moments(self.mean + self.sd * hazard, self.sd * math.sqrt(1 - shrink))

    def params(self, folder: Path) -> tuple[float, ...]:
        return self.mean, self.sd

    def usual(self) -> dict[str, str]:
        written = {"mean": self.mean, "sd": self.sd}
        return {f"{name} before the cut": show(value, self.dimension) for name, value in written.items()}

    @staticmethod
    def sample(params: tuple[float, ...], rng: Generator, n: int) -> Floats:
        import numpy as np
        from scipy.special import ndtr, ndtri

        mean, sd = params
        if sd == 0:
            return np.full(n, mean)
        above = np.maximum(rng.random(n), 2.0**-54) * ndtr(mean / sd)  # P(before the cut, more than the draw)
        drawn: Floats = np.maximum(mean - sd * ndtri(above), 0.0)  # the maximum only mends rounding at 0
        return drawn

    @staticmethod
    def log_density(params: tuple[float, ...], x: Floats) -> Floats:
        from scipy import stats

        mean, sd = params
        found: Floats = stats.truncnorm.logpdf(x, -mean / sd, math.inf, mean, sd)
        return found

    @staticmethod
    def log_survival(params: tuple[float, ...], x: Floats) -> Floats:
        from scipy import stats

        mean, sd = params
        found: Floats = stats.truncnorm.logsf(x, -mean / sd, math.inf, mean, sd)
        return found


def _spread(mean: Any, cv: Any, dimension: str) -> str:
    """The standard deviation that a mean and a cv stand for, with its unit; '' when one of them is no value."""
    try:
        share = parse(cv, "share") if isinstance(cv, str) else float(cv)
        sd = share * parse(mean, dimension)
    except (Faults, TypeError, ValueError):
        return ""
    return show(sd, dimension) if 0 <= sd < math.inf else ""


def _hazard(mean: float, sd: float) -> float:
    """φ(z)/Φ(z) at z = mean/sd; 0 when nothing is cut."""
    if sd == 0:
        return 0.0
    z = min(mean / sd, 40.0)
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi) / (0.5 * math.erfc(-z / math.sqrt(2))) if z < 40 else 0.0
