"""Vehicles on paper: their arrows and lines on the drawing, their rows on the Gantt chart and in the table."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.patches import FancyArrowPatch

import twin
from twin import api
from twin.report import figures
from twin.report.plant import carts, drawing
from twin.report.words import Lang

TEXT = """
twin: 1
plant: Carts
flow: [a -> b -> m -> c -> out]
sources: {a: {every: 100 s}}
buffers: {b: {capacity: 5}, c: {capacity: 5, at: [30, 0]}}
stations: {m: {cycle: 40 s, at: [0, 0]}}
sinks: {out: {at: [40, 10]}}
vehicles: {agv: {count: 2, speed: 1 m/s, serves: [m -> c, c -> out], load_time: 5 s}}
run: {horizon: 2 h, warm_up: 10 min, replications: 1}
"""


@pytest.fixture
def result(tmp_path: Path) -> api.Result:
    path = tmp_path / "carts.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return twin.run(path)


def test_arrows_of_vehicles_are_blue_and_their_fleet_is_named(result: api.Result) -> None:
    figure = drawing.plant(result.plan)
    arrows = [patch for patch in figure.axes[0].patches if isinstance(patch, FancyArrowPatch)]
    blue = [arrow for arrow in arrows if arrow.get_edgecolor()[:3] == pytest.approx((0.0, 0x72 / 255, 0xB2 / 255))]
    assert (len(arrows), len(blue)) == (4, 2)
    assert "agv: 2 vehicles" in [text.get_text() for text in figure.axes[0].texts]
    names = [element.name for element in result.plan.elements]
    assert {(names[a], names[b]) for a, b in carts.travelled(result.plan)} == {("m", "c"), ("c", "out")}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_gantt_chart_has_a_row_for_each_vehicle(result: api.Result, lang: Lang) -> None:
    trace: list[tuple[float, str, int, str, str]] = []
    from twin.engine.simpy import simulate

    simulate(result.plan, 0, trace)
    figure = figures.gantt(result, trace, lang=lang)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["m", "agv #1", "agv #2"]


def test_the_table_has_a_line_a_fleet(result: api.Result) -> None:
    assert "fleet  count  busy %  loaded %  empty %  trips" in str(result)
