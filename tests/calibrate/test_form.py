"""The four forms as intervals."""

from __future__ import annotations

import math
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.calibrate.cleaning.clean import clean
from twin.calibrate.history.form import pareto, shares
from twin.calibrate.rows import NONE, OPEN, STATES, Rows

from .readings import REASONS, log, said, told
from .readings import read as reading_of

INTERVALS = "history: [{file: stops.csv, time_zone: UTC}]\n" + REASONS


def test_intervals(tmp_path: Path) -> None:
    found = log(
        tmp_path,
        "history: [{file: stops.csv, time_zone: Europe/Paris}]\n" + REASONS,
        stops="""
            asset,start,end,reason
            MILL,2026-03-30 08:00,2026-03-30 08:20,SPINDLE
            KIT,2026-01-05 08:00,2026-01-05 08:05,CHANGE
            MILL,2026-01-05 08:00:30,2026-01-05 08:01,CHIPS
            MILL,2026-07-01 08:00,,SPINDLE
            MILL,2026-06-30 08:00,2026-06-30 09:00,
        """,
    )
    assert told(found) == [
        ("KIT", "01-05 07:00", "01-05 07:05", "setup", ""),
        ("MILL", "01-05 07:00", "01-05 07:01", "micro_stop", "chips"),
        ("MILL", "03-30 06:00", "03-30 06:20", "breakdown", "spindle"),
        ("MILL", "06-30 06:00", "06-30 07:00", "breakdown", "stop"),
        ("MILL", "07-01 06:00", "open", "breakdown", "spindle"),
    ]
    assert found.rows.source_row.tolist() == [3, 4, 2, 6, 5]
    assert found.rows.reasons == ("CHANGE", "CHIPS", "SPINDLE")
    assert found.rows.reason.tolist() == [0, 1, 2, NONE, 2]
    assert said(found) == [
        "stops.csv:6:4: warning: reason: no reason stands here: a stop of the mode 'stop'; "
        "if the machine ran, write '\"\": run' under 'reasons' (1 row)"
    ]


def test_a_list_of_stops_without_words_is_one_mode(tmp_path: Path) -> None:
    found = log(tmp_path, INTERVALS, stops="asset,start,minutes\nM,2026-01-05 08:00,1.5\n")
    assert told(found)[0][1:] == ("01-05 08:00", "01-05 08:01", "breakdown", "stop")
    assert found.rows.end[0] - found.rows.start[0] == 90_000_000


def test_rows_with_parts_and_without_words_are_runs(tmp_path: Path) -> None:
    stops = "asset,start,end,product,parts\nM,2026-01-05 08:00,2026-01-05 08:01,A,1\n"
    found = log(tmp_path, INTERVALS, stops=stops)
    assert told(found)[0][3:] == ("run", "")
    assert (found.rows.products, found.rows.parts.tolist()) == (("A",), [1.0])
    assert math.isnan(found.rows.scrap[0])


def test_a_state_that_runs_goes_before_an_old_reason(tmp_path: Path) -> None:
    found = log(
        tmp_path,
        INTERVALS,
        stops="""
            asset,start,end,state,reason
            M,2026-01-05 08:00,2026-01-05 09:00,run,SPINDLE
            M,2026-01-05 09:00,2026-01-05 10:00,Breakdown,SPINDLE
            M,2026-01-05 10:00,2026-01-05 11:00,Planned Stop,
            M,2026-01-05 11:00,2026-01-05 12:00,breakdown,SPINDEL
        """,
    )
    assert [row[3:] for row in told(found)] == [
        ("run", ""), ("breakdown", "spindle"), ("planned_stop", ""), ("breakdown", ""),
    ]  # fmt: skip
    assert said(found) == [
        "stops.csv:5:5: reason: 'reasons' says nothing of 'SPINDEL'; the state of its rows counts (1 row); "
        "did you mean 'SPINDLE'?"
    ]


def test_what_an_empty_reason_means_may_be_said(tmp_path: Path) -> None:
    stops = "asset,start,end,reason\nM,2026-01-05 08:00,2026-01-05 09:00,\n"
    found = log(tmp_path, 'history: [{file: stops.csv, time_zone: UTC}]\nreasons: {"": {mode: other}}\n', stops=stops)
    assert told(found)[0][3:] == ("breakdown", "other")


BARE = """
    asset,start,end,state,reason,parts
    M,2026-01-05 08:00,2026-01-05 08:01,,,
    M,2026-01-05 09:00,2026-01-05 09:01,,,0
    M,2026-01-05 10:00,2026-01-05 10:01,,,1
    M,2026-01-05 11:00,2026-01-05 11:01,,OTHER,
    M,2026-01-05 12:00,2026-01-05 12:01,starved,,
"""


