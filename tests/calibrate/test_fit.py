"""Maximum likelihood: published answers, brute force, scale, and what has no fit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import optimize, stats

from twin.calibrate.fitting.fit import NoFitError, fit, weibull_shape
from twin.calibrate.fitting.likelihood import log_likelihood, sums_of
from twin.calibrate.fitting.sample import Sample, sample

from .known import GAMMA_8, GAMMA_8_ERRORS, LIVES, NIST

KNOWN = [(name, family) for name, lives in LIVES.items() for family in lives.fits]
FAMILIES = ("exponential", "weibull", "lognormal", "gamma")


def mixed(seed: int, late: bool = False) -> Sample:
    """Gamma lives of 25, a third censored, some entered late."""
    rng = np.random.default_rng(seed)
    life, cut = rng.gamma(1.5, 3600.0, 25), rng.exponential(3 * 3600.0, 25)
    entry = np.where(rng.random(25) < 0.4, 600.0, 0.0) if late else np.zeros(25)
    seen = np.minimum(life, cut) > entry
    ended = seen & (life <= cut)
    cut_off = seen & (life > cut)
    return sample(life[ended], cut[cut_off], entry[ended], entry[cut_off])


@pytest.mark.parametrize(("name", "family"), KNOWN)
def test_published_fits_to_four_digits(name: str, family: str) -> None:
    lives = LIVES[name]
    found = fit(family, sample(lives.failures, lives.censored))
    shown = found.params | {"mean": found.mean, "log_likelihood": found.log_likelihood}
    assert {key: shown[key] for key in lives.fits[family]} == pytest.approx(lives.fits[family], rel=2e-5)


def test_published_aic_spread_and_errors() -> None:
    lives = sample(NIST.failures, NIST.censored)
    aic = [2 * 2 - 2 * fit(family, lives).log_likelihood for family in ("weibull", "lognormal")]
    assert [round(one, 2) for one in aic] == [154.27, 154.39]
    found = fit("weibull", lives)
    assert found.mean * found.cv == pytest.approx(323.806, rel=1e-5)
    errors = fit("gamma", sample(GAMMA_8.failures, GAMMA_8.censored)).errors
    assert errors == pytest.approx(GAMMA_8_ERRORS, rel=1e-4)


def test_scipy_finds_the_same_weibull_law() -> None:
    shape, _, scale = stats.weibull_min.fit(stats.CensoredData(NIST.failures, right=NIST.censored), floc=0)
    assert fit("weibull", sample(NIST.failures, NIST.censored)).params == pytest.approx(
        {"shape": shape, "scale": scale}, rel=1e-4
    )


@pytest.mark.parametrize("late", [False, True], ids=["from birth", "late entries"])
@pytest.mark.parametrize("family", FAMILIES)
def test_no_law_is_more_likely(family: str, late: bool) -> None:
    for seed in range(6):
        lives = mixed(seed, late)
        found = fit(family, lives)
        assert log_likelihood(family, found.mean, found.cv, lives) == pytest.approx(found.log_likelihood, abs=1e-8)
        best = optimize.minimize(
            lambda at, one=lives: -log_likelihood(family, math.exp(at[0]), math.exp(at[1]), one),
            [math.log(3600.0), 0.1],
            method="Nelder-Mead",
            options={"xatol": 1e-6, "fatol": 1e-10},
        )
        assert found.log_likelihood >= -best.fun - 1e-8
        assert found.mean == pytest.approx(math.exp(best.x[0]), rel=1e-3)


def test_newton_finds_the_shape_that_a_search_finds() -> None:
    for seed in range(40):
        lives = mixed(seed)
        sums = sums_of(lives.scaled(1 / 3600))
        shape = weibull_shape(sums)
        grid = np.linspace(0.9, 1.1, 2001) * shape

        def profile(one: float, time: np.ndarray = lives.time / 3600, logs: float = sums.log, n: int = sums.n) -> float:
            return n * math.log(one) - n * math.log((time**one).sum()) + (one - 1) * logs

        assert grid[np.argmax([profile(one) for one in grid])] == pytest.approx(shape, rel=2e-4)


@pytest.mark.parametrize("unit", [1e-6, 1e-3, 1e6])
@pytest.mark.parametrize("family", FAMILIES)
def test_the_unit_of_time_changes_nothing(family: str, unit: float) -> None:
    for seed in range(20):
        one = fit(family, mixed(seed))
        other = fit(family, mixed(seed).scaled(unit))
        n = mixed(seed).failures
        assert (other.mean / unit, other.cv) == pytest.approx((one.mean, one.cv), rel=1e-7)
        assert other.log_likelihood == pytest.approx(one.log_likelihood - n * math.log(unit), abs=1e-6)


def test_extreme_spreads_have_fits() -> None:
    for family in FAMILIES[1:]:
        assert fit(family, sample([1000.0, 1001.0])).cv == pytest.approx(5e-4, rel=0.7)
        assert fit(family, sample([1e-3, 1.0, 1e4])).cv > 1.5


@pytest.mark.parametrize("family", FAMILIES[1:])
def test_one_distinct_failure_has_no_fit(family: str) -> None:
    text = f"^at least 2 distinct failure times are needed for a law '{family}', not 1$"
    with pytest.raises(NoFitError, match=text):
        fit(family, sample([5.0, 5.0], [7.0]))


def test_no_failure_has_no_fit() -> None:
    with pytest.raises(
        NoFitError, match=r"^at least 1 distinct failure times are needed for a law 'exponential', not 0$"
    ):
        fit("exponential", sample([], [7.0]))
    assert fit("exponential", sample([5.0], [7.0])).mean == 12.0


@pytest.mark.parametrize("family", FAMILIES[1:])
def test_a_likelihood_without_end_is_said(family: str) -> None:
    """Lives entered at 10 that fail at once or very late: the more extreme the law before 10, the likelier."""
    times = 10 + np.geomspace(1e-6, 50.0, 40)
    with pytest.raises(NoFitError, match="the likelihood still grows"):
        fit(family, sample(times, exact_entry=[10.0] * 40))
