"""What was seen on pages of runs and calibrations as images: words that claim no more than the numbers beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from matplotlib.figure import Figure

import twin
from tests.report.calibrated import evidence, modes
from tests.report.drawn import below, heading, plain
from tests.report.sample import Found, Maker, interval, pump, pump_document, station
from twin.api.result import Result
from twin.report import figures
from twin.report.calibration import panels
from twin.report.measure import Measure, share, show
from twin.report.plant import drawing
from twin.report.plant.carts import carried
from twin.report.result.limits import turning
from twin.report.run import page as run_page
from twin.report.run.workbook import workbook
from twin.report.table import plain_text, render
from twin.report.words import Lang

CARTS = """
twin: 1
plant: Carts
flow: [a -> saw -> b -> press -> c -> out]
sources: {a: {arrivals: saturated}}
stations: {saw: {cycle: 40 s}, press: {cycle: 30 s, at: [0, 0]}}
buffers: {b: {capacity: 5}, c: {capacity: 20, at: [60, 0]}}
sinks: {out: {at: [40, 10]}}
vehicles: {agv: {count: 1, speed: 1 m/s, serves: [press -> c], load_time: 5 s}}
run: {horizon: 1 h, warm_up: 10 min, replications: 1}
"""
CALLED = {
    "en": ("blocked (no room downstream, or no vehicle)", "no room ahead, or no vehicle",
           "or either waits for a vehicle"),
    "fr": ("saturé (sans place en aval, ou sans véhicule)", "sans place en aval, ou sans véhicule",
           "ou bien l'un et l'autre attendent un véhicule"),
}  # fmt: skip


def run(text: str, folder: Path, replications: int = 1) -> Result:
    path = folder / "plant.yaml"
    path.write_text(text, encoding="utf-8")
    return twin.load(path).run(replications, workers=1)


@pytest.fixture(scope="module")
def carts(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return run(CARTS, tmp_path_factory.mktemp("carts"))


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The same without vehicles; the press waits for nobody."""
    text = "\n".join(line for line in CARTS.splitlines() if not line.startswith("vehicles"))
    return run(text, tmp_path_factory.mktemp("without"))


def printed(result: Any, lang: Lang = "en") -> str:
    return plain(plain_text(render(result, lang), 200))


def marks(figure: Any) -> list[str]:
    return [plain(text.get_text()) for text in figure.axes[0].get_legend().get_texts()]


# -- who waits for a vehicle is not said to lack room


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_where_vehicles_take_parts_away_blocked_says_so(carts: Result, lang: Lang) -> None:
    state, done, _ = CALLED[lang]
    assert state in marks(figures.states(carts, lang=lang))
    assert state in marks(figures.waits(carts, lang=lang))
    assert state in heading(figures.states(carts, lang=lang))
    assert state in heading(figures.trs(carts, "press", lang=lang))
    ladder = marks(figures.value_stream(carts, carts.trace(), lang=lang))
    assert any(done in mark for mark in ladder)
    words = [text.get_text() for text in drawing.plant(carts.plan, carts, colour="state", lang=lang).axes[0].texts]
    assert state in words


def test_a_station_before_a_buffer_waits_for_room_whatever_the_others_wait_for(carts: Result) -> None:
    """The saw is blocked by the rack before the press, which no vehicle serves."""
    ticks = [label.get_text() for label in figures.trs(carts, "saw").axes[0].get_yticklabels()]
    assert "blocked" in ticks


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_without_vehicles_nothing_is_said_of_them(without: Result, lang: Lang) -> None:
    shown = [*marks(figures.states(without, lang=lang)), *marks(figures.waits(without, lang=lang))]
    assert not [text for text in shown if "vehicle" in text or "véhicule" in text]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_reads_waits_with_vehicles_where_there_are_any(
    carts: Result, without: Result, undrawn: None, monkeypatch: pytest.MonkeyPatch, lang: Lang
) -> None:
    read: list[str] = []
    monkeypatch.setattr(run_page, "drawn", lambda _, note="": read.append(note))
    run_page.page(carts, lang)
    assert any(CALLED[lang][2] in plain(note) for note in read)
    read.clear()
    run_page.page(without, lang)
    assert not [note for note in read if "vehicle" in note or "véhicule" in note]


