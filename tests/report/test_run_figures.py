"""Figures of real runs: their numbers add up to the key figures, and nothing on paper overlaps."""

from __future__ import annotations

import math
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

import twin
from tests.report import runs
from twin.api.result import Result
from twin.core.run import Trace
from twin.kpi.bottleneck import arrow
from twin.report import figures
from twin.report.figures.flows import flows
from twin.report.figures.plots import FIGURES, check_figure
from twin.report.figures.shifting import reigns
from twin.report.figures.shifts import shares, stretches
from twin.report.figures.trs import Bar, waterfall, whisker
from twin.report.figures.value_stream import Ladder, ladder
from twin.report.figures.waits import arrows, neighbours, pointed_at
from twin.report.figures.yamazumi import stacks
from twin.report.measure import Measure
from twin.report.result.sheet import machines
from twin.report.style import canvas
from twin.report.ways.journey import journeys
from twin.report.ways.trace import last_time

QUICK = ["three_machines", "transfer_line"]
OTHERS = ["machining_cell", "job_shop", "disassembly_lab", "pump_line", "packaging_line", "packing_hall"]
"""The pump line stands for its two variants: its stations and ways are theirs, and other layouts have set-ups."""
NAMES = [*QUICK, *(pytest.param(name, marks=pytest.mark.long) for name in OTHERS)]
HARD = {
    "pieces": """
twin: 1
plant: Pieces
flow: [cores -> first, first -> a -> out, first -> b -> out]
sources: {cores: {every: {exponential: 90 s}}}
stations:
  first: {cycle: 30 s, queue: {capacity: 50}, gives: {a: 2, b: 1}}
  a: {cycle: 20 s, queue: {capacity: 50}, quality: {scrap: 5 %}}
  b: {cycle: 40 s, queue: {capacity: 50}}
sinks: {out: {}}
run: {horizon: 10 h, warm_up: 1 h}
""",
    "loads": """
twin: 1
plant: Loads brought by a vehicle
flow: [raw -> saw -> rack -> oven -> out]
sources: {raw: {every: {exponential: 90 s}}}
stations:
  saw: {at: [0, 0], cycle: 60 s, queue: {capacity: 20}, quality: {scrap: 4 %}}
  oven: {at: [9, 9], cycle: 60 s, batch: {size: 2}}
buffers: {rack: {at: [30, 0], capacity: 6, dwell: {most: 100 s}}}
vehicles: {agv: {count: 1, speed: 1 m/s, serves: [saw -> rack]}}
sinks: {out: {}}
run: {horizon: 10 h, warm_up: 1 h}
""",
    "kit": """
twin: 1
plant: Kit taken apart
flow: [in -> a -> x -> k -> out, more -> y -> k, k -> bin]
sources: {in: {every: {exponential: 60 s}}, more: {every: {exponential: 50 s}, yard: 5, balk: true}}
stations: {a: {cycle: 30 s, queue: {}}, k: {cycle: 40 s, takes: {x: 1, y: 2}, gives: {out: 1, bin: 1}}}
buffers: {x: {capacity: 30}, y: {capacity: 8}}
sinks: {out: {}, bin: {good: false}}
run: {horizon: 10 h, warm_up: 1 h}
""",
}
"""What parts may meet that no starter layout has."""


@cache
def ran(name: str) -> tuple[Result, Trace]:
    """A layout run twice (a random one), and the trace of the first replication."""
    if name not in HARD:
        return runs.ran(name), runs.traced(name)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plant.yaml"
        path.write_text(HARD[name], encoding="utf-8")
        result = runs.run(path, runs.Length())
    return result, result.trace()


@cache
def walked(name: str) -> Ladder:
    result, trace = ran(name)
    return ladder(result.plan, journeys(result.plan, trace), result.plan.warm_up)


