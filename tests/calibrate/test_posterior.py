"""The posterior on its grid: against brute force, scale, order, borders, draws, coverage."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from scipy import integrate, special, stats

from twin.calibrate.fitting.posterior import Draw, Posterior, Prior, beyond, posterior
from twin.calibrate.fitting.sample import Sample, sample
from twin.core.drawfile import FAMILIES
from twin.law.weibull import inverse_shape

from .histories import TRUTHS, law, watched
from .known import NIST

HOUR = 3600.0


def few(n: int = 3) -> Sample:
    return watched((n,), law("gamma", 0.8), n, 0.0)


def test_brute_force_finds_the_same() -> None:
    """The same sums by scipy, on a coarser grid of another range: the trapezoid rule is all but exact for both."""
    lives = sample([0.4, 0.9, 1.1, 1.7, 2.6], [1.2, 2.0])
    ln_mean, ln_cv = np.linspace(-1.5, 4.5, 121), np.linspace(-1.8, 2.4, 60)
    mean, cv = np.exp(ln_mean)[:, None], np.exp(ln_cv)
    h = np.array([inverse_shape(float(one)) for one in cv])
    laws = [
        stats.weibull_min(1 / h, scale=mean / special.gamma(1 + h)),
        stats.lognorm(np.sqrt(np.log1p(cv**2)), scale=mean / np.sqrt(1 + cv**2)),
        stats.gamma(cv**-2, scale=mean * cv**2),
    ]
    log = np.array(
        [sum(one.logpdf(t) for t in lives.exact) + sum(one.logsf(t) for t in lives.censored) for one in laws]
    )
    log -= (ln_cv / 0.6) ** 2 / 2
    mass = np.exp(log - log.max())
    mass /= mass.sum()
    found = posterior(lives)
    for family, weight in zip(FAMILIES, mass.sum(axis=(1, 2)), strict=True):
        assert found.weights[family] == pytest.approx(weight, abs=2e-3)
    ln_means = (found.mass.sum(axis=(0, 2)) * found.ln_mean).sum()
    assert ln_means == pytest.approx((mass.sum(axis=(0, 2)) * ln_mean).sum(), abs=3e-3)
    ln_cvs = (found.mass.sum(axis=(0, 1)) * found.ln_cv).sum()
    assert ln_cvs == pytest.approx((mass.sum(axis=(0, 1)) * ln_cv).sum(), abs=3e-3)
    below = np.interp(math.log(found.mean), ln_mean + 0.025, np.cumsum(mass.sum(axis=(0, 2))))
    assert below == pytest.approx(0.5, abs=5e-3)


def test_many_failures_agree_with_theory() -> None:
    """At 2,000 failures the mean has its normal law: half width 1.645 · CV / √n, and the true family weighs most."""
    lives = watched((7,), law("gamma", 0.5), 2000, 0.0)
    found = posterior(lives)
    low, high = found.interval90
    mean, half = lives.exact.mean(), 1.645 * lives.exact.std() / math.sqrt(2000)
    assert (low, high) == pytest.approx((mean - half, mean + half), rel=2e-3)
    assert found.family == "gamma"


@pytest.mark.parametrize("unit", [1e-6, 1e6])
@pytest.mark.parametrize("n", [1, 3, 30])
def test_the_unit_of_time_changes_nothing(n: int, unit: float) -> None:
    lives = watched((n, 5), law("weibull", 1.0), n, 0.3)
    one, other = posterior(lives), posterior(lives.scaled(unit))
    assert np.divide(other.interval90, unit) == pytest.approx(one.interval90, rel=1e-9)
    assert other.weights == pytest.approx(one.weights, rel=1e-9)
    assert (other.cv, other.extrapolated) == pytest.approx((one.cv, one.extrapolated), rel=1e-9)


def test_the_order_of_rows_changes_nothing() -> None:
    times = np.random.default_rng(3).exponential(HOUR, 40)
    one, other = (posterior(sample(row[:20], row[20:])) for row in (times, [*times[19::-1], *times[:19:-1]]))
    assert (one.mass == other.mass).all()
    assert one.draws(20, 1) == other.draws(20, 1)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_few_failures_have_a_finite_posterior(n: int) -> None:
    found = posterior(few(n))
    low, high = found.interval90
    assert 0 < low < found.mean < high < math.inf
    assert found.widened or n == 3
    assert not found.open_border
    assert found.mass.sum() == pytest.approx(1)


@pytest.mark.parametrize("cut", [[], [20.0], [200.0] * 10])
def test_a_single_failure_bounds_the_mean(cut: list[float]) -> None:
    """Laws of a large CV that are hardly ever seen to fail would bound nothing: 1e27 times the exposure in the last."""
    found = posterior(sample([1.0], cut))
    exposure = 1.0 + sum(cut)
    assert found.interval90[0] < exposure
    assert found.interval90[1] < 100 * exposure
    assert not found.open_border
    # With a constant rate the upper end is exposure / 0.051, which must stay possible.
    assert found.interval90[1] > exposure / 0.0513 * (0.7 if cut else 0.5)


def test_without_failures_there_is_none() -> None:
    with pytest.raises(ValueError, match=r"^a sample without failures has no posterior of its own; borrow"):
        posterior(sample([], [5.0]))


def test_regular_times_move_the_borders_out_and_say_so() -> None:
    found = posterior(watched((2,), law("gamma", 0.02), 300, 0.0))
    assert found.widened
    assert found.cv == pytest.approx(0.02, rel=0.1)
    assert not posterior(watched((2,), law("gamma", 1.0), 300, 0.0)).widened


def test_equal_times_have_the_least_cv_and_an_open_border() -> None:
    found = posterior(sample([40.0] * 50))
    assert found.open_border
    assert found.mean == pytest.approx(40, rel=1e-3)


def test_the_prior_can_be_set() -> None:
    regular = posterior(few(), Prior(median=0.2, sd=0.1))
    assert regular.cv == pytest.approx(0.2, rel=0.3)
    assert regular.cv < posterior(few()).cv


def test_draws_follow_the_posterior() -> None:
    found, n = posterior(few(5)), 4000
    drawn = found.draws(n, 9)
    assert drawn == found.draws(n, 9) != found.draws(n, 10)
    for q in (0.05, 0.5, 0.95):
        for share in (
            np.mean([one.mean < found.mean_quantile(q) for one in drawn]),
            np.mean([one.cv < found.cv_quantile(q) for one in drawn]),
        ):
            assert abs(share - q) < 4.5 * math.sqrt(q * (1 - q) / n)
    for family, weight in found.weights.items():
        assert abs(np.mean([one.family == family for one in drawn]) - weight) < 4.5 * math.sqrt(0.25 / n)


def test_a_draw_is_a_law_of_the_plan() -> None:
    assert Draw("gamma", 60.0, 0.5).params == (60.0, 0.5)
    assert Draw("weibull", 60.0, 1.0).params == pytest.approx((60.0, 1.0))
    assert posterior(few()).central.family in FAMILIES


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("cv", "time_"), [(0.3, 1.3), (1.0, 0.5), (2.5, 4.0)])
def test_the_share_beyond_is_the_integral_of_survival(family: str, cv: float, time_: float) -> None:
    true = integrate.quad(law(family, cv).sf, time_, np.inf, epsabs=1e-12, limit=200)[0]
    mass = np.zeros((3, 1, 1))
    mass[FAMILIES.index(family)] = 1.0
    found = beyond(time_ * HOUR, np.array([math.log(HOUR)]), np.array([math.log(cv)]), mass)
    assert found.max() == pytest.approx(true, rel=1e-6)


def test_extrapolation_grows_with_censoring() -> None:
    shares = [posterior(watched((8,), law("weibull", 0.6), 14, cut)).extrapolated for cut in (0.0, 0.5, 0.8)]
    assert shares == sorted(shares)
    assert shares[0] < 0.1 < shares[2]


def test_a_fit_takes_milliseconds() -> None:
    lives = sample(NIST.failures, NIST.censored)
    posterior(lives)
    start = time.process_time()
    for _ in range(10):
        posterior(lives)
    assert (time.process_time() - start) / 10 < 0.06  # 10 ms on an idle core


# -- coverage


def coverage(n: int, censored: float, fits: int = 400) -> float:
    """How often the 90 % interval of the mean holds the true one."""
    held = 0
    for k in range(fits):
        low, high = posterior(watched((n, k), TRUTHS[k % len(TRUTHS)], n, censored)).interval90
        held += low <= HOUR <= high
    return held / fits


@pytest.mark.long
@pytest.mark.parametrize("n", [3, 14])
def test_intervals_hold_the_true_mean(n: int) -> None:
    assert 0.84 <= coverage(n, 0.0) <= 0.98


@pytest.mark.long
@pytest.mark.parametrize(("n", "censored"), [(200, 0.0), (3, 0.5), (14, 0.5), (200, 0.5)])
def test_intervals_hold_the_true_mean_also_censored(n: int, censored: float) -> None:
    assert 0.84 <= coverage(n, censored) <= 0.98


@pytest.mark.long
def test_assuming_a_constant_rate_would_not() -> None:
    """Why the CV is free: 'exponential' on wear-out with 80 % of lives renewed holds the truth a fifth of the time."""
    held = 0
    for k in range(200):
        lives = watched((k,), law("weibull", 0.5), 14, 0.8)
        mean, n = lives.exposure / lives.failures, lives.failures
        held += abs(math.log(mean / HOUR)) < 1.645 / math.sqrt(n)
    assert held / 200 < 0.3


def test_a_posterior_is_a_value() -> None:
    found = posterior(few())
    assert isinstance(found, Posterior)
    with pytest.raises(AttributeError):
        found.failures = 5  # type: ignore[misc]


@pytest.mark.parametrize("spread", [0.0, 0.5])
def test_times_that_are_all_alike_have_their_own_mean(spread: float) -> None:
    """Such as maintenance written down as 30 min each time: the Weibull would draw the mean away from what was seen."""
    found = posterior(sample(1800 + spread * (i % 3 - 1) for i in range(48)))
    low, high = found.interval90
    assert low < 1800 < high
    assert found.mean == pytest.approx(1800, rel=1e-3)
    assert high / low < 1.002


@pytest.mark.parametrize("factor", [1 / 3, 0.5, 3.0])
def test_a_law_that_is_moved_extrapolates_as_much(factor: float) -> None:
    found = posterior(watched((8,), law("weibull", 0.6), 14, 0.5))
    moved = found.moved(factor)
    assert moved.longest == found.longest * factor
    assert np.divide(moved.interval90, factor) == pytest.approx(found.interval90, rel=1e-9)
    assert (moved.extrapolated, moved.cv) == pytest.approx((found.extrapolated, found.cv), rel=1e-9)


def test_a_law_that_is_moved_and_wider_keeps_its_median() -> None:
    found = posterior(watched((8,), law("weibull", 0.6), 14, 0.5))
    moved = found.moved(3.0, wider=2.0)
    assert moved.mean == pytest.approx(3 * found.mean, rel=1e-9)
    assert np.log(np.divide(moved.interval90, moved.mean)) == pytest.approx(
        2 * np.log(np.divide(found.interval90, found.mean)), rel=1e-9
    )
