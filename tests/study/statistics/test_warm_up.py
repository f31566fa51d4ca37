"""MSER-5 against a known answer, and the warm-up of a study."""

from __future__ import annotations

import itertools
import math
from statistics import NormalDist

import numpy as np
import pytest

from twin.study.statistics.warm_up import PERIODS, UnsettledError, mser, warm_up


def mrg32k3a(n: int) -> list[float]:
    """The default stream of L'Ecuyer (1999), Operations Research 47: all six seeds 12345."""
    m1, m2 = 4294967087, 4294944443
    a, b, found = [12345] * 3, [12345] * 3, list[float]()
    for _ in range(n):
        p = (1403580 * a[1] - 810728 * a[0]) % m1
        q = (527612 * b[2] - 1370589 * b[0]) % m2
        a, b = [*a[1:], p], [*b[1:], q]
        found.append(((p - q) % m1 or m1) / (m1 + 1))
    return found


def drifting() -> list[float]:
    """y(t) = 10 + 8 exp(-t / 25) + AR(1) with φ = 0.5, 500 values."""
    noise = itertools.accumulate((NormalDist().inv_cdf(u) for u in mrg32k3a(500)), lambda old, e: 0.5 * old + e)
    return [10 + 8 * math.exp(-t / 25) + one for t, one in enumerate(noise)]


def test_known_answer() -> None:
    """A case worked out in exact order by trying every cut, and by trying every cut without batches."""
    series = drifting()
    assert series[:3] == pytest.approx([16.859365956277763, 16.64417829063289, 16.36570323515293], abs=1e-9)
    found = mser(series)
    assert (found.cut, found.n, found.settled) == (80, 500, True)
    assert found.statistic == pytest.approx(0.005922927498705079, rel=1e-9)
    assert found.mean == pytest.approx(9.962644437803114, rel=1e-12)
    assert (mser(series, 1).cut, mser(series, 1).mean) == (42, pytest.approx(10.0484229493244, rel=1e-12))


def test_series_that_stay_the_same_need_no_cut() -> None:
    assert mser([0.1] * 100).cut == 0
    assert mser([0.0] * 100).cut == 0


def test_series_that_become_constant_are_cut_where_they_do() -> None:
    assert mser([*range(40), *[40.1] * 163]).cut == 40
    assert mser([*range(40), *[40.1] * 163]).n == 200


def test_what_drifts_to_the_end_is_not_settled() -> None:
    assert not mser(np.arange(200.0)).settled


@pytest.mark.parametrize(("phi", "most"), [(0.0, 0.01), (0.9, 0.02)])
def test_what_is_steady_is_hardly_ever_refused(phi: float, most: float) -> None:
    """AR(1) from its steady state at the length that is advised: 500 series."""
    rng = np.random.default_rng(17)
    values = np.empty((PERIODS, 500))
    values[0] = rng.normal(0, 1 / math.sqrt(1 - phi**2), 500)
    for t in range(1, PERIODS):
        values[t] = phi * values[t - 1] + rng.standard_normal(500)
    assert sum(not mser(one).settled for one in values.T) <= 500 * most


def test_too_short_or_not_finite() -> None:
    with pytest.raises(ValueError, match=r"^MSER needs at least 100 values, not 99$"):
        mser([1.0] * 99)
    with pytest.raises(ValueError, match=r"^MSER needs finite values$"):
        mser([1.0] * 99 + [math.nan])


def pilots(tail: float, count: int = 10) -> np.ndarray:
    """Replications of a KPI that falls to 10 as exp(-t / tail)."""
    t = np.arange(400)
    noise = np.random.default_rng(3).normal(0, 1, (count, len(t)))
    return 10 + 8 * np.exp(-t / tail) + noise


def test_longest_over_kpis_and_scenarios() -> None:
    found = warm_up({"wip of base": pilots(2), "wip of lean": pilots(40), "parts of lean": pilots(12)}, period=0.5)
    assert found.label == "wip of lean"
    assert found.time == found.cuts["wip of lean"].cut * 0.5
    assert found.cuts["wip of base"].cut < found.cuts["parts of lean"].cut < found.cuts["wip of lean"].cut
    # Where the drift left is small against the error of the mean of 10: 8 exp(-t / 40) < 0.3.
    assert 100 <= found.cuts["wip of lean"].cut <= 200


def test_second_half_is_refused() -> None:
    trend = np.arange(400) / 50
    with pytest.raises(UnsettledError) as caught:
        warm_up({"wip of base": pilots(5), "wip of lean": pilots(4) - trend, "stock of lean": pilots(3) + trend}, 1.0)
    assert list(caught.value.cuts) == ["wip of lean", "stock of lean"]
    cut = max(one.cut for one in caught.value.cuts.values())
    assert str(caught.value).partition(" (")[2] == (
        f"and 1 more) has not settled: MSER-5 would cut {cut} of 400 periods of the pilot, more than half; "
        "take a longer pilot, or ask whether this plant ever settles"
    )


def test_few_pilots_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^wip: a warm-up needs at least 10 pilot replications, not 9$"):
        warm_up({"wip": pilots(5, 9)}, 1.0)
    with pytest.raises(ValueError, match=r"not 1$"):
        warm_up({"wip": pilots(5)[0]}, 1.0)
    with pytest.raises(ValueError, match=r"^a warm-up needs pilot replications of at least one KPI$"):
        warm_up({}, 1.0)


def test_periods_without_a_value() -> None:
    values = pilots(5)
    values[:, :30] = math.nan  # no part has left yet
    values[:, 200] = math.nan  # no part leaves
    values[3, 300] = math.nan
    found = warm_up({"lead time": values}, 1.0)
    assert 30 <= found.time <= 60
    assert found.cuts["lead time"].n == 400
    with pytest.raises(ValueError, match=r"^lead time: no pilot replication has a value$"):
        warm_up({"lead time": np.full((10, 60), math.nan)}, 1.0)