@pytest.mark.parametrize("name", [*NAMES, *HARD])
def test_times_of_the_waterfall_lead_from_one_to_the_next_and_end_at_the_trs(name: str) -> None:
    result, _ = ran(name)
    document = result.document()
    for station, _ in machines(document):
        bars = waterfall(result, document, station)
        left = math.nan
        for bar in bars:
            if bar.level:
                assert math.isnan(left) or bar.minutes.mean == pytest.approx(left, abs=0.5)  # the least loss is 0.05
                left = bar.minutes.mean
            else:
                left -= bar.minutes.mean
        spent = {bar.key: bar.minutes.mean for bar in bars}
        per_run = [_trs(row, station) for row in result.rows]
        mean = math.fsum(trs * tr for trs, tr in per_run) / len(per_run)
        assert spent["useful"] == pytest.approx(mean, abs=1e-6)


def _trs(row: Any, station: str) -> tuple[float, float]:
    """(TRS, required minutes of a day)."""
    path = f"elements.{station}"
    closed = sum(row[f"{path}.states.{state}"] for state in ("off", "break", "maintenance"))
    return row[f"{path}.kpis.trs"], 1440 * (1 - closed)


@pytest.mark.parametrize("name", [*NAMES, *HARD])
def test_a_trace_knows_the_bottleneck_as_the_run_did(name: str) -> None:
    result, trace = ran(name)
    plan, end = result.plan, last_time(result.plan, trace)
    found = reigns(plan, trace, end)
    cut = stretches(plan.warm_up, end)
    parts = shares(found, cut)
    for key, share in ((k, v) for k, v in result.rows[0].items() if k.startswith("bottleneck.")):
        station = key.removeprefix("bottleneck.")
        spent = sum(max(0.0, one.end - max(one.begin, plan.warm_up)) for one in found if one.station == station)
        assert min(1.0, spent / (end - plan.warm_up)) == pytest.approx(share, abs=1e-9)
        by_stretch = zip(parts.get(station, []), cut, strict=False)
        assert sum(sum(one) * (high - low) for one, (low, high) in by_stretch) == pytest.approx(spent, abs=10.0)


@pytest.mark.parametrize("name", [*NAMES, *HARD])
def test_the_flow_is_conserved_and_is_that_of_the_run(name: str) -> None:
    result, trace = ran(name)
    plan, row = result.plan, result.rows[0]
    found = flows(plan, journeys(plan, trace), plan.warm_up)
    for i, _ in enumerate(plan.elements):
        assert found.came(i) == found.went(i)
    for i, sink, _ in plan.of("sinks"):
        assert found.left[i] == row[f"elements.{sink}.kpis.parts"]
    good = sum(found.left[i] for i, _, sink in plan.of("sinks") if sink.good)
    bad = found.left.total() - good + found.scrapped.total()
    assert good == row["kpis.parts"]
    assert bad / (good + bad) == pytest.approx(row["kpis.scrap_share"], abs=1e-12)


@pytest.mark.parametrize("name", [*NAMES, *HARD])
def test_the_total_of_the_ladder_is_the_mean_lead_time(name: str) -> None:
    row, found = ran(name)[0].rows[0], walked(name)
    assert found.parts == row["kpis.parts"]
    assert found.whole == pytest.approx(row["kpis.lead_time_s"], rel=1e-9)


def test_work_of_a_line_without_scrap_is_its_cycles() -> None:
    found, (result, _) = walked("transfer_line"), ran("transfer_line")
    names = {name: i for i, name, _ in result.plan.of("stations")}
    expected = {"turn": 75.0, "drill": 78.0, "mill": 76.0, "wash": 74.0}
    assert {name: found.work[i] for name, i in names.items()} == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_station_is_not_busy_of_its_takt_it_waits(name: str) -> None:
    result, _ = ran(name)
    document = result.document()
    for one in stacks(result, document):
        path = f"elements.{one.name}.states"
        waits = [3600 / row["kpis.throughput_per_h"] * (row[f"{path}.blocked"] + row[f"{path}.starved"])
                 for row in result.rows]  # fmt: skip
        assert one.whole.mean + math.fsum(waits) / len(waits) == pytest.approx(one.takt.mean, rel=1e-9)
        assert math.fsum(one.spent.values()) == pytest.approx(one.whole.mean, rel=1e-9)


