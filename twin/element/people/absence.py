"""Absence: ways in which one of a group is away now and then: a robot fails, somebody is ill or called away.

Each member of the group has clocks of its own. Groups without breakdowns know none of this.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, NamedTuple

from twin.core.compiling.names import Names
from twin.core.compiling.staffing import shortage
from twin.core.instant import ENDS, STOPS
from twin.core.ledger import REPAIR, STARVED, GroupLedger
from twin.core.plan import NEVER, Draw, Micro, Needs
from twin.core.problem import quoted
from twin.core.run import Run, Steps
from twin.element.machines.failure import Failure, Mode
from twin.element.people.crew import Crew, Group, Person
from twin.law.law import LawOf


class AbsenceRow(NamedTuple):
    """A way to be absent in the plan."""

    name: str
    clock: str
    up: Draw
    repair: Draw
    first: Draw | None
    """The first time up, when it has a law of its own."""
    running: int
    """Stream for one in mid-life at time 0; -1: the first time up is a fresh draw."""
    needs: Needs
    task: str
    """'stop': the task in hand is left at once; 'finish': it is finished first."""


class Absence(Failure):
    """A way in which one of the group is away now and then; each of them by a clock of his own.

    breakdowns:
      arm:     {mtbf: 40 h, mttr: 1 h, task: stop, by: maintenance}
      illness: {mtbf: 900 h, mttr: {lognormal: {mean: 3 d, cv: 1}}, clock: shift}
    """

    mtbf: Annotated[Any, LawOf("time", bare="exponential", positive=True, fitted="up")]
    """Time from the end of one absence to the next; a bare mean is exponential."""
    mttr: Annotated[Any, LawOf("time", bare="exponential", positive=True, fitted="repair")]
    """How long it lasts, wait for people not included; a bare mean is exponential."""
    clock: Literal["working", "shift", "calendar"] | None = None
    """When the time up runs: while held by a task (default), while the group's calendar is open, or always."""
    task: Literal["finish", "stop"] | None = None
    """The task in hand is finished first, or left at once; default 'finish', of a group with 'preempt' 'stop'."""

    def numbers(self, names: Names, name: str, group: Any) -> AbsenceRow:
        """The row of this way to be absent of a group."""
        loc = ("breakdowns", name)
        known = self.known(names, loc)
        if known.mtbf.dimension == "cycles":
            names.problem((*loc, "mtbf"), "people know no cycles; write a time, such as '40 h'")
        return AbsenceRow(
            name=name,
            clock=known.clock_of(names, loc),
            **known.times(names, loc, group.count)._asdict(),
            needs=self._helpers(names, (*loc, "by")),
            task=self.task or ("stop" if group.preempt else "finish"),
        )

    def _helpers(self, names: Names, loc: tuple[str, ...]) -> Needs:
        """Who repairs: never the group itself, for all of it may be away."""
        if not self.by:
            return ()
        others = [e for e in names.layout.elements if e.section == "operators" and e.name != names.element.name]
        able = [_Able(e.kind.people(), e.kind.skills_of(e.name)) for e in others if e.kind.SOUND]
        needs = names.needs(loc, self.by)
        if all(need.skill >= 0 for need in needs) and shortage(self.by, able):
            skills = ", ".join(map(quoted, self.by))
            names.problem(loc, f"a group does not repair itself, and there are too few others with {skills}")
        return needs


class _Able(NamedTuple):
    """Another group, as ``shortage`` asks for it."""

    people: int
    skills: tuple[str, ...]


class Member(Person):
    """One of a group who is away now and then."""

    _task: Any = None
    _touring = False

    def __init__(self, group: Roster, number: int) -> None:
        self.health = Health(group, self, number)
        super().__init__(group, number)

    @property
    def task(self) -> Any:
        """What holds the person."""
        return self._task

    @task.setter
    def task(self, task: Any) -> None:
        self._task = task
        self.health.holds(task is not None)

    @property
    def touring(self) -> bool:
        """Whether the person is walking to the next stop of a tour."""
        return self._touring

    @touring.setter
    def touring(self, touring: bool) -> None:
        self._touring = touring
        if not touring:
            self.health.let_go()

    def fits(self, task: Any) -> bool:
        """Whether the person may take the task now, work in hand apart; not who is about to go."""
        return super().fits(task) and self.health.next_due() is None


