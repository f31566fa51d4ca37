"""The cleaning account: it balances row by row and to the microsecond, and says what was done in plain words."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from twin.calibrate.cleaning import account as accounts
from twin.calibrate.cleaning import clean as cleaning
from twin.calibrate.cleaning.account import Account, UnbalancedError, hms
from twin.calibrate.cleaning.clean import Clean, clean
from twin.calibrate.rows import BREAKDOWN, OFF_SHIFT, RUN, SETUP, STATES, UNKNOWN
from twin.core import timetable

from .dirty import MINUTE, SHIFTS, Read, dirty_logs, log, reads, row
from .slowly import state_at

ANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def small() -> Account:
    """A log of a shift with something for most rules."""
    found = [
        row(0, 9, RUN, parts=9.0), row(9, 12, mode="chips", reason="jam"), row(9, 12, mode="chips", reason="jam"),
        row(20, 22, mode="chips", reason="jam"), row(22, 32, RUN, parts=8.0), row(24, 25), row(25.5, 25.5),
        row(26, 30, SETUP, asset="SAW"), row(45, None, mode="spindle"), row(61, 64),
    ]  # fmt: skip
    return clean(log(found), Read(table=SHIFTS)).account


def test_the_account_as_text() -> None:
    assert small().lines(["stops.csv"]) == TEXT.strip("\n").split("\n")


TEXT = """
Rows                                                                           rows     changed         h:min:s
  rows of the log                                                                10                     0:35:00
  no length; dropped, but for failures and maintenance                            0           1         0:00:00
  no end, but told by another row of the same start; taken from there             0                     0:00:00
  exact copies of another row; dropped                                           -1                    -0:03:00
  no end, but others follow; stops: they began, then unknown                      0                     0:00:00
  no end, the last of its machine; until the end of the window                    0           1        +0:15:00
  outside the window; dropped                                                    -1                    -0:03:00
  same machine and start, several reasons; one stop, reasons joined               0                     0:00:00
  reach over the window; cut                                                      0                     0:00:00
  runs of the same time, several products; time shared by parts                   0                     0:00:00
  breakdowns (or micro-stops) that overlap; one stop, mode of the first           0                     0:00:00
  time claimed twice; goes to the more serious row, the rest is dropped           0           1        -0:01:00
  divided by a row that lies in them; the pieces beyond the first                +2                     0:00:00
  short stops without a mode of their own; now micro-stops                        0           2         0:00:00
  stops closed at a shift's end that go on at the next opening; joined           -1                    +0:08:00
  failed again within the restart threshold; joined                               0                     0:00:00
  failures and maintenance of no length; kept, a third of a step each             0           1         0:00:00
  rows used                                                                       9                     0:51:00
Time                                                                                                    h:min:s
  run                                                                                                   0:52:00
  breakdown                                                                                             0:11:00
  micro-stop                                                                                            0:01:00
  set-up                                                                                                0:04:00
  planned stop                                                                                          0:00:00
  starved                                                                                               0:00:00
  blocked                                                                                               0:00:00
  no operator                                                                                           0:00:00
  off shift and breaks                                                                                  0:52:00
  unknown                                                                                               0:00:00
  the window, 2 machines                                                                                2:00:00
Also                                                                           rows                     h:min:s
  stops that end exactly as the plant closes; kept, marked                        0
  stops with time outside open hours; kept, that time is off shift                2                     0:17:00
  parts counted 17, in the rows used 17
  empty: stops.csv 8
  copies: stops.csv 4
  still_open: stops.csv 10
  outside: stops.csv 11
  shared: stops.csv 6
  micro_stops: stops.csv 7-8
  over_closings: stops.csv 5
  points: stops.csv 8