@pytest.mark.parametrize("name", ["three_machines", "transfer_line"])
def test_arrows_of_a_line_point_where_the_rule_of_kuo_lim_and_meerkov_says(name: str) -> None:
    result, _ = ran(name)
    document = result.document()
    stations = [station for _, station, _ in result.plan.of("stations")]
    assert neighbours(result.plan) == list(pairwise(stations))
    blocked, starved = (
        [document["elements"][one]["states"][state]["mean"] for one in stations] for state in ("blocked", "starved")
    )
    found = arrows(result, document)
    assert sorted(pointed_at(stations, found)) == sorted(stations[i] for i in arrow(blocked, starved))


def test_one_run_leaves_every_arrow_undecided() -> None:
    result = runs.ran_once()
    assert not any(one.sure for one in arrows(result, result.document()))


# -- on paper


def drawn(name: str, figure: str, lang: Any) -> Figure:
    result, trace = ran(name)
    draw = getattr(figures, figure)
    found: Figure = draw(result, trace, lang=lang) if figure in TRACED else draw(result, lang=lang)
    return found


TRACED = ("bottleneck_over_time", "sankey", "value_stream", "content", "gantt")
NEW = ["trs", "bottleneck_over_time", "waits", "yamazumi", "sankey", "value_stream", "content"]


@pytest.mark.parametrize("figure", NEW)
@pytest.mark.parametrize("name", [*NAMES, *HARD])
@pytest.mark.parametrize("lang", ["en", pytest.param("fr", marks=pytest.mark.long)])
def test_no_words_overlap_or_leave_the_page(name: str, figure: str, lang: str) -> None:
    if figure == "content" and not ran(name)[0].plan.of("buffers"):
        pytest.skip("no buffers")
    page = drawn(name, figure, lang)
    page.draw_without_rendering()
    far = {label for ax in page.axes for label in _not_drawn(ax)}
    words = [text for text in page.findobj(Text) if text.get_visible() and text.get_text().strip()]
    boxes = [(text.get_text(), Text.get_window_extent(text)) for text in words if text not in far]
    for word, box in boxes:
        assert box.x0 >= -1, word
        assert box.x1 <= page.bbox.x1 + 1, word
        assert box.y0 >= -1, word
        assert box.y1 <= page.bbox.y1 + 1, word
    cores = [(word, box.padded(-1.5)) for word, box in boxes]
    for (one, core), (other, near) in combinations(cores, 2):
        assert Bbox.intersection(core, near) is None, (one, other)


def _not_drawn(ax: Axes) -> list[Text]:
    """Labels of ticks beyond the ends of an axis."""
    found: list[Text] = []
    for at, (low, high), labels in (
        (0, sorted(ax.get_xlim()), ax.get_xticklabels()),
        (1, sorted(ax.get_ylim()), ax.get_yticklabels()),
    ):
        found += [label for label in labels if not low <= label.get_position()[at] <= high]
    return found


@pytest.mark.parametrize("figure", NEW)
@pytest.mark.parametrize("lang", ["en", pytest.param("fr", marks=pytest.mark.long)])
def test_a_figure_of_a_run_says_a_sentence_and_what_its_intervals_are(figure: str, lang: str) -> None:
    page = drawn("transfer_line", figure, lang)
    sentence = page.axes[0].get_title(loc="left")
    assert sentence.endswith(".")
    assert any(letter.isdigit() for letter in sentence)
    note = page.axes[-1].get_xlabel().replace("\n", " ")
    expected = {"sankey": "replication", "value_stream": "±"}.get(figure, "95")
    assert expected in note.replace("réplication", "replication")


