"""The table of a result in terminal and notebook."""

from __future__ import annotations

import io
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from rich.console import Console

import twin
from twin.report.result.limits import turning, where_to_look
from twin.report.result.sheet import buffers, caption, checks, headline, sheets, stations, vehicles
from twin.report.table import html, render
from twin.report.words import Lang

from .sample import Found, Maker, interval, pump, pump_document, station


def printed(result: Found, width: int, lang: Lang = "en") -> str:
    page = io.StringIO()
    Console(width=width, file=page, color_system=None).print(render(result, lang))
    return page.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_what_a_reader_looks_for_is_there(width: int) -> None:
    text = printed(pump(), width)
    for piece in ("37.2 ± 0.4 /h", "44.0 ± 1.0 min", "2.03 ± 0.04 %", "mill ×2", "68.9±1.1", "7.3 ± 0.3", "74.0 ± 1.2"):
        assert piece in text
    assert "parts conserved ✓" in text
    assert "Means of 20 replications of 20 d after 8 h of warm-up; ± is half of the 95 %" in text
    assert "seed 1 · plan 5f0c1e6f2a9b4d3c8e7f6a5b · twin 0.1.0" in text
    assert max(map(len, text.splitlines())) <= width


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_nothing_is_cut_at_80_columns_even_with_long_names_and_every_column(lang: Lang) -> None:
    document = pump_document()
    mill = document["elements"].pop("mill")
    mill["states"]["setup"] = {"mean": 0.0123, "low": 0.01, "high": 0.0146, "sd": 0.1, "n": 20}
    mill["kpis"]["oee"] = {"mean": 0.1234, "low": 0.01, "high": 0.2368, "sd": 0.1, "n": 20}
    document["elements"]["a_milling_machine_with_a_very_long_name"] = mill
    text = printed(Found(pump().plan, document), 80, lang)
    assert "…" not in text
    for sheet in sheets(pump().plan, document, lang):
        for row in sheet.rows:
            assert all(cell in text for cell in row[1:]), sheet.title


def test_one_run_has_no_interval() -> None:
    text = printed(pump(None), 80)
    assert "±" not in text
    assert "One run of 20 d after 8 h of warm-up: no interval." in text


def test_states_of_a_row_add_up_to_the_whole() -> None:
    stations = sheets(pump().plan, pump_document())[1]
    first = stations.head.index("work")
    for row in stations.rows:
        assert sum(map(float, row[first : stations.head.index("bottl.")])) == pytest.approx(100, abs=0.05 * 7)


def test_french() -> None:
    text = printed(pump(), 80, "fr")
    for piece in ("Pièces bonnes par heure", "37,2 ± 0,4 /h", "TRS", "goulot", "20 j", "loi de Little ✓"):
        assert piece in text


def test_products_are_listed_when_there_are_several() -> None:
    document = pump_document()
    assert "Products" not in printed(Found(pump().plan, document), 80)
    document["products"]["B"] = document["products"]["part"]
    assert "Products" in printed(Found(pump().plan, document), 80)


def test_a_failed_check_and_warnings_are_shown() -> None:
    document: dict[str, Any] = pump_document()
    document["checks"][1] = {"name": "parts conserved", "ok": False, "found": "5 in, 4 out"}
    assert "parts conserved ✗ FAILED (5 in, 4 out)" in checks(document)
    result = Found(pump().plan, document, warnings=("source b is [red] faster",))
    assert "Warning: source b is [red] faster" in printed(result, 120)
    assert 'class="bad"' in html(result)


def test_html_escapes_every_name() -> None:
    document = pump_document()
    evil = "<script>alert('x')</script>"
    document["elements"][evil] = document["elements"].pop("mill")
    document["products"] |= {evil: document["products"]["part"]}
    result = Found(pump().plan.with_run(name=evil), document, warnings=(evil,))
    page = html(result)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 4


def test_a_run_until_empty_says_so() -> None:
    document = pump_document() | {"horizon_s": None}
    assert "until the plant is empty" in caption(document)[0]


def test_the_rate_per_open_hour_is_shown_where_it_is_another() -> None:
    document = pump_document()
    document["kpis"]["throughput_per_open_h"] = dict(document["kpis"]["throughput_per_h"])
    assert "open hour" not in printed(Found(pump().plan, document), 80)
    document["kpis"]["throughput_per_open_h"]["mean"] = 43.0
    assert "open hour" in printed(Found(pump().plan, document), 80)


def test_lost_parts_are_added_up_where_there_are_any() -> None:
    document = pump_document()
    document["elements"]["castings"]["kpis"]["lost"] = interval(0.0, 0.0)
    assert "lost" not in printed(Found(pump().plan, document), 80)
    document["elements"]["castings"]["kpis"]["lost"] = interval(120.0, 4.0)
    text = printed(Found(pump().plan, document), 80)
    assert re.search(r"Parts lost on arrival +120 ± 4 parts", text)
    document["elements"]["motors"] = {"kind": "source", "kpis": {"lost": interval(30.0, 3.0)}}
    assert re.search(r"Pièces perdues à l'arrivée +150 pièces", printed(Found(pump().plan, document), 80, "fr"))


