"""Reading files: what they mean, and their mistakes, all at once with their places."""

from __future__ import annotations

import dataclasses
import hashlib
import pickle
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from twin.calibrate.history.reading import Reading, read_reading
from twin.calibrate.history.wall import micros
from twin.calibrate.hours import hours_of
from twin.calibrate.output.fitted import made_by
from twin.calibrate.rows import BREAKDOWN, MICRO_STOP, PLANNED, RUN, SETUP, UNKNOWN, empty
from twin.core.origin import sha256_of_hours
from twin.core.problem import PlantError
from twin.core.timetable import OPEN, STATES

from . import readings

WHOLE = """
    history:
      - file: stops.csv
        columns: {asset: Machine, start: From, end: To, reason: Code}
        time_zone: Europe/Paris
    window: {from: 2026-03-23 06:00, to: 2026-04-06 06:00}
    time_zone: Europe/Paris
    calendar: two_shifts
    calendars: {two_shifts: {week: {mon-fri: [06:00-14:00, 22:00-06:00]}}}
    assets: {MILL-1: mill, MILL-2: mill, KIT-A: kit}
    classes: {mills: [mill, kit]}
    reasons:
      SPINDLE: {mode: spindle}
      101: {mode: spindle}
      CHIPS: {mode: chips, micro_stop: true}
      GREASE: {maintenance: greasing, renews: [chips]}
      REGLAGE: setup
      TEST: ignore
    modes:
      spindle: {clock: shift, restart: 5 min, least: 30 s, prior: {cv: 0.5}}
      kit.spindle: {includes_wait: false, first: new}
    micro_stop: 3 min
    events: {second: 2026-04-01, first: 2026-03-30 12:00}
    draws: 100
    seed: 7
"""
HOUR = 3_600_000_000


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return readings.read(tmp_path, WHOLE)


def problems(folder: Path, text: str, **files: str) -> list[str]:
    with pytest.raises(PlantError) as caught:
        readings.read(folder, text, **files)
    return [str(one).removeprefix(f"{folder}/") for one in caught.value.problems]


def test_words_mean_what_the_file_says(reading: Reading) -> None:
    states = {word: reading.meaning(word) for word in ("SPINDLE", "CHIPS", "GREASE", "REGLAGE")}
    assert [one and one[:2] for one in states.values()] == [
        (BREAKDOWN, "spindle"), (MICRO_STOP, "chips"), (PLANNED, "greasing"), (SETUP, ""),
    ]  # fmt: skip
    assert reading.meaning("101") == reading.meaning("SPINDLE")
    assert (test := reading.meaning("TEST")) is not None
    assert test.ignored
    assert reading.meaning("else") is None
    assert reading.renews("greasing") == ("chips",)
    assert reading.mode_names == ("spindle", "chips", "micro", "stop", "greasing")


def test_modes_of_a_station_go_before_modes(reading: Reading) -> None:
    mill, kit = reading.mode("mill", "spindle"), reading.mode("kit", "spindle")
    assert (mill.clock, mill.restart, mill.least, mill.prior.median, mill.includes_wait) == (
        "shift", 300_000_000, 30_000_000, 0.5, True,
    )  # fmt: skip
    assert (kit.clock, kit.restart, kit.first, kit.includes_wait) == ("working", 0, "new", False)
    assert [reading.mode("mill", mode).micro for mode in ("chips", "micro", "spindle")] == [True, True, False]


def test_assets_belong_to_stations_and_stations_to_classes(reading: Reading) -> None:
    assert [reading.station(asset) for asset in ("MILL-1", "KIT-A", "LATHE")] == ["mill", "kit", "LATHE"]


def test_times_are_on_the_wall_clock_of_the_zone(reading: Reading) -> None:
    """The window passes the night of 29 March 2026, when clocks in Paris jump from 2 to 3."""
    begin, end = reading.bounds(empty())
    assert begin == micros(datetime(2026, 3, 23, 5))
    assert end == micros(datetime(2026, 4, 6, 4))
    assert [name for name, _ in reading.event_times()] == ["first", "second"]
    assert reading.utc(datetime(2026, 4, 1)) == micros(datetime(2026, 3, 31, 22))


