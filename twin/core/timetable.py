"""When something is open: a pattern that repeats, with closings laid over it. Pure arithmetic of time.

Times are whole microseconds since time 0, kept as floats; every answer is exact for 285 years (2**53 µs).
Intervals are half open, [begin, end): at the instant of a change the new state holds.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from math import inf
from typing import Any, NamedTuple

from twin.core.plan import ElementId, Micro

State = int
"""A state of a calendar: an index into ``STATES``."""
STATES = ("open", "break", "off")
"""Names of the states of a calendar."""
OPEN, BREAK, OFF = range(len(STATES))
DAY = 86_400_000_000
"""Microseconds in a day."""
WEEK = 7 * DAY
"""Microseconds in a week."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The days of a week as they are written."""

Interval = tuple[int, int]
"""[begin, end) in whole microseconds."""


class Change(NamedTuple):
    """From ``at`` on the state holds, until the next change."""

    at: Micro
    state: State


class Closing(NamedTuple):
    """Off from ``begin`` to ``end``, whatever the pattern says."""

    begin: Micro
    end: Micro


class CalendarRow(NamedTuple):
    """A calendar as numbers.

    ``changes`` lie in [0, period) and repeat every ``period``; before the first one the state of the last
    one holds. Neighbours differ. ``closed`` counts from time 0, is sorted and does not overlap or touch.
    """

    period: Micro
    changes: tuple[Change, ...]
    closed: tuple[Closing, ...] = ()


def calendar_row(
    period: int, opened: Iterable[Interval], breaks: Iterable[Interval], closed: Iterable[Interval]
) -> CalendarRow:
    """The row of a calendar; overlaps are united, so a closing and an opening at one instant are no gap.

    Args:
        period: after which ``opened`` and ``breaks`` repeat, µs.
        opened: when it is open, breaks included; may begin anywhere, each at most one period long.
        breaks: when people pause; they only matter where it is open.
        closed: when it is off, counted from time 0; what lies before time 0 is dropped.
    """
    changes = _changes(period, wrapped(opened, period), wrapped(breaks, period))
    later = union((max(begin, 0), end) for begin, end in closed)
    return CalendarRow(float(period), changes, tuple(Closing(float(begin), float(end)) for begin, end in later))


def _changes(period: int, opened: list[Interval], breaks: list[Interval]) -> tuple[Change, ...]:
    found: list[Change] = []
    for at in sorted({0, *(end for interval in (*opened, *breaks) for end in interval if end < period)}):
        state = OFF if not _holds(opened, at) else BREAK if _holds(breaks, at) else OPEN
        if not found or found[-1].state != state:
            found.append(Change(float(at), state))
    if len(found) > 1 and found[0].state == found[-1].state:
        del found[0]
    return tuple(found)


