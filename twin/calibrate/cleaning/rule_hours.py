"""What the plant's hours are to cleaning: when it closes, and the time of each asset in each state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin.calibrate.evidence.clocks import EXACTLY, Hours, hours_of
from twin.calibrate.rows import OFF_SHIFT, RUN, STATES, Rows
from twin.core.timetable import OFF, OPEN

if TYPE_CHECKING:
    from twin.calibrate.cleaning.rule_table import Flags, Whole
    from twin.calibrate.evidence.wanted import Asked


def window_hours(reading: Asked, window: tuple[int, int]) -> tuple[Hours, Whole]:
    """The hours of a window, and the moments at which the plant closes (breaks are none), µs UTC."""
    low, high = window
    if low >= high:
        return Hours(np.array([low]), np.array([OPEN], np.int8), high), np.empty(0, np.int64)
    longer = hours_of(reading, (low, high + 1))  # one more shows a closing at the window's end
    return hours_of(reading, window), longer.at[1:][(longer.state[1:] == OFF) & (longer.state[:-1] != OFF)]


def exactly_at(moments: Whole, edges: Whole) -> Flags:
    """Which moments are one of the edges, to ``EXACTLY``; edges in order."""
    first, behind = np.searchsorted(edges, moments - EXACTLY), np.searchsorted(edges, moments + EXACTLY, side="right")
    return np.asarray(first < behind)


def opened(hours: Hours, begin: Whole, end: Whole) -> Whole:
    """Open time between moments of the window, µs."""
    return hours.open_before(end) - hours.open_before(begin)


def time_in_states(rows: Rows, hours: Hours, between: int, more: int = 0) -> tuple[Whole, int]:
    """The time of each asset in each state inside the window, µs, shape (assets, states), and the time without a row.

    Rows do not overlap. Of a row that ran, all counts but the closings over which it reaches as a whole; of others
    their open hours; the rest is off shift. Time without a row is ``between`` in open hours, and else off shift. The
    sum over the states of an asset is the window. ``more`` assets without any row come last.
    """
    length, on = rows.end - rows.start, opened(hours, rows.start, rows.end)
    present = np.where(rows.state == RUN, hours.attended(rows.start, rows.end), on)
    found = np.zeros((len(rows.assets) + more, len(STATES)), np.int64)
    covered = np.zeros((len(found), 2), np.int64)
    np.add.at(found, (rows.asset, rows.state), present)
    np.add.at(found[:, OFF_SHIFT], rows.asset, length - present)
    np.add.at(covered, rows.asset, np.column_stack([on, length - on]))
    begin, end = int(hours.at[0]), hours.end
    whole = int(opened(hours, np.array([begin]), np.array([end]))[0])
    empty = np.array([whole, end - begin - whole]) - covered
    found[:, [between, OFF_SHIFT]] += empty
    return found, int(empty.sum())
