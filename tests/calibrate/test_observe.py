"""Evidence: by hand, case by case; over simulated machines with known laws; the usual mistakes and what they do."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats

from twin.calibrate.cleaning.clean import Clean
from twin.calibrate.evidence.observe import observe
from twin.calibrate.fitting.posterior import Posterior, posterior
from twin.calibrate.found import Evidence, Observed, Times
from twin.calibrate.rows import BREAKDOWN, NONE, PLANNED
from twin.core.timetable import DAY, WEEK, Timetable, calendar_row
from twin.law.weibull import inverse_shape

from .watching import HOUR, Line, Way, cleaned, lived, reading, two_shifts

JAM = {"JAM": {"mode": "jam"}}
GREASE = {"G": {"maintenance": "grease", "renews": ["jam"]}}


def seen(lines: list[Line], end: float = 48, closes: bool = False, **keys: Any) -> Observed:
    """What is observed of a log by hand, by default of a plant that never closes."""
    keys = {"reasons": JAM | GREASE, "between": "run"} | keys
    return observe(cleaned(lines, end), reading(two_shifts() if closes else None, **keys))


def mode(observed: Observed, name: str = "M.jam") -> Evidence:
    return next(one for one in observed.modes if one.name == name)


def hours(column: Any) -> Any:
    return np.round(np.asarray(column) / 3600, 9).tolist()


def jam(start: float, end: float, **more: Any) -> Line:
    return Line("M", start, end, mode="jam", **more)


def other(start: float, end: float) -> Line:
    return Line("M", start, end, mode="drive")


def grease(start: float, end: float) -> Line:
    return Line("M", start, end, "planned_stop", "grease")


TWO = [jam(10, 12), jam(20, 21)]


# -- times up


def test_the_first_gap_is_of_unknown_age_and_the_last_one_censored() -> None:
    found = mode(seen(TWO))
    assert (hours(found.up.exact), hours(found.up.censored)) == ([8], [27])
    assert (hours(found.histories[0].times), hours(found.histories[0].end)) == ([10, 18], 45)


def test_a_new_machine_has_its_first_gap_too() -> None:
    found = mode(seen(TWO, modes={"jam": {"first": "new"}}))
    assert (hours(found.up.exact), hours(found.up.censored)) == ([8, 10], [27])


def test_without_a_second_failure_the_first_gap_counts_as_a_whole_one_and_that_is_said() -> None:
    found = mode(seen(TWO[:1]))
    assert (hours(found.up.exact), hours(found.up.censored)) == ([10], [36])
    assert found.notes == (
        "no stop followed on another one, so the time from the window's start counts as a whole time up",
    )


def test_a_stop_right_behind_maintenance_is_a_failure_of_the_least_age() -> None:
    found = mode(seen([*TWO, grease(30, 32), jam(32, 33)]))
    assert found.up.exact.tolist() == pytest.approx([20, 8 * 3600])  # a third of a minute
    assert (hours(found.up.censored), not found.notes) == ([9, 15], True)


def test_a_stop_of_lost_end_is_a_failure_and_tells_no_repair() -> None:
    lost, dark = jam(20, 20, flag="cut"), Line("M", 20, 30, "unknown")
    found = mode(seen([jam(10, 12), lost, dark, jam(30, 31), jam(36, 37)]))
    assert (hours(found.up.exact), hours(found.up.censored)) == ([5, 8], [11])
    assert (hours(found.repair.exact), hours(found.repair.censored), found.notes) == ([1, 1, 2], [], ())
    assert len(found.stops_at) == 4


def test_lost_ends_leave_the_mean_time_up_as_it_is() -> None:
    """A quarter of the ends lost; 3000 exponential lives of 8 h: the mean is known to 8 / sqrt(2250) h, 1.7 % of it."""
    random, lines, now = np.random.default_rng(7), list[Line](), 0.0
    for up, lost in zip(random.exponential(8, 3000), random.random(3000) < 0.25, strict=True):
        if lines and lines[-1].flag:
            lines.append(Line("M", now - 1, now + up, "unknown"))
        lines.append(jam(now + up, now + up) if lost else jam(now + up, now + up + 1))
        lines[-1] = lines[-1]._replace(flag="cut" if lost else "")
        now += up + 1
    found = mode(seen(lines, now))
    assert found.up.exposure / found.up.failures / 3600 == pytest.approx(8, rel=4 / math.sqrt(2250))
    assert set(hours(found.repair.exact)) == {1}


def test_stops_of_other_modes_neither_censor_nor_renew() -> None:
    """On the working clock they only stand in the way; on the calendar's not even that."""
    lines = [*TWO, other(14, 17), other(30, 31)]
    assert hours(mode(seen(lines)).up.time) == [5, 26]
    assert hours(mode(seen(lines, modes={"jam": {"clock": "calendar"}})).up.time) == [8, 27]