class Yard(NamedTuple):
    yard: float
    balk: bool


@pytest.mark.parametrize(
    ("row", "shown"), [(Yard(6.0, True), "6"), (Yard(math.inf, False), "unlimited"), (Yard(math.inf, True), "0")]
)
def test_a_source_shows_its_yard_as_capacity(row: Yard, shown: str) -> None:
    document, plan = pump_document(), pump().plan
    document["elements"]["castings"]["kpis"] |= {"content": interval(1.0), "wait_s": interval(3.0)}
    pairs = zip(plan.elements, plan.rows, strict=True)
    plan = replace(plan, rows=tuple(row if e.name == "castings" else r for e, r in pairs))
    lines = {cells[0]: cells[2] for cells in buffers(plan, document).rows}
    assert lines["castings"] == shown
    assert lines["mill_out"] == "20"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_mean_above_the_95_percent_value_is_explained(lang: Lang) -> None:
    document = pump_document()
    assert not headline(pump().plan, document, lang).note
    document["kpis"]["lead_time_p95_s"] = interval(1000.0, 10.0)
    assert "95 %" in headline(pump().plan, document, lang).note.replace("\u202f", " ")
    assert headline(pump().plan, document, lang).note.endswith(("closed hours.", "fermeture."))
    for entry in document["elements"].values():
        for state in ("off", "break", "maintenance"):
            entry.get("states", {}).pop(state, None)
    assert headline(pump().plan, document, lang).note.endswith(("all others.", "que les autres."))


def test_an_intrinsic_oee_above_100_is_explained_only_when_there_is_one() -> None:
    document = pump_document()
    assert "Above 100" not in printed(Found(pump().plan, document), 80)
    document["elements"]["wash"]["kpis"]["trs_intrinsic"] = interval(1.002, 0.001)
    assert "Above 100" in printed(Found(pump().plan, document), 80)
    assert "Au-delà de 100" in printed(Found(pump().plan, document), 80, "fr")


def test_a_plant_that_empties_before_the_horizon_says_how_long_was_measured() -> None:
    document = pump_document()
    document["kpis"]["makespan_s"] = interval(28800 + 5 * 3600.0, 60.0)
    assert "20 replications of 5 h on average (until the plant was empty)" in caption(document)[0]
    assert "5 h en moyenne (jusqu'à l'usine vide)" in caption(document, "fr")[0]
    one = pump_document(None)
    one["kpis"]["makespan_s"] = interval(28800 + 5 * 3600.0)
    assert "One run of 5 h (until the plant was empty) after" in caption(one)[0]


class Line(NamedTuple):
    outputs: tuple[int, ...]


def test_the_turning_point_is_named_only_where_there_is_a_turn() -> None:
    plan = Maker([("source", "a"), ("a", "c"), ("c", "z")]).plan()
    pairs = enumerate(zip(plan.elements, plan.rows, strict=True))
    rows = tuple(Line((i,)) if e.section == "stations" else r for i, (e, r) in pairs)
    plan, document = replace(plan, rows=rows), pump_document()
    plan = replace(plan, streams=())
    document["elements"] = {"a": station(1, 1.0, working=0.6, blocked=0.4), "c": station(1, 1.0, working=0.9)}
    assert turning(Found(plan, document), document).startswith("Turning point: c.")
    document["elements"]["a"] = station(1, 1.0, working=0.6, blocked=0.1)
    assert turning(Found(plan, document), document) == ""


def test_maintenance_has_a_column_of_its_own_and_closed_says_what_it_holds() -> None:
    sheet = stations(pump().plan, pump_document())
    row = dict(zip(sheet.head, next(row for row in sheet.rows if row[0] == "mill ×2"), strict=True))
    assert (row["maint."], row["closed"]) == ("1.0", "14.0")
    assert "closed: closed hours and breaks." in sheet.note
    french = stations(pump().plan, pump_document(), "fr")
    assert "maint." in french.head
    assert "fermé\u202f: heures de fermeture et pauses." in french.note


def test_only_columns_that_are_there_are_explained() -> None:
    document = pump_document()
    document["elements"] = {"c": station(1, 1.0, working=0.9)}
    note = stations(pump().plan, document).note
    assert "closed" not in note
    assert "crew" not in note
    assert "down: repair" in note


def test_start_up_is_told_apart_from_the_set_up_it_is_in() -> None:
    document = pump_document()
    document["elements"]["wash"]["kpis"]["start_up_share"] = interval(0.021, 0.001)
    assert stations(pump().plan, document).note.endswith("Of the set-up, start-up: wash 2.1.")


