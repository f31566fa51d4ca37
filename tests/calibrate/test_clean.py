"""Cleaning: each rule on a small log, and on any log what must always hold."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twin.calibrate.cleaning.clean import Clean, clean
from twin.calibrate.rows import (
    BLOCKED,
    BREAKDOWN,
    COLUMNS,
    MICRO_STOP,
    NONE,
    OFF_SHIFT,
    OPEN,
    PLANNED,
    RUN,
    SETUP,
    STARVED,
    UNKNOWN,
    Rows,
)

from .dirty import BEGIN, MINUTE, SHIFTS, Read, any_read, at, dirty_log, dirty_logs, log, reads, row, stretches
from .slowly import cleaned

ANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
READ = Read(micro_threshold=0)


def of(*found: dict[str, Any], read: Read = READ, **factors: float) -> Clean:
    return clean(log(found), read, **factors)


def left(*found: dict[str, Any], read: Read = READ) -> list[tuple[float, float, str]]:
    return stretches(of(*found, read=read).rows)


def names(found: Clean) -> list[str]:
    rows = found.rows
    return [rows.reasons[code] if code != NONE else "" for code in rows.reason.tolist()]


def modes(found: Clean) -> list[str]:
    return [found.rows.modes[code] if code != NONE else "" for code in found.rows.mode.tolist()]


def taken(found: Clean, rule: str) -> list[list[int]]:
    """Row of the log and row that stands for it."""
    return sorted(found.account.touched(rule)[:, [1, 3]].tolist())


# -- rules that look at one row


def test_rows_of_no_length_are_dropped_but_for_failures_and_maintenance() -> None:
    found = of(
        row(5, 5), row(6, 6, MICRO_STOP), row(7, 7, PLANNED, "greasing"), row(8, 8, PLANNED), row(9, 9, RUN),
        row(10, 9), row(11, 11, STARVED),
    )  # fmt: skip
    assert stretches(found.rows) == [(5, 5, "breakdown"), (6, 6, "micro_stop"), (7, 7, "planned_stop")]
    assert taken(found, "empty") == [[2, 2], [3, 3], [4, 4], [5, 0], [6, 0], [7, 0], [8, 0]]
    assert found.account.used == 0


def test_a_failure_of_no_length_divides_the_run_in_which_it_lies() -> None:
    found = of(row(0, 10, RUN, parts=10.0), row(4, 4, mode="chips"))
    assert stretches(found.rows) == [
        (0, 4, "run"),
        (4, 4, "breakdown"),
        (pytest.approx(4), 10, "run"),
    ]
    assert found.rows.parts[[0, 2]].sum() == pytest.approx(10)


def test_of_exact_copies_the_first_stays() -> None:
    one = row(1, 5, mode="spindle", reason="jam", parts=2.0)
    found = of(one, one | {"file": 1}, one | {"scrap": 0.0}, one, row(1, 5, asset="SAW", mode="spindle"))
    assert taken(found, "copies") == [[3, 2], [5, 2]]
    assert found.account.touched("copies").tolist() == [[0, 5, 0, 2], [1, 3, 0, 2]]


def test_a_stop_without_an_end_lasts_to_the_end_of_the_window() -> None:
    found = of(row(10, 20), row(50, None), row(5, None, RUN, asset="SAW"))
    assert stretches(found.rows) == [(10, 20, "breakdown"), (50, 60, "breakdown"), (5, 60, "run")]
    assert found.cut.tolist() == [False, True, False]
    assert taken(found, "still_open") == [[3, 3], [4, 4]]


def test_a_stop_without_an_end_that_others_follow_is_unknown_until_the_next() -> None:
    found = of(row(10, None, mode="spindle", reason="jam"), row(20, 30, SETUP), row(40, None, RUN), row(50, 55))
    later = [(20, 30, "setup"), (40, 50, "run"), (50, 55, "breakdown")]
    rows = found.rows
    assert stretches(rows.take(np.arange(2, rows.n))) == later
    assert (rows.start[:2].tolist(), rows.end[:2].tolist()) == ([at(10), at(10) + 1], [at(10), at(20)])
    assert (rows.state[:2].tolist(), modes(found)[:2]) == ([BREAKDOWN, UNKNOWN], ["spindle", ""])
    assert (names(found)[:2], found.cut.tolist()) == (["jam", "jam"], [True, False, False, False, False])
    assert taken(found, "never_closed") == [[2, 2], [4, 4]]


def test_a_stop_without_mode_or_end_may_have_been_a_micro_stop() -> None:
    log = row(10, None), row(20, 30, SETUP)
    assert left(*log, read=replace(READ, micro_threshold=MINUTE)) == [(10, 20, "unknown"), (20, 30, "setup")]
    assert of(*log).rows.state.tolist() == [BREAKDOWN, UNKNOWN, SETUP]


def test_a_stop_whose_end_another_export_tells_has_this_end() -> None:
    found = of(row(10, None, mode="spindle"), row(10, 14, mode="spindle"), row(30, 31))
    assert stretches(found.rows) == [(10, 14, "breakdown"), (30, 31, "breakdown")]
    assert taken(found, "ended_elsewhere") == [[2, 2]]
    assert taken(found, "copies") == [[3, 2]]


def test_rows_outside_the_window_are_dropped_and_those_across_it_cut() -> None:
    found = of(row(-9, 0), row(-5, 5, RUN, parts=10.0), row(58, 64), row(60, 61), row(70, None))
    assert stretches(found.rows) == [(0, 5, "run"), (58, 60, "breakdown")]
    assert found.before.tolist() == [True, False]
    assert found.cut.tolist() == [False, True]
    assert found.rows.parts[0] == 5
    assert [place for place, _ in taken(found, "outside")] == [2, 5, 6]


def test_a_stop_that_ends_with_the_window_is_whole() -> None:
    assert not of(row(58, 60)).cut.any()


def test_short_stops_without_a_mode_are_micro_stops() -> None:
    found = of(
        row(0, 2), row(10, 13), row(20, 22, mode="stop"), row(30, 31, mode="chips"), row(40, 50, MICRO_STOP),
        row(52, 53, SETUP), read=Read(),
    )  # fmt: skip
    micro = [(name, mode) for (_, _, name), mode in zip(stretches(found.rows), modes(found), strict=True)]
    short, stop = ("micro_stop", "micro"), ("breakdown", "")
    assert micro == [short, stop, short, ("breakdown", "chips"), short, ("setup", "")]


@pytest.mark.parametrize(("factor", "number"), [(0.5, 0), (1, 1), (2, 2)])
def test_the_threshold_of_micro_stops_can_be_varied(factor: float, number: int) -> None:
    found = of(row(0, 2), row(10, 14), row(20, 28), read=Read(), micro_factor=factor)
    assert (found.rows.state == MICRO_STOP).sum() == number


# -- several rows at one time


def test_several_reasons_of_one_stop_are_joined() -> None:
    found = of(
        row(10, 20, SETUP, reason="zest"), row(10, 20, reason="alarm"), row(10, 18, mode="chips", reason="jam"),
        row(10, 20, RUN), row(10, 20, asset="SAW", reason="jam"),
    )  # fmt: skip
    assert stretches(found.rows) == [(10, 20, "breakdown"), (10, 20, "breakdown")]
    assert names(found) == ["jam + alarm + zest", "jam"]
    assert modes(found) == ["chips", ""]
    assert taken(found, "same_start") == [[2, 4], [3, 4]]


def test_a_stop_of_the_same_start_that_lasts_longer_has_the_time_after() -> None:
    found = of(row(10, 30, PLANNED, reason="zest"), row(10, 15, reason="jam"))
    assert stretches(found.rows) == [(10, 15, "breakdown"), (15, 30, "planned_stop")]
    assert names(found) == ["jam", "zest"]
    assert not found.goes_on.any()


def test_runs_of_one_time_share_it_by_their_parts() -> None:
    buckets = (
        row(0, 20, RUN, product=0, parts=3.0), row(0, 20, RUN, product=1, parts=1.0), row(0, 20, RUN, parts=0.0),
        row(30, 40, RUN, product=0), row(30, 40, RUN, product=1),
    )  # fmt: skip
    found = of(*buckets)
    assert [one[:2] for one in stretches(found.rows)] == [(0, 5), (5, 20), (30, 35), (35, 40)]
    assert found.rows.parts[:2].tolist() == [1, 3]
    assert taken(found, "same_run") == [[2, 2], [3, 3], [4, 2], [5, 5], [6, 6]]


def test_breakdowns_that_overlap_are_one_with_the_mode_of_the_first() -> None:
    found = of(row(10, 20, mode="chips"), row(12, 15, mode="spindle"), row(19, 25), row(25, 30, mode="chips"))
    assert stretches(found.rows) == [(10, 30, "breakdown")]  # the last goes on where the others end
    assert modes(found) == ["chips"]
    assert taken(found, "overlapping") == [[3, 2], [4, 2]]
    assert taken(found, "over_closings") == [[5, 2]]


def test_claimed_time_goes_to_the_more_serious_state() -> None:
    order = [BREAKDOWN, SETUP, MICRO_STOP, PLANNED, STARVED, RUN, OFF_SHIFT, UNKNOWN]
    found = left(*(row(0, 5 * number + 5, state) for number, state in enumerate(order) if state != STARVED))
    assert [name for _, _, name in found] == [
        "breakdown", "setup", "micro_stop", "planned_stop", "run", "off_shift", "unknown",
    ]  # fmt: skip


def test_of_equal_states_the_first_has_the_time() -> None:
    assert left(row(10, 20, STARVED), row(5, 15, BLOCKED), row(30, 40, RUN), row(25, 35, RUN)) == [
        (5, 15, "blocked"), (15, 20, "starved"), (25, 35, "run"), (35, 40, "run"),
    ]  # fmt: skip


def test_a_stop_divides_what_it_lies_in_and_the_parts_with_it() -> None:
    found = of(row(0, 40, RUN, parts=30.0, scrap=3.0), row(10, 20), row(45, 50, RUN, parts=1.0))
    assert stretches(found.rows) == [(0, 10, "run"), (10, 20, "breakdown"), (20, 40, "run"), (45, 50, "run")]
    assert found.goes_on.tolist() == [False, False, True, False]
    assert found.rows.parts[[0, 2, 3]].tolist() == [10, 20, 1]
    assert found.rows.scrap[[0, 2]].tolist() == [1, 2]
    assert taken(found, "divided") == [[2, 2]]
    assert found.rows.source_row.tolist() == [2, 3, 2, 4]


def test_a_count_of_parts_does_not_tell_when_the_machine_ran() -> None:
    lost, logger_off, bucket = row(5, None, mode="spindle"), row(30, 50, UNKNOWN), row(0, 60, RUN, parts=40.0, file=1)
    found = of(lost, row(10, 12), logger_off, bucket, read=replace(READ, counters=(1,)))
    assert [(round(begin), round(end), state) for begin, end, state in stretches(found.rows)] == [
        (0, 5, "run"), (5, 5, "breakdown"), (5, 10, "unknown"), (10, 12, "breakdown"), (12, 30, "run"),
        (30, 50, "unknown"), (50, 60, "run"),
    ]  # fmt: skip
    assert np.nansum(found.rows.parts) == 40


def test_a_row_without_time_of_its_own_is_told_with_the_one_that_has_it() -> None:
    found = of(row(0, 40), row(10, 20, RUN, parts=3.0))
    assert taken(found, "shared") == [[3, 2]]
    assert found.account.parts == (3, 0)


# -- stops that were one


def test_a_stop_goes_on_after_a_closing() -> None:
    read = replace(READ, table=SHIFTS)
    found = of(row(8, 12, mode="chips"), row(20, 23, mode="chips", reason="jam"), read=read)
    assert stretches(found.rows) == [(8, 23, "breakdown")]
    assert taken(found, "over_closings") == [[3, 2]]
    assert found.account.states()[BREAKDOWN] == 7 * MINUTE  # the night is off shift
    assert left(row(8, 12), row(14, 20, OFF_SHIFT), row(20, 23), read=read) == [(8, 23, "breakdown")]


@pytest.mark.parametrize(
    "other",
    [
        row(21, 23, mode="chips"),
        row(20, 23, mode="spindle"),
        row(20, 23, SETUP),
        row(20, 23, MICRO_STOP, "chips"),
        row(20, 23, mode="chips", asset="SAW"),
    ],
    ids=["later", "other mode", "other state", "micro-stop", "other asset"],
)
def test_another_stop_does_not_go_on(other: dict[str, Any]) -> None:
    assert of(row(8, 12, mode="chips"), other, read=replace(READ, table=SHIFTS)).rows.n == 2


def test_work_in_a_closing_parts_stops() -> None:
    read = replace(READ, table=SHIFTS)
    assert of(row(8, 12), row(14, 15, RUN), row(20, 23), read=read).rows.n == 3


def test_a_logged_closing_is_one_too() -> None:
    found = of(row(8, 12), row(12, 20, OFF_SHIFT), row(20, 23), row(40, 42), row(42, 50, OFF_SHIFT))
    assert stretches(found.rows) == [(8, 23, "breakdown"), (40, 42, "breakdown"), (42, 50, "off_shift")]
    assert found.at_closing.tolist() == [False, True, False]


def test_set_ups_go_on_for_the_same_product_only() -> None:
    assert left(row(0, 5, SETUP, product=0), row(5, 9, SETUP, product=0)) == [(0, 9, "setup")]
    assert of(row(0, 5, SETUP, product=0), row(5, 9, SETUP, product=1)).rows.n == 2


def test_a_stop_that_ends_as_the_plant_closes_is_marked() -> None:
    read = replace(READ, table=SHIFTS, window=(BEGIN, at(52)))
    found = of(row(3, 5), row(8, 12), row(30, 31), row(48, 52), read=read)
    assert found.at_closing.tolist() == [False, True, False, True]  # minute 5 begins a break, which is no closing
    assert taken(found, "at_closing") == [[3, 3], [5, 5]]
    assert not of(row(48, None), read=read).at_closing.any()


def test_failures_that_come_back_within_the_threshold_are_one() -> None:
    read = replace(READ, restarts={"spindle": 5 * MINUTE})
    log = (
        row(0, 10, mode="spindle", repair_start=at(2), repair_end=at(9)), row(10, 13, RUN, parts=2.0),
        row(13, 15, mode="spindle", repair_start=at(14)), row(19, 21, mode="spindle", repair_end=at(20)),
        row(26, 27, mode="spindle"), row(30, 31, mode="chips"), row(32, 33, mode="chips"),
    )  # fmt: skip
    found = of(*log, read=read)
    assert [one[:2] for one in stretches(found.rows)] == [(0, 21), (26, 27), (30, 31), (32, 33)]
    assert found.merged.tolist() == [2, 0, 0, 0]
    assert (found.rows.repair_start[0], found.rows.repair_end[0]) == (at(2), at(20))
    assert found.rows.parts[0] == 2
    assert taken(found, "restarts") == [[3, 2], [4, 2], [5, 2]]
    assert of(*log, read=read, restart_factor=0.5).merged.tolist() == [0, 0, 0, 0, 0, 0, 0]
    assert of(*log, read=read, restart_factor=2).merged.tolist() == [3, 0, 0]


@pytest.mark.parametrize(
    "between", [row(11, 12, mode="chips"), row(11, 12, SETUP), row(11, 12, OFF_SHIFT)], ids=["mode", "set-up", "off"]
)
def test_what_lies_between_parts_failures(between: dict[str, Any]) -> None:
    read = replace(READ, restarts={"spindle": 5 * MINUTE})
    assert of(row(0, 10, mode="spindle"), between, row(13, 15, mode="spindle"), read=read).rows.n == 3


# -- whatever the log


def texts(found: Clean) -> list[tuple[Any, ...]]:
    """The rows as ``slowly`` tells them."""
    rows = found.rows
    marks = (found.cut, found.before, found.goes_on, found.at_closing, found.merged)
    said = list(zip(*(column.tolist() for column in marks), strict=True))
    counts = [
        [None if np.isnan(c) else float(f"{c:.9g}") for c in made] for made in zip(*rows_counts(rows), strict=True)
    ]
    return [
        (
            int(rows.asset[i]), int(rows.start[i]), int(rows.end[i]), int(rows.state[i]), names(found)[i],
            modes(found)[i], rows.products[rows.product[i]] if rows.product[i] != NONE else "",
            int(rows.repair_start[i]), int(rows.repair_end[i]), *counts[i], *said[i], int(rows.file[i]),
            int(rows.source_row[i]),
        )
        for i in range(rows.n)
    ]  # fmt: skip


def rows_counts(rows: Rows) -> list[list[float]]:
    return [column.tolist() for column in (rows.parts, rows.scrap, rows.rework)]


@pytest.mark.parametrize("seed", range(4))
def test_the_slow_way_leads_to_the_same(seed: int) -> None:
    random = Random(seed)
    for number in range(100):
        rows, read = log(dirty_log(random)), any_read(random)
        assert texts(clean(rows, read)) == cleaned(rows, read), number


@ANY
@given(dirty_logs, reads)
def test_rows_lie_in_order_inside_the_window(found: list[dict[str, Any]], read: Read) -> None:
    rows = clean(log(found), read).rows
    low, high = read.window
    assert ((low <= rows.start) & (rows.start <= rows.end) & (rows.end <= high)).all()
    follows = rows.asset[1:] == rows.asset[:-1]
    assert (rows.asset[1:] >= rows.asset[:-1]).all()
    assert (rows.start[1:] >= rows.end[:-1])[follows].all()


@ANY
@given(dirty_logs, reads, st.randoms(use_true_random=False))
def test_the_order_of_rows_leaves_no_trace(found: list[dict[str, Any]], read: Read, random: Any) -> None:
    numbered = [{"source_row": number + 2, **one} for number, one in enumerate(found)]
    mixed = random.sample(numbered, len(numbered))
    assert texts(clean(log(mixed), read)) == texts(clean(log(numbered), read))


@ANY
@given(dirty_logs, reads)
def test_a_second_cleaning_changes_nothing(found: list[dict[str, Any]], read: Read) -> None:
    once = clean(log(found), read)
    twice = clean(once.rows, read)
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(twice.rows, name), getattr(once.rows, name), err_msg=name)
    assert not twice.merged.any()
    assert all(not len(line.done.taken) for line in twice.account.rules)


@ANY
@given(dirty_logs, reads, st.integers(-5, 5))
def test_a_shift_of_all_times_shifts_the_result(found: list[dict[str, Any]], read: Read, number: int) -> None:
    shift, read = number * 12_345_678, replace(read, table=None)  # a calendar stands still
    rows = log(found)
    later = rows._replace(**{name: moved(getattr(rows, name), shift) for name in TIMES})
    there = clean(later, replace(read, window=(read.window[0] + shift, read.window[1] + shift)))
    here = clean(rows, read)
    back = there.rows._replace(**{name: moved(getattr(there.rows, name), -shift) for name in TIMES})
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(back, name), getattr(here.rows, name), err_msg=name)


TIMES = ("start", "end", "repair_start", "repair_end")


def moved(times: np.ndarray[Any, Any], by: int) -> np.ndarray[Any, Any]:
    return np.where(times == OPEN, OPEN, times + by)


def test_reasons_and_modes_win_by_name_whatever_their_codes() -> None:
    rows = log([row(0, 5, reason="jam"), row(0, 5, reason="alarm"), row(0, 5, reason="zest")])
    other = rows._replace(reasons=("jam", "zest", "alarm"), reason=np.array([0, 2, 1], np.int32))
    assert names(clean(rows, READ)) == names(clean(other, READ)) == ["alarm + jam + zest"]


def test_an_empty_log_is_a_window_of_silence() -> None:
    found = of(read=Read(between_state=UNKNOWN, assets={"KIT": "kit"}))
    assert found.rows.n == 0
    assert found.account.unknown_share == 1


def test_a_window_without_any_length_has_no_rows() -> None:
    assert of(row(5, 5), row(5, 6), read=Read(window=(at(5), at(5)))).rows.n == 0
