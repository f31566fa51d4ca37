"""From the lives of made-up machines to the rows that a faultless log would hold, in µs UTC."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from twin.calibrate.history.wall import EPOCH
from twin.calibrate.rows import BREAKDOWN, MICRO_STOP, NO_OPERATOR, NONE, OPEN, PLANNED, SETUP, STATES, UNKNOWN
from twin.calibrate.synthetic.machine import Life, live
from twin.core.stream import generator
from twin.core.timetable import DAY, Timetable, calendar_row
from twin.core.unit import MICRO

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from twin.calibrate.synthetic.truth import Hours, Machine, Truth
    from twin.law.law import Floats

    Ints = NDArray[np.int64]

_NOT_TOLD = -1.0
SET_UP, NO_DATA, NOBODY = "SETUP", "NO DATA", "NO OPERATOR"
"""Codes of set-ups, of times without logging, and of the second reason that some stops are given."""


class Code(NamedTuple):
    """What a code of the log stands for."""

    code: str
    state: int
    """Index in ``rows.STATES``."""
    mode: str = ""
    """The mode of stop or the maintenance task; empty for the others."""
    renews: tuple[str, ...] = ()
    restart: int = 0
    """Restart threshold, µs."""


class Lines(NamedTuple):
    """Rows of a log, all of shape (n,); times in µs UTC."""

    asset: Ints
    start: Ints
    end: Ints
    """``OPEN``: the log gives none."""
    code: Ints
    product: Ints
    repair_start: Ints
    repair_end: Ints
    whole: NDArray[np.bool_]
    """Whether nothing has been done to the row yet."""

    def take(self, index: NDArray[np.int64] | NDArray[np.bool_]) -> Lines:
        """Some of the rows."""
        return Lines._make(column[index] for column in self)


def joined(*some: Lines) -> Lines:
    """All rows, one table after the other."""
    return Lines._make(np.concatenate(columns) for columns in zip(*some, strict=True))


# -- spans: arrays of (begin, end), shape (n, 2)


def union(spans: Floats) -> Floats:
    """Sorted spans that neither overlap nor touch."""
    spans = spans[np.argsort(spans[:, 0], kind="stable")]
    reach = np.maximum.accumulate(spans[:, 1])
    first = np.flatnonzero(np.append(True, spans[1:, 0] > reach[:-1])[: len(spans)])
    last = np.append(first[1:], len(spans)) - 1
    return np.column_stack([spans[first, 0], reach[last[: len(first)]]])


def gaps(spans: Floats, end: float) -> Floats:
    """What sorted, disjoint spans leave of [0, end)."""
    found = np.column_stack([np.append(0.0, spans[:, 1]), np.append(spans[:, 0], end)])
    found[:, 1] = np.minimum(found[:, 1], end)
    return found[found[:, 0] < found[:, 1]]


def meet(some: Floats, others: Floats) -> tuple[Floats, Ints, Ints]:
    """Where sorted, disjoint spans overlap: the overlaps, and the index of each in both."""
    low = np.searchsorted(others[:, 1], some[:, 0], "right")
    number = np.maximum(np.searchsorted(others[:, 0], some[:, 1], "left") - low, 0)
    left = np.repeat(np.arange(len(some)), number)
    right = np.arange(len(left)) - np.repeat(np.cumsum(number) - number, number) + low[left]
    begin = np.maximum(some[left, 0], others[right, 0])
    return np.column_stack([begin, np.minimum(some[left, 1], others[right, 1])]), left, right


# -- hours


def instant(wall: datetime, zone: str) -> int:
    """µs UTC of a moment of the wall clock; of two the first, of none as if clocks had not changed yet."""
    ahead = wall.replace(tzinfo=ZoneInfo(zone)).utcoffset() or timedelta()
    return (wall - ahead - EPOCH) // timedelta(microseconds=1)


@lru_cache(maxsize=64)
def spans_of(hours: Hours, zone: str, first: date, last: date, breaks: bool = False) -> tuple[tuple[int, int], ...]:
    """The shifts, or the breaks, of all days from ``first`` to ``last``, µs UTC."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    midnights = [datetime(d.year, d.month, d.day) for d in days if breaks or d.weekday() in hours.weekdays]
    minutes = hours.spans(breaks)
    ends = [(m + timedelta(minutes=a), m + timedelta(minutes=b)) for m in midnights for a, b in minutes]
    return tuple((instant(a, zone), instant(b, zone)) for a, b in ends)