class Health:
    """What sends a person away: for breakdowns it is what a machine is for those of a station.

    Whoever is free, or leaves the task at once, goes in the step of the instant in which stops begin.
    """

    cycles = 0.0

    def __init__(self, group: Roster, person: Member, number: int) -> None:
        run = group.run
        self.run, self.env, self.rank, self.number = run, run.env, group.index, number
        self.group, self.person = group, person
        self.hours = run.timetable(group.row.calendar)
        self.modes: tuple[Mode, ...] = ()
        self.away = self._held = False
        self.state, self.since = STARVED, 0.0
        self._worked = self._held_since = 0.0
        self._alarm: Micro = NEVER
        self.me = run.start(self.live())

    def live(self) -> Steps:
        """Absences, for ever; it begins when all groups are there."""
        self.modes = tuple(Mode(self, row) for _, row in self.group.row.modes)
        for mode in self.modes:
            mode.begin()
        while True:
            yield
            while (due := self.next_due()) is not None:
                yield from due.stop()
            self.enter(STARVED)
            self.away = False
            self.group.welcome(self.person)

    # -- the clock of the time at work

    def holds(self, held: bool) -> None:
        """A task holds the person, or no longer; the clock 'working' runs meanwhile."""
        self._worked, self._held_since = self.worked, self.env.now
        self._held = held
        if held:
            self.refresh()
        else:
            self.let_go()

    @property
    def worked(self) -> Micro:
        """Time held by tasks so far, walking to them included, µs."""
        return self._worked + self.env.now - self._held_since if self._held else self._worked

    def refresh(self) -> None:
        """Foresee when the clock of the time at work next runs out; one alarm will do, for it never comes too late."""
        due = min((mode.due for mode in self.modes if mode.seen == NEVER), default=NEVER)
        if self._held and due < NEVER:
            at = self.env.now + max(due - self.worked, 0.0)
            if at < self._alarm:
                self._alarm = at
                self.run.later(at - self.env.now, STOPS, self._ring)

    def _ring(self) -> None:
        if self._alarm <= self.env.now:
            self._alarm = NEVER
        self.attend()
        self.refresh()

    # -- going

    def attend(self, interrupts: bool = True) -> None:
        """A breakdown may be due: go, leave the task in hand, or finish it first."""
        if self.away or self.next_due() is None:
            return
        if self._held:
            if any(mode.row.task == "stop" and mode.due_at() < NEVER for mode in self.modes):
                self.person.task.lose()
        elif not self.person.touring:
            self.away = True
            self.group.part_with(self.person)
            self.me.succeed()

    def let_go(self) -> None:
        """Nothing holds the person any more: who is due to go goes in this instant."""
        if self.next_due() is not None:
            self.run.later(0.0, STOPS, self.attend)

    def next_due(self) -> Mode | None:
        """The breakdown that fell due first."""
        found, first = None, NEVER
        for mode in self.modes:
            at = mode.due_at()
            if at < first:
                found, first = mode, at
        return found

    # -- what a breakdown asks of a machine

    def enter(self, state: int) -> None:
        """Be in repair, or wait for who repairs."""
        self.state, self.since = state, self.env.now

    def flush(self) -> None:
        """The group books the time."""

    def task(self, needs: Needs) -> Any:
        """The task of those who repair."""
        return self.group.crew.task(needs, self, self.rank, 0, None)

    def fetch(self, task: Any, stops: bool) -> Steps:
        """Wait until those who repair are here; False when they have left again."""
        task.at = self.person.at
        asked = task.want()
        if asked is not None:
            yield asked
        if task.walk:
            yield self.pause(task.walk, ENDS, task, stops)
        return bool(task.people)

    def pause(self, span: Micro, priority: int, task: Any, stops: bool) -> Any:
        """An event after ``span``, or earlier when those who repair leave."""
        wake = self.run.event(self.env)

        def ring() -> None:
            if not wake.triggered:
                wake.succeed()

        self.run.later(span, priority, ring)
        task.on_loss = ring
        return wake


class Roster(Group):
    """A group of which some are away at times."""

    LENDS = False

    def __init__(self, run: Run, index: int, row: Any, crew: Crew) -> None:
        self.row = row
        self.away = 0
        self._booked: Micro = 0.0
        super().__init__(run, index, row, crew)
        run.healing.append(self)

    def member(self, number: int) -> Member:
        """One of them, numbered from 1."""
        return Member(self, number)

    @property
    def revocable(self) -> bool:
        """Whether a task may lose these people before it is done."""
        return super().revocable or any(mode.task == "stop" for _, mode in self.row.modes)

    def part_with(self, member: Member) -> None:
        """Somebody who was free goes."""
        self._book()
        self.free.remove(member)
        self.away += 1

    def welcome(self, member: Member) -> None:
        """Somebody is back."""
        self._book()
        self.away -= 1
        member.since = self.env.now  # nobody held him meanwhile
        self.seat(member)

    def cures(self, before: Micro) -> bool:
        """Whether somebody is being repaired since before that time, so that what waits for people may still move."""
        return any(h.state == REPAIR and h.since <= before for h in self._healths())

    def _healths(self) -> Iterator[Health]:
        return (person.health for person in self.people if isinstance(person, Member))

    def calendar_change(self, state: int) -> None:
        """The group's hours begin or end."""
        self._book()
        super().calendar_change(state)

    def clear(self, now: Micro) -> None:
        """Forget the statistics so far."""
        super().clear(now)
        self._booked, self.absent = now, 0.0

    def close(self, now: Micro) -> None:
        """Add the open interval."""
        self._book()
        super().close(now)

    def _book(self) -> None:
        now = self.env.now
        if self.open:
            self.absent += self.away * (now - self._booked)
        self._booked = now

    def row_of_ledger(self) -> GroupLedger:
        """The row of the ledger."""
        return super().row_of_ledger()._replace(absent=self.absent)
