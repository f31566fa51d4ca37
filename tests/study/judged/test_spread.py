"""The band of the NPV curve against the theory of order statistics; what has come in by each year end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom

from tests.study.judged.plants import Floats, made_up, npv, study
from twin.study.asked.metric import Metric
from twin.study.judged.answer import Scene
from twin.study.judged.document import document
from twin.study.judged.judge import Judged, judge
from twin.study.judged.spread import band, cumulative

SHARES = tuple(k / 100 for k in range(101))
STUDY = """
levers: {fast: {change: {stations.saw.cycle: 50 s}, cash: [{capex: CAPEX, depreciation: none}]}}
finance: {from: 2027-01, years: 3, discount_rate: RATE, margin_per_part: 1 EUR}
"""


CAPEX = "{normal: {mean: 40 kEUR, sd: 4 kEUR}}"


def judged(folder: Path, n: int, capex: str = CAPEX, rate: str = "0 %", gain: Floats | None = None) -> Judged:
    """A plant without chance: all that varies is money, row by row."""
    text = STUDY.replace("CAPEX", capex).replace("RATE", rate)
    one, base = study(folder, text), np.full(n, 60.0)
    return judge(one, made_up(one, {"baseline": base, "fast": base + (1.0 if gain is None else gain)}))


def scene_of(folder: Path, n: int) -> Scene:
    return judged(folder, n).scene("fast")


@pytest.mark.parametrize("n", [5, 40, 300])
def test_the_band_is_that_of_order_statistics(tmp_path: Path, n: int) -> None:
    """The ranks l and u between which it lies: P(l <= B < u) >= 95 % for B binomial(n, share), no less on each side.

    An end is open exactly where even the least or the largest row would not do.
    """
    scene = scene_of(tmp_path, n)
    assert scene.money is not None
    rows = np.sort(scene.money.npv)
    found = band(scene, SHARES)
    assert np.isinf([found["low"][0], found["high"][0], found["low"][-1], found["high"][-1]]).all()
    for share, low, high in list(zip(SHARES, found["low"], found["high"], strict=True))[1:-1]:
        first = int(np.searchsorted(rows, low)) + 1 if np.isfinite(low) else 0
        last = int(np.searchsorted(rows, high)) + 1 if np.isfinite(high) else n + 1
        assert binom.cdf(first - 1, n, share) <= 0.025 + 1e-12, "the quantile is below the row of rank l"
        assert binom.sf(last - 1, n, share) <= 0.025 + 1e-12, "it is above the row of rank u"
        assert binom.cdf(first, n, share) > 0.025 - 1e-12, "the next row would not do"


def test_the_band_holds_the_curve_and_agrees_with_the_quantiles(tmp_path: Path) -> None:
    scene = scene_of(tmp_path, 200)
    assert scene.money is not None
    found, curve = band(scene, SHARES), np.quantile(scene.money.npv, SHARES)
    assert (found["low"] <= curve).all()
    assert (curve <= found["high"]).all()
    for share, word in ((5, "p05"), (50, "median"), (95, "p95")):
        told = scene.answer(Metric(f"npv.{word}", "npv", word, "EUR"))
        assert (found["low"][share], found["high"][share]) == (told.low, told.high)


def test_the_error_of_the_mean_widens_the_band(tmp_path: Path) -> None:
    """Where chance is averaged over the years, the rows lie closer than their mean is known."""
    rng = np.random.default_rng(1)
    one = judged(tmp_path, 60, gain=rng.normal(2.0, 0.5, 60)).scene("fast")
    assert one.raw is not None
    assert one.money is not None
    calm = replace(one, raw=one.money)
    wide, narrow = ([pair[1] - pair[0] for pair in zip(*list(band(each, (0.3, 0.7)).values()), strict=True)]
                    for each in (one, calm))  # fmt: skip
    assert all(a > b for a, b in zip(wide, narrow, strict=True))


def test_a_certain_scenario_has_a_band_without_width(tmp_path: Path) -> None:
    scene = judged(tmp_path, 1, capex="40 kEUR").scene("fast")
    assert scene.certain
    found = band(scene, SHARES)
    assert (
        found["low"].tolist()
        == found["high"].tolist()
        == [scene.answer(Metric("npv.mean", "npv", "mean", "")).value] * 101
    )


def test_what_has_come_in_ends_at_the_npv(tmp_path: Path) -> None:
    scene = judged(tmp_path, 50, rate="10 %").scene("fast")
    assert scene.money is not None
    found, mean = cumulative(scene), scene.money.flows.mean(axis=0)
    wanted = [npv(mean[: t + 1].tolist(), 0.1) for t in range(4)]
    assert found["mean"].tolist() == pytest.approx(wanted, rel=1e-12)
    told = scene.answer(Metric("npv.mean", "npv", "mean", "EUR"))
    assert (found["mean"][-1], found["low"][-1], found["high"][-1]) == pytest.approx(told[1:4], rel=1e-12)
    for word in ("p05", "p95"):
        assert found[word][-1] == pytest.approx(scene.answer(Metric(f"npv.{word}", "npv", word, "")).value, rel=1e-12)


def test_each_row_is_discounted_at_its_own_rate(tmp_path: Path) -> None:
    scene = judged(tmp_path, 30, rate="{uniform: [5 %, 15 %]}").scene("fast")
    assert scene.money is not None
    money = scene.money
    each = [npv(flow.tolist(), rate) for flow, rate in zip(money.flows, money.rate, strict=True)]
    assert cumulative(scene)["mean"][-1] == pytest.approx(np.mean(each), rel=1e-12)


def test_the_document_has_them(tmp_path: Path) -> None:
    found = document(judged(tmp_path, 40))["scenarios"][0]["money"]
    assert len(found["npv"]["band"]["low"]) == len(found["npv"]["band"]["high"]) == len(found["npv"]["curve"])
    assert found["npv"]["band"]["low"][0] is None
    assert found["flows"]["cumulative"]["mean"][-1] == pytest.approx(found["npv"]["mean"]["value"], rel=1e-12)
    assert {len(one) for one in found["flows"]["cumulative"].values()} == {len(found["flows"]["columns"])}
