"""Conveyor: a belt that carries parts from one element to the next."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import Field

from twin.core.compiling.names import Names
from twin.core.plan import ElementId, Micro, MoneyRate, PlaceId, PlaceRow, micro
from twin.core.problem import quoted
from twin.core.run import Run
from twin.core.running.gated import guarded_place
from twin.core.spec import Kind, Stand, register
from twin.core.unit import Quantity, show
from twin.element.fields import Breakdowns, Maintenances, Spot, StartUp, mode_rows
from twin.element.machines.idle import without_breaks, without_hours
from twin.element.machines.power import MachinePower, PowerRow, power_rows, switch_off
from twin.element.moving.belt import Belt, Drive, Frame

Length = Annotated[float, Quantity("length", least=1e-3, most=1e5, positive=True)]
"""From 1 mm to 100 km, so that no part moves a pitch in less than a microsecond."""


class ConveyorRow(NamedTuple):
    """A conveyor in the plan; its capacity stands with its place."""

    place: PlaceId
    transit: Micro
    """Time from one end to the other."""
    gap: Micro
    """Time to move one pitch."""
    accumulating: bool
    modes: tuple[tuple[str, Any], ...]
    """(kind of clock, its row) for each mode of stop."""
    calendar: ElementId
    at_end: str
    priority: int
    at: tuple[float, float] | None
    power: tuple[PowerRow, ...]
    switch_off: Micro
    """After how long empty or blocked it switches off."""
    cost: MoneyRate
    """Of its opening time."""


@register("element", "conveyors")
class Conveyor(Kind):
    """A belt: parts ride from its start to its end, where the next element takes them one by one.

    conveyors:
      belt:   {length: 12 m, speed: 0.5 m/s, pitch: 0.8 m}
      rollers:
        length: 20 m
        speed: 12 m/min
        pitch: 500 mm
        accumulating: true
        breakdowns: {jam: {mtbf: 3 h, mttr: 2 min}}
    """

    SECTION: ClassVar[str] = "conveyors"
    WORD: ClassVar[str] = "conveyor"
    FLOWS: ClassVar[bool] = True
    OFFERS: ClassVar[bool] = True
    CARRIES: ClassVar[bool] = True
    LIVES: ClassVar[bool] = True

    length: Length
    """From where parts are put on to where they are taken."""
    speed: Annotated[float, Quantity("speed", least=1e-4, most=1e3, positive=True)]
    """How fast it moves."""
    pitch: Length
    """Room one part needs; the belt holds length / pitch parts, rounded down."""
    accumulating: bool = False
    """Whether parts close up behind one that cannot leave; if not, the whole belt stands meanwhile."""
    prefer: list[str] = Field(default_factory=list)
    """Givers that go first, whatever their waiting time."""
    breakdowns: Breakdowns = Field(default_factory=dict)
    """Ways it fails, each with a name; parts on it lie still until it is repaired."""
    maintenance: Maintenances = Field(default_factory=dict)
    """Planned work on it, each with a name; it begins when it is due, whatever lies on the belt."""
    start_up: StartUp | None = None
    """What it needs after closed hours before it moves again."""
    calendar: str | None = None
    """Opening hours; default the calendar of the layout."""
    at_end: Literal["stop", "finish"] = "stop"
    """At a closing or break: stop at once, or take nothing more and run on while parts move on it."""
    priority: int = 0
    """Of its tasks for people; higher goes first."""
    at: Spot | None = None
    """Where it stands: [x, y] in metres."""
    power: MachinePower | None = None
    """What it draws in each state."""
    cost: Annotated[float, Quantity("money per time")] | None = None
    """What its opening time costs, power and people apart."""

    @property
    def capacity(self) -> int:
        """Parts it holds: length / pitch, rounded down (a quotient that misses a whole number by 1e-9 is one)."""
        return math.floor(self.length / self.pitch * (1 + 1e-9))

    def stand(self) -> Stand:
        return Stand(max(1.0, float(self.capacity)), prefer=tuple(self.prefer))

    def mean_work(self, product: str, route: Any) -> float:
        return self.pitch / self.speed

    def numbers(self, names: Names) -> ConveyorRow:
        self._check(names)
        for i, giver in enumerate(self.prefer):
            names.giver(("prefer", i), giver)
        return ConveyorRow(
            place=names.own_place(),
            transit=micro(self.length / self.speed),
            gap=micro(self.pitch / self.speed),
            accumulating=self.accumulating,
            modes=mode_rows(names, self, 1),
            calendar=names.calendar(("calendar",), self.calendar),
            at_end=self.at_end,
            priority=self.priority,
            at=None if self.at is None else (float(self.at[0]), float(self.at[1])),
            power=power_rows(names, self.power),
            switch_off=switch_off(names, self.power),
            cost=self.cost or 0.0,
        )

    def _check(self, names: Names) -> None:
        if self.capacity < 1:
            long, pitch = show(self.length, "length"), show(self.pitch, "length")
            text = f"a part that needs {pitch} has no room on a belt of {long}; write at most '{long}'"
            names.problem(("pitch",), text)
        for name, mode in self.breakdowns.items():
            if mode.part != "resume":
                text = f"parts on a belt are not in work, so {quoted('part: ' + mode.part)} has no meaning; take it out"
                names.problem(("breakdowns", name, "part"), text)

    @classmethod
    def make_place(cls, run: Run, row: ConveyorRow, place: PlaceRow) -> Belt:
        return guarded_place(run, place, Belt)(run, place, row)

    def review(self, names: Names, rows: tuple[Any, ...]) -> None:
        calendar = rows[names.index].calendar
        without_hours(names, calendar)
        without_breaks(names, self.start_up, calendar, rows)

    @classmethod
    def build(cls, run: Run, index: int, row: ConveyorRow) -> None:
        belt = run.parts[index] = run.places[row.place]
        run.leaves[index] = Drive(run, Frame(index, row), belt).row_of_ledger
