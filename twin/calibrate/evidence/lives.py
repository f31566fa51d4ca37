"""Lives of a mode on its clock: from the end of one stop to the next, or to what ends watching.

| ends with | the life | the next life |
|---|---|---|
| a stop of the mode | failed | fresh |
| maintenance that renews the mode | right-censored as it begins | fresh as it ends |
| the end of the window | right-censored | |
| a long time of which the log says nothing | right-censored as it begins | of unknown age |
| a stop, or such maintenance, whose end the log lost | as above | of unknown age |

The life at the start of the window has an unknown age too, unless the reading file says that the machine was new. Lives
of unknown age are dropped: counted as whole ones they are too short on average where wear is, too long where it is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.calibrate.evidence.clocks import Track, run
from twin.calibrate.fitting.sample import Sample, sample
from twin.calibrate.hours import EXACTLY, SECOND
from twin.calibrate.rows import BREAKDOWN, MICRO_STOP

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from twin.calibrate.asked import Moments
    from twin.calibrate.history.meaning import ModeRead
    from twin.law.law import Floats

FAILED, RENEWED, BLIND, END, AGAIN = range(5)
"""What ends a life; AGAIN: a stop that only goes on with the one before, so it ends none."""


class Marks(NamedTuple):
    """What happens to a mode on one machine, in order of time."""

    segment: Moments
    """Segment of the track, shape (k,)."""
    kind: NDArray[np.int8]
    """FAILED, RENEWED, BLIND or AGAIN."""


class Lives(NamedTuple):
    """The lives of a mode on one machine, in order of time, shape (k + 1,); those without any time included."""

    age: Floats
    """At the end of watching, s or cycles."""
    ended: NDArray[np.int8]
    """FAILED, RENEWED, BLIND, END or AGAIN: the machine stopped again before its clock had run at all."""
    old: NDArray[np.bool_]
    """Whether its age at the start of watching is unknown."""
    segment: Moments
    """Segment that ended it; -1: the window's end."""

    @property
    def failures(self) -> NDArray[np.bool_]:
        """Those that ended in a stop after some time on the clock."""
        return np.asarray((self.ended == FAILED) & (self.age > 0))

    @property
    def counted(self) -> NDArray[np.bool_]:
        """Those that were watched for some time."""
        return np.asarray((self.age > 0) & (self.ended != AGAIN))


class Watched(NamedTuple):
    """A mode on one machine: track, clock, marks, lives."""

    track: Track
    clock: Floats
    """At each bound of the track, s or cycles."""
    marks: Marks
    early: float
    """See ``lives``."""
    least: float
    """See ``lives``."""
    lives: Lives

    def since(self, moment: int) -> Lives:
        """The lives from a moment (µs UTC) on, the first of unknown age."""
        later = self.track.bounds[self.marks.segment] >= moment
        marks = Marks(self.marks.segment[later], self.marks.kind[later])
        return lives(self.clock, marks, self.age_at(moment), new=False, early=self.early, least=self.least)

    def age_at(self, moment: int) -> float:
        """The clock at a moment, s or cycles; even inside a segment."""
        return float(np.interp(moment, self.track.bounds, self.clock))

    @property
    def stops(self) -> Moments:
        """Rows of the track that are stops of the mode."""
        return self.marks.segment[np.isin(self.marks.kind, (FAILED, AGAIN))] // 2

    @property
    def goes_on(self) -> NDArray[np.bool_]:
        """Which of ``stops`` go on with the one before, and are one repair with it."""
        return self._again & ~self._in_overtime

    @property
    def overtime(self) -> int:
        """Stops that followed on another one in closed hours: a repair each, though the clock had not run between."""
        return int((self._again & self._in_overtime).sum())

    @property
    def _again(self) -> NDArray[np.bool_]:
        kind = self.lives.ended[:-1]
        return np.asarray(kind[np.isin(kind, (FAILED, AGAIN))] == AGAIN)

    @property
    def _in_overtime(self) -> NDArray[np.bool_]:
        """Which of ``stops`` began inside closed hours, some time after the one before: the machine had run again."""
        rows, hours = self.track.rows, self.track.hours
        start, end = rows.start[self.stops], rows.end[self.stops]
        later = np.append(False, start[1:] > end[:-1] + EXACTLY)[: len(start)] & ~self.track.goes_on[self.stops]
        return later & hours.closed_at(start) & hours.closed_at(np.maximum(start - EXACTLY - 1, hours.at[0]))


