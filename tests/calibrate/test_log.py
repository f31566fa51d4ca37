"""A history as a whole: good rows go on, bad ones are told with their place, nothing is lost in silence."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from twin.calibrate.history import log as logs
from twin.calibrate.history.log import read_log
from twin.calibrate.history.reading import Reading
from twin.calibrate.rows import COLUMNS, OPEN, Rows, empty
from twin.core.problem import PlantError

from .readings import REASONS, log, read, said, told

PARIS = "history: [{file: stops.csv, time_zone: Europe/Paris}]\n" + REASONS
HEAD = "asset,start,end,reason\n"


def test_each_bad_row_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    found = log(
        tmp_path,
        PARIS,
        stops="""
            asset,start,end,reason
            M,2026-03-29 02:30,2026-03-29 04:00,SPINDLE
            M,2026-10-25 01:30,2026-10-25 02:30,SPINDLE
            M,2026-02-30 08:00,2026-02-30 09:00,SPINDLE
            M,05/01/2026 08:00,2026-01-05 09:00,SPINDLE
            M,,2026-01-05 09:00,SPINDLE
            ,2026-01-05 08:00,2026-01-05 09:00,SPINDLE
            M,2026-01-05 08:00,2026-01-05 07:59:59,SPINDLE
            M,1899-12-30 08:00,2026-01-05 09:00,SPINDLE
            M,now,2026-01-05 09:00,SPINDLE
            M,2026-10-25T02:30+01:00,2026-10-25T02:45+01:00,SPINDLE
        """,
    )
    due = "is no time such as '2026-01-05 06:00'; say how it is written: time_format: \"%d/%m/%Y %H:%M\""
    assert said(found) == [
        "stops.csv:2:2: start: '2026-03-29 02:30' does not exist in Europe/Paris: clocks jump over it; "
        "is the time zone right?",
        "stops.csv:3:3: end: '2026-10-25 02:30' comes twice in Europe/Paris, where clocks fall back; "
        "which one is meant is not told",
        f"stops.csv:4:2: start: '2026-02-30 08:00' {due}",
        f"stops.csv:5:2: start: '05/01/2026 08:00' {due}",
        "stops.csv:6:2: start: the time is missing",
        "stops.csv:7:1: asset: the machine is missing",
        "stops.csv:8:3: end: '2026-01-05 07:59:59' lies before the start of its row",
        "stops.csv:9:2: start: '1899-12-30 08:00' lies outside the years 1970 to 2199",
        f"stops.csv:10:2: start: 'now' {due}",
    ]
    assert told(found) == [("M", "10-25 01:30", "10-25 01:45", "breakdown", "spindle")]
    assert found.rows.source_row.tolist() == [11]
    assert (found.files[0].rows, found.files[0].bad, found.files[0].good) == (10, 9, 1)


def test_times_without_any_zone(tmp_path: Path) -> None:
    found = log(tmp_path, "history: [{file: stops.csv}]\n" + REASONS, stops=HEAD + "M,2026-01-05 08:00,,SPINDLE\n")
    write = "write the zone of the plant's clock, such as 'time_zone: Europe/Paris'"
    assert said(found) == [f"stops.csv:2:2: start: '2026-01-05 08:00' has no offset; {write}"]


@pytest.mark.parametrize(
    ("written", "start"),
    [("unix_s", "1767596400"), ("unix_ms", "1767596400000"), ("unix_us", "1767596400000000"),
     ("'%d.%m.%y %H:%M'", "05.01.26 08:00"), ("'%d/%m/%Y %H:%M:%S.%f'", "05/01/2026 08:00:00.0"),
     ("'%d/%m/%Y %H:%M %z'", "05/01/2026 07:00 +0000"), ("'%Y%m%d%H%M'", "202601050800"),
     ("'%d/%m/%Y %H:%M'", "2026-01-05 08:00")],
)  # fmt: skip
def test_formats_of_times(tmp_path: Path, written: str, start: str) -> None:
    text = PARIS.replace("Europe/Paris", f"Europe/Paris, time_format: {written}")
    found = log(tmp_path, text, stops=HEAD + f"M,{start},,SPINDLE\n")
    assert told(found) == [("M", "01-05 07:00", "open", "breakdown", "spindle")], said(found)


def test_unknown_words_are_told_once(tmp_path: Path) -> None:
    row = "M,2026-01-{:02} 08:00,2026-01-{:02} 09:00,{}\n"
    rows = [row.format(day, day, word) for day, word in enumerate(["SPINDEL", "SPINDLE", "SPINDEL", "?", "SPINDEL"], 1)]
    found = log(tmp_path, PARIS, stops=HEAD + "".join(rows))
    assert said(found) == [
        "stops.csv:2:4: reason: 'reasons' says nothing of 'SPINDEL'; its rows count as unknown (3 rows); "
        "did you mean 'SPINDLE'?",
        "stops.csv:5:4: reason: 'reasons' says nothing of '?'; its rows count as unknown (1 row)",
    ]
    assert [state for *_, state, _ in told(found)] == ["unknown", "breakdown", "unknown", "unknown", "unknown"]
    assert found.rows.reasons == ("?", "SPINDEL", "SPINDLE")
    assert found.files[0].bad == 0


def test_assets_of_no_station_are_left_out_and_told(tmp_path: Path) -> None:
    rows = "MILL-1,2026-01-05 08:00,,SPINDLE\nMIL-2,2026-01-05 08:00,,SPINDLE\nMIL-2,2026-01-06 08:00,,WHAT\n"
    found = log(tmp_path, PARIS + "assets: {MILL-1: mill, MILL-2: mill}\n", stops=HEAD + rows)
    assert said(found) == [
        "reading.yaml:5:32: warning: assets.MILL-2: no row of the history names the asset 'MILL-2'",
        "stops.csv:3:1: asset: 'assets' names no station for 'MIL-2'; its rows are left out (2 rows); "
        "did you mean 'MILL-2'?",
    ]
    assert found.rows.assets == ("MILL-1",)
    assert (found.files[0].good, found.files[0].left_out) == (1, 2)


def stops_of(name: str, days: range) -> str:
    return "".join(f"{name},2026-01-{day:02} 08:00,2026-01-{day:02} 09:00,SPINDLE\n" for day in days)


def test_a_machine_that_was_renamed_is_one(tmp_path: Path) -> None:
    text = PARIS + "assets: {LATHE-03: lathe}\nrenamed: {Lathe 3: LATHE-03, Lathe 4: LATHE-03}\n"
    found = log(tmp_path, text, stops=HEAD + stops_of("Lathe 3", range(1, 4)) + stops_of("LATHE-03", range(3, 6)))
    assert found.rows.assets == ("LATHE-03",)
    assert found.rows.n == 6  # the two of the third day are told under both names; cleaning finds the copy
    unseen = "renamed.Lathe 4: no row of the history names the asset 'Lathe 4'"
    assert said(found) == [f"reading.yaml:6:39: warning: {unseen}"]


def test_the_machine_of_a_whole_file_may_be_renamed(tmp_path: Path) -> None:
    text = "history: [{file: stops.csv, time_zone: UTC, asset: M1}]\nrenamed: {M1: M2}\n" + REASONS
    found = log(tmp_path, text, stops="start,end,reason\n2026-01-05 08:00,,SPINDLE\n")
    assert (found.rows.assets, said(found)) == (("M2",), [])


@pytest.mark.parametrize(("days", "hints"), [((5, 10), 1), ((4, 10), 0), ((6, 10), 0)])
def test_two_names_one_after_the_other_are_asked_about(tmp_path: Path, days: tuple[int, int], hints: int) -> None:
    text = PARIS + "assets: {Lathe 3: lathe, LATHE-03: lathe, SAW: saw}\n"
    stops = stops_of("Lathe 3", range(1, days[0] + 1)) + stops_of("LATHE-03", range(6, days[1] + 1))
    found = said(log(tmp_path, text, stops=HEAD + stops + stops_of("SAW", range(12, 20))))
    assert len(found) == hints
    assert all("(2026-01-06) comes after the last one of 'Lathe 3' (2026-01-05)" in one for one in found)
    assert all("write 'renamed: {Lathe 3: LATHE-03}' and leave 'Lathe 3' out here" in one for one in found)


def test_a_thousand_mistakes_are_kept_and_the_rest_counted(tmp_path: Path) -> None:
    rows = "".join(f"M,2026-01-05 08:00,{'soon' if i % 2 else '2025-01-01'},SPINDLE\n" for i in range(3000))
    found = log(tmp_path, PARIS, stops=HEAD + rows)
    assert (len(found.errors), found.more, found.files[0].bad) == (1000, 2000, 3000)
    assert [one.mark.line for one in found.errors] == list(range(2, 1002))


def test_files_are_known_by_their_bytes(tmp_path: Path) -> None:
    stops = HEAD + "M,2026-01-05 08:00,,SPINDLE\n"
    found = log(tmp_path, PARIS, stops=stops)
    assert found.files[0].sha256 == hashlib.sha256(stops.encode()).hexdigest()
    assert (found.files[0].name, found.files[0].form) == ("stops.csv", "intervals")


def test_all_files_that_cannot_be_read_are_told_at_once(tmp_path: Path) -> None:
    text = (
        "history: [{file: a.csv, time_zone: UTC}, {file: b.csv, time_zone: UTC}, {file: stops.csv, time_zone: UTC}]\n"
    )
    with pytest.raises(PlantError) as caught:
        log(tmp_path, text, stops="when\n1\n")
    assert [one.path for one in caught.value.problems] == ["history[0].file", "history[1].file", "history[2]"]


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    found = log(tmp_path, PARIS, stops=HEAD)
    assert said(found) == ["stops.csv:2:1: the file holds no rows"]
    assert found.rows.n == 0
    assert found.files[0].rows == 0


def test_files_together_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MAX_ROWS", 1)
    with pytest.raises(PlantError, match="more than 1 rows together"):
        log(tmp_path, PARIS, stops=HEAD + "M,2026-01-05 08:00,,A\n" * 2)


def test_columns_have_their_types(tmp_path: Path) -> None:
    """Those that ``Rows`` promises, of rows and of a history without any."""
    found = log(tmp_path, PARIS, stops=HEAD + "M,2026-01-05 08:00,,SPINDLE\n").rows
    none = log(tmp_path, PARIS, stops=HEAD).rows
    for name in COLUMNS:
        wanted = {"state": np.int8, "start": np.int64, "end": np.int64, "source_row": np.int64}.get(name)
        wanted = wanted or (np.float64 if name in ("parts", "scrap", "rework") else np.int32)
        wanted = np.int64 if name.startswith("repair") else wanted
        assert getattr(found, name).dtype == getattr(none, name).dtype == wanted, name


# -- anything at all

CELLS = st.one_of(
    st.sampled_from(
        ["M", "K", "", "SPINDLE", "2026-01-05 08:00", "2026-03-29 02:30", "2026-01-05T08:00Z", "-1", "1e9", '"']
    ),
    st.text(st.characters(codec="utf-8"), max_size=8),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(CELLS, max_size=6), max_size=8), form=st.sampled_from(["intervals", "changes", "counters"])
)
@example(rows=[["M", "2026-01-05 08:00", "nan", "inf", "-inf", "1e999"]], form="counters")
def test_whatever_stands_in_a_file(tmp_path: Path, rows: list[list[str]], form: str) -> None:
    """It is read or told; rows add up, and those that go on are sound."""
    heads = {
        "intervals": "asset,start,end,reason,parts",
        "changes": "asset,at,state",
        "counters": "asset,start,end,parts",
    }
    reading = read(tmp_path, PARIS.replace("stops.csv", f"stops.csv, form: {form}"))
    text = "\n".join([heads[form], *(",".join(cells) for cells in rows)])
    (tmp_path / "stops.csv").write_text(text, encoding="utf-8", newline="")
    found = read_log(reading)
    check(found.rows, reading)
    file = found.files[0]
    assert file.rows == file.good + file.bad + file.ignored + file.left_out
    assert file.good == found.rows.n
    assert bool(file.bad) <= bool(found.errors)


def check(rows: Rows, reading: Reading) -> None:
    assert (rows.start < OPEN).all()
    assert (rows.start <= rows.end).all()
    assert ((rows.state >= 0) & (rows.asset >= 0)).all()
    assert (rows.asset < len(rows.assets)).all()
    assert not (rows.parts < 0).any()
    assert (np.diff(rows.asset) >= 0).all()
    if rows.n:
        assert rows.modes == reading.mode_names


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=60))
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    reading = read(tmp_path, PARIS)
    (tmp_path / "stops.csv").write_bytes(HEAD.encode() + data)
    try:
        found = read_log(reading).rows
    except PlantError as error:
        found, problems = empty(), error.problems
    else:
        problems = ()
    check(found, reading)
    assert len(problems) <= 1
