"""Clocks of stops: by hand, over closed hours, over the change of the clocks in spring."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pytest

from twin.calibrate.evidence.clocks import Track, bounds_of, run
from twin.calibrate.history.wall import Wall
from twin.calibrate.hours import Hours, hours_of
from twin.calibrate.rows import RUN, UNKNOWN
from twin.core.timetable import BREAK, OFF, OPEN, calendar_row
from twin.core.timetable import WEEK as WEEKS

from .watching import HOUR, START, Line, cleaned, reading, two_shifts

DAY = 24.0


def day_hours(days: float = 7) -> Hours:
    """Two shifts from Monday 00:00 on."""
    return hours_of(reading(two_shifts()), (int(START), int(START + days * DAY * HOUR)))


def at(*hours: float) -> Any:
    return np.array([int(START) + round(one * HOUR) for one in hours])


def track_of(lines: list[Line], end: float, between: int = RUN, closes: bool = True) -> Track:
    log = cleaned(lines, end)
    hours = hours_of(reading(two_shifts() if closes else None), log.window)
    flags = (log.cut, log.before, log.goes_on, log.at_closing, log.merged)
    return Track("M", log.rows, *flags, log.rows.mode, bounds_of(log.rows, hours), hours, between)


def test_hours_of_a_week() -> None:
    hours = day_hours()
    assert (hours.open_before(at(0, 6, 7, 22, 23, 30, 24 * 7)) / HOUR).tolist() == [0, 0, 1, 16, 16, 16, 80]
    assert hours.state[:3].tolist() == [OFF, OPEN, OFF]
    assert hours.closed_at(at(0, 6, 21.9, 22, 100)).tolist() == [True, False, False, True, True]


def test_a_plant_without_calendar_never_closes() -> None:
    hours = hours_of(reading(), (int(START), int(START + DAY * HOUR)))
    assert (hours.open_before(at(0, 5, 24)) / HOUR).tolist() == [0, 5, 24]
    assert not len(hours.since_opening(at(3)))


def test_only_closings_that_are_outlasted_as_a_whole_are_left_out() -> None:
    """From within a shift: into the night, through it, from one night to the next, over the weekend."""
    hours = day_hours()
    starts, ends = at(21, 21, 23, 5 * 24 - 3, 7), at(23, 31, 47, 7 * 24, 8)
    assert (hours.attended(starts, ends) / HOUR).tolist() == [2, 2, 24, 51 - 50, 1]


def test_hours_since_the_shift_began() -> None:
    assert day_hours().since_opening(at(6, 7.5, 23, 30)).tolist() == [0, 1.5, 17, 0]


def test_open_time_by_hour_of_the_shift() -> None:
    """A break from 10:00 to 10:30 takes half of the fifth hour of a shift that begins at 06:00 and lasts 7 h 30."""
    hours = Hours(at(0, 6, 10, 10.5, 13.5), np.array([OFF, OPEN, BREAK, OPEN, OFF], np.int8), int(START + 24 * HOUR))
    assert hours.open_by_hour().tolist() == [1, 1, 1, 1, 0.5, 1, 1, 0.5]
    assert not len(Hours(at(0), np.array([OPEN], np.int8), int(START + HOUR)).open_by_hour())


def test_breaks_are_no_closings() -> None:
    hours = Hours(at(0, 6, 10, 10.5, 14), np.array([OFF, OPEN, BREAK, OPEN, OFF], np.int8), int(START + 24 * HOUR))
    assert hours.since_opening(at(11)).tolist() == [5]
    assert hours.open_before(at(11)).tolist() == [4.5 * HOUR]
    assert hours.attended(at(9), at(11)).tolist() == [2 * HOUR]


def test_an_hour_lost_in_spring_moves_the_shifts_by_it() -> None:
    """A calendar that opens at 06:00 on the wall opens 23 h later on 2026-03-29."""
    wall = Wall("Europe/Paris")
    begin, end = (int(wall.instant(datetime(2026, 3, day)).utc[0]) for day in (27, 31))
    hours = hours_of(reading(two_shifts()), (begin, end))
    opened = hours.at[hours.state == OPEN]
    assert np.diff(opened).tolist() == [(3 * 24 - 1) * HOUR]
    assert hours.open_before(np.array([end])).tolist() == [32 * HOUR]


@pytest.mark.parametrize(("minutes", "opened"), [(10, 30), (50, 30), (70, 30), (90, 30), (130, 30)])
def test_a_closing_in_the_hour_that_comes_twice_is_that_of_the_first_time(minutes: int, opened: int) -> None:
    """Sunday 2026-10-25, open 02:00 to 02:30: from 00:00 to 00:30 UTC, wherever the window begins and ends in it."""
    sunday = calendar_row(WEEKS, [(10 * 24 * HOUR + 2 * HOUR, 10 * 24 * HOUR + 2 * HOUR + HOUR // 2)], [], [])
    begin = int(Wall("UTC").instant(datetime(2026, 10, 25)).utc[0])
    minute = HOUR // 60
    found = reading(sunday)
    assert hours_of(found, (begin, begin + minutes * minute)).opened == min(minutes, opened) * minute
    late = hours_of(found, (begin + minutes * minute, begin + 240 * minute))
    assert late.opened == max(opened - minutes, 0) * minute
    assert late.state.tolist() == ([OPEN, OFF] if minutes < opened else [OFF])


WEEK = [
    Line("M", 7, 8, "breakdown", "spindle"),
    Line("M", 9, 10, "setup"),
    Line("M", 10, 10.5, "starved"),
    Line("M", 12, 13, "run", parts=6),
    Line("M", 14, 15, "planned_stop", "greasing"),
    Line("M", 16, 17, "unknown"),
    Line("M", 23, 23.5, "run", parts=2),
    Line("M", 31, 32, "micro_stop", "chips"),
]
"""Two days, 06:00 to 22:00, overtime from 23:00 on."""


@pytest.mark.parametrize(
    ("clock", "hours"),
    [
        # 32 open hours - stops 1 + ½ + 1 + 1 - unknown 1 + overtime ½
        ("working", 28.0),
        # 32 open hours - unknown 1
        ("shift", 31.0),
        ("calendar", 47.0),
    ],
)
def test_clocks_by_hand(clock: str, hours: float) -> None:
    assert track_of(WEEK, 48).amounts(clock).sum() / HOUR == hours


def test_cycles_are_parts() -> None:
    assert run(track_of(WEEK, 48).amounts("cycles"), np.empty(0, int), "cycles").tolist() == [0] * 8 + [6] * 6 + [8] * 4


def test_a_clock_stands_in_its_own_stops() -> None:
    track = track_of(WEEK, 48)
    own = run(track.amounts("calendar"), np.array([1]), "calendar")
    assert own[[0, 1, 2, -1]].tolist() == [0, 7 * 3600, 7 * 3600, 46 * 3600]


def test_time_of_which_nothing_is_known_moves_no_clock() -> None:
    """But where the plant is closed nothing is unknown."""
    track = track_of(WEEK, 48, UNKNOWN)
    assert track.amounts("working").sum() / HOUR == 1 + 1 + 0.5
    assert track.unknown().sum() / HOUR == 32 - 6.5 + 1
    assert track.amounts("calendar").sum() / HOUR == 48 - 26.5 - 0
    assert track.amounts("shift").sum() / HOUR == 5.5


@pytest.mark.parametrize("between", [RUN, UNKNOWN])
@pytest.mark.parametrize("closes", [True, False])
def test_calendar_and_unknown_make_the_window(between: int, closes: bool) -> None:
    track = track_of(WEEK, 48, between, closes)
    assert track.amounts("calendar").sum() + track.unknown().sum() == 48 * HOUR
    for clock in ("working", "shift", "calendar"):
        assert (track.amounts(clock) >= 0).all()
        assert track.amounts(clock).sum() <= 48 * HOUR


def test_a_machine_that_never_stopped_runs_all_open_hours() -> None:
    assert track_of([], 48).amounts("working").sum() == 32 * HOUR


def test_a_run_logged_over_a_night_did_not_run_in_it() -> None:
    assert track_of([Line("M", 20, 32, "run")], 48, UNKNOWN).amounts("working").sum() == 4 * HOUR
