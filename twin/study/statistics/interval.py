"""Intervals of the means that replications show, and how many more would tell.

Source: Student (1908) for the mean of independent, roughly normal replications.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from twin.core.confidence import check_level, student


class Interval(NamedTuple):
    """A mean and what is known about it; ``low``, ``high`` and ``sd`` are None when n = 1."""

    mean: float
    low: float | None
    high: float | None
    sd: float | None
    """Standard deviation of one replication (divisor n - 1)."""
    n: int
    """How many replications it stands on."""

    @property
    def half_width(self) -> float | None:
        """Half the width of the interval; None when n = 1."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2

    def within(self, least: float, most: float) -> Interval:
        """The interval cut to what is possible at all, such as shares from 0 to 1; the mean lies there anyway."""
        if self.low is None or self.high is None or not least <= self.mean <= most:
            return self
        return self._replace(low=max(self.low, least), high=min(self.high, most))

    def document(self) -> dict[str, float | int | None]:
        """The interval as a JSON-ready map."""
        return self._asdict()


MANY = 1_000_000
"""More replications than this are not counted: nobody will run them."""


def known(values: Iterable[float | None]) -> list[float]:
    """The values that say something: None, NaN and infinities left out."""
    return [float(value) for value in values if value is not None and math.isfinite(value)]


def mean_interval(values: Iterable[float | None], confidence: float = 0.95) -> Interval | None:
    """The mean of independent replications with its Student t interval: mean ± t(n - 1) · sd / √n.

    Args:
        values: one a replication; None and NaN mean that a replication has none, and are left out.
        confidence: level of the two-sided interval, more than 0 and less than 1.

    Returns:
        The interval over the values that are there (``n`` of them); None when there are none.

    Raises:
        ValueError: the level is not between 0 and 1.
    """
    check_level(confidence)
    found = known(values)
    n = len(found)
    if n == 0:
        return None
    mean = math.fsum(found) / n
    if n == 1:
        return Interval(mean, None, None, None, 1)
    sd = math.sqrt(math.fsum((value - mean) ** 2 for value in found) / (n - 1))
    half = student(n - 1, confidence) * sd / math.sqrt(n) if sd > 0 else 0.0
    return Interval(mean, mean - half, mean + half, sd, n)


def replications_for(half_width: float, sd: float, confidence: float = 0.95) -> int | None:
    """About how many replications make an interval of the mean this narrow: least n with t(n - 1) · sd / √n ≤ it.

    Args:
        half_width: wanted, in the unit of the value.
        sd: standard deviation of one replication, as found so far.
        confidence: level of the two-sided interval, more than 0 and less than 1.

    Returns:
        At least 2; None when it would take more than ``MANY``.

    Raises:
        ValueError: the level is not between 0 and 1.
    """
    check_level(confidence)

    def narrow(n: int) -> bool:
        return sd <= 0 or student(n - 1, confidence) * sd <= half_width * math.sqrt(n)

    if not narrow(MANY):
        return None
    least, most = 1, MANY
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if narrow(middle) else (middle, most)
    return most


def more_to_tell(interval: Interval, threshold: float, confidence: float = 0.95) -> int | None:
    """About how many more replications until the interval of a mean leaves a threshold, if the mean stays.

    Args:
        interval: of ``mean_interval``.
        threshold: what the mean is compared with.
        confidence: level of the two-sided interval.

    Returns:
        0 when it lies outside already; None when the mean is the threshold, one replication tells no spread, or it
        would take more than ``MANY``.
    """
    gap = abs(interval.mean - threshold)
    if interval.sd is None or not gap:
        return None
    needed = replications_for(gap, interval.sd, confidence)
    return None if needed is None else max(needed - interval.n, 0)