def test_an_empty_reason_in_a_list_of_stops_is_a_stop_and_one_that_nobody_knows_is_not(tmp_path: Path) -> None:
    """Where the log tells what runs it is unknown; a row with parts ran."""
    stop, rest = ("breakdown", "stop"), [("unknown", ""), ("starved", "")]
    found = log(tmp_path, INTERVALS, stops=BARE)
    assert [row[3:] for row in told(found)] == [stop, stop, ("run", ""), *rest]
    assert [one.partition("reason: ")[2][:32] for one in said(found)] == [
        "no reason stands here: a stop of", "'reasons' says nothing of 'OTHER",
    ]  # fmt: skip
    found = log(tmp_path, INTERVALS + "between: unknown\n", stops=BARE)
    assert [row[3:] for row in told(found)] == [*[("unknown", "")] * 3, *rest]


def test_a_name_that_cannot_be_shown_costs_its_rows_and_shows_in_messages(tmp_path: Path) -> None:
    stops = (
        b"asset,start,end,reason\nM\x00,2026-01-05 08:00,2026-01-05 08:01,SPINDLE\n"
        b"M,2026-01-05 09:00,2026-01-05 09:01,\x1b[31mSPINDLE\n"
    )
    found = log(tmp_path, INTERVALS, stops=stops)
    assert [row[:2] for row in told(found)] == [("M", "01-05 09:00")]
    assert said(found) == [
        "stops.csv:2:1: asset: 'M\\x00' holds a character that cannot be shown",
        "stops.csv:3:4: reason: 'reasons' says nothing of '\\x1b[31mSPINDLE'; its rows count as unknown (1 row); "
        "did you mean 'SPINDLE'?",
    ]


def test_short_stops_without_a_code_become_micro_stops(tmp_path: Path) -> None:
    stops = """
        asset,start,end,reason
        M,2026-01-05 08:00,2026-01-05 08:01,
        M,2026-01-05 09:00,2026-01-05 09:30,
        M,2026-01-05 10:00,2026-01-05 10:01,SPINDLE
    """
    text = INTERVALS + "micro_stop: 3 min\n"
    rows = clean(log(tmp_path, text, stops=stops).rows, reading_of(tmp_path, text)).rows
    assert [STATES[state] for state in rows.state.tolist()] == ["micro_stop", "breakdown", "breakdown"]
    assert [rows.modes[mode] for mode in rows.mode.tolist()] == ["micro", "stop", "spindle"]


def test_reasons_to_ignore_leave_no_row(tmp_path: Path) -> None:
    stops = "asset,start,end,reason\nM,2026-01-05 08:00,2026-01-05 09:00,TEST\n"
    found = log(tmp_path, "history: [{file: stops.csv, time_zone: UTC}]\nreasons: {TEST: ignore}\n", stops=stops)
    assert found.rows.n == 0
    assert (found.files[0].rows, found.files[0].good, found.files[0].ignored) == (1, 0, 1)


