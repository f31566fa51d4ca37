"""When the plant is open inside a window of a log: the one answer for cleaning, for the clocks and for validation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.calibrate.history.wall import LAST, micros
from twin.core.timetable import DAY, OFF, OPEN, Timetable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.calibrate.asked import Asked, Moments
    from twin.law.law import Floats

SECOND = 1_000_000
"""µs."""
EXACTLY = SECOND
"""Two moments no further apart are one, µs: a log of seconds that writes 21:59:59 or 22:00:00.4 means the closing at
22:00. In a log of whole minutes they must be equal: there 21:59 is the end of another stop as likely as not."""


class Hours(NamedTuple):
    """When the plant is open in a window: stretches of one state each, the first from the window's start."""

    at: Moments
    """When each stretch begins, µs UTC; shape (k,)."""
    state: NDArray[np.int8]
    """OPEN, BREAK or OFF of ``twin.core.timetable``."""
    end: int
    """The window's end, µs UTC."""

    @property
    def lengths(self) -> Moments:
        """Of the stretches, µs."""
        return np.diff(self.at, append=self.end)

    @property
    def opened(self) -> int:
        """The open time of the window, µs."""
        return int(self.lengths[self.state == OPEN].sum())

    def open_before(self, moments: Moments) -> Moments:
        """The open time from the window's start to each moment inside it, µs."""
        is_open = self.state == OPEN
        before = np.cumsum(self.lengths * is_open) - self.lengths * is_open
        place = np.searchsorted(self.at, moments, side="right") - 1
        return np.asarray(before[place] + (moments - self.at[place]) * is_open[place])

    def open_between(self, begin: Moments, end: Moments) -> Moments:
        """The open time between moments of the window, µs."""
        return self.open_before(end) - self.open_before(begin)

    def attended(self, starts: Moments, ends: Moments) -> Moments:
        """The spans (µs) without the closings that they pass as a whole."""
        closed = self.state == OFF
        begin, length = self.at[closed], self.lengths[closed]
        total = np.append(0, np.cumsum(length))
        first, last = np.searchsorted(begin, starts), np.searchsorted(begin + length, ends, side="right")
        return np.asarray(ends - starts - np.where(last > first, total[last] - total[first], 0))

    def closed_at(self, moments: Moments) -> NDArray[np.bool_]:
        """Whether it is closed from each moment on; so it is at a closing."""
        return np.asarray(self.state[np.searchsorted(self.at, moments, side="right") - 1] == OFF)

    def since_opening(self, moments: Moments) -> Floats:
        """Hours since it last opened after a closing (breaks are none); empty if it never closes."""
        opened = np.flatnonzero((self.state[:-1] == OFF) & (self.state[1:] != OFF)) + 1
        if not (self.state == OFF).any():
            return np.empty(0)
        begin = np.append(self.at[0], self.at[opened])
        return np.asarray((moments - begin[np.searchsorted(begin, moments, side="right") - 1]) / (3600 * SECOND))

    def open_by_hour(self) -> Floats:
        """Open time in each hour since it last opened after a closing, h; empty if it never closes.

        The hour of ``since_opening``; over the whole window, up to the last one that has any.
        """
        ahead = self.since_opening(self.at)
        if not len(ahead):
            return ahead
        is_open = self.state == OPEN
        begin = ahead[is_open][:, None]
        end = begin + (self.lengths[is_open] / (3600 * SECOND))[:, None]
        hour = np.arange(math.ceil(end.max(initial=0.0) - 1e-9))
        found: Floats = np.clip(np.minimum(end, hour + 1) - np.maximum(begin, hour), 0, None).sum(axis=0)
        return found


def hours_of(reading: Asked, window: tuple[int, int]) -> Hours:
    """The hours of the calendar of a reading file inside a window (µs UTC); without a calendar always open.

    A shift over the night when clocks change lasts as long as it does.
    """
    low, high = window
    table, wall = reading.timetable(), reading.wall()
    if table is None or low >= high:
        return Hours(np.array([low]), np.array([OPEN], np.int8), high)
    begin, end = wall.local(np.array(window)).tolist()
    # Where the window ends in an hour that comes twice, a change later on the wall may have come before.
    local, state = _changes(table, float(begin), float(min(end + DAY, LAST - micros(wall.start))))
    at = np.maximum.accumulate(np.append(low, wall.utc(local[1:]).utc))
    inside = slice(int(np.searchsorted(at, low, side="right")) - 1, int(np.searchsorted(at, high)))
    return Hours(at[inside], state[inside], high)


def _changes(table: Timetable, begin: float, end: float) -> tuple[Moments, NDArray[np.int8]]:
    at, states = [begin], [table.state(begin)]
    while (change := table.next_change(at[-1]))[0] < end:
        at.append(change[0])
        states.append(change[1])
    return np.array(at).astype(np.int64), np.array(states, np.int8)