def test_maintenance_censors_and_renews_what_it_renews() -> None:
    found = mode(seen([*TWO, grease(14, 15), grease(30, 32)]))
    assert (hours(found.up.exact), hours(found.up.censored)) == ([5], [2, 9, 16])
    assert found.preventive == 2
    alone = mode(seen([*TWO, grease(14, 15)], reasons=JAM | {"G": {"maintenance": "grease"}}))
    assert (hours(alone.up.exact), alone.preventive) == ([7], 0)


@pytest.mark.parametrize(("clock", "expected"), [("working", [19, 31]), ("shift", [19, 31]), ("calendar", [35, 47])])
def test_closed_hours(clock: str, expected: list[float]) -> None:
    """Monday 20:00, Wednesday 07:00, Friday 06:30, with shifts from 06:00 to 22:00: 2 + 16 + 1 h, and 14½ + 16 + ½."""
    lines = [jam(19, 20), jam(55, 55.5), jam(102.5, 103)]
    found = mode(seen(lines, 120, closes=True, modes={"jam": {"clock": clock}}))
    assert hours(found.up.exact) == expected


def test_cycles_are_counted_from_stop_to_stop() -> None:
    """A machine that is due in the middle of a cycle stops at its end: half a cycle less on average."""
    runs = [Line("M", a, b, "run", parts=n) for a, b, n in [(0, 10, 5), (12, 16, 7), (16, 20, 4), (21, 30, 8)]]
    found = mode(seen([*TWO, *runs], modes={"jam": {"clock": "cycles"}}))
    assert (found.up.exact.tolist(), found.up.censored.tolist()) == ([10.5], [8])


def test_a_mode_whose_clock_never_ran_is_named() -> None:
    found = seen(TWO, modes={"jam": {"clock": "cycles"}})
    assert not found.modes
    assert found.notes == ("M.jam: its clock never ran in the log",)


def test_a_stop_of_before_the_window_only_starts_the_clock() -> None:
    found = mode(seen([jam(0, 2, flag="before"), jam(10, 12)]))
    assert (hours(found.up.exact), hours(found.up.censored)) == ([8], [36])
    assert hours(found.repair.exact) == [2]


def test_a_stop_that_comes_back_before_the_machine_ran_goes_on() -> None:
    lines = [jam(10, 12), Line("M", 12, 13, "starved"), jam(13, 14), jam(20, 21)]
    found = mode(seen(lines))
    assert (hours(found.up.exact), hours(found.up.censored)) == ([6], [27])
    assert hours(found.repair.exact) == [1, 3]
    assert len(found.stops_at) == 2
    note = "stops that came back before the clock 'working' had run: 1; each goes on with the one before"
    assert found.notes == (note,)


def test_stops_of_one_closed_weekend_are_repairs_of_their_own() -> None:
    """People ran the machine on Saturday and Sunday, outside its calendar: two repairs, but no time up between them.

    A stop that comes back at the opening without having run goes on with the one before.
    """
    friday, monday = 4 * 24, 7 * 24
    weekend = [jam(friday + 24 + 10, friday + 24 + 11), jam(friday + 48 + 10, friday + 48 + 12)]
    found = mode(seen([jam(10, 11), *weekend, jam(monday + 6, monday + 7)], 8 * 24, closes=True))
    assert hours(found.repair.exact) == [1, 1, 3]
    assert (hours(found.up.exact), hours(found.up.censored)) == ([75], [15])
    assert [note.split(";")[0] for note in found.notes[:2]] == [
        "stops that came back before the clock 'working' had run: 1",
        "stops that began in closed hours before the clock 'working' had run: 1",
    ]


