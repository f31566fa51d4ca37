"""The drawing of a plant after a run: bars of states, shares of bottlenecks, cards, people, vehicles; and its words."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle
from typer.testing import CliRunner

import twin
from twin import api
from twin.cli import app
from twin.report.measure import Measure
from twin.report.plant import drawing, graph, loops, staff
from twin.report.plant.signs import fold, text_width
from twin.report.plant.view import COLOURS, percent_with, shade
from twin.report.style import LOOKS
from twin.report.words import LANGS, Lang

from .runs import NAMES, ran
from .sample import PUMP, pump
from .test_report_drawing import crosses, overlap, text_boxes

QUICK = ("three_machines", "machining_cell", "job_shop")
"""Layouts that are drawn in every run of the tests; the others are among the long ones."""
EACH = [pytest.param(name, marks=[pytest.mark.long] * (name not in QUICK)) for name in NAMES]
NESTED = """
twin: 1
plant: Nested loops
flow: [raw -> a -> b1 -> b -> b2 -> c -> b3 -> d -> b4 -> e -> b5 -> f -> b6 -> g -> done, c -> x -> done]
sources: {raw: {arrivals: saturated}}
stations:
  a: {cycle: 10 s, by: hand}
  b: {cycle: 10 s}
  c: {cycle: 10 s, send: {b3: 80 %, x: 20 %}}
  x: {cycle: 10 s, queue: {}}
  d: {cycle: 10 s, queue: {}}
  e: {cycle: 10 s, machines: 3, setup: 1 s}
  f: {cycle: 10 s}
  g: {cycle: 10 s, quality: {rework: {share: 5 %, to: d, at_most: 1}}}
buffers: {b1: {capacity: 1}, b2: {capacity: unlimited}, b3: {capacity: 2}, b4: {capacity: 2}, b5: {capacity: 2},
  b6: {capacity: 2}}
operators: {hand: {count: 2}}
cards:
  all: {limit: 100, over: [a, b1, b, b2, c, b3, d, b4, e, b5, f, b6, g, x]}
  one: {limit: 4, over: [a, b1]}
  two: {limit: 1, over: [x]}
sinks: {done: {}}
run: {warm_up: 1 h, horizon: 2 h, replications: 1}
"""
METRES = """
twin: 1
plant: Metres
flow: [raw -> a -> b -> c -> out]
sources: {raw: {every: 60 s}}
stations:
  a: {cycle: 100 s, at: [0, 0], machines: 2, queue: {}, by: welding}
  b: {cycle: 50 s, at: [15, 10], queue: {capacity: 10}, quality: {rework: {share: 10 %, to: a, at_most: 2}}}
  c: {cycle: 50 s, at: [30, 0], queue: {capacity: 4}}
sinks: {out: {at: [40, 0]}}
cards: {hall: {limit: 12, over: [a, b, c]}}
operators: {team: {count: 3, skills: [welding, setting]}, fitter: {count: 1}}
vehicles:
  agv: {count: 2, speed: 1 m/s, serves: [a -> b], load_time: 5 s}
  tug: {count: 1, speed: 1 m/s, serves: [b -> c], load_time: 5 s}
