"""Paired comparisons and the set that may be best, against published numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from twin.study.statistics.compare import against_best, compare, pair_variances, standings
from twin.study.statistics.interval import mean_interval

# Rossetti, Simulation modeling using the KSL, ch. 5, MultipleComparisonAnalyzer.
KSL = {
    "One": (63.72, 32.24, 40.28, 36.94, 36.29, 56.94, 34.1, 63.36, 49.29, 87.2),
    "Two": (63.06, 31.78, 40.32, 37.71, 36.79, 57.93, 33.39, 62.92, 47.67, 80.79),
    "Three": (57.74, 29.65, 36.52, 35.71, 33.81, 51.54, 31.39, 57.24, 42.63, 67.27),
    "Four": (62.63, 31.56, 39.87, 37.35, 36.65, 57.15, 33.3, 62.21, 47.46, 79.6),
}
NAMES = list(KSL)
VALUES = np.array(list(KSL.values())).T
PAIRS = {
    ("One", "Two"): (0.8, 2.1208488866489277, -0.717163897584507, 2.3171638975845044),
    ("One", "Three"): (5.686, 5.338356384589635, 1.867169893751214, 9.504830106248784),
    ("One", "Four"): (1.258, 2.342983852554973, -0.4180696795029526, 2.9340696795029544),
    ("Two", "Three"): (4.886, 3.443451756595411, 2.4227030055426577, 7.349296994457344),
    ("Two", "Four"): (0.458, 0.34450608767400037, 0.21155519103347087, 0.7044448089665337),
    ("Three", "Four"): (-4.428, 3.1383817486086683, -6.6730630574395, -2.182936942560498),
}


def test_published_pairs() -> None:
    found = compare(VALUES, NAMES, intervals=1)
    assert [(one.name, one.against) for one in found] == list(PAIRS)
    for one, told in zip(found, PAIRS.values(), strict=True):
        assert one.difference[:1] + one.difference[3:4] + one.difference[1:3] == pytest.approx(told, rel=1e-9)


def test_published_means() -> None:
    told = [(37.372282, 62.699718), (37.615023, 60.856978), (34.942379, 53.757621), (37.374126, 60.181874)]
    found = [mean_interval(values) for values in KSL.values()]
    assert [(one.low, one.high) for one in found if one] == [pytest.approx(ends, abs=1e-6) for ends in told]


def test_confidence_is_shared_by_the_comparisons() -> None:
    t = 3.364203  # Student's t with 9 degrees of freedom at 1 - 0.05 / 12, from scipy.stats
    for one in compare(VALUES, NAMES):
        assert one.difference.half_width == pytest.approx(t * PAIRS[one.name, one.against][1] / math.sqrt(10), rel=1e-5)
    assert [one.against for one in compare(VALUES, NAMES, "Two")] == ["Two"] * 3


def test_verdicts_follow_the_sense_of_the_kpi() -> None:
    more, less = compare(VALUES, NAMES, "Two"), compare(VALUES, NAMES, "Two", best="min")
    assert [(one.name, one.verdict) for one in more] == [("One", "undecided"), ("Three", "worse"), ("Four", "worse")]
    assert [one.verdict for one in less] == ["undecided", "better", "better"]


def test_how_many_more_replications() -> None:
    """At that many, and not at one fewer, the half width would be below the mean."""
    (one,) = compare(VALUES[:, :2], NAMES[:2])
    assert one.more is not None
    n = 10 + one.more
    # Student's t at 29 and 28 degrees of freedom: 2.0452, 2.0484.
    assert n == 30
    assert 2.0452 * 2.12085 / math.sqrt(30) < 0.8 < 2.0484 * 2.12085 / math.sqrt(29)


def test_gain_of_common_random_numbers() -> None:
    (one,) = compare(VALUES[:, [0, 1]], ["One", "Two"])
    assert one.correlation == pytest.approx(np.corrcoef(VALUES[:, 0], VALUES[:, 1])[0, 1], rel=1e-12)
    variances = VALUES[:, :2].var(axis=0, ddof=1).sum()
    assert one.saved == pytest.approx(variances / 2.1208488866489277**2, rel=1e-9)


def test_what_does_not_differ() -> None:
    same = np.column_stack([VALUES[:, 0], VALUES[:, 0], VALUES[:, 0] + 0.1])
    a, b = compare(same, ["base", "no effect", "shift"], "base")
    assert (a.verdict, a.more, a.correlation, a.saved) == ("same", None, pytest.approx(1.0), None)
    assert (b.verdict, b.saved) == ("better", None)


def test_missing_replications_are_left_out_by_pair() -> None:
    values = VALUES.copy()
    values[2, 0] = math.nan
    values[:, 3] = math.nan
    found = compare(values, NAMES, "Two")
    assert [(one.name, one.difference.n) for one in found] == [("One", 9), ("Three", 10)]
    (single,) = compare([[1.0, 2.0]], ["a", "b"], "a")
    assert (single.verdict, single.difference.low, single.more, single.saved) == ("undecided", None, None, None)


def test_document_is_json_ready() -> None:
    found = compare(VALUES, NAMES, "Two")[0].document()
    assert found["difference"]["n"] == 10
    assert standings(VALUES, NAMES)[0].document()["name"] == "One"


def test_wrong_tables() -> None:
    with pytest.raises(ValueError, match=r"^a table of shape \(10, 4\) does not fit 2 scenarios with different names$"):
        compare(VALUES, ["a", "b"])
    with pytest.raises(ValueError, match="different names"):
        compare(VALUES, ["a", "b", "c", "a"])
    with pytest.raises(ValueError, match=r"^there is no scenario 'Five' to compare with$"):
        compare(VALUES, NAMES, "Five")
    with pytest.raises(ValueError, match="two replications of all are due, not 4 and 1"):
        standings(VALUES[:1], NAMES)
    with pytest.raises(ValueError, match="between 0 and 1"):
        standings(VALUES, NAMES, 95)


def test_pair_variances_are_those_of_the_pairs() -> None:
    found = pair_variances(VALUES)
    assert (found == found.T).all()
    assert found.max() == pytest.approx(28.498048888888913, rel=1e-12)
    for (a, b), told in PAIRS.items():
        assert math.sqrt(found[NAMES.index(a), NAMES.index(b)]) == pytest.approx(told[1], rel=1e-9)


def test_published_intervals_against_the_best() -> None:
    """The book gives them without an allowance."""
    means = VALUES.mean(axis=0)
    low, high = against_best(means[:, None] - means[None, :], np.zeros((4, 4)))
    assert low == pytest.approx([0, -0.8, -5.686, -1.258], abs=1e-9)
    assert high == pytest.approx([0.8, 0, 0, 0], abs=1e-9)


def test_published_survivors() -> None:
    assert [one.name for one in standings(VALUES, NAMES) if one.may_be_best] == ["One", "Two"]
    assert [one.name for one in standings(VALUES, NAMES, best="min") if one.may_be_best] == ["Three"]


def test_signs_where_less_is_better() -> None:
    up, down = standings(VALUES, NAMES), standings(-VALUES, NAMES, best="min")
    assert [(one.low, one.high) for one in up] == [(-one.high, -one.low) for one in down]
    assert [one.mean for one in up] == pytest.approx(VALUES.mean(axis=0))


def test_indifference_keeps_what_is_near() -> None:
    wide = standings(VALUES, NAMES, indifference=1.0)
    assert [one.may_be_best for one in wide] == [True, True, False, True]
    # What is shown to be near the best is always one of those that may be it.
    assert [one.near_best for one in standings(VALUES, NAMES, indifference=4.0)] == [True, True, False, True]


def test_scenarios_that_are_the_same_stay_together() -> None:
    found = standings(np.column_stack([VALUES[:, 0], VALUES[:, 0]]), ["a", "b"])
    assert [one.may_be_best and one.near_best for one in found] == [True, True]


def test_the_best_stays_in_and_all_intervals_hold() -> None:
    """Four scenarios with unequal variances and correlation 0.8: of 1,000 trials at least 95 % but for chance."""
    rng, truth = np.random.default_rng(11), np.array([0.0, 0.3, 0.5, 0.6])
    common = rng.normal(0, 2, (1000, 20, 1))
    values = truth + common + rng.normal(0, [0.5, 1.0, 1.0, 2.0], (1000, 20, 4))
    gap = truth - np.array([0.6, 0.6, 0.6, 0.5])
    held = kept = 0
    for table in values:
        found = standings(table, list("abcd"))
        held += all(one.low <= g <= one.high for one, g in zip(found, gap, strict=True))
        kept += found[3].may_be_best
    assert held >= 930
    assert kept >= held