def test_what_is_left_of_a_stop_behind_another_one_goes_on() -> None:
    """On the calendar's clock the time between would make a life of its own."""
    lines = [jam(10, 12), other(12, 13), jam(13, 14, flag="goes_on"), jam(20, 21)]
    found = mode(seen(lines, modes={"jam": {"clock": "calendar"}}))
    assert (hours(found.up.exact), hours(found.up.censored)) == ([6], [27])
    assert hours(found.repair.exact) == [1, 3]


def test_a_long_time_of_which_nothing_is_known_ends_watching() -> None:
    lines = [jam(10, 12), jam(20, 21), Line("M", 22, 42, "unknown"), jam(44, 45)]
    found = mode(seen(lines))
    assert (hours(found.up.exact), hours(found.up.censored)) == ([8], [1, 3])
    assert found.unknown_share == pytest.approx(20 / 48)


def test_a_short_time_of_which_nothing_is_known_stops_the_clock_only() -> None:
    found = mode(seen([*TWO, Line("M", 14, 16, "unknown")]))
    assert (hours(found.up.exact), hours(found.up.censored)) == ([6], [27])


def test_machines_of_a_station_are_of_one_law_and_keep_their_histories() -> None:
    lines = [*TWO, *(one._replace(asset="N", start=one.start + 1, end=one.end + 2) for one in TWO)]
    found = mode(seen(lines, assets={"M": "mill", "N": "mill", "P": "mill"}), "mill.jam")
    assert (hours(found.up.exact), hours(found.up.censored)) == ([7, 8], [25, 27])
    assert [hours(one.times) for one in found.histories] == [[10, 18], [11, 18], []]
    assert np.diff(found.stops_at).tolist() == [HOUR, 9 * HOUR, HOUR]


def test_an_asset_without_a_row_ran_all_the_time() -> None:
    found = seen(TWO, assets={"M": "mill", "P": "press"}, classes={"all": ["mill", "press"]})
    assert hours(mode(found, "press.jam").up.censored) == [48]
    assert "the asset 'P' has no row in the log; it is taken to have run all the time" in found.notes


def test_modes_that_never_stopped_are_there_if_the_reading_file_names_them() -> None:
    found = mode(seen([other(3, 4)], modes={"M.jam": {"clock": "shift"}}))
    assert (found.up.failures, hours(found.up.censored), len(found.repair.time)) == (0, [48], 0)


def test_events_part_what_came_before_and_after() -> None:
    """The life that lasts over the event belongs to neither side."""
    lines = [*TWO, jam(30, 31), jam(40, 41)]
    found = mode(seen(lines, events={"new belt": "2026-01-05 22:00", "too late": "2026-03-01 00:00"}))
    (later,) = found.later
    assert (later.event, hours(later.ages)) == ("new belt", [19])
    assert (hours(later.up.exact), hours(later.up.censored)) == ([9], [7])


def test_a_clock_that_never_ran_is_told_with_what_to_write() -> None:
    lines, never = [jam(0, 48)], "M.jam: its clock never ran in the log"
    assert never in seen(lines).notes
    hint = "; no row of it tells of running: if machines ran between the rows, write 'between: run'"
    assert never + hint in seen([jam(10, 11)], between="unknown").notes


# -- repairs


def test_a_repair_at_the_end_of_the_window_is_censored() -> None:
    found = mode(seen([jam(10, 12), jam(47, 48, flag="cut")]))
    assert (hours(found.repair.exact), hours(found.repair.censored)) == ([2], [1])


def test_one_stop_that_the_clerk_closed_is_no_work_at_night() -> None:
    lines = [jam(21, 31), Line("N", 21, 22, mode="jam", flag="at_closing"), Line("O", 21, 22, mode="jam")]
    found = mode(seen(lines, closes=True, assets=dict.fromkeys("MNO", "mill")), "mill.jam")
    assert hours(found.repair.exact) == [1, 2]


@pytest.mark.parametrize(("nights", "lasts"), [(10, 2), (9, 10)])
def test_work_at_night_is_seen_in_a_tenth_of_the_stops_that_reach_a_closing(nights: int, lasts: float) -> None:
    lines = [Line(f"M{n}", 21, 31, mode="jam") for n in range(nights)] + [Line("N", 20, 23, mode="jam")]
    found = mode(seen(lines, closes=True, assets={one.asset: "mill" for one in lines}), "mill.jam")
    assert hours(found.repair.exact)[-1] == (lasts if lasts > 3 else 3)


