"""Prices by year: inflation by category, and dated paths such as the price of carbon. All nominal."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from twin.finance.array import Floats, Values, finite
from twin.finance.month import Span

GENERAL = "general"
"""The category of what has none of its own."""
Inflation = Mapping[str, Values]
"""Category → rate a year, one number or one a row; 'general' stands for those that are not named."""


def growth(rate: Values, years: int) -> Floats:
    """Prices at the year ends 1…years where that of time 0 is 1: (1 + rate)^t; shape (1, years) or (N, years).

    Raises:
        ValueError: a rate not above -100 %.
    """
    found = np.atleast_1d(finite(rate, "inflation"))
    if (found <= -1).any():
        raise ValueError(f"inflation: more than -100 % a year is due, such as 0.02 for 2 %, not {found.min()}")
    return np.asarray((1 + found[:, None]) ** np.arange(1, years + 1))


def price_growth(inflation: Inflation, category: str, years: int) -> Floats:
    """``growth`` of a category; one that is not named goes as 'general', and without that prices stay."""
    return growth(inflation.get(category, inflation.get(GENERAL, 0.0)), years)


def price_path(points: Mapping[int, Values], over: Span) -> Floats:
    """Prices by year of the study from prices of calendar years, one number or one a row; shape (1 or N, Y).

    Straight between the years given, flat before the first and after the last. Years of a study that begin within a
    calendar year take the price between the two, as many months as they lie in each.

    Raises:
        ValueError: no price, or one that is not finite.
    """
    if not points:
        raise ValueError("a price path needs one price or more, such as {2027: 80, 2035: 150}")
    years = sorted(points)
    prices = np.array([np.atleast_1d(finite(points[year], "prices")) for year in years])
    wanted = over.start.year + (over.start.month - 1) / 12 + np.arange(over.years)
    # Interpolation is a weighted mean of the prices: the same weights in every row.
    weights = np.array([np.interp(wanted, years, one) for one in np.eye(len(years))])
    return np.asarray(prices.T @ weights)