def openings(found: Reading, window: tuple[int, int]) -> list[tuple[int, int]]:
    """When the plant is open in a window, µs UTC."""
    hours = hours_of(found, window)
    pairs = zip(hours.at.tolist(), (hours.at + hours.lengths).tolist(), hours.state.tolist(), strict=True)
    return [(begin, end) for begin, end, state in pairs if state == OPEN]


def test_openings_last_as_long_as_they_do(reading: Reading) -> None:
    """Two weeks of ten shifts by day and ten by night, of 8 h each; no night of work falls on the jump (a Sunday)."""
    found = hours_of(reading, reading.bounds(empty()))
    assert found.at.dtype == np.int64
    assert found.opened == 2 * 10 * 8 * HOUR
    assert (found.lengths > 0).all()


def test_a_night_shift_over_the_jump_is_an_hour_short(tmp_path: Path) -> None:
    text = WHOLE.replace("mon-fri: [06:00-14:00, 22:00-06:00]", "sat: [22:00-06:00]")
    found = readings.read(tmp_path, text)
    assert [end - begin for begin, end in openings(found, found.bounds(empty()))] == [7 * HOUR, 8 * HOUR]


def test_cycles_count_from_the_start_of_the_window(tmp_path: Path) -> None:
    text = WHOLE.replace("week: {mon-fri: [06:00-14:00, 22:00-06:00]}", "cycle: 2 d, open: [0 h-12 h]")
    found = readings.read(tmp_path, text)
    begin, end = found.bounds(empty())
    assert openings(found, (begin, end))[0] == (begin, begin + 12 * HOUR)
    assert openings(found, (begin + HOUR, begin + 2 * HOUR)) == [(begin + HOUR, begin + 2 * HOUR)]
    assert openings(found, (begin + 13 * HOUR, begin + 14 * HOUR)) == []


def test_without_a_calendar_the_plant_is_always_open(tmp_path: Path) -> None:
    found = readings.read(tmp_path, readings.STOPS)
    assert found.timetable() is None
    assert openings(found, (3, 5)) == [(3, 5)]


def test_the_calendar_of_a_layout(tmp_path: Path) -> None:
    (tmp_path / "plant.yaml").write_text(
        "twin: 1\nplant: p\nstart: 2027-01-04 06:00\ncalendar: day\ncalendars: {day: {week: {mon: [08:00-16:00]}}}\n",
        encoding="utf-8",
    )
    found = readings.read(tmp_path, "time_zone: UTC\nlayout: plant.yaml\n" + readings.STOPS)
    assert made_by(found).layout == ("plant.yaml", sha256_of_hours((tmp_path / "plant.yaml").read_bytes()))
    monday = micros(datetime(2026, 3, 23))
    assert openings(found, (monday, monday + 24 * HOUR)) == [(monday + 8 * HOUR, monday + 16 * HOUR)]


def test_the_calendar_counts_on_its_own_wall(reading: Reading) -> None:
    timetable = reading.timetable()
    assert timetable is not None
    opens = reading.utc(datetime(2026, 3, 23, 6))
    instants = np.array([opens - 1, opens, opens + 8 * HOUR])
    assert [STATES[timetable.state(float(at))] for at in reading.wall().local(instants)] == ["off", "open", "off"]


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("history: [{file: a.csv}]\n", RUN),
        ("history: [{file: a.csv}]\nreasons: {OK: run}\n", UNKNOWN),
        ("history: [{file: a.csv, form: changes}]\n", UNKNOWN),
        ("history: [{file: a.csv, form: changes}]\nbetween: run\n", RUN),
        ("history: [{file: a.csv}, {file: b.csv, form: counters}]\n", RUN),
    ],
)
def test_time_without_a_row(tmp_path: Path, text: str, state: int) -> None:
    assert readings.read(tmp_path, text).between_state == state


