"""What may be printed, shares, and goodness of fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from twin.calibrate.fitting.fit import fit
from twin.calibrate.fitting.goodness import anderson_darling
from twin.calibrate.fitting.posterior import posterior
from twin.calibrate.fitting.said import Said, law_words, least_mean, said
from twin.calibrate.fitting.sample import sample
from twin.calibrate.fitting.share import design_effect, share
from twin.core.drawfile import FAMILIES

from .histories import law, watched


@pytest.mark.parametrize(
    ("failures", "allowed"),
    [
        (0, {"bound", "pooled"}),
        (1, {"book_mean", "pooled"}),
        (4, {"book_mean", "pooled"}),
        (5, {"book_mean", "spread", "trend"}),
        (29, {"book_mean", "spread", "trend"}),
        (30, {"book_mean", "spread", "trend", "goodness", "serial"}),
        (200, {"book_mean", "spread", "trend", "goodness", "serial"}),
        (201, {"book_mean", "spread", "trend", "goodness", "serial", "empirical", "changes"}),
    ],
)
def test_what_may_be_printed(failures: int, allowed: set[str]) -> None:
    assert {name for name in Said._fields if getattr(said(failures), name)} == allowed


def test_no_law_is_named_below_fifty_failures() -> None:
    sure = {"gamma": 0.01, "weibull": 0.99}
    assert {law_words(n, sure) for n in range(5)} == {"cannot tell"}
    assert {law_words(n, sure) for n in range(5, 50)} == {"weibull 0.99, gamma 0.01"}
    assert law_words(50, sure) == "weibull"
    assert law_words(500, {"gamma": 0.4, "weibull": 0.6}) == "weibull 0.60, gamma 0.40"


def test_one_failure_never_names_a_law() -> None:
    words = law_words(1, posterior(sample([5e4], [3e4])).weights)
    assert not [family for family in FAMILIES if family in words]


def test_the_bound_without_failures_is_the_rule_of_three() -> None:
    assert least_mean(300.0) == pytest.approx(100.1, rel=1e-3)
    with pytest.raises(ValueError, match=r"^a confidence between 0 and 1 is due, such as 0\.95, not 95$"):
        least_mean(300.0, 95)


# -- shares


def test_a_share_is_its_beta_law() -> None:
    found = share(3, 200)
    assert found.mean == 3.5 / 201
    assert found.interval90 == pytest.approx(stats.beta(3.5, 197.5).ppf([0.05, 0.95]))
    drawn = found.draws(4000, 1)
    assert (drawn == found.draws(4000, 1)).all()
    assert drawn.mean() == pytest.approx(found.mean, abs=4.5 * drawn.std() / 63)


def test_none_and_all_are_possible() -> None:
    assert share(0, 50).interval90[0] == 0
    assert 0 < share(0, 50).mean < share(0, 50).interval90[1] < 0.06
    assert share(50, 50).interval90[1] == 1


def test_intervals_of_shares_hold_the_true_one() -> None:
    for parts, true in ((30, 0.02), (30, 0.1), (400, 0.02)):
        bad = np.arange(parts + 1)
        held = [low <= true <= high for low, high in (share(int(one), parts).interval90 for one in bad)]
        assert 0.84 <= (stats.binom.pmf(bad, parts, true) * held).sum() <= 0.99


def days(seed: int, k: int, spread: float) -> tuple[Any, Any]:
    """Bad parts and parts of k days of about 100, of a share of 10 % with this intraclass correlation."""
    rng = np.random.default_rng((k, seed))
    parts = rng.poisson(100, k) + 1
    share_of = rng.beta(0.1 * (1 / spread - 1), 0.9 * (1 / spread - 1), k) if spread else np.full(k, 0.1)
    return rng.binomial(parts, share_of), parts


@pytest.mark.parametrize("k", [20, 60])
@pytest.mark.parametrize("spread", [0.0, 0.02, 0.1])
def test_shares_that_vary_from_day_to_day_are_covered(k: int, spread: float) -> None:
    """90 % of 300 histories hold the true share, but for one chance in 1,000; without the effect far fewer would."""
    held = naive = 0
    for seed in range(300):
        bad, parts = days(seed, k, spread)
        each = [share(int(bad.sum()), int(parts.sum()), effect).interval90 for effect in (design_effect(bad, parts), 1)]
        held, naive = held + (each[0][0] <= 0.1 <= each[0][1]), naive + (each[1][0] <= 0.1 <= each[1][1])
    assert stats.binom.ppf(0.0005, 300, 0.9) <= held <= stats.binom.ppf(0.9995, 300, 0.9) + (spread == 0) * 6
    assert spread == 0 or naive < 0.75 * 300


@pytest.mark.parametrize(("k", "most"), [(20, 1.12), (200, 1.03)])
def test_shares_that_do_not_vary_are_hardly_wider(k: int, most: float) -> None:
    """The mean of max(1, chi-square / k) is 1 + sqrt(1 / (pi k)), and its root half of that wider; with Student's t."""
    wider = []
    for seed in range(200):
        bad, parts = days(seed, k, 0.0)
        wider.append(design_effect(bad, parts) ** 0.5)
    assert 1 <= np.mean(wider) <= most


