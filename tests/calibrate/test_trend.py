"""Trend and dependence: published answers, size for every CV, power, and the words when nothing can be told."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from scipy import stats

from twin.calibrate.fitting.trend import (
    History,
    change_point,
    class_trend,
    false_discovery,
    history,
    laplace,
    lewis_robinson,
    power_law,
    serial,
    step_at,
)

from .known import GROWTH, REPAIRS, SHRINKING

HOUR = 3600.0
REPAIRED, GROWN = history(REPAIRS, 1500.0), history(GROWTH)
SHRUNK = history(np.cumsum(SHRINKING).tolist())


def renewals(rng: np.random.Generator, cv: float, n: float) -> History:
    """Gamma gaps of mean 1 in a window of n."""
    times = rng.gamma(cv**-2, cv * cv, int(4 * n + 30)).cumsum()
    return history(times[times < n], n)


# -- published answers


def test_power_law_of_a_growing_system() -> None:
    found = power_law(GROWN)
    assert (found.beta, found.lam, found.mean_at_end) == pytest.approx((0.61421, 0.423942, 45.883), rel=1e-5)


def test_power_law_of_repairs() -> None:
    found = power_law(REPAIRED)
    assert found.beta == pytest.approx(0.537229, rel=1e-5)
    better = found.unbiased
    assert (better.beta, better.mean_at_end) == pytest.approx((0.483506, 310.234), rel=1e-5)
    assert better.lam == pytest.approx(0.2913, rel=1e-4)
    assert found.chi_square == pytest.approx(37.2281, rel=1e-5)
    assert stats.chi2.sf(found.chi_square, 20) == pytest.approx(0.0109864, rel=1e-4)
    assert found.interval90[1] < 1


def test_laplace_and_reversals_of_repairs() -> None:
    assert laplace(REPAIRED).statistic == pytest.approx(-1.32695, rel=1e-5)
    gaps = REPAIRED.gaps
    assert int(np.triu(gaps[None, :] > gaps[:, None], 1).sum()) == 33


def test_trend_of_shrinking_gaps() -> None:
    found = power_law(SHRUNK)
    assert (found.beta, found.lam) == pytest.approx((1.5880533880966823, 3.702728848984521e-05), rel=1e-12)
    assert laplace(SHRUNK).statistic == pytest.approx(2.4094382960447107, rel=1e-12)


def test_lewis_robinson_of_shrinking_gaps() -> None:
    """2.40944 is no trend: Laplace took the spread of the gaps for one.

    The known 1.44773 takes the CV of the gaps before the one that closes the window; with all it would be 1.44981.
    """
    found = lewis_robinson(SHRUNK)
    assert found.statistic == pytest.approx(1.44773, rel=5e-6)
    assert found.p == pytest.approx(2 * stats.norm.sf(1.44773), abs=0.04)
    assert SHRUNK.gaps.std(ddof=1) / SHRUNK.gaps.mean() == pytest.approx(2.40944 / 1.44981, rel=1e-5)


# -- size and power


@pytest.mark.long
@pytest.mark.parametrize("cv", [0.5, 1.0, 2.0])
@pytest.mark.parametrize(("n", "trials"), [(12, 1500), (600, 1500)], ids=["12", "600"])
def test_lewis_robinson_keeps_its_level(cv: float, n: int, trials: int) -> None:
    rng = np.random.default_rng((n, int(10 * cv)))
    made = (renewals(rng, cv, n) for _ in range(trials))
    wrong = [lewis_robinson(one).p <= 0.05 for one in made if len(one.times) >= 4]
    assert 0.03 <= np.mean(wrong) <= 0.07


def test_laplace_does_not() -> None:
    """Why it is not used: nothing found among regular gaps, far too much among clustered ones."""
    rng = np.random.default_rng(1)
    regular, clustered = (np.mean([laplace(renewals(rng, cv, 50)).p <= 0.05 for _ in range(300)]) for cv in (0.4, 2.0))
    assert regular < 0.01
    assert clustered > 0.12


@pytest.mark.long
def test_the_class_trend_keeps_its_level() -> None:
    rng = np.random.default_rng(8)
    made = ([renewals(rng, cv, 10) for cv in (0.5, 1.0, 1.5)] for _ in range(800))
    wrong = [class_trend(one).p <= 0.05 for one in made]
    assert 0.03 <= np.mean(wrong) <= 0.07


def test_a_class_shows_what_one_machine_cannot() -> None:
    rng = np.random.default_rng(2)
    worn = [history(50 * (one.times / 50) ** 0.6, 50) for one in (renewals(rng, 1.0, 25) for _ in range(6))]
    assert class_trend(worn).p < 0.01
    assert class_trend(worn).statistic > 0
    assert class_trend([*worn, history([], 50.0), history([3.0], 50.0)]) == class_trend(worn)


def test_few_failures_and_many_agree() -> None:
    """Random orders of the gaps and the normal law say the same of 300 failures."""
    one = renewals(np.random.default_rng(6), 1.0, 300)
    found = lewis_robinson(one)
    assert found.p == pytest.approx(2 * stats.norm.sf(abs(found.statistic)), abs=0.05)


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_the_unit_of_time_changes_nothing(unit: float) -> None:
    other = history(SHRUNK.times * unit, SHRUNK.end * unit)
    assert lewis_robinson(other) == pytest.approx(lewis_robinson(SHRUNK), rel=1e-9)
    assert step_at(other, 2000 * unit).p == pytest.approx(step_at(SHRUNK, 2000).p, rel=1e-9)
    assert power_law(other).beta == pytest.approx(power_law(SHRUNK).beta, rel=1e-9)


def test_the_order_of_failures_is_found() -> None:
    assert lewis_robinson(history(REPAIRS[::-1], 1500.0)) == lewis_robinson(REPAIRED)


# -- serial correlation


def test_serial_has_the_moments_of_all_orders() -> None:
    """Bartels' mean 2 and variance are exact: over all orders of 7 values."""
    ratios = [2 * (1 - serial(order).statistic) for order in permutations(range(7))]
    n = 7
    assert np.mean(ratios) == pytest.approx(2)
    variance = 4 * (n - 2) * (5 * n * n - 2 * n - 9) / (5 * n * (n + 1) * (n - 1) ** 2)
    assert np.var(ratios) == pytest.approx(variance)


