"""The drawing of a plant: edges, layers, and a page on which nothing overlaps."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch
from matplotlib.transforms import Bbox

from tests.engine.story import plan_of
from twin.report.plant import graph, signs
from twin.report.plant.drawing import plant
from twin.report.words import Lang

from .sample import PUMP, Maker, pump

LINE = ["s", *itertools.chain.from_iterable((f"m{i}", f"b{i}") for i in range(1, 29)), "z"]
BRANCHES = "abcdef"
GRAPHS = {
    "pump": PUMP,
    "three": Maker([("s", "a"), ("a", "z")]),
    "line of 58": Maker([*itertools.pairwise(LINE), ("m20", "m17"), ("m25", "m5")], queues=("m17", "m5")),
    "branches": Maker(
        [("s_in", "dis")] + [("dis", f"b{c}") for c in BRANCHES] + [(f"b{c}", f"clean_{c}") for c in BRANCHES]
        + [(f"clean_{c}", "join") for c in BRANCHES] + [("join", "a_test_station_with_a_long_name")]
        + [("a_test_station_with_a_long_name", n) for n in ("z_shipped", "rework")] + [("rework", "join")],
        queues=("join", "rework"), machines={"clean_a": 3},
    ),
    "job shop": Maker(
        [("s", f"m{i}") for i in range(1, 7)] + [(f"m{i}", "z") for i in range(1, 7)]
        + [(f"m{i}", f"m{j}") for i, j in itertools.permutations(range(1, 7), 2)],
        queues=tuple(f"m{i}" for i in range(1, 7)),
    ),
    "places in metres": Maker(
        [("s", "a"), ("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("d", "z")], queues=("a",),
        at={"a": (0.0, 0.0), "c": (0.5, 0.0), "d": (20.0, 12.0)},
    ),
}  # fmt: skip


def text_boxes(figure: Figure) -> list[Bbox]:
    figure.draw_without_rendering()
    return [text.get_window_extent() for text in figure.axes[0].texts if text.get_text()]


def overlap(a: Bbox, b: Bbox) -> bool:
    both = Bbox.intersection(a, b)
    return both is not None and both.width > 1 and both.height > 1


def crosses(arrow: FancyArrowPatch, boxes: list[Bbox]) -> bool:
    """Whether its line comes into one of the boxes by more than a pixel."""
    line = arrow.get_path().interpolated(1)
    points = np.asarray(arrow.get_transform().transform_path(line).to_polygons(closed_only=False)[0])
    steps = np.linspace(0, 1, 21)[:, None, None]
    dense = (points[:-1] + np.diff(points, axis=0) * steps).reshape(-1, 2)
    return any(box.padded(-1).count_contains(dense) for box in boxes)


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("lang", ["en", pytest.param("fr", marks=pytest.mark.long)])
def test_no_text_overlaps_and_all_is_on_the_page(name: str, lang: Lang) -> None:
    figure = plant(GRAPHS[name].plan(), lang=lang)
    boxes = text_boxes(figure)
    assert not [1 for a, b in itertools.combinations(boxes, 2) if overlap(a, b)]
    assert all(box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1 for box in boxes)


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in GRAPHS if name != "places in metres"])
def test_arrows_cross_no_text(name: str) -> None:
    figure = plant(GRAPHS[name].plan())
    boxes = text_boxes(figure)
    arrows = [patch for patch in figure.axes[0].patches if isinstance(patch, FancyArrowPatch)]
    assert arrows
    assert not any(crosses(arrow, boxes) for arrow in arrows)


def test_edges_are_the_ways_of_parts() -> None:
    plan = PUMP.plan()
    pairs = {(plan.elements[a].name, plan.elements[b].name) for a, b in graph.edges(plan)}
    assert pairs == set(PUMP.arrows)
    back = [
        (plan.elements[a].name, plan.elements[b].name) for a, b in graph.backward(graph.nodes(plan), graph.edges(plan))
    ]
    assert back == [("test", "kit")]


def test_side_branches_stand_next_to_where_they_join() -> None:
    plan = PUMP.plan()
    forward = [edge for edge in graph.edges(plan) if edge != (plan.index("test"), plan.index("kit"))]
    column = graph.layers(graph.nodes(plan), forward)
    assert column[plan.index("motor_rack")] == column[plan.index("kit")] - 1
    assert all(column[a] < column[b] for a, b in forward)


def test_crossings_are_taken_out_where_they_can_be() -> None:
    placed = {1: 0, 2: 0, 3: 1, 4: 1}
    links = [(1, 4), (2, 3)]
    assert graph.crossings([[1, 2], [3, 4]], links) == 1
    assert graph.crossings(graph.ordered(placed, links), links) == 0


def test_after_a_run_stations_are_coloured_and_say_why() -> None:
    figure = plant(PUMP.plan(), pump())
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert "Pump line 2: mill is the bottleneck 69 % of the opening time." in texts
    assert "×2 · 69 ± 2 %" in texts
    assert "7.3 / 20" in texts
    assert any("bottleneck share of opening time (%)" in text for text in texts)


def test_people_are_listed_with_their_skills() -> None:
    texts = [text.get_text() for text in plant(PUMP.plan()).axes[0].texts]
    assert "team ×3 (machining, assembly)" in texts


def test_a_large_plant_is_drawn_in_a_moment() -> None:
    names = ["s", *(f"m{i}" for i in range(400)), "z"]
    figure = plant(Maker(list(itertools.pairwise(names))).plan())
    assert math.isfinite(figure.get_figheight())


def test_waste_dwell_and_closing_up_are_written_before_a_run() -> None:
    """What changes how a place works is seen in the drawing: only these three places say something more."""
    found = plan_of("""
        flow: [in -> belt -> a -> rack -> b -> out, b -> bin]
        sources: {in: {every: 60 s}}
        stations: {a: {cycle: 7 s}, b: {cycle: 7 s, send: first_free}}
        conveyors: {belt: {length: 5 m, speed: 1 m/s, pitch: 1 m, accumulating: true}}
        buffers: {rack: {capacity: 4, dwell: {least: 10 min, most: 2 h}}}
        sinks: {out: {}, bin: {good: false}}
        run: {horizon: 1 h}
    """)
    notes = {e.name: signs.sign(i, found, None, "en").notes for i, e in enumerate(found.elements)}
    assert notes["rack"] == ("4 places", "at least 10 min", "at most 2 h")
    assert notes["belt"] == ("5 places", "accumulating")
    assert (notes["out"], notes["bin"]) == ((), ("waste",))
    assert signs.sign(found.index("bin"), found, None, "fr").notes == ("rebut",)