def test_too_few_counts_tell_no_effect() -> None:
    assert design_effect([9, 0, 0, 0], [10, 10, 10, 10]) == 1
    assert design_effect([0] * 9, [10] * 9) == design_effect([10] * 9, [10] * 9) == 1
    assert design_effect([10, 0, 10, 0, 10, 0], [10] * 6) == pytest.approx(12 * (2.015 / 1.645) ** 2, rel=1e-3)


def test_words_of_shares() -> None:
    with pytest.raises(ValueError, match=r"^a design effect of at least 1 is due, not 0.5$"):
        share(1, 3, 0.5)
    with pytest.raises(ValueError, match=r"^5 of 3 parts make no share$"):
        share(5, 3)
    with pytest.raises(ValueError, match=r"^0 of 0 parts make no share$"):
        share(0, 0)


# -- goodness of fit


def test_the_distance_is_anderson_and_darlings() -> None:
    lives = watched((1,), law("weibull", 1.0), 20, 0.0)
    found = fit("exponential", lives)
    u = np.sort(stats.expon(scale=found.mean).cdf(lives.exact))
    i = np.arange(1, 21)
    true = -20 - ((2 * i - 1) / 20 * (np.log(u) + np.log(1 - u[::-1]))).sum()
    assert anderson_darling(lives, found, fits=1).statistic == pytest.approx(true, rel=1e-9)


def test_a_wrong_law_is_refused_a_right_one_is_not() -> None:
    lives = watched((3,), law("lognormal", 1.5), 120, 0.0)
    wrong, right = (anderson_darling(lives, fit(family, lives), fits=60) for family in ("weibull", "lognormal"))
    assert wrong.p < 0.05 < right.p
    assert wrong == anderson_darling(lives, fit("weibull", lives), fits=60)
    assert right.fits == 60


@pytest.mark.parametrize(
    "family", ["weibull", *(pytest.param(one, marks=pytest.mark.long) for one in ("lognormal", "gamma"))]
)
def test_a_test_that_stops_early_decides_as_the_whole_one(family: str) -> None:
    """Right and wrong laws of 40 lives: p is below 0.05 for both or for neither."""
    early = 0
    for seed in range(12):
        lives = watched((6, seed), law(("weibull", "lognormal")[seed % 2], 1.2), 40, 0.2 * (seed % 3 == 0))
        found = fit(family, lives)
        whole, stopped = (anderson_darling(lives, found, 199, seed, enough) for enough in (0, 10))
        assert (whole.p < 0.05) == (stopped.p < 0.05)
        early += stopped.fits < 100
    assert early >= 3


def test_censored_and_late_lives_are_watched_as_before() -> None:
    rng = np.random.default_rng(5)
    life, cut = rng.gamma(4.0, 0.25, 200), rng.exponential(4.0, 200)
    seen = np.minimum(life, cut) > 0.2
    ended, stopped = seen & (life <= cut), seen & (life > cut)
    lives = sample(life[ended], cut[stopped], [0.2] * ended.sum(), [0.2] * stopped.sum())
    wrong, right = (anderson_darling(lives, fit(family, lives), fits=40) for family in ("exponential", "gamma"))
    assert wrong.p < 0.05 < right.p


@pytest.mark.long
def test_the_level_with_refit_is_kept() -> None:
    """Right laws are refused as often as said, also censored: 20 % within four standard errors of 100 samples."""
    for censored in (0.0, 0.3):
        made = [watched((4, k), law("weibull", 0.7), 25, censored) for k in range(100)]
        wrong = [anderson_darling(one, fit("weibull", one), fits=39, seed=k).p <= 0.2 for k, one in enumerate(made)]
        assert 0.2 - 0.16 <= np.mean(wrong) <= 0.2 + 0.16
