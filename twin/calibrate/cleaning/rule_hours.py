"""What the plant's hours are to cleaning: when it closes, and the time of each asset in each state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin.calibrate.hours import EXACTLY, Hours, hours_of
from twin.calibrate.rows import OFF_SHIFT, RUN, STATES, Rows
from twin.core.timetable import OFF

if TYPE_CHECKING:
    from twin.calibrate.asked import Asked
    from twin.calibrate.cleaning.rule_table import Flags, Whole


def closings_of(reading: Asked, window: tuple[int, int]) -> Whole:
    """The moments of a window at which the plant closes (breaks are none), its end among them, µs UTC."""
    low, high = window
    longer = hours_of(reading, (low, high + 1))  # one more shows a closing at the window's end
    return np.asarray(longer.at[1:][(longer.state[1:] == OFF) & (longer.state[:-1] != OFF)])


def exactly_at(moments: Whole, edges: Whole) -> Flags:
    """Which moments are one of the edges, to ``EXACTLY``; edges in order."""
    first, behind = np.searchsorted(edges, moments - EXACTLY), np.searchsorted(edges, moments + EXACTLY, side="right")
    return np.asarray(first < behind)


def time_in_states(rows: Rows, hours: Hours, between: int, more: int = 0) -> tuple[Whole, int]:
    """The time of each asset in each state inside the window, µs, shape (assets, states), and the time without a row.

    Rows do not overlap. Of a row that ran, all counts but the closings over which it reaches as a whole; of others
    their open hours; the rest is off shift. Time without a row is ``between`` in open hours, and else off shift. The
    sum over the states of an asset is the window. ``more`` assets without any row come last.
    """
    length, on = rows.end - rows.start, hours.open_between(rows.start, rows.end)
    present = np.where(rows.state == RUN, hours.attended(rows.start, rows.end), on)
    found = np.zeros((len(rows.assets) + more, len(STATES)), np.int64)
    covered = np.zeros((len(found), 2), np.int64)
    np.add.at(found, (rows.asset, rows.state), present)
    np.add.at(found[:, OFF_SHIFT], rows.asset, length - present)
    np.add.at(covered, rows.asset, np.column_stack([on, length - on]))
    begin, end = int(hours.at[0]), hours.end
    empty = np.array([hours.opened, end - begin - hours.opened]) - covered
    found[:, [between, OFF_SHIFT]] += empty
    return found, int(empty.sum())