def test_it_knows_its_own_bytes_and_places(reading: Reading, tmp_path: Path) -> None:
    path = tmp_path / "reading.yaml"
    assert reading.path == path
    assert reading.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert reading.mark(("reasons", "CHIPS", "nowhere")) == reading.mark(("reasons", "CHIPS"))
    assert reading.problem(("reasons", "CHIPS"), "odd").document()["path"] == "reasons.CHIPS"
    assert pickle.loads(pickle.dumps(reading)).sha256 == reading.sha256


def test_the_same_reading_with_another_window(reading: Reading) -> None:
    whole = reading.bounds(empty())
    other = reading.within(whole[0] + HOUR, whole[1] - HOUR)
    assert other.bounds(empty()) == (whole[0] + HOUR, whole[1] - HOUR)
    assert other.window is not None
    assert (other.window.begin, other.window.end) == (datetime(2026, 3, 23, 7), datetime(2026, 4, 6, 5))
    assert reading.bounds(empty()) == whole
    assert (other.sha256, other.mode("mill", "spindle")) == (reading.sha256, reading.mode("mill", "spindle"))


def test_it_cannot_be_changed(reading: Reading) -> None:
    with pytest.raises(Exception, match="frozen") as caught:
        reading.seed = 8  # type: ignore[misc]
    assert not isinstance(caught.value, dataclasses.FrozenInstanceError)


# -- mistakes


def test_all_mistakes_come_at_once_with_places(tmp_path: Path) -> None:
    wrong = (
        WHOLE.replace("asset: Machine", "aset: Machine")
        .replace("time_zone: Europe/Paris\n    window", "time_zone: Europe/Pari\n    window")
        .replace("REGLAGE: setup", "REGLAGE: set-up")
        .replace("draws:", "drawss:")
    )
    assert problems(tmp_path, wrong) == [
        "reading.yaml:6:15: history[0].columns.aset: unknown key 'aset'; did you mean 'asset'?",
        "reading.yaml:7:16: history[0].time_zone: unknown time zone 'Europe/Pari'; did you mean 'Europe/Paris'?",
        "reading.yaml:19:12: reasons.REGLAGE: 'set-up' is not one of run, setup, planned, starved, blocked, "
        "no_operator, off_shift, unknown, ignore; did you mean 'setup'?",
        "reading.yaml:26:1: drawss: unknown key 'drawss'; did you mean 'draws'?",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("renews: [chips]", "renews: [chip]", "no reason stands for the mode 'chip'; did you mean 'chips'?"),
        ("kit.spindle:", "kitt.spindle:", "no asset is the station 'kitt'; did you mean 'kit.spindle'?"),
        ("kit.spindle:", "kit.spindel:", "no reason stands for the mode 'spindel'; did you mean 'kit.spindle'?"),
        ("classes:", "renamed: {MILL-1: MILL-2}\n    classes:", "'MILL-1' is only another name of 'MILL-2'; leave"),
        ("classes:", "renamed: {M: MILL-9}\n    classes:", "'assets' has no 'MILL-9'; did you mean 'MILL-2'?"),
        ("classes:", "renamed: {M: N, N: MILL-1}\n    classes:", "'N' is itself another name"),
        ("mills: [mill, kit]", "mills: [mil]", "no asset is the station 'mil'; did you mean 'mill'?"),
        ("mills: [mill, kit]", "a: [mill], b: [mill]", "'mill' is already in the class 'a'; keep one"),
        ("101: {mode: spindle}", "101: {mode: chips}", "the mode 'chips' is no micro-stop under another reason"),
        ("maintenance: greasing", "maintenance: chips", "'chips' is a mode of stop; choose another name"),
        (
            "CHIPS: {mode: chips, micro_stop: true}",
            "CHIPS: {micro_stop: true}",
            "either 'mode' or 'maintenance' is due",
        ),
        ("SPINDLE: {mode: spindle}", "SPINDLE: {mode: sp in}", "'sp in' is no name"),
        ("SPINDLE: {mode: spindle}", "SPINDLE: breakdown", "a stop is written '{mode: NAME}'"),
        ("calendar: two_shifts", "calendar: two_shift", "unknown calendar 'two_shift'; did you mean 'two_shifts'?"),
        ("to: 2026-04-06 06:00", "to: 2026-03-06 06:00", "the window ends"),
        ("from: 2026-03-23 06:00", "from: 2026-03-29 02:30", "does not exist in Europe/Paris"),
        ("from: 2026-03-23 06:00", "from: 2025-10-26 02:30", "comes twice in Europe/Paris"),
        ("from: 2026-03-23 06:00", "from: 23/03/2026 06:00", "write '2026-03-23 06:00'"),
        ("restart: 5 min", "restart: 5", "'5' lacks its unit"),
        ("clock: shift", "clock: shifts", "did you mean 'shift'?"),
        ("end: To, ", "", "form 'intervals' needs the column 'end' or the column 'minutes'"),
        ("asset: Machine, ", "", "form 'intervals' needs the column 'asset'"),
        ("asset: Machine", "asset: From", "the heading 'From' already stands for 'asset'"),
        ("file: stops.csv", "file: stops.xls", "save it as .xlsx or .csv"),
        ("file: stops.csv", "file: stops.csv\n        sheet: A", "only an Excel file (.xlsx) has sheets"),
        ("file: stops.csv", "form: intervals", "'file' or 'sql' is due"),
        ("file: stops.csv", "sql: {url: sqlite:///a.db, query: drop table a}", "a query that begins with 'select'"),
        ("file: stops.csv", "file: stops.csv\n        form: changes", "form 'changes' needs the column 'at'"),
        ("file: stops.csv", "file: stops.csv\n        time_format: '%H:%M'", "does not tell a date"),
        ("file: stops.csv", "file: stops.csv\n        separator: ;;", "one of ',', ';', '|' or tab is due"),
        ("week: {mon-fri", "like: other, week: {mon-fri", "'like' is not used in a reading file"),
        ("[06:00-14:00, 22:00-06:00]", "[06:00-14:0]", "hours such as '06:00-14:00' are due"),
        ("layout: x.yaml", "", ""),
    ],
)
def test_each_mistake_is_one_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    if old.startswith("layout"):
        found = problems(tmp_path, WHOLE + "    layout: x.yaml\n")
        message = "there is no layout 'x.yaml' beside the reading file"
    else:
        assert old in WHOLE
        found = problems(tmp_path, WHOLE.replace(old, new, 1))
    assert len(found) == 1 or all("needs the column" in one or message in one for one in found), found
    assert any(message in one for one in found), found


