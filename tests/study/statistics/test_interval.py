"""Intervals against published numbers and against their promise."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest

from twin.core.confidence import wilson
from twin.study.statistics.interval import (
    Interval,
    mean_interval,
    more_to_tell,
    replications_for,
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
    low, high = wilson(covered, trials, 0.999)
    assert low <= 0.95 <= high


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
