"""Figures: what they show, and that they leave no trace in the user's matplotlib."""

from __future__ import annotations

import itertools
import math
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

from twin.report import figures
from twin.report.result.sheet import machines
from twin.report.style import LOOKS, LOST_LOOKS
from twin.report.ways import trace as tracing

from .sample import HOUR, Found, pump, trace

TRACE = trace()
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)
"""Machado, Oliveira and Fernandes (2009), severity 1.0, linear RGB."""
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def short() -> Found:
    result = pump()
    result.plan = result.plan.with_run(horizon=22 * HOUR)
    return result


def draw(name: str, **options: Any) -> Figure:
    more = (TRACE,) if name in ("content", "gantt") else ()
    figure: Figure = getattr(figures, name)(short(), *more, **options)
    return figure


ALL = ["states", "content", "gantt", "bottleneck"]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("lang", ["en", pytest.param("fr", marks=pytest.mark.long)])
def test_a_figure_has_a_sentence_and_a_unit_and_leaves_settings_alone(name: str, lang: str) -> None:
    with mpl.rc_context({"font.size": 31.0, "axes.grid": True}):
        before = dict(mpl.rcParams)
        figure = draw(name, lang=lang)
        figure.draw_without_rendering()
        assert dict(mpl.rcParams) == before
    title, label = figure.axes[0].get_title(loc="left"), figure.axes[-1].get_xlabel()
    assert title.endswith(".")
    assert "(" in label
    assert ")" in label
    assert figure.axes[0].title.get_fontsize() < 12


@pytest.mark.parametrize("name", ALL)
def test_nothing_leaves_the_page_and_the_legend_hides_no_data(name: str) -> None:
    figure = draw(name)
    figure.draw_without_rendering()
    page = figure.bbox
    for ax in figure.axes:
        legend = ax.get_legend()
        box = legend.get_window_extent()  # type: ignore[union-attr]
        assert box.x0 >= ax.bbox.x1
        assert box.x1 <= page.x1 + 1
        assert ax._left_title.get_window_extent().x1 <= page.x1
        assert all(label.get_window_extent().x0 >= 0 for label in ax.get_yticklabels())


@pytest.mark.parametrize("name", ALL)
def test_a_figure_draws_where_it_is_told(name: str) -> None:
    home = Figure()
    assert draw(name, ax=home.add_subplot()) is home


def test_a_figure_shows_itself_in_a_notebook() -> None:
    assert draw("states")._repr_png_().startswith(b"\x89PNG")  # type: ignore[attr-defined]


def test_the_bars_of_a_station_add_up_to_the_whole() -> None:
    figure = draw("states")
    rows = len(machines(short().document()))
    sums = [0.0] * rows
    for bar in figure.axes[0].patches:
        sums[round(bar.get_y() + bar.get_height() / 2)] += bar.get_width()  # type: ignore[attr-defined]
    assert sums == pytest.approx([100.0] * rows)


def test_one_run_says_that_it_has_no_interval() -> None:
    figure = figures.states(pump(None))
    assert "no interval" in figure.axes[0].get_xlabel()
    assert not figure.axes[0].lines


def told(figure: Figure) -> str:
    """The sentence of a figure in one line."""
    return " ".join(figure.axes[0].get_title(loc="left").split())


def test_sentences_name_what_matters() -> None:
    assert told(draw("states")).startswith("mill works most: 71 % of the time.")
    assert told(draw("bottleneck")).startswith("mill ×2 is the bottleneck 6")


