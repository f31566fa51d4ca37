"""Curves of a diagnosis: against hands, against theory, and the coverage of the simultaneous band."""

from __future__ import annotations

import math

import numpy as np
import pytest

from twin.calibrate.fitting.curves import (
    envelope,
    even_band,
    gap_pairs,
    kaplan_meier,
    quantiles,
    renewal_band,
    survival_band,
)
from twin.calibrate.fitting.fit import fit
from twin.calibrate.fitting.posterior import posterior
from twin.calibrate.fitting.sample import sample
from twin.calibrate.fitting.trend import history

from .histories import law, watched

HOUR = 3600.0


def test_kaplan_meier_by_hand() -> None:
    seen = kaplan_meier(sample([1, 3, 3, 6], [2, 4]))
    assert seen.time.tolist() == [1, 3, 6]
    assert seen.survival.tolist() == pytest.approx([5 / 6, 5 / 6 * 2 / 4, 0])
    assert seen.at(np.array([0.5, 1, 2.9, 3, 7])).tolist() == pytest.approx([1, 5 / 6, 5 / 6, 5 / 12, 0])
    assert seen.start == 0


def test_lives_entered_late_are_watched_only_then() -> None:
    """Three lives from 0, one from 2: at 1 there are 3 under watch, at 4 two of them and the late one."""
    seen = kaplan_meier(sample([1, 4, 7], [5], exact_entry=[0, 0, 2], censored_entry=[0]))
    assert seen.survival.tolist() == pytest.approx([2 / 3, 2 / 3 * 2 / 3, 0])


def test_without_entries_before_it_survival_starts_at_the_first() -> None:
    seen = kaplan_meier(sample([40, 60], exact_entry=[30, 30]))
    assert (seen.start, seen.survival.tolist()) == (30, [0.5, 0])


def test_where_watching_broke_off_survival_starts_again() -> None:
    seen = kaplan_meier(sample([5, 20, 30], exact_entry=[0, 10, 10]))
    assert (seen.start, seen.time.tolist(), seen.survival.tolist()) == (10, [20, 30], [0.5, 0])


def test_nothing_seen_has_no_steps() -> None:
    assert kaplan_meier(sample([])).start == 0
    assert kaplan_meier(sample([], [5])).at(np.array([1.0, 9.0])).tolist() == [1, 1]


def test_plotting_positions_are_hazens_without_censoring() -> None:
    seen = kaplan_meier(sample([4, 1, 3, 2, 5]))
    assert seen.chances.tolist() == pytest.approx([0.1, 0.3, 0.5, 0.7, 0.9])
    assert seen.quantile(seen.chances).tolist() == [1, 2, 3, 4, 5]


def test_a_censored_sample_has_no_quantile_beyond_its_end() -> None:
    found = kaplan_meier(sample([1, 2], [3, 3])).quantile(np.array([0.2, 0.5, 0.6]))
    assert found[:2].tolist() == [1, 2]
    assert math.isnan(found[2])


def test_the_survival_band_holds_the_truth_of_a_large_sample() -> None:
    truth = law("weibull", 0.6)
    lives = watched((1,), truth, 400, 0.3)
    ages = np.linspace(0, 1.2 * HOUR, 9)
    band = survival_band(posterior(lives), ages)
    true = truth.sf(ages / HOUR)
    assert band.middle[0] == pytest.approx(1)
    assert (np.abs(band.middle - true) < 0.08).all()
    assert (band.low <= band.middle).all()
    assert (band.middle <= band.high).all()
    assert band.high[4] - band.low[4] < 0.15


def test_a_band_from_a_late_start_begins_at_one() -> None:
    band = survival_band(posterior(watched((2,), law("gamma", 1.3), 20, 0.0)), np.array([600.0, 900.0]), 600.0)
    assert [curve[0] for curve in band] == [1, 1, 1]


