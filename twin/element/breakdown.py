"""Breakdown: a mode of stop of a station, with its clock, its repair and who repairs."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from twin.core.ledger import MICRO_STOP, REPAIR, SETUP, WAITING_REPAIR, WORKING, StopRow
from twin.core.names import Names
from twin.core.plan import Draw, Micro, Needs
from twin.core.run import ENDS, STOPS, Steps
from twin.core.spec import Reader, Spec, register
from twin.element.fields import By
from twin.element.stoppable import POLICIES
from twin.law.law import LawOf


class BreakdownRow(NamedTuple):
    """A mode of stop in the plan."""

    name: str
    clock: str
    up: Draw
    repair: Draw
    first: Draw | None
    """The first time up, when it has a law of its own."""
    running: int
    """Stream for a machine in mid-life at time 0; -1: the first time up is a fresh draw."""
    part: int
    needs: Needs
    micro: bool


_FIRST = LawOf("time", "cycles", bare="exponential")


def read_first(value: object) -> Any:
    """A law of the first time up, or 'running'."""
    return value if value == "running" else _FIRST.read(value)


def first_schema() -> dict[str, Any]:
    """JSON Schema of ``first``."""
    return {"anyOf": [{"const": "running"}, _FIRST.__get_pydantic_json_schema__({"type": "any"}, None)]}


@register("clock", "breakdowns")
class Breakdown(Spec):
    """A way a machine fails: time up until it fails, time to repair.

    breakdowns:
      spindle: {mtbf: {weibull: {mean: 310 h, cv: 0.7}}, mttr: {lognormal: {mean: 3.5 h, cv: 1.2}}, by: maintenance}
      chips:   {mtbf: 42 min, mttr: 90 s, micro_stop: true}
    """

    LATER: ClassVar[frozenset[str]] = frozenset({"from", "renews"})

    mtbf: Annotated[Any, LawOf("time", "cycles", bare="exponential", positive=True)]
    """Time up between failures, repair not included; a bare mean is exponential."""
    mttr: Annotated[Any, LawOf("time", bare="exponential", positive=True)]
    """Time to repair, wait for people not included; a bare mean is exponential."""
    clock: Literal["working", "shift", "calendar", "cycles"] | None = None
    """When the time up runs: while working, while the calendar is open, always, or by cycles."""
    part: Literal["resume", "restart", "scrap"] = "resume"
    """What becomes of the part in work."""
    by: By | None = None
    """Who repairs; without it the repair starts at once."""
    first: Annotated[Any, Reader(read_first, first_schema)] | None = None
    """Law of the first time up, or 'running' for a machine in mid-life."""
    micro_stop: bool = False
    """Book wait and repair as micro-stop; people of the machine stay."""

    def numbers(self, names: Names, name: str, machines: int) -> BreakdownRow:
        """The row of this mode of a station."""
        loc = ("breakdowns", name)
        clock = self._clock(names, loc)
        first, running = None, self.first == "running"
        if self.first is not None and not running:
            first = names.draw((*loc, "first"), self.first, f"{name}.first", machines)
        return BreakdownRow(
            name=name,
            clock=clock,
            up=names.draw((*loc, "mtbf"), self.mtbf, f"{name}.up", machines),
            repair=names.draw((*loc, "mttr"), self.mttr, f"{name}.repair", machines),
            first=first,
            running=names.stream(f"{name}.first", machines) if running else -1,
            part=POLICIES.index(self.part),
            needs=names.needs((*loc, "by"), self.by) if self.by else (),
            micro=self.micro_stop,
        )

    def _clock(self, names: Names, loc: tuple[str, ...]) -> str:
        counted = self.mtbf.dimension == "cycles"
        if counted and self.clock not in (None, "cycles"):
            names.problem((*loc, "clock"), f"the clock '{self.clock}' needs 'mtbf' as a time, not in cycles")
        if self.first not in (None, "running") and (self.first.dimension == "cycles") != counted:
            names.problem((*loc, "first"), "'first' and 'mtbf' must both be times, or both cycles")
        if not counted and self.clock == "cycles":
            names.problem((*loc, "mtbf"), "the clock 'cycles' needs a number of cycles, such as '5000 cycles'")
        return "cycles" if counted else self.clock or "working"

    @staticmethod
    def live(machine: Any, row: BreakdownRow) -> Mode:
        """The mode on one machine in a run."""
        return Mode(machine, row)


class Mode:
    """One way one machine fails, in a run. ``due`` is on its own clock, ``at`` the time it is due (or inf)."""

    def __init__(self, machine: Any, row: BreakdownRow) -> None:
        self.machine, self.run, self.row = machine, machine.run, row
        self.up = self.run.draw(row.up, machine.number)
        self.repair = self.run.draw(row.repair, machine.number)
        self.clock, self.part, self.micro = row.clock, row.part, row.micro
        self.task = machine.task(row.needs) if row.needs else None
        self.due = self.at = self.seen = float("inf")
        """``seen``: when a clock of work or cycles was first found to have run out."""
        self._booking, self._since = "", 0.0
        """What is booked at the moment ('waited', 'down' or nothing), and since when."""
        self.clear(0.0)

    def clear(self, now: Micro) -> None:
        """Forget the statistics so far."""
        self.count, self.waited, self.down = 0, 0.0, 0.0

    def close(self, now: Micro) -> None:
        """Add the open interval."""
        self._book(self._booking)

    def _book(self, following: str) -> None:
        """Book the time since the last change; what ``following`` names is booked from now on."""
        now, passed = self.run.env.now, self.run.env.now - self._since
        if self._booking == "waited":
            self.waited += passed
        elif self._booking == "down":
            self.down += passed
        self._booking, self._since = following, now

    def row_of_ledger(self) -> StopRow:
        """What the mode has cost this machine."""
        up = self.machine.time[WORKING] + self.machine.time[SETUP]
        return StopRow(self.row.name, self.count, up, self.waited, self.down, self.micro)

    # -- the clock

    def begin(self) -> None:
        """Start the clock for the first time."""
        self._arm(self._first())

    def _first(self) -> Micro:
        run, number = self.run, self.machine.number
        if self.row.first is not None:
            return float(run.draw(self.row.first, number)())
        if self.row.running >= 0:
            return float(run.remaining_life(self.row.up, self.row.running, number))
        return float(self.up())

    def _arm(self, up: Micro) -> None:
        machine, now = self.machine, self.run.env.now
        if self.clock == "working":
            self.due = machine.worked + up
        elif self.clock == "cycles":
            self.due = machine.cycles + max(1.0, up)
        else:
            self.at = now + up if self.clock == "calendar" else machine.hours.due(now, up)
            if self.at != float("inf"):
                self.run.later(self.at - now, STOPS, machine.attend)
        machine.refresh()

    def due_at(self) -> Micro:
        """When it fell due (for the order of several), or inf while it is not due."""
        now = self.run.env.now
        if self.clock in ("working", "cycles"):
            run_so_far = self.machine.worked if self.clock == "working" else self.machine.cycles
            if self.seen == float("inf") and self.due <= run_so_far:
                self.seen = now  # these clocks stand during a stop, so it fell due when that was first asked
            return self.seen
        return self.at if self.at <= now else float("inf")

    # -- the stop

    def stop(self) -> Steps:
        """Wait for people, repair, start the clock again."""
        self.count += 1
        self.due = self.at = self.seen = float("inf")
        machine, left = self.machine, self.repair()
        if self.task is None:
            yield from self._repair(left)
        while self.task is not None and left > 0:
            self._book("waited")
            machine.enter(MICRO_STOP if self.micro else WAITING_REPAIR)
            present = yield from machine.fetch(self.task, stops=False)
            self._book("")
            if present:
                left -= yield from self._repair(left)
        if self.task is not None:
            self.task.done()
        self._arm(self.up())

    def _repair(self, left: Micro) -> Steps:
        machine, start = self.machine, self.run.env.now
        self._book("down")
        machine.enter(MICRO_STOP if self.micro else REPAIR)
        if self.task is not None and self.task.revocable:
            yield machine.pause(left, ENDS, self.task, stops=False)
        else:
            machine.me.sleep(left)
            yield
        machine.flush()
        self._book("")
        return float(self.run.env.now - start)