def test_repairs_inside_a_stop(tmp_path: Path) -> None:
    """A repair time outside its stop is told; the stop still counts."""
    found = log(
        tmp_path,
        INTERVALS,
        stops="""
            asset,start,end,reason,repair_start,repair_end
            M,2026-01-05 08:00,2026-01-05 09:00,SPINDLE,2026-01-05 08:10,2026-01-05 08:50
            M,2026-01-06 08:00,2026-01-06 09:00,SPINDLE,2026-01-06 07:10,2026-01-06 08:50
            M,2026-01-07 08:00,2026-01-07 09:00,SPINDLE,2026-01-07 08:50,2026-01-07 08:10
            M,2026-01-08 08:00,2026-01-08 09:00,SPINDLE,,soon
        """,
    )
    minutes = [(at - found.rows.start) // 60_000_000 for at in (found.rows.repair_start, found.rows.repair_end)]
    given_start, given_end = (at != OPEN for at in (found.rows.repair_start, found.rows.repair_end))
    assert given_start.tolist() == [True, False, True, False]
    assert given_end.tolist() == [True, True, False, False]
    assert (minutes[0][given_start].tolist(), minutes[1][given_end].tolist()) == ([10, 50], [50, 50])
    assert [one.partition(": ")[2][:60] for one in said(found)] == [
        "repair_start: '2026-01-06 07:10' lies outside its stop; the ",
        "repair_end: '2026-01-07 08:10' lies outside its stop; the st",
        "repair_end: 'soon' is no time such as '2026-01-05 06:00'; sa",
    ]
    assert found.files[0].bad == 0


# -- changes

CHANGES = "history: [{file: a.csv, form: changes, time_zone: UTC}, {file: b.csv, form: changes, time_zone: UTC}]\n"


def test_changes_end_where_the_next_begins_across_files(tmp_path: Path) -> None:
    found = log(
        tmp_path,
        CHANGES + REASONS,
        a="""
            asset,at,state,reason
            M,2026-01-05 08:00,run,
            K,2026-01-05 08:30,run,
            M,2026-01-05 09:00,breakdown,SPINDLE
        """,
        b="asset,at,state,reason\nM,2026-01-05 10:00,run,\n",
    )
    assert told(found) == [
        ("K", "01-05 08:30", "open", "run", ""),
        ("M", "01-05 08:00", "01-05 09:00", "run", ""),
        ("M", "01-05 09:00", "01-05 10:00", "breakdown", "spindle"),
        ("M", "01-05 10:00", "open", "run", ""),
    ]
    assert found.rows.file.tolist() == [0, 0, 0, 1]


def test_changes_of_ignored_states_change_nothing(tmp_path: Path) -> None:
    found = log(
        tmp_path,
        "history: [{file: a.csv, form: changes, asset: M, time_zone: UTC}]\nreasons: {HEARTBEAT: ignore}\n",
        a="at,state\n2026-01-05 08:00,run\n2026-01-05 08:30,HEARTBEAT\n2026-01-05 09:00,unknown\n",
    )
    assert [row[:4] for row in told(found)] == [
        ("M", "01-05 08:00", "01-05 09:00", "run"), ("M", "01-05 09:00", "open", "unknown"),
    ]  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_changes_at_one_instant_do_not_depend_on_their_order(tmp_path: Path, order: tuple[int, ...]) -> None:
    lines = ["M,2026-01-05 08:00,run", "M,2026-01-05 09:00,run", "M,2026-01-05 09:00,starved"]
    text = "history: [{file: a.csv, form: changes, time_zone: UTC}]\n"
    found = log(tmp_path, text, a="\n".join(["asset,at,state", *(lines[i] for i in order)]))
    assert told(found) == [
        ("M", "01-05 08:00", "01-05 09:00", "run", ""),
        ("M", "01-05 09:00", "01-05 09:00", "run", ""),
        ("M", "01-05 09:00", "open", "starved", ""),
    ]


# -- counters


def test_counters_are_runs_with_parts(tmp_path: Path) -> None:
    found = log(
        tmp_path,
        "history: [{file: a.csv, form: counters, bucket: 15 min, columns: {asset: M, start: T, parts: P, scrap: S}, "
        "time_zone: UTC}]\n",
        a="M,T,P,S\nMILL,2026-01-05 08:00,40,2\nMILL,2026-01-05 08:15,0,\nMILL,2026-01-05 08:30,,\n",
    )
    assert [row[1:4] for row in told(found)] == [
        ("01-05 08:00", "01-05 08:15", "run"),
        ("01-05 08:15", "01-05 08:30", "unknown"),
        ("01-05 08:30", "01-05 08:45", "unknown"),
    ]
    assert np.array_equal(found.rows.parts, [40, 0, math.nan], equal_nan=True)
    assert np.array_equal(found.rows.scrap, [2, math.nan, math.nan], equal_nan=True)


def test_counts_that_cannot_be(tmp_path: Path) -> None:
    found = log(
        tmp_path,
        "history: [{file: a.csv, form: counters, time_zone: UTC}]\n",
        a="""
            asset,start,end,parts,scrap
            M,2026-01-05 08:00,2026-01-05 09:00,-4,
            M,2026-01-05 09:00,2026-01-05 10:00,4,5
            M,2026-01-05 10:00,2026-01-05 11:00,many,
            M,2026-01-05 11:00,2026-01-05 12:00,"4,5",
            M,2026-01-05 12:00,,4,
            M,2026-01-05 13:00,2026-01-05 14:00,1 234,0
        """,
    )
    assert said(found) == [
        "a.csv:2:4: parts: '-4' must not be negative",
        "a.csv:3:5: scrap: '5' is more than the parts of its row",
        "a.csv:4:4: parts: 'many' is no number (for a decimal comma write 'decimal: \",\"')",
        "a.csv:5:4: parts: '4,5' is no number (for a decimal comma write 'decimal: \",\"')",
        "a.csv:6:3: end: the time is missing",
    ]
    assert found.rows.parts.tolist() == [1234]
    assert (found.files[0].rows, found.files[0].bad, found.files[0].good) == (6, 5, 1)


# -- minutes per reason

MINUTES = "history: [{file: m.csv, form: minutes, minutes_are: MIN}]\n" + REASONS
TABLE = "asset,reason,minutes\nM,SPINDLE,30\nM,SPINDLE,12.5\nM,CHANGE,60\nK,CHANGE,5\nM,,1000\nM,CHANGE,-1\nM,CHIPS,\n"


def test_minutes_give_a_pareto_and_availability_but_no_fit(tmp_path: Path) -> None:
    text = MINUTES.replace("MIN", "min").replace("CHANGE: setup", "CHANGE: setup, OK: run")
    found = log(tmp_path, text, m=TABLE.replace("M,,", "M,OK,"))
    assert found.rows.n == 0
    assert [(one.reason, one.time / 60e6, one.rows) for one in pareto(found.minutes)] == [
        ("CHANGE", 65, 2), ("SPINDLE", 42.5, 2),
    ]  # fmt: skip
    assert shares(found.minutes, "M")["run"] == pytest.approx(1000 / 1102.5)
    assert sum(shares(found.minutes, "M").values()) == pytest.approx(1)
    assert "a law of failures needs single stops" in found.no_fit
    assert said(found) == [
        "m.csv:7:3: minutes: '-1' must not be negative",
        "m.csv:8:3: minutes: the minutes are missing",
    ]


@pytest.mark.parametrize(("unit", "size"), [("s", 60), ("min", 1), ("h", 1 / 60)])
def test_the_unit_changes_nothing(tmp_path: Path, unit: str, size: float) -> None:
    table = f"asset,reason,minutes\nM,SPINDLE,{30 * size}\nM,CHIPS,{12 * size}\n"
    assert [one.time for one in log(tmp_path, MINUTES.replace("MIN", unit), m=table).minutes] == [720e6, 1800e6]


def test_stops_beside_minutes_can_be_fitted(tmp_path: Path) -> None:
    text = "history: [{file: m.csv, form: minutes}, {file: stops.csv, time_zone: UTC}]\n" + REASONS
    found = log(tmp_path, text, m=TABLE, stops="asset,start,end,reason\nM,2026-01-05,2026-01-06,SPINDLE\n")
    assert not found.no_fit
    assert found.rows.n == 1


# -- what changes nothing

LINES = [
    ("M", "2026-03-28T20:00:00+01:00", "2026-03-29T05:00:00+02:00", "SPINDLE"),
    ("M", "2026-03-30T08:00:00+02:00", "2026-03-30T08:10:00+02:00", "CHIPS"),
    ("K", "2026-03-30T08:00:00+02:00", "", "CHANGE"),
    ("K", "2026-03-30T08:00:00+02:00", "2026-03-30T09:00:00+02:00", "?"),
]


def same(a: Rows, b: Rows) -> bool:
    """Whether two tables say the same, whichever rows of the files they stand in."""
    return all(
        np.array_equal(x, y, equal_nan=x.dtype.kind == "f") if isinstance(x, np.ndarray) else x == y
        for name, x, y in zip(Rows._fields, a, b, strict=True)
        if name not in ("source_row", "file")
    )


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(range(4)), split=st.integers(0, 4))
def test_the_order_of_rows_and_files_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], split: int
) -> None:
    whole = log(tmp_path_factory.mktemp("a"), INTERVALS, stops=_csv(LINES))
    text = INTERVALS.replace("}]\n", "}, {file: more.csv}]\n", 1)
    parts = {"stops": _csv([LINES[i] for i in order[:split]]), "more": _csv([LINES[i] for i in order[split:]])}
    assert same(whole.rows, log(tmp_path_factory.mktemp("b"), text, **parts).rows)


@pytest.mark.parametrize(
    ("zone", "hours"),
    [("UTC", ["03-28 19:00", "03-29 03:00", "03-30 06:00", "03-30 06:10", "03-30 07:00"]),
     ("Europe/Paris", ["03-28 20:00", "03-29 05:00", "03-30 08:00", "03-30 08:10", "03-30 09:00"]),
     ("America/New_York", ["03-28 15:00", "03-28 23:00", "03-30 02:00", "03-30 02:10", "03-30 03:00"])],
)  # fmt: skip
def test_the_zone_of_the_same_instants_changes_nothing(tmp_path: Path, zone: str, hours: list[str]) -> None:
    a, b, c, d, e = (f"2026-{one}" for one in hours)
    rows = [("M", a, b, "SPINDLE"), ("M", c, d, "CHIPS"), ("K", c, "", "CHANGE"), ("K", c, e, "?")]
    there = log(tmp_path, INTERVALS.replace("UTC", zone), stops=_csv(rows))
    assert same(there.rows, log(tmp_path, INTERVALS, stops=_csv(LINES)).rows)


def _csv(rows: list[tuple[str, ...]]) -> str:
    return "\n".join([",".join(one) for one in [("asset", "start", "end", "reason"), *rows]]) + "\n"
