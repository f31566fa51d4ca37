"""How much may be said of a mode by its number of failures: a number nobody can know is not printed.

| failures | what may be printed |
|---|---|
| 0 | exposure, a one-sided bound of the mean, the law of the class |
| 1 to 4 | exposure / failures, the pooled mean with its interval; "law: cannot tell" |
| 5 to 29 | mean and CV with intervals, weights of the families, QQ plot with its band, trend test |
| 30 to 200 | also Anderson–Darling by bootstrap with refit, and serial correlation |
| above 200 | also the empirical law, and change points |

Never a Kolmogorov–Smirnov table with fitted parameters: it rejects nothing.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from twin.core.confidence import check_level

CANNOT_TELL = "cannot tell"
_SOME, _SEVERAL, _MANY, _IDENTIFIED = 5, 30, 200, 50
_WINNER = 0.95


class Said(NamedTuple):
    """What may be printed of a mode."""

    bound: bool
    """A one-sided bound of the mean only (``least_mean``), and a borrowed law."""
    book_mean: bool
    """Exposure / failures."""
    pooled: bool
    """The mean of the class stands beside, for the machine's own says little."""
    spread: bool
    """CV with its interval, weights of the families, QQ plot."""
    trend: bool
    """Trend tests."""
    goodness: bool
    """Anderson–Darling with refit."""
    serial: bool
    """Serial correlation."""
    empirical: bool
    """The empirical law."""
    changes: bool
    """Change points."""


def said(failures: int) -> Said:
    """What may be printed after a number of failures, at least 0."""
    some, several, many = failures >= _SOME, failures >= _SEVERAL, failures > _MANY
    return Said(failures == 0, failures > 0, not some, some, some, several, several, many, many)


def law_words(failures: int, weights: dict[str, float]) -> str:
    """What to print as the law: 'cannot tell' below 5 failures, else the weights of the families, heaviest first.

    A single name only from 50 failures on, and when it weighs 95 % at least.
    """
    if failures < _SOME:
        return CANNOT_TELL
    ranked = sorted(weights.items(), key=lambda one: -one[1])
    if failures >= _IDENTIFIED and ranked[0][1] >= _WINNER:
        return ranked[0][0]
    return ", ".join(f"{family} {weight:.2f}" for family, weight in ranked)


def least_mean(exposure: float, confidence: float = 0.95) -> float:
    """The one-sided lower bound of the mean (s) after ``exposure`` (s) without a failure: exposure / -ln(1 - level).

    For a constant rate; 95 % is "the rule of three". Source: Hanley, Lippman-Hand (1983), JAMA 249.

    Raises:
        ValueError: the level is not between 0 and 1.
    """
    check_level(confidence)
    return exposure / -math.log1p(-confidence)