def test_a_stop_that_the_clerk_closed_at_the_end_of_a_shift_is_censored() -> None:
    found = mode(seen([jam(10, 12), jam(21, 22, flag="at_closing")], closes=True))
    assert (hours(found.repair.exact), hours(found.repair.censored)) == ([2], [1])


def test_response_repair_and_restart() -> None:
    lines = [jam(10, 13, repair_start=11, repair_end=12.5), jam(20, 21, repair_start=20.25, repair_end=21)]
    found = mode(seen([*lines, jam(30, 31)]))
    assert found.response is not None
    assert found.restart is not None
    assert (hours(found.response.exact), hours(found.repair.exact)) == ([0.25, 1], [0.75, 2])
    assert hours(found.restart.exact) == hours([20, 1800])  # at once, as far as a log of whole minutes tells
    assert not found.includes_wait
    assert found.notes == ("stops that do not tell when the repairer began: 1; none is in a time of repair",)


@pytest.mark.parametrize(("asked", "wait"), [({}, True), ({"includes_wait": False}, False)])
def test_few_repairers_noted_leave_the_stops_whole(asked: dict[str, Any], wait: bool) -> None:
    """With the wait for people in them, unless the reading file knows better."""
    lines = [jam(10, 13, repair_start=11), jam(20, 21), jam(30, 31)]
    found = mode(seen(lines, modes={"jam": asked}))
    assert found.response is None
    assert hours(found.repair.exact) == [1, 1, 3]
    assert found.includes_wait is wait


def test_a_station_whose_repairers_are_not_told_waits_in_its_stops() -> None:
    """Another file of the history may tell them: that says nothing of this one."""
    told = Line("A", 10, 13, "breakdown", "jam", repair_start=11)
    found = {one.station: one for one in seen([told, Line("B", 10, 13, "breakdown", "jam")]).modes}
    assert (found["A"].includes_wait, found["B"].includes_wait) == (False, True)
    assert (hours(found["A"].repair.exact), hours(found["B"].repair.exact)) == ([2], [3])


def test_a_threshold_of_logging_truncates_repairs() -> None:
    """Each repair is watched from what the threshold leaves of it; a shorter stop came into the log by chance."""
    lines = [jam(10, 13), jam(20, 21), jam(30, 30.5)]
    whole = mode(seen(lines, modes={"jam": {"least": "1 h"}}))
    assert (hours(whole.repair.exact), hours(whole.up.exact)) == ([1, 3], [7])
    assert whole.repair.entry / 3600 == pytest.approx([1, 1])
    parted = [jam(10, 13, repair_start=12.5), jam(20, 21, repair_start=20.25)]
    found = mode(seen(parted, modes={"jam": {"least": "1 h"}}))
    assert hours(found.repair.time) == [0.5, 0.75]
    assert found.repair.entry / 3600 == pytest.approx([0, 0.75])


@pytest.mark.parametrize(("late", "night"), [(23, 8), (21, 0)])
def test_closings_that_a_repair_outlasts_count_if_anybody_works_in_them(late: float, night: float) -> None:
    """From 21:00 to 07:00 on the next day; another stop ends at 23:00, or at 21:00."""
    lines = [jam(21, 31), Line("N", 20, late, mode="jam")]
    found = mode(seen(lines, closes=True, assets={"M": "mill", "N": "mill"}), "mill.jam")
    assert hours(found.repair.exact)[-1] == 2 + night
    word = "count, since stops end in closed hours too" if night else "do not count, since no stop ends in them"
    assert any(f"8 h of closed hours that stops outlast {word}" in note for note in found.notes)


def test_stops_without_length_count_a_third_of_the_step_of_the_log() -> None:
    found = mode(seen([jam(10, 10), jam(20, 21)]))
    assert (found.repair.exact * 3).tolist() == [60, 3 * 3600]
    assert found.notes == ("stops without length at the resolution of the log: 1; each counts as 20 s",)
    split = mode(seen([jam(10, 10 + 1 / 3600, repair_start=10), jam(20, 21, repair_start=20.5)]))
    assert split.response is not None
    assert split.response.exact * 3 == pytest.approx([1, 3 * 1800])  # in a log of seconds
    assert times(seen([grease(10, 10), grease(20, 21), jam(30, 31)])) == {"M.grease": [pytest.approx(1 / 3), 60]}


