"""What machines of a class lend each other."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from twin.calibrate.fitting.pool import pool_rates, pooled
from twin.calibrate.fitting.posterior import posterior
from twin.calibrate.fitting.sample import Sample, sample

from .histories import law, watched

HOUR = 3600.0


def class_of(*failures: int) -> list[Sample]:
    """Machines of one law with so many failures each; with none, 30 h of exposure."""
    return [
        watched((n, k), law("gamma", 0.7), n, 0.0) if n else sample([], [30 * HOUR]) for k, n in enumerate(failures)
    ]


def test_a_rate_is_its_mixture_of_gamma_laws() -> None:
    rate = pool_rates([3, 5, 0], [100.0, 120.0, 90.0]).machine(3, 100.0)
    assert rate.weight.sum() == pytest.approx(1)
    for q in (0.05, 0.5, 0.95):
        found = rate.quantile(q)
        laws = stats.gamma(rate.shape, scale=1 / rate.exposure)
        assert float((rate.weight * laws.cdf(found)).sum()) == pytest.approx(q, abs=1e-7)
    assert rate.mean_between == 1 / rate.quantile(0.5)


def test_the_pool_weighs_classes_by_negative_binomial_counts() -> None:
    counts, watched_ = [3, 5, 0], [100.0, 120.0, 90.0]
    pool = pool_rates(counts, watched_)
    log = np.zeros(len(pool.weight))
    for n, exposure in zip(counts, watched_, strict=True):
        log += stats.nbinom.logpmf(n, pool.shape, 1 / (1 + exposure * pool.rate / pool.shape))
    log -= (np.log(pool.shape**-0.5 / 0.5) / 0.7) ** 2 / 2
    weight = np.exp(log - log.max())
    np.testing.assert_allclose(pool.weight, weight / weight.sum(), rtol=1e-9)


def test_little_evidence_is_drawn_to_the_class() -> None:
    counts, hours = [40, 44, 38, 41, 0], [400.0] * 4 + [10.0]
    pool = pool_rates(counts, hours)
    own, lent = pool.machine(40, 400.0), pool.machine(0, 10.0)
    assert 10 < own.mean_between < 11
    assert 9 < lent.mean_between < 20
    assert lent.interval90[1] / lent.interval90[0] > 1.5 * own.interval90[1] / own.interval90[0]


@pytest.mark.long
def test_a_lent_rate_holds_the_true_one() -> None:
    """Six machines with a CV of 0.5 between their rates; the one hardly watched keeps its 90 %."""
    held, trials = 0, 200
    for k in range(trials):
        rng = np.random.default_rng((3, k))
        rate, hours = rng.gamma(4.0, 1 / 400, 6), rng.uniform(200, 500, 6)
        hours[0] = 40.0
        counts = rng.poisson(rate * hours).tolist()
        low, high = pool_rates(counts, hours.tolist()).machine(counts[0], hours[0]).interval90
        held += low <= 1 / rate[0] <= high
    assert 0.84 <= held / trials <= 0.98


def test_a_class_without_any_failure_is_finite() -> None:
    low, high = pool_rates([0, 0], [100.0, 50.0]).machine(0, 100.0).interval90
    assert 20 < low < high < math.inf


@pytest.mark.parametrize("wrong", [([], []), ([1], []), ([1], [0.0]), ([-1], [1.0])])
def test_wrong_counts_are_told(wrong: tuple[list[int], list[float]]) -> None:
    with pytest.raises(
        ValueError, match=r"^one number of failures and one exposure above 0 s are due for each machine$"
    ):
        pool_rates(*wrong)


def test_the_cv_and_the_family_are_shared_the_means_are_not() -> None:
    lives = class_of(4, 9, 25)
    found = pooled([lives[0], lives[1].scaled(3.0), lives[2]])
    for one in found:
        assert one.cv == pytest.approx(found[0].cv, rel=1e-3)
        assert one.cv_interval90 == pytest.approx(found[0].cv_interval90, rel=1e-3)
        assert one.weights == pytest.approx(found[0].weights, abs=1e-3)
        assert not one.borrowed
    alone = posterior(lives[1].scaled(3.0))
    assert found[1].mean == pytest.approx(alone.mean, rel=0.25)
    assert np.ptp(np.log(found[1].cv_interval90)) < 0.8 * np.ptp(np.log(alone.cv_interval90))


def test_a_machine_alone_learns_nothing() -> None:
    lives = class_of(9)
    one, alone = pooled(lives)[0], posterior(lives[0])
    assert (one.mean, one.cv) == pytest.approx((alone.mean, alone.cv), rel=1e-9)


def test_many_failures_share_a_sharp_cv() -> None:
    """Ten machines of 300: ln CV of 3,000 has a tenth of the width of the prior's, which the sharing must resolve."""
    found = pooled([watched((k,), law("gamma", 0.7), 300, 0.0) for k in range(10)])
    low, high = found[0].cv_interval90
    assert low <= 0.7 * 1.02
    assert high >= 0.7 * 0.98
    assert 0.02 < math.log(high / low) < 0.08
    assert found[9].cv == pytest.approx(found[0].cv, rel=1e-4)


def test_a_machine_without_failures_borrows_a_finite_marked_law() -> None:
    *others, one = pooled(class_of(6, 12, 9, 0))
    assert one.borrowed
    assert one.failures == 0
    assert not any(other.borrowed for other in others)
    assert one.cv == pytest.approx(others[0].cv, rel=2e-2)
    low, high = one.interval90
    assert 0 < low < one.mean < high < 1e5 * HOUR
    assert all(0 < draw.mean < math.inf and 0 < draw.cv < math.inf for draw in one.draws(100, 1))
    rate = pool_rates([6, 12, 9, 0], [s.exposure for s in class_of(6, 12, 9, 0)]).machine(0, 30 * HOUR)
    step = one.ln_mean[1] - one.ln_mean[0]
    assert np.log(one.interval90) == pytest.approx(np.log(rate.interval90), abs=step)
    assert 0 < one.extrapolated < 1


def test_a_lone_machine_without_failures_has_a_law_too() -> None:
    one = pooled([sample([], [30 * HOUR])])[0]
    assert one.borrowed
    assert 5 * HOUR < one.interval90[0] < one.interval90[1] < math.inf
    assert list(one.weights.values()) == pytest.approx([1 / 3] * 3)


def test_without_a_failure_the_bound_is_that_of_jeffreys() -> None:
    """One machine, class unknown: the wide spread between machines only widens Gamma(1/2, exposure)."""
    rate = pool_rates([0], [100.0]).machine(0, 100.0)
    sure = stats.gamma(0.5, scale=1 / 100.0)
    assert rate.quantile(0.95) == pytest.approx(sure.ppf(0.95), rel=0.35)