def test_serial_finds_dependence() -> None:
    noise = np.random.default_rng(3).standard_normal(200)
    assert serial(noise).p > 0.05
    assert serial(np.exp(noise.cumsum() / 5)).statistic > 0.5
    assert serial([1, 9] * 10).statistic < -0.8
    assert serial(noise) == serial(np.exp(noise))


# -- a step at an event


def test_a_step_keeps_its_level_and_its_interval() -> None:
    for cv in (0.5, 1.0, 2.0):
        rng = np.random.default_rng((4, int(10 * cv)))
        made = [renewals(rng, cv, 40) for _ in range(400)]
        steps = [step_at(one, 15.0) for one in made if len(one.times) >= 10]
        assert np.mean([one.p <= 0.05 for one in steps]) <= 0.085
        assert np.mean([one.interval90[0] <= 1 <= one.interval90[1] for one in steps]) >= 0.86


def test_a_step_is_found() -> None:
    rng = np.random.default_rng(5)
    times = np.append(rng.exponential(1.0, 30), rng.exponential(3.0, 30)).cumsum()
    found = step_at(history(times), float(times[29]))
    assert (found.before, found.after) == (30, 30)
    assert found.p < 0.01
    assert found.interval90[0] < 3 < found.interval90[1]


def test_a_step_after_the_last_failure_has_an_end() -> None:
    found = step_at(history([1.0, 2.2, 3.1, 4.5, 5.2], 60.0), 6.0)
    assert (found.before, found.after) == (5, 0)
    assert found.ratio > 20
    assert found.interval90[1] < math.inf


# -- a change that nobody named


@pytest.mark.parametrize("cv", [0.5, 1.0, 2.0])
def test_a_change_point_keeps_its_level(cv: float) -> None:
    """5 % of 600 trend-free series at most, but for one chance in 2,000: at 250 gaps the test is a little timid."""
    rng = np.random.default_rng((9, int(10 * cv)))
    wrong = sum(change_point([history(rng.gamma(cv**-2, cv * cv, 250).cumsum())]).p <= 0.05 for _ in range(600))
    assert 0 < wrong <= stats.binom.ppf(0.9995, 600, 0.05)


def test_a_change_point_is_where_it_changed() -> None:
    rng = np.random.default_rng(5)
    still = history(rng.exponential(1.0, 100).cumsum())
    moved = history(np.append(rng.exponential(1.0, 120), rng.exponential(2.0, 130)).cumsum())
    found = change_point([still, moved, history([3.0])])
    assert found.machine == 1
    assert 100 <= found.before <= 140
    assert found.age == moved.times[found.before - 1]
    assert found.ratio == pytest.approx(2, rel=0.3)
    assert found.p < 0.001
    with pytest.raises(ValueError, match=r"^a change point needs a machine with at least 30 gaps that differ$"):
        change_point([history([3.0])])


def test_the_order_of_machines_leaves_no_trace() -> None:
    rng = np.random.default_rng(3)
    some = [renewals(rng, 1.0, n) for n in (8, 12, 8, 30)]
    assert class_trend(some[::-1], 5) == class_trend(some, 5)


# -- many tests


def test_false_discovery_is_scipys() -> None:
    p = np.random.default_rng(6).random(30) ** 2
    np.testing.assert_allclose(false_discovery(p.tolist()), stats.false_discovery_control(p), rtol=1e-12)
    assert false_discovery([]).size == 0


# -- what cannot be told


def test_words() -> None:
    with pytest.raises(ValueError, match=r"^a window that ends at 5.0 s holds no failure at 7.0 s$"):
        history([7.0], 5.0)
    with pytest.raises(ValueError, match=r"^finite ages of at least 0 s are due$"):
        history([math.nan, 1.0])
    with pytest.raises(ValueError, match=r"^at least 4 complete gaps that differ are due, not 3$"):
        lewis_robinson(history([1.0, 2.0, 4.0], 9.0))
    with pytest.raises(ValueError, match=r"^at least 4 complete gaps that differ are due, not 5$"):
        lewis_robinson(history([1.0, 2.0, 3.0, 4.0, 5.0], 9.0))
    with pytest.raises(ValueError, match=r"^a class needs a machine with at least 4 complete gaps that differ$"):
        class_trend([history([1.0], 9.0)])
    with pytest.raises(ValueError, match=r"^one failure that closes the window tells nothing of a trend$"):
        laplace(history([1.0]))
    with pytest.raises(ValueError, match=r"^at least 5 values that differ are due for a serial correlation, not 2$"):
        serial([1.0, 2.0])
    with pytest.raises(ValueError, match=r"^a power law needs at least 2 failures inside the window"):
        power_law(history([1.0, 2.0]))
    with pytest.raises(ValueError, match=r"^the event at 9.0 s is not inside the window of 9.0 s$"):
        step_at(history([1.0], 9.0), 9.0)
    with pytest.raises(ValueError, match=r"^a step needs at least 4 complete gaps that differ beside the event$"):
        step_at(history([1.0, 2.5], 9.0), 5.0)