@pytest.mark.parametrize("figure", NEW)
def test_a_figure_draws_where_it_is_told_and_says_that_one_run_has_no_interval(figure: str) -> None:
    home = Figure((9, 4))
    result = runs.ran_once()
    more = (result.trace(),) if figure in TRACED else ()
    assert getattr(figures, figure)(result, *more, ax=home.add_subplot()) is home
    assert "no interval" in home.axes[0].get_xlabel().replace("\n", " ").lower().replace("one run: no", "no")


def test_wide_whiskers_stay_on_the_paper() -> None:
    spent = Measure(200.0, -4_000.0, 9_000.0)
    for bar in (Bar("opening", 0.0, spent), Bar("repair", 1_000.0, spent), Bar("performance", 1_000.0, spent)):
        low, high = whisker(bar)
        assert -1_440 <= low - bar.begin < high - bar.begin <= 1_440
    assert whisker(Bar("net", 0.0, Measure(200.0, 190.0, 215.0))) == (190.0, 215.0)


@pytest.mark.filterwarnings("error")
def test_endless_names_leave_room_for_what_is_drawn(tmp_path: Path) -> None:
    one, two, rack = ("W" * 200 + end for end in "12r")
    path = tmp_path / "plant.yaml"
    path.write_text(
        f"twin: 1\nplant: Names\nflow: [raw -> {one} -> {rack} -> {two} -> out]\n"
        "sources: {raw: {arrivals: saturated}}\n"
        f"stations:\n  ? {one}\n  : {{cycle: {{exponential: 50 s}}, quality: {{scrap: 3 %}}}}\n"
        f"  ? {two}\n  : {{cycle: 40 s}}\n"
        f"buffers:\n  ? {rack}\n  : {{capacity: 3}}\nsinks: {{out: {{}}}}\n"
        "run: {horizon: 2 h, warm_up: 0 s, replications: 2}\n"
    )
    found = twin.load(path).run(workers=1)
    for name in FIGURES:
        found.plot.draw(name).draw_without_rendering()


def test_letters_that_our_font_lacks_are_no_warning(tmp_path: Path) -> None:
    figure = canvas(3.0, 2.0)
    figure.add_subplot().set_title("\U0001f916 \u5de5")
    figure.draw_without_rendering()
    figure.savefig(tmp_path / "figure.png", bbox_inches="tight")


def test_a_station_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="station: 'saw' is none; there are turn, drill, mill, wash"):
        ran("transfer_line")[0].plot.trs("saw")


def test_figures_go_by_name() -> None:
    plot = ran("transfer_line")[0].plot
    assert all(callable(getattr(plot, name)) for name in FIGURES)
    assert plot.draw("yamazumi", lang="fr").axes[0].get_title(loc="left").startswith("drill a le moins de réserve")
    with pytest.raises(ValueError, match="unknown figure 'pie'; there is states, trs"):
        plot.draw("pie")


@pytest.mark.parametrize(
    ("figure", "colour", "plot", "told"),
    [
        ("pie", None, "a.svg", "unknown figure 'pie'; there is states, trs, "),
        ("ganntt", None, "a.svg", "unknown figure 'ganntt'; did you mean 'gantt'?"),
        ("sankey", None, None, "figure: name a file for it as well: --plot sankey.svg"),
        ("sankey", "state", "a.svg", "colour: only the figure 'plant' takes one; leave one of the two out"),
    ],
)
def test_a_figure_asked_for_amiss_is_told(figure: str, colour: str | None, plot: str | None, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        check_figure(figure, colour, plot)


def test_a_result_saves_any_figure(tmp_path: Path) -> None:
    result, _ = ran("transfer_line")
    result.save_plot(tmp_path / "sankey.svg", figure="sankey", lang="fr")
    assert (tmp_path / "sankey.svg").read_text(encoding="utf-8").rstrip().endswith("</svg>")
    result.save_plot(tmp_path / "plant.png", figure="plant", colour="state")
    assert (tmp_path / "plant.png").read_bytes().startswith(b"\x89PNG")
