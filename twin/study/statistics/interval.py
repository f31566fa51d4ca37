"""Intervals of what replications show: Student t for means, Wilson for shares of events, ranks for quantiles.

Sources: Student (1908) for the mean of independent, roughly normal replications; Wilson (1927) for a share; David and
Nagaraja, Order Statistics, sec. 7.1, for a quantile (it needs no law at all).
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


class Quantile(NamedTuple):
    """A quantile of one replication and what is known about it."""

    value: float
    low: float | None
    """None when the replications are too few for a lower end."""
    high: float | None
    """None when the replications are too few for an upper end."""
    coverage: float
    """The level that the ranks reach, at least the one asked for."""
    n: int
    """How many replications it stands on."""

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


def wilson(events: int, trials: int, confidence: float = 0.95) -> Interval:
    """The share of trials in which an event happened, with Wilson's score interval (inside 0…1, never empty).

    Args:
        events: how often it happened.
        trials: how often it could have happened, at least 1.
        confidence: level of the two-sided interval, more than 0 and less than 1.

    Raises:
        ValueError: no trials, more events than trials, or a level that is not between 0 and 1.
    """
    check_level(confidence)
    if not 0 <= events <= trials or trials == 0:
        raise ValueError(f"{events} events in {trials} trials make no share")
    z2 = _normal(confidence) ** 2
    share = events / trials
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = math.sqrt(z2 * (share * (1 - share) / trials + z2 / (4 * trials**2))) / (1 + z2 / trials)
    low = 0.0 if events == 0 else centre - half
    high = 1.0 if events == trials else centre + half
    return Interval(share, low, high, math.sqrt(share * (1 - share)), trials)


def quantile_ranks(n: int, share: float, confidence: float = 0.95) -> tuple[int, int, float]:
    """The ranks (first = 1) of the values between which a quantile lies, and the level they reach.

    The number B of values below the quantile is binomial(n, share), so X(l) ≤ q < X(u) has the probability
    P(l ≤ B ≤ u - 1). The ranks leave at most (1 - confidence) / 2 on each side.

    Args:
        n: values, at least 1.
        share: which quantile, more than 0 and less than 1.
        confidence: level of the two-sided interval, more than 0 and less than 1.

    Returns:
        l, u and the level; l = 0 or u = n + 1 where there are too few values for that end.

    Raises:
        ValueError: no values, or a share or a level that is not between 0 and 1.
    """
    import numpy as np
    from scipy.special import bdtr

    check_level(confidence)
    if n < 1 or not 0 < share < 1:
        raise ValueError(f"a quantile needs values and a share between 0 and 1, not {n} and {share}")
    below = bdtr(np.arange(n + 1), n, share)
    first, last = (int(np.searchsorted(below, level)) for level in ((1 - confidence) / 2, (1 + confidence) / 2))
    return first, last + 1, float(below[last] - (below[first - 1] if first else 0.0))


def quantile_interval(values: Iterable[float | None], share: float, confidence: float = 0.95) -> Quantile | None:
    """A quantile of one replication, with an interval by ranks that holds for every law.

    Args:
        values: one a replication; None and NaN are left out.
        share: which quantile, more than 0 and less than 1.
        confidence: level of the two-sided interval, more than 0 and less than 1.

    Returns:
        The quantile between the two nearest values, linearly; None when there are no values.

    Raises:
        ValueError: a share or a level that is not between 0 and 1.
    """
    found = sorted(known(values))
    n = len(found)
    if n == 0:
        return None
    first, last, coverage = quantile_ranks(n, share, confidence)
    at = share * (n - 1)
    low, high = found[math.floor(at)], found[math.ceil(at)]
    value = low + (high - low) * (at - math.floor(at))
    return Quantile(value, found[first - 1] if first else None, found[last - 1] if last <= n else None, coverage, n)


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


def more_trials_to_tell(share: Interval, threshold: float, confidence: float = 0.95) -> int | None:
    """The same for a share of events: Wilson's interval leaves p when n ≥ z² p (1 - p) / (share - p)².

    Args:
        share: of ``wilson``.
        threshold: the share it is compared with, from 0 to 1.
        confidence: level of the two-sided interval.

    Returns:
        0 when it lies outside already; None when the share is the threshold, or it would take more than ``MANY``.
    """
    check_level(confidence)
    gap = abs(share.mean - threshold)
    spread = _normal(confidence) ** 2 * threshold * (1 - threshold)
    return max(math.ceil(spread / gap**2) - share.n, 0) if gap**2 * MANY > spread else None


def student(freedom: int, confidence: float) -> float:
    """The two-sided quantile of Student's t: P(|T| ≤ t) = confidence, with this many degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + confidence) / 2))


def check_level(confidence: float) -> None:
    """Raise ValueError unless the level of an interval is more than 0 and less than 1."""
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence between 0 and 1 is due, not {confidence}")


def _normal(confidence: float) -> float:
    """The two-sided quantile of the normal law."""
    from scipy.special import ndtri

    return float(ndtri((1 + confidence) / 2))
