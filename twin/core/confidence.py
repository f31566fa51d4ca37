"""What a level of confidence stands for: quantiles of Student's and the normal law, Wilson's ends, ranks of a quantile.

Sources: Student (1908) for the mean of independent, roughly normal values; Wilson (1927) for a share; David and
Nagaraja, Order Statistics, sec. 7.1, for a quantile (it needs no law at all).
"""

from __future__ import annotations

import math


def check_level(confidence: float) -> None:
    """Raise ValueError unless the level of an interval is more than 0 and less than 1."""
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence between 0 and 1 is due, such as 0.95, not {confidence}")


def student(freedom: int, confidence: float) -> float:
    """The two-sided quantile of Student's t: P(|T| ≤ t) = confidence, with this many degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + confidence) / 2))


def normal(confidence: float) -> float:
    """The two-sided quantile of the normal law: P(|Z| ≤ z) = confidence."""
    from scipy.special import ndtri

    return float(ndtri((1 + confidence) / 2))


def wilson(events: float, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """The ends of Wilson's score interval of a share of events: inside 0…1, never empty.

    Args:
        events: how often it happened; ties may count as parts of an event.
        trials: how often it could have happened, at least 1.
        confidence: level of the two-sided interval, more than 0 and less than 1.

    Raises:
        ValueError: no trials, more events than trials, or a level that is not between 0 and 1.
    """
    check_level(confidence)
    if not 0 <= events <= trials or trials == 0:
        raise ValueError(f"{events} events in {trials} trials make no share")
    z2, share = normal(confidence) ** 2, events / trials
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = math.sqrt(z2 * (share * (1 - share) / trials + z2 / (4 * trials**2))) / (1 + z2 / trials)
    return (0.0 if events == 0 else centre - half), (1.0 if events == trials else centre + half)


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
