"""A number found from rows, with its interval."""

from __future__ import annotations

import math
from typing import NamedTuple

from twin.core.confidence import check_level, student, wilson
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


def mean_estimate(values: object, confidence: float = 0.95) -> Estimate:
    """The mean of independent rows with Student's interval; infinite ends for one row."""
    check_level(confidence)
    x = sample(values)
    n, mean = len(x), float(x.mean())
    if n == 1:
        return Estimate(mean, -math.inf, math.inf, 1)
    half = student(n - 1, confidence) * float(x.std(ddof=1)) / math.sqrt(n)
    return Estimate(mean, mean - half, mean + half, n)


def share_estimate(events: float, n: int, confidence: float = 0.95) -> Estimate:
    """A share of n rows with Wilson's score interval; ties may count as parts of an event."""
    return Estimate(events / n, *wilson(events, n, confidence), n)