def test_the_workbook_says_it_as_the_page_does(carts: Result, tmp_path: Path) -> None:
    import openpyxl

    workbook(carts, "fr").save(tmp_path / "run.xlsx")
    cells = [cell.value for row in openpyxl.load_workbook(tmp_path / "run.xlsx")["États"].iter_rows() for cell in row]
    assert cells.count("saturé en aval") == 1
    assert cells.count(CALLED["fr"][0]) == 2


# -- the turning point is claimed as far as the intervals say so


class Line(NamedTuple):
    outputs: tuple[int, ...]


def line(*rows: tuple[float, float]) -> Found:
    """Two stations, a before c: (share that a is blocked, share that c is starved) in each replication."""
    plan = Maker([("source", "a"), ("a", "c"), ("c", "z")]).plan()
    pairs = enumerate(zip(plan.elements, plan.rows, strict=True))
    plan = replace(plan, rows=tuple(Line((i,)) if e.section == "stations" else r for i, (e, r) in pairs))
    document = pump_document()
    blocked, starved = (sum(one) / len(rows) for one in zip(*rows, strict=True))
    document["elements"] = {
        "a": station(1, 1.0, working=1 - blocked, blocked=blocked), "c": station(1, 1.0, working=1 - starved),
    }  # fmt: skip
    document["replications"] = len(rows)
    paths = ({"a": (b, 0.0), "c": (0.0, s)} for b, s in rows)
    told = tuple(
        {
            f"elements.{name}.states.{state}": x
            for name, pair in one.items()
            for state, x in zip(WAITS, pair, strict=True)
        }
        for one in paths
    )
    return Found(plan, document, rows=told)


WAITS = ("blocked", "starved")
SURE = [(0.4, 0.1), (0.42, 0.11), (0.38, 0.09), (0.41, 0.1)]
OPEN = [(0.4, 0.3), (0.1, 0.45), (0.5, 0.2), (0.3, 0.28)]


@pytest.mark.parametrize(
    ("rows", "english", "french"),
    [
        (SURE, "Turning point: c. Stations before it", "Point de bascule\u202f: c. En amont"),
        (OPEN, "cannot be told yet; by the means it is c.", "pas encore tranché\u202f; en moyenne, c'est c."),
        (SURE[:1], "c in this one run, which cannot tell", "c dans cette seule simulation, qui ne dit rien du hasard."),
    ],
)
def test_the_turning_point_is_claimed_only_where_intervals_tell_it(
    rows: list[tuple[float, float]], english: str, french: str
) -> None:
    found = line(*rows)
    assert english in turning(found, found.data)
    assert french in turning(found, found.data, "fr")


def test_where_nothing_is_random_one_run_tells_all(carts: Result) -> None:
    """The saw is blocked for longer than the press is starved, and no chance is in it."""
    assert not carts.plan.is_random
    title = heading(figures.waits(carts))
    assert title.startswith("The waits point at press as the bottleneck")
    assert "undecided" not in " ".join(marks(figures.waits(carts)))


# -- one replication has no means


@pytest.mark.parametrize(("lang", "said"), [("en", "In this one run"), ("fr", "Dans cette seule simulation")])
def test_one_replication_is_not_called_a_mean(tmp_path: Path, lang: Lang, said: str) -> None:
    random = CARTS.replace("saw: {cycle: 40 s}", "saw: {cycle: {exponential: 40 s}}")
    one = run(random, tmp_path)
    view = run_page.View(one, lang)
    for text in (heading(figures.waits(one, lang=lang)), plain(run_page._lead(view))):
        assert said in text
        assert "y the means" not in text
        assert "n moyenne" not in text


# -- why an intrinsic OEE is above 100 %


SHORT = """
twin: 1
plant: Short
flow: [a -> m -> out]
sources: {a: {arrivals: saturated}}
stations: {m: {cycle: 70 s}}
sinks: {out: {}}
run: {warm_up: 100 s, horizon: 30 min, replications: 1}
"""
BEGUN, SHORTER = "a cycle begun before the measured time counts in it", "the cycles drawn were shorter"


@pytest.mark.parametrize(
    ("station", "reason"),
    [
        ("{cycle: 70 s}", BEGUN),
        ("{load: {time: 10 s}, cycle: 60 s}", BEGUN),
        ("{cycle: 70 s, ideal_cycle: 75 s}", SHORTER),
        ("{cycle: {uniform: {low: 40 s, high: 80 s}}, ideal_cycle: 75 s}", SHORTER),
    ],
)
def test_what_makes_an_intrinsic_oee_pass_100_is_said_truly(tmp_path: Path, station: str, reason: str) -> None:
    text = printed(run(SHORT.replace("{cycle: 70 s}", station), tmp_path))
    assert reason in text
    assert ({BEGUN, SHORTER} - {reason}).pop() not in text