"""


def test_much_that_is_unknown_is_told_first() -> None:
    rows = log([row(0, 50, RUN), row(50, 60, OFF_SHIFT, asset="SAW"), row(0, 44, RUN, asset="SAW")])
    found = clean(rows, Read(between_state=UNKNOWN)).account
    assert found.unknown_share == pytest.approx(16 / 110)
    assert found.lines()[0] == "14.5% of the time on shift is unknown: read all that follows with care"


def test_little_that_is_unknown_is_a_line_among_others() -> None:
    found = clean(log([row(0, 58, RUN)]), Read(between_state=UNKNOWN, assets={})).account
    one = replace(found, assets=found.assets[:1], time=found.time[:1])
    assert one.unknown_share == pytest.approx(2 / 60)
    assert not one.lines()[0].startswith("3")


def test_an_asset_that_is_always_off_has_no_unknown_share() -> None:
    found = clean(log([row(0, 60, OFF_SHIFT), row(0, 60, OFF_SHIFT, asset="SAW")]), Read()).account
    assert found.unknown_share == 0


def test_a_machine_of_the_reading_file_without_rows_has_its_window() -> None:
    found = clean(log([row(0, 60)]), Read(assets={"KIT": "kit", "MILL": "mill"})).account
    assert found.assets == ("MILL", "SAW", "KIT")
    assert found.time[2, RUN] == 60 * MINUTE


def test_a_run_over_a_whole_closing_did_not_run_in_it() -> None:
    found = clean(log([row(10, 25, RUN), row(30, 33, RUN)]), Read(table=SHIFTS)).account
    mill = found.time[0]
    assert mill[RUN] == (12 + 12 + 12 - 3 + 1) * MINUTE  # breaks in which nothing is logged are off shift
    assert mill[OFF_SHIFT] == 60 * MINUTE - mill[RUN]


def test_stops_outside_open_hours_are_off_shift_and_told() -> None:
    found = clean(log([row(10, 22, mode="chips"), row(30, 40, SETUP)]), Read(table=SHIFTS)).account
    assert found.states()[BREAKDOWN] == 4 * MINUTE
    assert found.off_hours == (2, 16 * MINUTE)


def test_words_are_said_of_every_rule_and_state() -> None:
    assert sorted(accounts.RULES) == sorted([*cleaning.RULES, "divided"])
    assert [*accounts.STATE_WORDS] == [*STATES]


# -- back to the log


def test_rows_are_named_in_runs() -> None:
    rows = log(
        [row(-9, -8) | {"file": file, "parts": float(number)} for number, file in enumerate((0, 0, 0, 1, 0, 1, 1))]
    )
    found = clean(rows, Read()).account
    assert found.where("outside", ["a.csv", "b.csv"]) == "outside: a.csv 2-4, 6, b.csv 5, 7-8"


def test_only_so_many_runs_are_printed() -> None:
    found = clean(log([row(-9, -8, reason="jam", parts=float(number)) for number in range(7)]), Read()).account
    every_other = replace(found, row=2 * found.row)
    assert every_other.where("outside", most=3) == "outside: file 1 4, 6, 8 and 4 more"
    assert every_other.where("copies") == ""


@pytest.mark.parametrize(
    ("time", "signed", "text"),
    [
        (3_723_000_000, False, "1:02:03"),
        (-59_600_000, True, "-0:01:00"),
        (3_600_000_000_000_000, True, "+1,000,000:00:00"),
        (400_000, True, "0:00:00"),
    ],
)
def test_times_are_shown_to_the_second(time: int, signed: bool, text: str) -> None:
    assert hms(time, signed) == text


# -- the balance


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"used": 1}, "time of rows"),
        ({"origin": np.array([0, 0, 3, 4, 4, 4, 5, 7, 8])}, "row 2: pieces made and taken"),
        ({"time": np.ones((2, len(STATES)), np.int64)}, "the states of an asset"),
        ({"empty": 0}, "with and without rows"),
    ],
)
def test_what_does_not_balance_is_found(changed: dict[str, Any], text: str) -> None:
    with pytest.raises(UnbalancedError, match=text):
        replace(small(), **changed).check()


@ANY
@given(dirty_logs, reads)
def test_the_lines_balance(found: list[dict[str, Any]], read: Read) -> None:
    entries = clean(log(found), read).account.rows()
    rows = {one.key: one for one in entries if one.part == "rows"}
    between = [one for key, one in rows.items() if key not in ("in", "used")]
    assert rows["in"].rows == len(found)
    assert rows["in"].rows + sum(one.rows or 0 for one in between) == rows["used"].rows
    assert rows["in"].time + sum(one.time for one in between) == rows["used"].time
    times = {one.key: one.time for one in entries if one.part == "time"}
    assert sum(times[name] for name in STATES) == times["window"]


@ANY
@given(dirty_logs, reads)
def test_each_row_of_the_log_is_accounted_for(found: list[dict[str, Any]], read: Read) -> None:
    rows = log(found)
    result = clean(rows, read)
    pieces = Counter(result.rows.source_row.tolist())
    for line in result.account.rules:
        pieces.update(rows.source_row[line.done.taken].tolist())
        pieces.subtract(rows.source_row[line.done.added].tolist())
    assert pieces == Counter(rows.source_row.tolist())


@ANY
@given(dirty_logs, reads)
def test_another_row_of_the_asset_stands_for_each_that_is_not_dropped(found: list[dict[str, Any]], read: Read) -> None:
    rows = log(found)
    for line in clean(rows, read).account.rules:
        known = line.done.into >= 0
        assert (rows.asset[line.done.taken[known]] == rows.asset[line.done.into[known]]).all()
        assert known.all() or line.rule in ("empty", "outside")


@ANY
@given(dirty_logs, reads)
def test_states_partition_the_window(found: list[dict[str, Any]], read: Read) -> None:
    result = clean(log(found), read)
    for number, asset in enumerate(result.account.assets):
        assert result.account.time[number].tolist() == minute_by_minute(result, asset, read)


def minute_by_minute(result: Clean, asset: str, read: Read) -> list[int]:
    """Time in each state, µs, from what each moment is."""
    rows, (low, high) = result.rows, read.window
    own = rows.take(np.array([rows.assets[code] == asset for code in rows.asset], bool))
    spans = list(zip(own.start.tolist(), own.end.tolist(), own.state.tolist(), strict=True))
    edges = sorted({*range(low, high + 1, MINUTE), *own.start.tolist(), *own.end.tolist()})
    closed = [(a, b) for a, b in stretches_off(read) if any(s <= a and b <= e for s, e, state in spans if state == RUN)]
    found = [0] * len(STATES)
    for a, b in pairwise(edges):
        state = next((state for s, e, state in spans if s <= a and b <= e), None)
        on = state_at(a, read) == timetable.OPEN
        if state == RUN:
            on = not any(s <= a < e for s, e in closed)
        found[OFF_SHIFT if not on else read.between_state if state is None else state] += b - a
    return found


def stretches_off(read: Read) -> list[tuple[int, int]]:
    """Closings of the window."""
    low, high = read.window
    edges = [low, *(one for one in range(low + MINUTE, high, MINUTE) if changes(one, read)), high]
    return [(a, b) for a, b in pairwise(edges) if state_at(a, read) == timetable.OFF]


def changes(moment: int, read: Read) -> bool:
    return state_at(moment, read) != state_at(moment - 1, read)
