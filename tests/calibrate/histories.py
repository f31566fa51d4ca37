"""Histories with known laws, for tests of coverage."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import stats

from twin.calibrate.fitting.sample import Sample, sample
from twin.law.weibull import inverse_shape


def law(family: str, cv: float) -> Any:
    """A law of mean 1 as scipy has it."""
    if family == "weibull":
        h = inverse_shape(cv)
        return stats.weibull_min(1 / h, scale=1 / math.gamma(1 + h))
    if family == "gamma":
        return stats.gamma(cv**-2, scale=cv * cv)
    return stats.lognorm(math.sqrt(math.log1p(cv * cv)), scale=1 / math.sqrt(1 + cv * cv))


TRUTHS = [law("weibull", 0.6), law("weibull", 1.0), law("lognormal", 0.9), law("gamma", 1.3)]
"""Wear, constant rate, repairs, early failures: one after the other, none told to the fit."""


def watched(seed: tuple[int, ...], truth: Any, n: int, censored: float, unit: float = 3600.0) -> Sample:
    """Lives until ``n`` have failed, with preventive renewal at the age that a share of ``censored`` lives reaches.

    The hardest censoring: nothing is ever seen beyond that age.
    """
    rng = np.random.default_rng(seed)
    lives, age = truth.ppf(rng.random(int(3 * n / (1 - censored)) + 60)), float(truth.isf(censored))
    last = int(np.flatnonzero(lives < age)[n - 1]) + 1  # an IndexError would say that the block was too short
    exact = lives[:last][lives[:last] < age]
    return sample(exact * unit, [age * unit] * (last - n))
