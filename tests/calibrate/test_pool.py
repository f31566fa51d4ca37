"""What machines of a class lend each other."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from twin.calibrate.fitting.pool import Class, Seen, pooled
from twin.calibrate.fitting.posterior import posterior
from twin.calibrate.fitting.sample import Sample, sample

from .histories import TRUTHS, law, watched

HOUR = 3600.0


def class_of(*failures: int) -> list[Sample]:
    """Machines of one law with so many failures each; with none, 30 h of exposure."""
    return [
        watched((n, k), law("gamma", 0.7), n, 0.0) if n else sample([], [30 * HOUR]) for k, n in enumerate(failures)
    ]


def counted(failures: int, exposure: float) -> Seen:
    """A machine of constant rate: the likelihood of its count, one shape."""
    ln_mean = np.linspace(-3.0, 60.0, 2521)
    log = -failures * ln_mean - exposure * np.exp(-ln_mean)
    return Seen(ln_mean, (log - log.max())[None, :])


def test_with_constant_rates_it_is_the_gamma_poisson_model() -> None:
    """Laws of the class weigh as negative binomial counts do; a machine has the mixture of gamma laws."""
    counts, hours = [3, 5, 0], [100.0, 120.0, 90.0]
    group = Class([counted(n, e) for n, e in zip(counts, hours, strict=True)], np.zeros(1), (-8.0, 0.0), sum(counts))
    ln_rate, spread = group.laws
    rate, shape = np.exp(ln_rate), spread**-2
    log = -((np.log(spread / 0.5) / 0.7) ** 2) / 2
    for n, exposure in zip(counts, hours, strict=True):
        log += stats.nbinom.logpmf(n, shape, 1 / (1 + exposure * rate / shape))
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    found = np.exp(group.log_all[0] - group.log_all[0].max())
    np.testing.assert_allclose(found / found.sum(), weight, atol=2e-3 * weight.max())
    below = np.cumsum(group.machine(0)[0])
    for mean in (15.0, 30.0, 60.0):
        true = float((weight * stats.gamma(shape + 3, scale=1 / (shape / rate + 100.0)).sf(1 / mean)).sum())
        assert np.interp(math.log(mean), group.seen[0].ln_mean + 0.0125, below) == pytest.approx(true, abs=2e-3)


def test_without_a_failure_the_bound_is_that_of_jeffreys() -> None:
    """One machine, class unknown: the wide spread between machines only widens Gamma(1/2, exposure)."""
    group = Class([counted(0, 100.0)], np.zeros(1), (-25.0, 0.0), 0)
    below = np.cumsum(group.machine(0)[0])
    low = math.exp(float(np.interp(0.05, below, group.seen[0].ln_mean)))
    assert low == pytest.approx(1 / stats.gamma(0.5, scale=1 / 100.0).ppf(0.95), rel=0.35)


def fleet(seed: int, failures: int, others: int = 3) -> tuple[list[Sample], list[float]]:
    """One machine with so many failures, others with 20; means around an hour, a CV of 0.3 between their rates."""
    rng = np.random.default_rng((17, seed))
    means = (1 / rng.gamma(0.3**-2, 0.3**2, others + 1)).tolist()
    truth = TRUTHS[seed % len(TRUTHS)]
    made = zip(means, [failures, *[20] * others], strict=True)
    lives = [watched((seed, k), truth, n, 0.0).scaled(mean) for k, (mean, n) in enumerate(made)]
    return lives, [mean * HOUR for mean in means]


@pytest.mark.parametrize("failures", [2, 1, 4])
@pytest.mark.long
def test_a_pooled_mean_covers_and_is_sharper(failures: int) -> None:
    """Of 40 machines with few failures in a class 90 % hold the true mean, but for one chance in 1,000."""
    held, narrower = 0, []
    for seed in range(40):
        lives, means = fleet(seed, failures)
        low, high = pooled(lives)[0].interval90
        held += low <= means[0] <= high
        alone = posterior(lives[0]).interval90
        narrower.append(math.log(high / low) / math.log(alone[1] / alone[0]))
    assert stats.binom.ppf(0.0005, 40, 0.9) <= held
    assert np.mean(narrower) < 0.7


@pytest.mark.long
def test_lives_cut_short_by_maintenance_do_not_bias_the_class() -> None:
    """Wear of CV 0.5, changed at 0.9 of the mean: exposure / failures is 2.1 times the mean, the class is not."""
    truth, held, middle = law("weibull", 0.5), 0, []
    age = 0.9
    cut = float(truth.sf(age))
    for seed in range(20):
        found = pooled([watched((seed, k, 3), truth, n, cut) for k, n in enumerate((2, 3, 6, 8))])[0]
        held += found.interval90[0] <= HOUR <= found.interval90[1]
        middle.append(math.log(found.mean / HOUR))
    assert stats.binom.ppf(0.0005, 20, 0.9) <= held
    assert abs(np.mean(middle)) < math.log(1.5)


def test_from_five_failures_on_a_machine_keeps_its_own_mean() -> None:
    few, own = (pooled([watched((1,), law("gamma", 0.7), n, 0.0).scaled(0.1), *class_of(30, 40)])[0] for n in (4, 5))
    alone = posterior(watched((1,), law("gamma", 0.7), 5, 0.0).scaled(0.1))
    assert own.mean == pytest.approx(alone.mean, rel=0.25)
    assert few.mean > 1.2 * posterior(watched((1,), law("gamma", 0.7), 4, 0.0).scaled(0.1)).mean


def test_no_machine_and_no_exposure_are_told() -> None:
    for wrong in ([], [sample([], [0.0])]):
        with pytest.raises(ValueError, match=r"^some exposure above 0 s is due for each machine$"):
            pooled(wrong)


def test_the_cv_and_the_family_are_shared_the_means_are_not() -> None:
    lives = class_of(6, 9, 25)
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
    assert one.mean > 3 * others[0].mean
    assert 0 < one.extrapolated < 1


def test_a_lone_machine_without_failures_has_a_law_too() -> None:
    one = pooled([sample([], [30 * HOUR])])[0]
    assert one.borrowed
    assert 5 * HOUR < one.interval90[0] < one.interval90[1] < math.inf
    assert list(one.weights.values()) == pytest.approx([1 / 3] * 3, abs=0.02)