def test_a_log_of_whole_minutes_tells_the_mean_of_short_stops_nearly() -> None:
    """Of exponential stops with a mean of 3 min 15 % have no length; to leave them out makes the mean 18 % longer."""
    rng, n = np.random.default_rng(1), 4000
    starts = np.arange(n) * 0.5 + rng.random(n) / 4
    ends = starts + np.minimum(rng.exponential(0.05, n), 0.2)
    logged = np.floor(np.column_stack([starts, ends]) * 60) / 60
    repair = mode(seen([jam(*span) for span in logged.tolist()], n / 2)).repair
    assert (repair.exact < 60).mean() == pytest.approx(0.15, abs=0.02)
    true = 3600 * (ends - starts).mean()
    assert 0.99 < repair.exact.mean() / true < 1.04  # 2 % longer: the others tell the whole mean as it is
    assert repair.exact[repair.exact > 30].mean() / true > 1.15


# -- which mode


def test_stops_without_a_mode() -> None:
    lines = [Line("M", 1, 1.01), Line("M", 2, 3), Line("M", 5, 6, "micro_stop")]
    found = seen(lines, micro_stop="3 min")
    assert [(one.name, len(one.stops_at), one.micro) for one in found.modes] == [
        ("M.micro", 2, True),
        ("M.stop", 1, False),
    ]


def test_evidence_tells_rows_shares_and_hours() -> None:
    class File:
        name, sha256 = "stops.csv", "abc"

    found = observe(cleaned([jam(7, 8), jam(31, 32)], 48), reading(two_shifts(), reasons=JAM), [File()])
    one = mode(found)
    assert [(each.file, each.sha256, each.rows) for each in one.sources] == [("stops.csv", "abc", (2, 3))]
    assert one.stop_rows.tolist() == [2, 3]
    assert one.hours.tolist() == [1, 1]
    assert (one.window[1] - one.window[0]) == 48 * HOUR
    assert found.notes == (
        "M: the log has no starved or blocked time, so the clock 'working' runs in it too; in a plant whose machines "
        "wait, 'mtbf' will be too long by that share",
    )


def test_other_thresholds_stand_beside() -> None:
    log, asked = cleaned([*TWO, jam(30, 31)], 48), reading(reasons=JAM)
    others = {"restart threshold × 2": cleaned(TWO, 48), "restart threshold × 0.5": cleaned([], 48, ["jam"])}
    found = mode(observe(log, asked, others=others))
    assert found.sensitivity[0] == ("restart threshold × 2", 1, 35 * 3600)
    assert found.sensitivity[1] == ("restart threshold × 0.5", 0, math.inf)


# -- times and counts


def times(observed: Observed) -> dict[str, list[float]]:
    return {one.name: (one.sample.exact / 60).round(6).tolist() for one in observed.times}


def test_cycles_are_rows_of_one_part() -> None:
    lines = [
        Line("M", 1, 1.1, "run", product="A", parts=1),
        Line("M", 1.1, 1.3, "run", product="B", parts=1),
        Line("M", 1.3, 2.3, "run", product="B", parts=20),
    ]
    assert times(seen(lines)) == {"M.cycle": [6, 12], "M.cycle.A": [6], "M.cycle.B": [12]}


def test_rows_of_several_parts_tell_no_cv_and_that_is_said() -> None:
    found = seen([Line("M", 1, 2, "run", parts=60)])
    assert not found.times
    assert found.notes == (
        "M: rows of several parts tell the mean of a cycle (60 s) but not how it varies; log single parts for a law "
        "of the cycle",
    )


def test_buckets_of_a_counter_are_no_cycles_even_if_they_hold_one_part() -> None:
    """A part every 40 min, counted each hour."""
    found = seen([Line("M", n, n + 1, "run", parts=1 + n % 2) for n in range(24)])
    assert not found.times
    assert "the mean of a cycle (2400 s)" in found.notes[0]
    even = [Line("M", n, n + 1, "run", parts=1) for n in range(24)]
    assert times(seen(even)) == {"M.cycle": [60] * 24}  # a machine of one beat
    counted = seen(even, history=[{"file": "x.csv", "form": "counters", "bucket": "1 h"}])
    assert not counted.times
    assert "the mean of a cycle (3600 s)" in counted.notes[0]


