"""The grid's likelihood against scipy, term by term."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import special, stats

from twin.calibrate.fitting.likelihood import (
    gamma_log_survival,
    inverse_shapes,
    log_likelihood,
    log_likelihoods,
    sums_of,
)
from twin.calibrate.fitting.sample import Sample, sample
from twin.core.drawfile import FAMILIES
from twin.law.weibull import inverse_shape


def scipy_law(family: str, mean: float, cv: float) -> Any:
    if family == "weibull":
        shape = 1 / inverse_shape(cv)
        return stats.weibull_min(shape, scale=mean / math.gamma(1 + 1 / shape))
    if family == "gamma":
        return stats.gamma(cv**-2, scale=mean * cv * cv)
    return stats.lognorm(math.sqrt(math.log1p(cv * cv)), scale=mean / math.sqrt(1 + cv * cv))


def by_scipy(family: str, mean: float, cv: float, lives: Sample) -> float:
    law = scipy_law(family, mean, cv)
    exact, tails = law.logpdf(lives.exact).sum(), law.logsf(lives.censored).sum() - law.logsf(lives.entries).sum()
    return float(exact + tails)


@pytest.fixture(params=["complete", "censored", "late entries"])
def lives(request: pytest.FixtureRequest) -> Sample:
    rng = np.random.default_rng(4)
    exact, cut = rng.gamma(2.0, 0.5, 12), rng.gamma(2.0, 0.5, 30)
    if request.param == "complete":
        return sample(exact)
    if request.param == "censored":
        return sample(exact, cut)
    return sample(exact + 0.2, cut + 0.1, [0.2] * 12, np.where(np.arange(30) % 2, 0.1, 0.0))


@pytest.mark.parametrize("family", FAMILIES)
def test_one_law_is_scipys(family: str, lives: Sample) -> None:
    for mean, cv in ((0.5, 0.3), (1.0, 1.0), (2.0, 3.0)):
        assert log_likelihood(family, mean, cv, lives) == pytest.approx(by_scipy(family, mean, cv, lives), rel=1e-12)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_grid_is_scipys(family: str, lives: Sample) -> None:
    """The interpolation of ln S keeps 1e-5 of a likelihood at the usual CVs."""
    ln_mean, ln_cv = np.linspace(-1, 3, 9), np.linspace(-1.5, 1.5, 8)
    found = log_likelihoods(sums_of(lives), ln_mean, ln_cv)[FAMILIES.index(family)]
    for i, mean in enumerate(np.exp(ln_mean)):
        for j, cv in enumerate(np.exp(ln_cv)):
            true = by_scipy(family, float(mean), float(cv), lives)
            assert found[i, j] == pytest.approx(true, abs=1e-4 + 1e-5 * max(0.0, -true - 100))


def test_times_on_the_lattice_and_single_ones() -> None:
    for cut in (1.0, math.exp(1 / 32), 1e-9, 1e9):
        lives = sample([1.0], [cut])
        found = log_likelihoods(sums_of(lives), np.array([0.0, 0.5]), np.array([-0.5, 0.0]))
        for f, family in enumerate(FAMILIES):
            true = by_scipy(family, math.exp(0.5), 1.0, lives)
            if math.isfinite(true):
                assert found[f, 1, 1] == pytest.approx(true, rel=1e-6)


def test_far_tail_of_the_gamma_law() -> None:
    x = np.geomspace(1e-3, 1e6, 200)
    for shape, exact in {
        1.0: -x,
        2.0: np.log1p(x) - x,
        3.0: np.log(1 + x + x * x / 2) - x,
        0.5: math.log(2) + special.log_ndtr(-np.sqrt(2 * x)),
    }.items():
        np.testing.assert_allclose(gamma_log_survival(np.array(shape), x), exact, rtol=1e-10, atol=1e-15)


def test_far_tail_meets_the_body_for_every_shape() -> None:
    """The recurrence Q(k+1, x) - Q(k, x) = x^k e^-x / Γ(k+1) on both sides of the smallest float."""
    for shape in (0.05, 0.7, 4.0, 25.0, 400.0):
        x = shape + math.sqrt(shape) * np.linspace(1, 60, 40) + np.linspace(0, 900, 40)
        low, high = gamma_log_survival(np.array(shape), x), gamma_log_survival(np.array(shape + 1), x)
        step = shape * np.log(x) - x - special.gammaln(shape + 1)
        np.testing.assert_allclose(np.logaddexp(low, step), high, rtol=1e-9)


def test_shapes_of_weibull_laws_are_those_of_the_law() -> None:
    cvs = np.geomspace(2e-3, 50, 60)
    np.testing.assert_allclose(inverse_shapes(cvs), [inverse_shape(float(one)) for one in cvs], rtol=1e-7)
