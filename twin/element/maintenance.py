"""Maintenance and start-up: planned stops of a machine, which wait until no part is in work."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from twin.core.compiling.names import Names
from twin.core.hours import week_moment
from twin.core.ledger import BREAK, MAINTENANCE, OFF, SETUP, STATES
from twin.core.plan import Draw, Micro, Needs, Plan
from twin.core.problem import Fault, Faults, fault, nearest, quoted
from twin.core.refused import received
from twin.core.spec import Reader, Spec, register
from twin.core.timetable import DAY, DAYS, WEEK
from twin.element.fields import By, Modes
from twin.element.machines.stop import Stop
from twin.law.fitted import Clock
from twin.law.law import LawOf


class MaintenanceRow(NamedTuple):
    """A maintenance in the plan."""

    name: str
    clock: str
    every: Draw | None
    on: tuple[Micro, ...]
    """Times of the week, counted from the Monday 00:00 before time 0."""
    monday: Micro
    """That Monday, µs since time 0 (not positive)."""
    lasts: Draw
    needs: Needs
    counts_as: int
    """State of the machine meanwhile."""
    renews: tuple[int, ...]
    """Positions among the modes of the station."""

    def told(self, plan: Plan) -> dict[str, str]:
        """What its numbers mean, for the plan as text."""
        moments = ", ".join(week_moment(at) for at in self.on)
        state = "" if self.counts_as == MAINTENANCE else STATES[self.counts_as]
        return {"clock": "" if self.on else self.clock, "on": moments, "monday": "", "counts_as": state}


_MOMENT = re.compile(r"([A-Za-z]+) +([01]?[0-9]|2[0-3]):([0-5][0-9])")


def read_on(value: object) -> tuple[float, ...]:
    """Moments of the week such as 'sat 06:00', µs from Monday 00:00."""
    if not isinstance(value, list) or not value:
        raise fault(f"a list of moments such as [sat 06:00] is due, not {received(value)}")
    moments = [_MOMENT.fullmatch(str(word)) for word in value]
    wrong = [
        Fault((i,), f"a moment such as 'sat 06:00' is due, not {received(value[i])}", _meant(found))
        for i, found in enumerate(moments)
        if found is None or found[1] not in DAYS
    ]
    if wrong:
        raise Faults(*wrong)
    found = [_in_week(moment) for moment in moments if moment]
    twice = [i for i, at in enumerate(found) if at in found[:i]]
    if twice:
        raise Faults(*(Fault((i,), f"{quoted(value[i])} stands twice; keep one") for i in twice))
    return tuple(sorted(found))


def _in_week(found: re.Match[str]) -> float:
    return float(DAYS.index(found[1]) * DAY + (int(found[2]) * 60 + int(found[3])) * 60_000_000)


def _meant(found: re.Match[str] | None) -> str | None:
    near = nearest(found[1].lower()[:3], DAYS) if found else None
    return f"{near} {found[2]}:{found[3]}" if found and near else None


def _on_schema() -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "examples": ["sat 06:00"]}}


On = Annotated[tuple[float, ...], Reader(read_on, _on_schema)]


@register("clock", "maintenance")
class Maintenance(Spec):
    """Planned work on a machine; it starts when no part is in work, so also when the machine is blocked or empty.

    In closed hours and breaks no part is in work: it starts there too, and a part left in the machine waits.

    maintenance:
      greasing: {every: 250 h, lasts: 30 min, by: maintenance, renews: [spindle]}
      cleaning: {on: [sat 06:00], lasts: 2 h}
      tools:    {every: 400 cycles, lasts: 4 min, counts_as: setup}
    """

    every: Annotated[Any, LawOf("time", "cycles", positive=True)] | None = None
    """Time or cycles from the end of the last one to the next."""
    on: On | None = None
    """Moments of the week: [sat 06:00]; in closed hours too."""
    clock: Clock | None = None
    """When 'every' runs: while working (default), while the calendar is open, always, or by cycles."""
    lasts: Annotated[Any, LawOf("time", positive=True)]
    """How long it takes, wait for people not included."""
    by: By | None = None
    """Who does it; without it, it starts at once."""
    renews: list[str] = Field(default_factory=list)
    """Breakdowns of this machine whose time up starts again afterwards."""
    counts_as: Literal["maintenance", "setup"] = "maintenance"
    """State of the machine: 'setup' for tool changes and adjustments, which stay inside required time."""

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if (self.every is None) == (self.on is None):
            raise Faults(Fault((), "write one of 'every: 250 h' and 'on: [sat 06:00]'"))
        if self.on is not None and self.clock is not None:
            raise Faults(Fault(("clock",), "'clock' has no meaning beside 'on'; take it out"))
        return self

    def numbers(self, names: Names, name: str, machines: int, modes: Modes) -> MaintenanceRow:
        """The row of this maintenance of a station."""
        loc = ("maintenance", name)
        every = names.draw((*loc, "every"), self.every, f"{name}.every", machines) if self.every is not None else None
        return MaintenanceRow(
            name=name,
            clock=self._clock(names, loc),
            every=every,
            on=self.on or (),
            monday=self._monday(names, loc) if self.on else 0.0,
            lasts=names.draw((*loc, "lasts"), self.lasts, f"{name}.lasts", machines),
            needs=names.needs((*loc, "by"), self.by) if self.by else (),
            counts_as=SETUP if self.counts_as == "setup" else MAINTENANCE,
            renews=modes.positions(names, (*loc, "renews"), self.renews, "breakdowns"),
        )

    def _monday(self, names: Names, loc: tuple[str, ...]) -> Micro:
        start = names.layout.head.start
        if start is None:
            text = "needs 'start:' at the top of the layout, such as 'start: 2027-01-04 06:00'"
            names.problem((*loc, "on"), text)
            return 0.0
        midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
        return float((midnight - start) // timedelta(microseconds=1) - start.weekday() * DAY)

    def _clock(self, names: Names, loc: tuple[str, ...]) -> str:
        if self.every is None:
            return "calendar"
        counted = self.every.dimension == "cycles"
        if counted and self.clock not in (None, "cycles"):
            names.problem((*loc, "clock"), f"the clock '{self.clock}' needs 'every' as a time, not in cycles")
        if not counted and self.clock == "cycles":
            names.problem((*loc, "every"), "the clock 'cycles' needs a number of cycles, such as '5000 cycles'")
        return "cycles" if counted else self.clock or "working"

    @staticmethod
    def live(machine: Any, row: MaintenanceRow) -> Upkeep:
        """The maintenance on one machine in a run."""
        return Upkeep(machine, row)


class Upkeep(Stop):
    """A maintenance of one machine in a run. The wait for people counts as maintenance too."""

    INTERRUPTS = False

    def __init__(self, machine: Any, row: MaintenanceRow) -> None:
        self.state = self.waiting = row.counts_as
        super().__init__(machine, row, row.lasts)
        self.renews = row.renews
        self.every = self.run.draw(row.every, machine.number) if row.every is not None else None

    def begin(self) -> None:
        """The first interval; a moment of the week that is now is due now."""
        if self.every is None:
            self._next_moment(self.run.env.now - 1.0)
        else:
            self.renew()

    def renew(self) -> None:
        """A fresh interval."""
        if self.every is None:
            self._next_moment(self.run.env.now)
        else:
            self.wait(self.every())

    def _next_moment(self, after: Micro) -> None:
        """The first moment of the week after a time."""
        week = self.row.monday + (after - self.row.monday) // WEEK * WEEK
        moments = [week + late + at for late in (0.0, WEEK) for at in self.row.on]
        self.wait_until(next(at for at in moments if at > after))
        self.machine.refresh()


class StartUpRow(NamedTuple):
    """What a machine needs before it works again after closed hours."""

    name: str
    clock: str
    after: tuple[int, ...]
    """States of closed hours after which it is needed."""
    lasts: Draw
    needs: Needs

    def told(self, plan: Plan) -> dict[str, str]:
        """What its numbers mean, for the plan as text."""
        return {"clock": "", "after": "closed hours and breaks" if BREAK in self.after else "closed hours"}


@register("clock", "start_up")
class StartUp(Spec):
    """What a machine needs at the opening before it works again: heating, first checks. It counts as set-up.

    start_up:
      after: off
      lasts: 20 min
      by: setter
    """

    after: Literal["off", "break"] = "off"
    """After closed hours, or after breaks too ('break')."""
    lasts: Annotated[Any, LawOf("time", positive=True)]
    """How long it takes."""
    by: By | None = None
    """Who does it."""

    def numbers(self, names: Names, name: str, machines: int, modes: Modes) -> StartUpRow:
        """The row of the start-up of a station."""
        return StartUpRow(
            name=name,
            clock="calendar",
            after=(OFF, BREAK) if self.after == "break" else (OFF,),
            lasts=names.draw(("start_up", "lasts"), self.lasts, "start_up", machines),
            needs=names.needs(("start_up", "by"), self.by) if self.by else (),
        )

    @staticmethod
    def live(machine: Any, row: StartUpRow) -> Warming:
        """The start-up of one machine in a run."""
        return Warming(machine, row)


class Warming(Stop):
    """The start-up of one machine in a run; a part that was in work waits for it."""

    state = waiting = SETUP

    def __init__(self, machine: Any, row: StartUpRow) -> None:
        super().__init__(machine, row, row.lasts)

    def begin(self) -> None:
        """Nothing until the first opening."""

    def renew(self) -> None:
        """Nothing until the next opening."""

    def opened(self, was: int) -> None:
        """Closed hours end: it is due now."""
        if was in self.row.after:
            self.at = self.run.env.now
