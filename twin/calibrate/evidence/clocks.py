"""The clocks of stops, run over a log as the engine runs them over a plant (docs: the plant language, breakdowns).

``working`` runs in the states run and set-up. ``shift`` runs while the calendar is open (not in its breaks), whatever
the machine does. ``calendar`` always runs, closed hours included. ``cycles`` counts parts. During a stop of the mode
itself its clock has no meaning and stands; it starts again at the stop's end. Stops of other modes do nothing to it but
what they do to the machine: a ``working`` clock stands in them, ``shift`` and ``calendar`` clocks run on.

Time of which the log says nothing (``unknown``) moves no clock: no failure would have been seen in it either.

Closed hours: a row that lasts over a whole closing (a run that is logged from one day to the next) did not run in it.
A closing in which a row begins or ends was worked in, so its time counts.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.calibrate.rows import OFF_SHIFT, RUN, SETUP, UNKNOWN, Rows
from twin.core.timetable import OFF, OPEN, Timetable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.calibrate.evidence.wanted import Asked, Moments
    from twin.law.law import Floats

CLOCKS = ("working", "shift", "calendar", "cycles")
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
    """The hours of the calendar of a reading file inside a window (µs UTC); without a calendar always open."""
    table = reading.timetable()
    if table is None:
        return Hours(np.array(window[:1]), np.array([OPEN], np.int8), window[1])
    wall = reading.wall()
    begin, end = wall.local(np.array(window)).tolist()
    at, state = _changes(table, float(begin), float(end))
    moments = np.maximum.accumulate(np.clip(wall.utc(at).utc, *window))
    moments[0] = window[0]
    return Hours(moments, state, window[1])


def _changes(table: Timetable, begin: float, end: float) -> tuple[Moments, NDArray[np.int8]]:
    at, states = [begin], [table.state(begin)]
    while (change := table.next_change(at[-1]))[0] < end:
        at.append(change[0])
        states.append(change[1])
    return np.array(at).astype(np.int64), np.array(states, np.int8)


class Track(NamedTuple):
    """One asset over the window: its rows, and the gaps before, between and after them.

    Segments alternate: gap, row 0, gap, row 1, …, gap; row i is segment 2 i + 1. Segment s reaches from ``bounds[s]``
    to ``bounds[s + 1]``; gaps may be empty.
    """

    asset: str
    rows: Rows
    cut: NDArray[np.bool_]
    """As all columns beside it: see ``twin.calibrate.cleaning.clean.Clean``."""
    before: NDArray[np.bool_]
    goes_on: NDArray[np.bool_]
    at_closing: NDArray[np.bool_]
    merged: Moments
    labels: NDArray[np.int32]
    """Mode or task of each row, as ``twin.calibrate.evidence.observe`` tells it; ``NONE`` for the others."""
    bounds: Moments
    """µs UTC, shape (2 n + 2,)."""
    hours: Hours
    between: int
    """What a gap is inside open hours: RUN or UNKNOWN."""
    point: float = 0.0
    """What a stop or a task without any length counts, s; see ``twin.calibrate.evidence.repairs``."""

    def states(self) -> NDArray[np.int8]:
        """State of each segment; of a gap in its open hours."""
        states = np.full(len(self.bounds) - 1, self.between, np.int8)
        states[1::2] = self.rows.state
        return states

    def amounts(self, clock: str) -> Moments | Floats:
        """What each segment adds to a clock: µs, or cycles."""
        if clock == "cycles":
            counted = np.zeros(len(self.bounds) - 1)
            counted[1::2] = np.nan_to_num(self.rows.parts)
            return counted
        states, opened = self.states(), np.diff(self.hours.open_before(self.bounds))
        if clock == "working":
            return np.where(np.isin(states, (RUN, SETUP)), self._worked(opened), 0)
        if clock == "shift":
            return np.where(np.isin(states, (OFF_SHIFT, UNKNOWN)), 0, opened)
        return np.asarray(np.diff(self.bounds) - self.unknown())

    def _worked(self, opened: Moments) -> Moments:
        """The time in which a segment works if it works: a gap in its open hours, a row but for whole closings."""
        worked = opened.copy()
        worked[1::2] = self.hours.attended(self.rows.start, self.rows.end)
        return worked

    def unknown(self) -> Moments:
        """What the log says nothing of in each segment, µs: rows as a whole, gaps in their open hours."""
        spans = np.diff(self.bounds)
        spans[::2] = np.diff(self.hours.open_before(self.bounds))[::2]
        return np.where(self.states() == UNKNOWN, spans, 0)


def bounds_of(rows: Rows, hours: Hours) -> Moments:
    """The bounds of a track from the rows of one asset, in order of time."""
    bounds = np.empty(2 * rows.n + 2, np.int64)
    bounds[0], bounds[-1] = hours.at[0], hours.end
    bounds[1:-1:2], bounds[2:-1:2] = rows.start, rows.end
    return bounds


def run(amounts: Moments | Floats, stopped: Moments, clock: str) -> Floats:
    """The clock of a mode at each bound of a track, s or cycles; it stands in ``stopped``, its own stops."""
    own = amounts.copy()
    own[stopped] = 0
    return np.append(0, np.cumsum(own)) / (1 if clock == "cycles" else SECOND)