class Frame(NamedTuple):
    """The time of a history, µs UTC."""

    zero: int
    """When the machines began to live."""
    start: int
    """The window, on which the log begins."""
    end: int
    zone: str

    def days(self) -> tuple[date, date]:
        """A day before the machines live, and one after the window."""
        low, high = (EPOCH + timedelta(microseconds=at) for at in (self.zero - DAY, self.end + 2 * DAY))
        return low.date(), high.date()

    def shifts(self, hours: Hours | None) -> Floats:
        """The shifts, µs since ``zero``; without hours of 8 h each, day and night."""
        if hours is None:
            begins = np.arange(self.start - self.zero, self.end - self.zero, DAY // 3, dtype=float)
            return np.column_stack([begins, begins + DAY // 3])
        return np.array(spans_of(hours, self.zone, *self.days()), float).reshape(-1, 2) - self.zero

    def opened(self, hours: Hours | None) -> Floats:
        """When it works, breaks cut out, µs since ``zero``."""
        if hours is None:
            return np.array([[0.0, float(self.end - self.zero)]])
        breaks = np.array(spans_of(hours, self.zone, *self.days(), breaks=True), float).reshape(-1, 2) - self.zero
        past = float(self.end - self.zero + 2 * DAY)
        return meet(union(self.shifts(hours)), gaps(union(breaks), past))[0]


def frame_of(truth: Truth) -> Frame:
    """The time of a history."""
    zero, start, end = (
        instant(truth.start + timedelta(days=at), truth.zone) for at in (-truth.before, 0.0, truth.days)
    )
    return Frame(zero, start, end, truth.zone)


@lru_cache(maxsize=64)
def _timetable(frame: Frame, hours: Hours) -> Timetable:
    opened = frame.opened(hours).astype(np.int64).tolist()
    period = frame.end - frame.zero + 30 * DAY
    return Timetable(calendar_row(period, [(begin, end) for begin, end in opened], [], []))


# -- one machine


class Lived(NamedTuple):
    """A machine after its life: when it ran, what it made."""

    machine: Machine
    life: Life
    run: Floats
    """When it ran, µs since ``Frame.zero``, shape (runs, 2)."""
    worked: Floats
    """Working time before each run, µs."""
    bad: NDArray[np.int8]
    """Of each part: 0 good, 1 scrap, 2 rework."""

    def work_at(self, at: Floats) -> Floats:
        """Working time by these times."""
        index = np.maximum(np.searchsorted(self.run[:, 0], at, "right") - 1, 0)
        begin, end = self.run[index].T
        return np.asarray(self.worked[index] + np.clip(at - begin, 0.0, end - begin))

    def work_spans(self) -> Floats:
        """The runs on working time."""
        return np.column_stack([self.worked, self.worked + self.run[:, 1] - self.run[:, 0]])


def lived(machine: Machine, frame: Frame, seed: int) -> Lived:
    """Let a machine live through the time of a history."""
    end = float(frame.end - frame.zero)
    hours = None if machine.hours is None else _timetable(frame, machine.hours)
    life = live(machine, hours, end, seed)
    closed = gaps(union(frame.opened(machine.hours)), end)
    run = gaps(union(np.concatenate([life.stops[:, [0, 3]], life.waits, closed])), end)
    worked = np.cumsum(run[:, 1] - run[:, 0]) - (run[:, 1] - run[:, 0])
    return Lived(machine, life, run, worked, _judged(machine, len(life.axis.ends), seed))


def _judged(machine: Machine, parts: int, seed: int) -> NDArray[np.int8]:
    if not machine.scrap + machine.rework:
        return np.zeros(parts, np.int8)
    chance = generator(seed, 0, f"{machine.station}#{machine.number}/quality").random(parts)
    return np.where(chance < machine.scrap, 1, np.where(chance < machine.scrap + machine.rework, 2, 0)).astype(np.int8)


def lines_of(one: Lived, asset: int, frame: Frame, codes: list[Code]) -> Lines:
    """The stops, set-ups and waits of a machine that touch the window, in order."""
    number = {code.code: i for i, code in enumerate(codes)}
    life, machine = one.life, one.machine
    words = [mode.code for mode in machine.modes] + [task.code for task in machine.maintenance]
    kinds = np.array([number[word] for word in words], np.int64)
    told = np.array([bool(mode.response or mode.restarting) for mode in machine.modes] + [False] * len(kinds))
    repair = np.where(told[life.kind][:, None], life.stops[:, 1:3], _NOT_TOLD)
    parts = [_lines(asset, life.stops[:, [0, 3]], kinds[life.kind], repair)]
    if len(life.axis.setups):
        found, setup, run = meet(life.axis.setups, one.work_spans())
        wall = found - (one.worked - one.run[:, 0])[run][:, None]
        parts.append(_lines(asset, wall, np.full(len(wall), number[SET_UP]), product=life.axis.to[setup]))
    if machine.waiting is not None:
        busy = gaps(union(life.stops[:, [0, 3]]), float(frame.end - frame.zero))
        idle = meet(meet(life.waits, union(frame.opened(machine.hours)))[0], busy)[0]
        parts.append(_lines(asset, idle, np.full(len(idle), number[machine.waiting.code])))
    lines = joined(*parts)
    moved = _moved(lines, frame.zero)
    kept = moved.take((moved.end > frame.start) & (moved.start < frame.end))
    return kept.take(np.argsort(kept.start, kind="stable"))


def _lines(asset: int, spans: Floats, code: Ints, repair: Floats | None = None, product: Ints | None = None) -> Lines:
    n, whole = len(spans), spans.astype(np.int64)
    times = np.full((n, 2), _NOT_TOLD) if repair is None else repair
    begun, done = np.where(times == _NOT_TOLD, OPEN, np.maximum(times, 0.0).astype(np.int64)).T
    made = np.full(n, NONE) if product is None else product
    return Lines(np.full(n, asset), whole[:, 0], whole[:, 1], code, made, begun, done, np.ones(n, bool))


def _moved(lines: Lines, by: int) -> Lines:
    """Counted from 1970 on."""
    times = {name: getattr(lines, name) for name in ("start", "end", "repair_start", "repair_end")}
    return lines._replace(**{name: np.where(at == OPEN, OPEN, at + by) for name, at in times.items()})


def codes_of(machines: Iterable[Machine]) -> list[Code]:
    """The codes of a log and what they stand for; the two that only dirt brings come last."""
    found: dict[str, Code] = {}
    for machine in machines:
        for mode in machine.modes:
            state = MICRO_STOP if mode.micro_stop else BREAKDOWN
            found.setdefault(mode.code, Code(mode.code, state, mode.name, (), round(mode.restart * MICRO)))
        for task in machine.maintenance:
            found.setdefault(task.code, Code(task.code, PLANNED, task.name, task.renews))
        if machine.setup is not None:
            found.setdefault(SET_UP, Code(SET_UP, SETUP))
        if (wait := machine.waiting) is not None:
            found.setdefault(wait.code, Code(wait.code, STATES.index(wait.state)))
    return [*found.values(), Code(NOBODY, NO_OPERATOR), Code(NO_DATA, UNKNOWN)]
