"""Operators: a group of people, or of anything that is held for a time (robots, dies, fixtures)."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import Field

from twin.core.compiling.names import TOURED, Names
from twin.core.plan import ElementId, MoneyRate
from twin.core.run import Run
from twin.core.spec import Kind, register
from twin.core.unit import Quantity
from twin.element.machines.idle import without_ends, without_hours
from twin.element.machines.power import HelperPower, PowerRow, power_rows
from twin.element.people.absence import Absence, AbsenceRow, Roster
from twin.element.people.crew import Crew, Group


class GroupRow(NamedTuple):
    """A group in the plan."""

    count: int  # type: ignore[assignment]  # hides tuple.count, which no row uses
    skills: tuple[int, ...]
    calendar: ElementId
    at_end: str
    preempt: bool
    walking: float
    """Metres a second; 0: no time to walk."""
    tour: tuple[ElementId, ...]
    wage: MoneyRate
    """Of one person."""
    power: tuple[PowerRow, ...]
    """What one of them draws, a row a carrier: held is working, free or absent is starved, closed is off."""
    modes: tuple[tuple[str, AbsenceRow], ...] = ()
    """('breakdowns', its row) for each way to be absent."""


@register("element", "operators")
class Operators(Kind):
    """A group of people with the same skills and hours.

    operators:
      team:    {count: 3, skills: [machining, assembly], calendar: two_shifts}
      fitters: {count: 1, skills: [maintenance], preempt: true}
      robot:   {breakdowns: {arm: {mtbf: 40 h, mttr: 1 h, task: stop, by: maintenance}}}
    """

    SECTION: ClassVar[str] = "operators"
    WORD: ClassVar[str] = "operators"

    count: Annotated[int, Field(ge=1, le=10_000)] = 1
    """People in the group."""
    skills: list[str] = Field(default_factory=list)
    """What they can do; default the group's own name."""
    calendar: str | None = None
    """Working hours; default the calendar of the layout."""
    at_end: Literal["stop", "finish"] = "finish"
    """At a closing or break they finish their task, or leave it at once."""
    preempt: bool = False
    """A task of higher priority stops one of lower, which goes on later."""
    walking: Annotated[float, Quantity("speed", positive=True)] | None = None
    """Walking speed between the 'at' points of stations; without it walking takes no time."""
    tour: list[str] = Field(default_factory=list)
    """Stations to go round in this order, waiting at each."""
    wage: Annotated[float, Quantity("money per time")] | None = None
    """Cost of one person, for the working hours and overtime."""
    breakdowns: dict[str, Absence] = Field(default_factory=dict)
    """Ways in which one of them is away now and then, each with a name: a robot fails, somebody is ill."""
    power: HelperPower | None = None
    """What one of the group draws: of robots, dies, other helpers that are held for a time."""

    def people(self) -> int:
        return self.count

    def skills_of(self, name: str) -> tuple[str, ...]:
        return tuple(self.skills) or (name,)

    def rounds(self) -> tuple[str, ...]:
        return tuple(self.tour)

    def numbers(self, names: Names) -> GroupRow:
        skills = self.skills_of(names.element.name)
        tour = tuple(names.find(("tour", i), word, TOURED) for i, word in enumerate(self.tour))
        if tour and self.preempt:
            names.problem(("preempt",), "people on a tour cannot be called away; leave out 'preempt'")
        return GroupRow(
            count=self.count,
            skills=tuple(names.skill(("skills", i), word) for i, word in enumerate(skills)),
            calendar=names.calendar(("calendar",), self.calendar),
            at_end=self.at_end,
            preempt=self.preempt,
            walking=self.walking or 0.0,
            tour=tour,
            wage=self.wage or 0.0,
            power=power_rows(names, self.power),
            modes=tuple(("breakdowns", mode.numbers(names, name, self)) for name, mode in self.breakdowns.items()),
        )

    def review(self, names: Names, rows: tuple[Any, ...]) -> None:
        row = rows[names.index]
        without_hours(names, row.calendar)
        without_ends(names, row.walking, row.skills, rows)

    @classmethod
    def build(cls, run: Run, index: int, row: GroupRow) -> None:
        crew: Crew = run.services.setdefault("crew", Crew(run))
        group = Roster(run, index, row, crew) if row.modes else Group(run, index, row, crew)
        crew.groups.append(group)
        run.parts[index] = group
        run.leaves[index] = group.row_of_ledger
        run.hours(row.calendar, group)