def fleet(busy: float, charging: float | None = None) -> dict[str, Any]:
    kpis = {"busy": interval(busy, 0.001), "loaded_share": interval(0.3, 0.01), "empty_share": interval(0.2, 0.01)}
    more = {} if charging is None else {"charging_share": interval(charging, 0.01)}
    return {"kind": "vehicles", "kpis": {**kpis, **more, "trips": interval(400.0, 3.0)}}


class Fleet(NamedTuple):
    number: int

    @property
    def count(self) -> int:  # type: ignore[override]
        return self.number


def test_charging_stands_in_the_table_of_vehicles_where_any_charges() -> None:
    document, plan = pump_document(), pump().plan
    plan = replace(plan, elements=(*plan.elements, plan.elements[0]._replace(name="agv", section="vehicles")))
    plan = replace(plan, rows=(*plan.rows, Fleet(2)))
    document["elements"]["agv"] = fleet(0.5)
    assert "charging %" not in vehicles(plan, document).head
    document["elements"]["agv"] = fleet(0.5, 0.133)
    sheet = vehicles(plan, document)
    assert dict(zip(sheet.head, sheet.rows[0], strict=True))["charging %"] == "13.3 ± 1.0"
    assert "recharge %" in vehicles(plan, document, "fr").head


@pytest.mark.parametrize(
    ("busy", "charging", "said"),
    [
        (0.97, None, "agv is busy 97 % of the time, more than any station: look there first."),
        (0.7, 0.2, "agv is busy or charging 90 % of the time, more than any station: look there first."),
        (0.7, None, ""),
    ],
)
def test_vehicles_busier_than_every_station_are_named(busy: float, charging: float | None, said: str) -> None:
    """The mill works 71 %, is down 7.5 % and is maintained 1 %: 79.5 % in all."""
    document = pump_document()
    document["elements"]["agv"] = fleet(busy, charging)
    plan = replace(pump().plan, elements=(), rows=())
    assert where_to_look(Found(plan, document), document) == said


@pytest.mark.parametrize(("carried", "named"), [(0.96, True), (0.7, False)])
def test_a_belt_that_carries_all_it_can_is_named(carried: float, named: bool) -> None:
    document = pump_document()
    document["elements"]["belt"] = station(1, 1.0, working=1.0) | {"kind": "conveyor", "kpis": {"busy": carried}}
    said = where_to_look(Found(replace(pump().plan, elements=(), rows=()), document), document, "fr")
    assert said.startswith("belt reçoit des pièces à sa cadence maximale 96\u202f%") == named


def test_what_is_free_for_most_of_the_opening_time_limits_nothing() -> None:
    document = pump_document()
    document["elements"] = {"c": station(1, 1.0, working=0.1, off=0.1), "agv": fleet(0.4)}
    assert where_to_look(Found(replace(pump().plan, elements=(), rows=()), document), document) == ""


def test_a_mean_within_a_bin_of_the_95_percent_value_needs_no_explanation() -> None:
    document = pump_document()
    document["kpis"]["lead_time_s"] = interval(360.0)
    document["kpis"]["lead_time_p95_s"] = interval(357.0)
    assert not headline(pump().plan, document).note
    document["kpis"]["lead_time_p95_s"] = interval(350.0)
    assert headline(pump().plan, document).note


def test_the_95_percent_value_shows_no_digit_below_its_bins() -> None:
    document = pump_document()
    document["kpis"]["lead_time_p95_s"] = interval(60.016, 0.00005)
    shown = dict(headline(pump().plan, document).rows)
    assert shown["Lead time, 95 % are below"] == "60.0 ± <0.1 s"
    document["kpis"]["lead_time_p95_s"] = interval(60.0, 0.0)
    assert dict(headline(pump().plan, document).rows)["Lead time, 95 % are below"] == "60 s"


def test_people_who_are_absent_have_a_column(tmp_path: Path) -> None:
    path = tmp_path / "plant.yaml"
    text = """
twin: 1
plant: One fitter
flow: [a -> m -> out]
sources: {a: {arrivals: saturated}}
stations: {m: {cycle: 1 min, by: fitter}}
operators: {fitter: {count: 1, breakdowns: {ill: {mtbf: {constant: 3 h}, mttr: {constant: 1 h}}}}, spare: {count: 1}}
sinks: {out: {}}
run: {horizon: 40 h, replications: 1}
"""
    path.write_text(text, encoding="utf-8")
    rows = [line.split() for line in str(twin.run(path)).splitlines()]
    at = rows.index(["group", "count", "busy", "%", "absent", "%"])
    assert rows[at + 2 : at + 4] == [["fitter", "1", "100.0", "25.0"], ["spare", "1", "0.0", "–"]]
