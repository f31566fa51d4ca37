"""The figures of a study's money: curves of NPV, tornado, cash flows."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import same_color, to_hex
from matplotlib.container import BarContainer

from tests.report.drawn import axes_of, bars, heading, money, points, size, whiskers
from twin.core.confidence import normal
from twin.report.study import figures
from twin.report.study.figures import flows, risk
from twin.report.style import PAPER

# -- NPV


def test_the_curves_are_those_of_the_document(document: dict[str, Any]) -> None:
    ax = axes_of(figures.npv(document))
    drawn = [line for line in ax.lines if len(line.get_xdata()) == 101]
    wanted = sorted((one["name"] for one in document["scenarios"]), key=lambda name: name != "both")
    assert len(drawn) == len(wanted)
    for line, name in zip(drawn, wanted, strict=True):
        assert (np.array(line.get_xdata()) * size(document)).tolist() == pytest.approx(
            money(document, name)["npv"]["curve"]
        )
        assert list(line.get_ydata()) == list(range(101))
    assert drawn[0].get_linewidth() > drawn[1].get_linewidth(), "the one that is looked at is the thickest"
    listed = [text.get_text() for text in ax.get_legend().get_texts()][: len(wanted)]
    assert listed == sorted(wanted, key=lambda name: -money(document, name)["npv"]["median"])


def test_the_band_is_that_of_the_document_and_holds_the_curve(document: dict[str, Any]) -> None:
    for one in document["scenarios"][:2]:
        one.pop("money")
    (band,) = (one for one in axes_of(figures.npv(document)).collections if len(one.get_paths()[0].vertices) > 50)
    found, vertices = money(document)["npv"], band.get_paths()[0].vertices
    known = {
        k: ends
        for k, ends in enumerate(zip(found["band"]["low"], found["band"]["high"], strict=True))
        if None not in ends
    }
    assert 60 < len(known) < 101, "it ends where the rows are too few"
    for k, (low, high) in known.items():
        row = vertices[vertices[:, 1] == k, 0] * size(document)
        assert (row.min(), row.max()) == pytest.approx((low, high))
        assert low <= found["curve"][k] <= high


def test_with_many_scenarios_one_band_is_enough(document: dict[str, Any]) -> None:
    first = document["scenarios"][0]
    document["scenarios"] += [copy.deepcopy(first) | {"name": f"s{i}"} for i in range(12)]
    ax = axes_of(figures.npv(document))
    assert sum(len(one.get_paths()[0].vertices) > 50 for one in ax.collections) == 1
    looks = {(to_hex(line.get_color()), str(line._dash_pattern)) for line in ax.lines if len(line.get_xdata()) == 101}
    assert len(looks) == 15, "no two look the same"
    assert math.lcm(len(risk.COLOURS), len(risk.DASHES)) == 56


def test_the_dot_is_the_probability_of_a_loss(document: dict[str, Any]) -> None:
    money(document)["npv"]["positive"] = {"value": 0.9, "low": 0.75, "high": 0.97, "n": 40}
    figure = figures.npv(document)
    ((dot, [reach]),) = points(axes_of(figure))
    assert list(dot.get_ydata()) == pytest.approx([10])
    assert reach[:, 1].tolist() == pytest.approx([3, 25])
    assert "a loss (NPV ≤ 0) has a probability of 10 [3.0, 25] %." in heading(figure)


# -- tornado


def test_the_longest_bar_comes_first_and_each_end_has_its_interval(document: dict[str, Any]) -> None:
    told = money(document)["tornado"]
    told.reverse()
    ax = axes_of(figures.tornado(document))
    wanted = sorted(told, key=lambda bar: -abs(bar["high"] - bar["low"]))
    z, mean = normal(0.95), money(document)["npv"]["mean"]["value"]
    assert len(bars(ax)) == len(whiskers(ax)) == 2 * len(wanted)
    ends = [(bar, end) for bar in wanted for end in ("low", "high")]
    for (bar, end), drawn, reach in zip(ends, bars(ax), whiskers(ax), strict=True):
        assert drawn.get_x() * size(document) == pytest.approx(mean) or drawn.get_width() < 0
        assert (drawn.get_x() + drawn.get_width()) * size(document) == pytest.approx(bar[end])
        half = z * bar[f"{end}_error"]
        assert (reach[:, 0] * size(document)).tolist() == pytest.approx([bar[end] - half, bar[end] + half])
        hollow = same_color(drawn.get_facecolor(), PAPER)
        assert hollow == (abs(bar["high"] - bar["low"]) <= z * bar["error"])


def test_errors_of_the_ends_are_those_of_the_smooth_curve() -> None:
    """And the error of the swing is no more than their sum."""
    from twin.finance.sensitivity import tornado

    rng = np.random.default_rng(1)
    x, y = rng.normal(size=300), rng.normal(size=300)
    first, second = tornado(3 * x + y, {"x": x, "y": y})
    for bar in (first, second):
        assert 0 < bar.low_error < 1
        assert bar.error == pytest.approx(bar.low_error + bar.high_error)


def test_a_tornado_that_tells_nothing_says_so(document: dict[str, Any]) -> None:
    for bar in money(document)["tornado"]:
        bar["error"] = 1e9
    figure = figures.tornado(document)
    assert heading(figure) == "No input can be told to move the NPV of both."
    assert all(same_color(bar.get_facecolor(), PAPER) for bar in bars(axes_of(figure)))


# -- cash flows


def test_the_bars_of_a_year_add_up_and_the_line_ends_at_the_npv(document: dict[str, Any]) -> None:
    found = money(document)
    ax = axes_of(figures.cash(document))
    sums = np.zeros(len(found["flows"]["columns"]))
    for one in ax.containers:
        if isinstance(one, BarContainer):
            sums += [bar.get_height() for bar in one]
    small = len(flows.LOOKS) * flows.SMALLEST * max(map(abs, found["flows"]["mean"])) / size(document)
    assert (sums * size(document)).tolist() == pytest.approx(found["flows"]["mean"], abs=small * size(document))
    line = next(line for line in ax.lines if len(line.get_xdata()) == len(sums))
    told = found["flows"]["cumulative"]
    assert (np.array(line.get_ydata()) * size(document)).tolist() == pytest.approx(told["mean"])
    assert line.get_ydata()[-1] * size(document) == pytest.approx(found["npv"]["mean"]["value"])
    (reach,) = whiskers(ax)
    mean = found["npv"]["mean"]
    assert (reach[:, 1] * size(document)).tolist() == pytest.approx([mean["low"], mean["high"]])
    (band,) = (one for one in ax.collections if len(one.get_paths()) and len(one.get_paths()[0].vertices) > 10)
    high = band.get_paths()[0].vertices[:, 1].max() * size(document)
    assert high == pytest.approx(max(told["p95"]))


def test_what_comes_in_stands_on_0_and_what_goes_out_hangs_below(document: dict[str, Any]) -> None:
    ax = axes_of(figures.cash(document))
    for year in range(len(money(document)["flows"]["columns"])):
        mine = [bar for bar in bars(ax) if abs(bar.get_x() + bar.get_width() / 2 - year) < 0.01 and bar.get_height()]
        for kind in ([bar for bar in mine if bar.get_height() > 0], [bar for bar in mine if bar.get_height() < 0]):
            tops = [0.0, *(bar.get_y() + bar.get_height() for bar in kind)]
            assert [bar.get_y() for bar in kind] == pytest.approx(tops[:-1]), "one upon the other, none behind another"