def watch(track: Track, mode: int, tasks: Iterable[int], asked: ModeRead) -> Watched:
    """A mode on one machine.

    Stops shorter than the threshold of logging are none of the mode, since they come into a log by chance only.

    Args:
        track: the machine.
        mode: label of its stops.
        tasks: labels of the maintenance that renews it.
        asked: how the mode is to be read.
    """
    rows, clock = track.rows, asked.clock
    stop = (track.labels == mode) & np.isin(rows.state, (BREAKDOWN, MICRO_STOP))
    stop &= track.cut | (rows.end - rows.start >= asked.least)
    # A stop that already lasted as the window began tells when the next life began, and nothing else.
    begun = stop & track.before
    fresh = begun | (np.isin(track.labels, list(tasks)) & ~np.isin(rows.state, (BREAKDOWN, MICRO_STOP)))
    amounts = track.amounts(clock)
    stopped = 2 * np.flatnonzero(stop) + 1
    reading = run(amounts, stopped, clock)
    mean = float(reading[-1]) / max(int((stop & ~begun).sum()), 1)
    lost = 2 * np.flatnonzero((stop | fresh) & track.cut & (rows.end == rows.start)) + 2
    blind = np.union1d(_blind(track, mean if clock != "cycles" else np.inf), lost)
    marks = _marks(track, stop & ~begun, fresh, blind)
    early = 0.5 if clock == "cycles" else 0.0
    least = early or max(track.point, 1 / SECOND)
    found = lives(reading, marks, 0.0, new=asked.first == "new", early=early, least=least)
    return Watched(track, reading, marks, early, least, found)


def _blind(track: Track, mean: float) -> Moments:
    """Segments of which nothing is known, longer than the mean time between stops (s).

    Shorter ones hardly hide a stop, and to drop the life after each of them would lose most of a log that has many.
    """
    return np.flatnonzero(track.unknown() > mean * SECOND)


def _marks(track: Track, failed: NDArray[np.bool_], renewed: NDArray[np.bool_], blind: Moments) -> Marks:
    rows = [np.flatnonzero(failed & ~track.goes_on), np.flatnonzero(renewed), np.flatnonzero(failed & track.goes_on)]
    segment = np.concatenate([*(2 * one + 1 for one in rows), blind])
    kind = np.repeat(np.array([FAILED, RENEWED, AGAIN, BLIND], np.int8), [*map(len, rows), len(blind)])
    order = np.argsort(segment, kind="stable")
    return Marks(segment[order], kind[order])


def lives(clock: Floats, marks: Marks, begin: float, *, new: bool, early: float, least: float) -> Lives:
    """The lives between marks.

    Args:
        clock: at each bound of the track, s or cycles.
        marks: what happens.
        begin: the reading of the clock at which watching begins.
        new: whether the machine was new then.
        early: how long before it shows a failure comes, on average: a machine that is due in the middle of a cycle
            stops at its end, so half a cycle on the clock of cycles, else 0.
        least: the age at a failure right behind maintenance, before the clock could tell any: as much as a stop
            without any length counts, or half a cycle. A stop of before the window renews nothing that may fail so.
    """
    ends = np.append(clock[marks.segment], clock[-1])
    begins = np.append(begin, clock[marks.segment + 1])
    before, ended = np.append(np.int8(END), marks.kind), np.append(marks.kind, np.int8(END))
    old = (before == BLIND) | ((before == END) & (not new))
    age = ends - begins - np.where(ended == FAILED, early, 0.0)
    renewed = (before == RENEWED) & (begins > begin)
    age = np.where((ended == FAILED) & renewed & (age <= 0), least, age)
    again = (ended == FAILED) & (age <= 0) & np.isin(before, (FAILED, AGAIN))
    return Lives(age, np.where(again, np.int8(AGAIN), ended), old, np.append(marks.segment, -1))


def times_up(of: Iterable[Lives]) -> tuple[Sample, bool]:
    """The sample of all machines of a station, and whether lives of unknown age had to be taken as whole ones.

    They are where no failure would be left: then a constant rate is the most that can be said, and for that they are.
    """
    found = list(of)
    kept = [(one, one.counted & ~one.old) for one in found]
    if not any((one.failures & keep).any() for one, keep in kept):
        kept = [(one, one.counted) for one in found]
    times = [(one.age[keep & one.failures], one.age[keep & ~one.failures]) for one, keep in kept]
    taken = any((keep & one.old).any() for one, keep in kept)
    return sample(_joined(one[0] for one in times), _joined(one[1] for one in times)), taken


def _joined(columns: Iterable[Floats]) -> Floats:
    return np.concatenate([np.empty(0), *columns])