def test_an_empty_key_hides_no_other_mistake(tmp_path: Path) -> None:
    found = problems(tmp_path, WHOLE.replace("seed: 7", "seed:").replace("draws: 100", "draws: many"))
    assert [one.split(": ", 1)[1] for one in found] == [
        "draws: a whole number is due, not 'many'",
        "seed: nothing stands after 'seed'; write a value",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("- a", "a list is no reading file"),
        ("twin: 1\ncalibration: a", "the key 'history' is missing"),
        ("twin: 1\ncalibration: a\nhistory: []", "at least 1 are due"),
        (
            "twin: 1\ncalibration: a\nhistory: [{file: a.csv}]\nwindow: {from: 2026-01-01, to: 2026-02-01}",
            "needs 'time_z",
        ),
        ("twin: 1\ncalibration: a\nhistory: [{file: a.csv}]\ncalendar: always", None),
    ],
)
def test_what_a_file_needs(tmp_path: Path, text: str, message: str | None) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(text, encoding="utf-8")
    if message is None:
        assert read_reading(path).timetable() is None
        return
    with pytest.raises(PlantError, match=message):
        read_reading(path)


def test_no_such_file(tmp_path: Path) -> None:
    (tmp_path / "pump.yaml").touch()
    with pytest.raises(PlantError, match=r"did you mean .*pump\.yaml"):
        read_reading(tmp_path / "pumps.yaml")