def test_it_is_said_in_french_too(tmp_path: Path) -> None:
    assert "un cycle commencé avant le temps mesuré y compte en entier" in plain(printed(run(SHORT, tmp_path), "fr"))


# -- what is exact has no ±


def test_an_exact_number_stands_alone_and_a_small_half_is_not_0() -> None:
    assert show(Measure(0.0, 0.0, 0.0)) == "0"
    assert show(Measure(68.64, 68.64, 68.64), "fr") == "68,6"
    assert show(Measure(1 / 3, 1 / 3 - 1e-17, 1 / 3 + 1e-15)) == "0.333"
    assert share(Measure(1.0, 1.0, 1.0), interval=True) == "100.0"
    assert share(Measure(0.99999, 0.99998, 1.0), interval=True) == "100.00 ± <0.01"
    assert share(Measure(0.99999, 0.99998, 1.0), "fr", interval=True) == "100,00 ± <0,01"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_table_of_a_run_shows_a_half_of_0(lang: Lang) -> None:
    document = pump_document()
    document["kpis"]["scrap_share"] = interval(0.0, 0.0)
    document["elements"]["team"]["kpis"]["busy"] = interval(1.0, 0.0)
    text = printed(Found(pump().plan, document), lang)
    assert "±" in text
    assert "± 0 " not in text
    assert "± 0,0" not in text
    assert "± 0.0 " not in text


def test_a_bar_of_planned_time_has_its_length_alone(carts: Result) -> None:
    labels = [text.get_text() for text in figures.trs(carts, "saw").axes[0].texts]
    assert "1,440 min" in labels
    assert not [text for text in labels if "±" in text]
    assert "one run: no interval" in below(figures.trs(carts, "saw"))


# -- a test and a band that seem to contradict each other


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "All 60 points inside; A–D p = 0.020: a slight misfit of Weibull."),
        ("fr", "Les 60 points sont dans la bande\u202f; A–D p = 0,020\u202f: léger écart à la loi Weibull."),
    ],
)
def test_a_small_p_beside_points_inside_the_band_is_explained(lang: Lang, told: str) -> None:
    found = modes(evidence("mill", "chips", 5, 30))[0]
    goodness = found.tests.goodness
    assert goodness is not None
    doubtful = replace(found, tests=replace(found.tests, goodness=goodness._replace(p=0.02)))
    ax = Figure(figsize=(6, 4)).add_subplot()
    panels.qq(ax, panels.up_side(doubtful), lang)
    said = " ".join(plain(text.get_text()) for text in ax.texts)
    assert plain(told) in said
    plain_ax = Figure(figsize=(6, 4)).add_subplot()
    panels.qq(
        plain_ax, panels.up_side(replace(found, tests=replace(found.tests, goodness=goodness._replace(p=0.4)))), lang
    )
    assert "misfit" not in " ".join(text.get_text() for text in plain_ax.texts)


OVEN = """\
twin: 1
plant: Oven
flow: [blanks -> rack -> oven -> cooled]
sources: {blanks: {every: 1 min}}
stations: {oven: {cycle: 50 min, batch: {size: 6}}}
buffers: {rack: {capacity: 12}}
sinks: {cooled: {}}
run: {warm_up: 30 min, horizon: 80 min, replications: 1}
"""


def test_a_load_begun_before_the_measured_time_counts_as_a_whole(tmp_path: Path) -> None:
    """Above 100 % with loads of constant cycles, whose ideal cycle is that of a part."""
    (tmp_path / "oven.yaml").write_text(OVEN)
    assert "a cycle begun before the measured time counts in it as a whole" in " ".join(
        str(twin.run(tmp_path / "oven.yaml")).split()
    )


def test_a_vehicle_that_takes_from_a_rack_lets_no_machine_wait(tmp_path: Path) -> None:
    path = tmp_path / "racks.yaml"
    path.write_text(
        CARTS.replace("b -> press -> c", "b -> c -> press").replace("press -> c]", "b -> c]")
        .replace("b: {capacity: 5}", "b: {capacity: 5, at: [0, 5]}"),
        encoding="utf-8",
    )  # fmt: skip
    assert carried(twin.load(path).plan) == frozenset()
