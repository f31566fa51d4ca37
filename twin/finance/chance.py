"""What is uncertain, and what is chance within a year.

Parameters and prices that are not known stay as they are for all years: they matter for the decision. Chance (when a
machine breaks down) averages out over the years, while a row carries that of one simulated horizon into all of them.
Where draws are repeated, analysis of variance with random effects tells the two apart.
Source: Searle, Casella and McCulloch (1992), Variance Components, ch. 3.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.finance.array import Floats
from twin.finance.estimate import sample


class Split(NamedTuple):
    """Two parts of the spread of rows, in the unit of the rows."""

    uncertain: float
    """Standard deviation between draws."""
    chance: float
    """Standard deviation within a draw."""


def split(values: object, draw: object) -> Split | None:
    """The spread between draws and within them.

    Args:
        values: one a row.
        draw: which draw of the inputs a row has, one whole number a row.

    Returns:
        None where there are fewer than two draws or no draw is repeated.

    Raises:
        ValueError: shapes that do not fit.
    """
    x, group, sizes, means = _groups(values, draw)
    n, count = len(x), len(sizes)
    if count < 2 or n == count:
        return None
    within = float(((x - means[group]) ** 2).sum()) / (n - count)
    between = float((sizes * (means - x.mean()) ** 2).sum()) / (count - 1)
    size = (n - float((sizes**2).sum()) / n) / (count - 1)
    return Split(math.sqrt(max((between - within) / size, 0.0)), math.sqrt(within))


def averaged(values: object, draw: object, periods: float) -> Floats:
    """The rows with the chance of one simulated horizon replaced by that of the mean of many.

    Their variance becomes uncertain² + chance² / periods, their mean stays. Means of draws are drawn to the common mean
    by what chance added to them, rows to the mean of their draw.

    Args:
        values: one a row, such as NPVs.
        draw: which draw a row has.
        periods: how many simulated horizons the years of the study hold, such as 8 y / 60 d; 1 or more.

    Returns:
        Shape (N,); the rows as they are where the two cannot be told apart.

    Raises:
        ValueError: fewer than one period, or shapes that do not fit.
    """
    if not periods >= 1:
        raise ValueError(f"periods: 1 or more is due, such as 8 y / 60 d = 48.7, not {periods}")
    x, group, sizes, means = _groups(values, draw)
    parts = split(x, group)
    if parts is None:
        return x
    known, noise = parts.uncertain**2, parts.chance**2 / sizes
    keep = np.sqrt(known / np.where(known + noise > 0, known + noise, 1.0))
    own = np.sqrt(sizes / np.maximum(sizes - 1, 1) / periods)
    centre = x.mean() + keep * (means - x.mean())
    found = centre[group] + own[group] * (x - means[group])
    return np.asarray(found - found.mean() + x.mean())


def _groups(values: object, draw: object) -> tuple[Floats, NDArray[np.intp], Floats, Floats]:
    x, numbers = sample(values), np.asarray(draw)
    if numbers.shape != x.shape:
        raise ValueError(f"draw: one number for each of the {len(x)} rows is due, not shape {numbers.shape}")
    _, group = np.unique(numbers, return_inverse=True)
    sizes = np.bincount(group).astype(float)
    return x, group, sizes, np.bincount(group, weights=x) / sizes