def _holds(united: list[Interval], at: int) -> bool:
    index = bisect_right(united, (at, inf)) - 1
    return index >= 0 and at < united[index][1]


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Sorted intervals that neither overlap nor touch; empty ones are dropped."""
    found: list[Interval] = []
    for begin, end in sorted(interval for interval in intervals if interval[0] < interval[1]):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def without(interval: Interval, holes: Iterable[Interval]) -> list[Interval]:
    """What is left of ``interval`` outside ``holes``."""
    found: list[Interval] = []
    at, last = interval
    for begin, end in union(holes):
        found.append((at, min(begin, last)))
        at = max(at, end)
    return union([*found, (at, last)])


def wrapped(intervals: Iterable[Interval], period: int) -> list[Interval]:
    """Intervals of a repeating pattern, brought into [0, period) and united."""
    found: list[Interval] = []
    for begin, end in intervals:
        first = begin % period
        last = first + end - begin
        found += [(first, min(last, period)), (0, last - period)]
    return union(found)


class Timetable:
    """Answers about one calendar, each by bisection; the same for any number of readers.

    Times are finite whole microseconds; answers may be inf (never).
    """

    def __init__(self, row: CalendarRow) -> None:
        changes = row.changes
        if changes[0].at > 0:
            changes = (Change(0.0, changes[-1].state), *changes)
        self._period = row.period
        self._at = [change.at for change in changes]
        self._state = [change.state for change in changes]
        self._next_at = [*self._at[1:], row.period + row.changes[0].at] if len(row.changes) > 1 else [inf]
        self._sums = [self._running(state) for state in range(len(STATES))]
        """By state: the time in it from the start of the period to each change, and over the whole period."""
        self._begins = [closing.begin for closing in row.closed]
        self._ends = [closing.end for closing in row.closed]
        self._hidden = [self._covered(state) for state in (OPEN, BREAK)]
        """By state: the time of the pattern in it that the first n closings cover."""
        self._opened = [self._since_0(OPEN, begin) for begin in self._begins]
        """The open time before each closing."""

    def _running(self, state: State) -> list[float]:
        sums = [0.0]
        for begin, end, one in zip(self._at, [*self._at[1:], self._period], self._state, strict=True):
            sums.append(sums[-1] + (end - begin if one == state else 0.0))
        return sums

    def _covered(self, state: State) -> list[float]:
        sums = [0.0]
        for begin, end in zip(self._begins, self._ends, strict=True):
            sums.append(sums[-1] + self._in_pattern(state, end) - self._in_pattern(state, begin))
        return sums

    def state(self, t: Micro) -> State:
        """The state that holds from ``t`` on (OPEN, BREAK or OFF)."""
        return OFF if self._closed_until(t) > t else self._state[bisect_right(self._at, t % self._period) - 1]

    def _closed_until(self, t: Micro) -> Micro:
        """The end of the last closing that began by ``t``; -inf when there is none."""
        index = bisect_right(self._begins, t) - 1
        return self._ends[index] if index >= 0 else -inf

    def next_change(self, t: Micro) -> tuple[Micro, State]:
        """The first time after ``t`` at which the state changes, and the new state; (inf, the state) if never."""
        now, at = self.state(t), t
        while at < inf:
            at = self._next_edge(at)
            if at < inf and (state := self.state(at)) != now:
                return at, state
        return inf, now

    def _next_edge(self, t: Micro) -> Micro:
        """The first time after ``t`` at which the state may change."""
        until = self._closed_until(t)
        if until > t:
            return until
        inside = t % self._period
        edge = t - inside + self._next_at[bisect_right(self._at, inside) - 1]
        index = bisect_right(self._begins, t)
        return min(edge, self._begins[index]) if index < len(self._begins) else edge

    def next_closing(self, t: Micro) -> Micro:
        """The first time after ``t`` at which the state becomes OFF; inf if never.

        While it is off that is the next closing after the next opening.
        """
        if OFF not in self._state:
            index = bisect_right(self._begins, t)
            return self._begins[index] if index < len(self._begins) else inf
        at, state = self.next_change(t)
        while state != OFF:
            at, state = self.next_change(at)
        return at

    def time_in(self, state: State, a: Micro, b: Micro) -> Micro:
        """The time from ``a`` to ``b`` (not before ``a``) in ``state``, µs."""
        if state == OFF:
            return b - a - self.time_in(OPEN, a, b) - self.time_in(BREAK, a, b)
        return self._since_0(state, b) - self._since_0(state, a)

    def open_between(self, a: Micro, b: Micro) -> Micro:
        """The open time from ``a`` to ``b`` (not before ``a``), µs; breaks do not count."""
        return self._since_0(OPEN, b) - self._since_0(OPEN, a)

    def due(self, t: Micro, amount: Micro) -> Micro:
        """The first time at which ``amount`` of open time has passed since ``t``; inf if never.

        What falls due as it closes is due at the closing, not at the next opening.
        """
        if amount <= 0:
            return t
        if amount == inf or not self._sums[OPEN][-1]:
            return inf
        target = self._since_0(OPEN, t) + amount
        # Closings that begin with less open time behind them than is due lie before the answer.
        return self._when_open(target + self._hidden[OPEN][bisect_left(self._opened, target)])

    def _in_pattern(self, state: State, t: Micro) -> Micro:
        """The time in ``state`` from 0 to ``t`` as if there were no closings."""
        periods, inside = divmod(t, self._period)
        index = bisect_right(self._at, inside) - 1
        sums = self._sums[state]
        rest = inside - self._at[index] if self._state[index] == state else 0.0
        return periods * sums[-1] + sums[index] + rest

    def _since_0(self, state: State, t: Micro) -> Micro:
        """The time in ``state`` (OPEN or BREAK) from 0 to ``t``."""
        number = bisect_right(self._begins, t)
        if number and t < self._ends[number - 1]:
            number, t = number - 1, self._begins[number - 1]
        return self._in_pattern(state, t) - self._hidden[state][number]

    def _when_open(self, amount: Micro) -> Micro:
        """The first time with ``amount`` of open time behind it, as if there were no closings."""
        sums = self._sums[OPEN]
        periods, rest = divmod(amount, sums[-1])
        if not rest:
            periods, rest = periods - 1, sums[-1]
        index = bisect_left(sums, rest) - 1
        return periods * self._period + self._at[index] + rest - sums[index]


def longest_opening(row: CalendarRow) -> Micro:
    """The longest time from an opening to the next closing (breaks are none), µs; inf: its pattern has no closing."""
    off = next((number for number, change in enumerate(row.changes) if change.state == OFF), None)
    if off is None:
        return inf
    later = [Change(change.at + row.period, change.state) for change in row.changes[: off + 1]]
    longest, since = 0.0, inf
    for change in [*row.changes[off:], *later]:
        if change.state == OPEN:
            since = min(since, change.at)
        elif change.state == OFF:
            longest, since = max(longest, change.at - since), inf
    return longest


ALWAYS_ROW = CalendarRow(float(DAY), (Change(0.0, OPEN),))
"""The row of a calendar that never closes."""
ALWAYS = Timetable(ALWAYS_ROW)
"""The timetable of the calendar ``always``."""


def timetable(rows: Sequence[Any], calendar: ElementId) -> Timetable:
    """The timetable of a calendar by its index into ``plan.rows``; -1: always open."""
    return Timetable(rows[calendar]) if calendar >= 0 else ALWAYS
