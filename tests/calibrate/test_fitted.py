"""The fitted file: what is written is what a layout reads, and the check says what has moved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from twin import api
from twin.calibrate.fitting.posterior import posterior
from twin.calibrate.fitting.sample import sample
from twin.calibrate.found import Findings, Source, Times, TimesFound
from twin.calibrate.history.reading import read_reading
from twin.calibrate.output import written
from twin.calibrate.output.fitted import Made, fitted_text, made_by, write_fitted
from twin.calibrate.output.recheck import check_fitted
from twin.core.compile import compile_plan
from twin.core.drawfile import beside
from twin.core.layout import load_layout
from twin.core.origin import sha256_of_hours
from twin.core.output import OutputError
from twin.core.plan import Plan
from twin.core.problem import PlantError
from twin.core.text import parse

from .findings import HISTORY, findings, made

api.register()

LAYOUT = """twin: 1
plant: by hand
flow: [in -> mill -> out]
products: {A: {}, B: {}}
sources: {in: {arrivals: saturated, sequence: [A, B]}}
stations:
  mill:
    cycle: {from: mill.fitted.yaml#mill.cycle}
    setup: {matrix: {A: {B: {from: mill.fitted.yaml#mill.setup.A.B}}}, other: 2 min}
    quality: {scrap: {from: mill.fitted.yaml#mill.scrap}}
    breakdowns:
      spindle: {from: mill.fitted.yaml#mill.spindle}
      belt: {from: mill.fitted.yaml#mill.belt}
      motor: {from: mill.fitted.yaml#mill.motor}
      teeth: {from: mill.fitted.yaml#mill.teeth}
sinks: {out: {}}
run: {warm_up: 1 h, horizon: 8 h}
"""


@pytest.fixture
def known(tmp_path: Path) -> Made:
    """How the findings of a test were made; its folder holds reading file and history."""
    return made(tmp_path)


def plan(folder: Path) -> Plan:
    """The plan of a layout that uses every entry."""
    (folder / "layout.yaml").write_text(LAYOUT, encoding="utf-8")
    return compile_plan(load_layout(folder / "layout.yaml"))


def written_file(known: Made, found: Findings | None = None) -> Path:
    """The fitted file of a test, with its draws."""
    path = known.reading.parent / "mill.fitted.yaml"
    write_fitted(path, found or findings(), known)
    return path


def test_a_layout_reads_what_is_written_to_four_digits(known: Made) -> None:
    found = findings()
    written_file(known, found)
    rows = {row.origin[1:]: row for row in plan(known.reading.parent).laws if row.origin}
    laws = [(mode.name, "up", mode.up) for mode in found.modes]
    laws += [(mode.name, "repair", mode.repair) for mode in found.modes]
    laws += [(one.name, "", one.posterior) for one in found.times]
    assert len(rows) == len(laws) == 10
    for name, part, law in laws:
        row, central = rows[name, part], law.central
        assert row.mean / row.scale == pytest.approx(central.mean, rel=5.1e-4)
        assert row.cv == pytest.approx(central.cv, rel=5.1e-4)
        assert row.family == (central.family if law.failures >= 5 else "gamma")


def test_what_is_said_depends_on_the_number_of_failures(known: Made) -> None:
    data = parse(fitted_text(findings(), known, known.reading.parent).encode(), "x").data
    assert data["mill.belt"]["up"]["law"] == data["mill.motor"]["up"]["law"] == "cannot tell"
    assert "weights" not in data["mill.belt"]["up"]
    assert not {"weibull", "gamma", "lognormal"} & data["mill.belt"]["up"].keys()
    assert data["mill.motor"]["up"]["borrowed"] is True
    assert data["mill.motor"]["evidence"]["least_mean"] == "46.36 h"  # 500,000 s / -ln 0.05
    assert sum(data["mill.spindle"]["up"]["weights"].values()) == pytest.approx(1, abs=3e-4)
    assert data["mill.spindle"]["repair"]["includes_wait"] is True
    assert data["mill.teeth"]["up"]["interval90"][0].endswith(" cycles")
    assert data["mill.scrap"]["share"] == "1.911 %"  # (97 + 1/2) / (5100 + 1)
    assert data["mill.spindle"]["source"]["rows"] == [2, 77]


def test_the_window_is_told_in_days_of_its_zone(known: Made) -> None:
    one = findings().modes[0]
    night = (1_767_567_600_000_000, 1_767_654_000_000_000)  # 2026-01-05 00:00 in Paris, a day
    found = Findings((replace(one, evidence=replace(one.evidence, window=night)),))
    assert "window: 2026-01-05/2026-01-06" in fitted_text(found, known, known.reading.parent)


def test_the_same_findings_give_the_same_bytes(known: Made) -> None:
    first = [path.read_bytes() for path in (written_file(known), beside(written_file(known)))]
    written_file(known._replace(draws=5))
    assert [path.read_bytes() for path in (written_file(known), beside(written_file(known)))] == first


def test_sources_are_named_from_the_folder_of_the_fitted_file(known: Made) -> None:
    one = findings().counts[0]
    two = (*one.counts.sources, Source("sqlite:///x.db", "ab", (1, 2)))
    found = Findings(counts=(replace(one, counts=replace(one.counts, sources=two)),))
    source = parse(fitted_text(found, known, known.reading.parent / "sub").encode(), "x").data["mill.scrap"]["source"]
    assert [one["file"] for one in source["files"]] == ["../stops.csv", "sqlite:///x.db"]
    assert source["reading"] == "../mill.yaml"


def test_odd_names_are_written_so_that_they_can_be_read(known: Made) -> None:
    one = findings().modes[0]
    seen = replace(one.evidence, station='Zone "A": mill #1\u00a0', mode="no\x07")
    text = fitted_text(Findings((replace(one, evidence=seen),)), known, known.reading.parent)
    document = parse(text.encode(), "x")
    assert not document.problems
    assert list(document.data) == ['Zone "A": mill #1 .no\ufffd']


def test_two_things_of_one_name_are_refused(known: Made) -> None:
    one = findings().modes[0]
    same = Findings((replace(one, evidence=replace(one.evidence, mode="cycle")),), findings().times)
    with pytest.raises(PlantError, match=r"two things that were found are called 'mill\.cycle'"):
        fitted_text(same, known, known.reading.parent)


def test_a_file_that_cannot_be_written_leaves_nothing(known: Made) -> None:
    with pytest.raises(OutputError, match="there is no directory"):
        write_fitted(known.reading.parent / "no" / "mill.fitted.yaml", findings(), known)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (148_320.0, "41.2 h"),
        (7199.96, "120 min"),
        (7200.0, "2 h"),
        (1044.123456, "17.4 min"),
        (41.87654, "41.88 s"),
        (0.0123456, "0.01235 s"),
        (44_438_400_000.0, "12340000 h"),
    ],
)
def test_times_are_written_as_people_read_them(value: float, text: str) -> None:
    assert written.in_its_unit(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("no", '"no"'), ("12e4", '"12e4"'), ("41.2 h", "41.2 h"), ("a: b", '"a: b"'), ('"', '"\\""'), ("-x", '"-x"')],
)
def test_words_that_would_be_something_else_stand_in_quotes(value: str, text: str) -> None:
    assert written.scalar(value) == text


def test_reading_says_how_it_was_made(tmp_path: Path) -> None:
    path = tmp_path / "mill.yaml"
    path.write_text("twin: 1\ncalibration: x\nhistory: [{file: stops.csv, columns: {asset: a, start: b, end: c}, "
                    "time_zone: Europe/Paris}]\ndraws: 30\nseed: 5\n", encoding="utf-8")  # fmt: skip
    known = made_by(read_reading(path), "twin calibrate", "2026-07-01")
    assert (known.seed, known.draws, known.zone, known.reading) == (5, 30, "Europe/Paris", path)


# -- twin calibrate --check


def moved(known: Made, found: Findings | None = None) -> list[str]:
    """What the check says, each without the file's name."""
    again = found or findings()
    problems = check_fitted(known.reading.parent / "mill.fitted.yaml", lambda reading: (again, known))
    return [f"{one.path}: {one.text}" for one in problems]


def test_the_check_finds_nothing_where_nothing_has_moved(known: Made) -> None:
    written_file(known)
    assert moved(known._replace(date="2026-09-09", command="another")) == []


def test_the_check_names_the_file_that_has_changed(known: Made) -> None:
    written_file(known)
    (known.reading.parent / "stops.csv").write_text(HISTORY + "more", encoding="utf-8")
    known.reading.unlink()
    first, second = moved(known)
    assert first.startswith("mill.belt.source: the file 'stops.csv' has changed: sha256 e196e4d1… then, ")
    assert second == "mill.belt.source: the file 'mill.yaml' is not there"


def test_a_layout_whose_calendar_was_taken_is_watched_for_its_hours_alone(known: Made) -> None:
    """A layout takes the laws after it gave the calendar, so all else in it may change."""
    place = known.reading.parent / "layout.yaml"
    hours = "start: 2026-01-05 06:00\ncalendar: day\ncalendars: {day: {week: {mon-fri: [06:00-14:00]}}}\n"
    place.write_text(LAYOUT + hours, encoding="utf-8")
    known = known._replace(layout=("layout.yaml", sha256_of_hours(place.read_bytes())))
    written_file(known)
    for changed in (place.read_text(encoding="utf-8").replace("horizon: 8 h", "horizon: 9 h"), hours + LAYOUT):
        place.write_text(changed, encoding="utf-8")
        assert moved(known) == []
        assert load_warnings(place) == []
    place.write_text((LAYOUT + hours).replace("06:00-14:00", "06:00-22:00"), encoding="utf-8")
    assert moved(known) == ["mill.belt.source: the calendar of 'layout.yaml' has changed"]
    (line,) = load_warnings(place)
    assert "the calendar of 'layout.yaml' has changed (" in line


def load_warnings(place: Path) -> list[str]:
    """What is said of a layout that compiles."""
    layout = load_layout(place)
    compile_plan(layout)
    return [one.text for one in layout.document.problems]


def test_lines_that_end_otherwise_are_no_change(known: Made) -> None:
    path = written_file(known)
    history = known.reading.parent / "stops.csv"
    for one in (history, path):
        one.write_bytes(one.read_bytes().replace(b"\n", b"\r\n"))
    assert moved(known) == []


def test_the_check_names_numbers_and_draws_that_have_moved(known: Made) -> None:
    written_file(known)
    lines = moved(known, findings(shift=1.01))
    (line,) = (line for line in lines if line.startswith("mill.spindle.up"))
    assert line.startswith("mill.spindle.up.lognormal.mean: '84.18 h' in the file, '85.02 h' now (and ")
    assert line.endswith(" more of 'mill.spindle up')")
    assert not [line for line in lines if "draws" in line]
    assert not [line for line in lines if "repair" in line or "teeth" in line]


def test_the_check_names_what_is_gone_and_what_is_new(known: Made) -> None:
    written_file(known)
    found = findings()
    lines = moved(known, Findings(found.modes[1:], found.times, found.counts))
    assert lines == ["mill.belt: 'mill.belt' is no longer found"]
    written_file(known, Findings(found.modes[1:], found.times, found.counts))
    assert moved(known) == [": 'mill.belt' is found now, and is not in the file"]


def test_the_check_misses_the_draws(known: Made) -> None:
    path = written_file(known)
    beside(path).unlink()
    assert moved(known) == [": there is no file 'mill.draws.npz' with its draws"]


def test_the_check_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("[1]", encoding="utf-8")
    with pytest.raises(PlantError, match="this is no fitted file"):
        check_fitted(tmp_path / "x.yaml", lambda reading: (findings(), made(tmp_path)))


# -- what other thresholds make, and times without spread


def test_thresholds_that_change_something_are_written(known: Made) -> None:
    one = findings().modes[2]
    tried = (("restart threshold × 0.5", 45, 7200.0), ("restart threshold × 2", 0, float("inf")))
    found = Findings((replace(one, evidence=replace(one.evidence, sensitivity=tried)),))
    data = parse(fitted_text(found, known, known.reading.parent).encode(), "x").data
    assert data["mill.spindle"]["evidence"]["sensitivity"] == [
        {"what": "restart threshold × 0.5", "failures": 45, "book_mean": "2 h"},
        {"what": "restart threshold × 2", "failures": 0},
    ]
    assert "sensitivity" not in fitted_text(findings(), known, known.reading.parent)


def test_a_time_without_spread_is_a_constant_that_is_never_drawn(known: Made) -> None:
    found = findings()
    seen = sample([1800.0] * 20 + [1801.0])
    greasing = TimesFound(Times("mill", "setup.A.B", seen, found.times[0].times.sources), posterior(seen), None)
    written_file(known, replace(found, times=(found.times[0], greasing)))
    text = (known.reading.parent / "mill.fitted.yaml").read_text(encoding="utf-8")
    assert "\nmill.setup.A.B:\n  constant: 30 min\n  interval90: [" in text
    compiled = plan(known.reading.parent)
    (row,) = (row for row in compiled.laws if row.origin and row.origin[1] == "mill.setup.A.B")
    assert row.family == "constant"
    assert "mill.setup.A.B" not in [one.name for one in compiled.inputs]
    assert not compiled.inputs.fixed
    assert moved(known, replace(found, times=(found.times[0], greasing))) == []
