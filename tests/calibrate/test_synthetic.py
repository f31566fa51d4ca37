"""The generator of dirty logs: its machines stop as the engine's do, and each dirt is what its count says."""

from __future__ import annotations

import csv
import io
import itertools
import math
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

import twin.element  # noqa: F401  registers calendars, for the reading files
from tests.engine.story import plan_of
from twin.calibrate.cleaning.clean import clean
from twin.calibrate.history.log import read_log
from twin.calibrate.history.reading import Reading, read_reading
from twin.calibrate.rows import MICRO_STOP, OPEN, PLANNED, RUN, STARVED, Rows
from twin.calibrate.synthetic import (
    CLEAN,
    TYPICAL,
    Dirt,
    History,
    Hours,
    Machine,
    Maintenance,
    Mode,
    Truth,
    Waiting,
    generate,
    law,
)
from twin.calibrate.synthetic import pump as synthetic_pump
from twin.calibrate.synthetic.machine import live
from twin.calibrate.synthetic.rows import meet, union
from twin.core.layout import load_layout
from twin.core.timetable import OPEN as HOURS_OPEN
from twin.core.timetable import Timetable
from twin.engine.simpy import simulate

ROOT = Path(__file__).resolve().parents[2]
SHIFTS = Hours(breaks=("09:30-09:45", "12:00-12:30"))
SPINDLE = Mode(
    "spindle", law({"weibull": {"mean": "31 h", "cv": 0.7}}), law({"lognormal": {"mean": "40 min", "cv": 1}}),
    restart=300.0,
)  # fmt: skip
CHIPS = Mode("chips", law("2 h"), law("3 min"), micro_stop=True)
GREASING = Maintenance("greasing", law({"constant": "20 h"}), law({"constant": "30 min"}), renews=("chips",))


def mills(number: int = 2, **more: object) -> tuple[Machine, ...]:
    """Machines of one station."""
    told = {"modes": (SPINDLE, CHIPS), "maintenance": (GREASING,), "hours": SHIFTS} | more
    return tuple(Machine(f"M{i}", "mill", i, **told) for i in range(1, number + 1))  # type: ignore[arg-type]


def dirty(dirt: Dirt, seed: int = 1, days: float = 91, **more: object) -> History:
    """A history of two mills."""
    return generate(Truth(mills(**more), days=days), seed, dirt)


def table(text: str) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ","))


def read(history: History, folder: Path, text: str = "", reading: str = "") -> tuple[Reading, Rows, int]:
    """A history as calibration reads it: the reading file, its rows, the number of rows with a mistake."""
    (folder / "stops.csv").write_text(text or history.log_text(), encoding="utf-8")
    (folder / "reading.yaml").write_text(reading or history.reading_text(), encoding="utf-8")
    found = read_reading(folder / "reading.yaml")
    log = read_log(found)
    return found, log.rows, sum(file.bad for file in log.files)


# -- as the engine has it

PLANT = """
    start: 2027-01-04 00:00
    flow: [a -> m -> out]
    sources: {a: {arrivals: saturated}}
    stations:
      m:
        machines: 2
        cycle: {gamma: {mean: 88 s, cv: 0.3}}
        calendar: two
        breakdowns:
          spindle: {mtbf: {weibull: {mean: 31 h, cv: 0.7}}, mttr: {lognormal: {mean: 3.5 h, cv: 1.2}}}
          chips: {mtbf: 42 min, mttr: 90 s, micro_stop: true}
          door: {mtbf: {gamma: {mean: 9 h, cv: 0.5}}, mttr: 20 min, clock: shift}
          frost: {mtbf: {gamma: {mean: 20 h, cv: 0.5}}, mttr: 1 h, clock: calendar}
          tool: {mtbf: {weibull: {mean: 300 cycles, cv: 0.4}}, mttr: 4 min}
        maintenance:
          greasing: {every: 10 h, lasts: 30 min, renews: [chips, tool]}
          look: {every: 7 h, lasts: 5 min, clock: shift}
          swap: {every: 90 cycles, lasts: 3 min}
    calendars:
      two: {week: {mon-fri: [06:00-14:00, 14:00-22:00]}, breaks: [09:30-09:45, 12:00-12:30]}
    sinks: {out: {}}
    run: {warm_up: 0 s, horizon: 40 d, seed: 5}
    """