run: {warm_up: 1 h, horizon: 2 h, replications: 1}
"""


@pytest.fixture(scope="module")
def nested(tmp_path_factory: pytest.TempPathFactory) -> api.Result:
    return made(tmp_path_factory, NESTED)


@pytest.fixture(scope="module")
def metres(tmp_path_factory: pytest.TempPathFactory) -> api.Result:
    return made(tmp_path_factory, METRES)


def made(folder: pytest.TempPathFactory, text: str) -> api.Result:
    path = folder.mktemp("drawn") / "plant.yaml"
    path.write_text(text, encoding="utf-8")
    return twin.run(path, workers=1)


def words(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def pieces(figure: Figure, first: str) -> list[Rectangle]:
    """The rectangles that are marked so: of a bar by the name of its element, of the legend, of cards."""
    marked = [patch for patch in figure.axes[0].patches if str(patch.get_gid()).startswith(first)]
    return [patch for patch in marked if isinstance(patch, Rectangle)]


def arrows(figure: Figure, color: str) -> list[FancyArrowPatch]:
    found = [patch for patch in figure.axes[0].patches if isinstance(patch, FancyArrowPatch)]
    return [arrow for arrow in found if to_hex(arrow.get_edgecolor()).upper() == color]


def legible(figure: Figure) -> bool:
    """No text lies on another, and all are on the page."""
    boxes, page = text_boxes(figure), figure.bbox
    inside = all(box.x0 >= 0 and box.y0 >= 0 and box.x1 <= page.x1 and box.y1 <= page.y1 for box in boxes)
    return inside and not any(overlap(a, b) for a, b in itertools.combinations(boxes, 2))


# -- every starter layout


@pytest.mark.long
@pytest.mark.parametrize("lang", [LANGS[0], *(pytest.param(lang, marks=pytest.mark.long) for lang in LANGS[1:])])
@pytest.mark.parametrize("name", EACH)
def test_starter_layouts_are_legible_before_and_after_a_run(name: str, lang: Lang) -> None:
    result = ran(name)
    assert legible(drawing.plant(result.plan, lang=lang))
    for colour in COLOURS:
        assert legible(drawing.plant(result.plan, result, colour=colour, lang=lang))


@pytest.mark.parametrize("name", EACH)
def test_each_bar_is_the_states_of_its_station(name: str) -> None:
    result = ran(name)
    figure, seen = drawing.plant(result.plan, result, colour="state"), set[str]()
    for element, entry in result.document()["elements"].items():
        shares = {state: one["mean"] for state, one in entry.get("states", {}).items() if one["mean"] > 0}
        bar = pieces(figure, f"{element}: ")
        whole = sum(piece.get_width() for piece in bar)
        assert [piece.get_gid() for piece in bar] == [f"{element}: {state}" for state in LOOKS if state in shares]
        for piece in bar:
            state = str(piece.get_gid()).rpartition(" ")[2]
            assert (to_hex(piece.get_facecolor()).upper(), piece.get_hatch() or "") == LOOKS[state][:2]
            assert piece.get_width() / whole == pytest.approx(shares[state])
        assert not shares or sum(shares.values()) == pytest.approx(1)
        seen |= set(shares)
    assert [piece.get_gid() for piece in pieces(figure, "legend")] == [f"legend {one}" for one in LOOKS if one in seen]


@pytest.mark.parametrize("name", EACH)
def test_stations_are_filled_by_their_bottleneck_share(name: str) -> None:
    result = ran(name)
    shares = result.document()["bottleneck"]["shares"]
    means = {key: share["mean"] if isinstance(share, dict) else share for key, share in shares.items()}
    figure = drawing.plant(result.plan, result, colour="bottleneck")
    fills = {to_hex(patch.get_facecolor()).upper() for patch in figure.axes[0].patches}
    assert {shade(share / max(means.values())) for share in means.values()} <= fills
    assert not pieces(figure, "legend")
    assert sum("%" in text and "\n" not in text for text in words(figure)) >= len(means)


def test_the_title_counts_all_kinds() -> None:
    titles = {name: " ".join(words(drawing.plant(ran(name).plan))) for name in ("packaging_line", "machining_cell")}
    assert "Packaging line 4: 4 stations, 3 conveyors, 1 buffer and 1 group of operators." in titles["packaging_line"]
    cell = "Housing cell: 4 stations, 2 buffers, 2 groups of operators and 2 loops of cards."
    assert cell in titles["machining_cell"]
    french = words(drawing.plant(ran("disassembly_lab").plan, lang="fr"))
    assert "Disassembly laboratory\u202f: 3 postes." in french


# -- what is written


def test_states_say_where_the_time_went_and_how_to_read_it() -> None:
    figure = drawing.plant(PUMP.plan(), pump(), colour="state")
    said = " ".join(words(figure))
    assert "Pump line 2: mill works most: 71 % of the time. Longest stop or wait: pack, 55 % starved." in said
    assert "Each bar is the measured time of a station by state; the number is its working share." in said
    assert "Buffers: mean content / capacity. ± is half of the 95 % interval." in said
    assert "×2 · 71 ± 1 %" in said
    assert any(text.startswith("team ×3 ") and text.endswith("; busy 74 ± 1 %") for text in words(figure))


def test_one_run_has_no_interval() -> None:
    said = words(drawing.plant(PUMP.plan(), pump(half=None), colour="bottleneck"))
    assert not any("±" in text for text in said)
    assert any("One run: no interval." in text for text in said)


def test_without_a_bottleneck_the_fill_is_the_share_of_work() -> None:
    result = pump()
    result.data["bottleneck"]["shares"], result.rows = dict.fromkeys(("mill", "kit"), 0.0), ()
    said = " ".join(words(drawing.plant(PUMP.plan(), result, colour="bottleneck")))
    assert "The darker a station, the larger the share of time in which it works." in said
    assert "working share (%)" in said


def test_shares_are_written_with_their_interval() -> None:
    assert percent_with(Measure(0.634, 0.614, 0.654), "en") == "63 ± 2 %"
    assert percent_with(Measure(0.634, 0.631, 0.637), "fr") == "63,4 ± 0,3\u202f%"
    assert percent_with(Measure(0.634, 0.6339, 0.6341), "en") == "63.4 ± <0.1 %"
    assert percent_with(Measure(0.17, 0.0, 0.49), "en") == "17 [0–49] %"
    assert percent_with(Measure(0.634), "en") == "63 %"
    assert percent_with(None, "en") == "–"


def test_lines_are_folded_at_words_and_never_begin_with_a_sign() -> None:
    text = "the mill is the bottleneck 63 % of the time"
    for width in (0.5, 1.0, 1.5, 2.0, 2.5):
        lines = fold(text, 9.0, width)
        assert " ".join(lines) == text
        assert not any(line.startswith("%") for line in lines)
        assert all(text_width(line, 9.0) <= width or " " not in line.replace(" %", "%") for line in lines)


# -- cards, people, vehicles, rework


def test_free_cards_go_from_where_they_come_free_to_where_they_are_needed(nested: api.Result) -> None:
    plan = nested.plan
    found = {plan.elements[loop.owner].name: loop for loop in loops.loops(plan, graph.edges(plan))}
    names = {
        name: [[plan.elements[i].name for i in ends] for ends in (loop.exits, loop.entries)]
        for name, loop in found.items()
    }
    assert names == {"all": [["x", "g"], ["a"]], "one": [["b1"], ["a"]], "two": [["x"], ["x"]]}
    figure = drawing.plant(plan)
    assert len(arrows(figure, loops.COLOR)) == 4
    assert len(pieces(figure, "card")) == 2 * 3
    said = words(figure)
    assert [said.count(number) for number in ("100", "4", "1")] == [2, 2, 2]
    assert "one: 4 cards over a, b1" in said
    assert "two: 1 card over x" in said
    assert legible(figure)
    assert legible(drawing.plant(plan, nested, colour="state"))


def test_lines_of_cards_cross_no_text_but_their_own(nested: api.Result) -> None:
    figure = drawing.plant(nested.plan, nested, colour="state")
    boxes = [box for box, text in zip(text_boxes(figure), words(figure), strict=True) if text not in ("100", "4", "1")]
    assert not any(crosses(arrow, boxes) for arrow in arrows(figure, loops.COLOR))


def test_what_stations_do_beside_their_cycle_is_written_before_a_run(nested: api.Result) -> None:
    said = words(drawing.plant(nested.plan))
    assert {"×3", "set-up", "1 place", "no limit"} <= set(said)
    assert any(text == "hand ×2" for text in said)
    after = words(drawing.plant(nested.plan, nested))
    assert "set-up" not in after
    assert any(text.endswith(" / ∞") for text in after)


def test_rework_is_dashed_even_where_it_leads_on() -> None:
    plan = ran("machining_cell").plan
    assert graph.rework(plan) == {(plan.index("measure"), plan.index("mill_rework"))}
    figure = drawing.plant(plan)
    assert [arrow.get_linestyle() != "solid" for arrow in arrows(figure, "#A0522D")] == [True]
    assert "rework, or back upstream" in words(figure)


def test_figures_stand_where_a_group_serves(metres: api.Result) -> None:
    plan = ran("machining_cell").plan
    named = {plan.elements[i].name: numbers for i, numbers in staff.serving(plan).items()}
    assert {name: named.get(name) for name in ("turn", "mill", "measure", "mill_rework")} == {
        "turn": [1, 2], "mill": [1, 2], "measure": [2], "mill_rework": [1],
    }  # fmt: skip
    figure = drawing.plant(metres.plan)
    heads = [patch for patch in figure.axes[0].patches if patch.get_gid() == "person"]
    assert len(heads) == 1 + 2  # one at the station that is welded at, two in the lines below


def test_places_in_metres_show_vehicles_and_bows(metres: api.Result) -> None:
    for lang in LANGS:
        for colour in COLOURS:
            assert legible(drawing.plant(metres.plan, metres, colour=colour, lang=lang))
    said = words(drawing.plant(metres.plan, metres))
    fleets = [text for text in said if "vehicle" in text and ": " in text and ";" in text]
    assert [text.partition(";")[0] for text in fleets] == ["agv: 2 vehicles", "tug: 1 vehicle"]
    assert all(" trips" in text and "busy" in text and "loaded" in text for text in fleets)
    assert any(text.startswith("hall: 12 cards over a, b, c; in use ") for text in said)


# -- how it is asked for


def test_a_colour_is_asked_for_by_name(metres: api.Result, tmp_path: Path) -> None:
    assert pieces(metres.plot.plant(colour="state"), "legend")
    assert not pieces(metres.plot.plant(), "legend")
    metres.save_plot(tmp_path / "p.svg", colour="state")
    assert (tmp_path / "p.svg").read_text(encoding="utf-8").startswith("<?xml")
    for draw in (metres.plot.plant, lambda colour: metres.save_plot(tmp_path / "q.svg", colour=colour)):
        with pytest.raises(ValueError, match="colour: write 'state' or 'bottleneck', not 'red'"):
            draw(colour="red")
    assert not (tmp_path / "q.svg").exists()


@pytest.fixture
def layout(tmp_path: Path) -> str:
    path = tmp_path / "plant.yaml"
    path.write_text(METRES, encoding="utf-8")
    return str(path)


@pytest.mark.long
@pytest.mark.parametrize("colour", COLOURS)
def test_the_command_draws_the_plant(layout: str, tmp_path: Path, colour: str) -> None:
    picture = tmp_path / "p.svg"
    done = CliRunner().invoke(app, ["run", layout, "--plot", str(picture), "--colour", colour, "--workers", "1"])
    assert done.exit_code == 0
    assert f"drawing: {picture}" in done.stderr
    assert picture.stat().st_size > 5000


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--colour", "state"], "name a file for the drawing as well: --plot plant.svg"),
        (["--colour", "red", "--plot", "p.svg"], "write 'state' or 'bottleneck', not 'red'"),
    ],
)
def test_a_colour_that_makes_no_sense_is_misuse(layout: str, options: list[str], text: str) -> None:
    done = CliRunner().invoke(app, ["run", layout, *options], terminal_width=200)
    assert done.exit_code == 2
    assert text in " ".join(done.stderr.replace("│", " ").split())