def test_the_qq_plot_of_an_exact_sample_lies_on_the_line() -> None:
    truth = law("lognormal", 0.9)
    lives = sample(HOUR * truth.ppf((np.arange(200) + 0.5) / 200))
    found = quantiles(lives, fit("lognormal", lives), fits=40)
    assert len(found.seen) == 150
    assert np.abs(np.log(found.seen / found.law)).max() < 0.06
    assert not found.outside.any()


def test_a_wrong_law_leaves_the_band() -> None:
    """Lives of CV 0.3 and a hundred times as many short ones are no gamma law."""
    rng = np.random.default_rng(5)
    lives = sample(np.concatenate([rng.normal(100, 10, 40), rng.exponential(1, 40)]).clip(1e-3) * HOUR)
    assert quantiles(lives, fit("gamma", lives), fits=60).outside.any()


@pytest.mark.long
def test_nine_in_ten_samples_lie_in_the_band_as_a_whole() -> None:
    """Of 60 samples, half of their lives censored: 0.9 with four standard errors √(0.09/60)."""
    samples = [watched((5, k), law("weibull", 1.0), 10, 0.5) for k in range(60)]
    inside = [not quantiles(one, fit("weibull", one), fits=49, seed=k).outside.any() for k, one in enumerate(samples)]
    assert abs(np.mean(inside) - 0.9) < 4 * math.sqrt(0.09 / 60)


def test_the_envelope_holds_the_share_it_says() -> None:
    curves = np.random.default_rng(1).normal(size=(399, 12)).cumsum(axis=1)
    low, high = envelope(curves)
    share = ((curves >= low) & (curves <= high)).all(axis=1).mean()
    assert share == pytest.approx(0.9, abs=1 / 399)


def test_an_envelope_says_nothing_where_few_curves_reach() -> None:
    curves = np.random.default_rng(1).normal(size=(99, 3))
    curves[5:, 2] = np.nan
    low, high = envelope(curves)
    assert np.isfinite(low).tolist() == np.isfinite(high).tolist() == [True, True, False]
    assert np.isnan(envelope(np.empty((0, 2)))[0]).all()


def test_the_renewal_band_holds_nine_in_ten_counts() -> None:
    """2,000 machines with gamma gaps over 60 mean gaps: 0.9 with four standard errors and the step of a count."""
    cv, age = 0.7, 60.0
    gaps = np.random.default_rng(3).gamma(cv**-2, cv**2, (2000, 120)).cumsum(axis=1)
    counted = (gaps <= age).sum(axis=1)
    band = renewal_band(np.array([0.0, age]), 1.0, cv)
    assert (band.low[0], band.middle[0], band.high[0]) == (0, 0, 0)
    share = ((counted >= band.low[1]) & (counted <= band.high[1])).mean()
    assert abs(share - 0.9) < 4 * math.sqrt(0.09 / 2000) + 0.02
    assert counted.mean() == pytest.approx(band.middle[1], abs=(1 - cv**2) / 2 + 0.5)


def test_gaps_are_paired_within_a_machine() -> None:
    first, then = gap_pairs([history([1, 3, 6], 7), history([4, 9], 9.5), history([], 3)])
    ranks = (np.arange(1, 6) - 0.5) / 5
    assert first.tolist() == pytest.approx([ranks[0], ranks[1], ranks[3]])
    assert then.tolist() == pytest.approx([ranks[1], ranks[2], ranks[4]])
    assert gap_pairs([])[0].size == 0


@pytest.mark.parametrize("weights", [[1.0] * 8, [1.0, 0.5, 1.0, 1.0, 0.25, 1.0, 1.0, 0.0]])
def test_even_counts_lie_in_their_band_together(weights: list[float]) -> None:
    low, high = even_band(120, np.array(weights))
    counts = np.random.default_rng(2).multinomial(120, np.array(weights) / sum(weights), 4000)
    inside = ((counts >= low) & (counts <= high)).all(axis=1).mean()
    assert 0.9 - 4 * math.sqrt(0.09 / 4000) < inside < 0.99
