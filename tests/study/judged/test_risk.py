"""What is uncertain and what is chance: spread, probabilities and their intervals, where the truth is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from tests.study.judged.plants import NOISY, Floats, made_up, study
from twin.study.asked.metric import Metric
from twin.study.asked.study import Study
from twin.study.judged.judge import Judged, judge
from twin.study.judged.yearly import Yearly
from twin.study.statistics.interval import mean_interval

POSITIVE = Metric("npv.probability_positive", "npv", "probability_positive", "share")
MEAN = Metric("npv.mean", "npv", "mean", "EUR")
MONEY = "from: 2027-01, years: 5, discount_rate: 0 %"
PERIODS = 5 * 8760 / 10
"""Horizons of ten hours in five years."""
EACH = 5 * 8760
"""EUR of NPV for one part an hour more, at 1 EUR a part."""


def lever(cash: str, change: str = "stations.saw.cycle: {exponential: 50 s}") -> str:
    return f"levers: {{fast: {{change: {{{change}}}, cash: [{cash}]}}}}\nfinance: {{{MONEY}, margin_per_part: 1 EUR}}\n"


def runs(one: Study, base: Floats, gain: Floats) -> Judged:
    return judge(one, made_up(one, {"baseline": base, "fast": base + gain}))


def test_chance_averages_out_over_the_years_but_the_mean_is_known_no_better(tmp_path: Path) -> None:
    one, rng = study(tmp_path, lever("{capex: 1 kEUR, depreciation: none}"), NOISY), np.random.default_rng(1)
    base, gain = rng.normal(60, 4, 40), rng.normal(1, 0.5, 40)
    scene = runs(one, base, gain).scene("fast")
    assert scene.money is not None
    npvs = gain * EACH - 1000
    assert scene.money.npv.mean() == pytest.approx(npvs.mean(), rel=1e-9)
    assert scene.money.npv.std() == pytest.approx(npvs.std() / np.sqrt(PERIODS), rel=1e-9)
    found, wanted = scene.answer(MEAN), mean_interval(npvs.tolist())
    assert wanted is not None
    assert (found.value, found.low, found.high) == pytest.approx(wanted[:3], rel=1e-9)


def test_demand_cuts_the_capacity_of_a_year_not_that_of_a_day(tmp_path: Path) -> None:
    """A mean of 61 an hour with a demand of 60.9: days below it are made up by others."""
    text = lever("{capex: 1 kEUR, depreciation: none}").replace("margin", f"demand: {60.9 * 8760} /y, margin")
    one, rng = study(tmp_path, text, NOISY), np.random.default_rng(2)
    base = 60 + rng.normal(0, 0.01, 200)
    gain = rng.normal(0, 3, 200)
    found = runs(one, base, 1 + gain - gain.mean()).scene("fast").answer(MEAN)
    assert found.value == pytest.approx(0.9 * EACH - 1000, rel=0.01)
    assert found.low < 0.9 * EACH - 1000 < found.high


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_the_probability_of_a_gain_covers_the_truth(tmp_path: Path, share: float) -> None:
    """Chance of one horizon alone, or with an uncertain investment; the mean near 0, so that few rows cannot tell."""
    sd, n, tries = 0.5, 40, 150
    capex = f"{{normal: {{mean: 40 kEUR, sd: {share * 40} kEUR}}}}" if share else "40 kEUR"
    one = study(tmp_path, lever(f"{{capex: {capex}, depreciation: none}}"), NOISY)
    truth = norm.cdf(2000 / np.hypot(share * 40_000, sd * EACH / np.sqrt(PERIODS)))
    rng, held = np.random.default_rng(3), 0
    for seed in range(tries):
        again = replace(one, run=one.run._replace(spec=one.run.spec.model_copy(update={"seed": seed})))
        gain = rng.normal(42_000 / EACH, sd, n)
        found = runs(again, rng.normal(60, 4, n), gain).scene("fast").answer(POSITIVE)
        held += found.low <= truth <= found.high
    assert held / tries >= 0.92


def test_rows_with_a_draw_each_stay_as_they_are(tmp_path: Path) -> None:
    """An effect is drawn once a replication: chance and what is uncertain cannot be told apart, and that is said."""
    change = "stations.saw.cycle: {scale: {uniform: [0.8, 0.9]}}"
    one, rng = study(tmp_path, lever("{capex: 1 kEUR}", change), NOISY), np.random.default_rng(4)
    judged = runs(one, rng.normal(60, 4, 20), rng.normal(1, 0.5, 20))
    scene = judged.scene("fast")
    assert scene.money is not None
    assert scene.raw is not None
    assert scene.money.npv.tolist() == scene.raw.npv.tolist()
    assert "the spread of the money is too wide" in judged.notes[0]


def test_repeated_draws_count_once(tmp_path: Path) -> None:
    """Ten draws four times over without any chance: the interval is that of ten values."""
    one, rng = study(tmp_path, lever("{capex: 1 kEUR}"), NOISY), np.random.default_rng(5)
    gain = rng.normal(1, 0.5, 10)
    scene = runs(one, np.full(40, 60.0), np.tile(gain, 4)).scene("fast")
    scene = replace(scene, group=tuple(range(10)) * 4, money=scene.raw)
    wanted = mean_interval((gain * EACH - 1000).tolist())
    assert wanted is not None
    found = scene.answer(MEAN)
    assert (found.value, found.low, found.high, found.n) == pytest.approx((*wanted[:3], 10), rel=1e-9)
    assert scene.answer(POSITIVE).n == 10
    assert scene.answer(Metric("npv.p05", "npv", "p05", "EUR")).low == -np.inf, "ten draws say nothing of 5 %"


def test_years_beside_the_baseline_keep_the_spread_of_their_difference() -> None:
    """Draws move both plants by the same; of the difference only chance is left, and that averages out."""
    rng, draws = np.random.default_rng(6), np.repeat(np.arange(50), 4)
    common = rng.normal(0, 10, 50)[draws]
    base, new = (_year(100 + more + common + rng.normal(0, 1, 200)) for more in (0, 5))
    calm = base.averaged(100, draws.tolist())
    apart = new.beside(base, calm, 100, draws.tolist()).parts["A"] - calm.parts["A"]
    assert apart.mean() == pytest.approx((new.parts["A"] - base.parts["A"]).mean(), abs=1e-9)
    assert apart.std() < 0.45, "chance of the difference is 1.41 before, 0.14 after; its mean over a draw 0.7"


def _year(parts: Floats) -> Yearly:
    none = np.zeros(len(parts))
    return Yearly({"A": parts}, none, {}, none, none, none)