def same_machine(number: int) -> Machine:
    """A machine of that plant."""
    modes = (
        Mode("spindle", SPINDLE.up, law({"lognormal": {"mean": "3.5 h", "cv": 1.2}})),
        Mode("chips", law("42 min"), law("90 s")),
        Mode("door", law({"gamma": {"mean": "9 h", "cv": 0.5}}), law("20 min"), clock="shift"),
        Mode("frost", law({"gamma": {"mean": "20 h", "cv": 0.5}}), law("1 h"), clock="calendar"),
        Mode("tool", law({"weibull": {"mean": "300 cycles", "cv": 0.4}}), law("4 min"), clock="cycles"),
    )
    tasks = (
        Maintenance("greasing", law({"constant": "10 h"}), law({"constant": "30 min"}), renews=("chips", "tool")),
        Maintenance("look", law({"constant": "7 h"}), law({"constant": "5 min"}), clock="shift"),
        Maintenance("swap", law({"constant": "90 cycles"}), law({"constant": "3 min"}), clock="cycles"),
    )
    return Machine(f"M{number}", "m", number, modes, tasks, cycle=law({"gamma": {"mean": "88 s", "cv": 0.3}}))


def test_a_machine_stops_when_that_of_the_engine_does() -> None:
    plan, trace = plan_of(PLANT), list[tuple[float, str, int, str, str]]()
    ledger = simulate(plan, 0, trace).stations[plan.index("m")]
    hours = Timetable(plan.rows[plan.index("two")])
    lives = [live(same_machine(number), hours, plan.horizon, seed=5) for number in (1, 2)]
    for number, life in enumerate(lives, start=1):
        starts = [at for at in life.stops[:, 0].tolist() if hours.state(at) == HOURS_OPEN]
        told = {at for at, name, machine, state, _ in trace if (name, machine) == ("m", number) and state != "working"}
        assert len(starts) > 600
        assert set(starts) <= told
    for kind, row in enumerate(ledger.stops):
        stops = np.concatenate([life.stops[life.kind == kind] for life in lives])
        down = (np.minimum(stops[:, 3], plan.horizon) - stops[:, 0]).sum()
        assert (row.mode, row.times, row.down) == (row.mode, len(stops), down)
    assert sum(row.times for row in ledger.stops) > 1500


def test_times_up_have_the_law_they_are_drawn_from() -> None:
    history = generate(Truth(mills(1, modes=(CHIPS,), maintenance=(), hours=None), days=2000), 3)
    stops = history.rows()
    gaps = (stops.start[1:] - stops.end[:-1]) / 3.6e9
    repairs = (stops.end - stops.start) / 60e6
    for values, mean in ((gaps, 2.0), (repairs, 3.0)):  # exponential: the sd is the mean
        assert abs(values.mean() - mean) < 4.4 * mean / math.sqrt(len(values))
        assert abs(values.std() / values.mean() - 1) < 4.4 * math.sqrt(2 / len(values))  # its sd is √(2/n) for CV 1


def test_maintenance_waits_for_the_part_and_renews() -> None:
    cycle, every = law({"constant": "7 min"}), law({"constant": "1 h"})
    task = Maintenance("oil", every, law({"constant": "5 min"}), renews=("belt",))
    belt = Mode("belt", law({"constant": "2 h"}), law({"constant": "1 h"}))
    history = generate(Truth((Machine("A", "a", 1, (belt,), (task,), cycle),), days=1), 1)
    rows = history.rows()
    assert set(rows.state.tolist()) == {PLANNED}  # it never comes to the belt, which would break after 2 h
    starts = (rows.start - history.frame.start) / 60e6
    assert starts[:3].tolist() == [63, 131, 199]  # as the 9th, 18th and 27th part end: 63 + 5 + 63 …


