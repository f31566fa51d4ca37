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

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.calibrate.hours import SECOND, Hours
from twin.calibrate.rows import OFF_SHIFT, RUN, SETUP, UNKNOWN, Rows

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from twin.calibrate.asked import Moments
    from twin.law.law import Floats


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
    counters: Collection[int] = ()
    """Files whose rows are counts of a time, as ``Rows.file`` counts them."""

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