def changes(start: float, first: str = "A", then: str = "B", run: str = "run") -> list[Line]:
    """A run of one product, and the set-up of another, which a stop interrupts."""
    return [
        Line("M", start + 1, start + 2, run, product=first),
        Line("M", start + 2, start + 2.5, "setup", product=then),
        Line("M", start + 2.5, start + 3, mode="jam"),
        Line("M", start + 3, start + 3.25, "setup", product=then),
    ]


def test_set_ups_by_pair_of_products() -> None:
    """The pieces of one that was interrupted are one; one before the window tells nothing."""
    lines = [
        Line("M", 0, 1, "setup", product="A", flag="before"),
        *changes(0), *changes(4), *changes(8),
        Line("M", 14, 15, "run", product="A"),
        Line("M", 15, 15.2, "setup"),
    ]  # fmt: skip
    assert times(seen(lines)) == {"M.setup": [12, 45, 45, 45], "M.setup.A.B": [45, 45, 45]}


def test_a_pair_of_products_seen_too_seldom_has_no_law_of_its_own() -> None:
    """The set-up from A to B was lost before the one to C: a pair that never was."""
    lost = [*changes(0), *changes(4), *changes(8), *changes(12, "A", "C")]
    found = seen(lost)
    assert set(times(found)) == {"M.setup", "M.setup.A.B"}
    assert "M: setup.A.C (1): fewer than 3 set-ups, so 'M.setup' holds for them" in found.notes


def test_nobody_knows_what_was_made_before_a_time_without_a_log() -> None:
    runs, dark = [*changes(0), *changes(4), *changes(8)], Line("M", 14.5, 18.5, "unknown")
    last = [Line("M", 14, 14.5, "run", product="A"), dark, Line("M", 19, 19.5, "setup", product="B")]
    assert times(seen([*runs, *last])) == {"M.setup": [30, 45, 45, 45], "M.setup.A.B": [45, 45, 45]}
    short = [last[0], dark._replace(end=14.6), last[2]]
    assert times(seen([*runs, *short]))["M.setup.A.B"] == [30, 45, 45, 45]
    untold = [Line("M", 14, 14.2, "setup"), dark._replace(end=18), Line("M", 19, 20, "run", product="A")]
    assert set(times(seen([*changes(0, "A", "B"), *untold]))) == {"M.setup"}


def test_set_ups_rest_at_night_and_maintenance_where_nobody_works() -> None:
    lines = [Line("M", 21, 31, "setup"), grease(45, 55)]
    assert times(seen(lines, 72, closes=True)) == {"M.setup": [120], "M.grease": [120]}
    assert times(seen([*lines, jam(60, 71)], 72, closes=True))["M.grease"] == [600]


def test_scrap_and_rework_are_counted_where_parts_are() -> None:
    lines = [
        Line("M", 1, 2, "run", parts=60, scrap=2),
        Line("M", 2, 3, "run", parts=40, scrap=1, rework=4),
        Line("M", 3, 4, "run", parts=5, scrap=9),
        Line("M", 4, 5, "run", scrap=9),
    ]
    found = seen(lines)
    assert [(one.name, one.bad, one.parts) for one in found.counts] == [("M.rework", 4, 40), ("M.scrap", 3, 100)]
    assert "M: counts of scrap or rework that are higher than the parts of their row: 2; none is used" in found.notes


def test_an_empty_log_says_nothing() -> None:
    assert seen([]) == Observed()


def test_times_have_names() -> None:
    assert all(isinstance(one, Times) for one in seen([Line("M", 1, 2, "setup")]).times)


# -- simulated machines


def _weibull(rng: np.random.Generator, mean: float, cv: float) -> Any:
    h = inverse_shape(cv)
    return lambda: mean / math.gamma(1 + h) * float(rng.weibull(1 / h))


def _gamma(rng: np.random.Generator, mean: float, cv: float) -> Any:
    return lambda: float(rng.gamma(cv**-2, mean * cv * cv))


TRUTH = {"jam": ("working", 30.0), "belt": ("working", 9.0), "drive": ("shift", 25.0), "power": ("calendar", 60.0)}
"""Clock and mean time up, h; 'jam' is renewed by greasing at 35 h of work."""
_BEFORE = 2.0 * 168
_SHIFTS = Timetable(calendar_row(WEEK, [(day * DAY + 6 * HOUR, day * DAY + 22 * HOUR) for day in range(5)], [], []))


