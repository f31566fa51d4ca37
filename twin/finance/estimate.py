"""A number found from rows, with its interval."""

from __future__ import annotations

import math
from typing import NamedTuple

from twin.finance.array import Floats, finite


class Estimate(NamedTuple):
    """A value with the interval it is known in; an end is infinite where the rows are too few to tell."""

    value: float
    low: float
    high: float
    n: int
    """How many rows it stands on."""

    def document(self) -> dict[str, float | int | None]:
        """Ready for JSON; an end that is not known is None."""
        return {key: one if math.isfinite(one) else None for key, one in self._asdict().items()}


def sample(values: object, least: int = 1) -> Floats:
    """One finite number a row, shape (N,).

    Raises:
        ValueError: another shape, too few rows, or a value that is not finite.
    """
    found = finite(values, "rows")
    if found.ndim != 1 or len(found) < least:
        raise ValueError(f"rows: one number for each of {least} rows or more is due, not shape {found.shape}")
    return found


def level(confidence: float) -> float:
    """The confidence itself.

    Raises:
        ValueError: not between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence: between 0 and 1 is due, such as 0.95, not {confidence}")
    return confidence


def mean_estimate(values: object, confidence: float = 0.95) -> Estimate:
    """The mean of independent rows with Student's interval; infinite ends for one row."""
    from scipy.special import stdtrit

    x = sample(values)
    n, mean = len(x), float(x.mean())
    if n == 1:
        return Estimate(mean, -math.inf, math.inf, 1)
    half = float(stdtrit(n - 1, (1 + level(confidence)) / 2)) * float(x.std(ddof=1)) / math.sqrt(n)
    return Estimate(mean, mean - half, mean + half, n)


def share_estimate(events: float, n: int, confidence: float = 0.95) -> Estimate:
    """A share of n rows with Wilson's score interval; ties may count as parts of an event."""
    z2, share = normal(confidence) ** 2, events / n
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n**2))) / (1 + z2 / n)
    return Estimate(share, 0.0 if events <= 0 else centre - half, 1.0 if events >= n else centre + half, n)


def normal(confidence: float) -> float:
    """The two-sided quantile of the normal law."""
    from scipy.special import ndtri

    return float(ndtri((1 + level(confidence)) / 2))