def test_waits_and_set_ups_end_with_the_hours_and_go_on_after_them() -> None:
    products, sizes = ("A", "B"), law({"constant": "40 cycles"})
    setup = law({"lognormal": {"mean": "50 min", "cv": 0.5}})
    machine = replace(
        mills(1)[0], cycle={"A": law({"constant": "1 min"}), "B": law({"constant": "90 s"})}, products=products,
        lot=sizes, setup=setup, waiting=Waiting(law("3 h"), law("40 min")),
    )  # fmt: skip
    history = generate(Truth((machine,), days=120), 2)
    one, rows = history.machines[0], history.rows()
    assert (rows.start[1:] >= rows.end[:-1]).all()
    asked = one.life.axis.setups
    told = (rows.state == 3).nonzero()[0]
    spent = sum(meet(asked, one.work_spans())[0].T[1] - meet(asked, one.work_spans())[0].T[0])
    assert (rows.end - rows.start)[told].sum() == spent
    assert {rows.products[i] for i in rows.product[told].tolist()} == {"A", "B"}
    opened = history.frame.opened(SHIFTS) + history.frame.zero
    idle = np.isin(rows.state, (3, STARVED))
    spans = np.column_stack([rows.start, rows.end])[idle].astype(float)
    assert (np.diff(meet(spans, union(opened))[0]).sum()) == np.diff(spans).sum()


def test_parts_follow_from_the_time_worked() -> None:
    machine = mills(1, cycle=law({"constant": "90 s"}), scrap=0.03, rework=0.05)[0]
    history = generate(Truth((machine,), days=91), 2)
    counted = table(history.counters_text())
    parts, scrap, rework = (sum(int(row[name]) for row in counted) for name in ("Parts", "Scrap", "Rework"))
    assert parts == int(
        history.machines[0].work_at(np.array([float(history.frame.end - history.frame.zero)]))[0] // 90e6
    )
    for bad, share in ((scrap, 0.03), (rework, 0.05)):
        assert abs(bad - share * parts) < 4.4 * math.sqrt(share * (1 - share) * parts)
    cycles = table(history.cycles_text("M1", 10, 50))
    assert len(cycles) == 50
    spans = [datetime.fromisoformat(row["To"]) - datetime.fromisoformat(row["From"]) for row in cycles]
    assert set(spans) == {timedelta(seconds=90)}


# -- each dirt by itself


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert dirty(TYPICAL, days=20).log_text() == dirty(TYPICAL, days=20).log_text()
    assert dirty(TYPICAL, days=20).log_text() != dirty(TYPICAL, 2, days=20).log_text()


def test_a_log_without_dirt_is_the_truth() -> None:
    history = dirty(CLEAN)
    rows, told = history.rows(), table(history.log_text())
    zone = ZoneInfo("Europe/Paris")
    starts = [datetime.fromisoformat(row["From"]).replace(tzinfo=zone).timestamp() for row in told]
    order = np.argsort(rows.start, kind="stable")
    assert np.abs(np.array(starts) - rows.start[order] / 1e6).max() < 1e-6
    assert [row["Code"] for row in told] == [rows.reasons[i] for i in rows.reason[order].tolist()]
    assert len(told) == history.counts.rows == history.counts.stops


def test_copies_overlaps_and_second_reasons_are_counted() -> None:
    history = dirty(Dirt(duplicates=0.03, overlaps=0.02, reasons=0.04))
    told, counts = table(history.log_text()), history.counts
    lines = [tuple(row.values()) for row in told]
    assert len(lines) - len(set(lines)) == counts.duplicates > 10
    kept = list(dict.fromkeys(lines))
    assert len(kept) - len({line[:2] for line in kept}) == counts.reasons > 10
    alone = [line for line in kept if line[3] != "NO OPERATOR"]
    pairs = sum(later[1] < line[2] for name in ("M1", "M2") for line, later in _pairs(alone, name))
    assert pairs == counts.overlaps > 5
    assert counts.rows == counts.stops + counts.duplicates + counts.reasons + counts.overlaps