@cache
def plant(machines: int, weeks: int) -> Clean:
    """Machines on two shifts, that had run for two weeks before the window."""
    lines = []
    for number in range(machines):
        rng = np.random.default_rng((4, weeks, number))
        ways = [
            Way("jam", "working", _weibull(rng, 30, 0.5), _gamma(rng, 2.5, 1)),
            Way("belt", "working", _gamma(rng, 9, 1.2), _gamma(rng, 0.5, 0.8)),
            Way("drive", "shift", _weibull(rng, 25, 0.8), _gamma(rng, 1, 1)),
            Way("power", "calendar", _gamma(rng, 60, 1), _gamma(rng, 1, 0.5)),
            Way("grease", "working", lambda: 35.0, lambda: 1.0, "planned_stop", ("jam",)),
        ]
        lines += lived(f"M{number:03}", ways, _SHIFTS, 168.0 * weeks, _BEFORE)
    return cleaned(lines, 168.0 * weeks)


def asked(**clocks: str) -> Any:
    """The reading of ``plant``, with the true clocks unless others are named."""
    reasons = {name: {"mode": name} for name in TRUTH} | GREASE
    modes = {name: {"clock": clocks.get(name, clock)} for name, (clock, _) in TRUTH.items()}
    return reading(two_shifts(), reasons=reasons, modes=modes)


def laws(observed: Observed, *names: str) -> list[tuple[str, Posterior]]:
    return [(one.mode, posterior(one.up)) for one in observed.modes if one.mode in names and one.up.failures]


def covered(found: list[tuple[str, Posterior]]) -> int:
    """How many intervals of the mean hold the true one."""
    true = [(law.interval90, 3600 * TRUTH[name][1]) for name, law in found]
    return sum(low <= mean <= high for (low, high), mean in true)


@pytest.mark.long
def test_the_interval_of_the_mean_covers_as_it_says() -> None:
    """90 % of 144 intervals, of three clocks and with preventive renewal: inside the binomial law's 99.9 %."""
    found = laws(observe(plant(48, 8), asked()), "jam", "drive", "power")
    low, high = stats.binom.ppf([0.0005, 0.9995], len(found), 0.9)
    assert len(found) > 138
    assert low <= covered(found) <= high


LONG = 12, 40
"""So many machines and weeks that a mistake of a few per cent shows."""


def right(name: str) -> float:
    """The least number of right intervals that 12 may have, if 90 % are."""
    return float(stats.binom.ppf(0.0005, LONG[0], 0.9)) if name in TRUTH else 0.0


@pytest.mark.parametrize(("name", "clock"), [("belt", "calendar"), ("drive", "calendar"), ("power", "working")])
def test_a_wrong_clock_would_show(name: str, clock: str) -> None:
    """Read on their own clocks the modes are found; on another one hardly any interval holds the truth."""
    log = plant(*LONG)
    assert covered(laws(observe(log, asked()), name)) >= right(name)
    assert covered(laws(observe(log, asked(**{name: clock})), name)) <= 2


def test_maintenance_counted_as_failures_would_show() -> None:
    log = plant(*LONG)
    rows = log.rows
    greasing = rows.state == PLANNED
    mode = np.where(greasing, np.int32(rows.modes.index("jam")), rows.mode)
    state = np.where(greasing, np.int8(BREAKDOWN), rows.state)
    assert covered(laws(observe(log, asked()), "jam")) >= right("jam")
    assert covered(laws(observe(replace(log, rows=rows._replace(mode=mode, state=state)), asked()), "jam")) <= 1


def test_other_modes_taken_as_renewals_would_show() -> None:
    """The mean stays, since time and failures do, but wear looks like chance: a CV near 1 instead of 0.5."""
    log = plant(*LONG)
    rows = log.rows
    others = (rows.mode != rows.modes.index("jam")) & (rows.mode != NONE)
    mode = np.where(others, np.int32(rows.modes.index("grease")), rows.mode)
    state = np.where(others, np.int8(PLANNED), rows.state)
    wrong = observe(replace(log, rows=rows._replace(mode=mode, state=state)), asked())
    true = [law.cv_interval90 for _, law in laws(observe(log, asked()), "jam")]
    false = [law.cv_interval90 for _, law in laws(wrong, "jam")]
    assert sum(low <= 0.5 <= high for low, high in true) >= right("jam")
    assert sum(low <= 0.5 <= high for low, high in false) <= 3
