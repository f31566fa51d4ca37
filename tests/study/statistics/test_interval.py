"""Intervals against published numbers and against their promise."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest

from twin.study.statistics.interval import (
    Interval,
    mean_interval,
    more_to_tell,
    more_trials_to_tell,
    quantile_interval,
    quantile_ranks,
    replications_for,
    wilson,
)

# Differences of the KSL book (Rossetti, Simulation modeling using the KSL, ch. 5, MultipleComparisonAnalyzer).
ONE = (63.72, 32.24, 40.28, 36.94, 36.29, 56.94, 34.1, 63.36, 49.29, 87.2)
TWO = (63.06, 31.78, 40.32, 37.71, 36.79, 57.93, 33.39, 62.92, 47.67, 80.79)


def test_published_paired_interval() -> None:
    found = mean_interval([a - b for a, b in zip(ONE, TWO, strict=True)])
    assert found is not None
    assert found.mean == pytest.approx(0.8, abs=1e-12)
    assert found.sd == pytest.approx(2.1208, abs=5e-5)
    assert (found.low, found.high) == pytest.approx((-0.7172, 2.3172), abs=5e-5)
    assert found.n == 10


def test_confidence_decides_the_width() -> None:
    narrow, wide = mean_interval(ONE, 0.9), mean_interval(ONE, 0.99)
    assert narrow is not None
    assert wide is not None
    # Quantiles of Student's t with 9 degrees of freedom, from tables.
    sd = statistics.stdev(ONE) / math.sqrt(10)
    assert narrow.half_width == pytest.approx(1.833113 * sd, rel=1e-6)
    assert wide.half_width == pytest.approx(3.249836 * sd, rel=1e-6)


def test_one_replication_has_no_interval() -> None:
    assert mean_interval([4.0]) == Interval(4.0, None, None, None, 1)
    assert mean_interval([4.0], 0.5).document() == {"mean": 4.0, "low": None, "high": None, "sd": None, "n": 1}  # type: ignore[union-attr]


def test_equal_values_have_no_width() -> None:
    assert mean_interval([0.1] * 7) == Interval(0.1, 0.1, 0.1, 0.0, 7)


def test_missing_values_are_left_out_and_told_by_n() -> None:
    assert mean_interval([1.0, None, math.nan, 3.0]) == mean_interval([1.0, 3.0])
    assert mean_interval([1.0, None, math.nan, 3.0]).n == 2  # type: ignore[union-attr]
    assert mean_interval([None, math.nan]) is None
    assert mean_interval([]) is None


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, -0.1])
def test_level_must_be_a_share(level: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        mean_interval([1.0, 2.0], level)


@pytest.mark.parametrize("n", [3, 20])
def test_nominal_coverage_holds(n: int) -> None:
    """On normal data the coverage is exact: 4,000 trials must stay within its own 99.9 % interval."""
    rng, trials = np.random.default_rng(7), 4000
    found = [mean_interval(row) for row in rng.normal(5.0, 2.0, (trials, n)).tolist()]
    covered = sum(one.low <= 5.0 <= one.high for one in found if one and one.low is not None and one.high is not None)
    band = wilson(covered, trials, 0.999)
    assert band.low is not None
    assert band.high is not None
    assert band.low <= 0.95 <= band.high


def test_wilson_against_published_numbers() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3: 81/263 and 15/148, 0/20, 1/29.
    for events, trials, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)):
        found = wilson(events, trials)
        assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
    assert wilson(20, 20).high == 1.0


@pytest.mark.parametrize(("events", "trials"), [(0, 0), (3, 2), (-1, 5)])
def test_wilson_refuses_what_is_no_share(events: int, trials: int) -> None:
    with pytest.raises(ValueError, match="make no share"):
        wilson(events, trials)


@pytest.mark.parametrize(
    ("n", "share", "low", "high", "coverage"),
    [
        (100, 0.9, 84, 96, 0.955690107191223),  # scipy.stats.quantile_test gives the same
        (100, 0.5, 40, 61, 0.9647997997822952),
        (30, 0.5, 10, 21, 0.9572260547429323),
        (50, 0.95, 44, 51, 0.9882135522027357),
        (200, 0.95, 184, 197, 0.9671521638567256),
        (20, 0.5, 6, 15, 0.9586105346679688),
    ],
)
def test_ranks_of_a_quantile(n: int, share: float, low: int, high: int, coverage: float) -> None:
    """Order statistics against the binomial, worked out exactly."""
    assert quantile_ranks(n, share) == (low, high, pytest.approx(coverage, rel=1e-11))
    found = quantile_interval([float(rank) for rank in range(n, 0, -1)], share)
    assert found is not None
    assert (found.low, found.high) == (low, high if high <= n else None)
    assert found.value == pytest.approx(np.quantile(np.arange(1, n + 1), share))


def test_quantiles_of_few_values_are_open() -> None:
    assert quantile_interval([2.0, None, 1.0, math.nan], 0.5) == (1.5, None, None, 1.0, 2)
    assert quantile_interval([], 0.5) is None
    assert quantile_interval([4.0], 0.9).document()["value"] == 4.0  # type: ignore[union-attr]
    with pytest.raises(ValueError, match=r"a share between 0 and 1, not 3 and 5$"):
        quantile_interval([1.0, 2.0, 3.0], 5)


def test_replications_for_a_half_width() -> None:
    # 385 by the normal law for sd / half width = 10, 2 more for Student's t; tables: t(7) = 2.3646, t(6) = 2.4469.
    assert replications_for(1.0, 10.0) == 387
    assert replications_for(2.3646 / math.sqrt(8) + 1e-4, 1.0) == 8
    assert replications_for(2.4469 / math.sqrt(7) - 1e-4, 1.0) == 8
    assert replications_for(1.0, 0.0) == 2
    assert replications_for(1e-9, 1.0) is None
    assert replications_for(0.0, 1.0) is None


def test_how_many_more_until_a_threshold_is_left() -> None:
    found = Interval(5.0, 1.0, 9.0, 10.0, 27)
    # ± 1 at sd 10 takes 387 in all.
    assert (more_to_tell(found, 6.0), more_to_tell(found, 4.0)) == (360, 360)
    assert more_to_tell(found, 100.0) == 0
    assert more_to_tell(found, 5.0) is None
    assert more_to_tell(Interval(5.0, None, None, None, 1), 4.0) is None


@pytest.mark.parametrize(
    ("events", "trials", "threshold"), [(180, 200, 0.85), (80, 100, 0.85), (1, 20, 0.0), (9, 9, 0.5)]
)
def test_how_many_more_trials_until_a_share_is_told(events: int, trials: int, threshold: float) -> None:
    more = more_trials_to_tell(wilson(events, trials), threshold)
    assert more is not None
    n = trials + more
    then = wilson(round(n * events / trials), n)
    assert then.low is not None
    assert then.high is not None
    # Whole events move the ends by half an event.
    assert not then.low + 0.5 / n < threshold < then.high - 0.5 / n
    fewer = wilson(round((n - 2) * events / trials), n - 2)
    assert more == 0 or (fewer.low - 0.5 / n <= threshold <= fewer.high + 0.5 / n)  # type: ignore[operator]
    assert more_trials_to_tell(wilson(1, 2), 0.5) is None