def _pairs(lines: list[tuple[str, ...]], machine: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Rows of a machine, each with the one after it."""
    of = sorted(line for line in lines if line[0] == machine)
    return list(itertools.pairwise(of))


def test_cuts_restarts_and_open_ends_are_counted() -> None:
    history = dirty(Dirt(shift_cuts=True, restarts=0.05), seed=5)
    told, counts = table(history.log_text()), history.counts
    assert sum(row["To"] == "" for row in told) == counts.open
    pairs = [pair for name in ("M1", "M2") for pair in _pairs([tuple(row.values()) for row in told], name)]
    joints = [pair for pair in pairs if pair[0][2] == pair[1][1]]
    assert all(one[2].partition("T")[2].startswith("14:00:00") for one, _ in joints)
    nights = [pair for pair in pairs if "T22:00:00.0" in pair[0][2] and "T06:00:00.0" in pair[1][1]]
    assert len(joints) + len(nights) == counts.cuts > 3
    near = [a for a, b in pairs if a[3] == b[3] == "SPINDLE" and 0 < _seconds(a[2], b[1]) < SPINDLE.restart]
    assert len(near) == counts.restarts + counts.short_gaps > 5


def _seconds(one: str, other: str) -> float:
    return (datetime.fromisoformat(other) - datetime.fromisoformat(one)).total_seconds()


def test_what_lasts_at_the_end_of_the_window_is_open() -> None:
    end = datetime(2026, 2, 3, 10)
    history = dirty(CLEAN)
    rows = history.rows()
    long = int(np.argmax(rows.end - rows.start))
    middle = int(rows.start[long] + rows.end[long]) // 2
    end = datetime(1970, 1, 1) + timedelta(microseconds=middle) + timedelta(hours=1)
    cut = generate(replace(history.truth, days=(end - history.truth.start).total_seconds() / 86400), 1, CLEAN)
    assert cut.counts.open == cut.cut.sum() == 1
    assert [row["To"] for row in table(cut.log_text())].count("") == 1
    assert cut.rows().end.max() == cut.frame.end
    assert generate(cut.truth, 1, Dirt(open_end=False)).log.end.max() == cut.frame.end


def test_what_is_lost_leaves_unknown_time() -> None:
    history = dirty(Dirt(outages=3, least=60.0))
    told, counts = table(history.log_text()), history.counts
    dark = [row for row in told if row["Code"] == "NO DATA"]
    assert sum(_seconds(row["From"], row["To"]) for row in dark) == pytest.approx(counts.unknown / 1e6, abs=1e-4)
    assert counts.rows == counts.stops - counts.lost - counts.below + len(dark)
    short = (history.rows().end - history.rows().start < 60e6) & (history.rows().state == MICRO_STOP)
    assert counts.below == short.sum() > 50
    inside = [
        row for row in told for one in dark
        if row is not one and row["Machine"] == one["Machine"] and one["From"] < row["From"] < one["To"]
    ]  # fmt: skip
    assert (counts.lost > 0, inside) == (True, [])


def test_misspelt_swapped_and_shuffled_rows_are_counted(tmp_path: Path) -> None:
    history = dirty(Dirt(misspelt=0.05, swapped=0.02, shuffled=True, resolution=1.0, french=True))
    told, counts = table(history.log_text()), history.counts
    right = {code.code for code in history.codes}
    assert sum(row["Code"] not in right for row in told) == counts.misspelt > 10
    moments = [[datetime.strptime(row[k], "%d/%m/%Y %H:%M:%S") for k in ("From", "To")] for row in told]
    assert sum(start > end for start, end in moments) == counts.swapped > 5
    assert [start for start, _ in moments] != sorted(start for start, _ in moments)
    _, rows, bad = read(history, tmp_path)
    assert (bad, rows.n) == (counts.swapped, counts.rows - counts.swapped)


def test_hours_that_a_clock_shows_twice_or_never_are_counted(tmp_path: Path) -> None:
    busy = mills(3, hours=None, modes=(replace(CHIPS, up=law("12 min")),))
    history = generate(Truth(busy, datetime(2026, 3, 20), days=230), 1, Dirt(old_clock=True))
    assert (history.counts.doubled > 3, history.counts.missing > 3) == (True, True)
    _, rows, bad = read(history, tmp_path)
    assert bad == history.counts.doubled + history.counts.missing
    assert rows.n == history.counts.rows - bad


# -- other forms, and back to the truth


def _stops(rows: Rows, end: int) -> set[tuple[str, int, int, int]]:
    """Stops as they are whatever the form."""
    at = np.flatnonzero((rows.state != RUN) & (rows.start < end))
    columns = (rows.start, np.where(rows.end == OPEN, end, rows.end), rows.state)
    told = zip(*(column[at].tolist() for column in columns), strict=True)
    return {(rows.assets[i], *one) for i, one in zip(rows.asset[at].tolist(), told, strict=True)}  # type: ignore[misc]


def test_changes_of_state_tell_the_same(tmp_path: Path) -> None:
    history = dirty(CLEAN, days=60)
    text = history.reading_text().replace("between: run", "").replace("reasons:", "reasons:\n  RUN: run")
    text = text.replace(
        "{asset: Machine, start: From, end: To, reason: Code}", "{asset: Machine, at: At, reason: Code}"
    )
    text = text.replace("file: stops.csv", "file: stops.csv\n    form: changes")
    _, rows, bad = read(history, tmp_path, history.changes_text(), text)
    assert bad == 0
    assert _stops(rows, history.frame.end) == _stops(history.rows(), history.frame.end)


def test_cleaning_gives_back_the_truth(tmp_path: Path) -> None:
    dirt = Dirt(duplicates=0.03, overlaps=0.02, reasons=0.03, misspelt=0.03, shift_cuts=True, shuffled=True)
    history = dirty(dirt, modes=(SPINDLE,), maintenance=())
    found, rows, bad = read(history, tmp_path)
    cleaned = clean(rows, found)
    assert (bad, history.counts.cuts > 0) == (0, True)
    assert _stops(cleaned.rows, history.frame.end) == _stops(history.rows(), history.frame.end)


# -- what is shipped


def test_the_shipped_history_is_made_again_bit_for_bit() -> None:
    folder = ROOT / "calibration" / "pump_line"
    made = synthetic_pump.files()
    assert {path.name for path in folder.iterdir()} == set(made)
    for name, text in made.items():
        assert (folder / name).read_bytes() == text.encode(), f"{name}: run python -m twin.calibrate.synthetic.pump"
    assert (folder / "stops.csv").stat().st_size < 300_000
    assert made["README.md"].startswith("# SYNTHETIC")


def test_its_truth_is_the_layout() -> None:
    layout = load_layout(ROOT / "layouts" / "pump_line.yaml")
    stations = {element.name: element.kind for element in layout.elements if element.section == "stations"}
    mill, made = stations["mill"], {machine.station: machine for machine in synthetic_pump.truth().machines}
    for mode in (synthetic_pump.SPINDLE, synthetic_pump.CHIPS):
        assert (mode.up, mode.repair) == (mill.breakdowns[mode.name].mtbf, mill.breakdowns[mode.name].mttr)
    greasing = mill.maintenance["greasing"]
    assert (synthetic_pump.GREASING.every, synthetic_pump.GREASING.lasts) == (greasing.every, greasing.lasts)
    assert synthetic_pump.GREASING.renews == tuple(greasing.renews)
    assert sum(machine.station == "mill" for machine in synthetic_pump.truth().machines) == mill.machines
    for name in ("wash", "kit", "pack"):
        assert made[name].cycle == stations[name].cycle
    pace = made["test"].cycle.moments().mean  # of the line, as the counters of the test station see it
    assert 88 / 2 < pace < 1.1 * 88 / 2
    quality = stations["test"].quality
    assert (made["test"].scrap, made["test"].rework) == (quality.scrap, quality.rework.share)


def test_its_reading_file_reads_it() -> None:
    reading = read_reading(ROOT / "calibration" / "pump_line.yaml")
    log, history = read_log(reading), synthetic_pump.history()
    assert [file.bad for file in log.files] == [history.counts.swapped, 0, 0]
    assert reading.bounds(log.rows) == (history.frame.start, history.frame.end)
    assert {reading.station(asset) for asset in log.rows.assets} == {"mill", "wash", "kit", "test", "pack"}
    assert not [problem for problem in log.errors if not problem.path.startswith(("To", "From"))]