def lab(color: str, matrix: Any) -> Any:
    part = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    x = XYZ @ np.clip(matrix @ linear, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(x > 0.008856, np.cbrt(x), 7.787 * x + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("matrix", [np.eye(3), DEUTERANOPIA])
def test_colours_of_states_differ_by_15_units_of_cielab(matrix: Any) -> None:
    every = LOOKS | LOST_LOOKS
    for a, b in itertools.combinations(every, 2):
        assert np.linalg.norm(lab(every[a].fill, matrix) - lab(every[b].fill, matrix)) >= 15, (a, b)


def test_states_of_like_grey_differ_in_hatch() -> None:
    plain = [state for state, look in LOOKS.items() if not look.hatch]
    greys = sorted(lab(LOOKS[state].fill, np.eye(3))[0] for state in plain)
    assert all(b - a >= 15 for a, b in itertools.pairwise(greys))
    hatches = [look.hatch for look in LOOKS.values() if look.hatch]
    assert len(set(hatches)) == len(hatches)


def test_text_on_bars_can_be_read() -> None:
    for state, look in LOOKS.items():
        fill, ink = (lab(color, np.eye(3))[0] for color in (look.fill, look.ink))
        assert abs(fill - ink) >= 40, state


ROWS: list[tracing.Row] = [
    (0.0, "m", 1, "starved", -1), (1e6, "b", 0, "in", 1), (2e6, "b", 0, "out", 1), (2e6, "m", 1, "working", 1),
    (2e6, "b", 0, "out", 2), (5e6, "b", 0, "in", 3), (5e6, "m", 1, "blocked", 1), (5e6, "m", 1, "starved", -1),
]  # fmt: skip


def test_spans_are_what_the_machine_did() -> None:
    found = tracing.spans(ROWS, 10e6)
    assert [(s.state, s.begin, s.end) for s in found] == [
        ("starved", 0, 2e6), ("working", 2e6, 5e6), ("starved", 5e6, 10e6),
    ]  # fmt: skip
    assert [(s.begin, s.end) for s in tracing.clip(found, 1e6, 3e6)] == [(1e6, 2e6), (2e6, 3e6)]


def test_levels_find_what_stood_there_at_the_start() -> None:
    level = tracing.levels(ROWS, 10e6)["b"]
    assert list(level.time) == [0, 1e6, 2e6, 5e6, 10e6]
    assert list(level.content) == [1, 2, 0, 1, 1]
    assert tracing.mean_level(level, 0.0) == pytest.approx((1 + 2 + 0 + 5) / 10)
    assert tracing.share_full(level, 0.0, 2.0) == pytest.approx(0.1)


def test_mean_and_range_of_a_level_in_bins() -> None:
    level = tracing.levels(ROWS, 10e6)["b"]
    _, mean, least, most = tracing.over(level, 0.0, 10e6, 5)
    assert list(mean) == pytest.approx([1.5, 0, 0.5, 1, 1])
    assert list(least) == [1, 0, 0, 1, 1]
    assert list(most) == [2, 0, 1, 1, 1]


def test_the_window_of_a_gantt_is_text_or_seconds() -> None:
    figure = draw("gantt", start="9 h", end=9.5 * 3600)
    assert figure.axes[0].get_xlim() == (9 * HOUR, 9.5 * HOUR)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()][:3] == ["mill #1", "mill #2", "wash"]


def test_a_window_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="the window from 10 h to 9 h is empty; the run ends at 30 h"):
        draw("gantt", start="10 h", end="9 h")
    with pytest.raises(ValueError, match="start: '2h30' is not a length of time"):
        draw("gantt", start="2h30")


def test_empty_results_are_drawn_too() -> None:
    result = short()
    result.data["bottleneck"] = {}
    figures.bottleneck(result).draw_without_rendering()
    figures.content(result, []).draw_without_rendering()
    assert math.isfinite(figures.gantt(result, [(0.0, "mill", 1, "working", 1)]).get_figheight())


def test_parts_are_named_without_their_only_source() -> None:
    rows: list[tracing.Row] = [(0.0, "mill", 1, "working", "castings.7"), (60e6, "mill", 1, "starved", None)]
    texts = [text.get_text() for text in figures.gantt(short(), rows, "0 s", "2 min").axes[0].texts]
    assert texts == ["7"]
    rows.insert(0, (0.0, "wash", 1, "working", "motors.7"))
    texts = [text.get_text() for text in figures.gantt(short(), rows, "0 s", "2 min").axes[0].texts]
    assert sorted(texts) == ["castings.7", "motors.7"]
