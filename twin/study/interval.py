"""Intervals of what replications show: Student t for means, Wilson for shares of events.

Sources: Student (1908) for the mean of independent, roughly normal replications; Wilson (1927) for a share.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple


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
    _check_level(confidence)
    found = known(values)
    n = len(found)
    if n == 0:
        return None
    mean = math.fsum(found) / n
    if n == 1:
        return Interval(mean, None, None, None, 1)
    sd = math.sqrt(math.fsum((value - mean) ** 2 for value in found) / (n - 1))
    half = _student(n - 1, confidence) * sd / math.sqrt(n) if sd > 0 else 0.0
    return Interval(mean, mean - half, mean + half, sd, n)


def wilson(events: int, trials: int, confidence: float = 0.95) -> Interval:
    """The share of trials in which an event happened, with Wilson's score interval (inside 0…1, never empty).

    Args:
        events: how often it happened.
        trials: how often it could have happened, at least 1.
        confidence: level of the two-sided interval, more than 0 and less than 1.

    Raises:
        ValueError: no trials, more events than trials, or a level that is not between 0 and 1.
    """
    _check_level(confidence)
    if not 0 <= events <= trials or trials == 0:
        raise ValueError(f"{events} events in {trials} trials make no share")
    z2 = _normal(confidence) ** 2
    share = events / trials
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = math.sqrt(z2 * (share * (1 - share) / trials + z2 / (4 * trials**2))) / (1 + z2 / trials)
    low = 0.0 if events == 0 else centre - half
    high = 1.0 if events == trials else centre + half
    return Interval(share, low, high, math.sqrt(share * (1 - share)), trials)


def _check_level(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence between 0 and 1 is due, not {confidence}")


def _student(freedom: int, confidence: float) -> float:
    """The two-sided quantile of Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + confidence) / 2))


def _normal(confidence: float) -> float:
    """The two-sided quantile of the normal law."""
    from scipy.special import ndtri

    return float(ndtri((1 + confidence) / 2))
