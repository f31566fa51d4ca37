"""The life of one made-up machine, with clocks as the engine has them: what stopped it when, and what it made.

No engine may be imported here, so its rules are followed in small: one stop at a time; during it clocks of working
time stand, those of shifts and of the calendar run on, and what falls due waits, first due first. The random streams
are those of a plan, so a plan with the same names, laws and seed stops at the same microseconds (a test compares).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.core.plan import NEVER, LawRow, Micro
from twin.core.stream import Next, draws, generator
from twin.core.timetable import ALWAYS, OPEN, Timetable
from twin.core.unit import MICRO

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.calibrate.synthetic.truth import Machine, Maintenance, Mode, Waiting
    from twin.law.law import Floats, Law


class Axis(NamedTuple):
    """The work of a machine laid end to end, in µs of working time."""

    ends: Floats
    """When each part ends, shape (parts,)."""
    lasts: Floats
    """The time of each part."""
    product: NDArray[np.int64]
    """Which of ``Machine.products`` each part is."""
    setups: Floats
    """(begin, end) of each set-up, shape (set-ups, 2)."""
    to: NDArray[np.int64]
    """Which product is made after each set-up."""

    def end_of_part(self, worked: Micro) -> Micro:
        """When the part in work at ``worked`` ends; now, without parts or between two; never, past the last one."""
        if not len(self.ends):
            return worked
        part = int(np.searchsorted(self.ends, worked))
        return float(self.ends[part]) if part < len(self.ends) else NEVER

    def done(self, worked: Micro) -> int:
        """Parts done by then."""
        return int(np.searchsorted(self.ends, worked, "right"))


class Life(NamedTuple):
    """What happened to a machine, in µs since it began to live."""

    stops: Floats
    """Start, start of the repair, end of the repair, end; one row a stop, shape (stops, 4), in order."""
    kind: NDArray[np.int64]
    """Which mode each stop is, maintenance counted after the modes."""
    waits: Floats
    """(start, end) of the waits for parts or room, closed hours and stops not yet cut out, shape (waits, 2)."""
    axis: Axis


def live(machine: Machine, hours: Timetable | None, end: Micro, seed: int) -> Life:
    """The life of a machine from time 0 until past ``end`` (µs); ``hours`` None: day and night."""
    return _Living(machine, hours, end, seed).life()


# -- draws


def _row(law: Law) -> LawRow:
    scale = MICRO if law.dimension == "time" else 1.0
    return LawRow(law.NAME, law.params(Path()), scale, 0.0, 0.0, "")


def _key(machine: Machine, purpose: str) -> str:
    return f"{machine.station}#{machine.number}/{purpose}"


def _next(machine: Machine, law: Law, purpose: str, seed: int) -> Next:
    return draws(_row(law), seed, 0, _key(machine, purpose))


def _block(machine: Machine, law: Law, purpose: str, seed: int, n: int) -> Floats:
    """The first ``n`` draws of a stream."""
    family, params, scale = _row(law)[:3]
    rng = generator(seed, 0, _key(machine, purpose))
    return np.asarray(np.rint(type(law).sample(params, rng, n) * scale)) if family else np.empty(0)


# -- work


def _axis(machine: Machine, needed: Micro, seed: int) -> Axis:
    """Work for at least ``needed`` µs."""
    if machine.cycle is None:
        none = np.empty(0)
        return Axis(none, none, none.astype(np.int64), none.reshape(0, 2), none.astype(np.int64))
    laws = list(machine.cycle.values()) if isinstance(machine.cycle, Mapping) else [machine.cycle]
    parts = int(needed / MICRO / min(one.moments().mean for one in laws) * 1.05) + 100
    axis = _work(machine, parts, seed)
    while axis.ends[-1] < needed:
        parts *= 2
        axis = _work(machine, parts, seed)
    return axis


def _work(machine: Machine, parts: int, seed: int) -> Axis:
    lot = _lots(machine, parts, seed)
    product = lot % max(len(machine.products), 1)
    lasts = _cycles(machine, product, seed)
    first = np.flatnonzero(np.diff(lot, prepend=lot[0]))
    setup = np.concatenate([[0.0], _setups(machine, product[first - 1], product[first], seed)])
    ends = np.cumsum(lasts) + np.cumsum(setup)[lot]
    begin = ends[first - 1]
    spans = np.column_stack([begin, begin + setup[1:]])
    some = setup[1:] > 0
    return Axis(ends, lasts, product, spans[some], product[first][some])


def _lots(machine: Machine, parts: int, seed: int) -> NDArray[np.int64]:
    """Which lot each part belongs to."""
    if len(machine.products) < 2 or machine.lot is None:
        return np.zeros(parts, np.int64)
    number = int(parts / machine.lot.moments().mean * 1.2) + 50
    sizes = np.maximum(_block(machine, machine.lot, "lot", seed, number), 1).astype(np.int64)
    return np.repeat(np.arange(number), sizes)[:parts]


def _cycles(machine: Machine, product: NDArray[np.int64], seed: int) -> Floats:
    if not isinstance(machine.cycle, Mapping):
        assert machine.cycle is not None
        return _block(machine, machine.cycle, "cycle", seed, len(product))
    found = np.empty(len(product))
    for number, name in enumerate(machine.products):
        of = product == number
        found[of] = _block(machine, machine.cycle[name], f"cycle.{name}", seed, int(of.sum()))
    return found


def _setups(machine: Machine, origin: NDArray[np.int64], to: NDArray[np.int64], seed: int) -> Floats:
    """The time of each change."""
    found = np.zeros(len(to))
    if isinstance(machine.setup, Mapping):
        for (a, b), law in machine.setup.items():
            of = (origin == machine.products.index(a)) & (to == machine.products.index(b))
            found[of] = _block(machine, law, f"setup.{a}.{b}", seed, int(of.sum()))
    elif machine.setup is not None:
        found = _block(machine, machine.setup, "setup", seed, len(to))
    return found


# -- life


_Lasts = tuple[Next | None, Next, Next | None]
"""Response, repair and restarting."""


class _Stop:
    """One way the machine stands: ``due`` on working time, or ``at`` a time; it has one of them."""

    __slots__ = ("at", "clock", "due", "interrupts", "kind", "lasts", "renews", "up")

    def __init__(self, kind: int, clock: str, up: Next, lasts: _Lasts, interrupts: bool) -> None:
        self.kind, self.clock, self.up, self.lasts, self.interrupts = kind, clock, up, lasts, interrupts
        self.due = self.at = NEVER
        self.renews: list[_Stop] = []


_IDLE = -1


class _Living:
    """A machine on its way through time."""

    def __init__(self, machine: Machine, hours: Timetable | None, end: Micro, seed: int) -> None:
        self.machine, self.seed, self.end = machine, seed, end
        self.hours = ALWAYS if hours is None else hours
        self.always = hours is None
        self.axis = _axis(machine, self.hours.open_between(0.0, end), seed)
        self.now = self.worked = self.fed = self.asked = 0.0
        """``fed``: until then it waits for parts or room. ``asked``: when it was last asked what is due."""
        breakdowns = [self._breakdown(i, one) for i, one in enumerate(machine.modes)]
        upkeep = [self._upkeep(len(breakdowns) + i, one) for i, one in enumerate(machine.maintenance)]
        self.breaking, self.patient = breakdowns, upkeep + self._idling(machine.waiting)
        self._link()

    def _breakdown(self, kind: int, mode: Mode) -> _Stop:
        laws = {"response": mode.response, "restarting": mode.restarting}
        response, restarting = (
            _next(self.machine, law, f"{mode.name}.{part}", self.seed) if law is not None else None
            for part, law in laws.items()
        )
        lasts = response, _next(self.machine, mode.repair, f"{mode.name}.repair", self.seed), restarting
        return _Stop(kind, mode.clock, _next(self.machine, mode.up, f"{mode.name}.up", self.seed), lasts, True)

    def _upkeep(self, kind: int, task: Maintenance) -> _Stop:
        every, lasts = (
            _next(self.machine, getattr(task, k), f"{task.name}.{k}", self.seed) for k in ("every", "lasts")
        )
        return _Stop(kind, task.clock, every, (None, lasts, None), False)

    def _idling(self, wait: Waiting | None) -> list[_Stop]:
        if wait is None:
            return []
        every, lasts = (_next(self.machine, getattr(wait, k), f"waiting.{k}", self.seed) for k in ("every", "lasts"))
        return [_Stop(_IDLE, "working", every, (None, lasts, None), False)]

    def _link(self) -> None:
        """What a task renews, and the first times up."""
        modes = {mode.name: stop for mode, stop in zip(self.machine.modes, self.breaking, strict=True)}
        for task, stop in zip(self.machine.maintenance, self.patient, strict=False):
            stop.renews = [modes[name] for name in task.renews]
        for stop in (*self.breaking, *self.patient):
            self._wait(stop)

    def life(self) -> Life:
        """Live until past the end."""
        stops: list[tuple[Micro, Micro, Micro, Micro]] = []
        kinds: list[int] = []
        waits: list[tuple[Micro, Micro]] = []
        while True:
            stop, at = self._next_stop()
            if stop is None or at >= self.end:
                break
            self._work_until(at)
            if stop.kind == _IDLE:
                self.fed = self._when(stop.lasts[1]())
                waits.append((at, self.fed))
                self._wait(stop)
                continue
            kinds.append(stop.kind)
            stops.append(self._stand(stop))
        table = np.array(stops).reshape(-1, 4)
        return Life(table, np.array(kinds, np.int64), np.array(waits).reshape(-1, 2), self.axis)

    def _stand(self, stop: _Stop) -> tuple[Micro, Micro, Micro, Micro]:
        start = self.asked = self.now
        response, repair, restarting = stop.lasts
        begun = start if response is None else start + response()
        done = begun + repair()
        self.now = done if restarting is None else done + restarting()
        self._wait(stop)
        for one in stop.renews:
            self._wait(one)
        return start, begun, done, self.now

    def _wait(self, stop: _Stop) -> None:
        """A fresh time up on its clock."""
        stop.due = stop.at = NEVER
        up = stop.up()
        if stop.clock == "working":
            stop.due = self.worked + up
        elif stop.clock == "cycles":
            last = self.axis.done(self.worked) + math.ceil(max(1.0, up)) - 1
            stop.due = float(self.axis.ends[last]) if last < len(self.axis.ends) else NEVER
        else:
            stop.at = self.now + up if stop.clock == "calendar" else self.hours.due(self.now, up)

    def _when(self, work: Micro) -> Micro:
        """When ``work`` more will have been done if nothing stops it."""
        free = self.now if self.now > self.fed else self.fed
        return free + work if self.always else self.hours.due(free, work)

    def _work_until(self, at: Micro) -> None:
        free = self.now if self.now > self.fed else self.fed
        if at > free:
            self.worked += at - free if self.always else self.hours.open_between(free, at)
        self.now = at

    def _next_stop(self) -> tuple[_Stop | None, Micro]:
        """What stops it next, and when; of several that are due by then the first due, then the first declared."""
        found, due_at, work = self._next_breakdown()
        start = max(self.now, due_at)
        for stop in self.patient:
            if work < stop.due < NEVER or start < stop.at < NEVER:
                continue  # something comes before it is even due
            since, begin = self._in_peace(stop)
            if begin < start or (begin == start and since < due_at):
                found, due_at, start = stop, since, begin
        return found, start

    def _next_breakdown(self) -> tuple[_Stop | None, Micro, Micro]:
        """The next that breaks into work, when it is due, and the working time at which the next one could be."""
        found: _Stop | None = None
        lead, at, work = found, NEVER, NEVER
        for stop in self.breaking:
            if stop.due < work:
                lead, work = stop, stop.due
            elif stop.at < at:
                found, at = stop, stop.at
        if lead is not None:
            due_at = self.asked if work <= self.worked else self._when(work - self.worked)
            if found is None or due_at < at or (due_at == at and lead.kind < found.kind):
                found, at = lead, due_at
        return found, at, work

    def _in_peace(self, stop: _Stop) -> tuple[Micro, Micro]:
        """When it counts as due, and when no part is in work: as the part ends, or as the hours do.

        Clocks of work and cycles are looked at when no part is in work, so such a stop is not due before.
        """
        if stop.at < NEVER:
            begin = self._peace(max(stop.at, self.now))
            return stop.at, begin
        if stop.due <= self.worked:
            between = self.axis.end_of_part(self.worked) == self.worked
            begin = self._peace(self.now)
            return self.asked if between else begin, begin
        begin = self._peace(self._when(stop.due - self.worked))
        return begin, begin

    def _peace(self, since: Micro) -> Micro:
        """The first time from ``since`` on at which no part is in work, if nothing else stops the machine."""
        if self.fed > since or self.hours.state(since) != OPEN:
            return since
        free = max(self.now, self.fed)
        worked = self.worked + (self.hours.open_between(free, since) if since > free else 0.0)
        end_of_part = self._when(self.axis.end_of_part(worked) - self.worked)
        return min(end_of_part, self.hours.next_change(since)[0])
