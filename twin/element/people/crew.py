"""People at work: who holds whom, who waits for whom, walking, closing hours; what groups do in a run.

A task asks with ``want()``, which gives None when people come on the spot, else an event, and frees them
with ``done()``. People are granted all at once or not at all, to the task of highest priority, then the
one that has waited longest, then in declared order.
"""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Iterator
from typing import Any

from twin.core.instant import ENDS
from twin.core.ledger import GroupLedger
from twin.core.plan import Micro, Needs, micro
from twin.core.run import Run
from twin.core.timetable import OPEN
from twin.element.people.loan import Lender, longest_free

Point = tuple[float, float] | None


class Person:
    """One of a group."""

    def __init__(self, group: Group, number: int) -> None:
        self.group, self.number = group, number
        self.task: Task | None = None
        self.at: Point = None
        self.free_since: Micro = 0.0
        self.since: Micro = 0.0
        """Since when he is held, as far as it is not counted."""
        self.stage = 0
        """Position on a tour."""
        self.touring = False
        """Whether the person is walking to the next stop of a tour."""

    def walk(self, to: Point) -> Micro:
        """Time to walk to a point, µs."""
        if self.group.speed == 0 or to is None or self.at is None:
            return 0.0
        return micro(math.dist(self.at, to) / self.group.speed)

    def fits(self, task: Task) -> bool:
        """Whether the person may take the task now, work in hand apart."""
        tour = self.group.tour
        return self.group.open and not self.touring and (not tour or tour[self.stage] == task.station)


class Group(Lender[Person]):
    """People who share skills and hours."""

    def __init__(self, run: Run, index: int, row: Any, crew: Crew) -> None:
        super().__init__(run, row.calendar)
        self.index, self.crew = index, crew
        self.count, self.skills, self.preempt = row.count, row.skills, row.preempt
        self.speed, self.tour, self.leaves = row.walking, row.tour, row.at_end == "stop"
        self.people = [self.member(number) for number in range(1, row.count + 1)]
        self.free = list(self.people)
        """Those without a task, the longest free first."""
        self.open = True
        self.code = run.instant.join(index, self._choose)
        run.lived.append(self)
        self.clear(0.0)

    def member(self, number: int) -> Person:
        """One of them, numbered from 1."""
        return Person(self, number)

    @property
    def revocable(self) -> bool:
        """Whether a task may lose these people before it is done."""
        return bool(self.preempt or self.leaves)

    def clear(self, now: Micro) -> None:
        """Forget the statistics so far."""
        self.since = now
        self.scheduled = self.overtime = 0.0
        self.busy = self.ahead(now)

    def close(self, now: Micro) -> None:
        """Add the open interval; take off what was booked ahead."""
        held = [person for person in self.people if person.task is not None or person.touring]
        passed = sum((now - person.since for person in held), 0.0)
        self.busy += passed - self.ahead(now)
        if self.open:
            self.scheduled += self.count * (now - self.since)
        else:
            self.overtime += passed
        self.since = now
        for person in held:
            person.since = now

    def row_of_ledger(self) -> GroupLedger:
        """The row of the ledger."""
        return GroupLedger(self.busy, self.scheduled, self.overtime)

    def calendar_change(self, state: int) -> None:
        """The group's hours begin or end."""
        self.close(self.env.now)
        self.open = state == OPEN
        if self.open:
            self.ask()
        elif self.leaves:
            for task in self._tasks():
                task.lose()

    def seat(self, person: Person) -> None:
        """The person, who was held until now, is free and may be called."""
        now, free = self.env.now, self.free
        if self.lent:
            self.settle()
        held = now - person.since
        self.busy += held
        if not self.open:
            self.overtime += held
        person.free_since = now
        if free and free[-1].free_since == now and free[-1].number > person.number:
            insort(free, person, key=longest_free)
        else:
            free.append(person)
        if self.crew.waiting:
            self.ask()

    def _tasks(self) -> list[Task]:
        return list(dict.fromkeys(p.task for p in self.people if p.task is not None))

    def ask(self) -> None:
        """Somebody may be free, or a task may wait."""
        if self.crew.waiting:
            lent = self.lent
            if self.open and (self.free or self.preempt or (lent and lent[0] <= self.env.now)):
                self.run.instant.ask(self.code)
            elif lent:
                self.foresee()

    def _choose(self) -> None:
        if self.crew.early:
            self.crew.settle(self)
            if not self.crew.waiting:
                return
        for entry in self.crew.waiting if self.open else ():  # it may have closed since it was asked
            task: Task = entry[-1]
            if self in task.groups and task.take():
                self.crew.waiting.remove(entry)
                come, task.on_come, task.span = task.on_come, None, None
                come()
                if self.crew.waiting:
                    self.ask()
                return
        if self.crew.waiting and self.lent:
            self.foresee()


class Crew:
    """All groups of a plant and the tasks that wait for people."""

    def __init__(self, run: Run) -> None:
        self.run, self.calm, self.ask, self.moment = run, run.calm, run.instant.ask, run.moment
        self.groups: list[Group] = []
        self.waiting: list[tuple[Any, ...]] = []
        self.early: list[Task] = []
        """Tasks that got somebody before it was his group's turn to choose: they may have to ``wait_after_all``."""
        self.asked = 0
        """How often people were asked for; a machine never asks twice at a time, so this breaks no tie."""

    def task(self, needs: Needs, owner: Any, station: int, priority: int, at: Point) -> Task:
        """A task of a machine, to be asked for again and again."""
        return Task(self, needs, owner, station=station, priority=priority, at=at)

    def want(self, task: Task) -> Any:
        """None when people come on the spot, else an event."""
        if not self.waiting and self.calm() and task.take():
            return None
        wake = task.owner.me if task.itself else self.run.event(self.run.env)
        task.line_up(wake.succeed)
        return wake

    def forget(self, task: Task) -> None:
        """The task no longer waits."""
        self.waiting = [entry for entry in self.waiting if entry[-1] is not task]
        task.on_come = task.span = None

    def settle(self, chooses: Group) -> None:
        """It is a group's turn: if anybody waits, all who got their people before it wait with him."""
        early = self.early
        self.early = [] if self.waiting else [task for task in early if task.only is not chooses]
        for task in early if self.waiting else ():
            assert task.only is not None
            assert task.loan is not None
            task.only.give_back(task.loan)
            task.owner.wait_after_all(task, task.loan - self.run.env.now)

    def match(self, task: Task) -> list[Person] | None:
        """People for all needs of a task, or None; those at work count where preemption allows it.

        Each need takes the first candidate that is left; who is already chosen gives way only when he can be
        replaced (a bipartite matching, so that one who can do two things does the one nobody else can).
        """
        units = [need.skill for need in task.needs for _ in range(need.people)]
        able = {skill: list(self._candidates(task, skill)) for skill in dict.fromkeys(units)}
        chosen: dict[Person, int] = {}
        for unit in range(len(units)):
            if not _place(unit, units, able, chosen, set()):
                return None
        return sorted(chosen, key=lambda person: chosen[person])

    def _candidates(self, task: Task, skill: int) -> Iterator[Person]:
        """Free people: first declared group, nearest, longest free; then those who may be called away."""
        groups = [group for group in self.groups if skill in group.skills]
        for group in groups:
            group.settle()
            free = [p for p in group.free if p.fits(task)]
            yield from sorted(free, key=lambda p: p.walk(task.at)) if group.speed else free
        for group in groups:
            if group.preempt:
                held = [(p, p.task) for p in group.people if p.task is not None and p.fits(task)]
                lower = [(t.priority, -t.started, p.number, p) for p, t in held if t.priority < task.priority]
                yield from (entry[-1] for entry in sorted(lower, key=lambda e: e[:3]))

    def grant(self, task: Task, people: list[Person]) -> None:
        """These people are the task's from now on."""
        if task.revokes:
            for victim in dict.fromkeys(p.task for p in people if p.task is not None):
                victim.lose()
        now = self.run.env.now
        task.walk = max(person.walk(task.at) for person in people)
        task.people, task.started = people, now
        for person in people:
            person.task, person.since = task, now
            person.group.free.remove(person)

    def release(self, task: Task) -> None:
        """The task's people are free."""
        people, task.people = task.people, []
        now = self.run.env.now
        for person in people:
            if now >= task.started + person.walk(task.at):  # else called away on the way: still where it set out
                person.at = task.at
            person.task = None
            if person.group.tour:
                self._go_on(person)
            else:
                person.group.seat(person)
        for group in dict.fromkeys(person.group for person in people):
            group.ask()

    def _go_on(self, person: Person) -> None:
        """Walk to the next stop of the tour."""
        group = person.group
        person.stage = (person.stage + 1) % len(group.tour)
        to = self.run.parts[group.tour[person.stage]].at
        person.touring = True

        def arrive() -> None:
            person.touring, person.at = False, to
            group.seat(person)

        self.run.later(person.walk(to), ENDS, arrive)


def _place(
    unit: int, units: list[int], able: dict[int, list[Person]], chosen: dict[Person, int], tried: set[Person]
) -> bool:
    """Find a person for one unit of the needs; others may change places for it."""
    people = [person for person in able[units[unit]] if person not in tried]
    free = next((person for person in people if person not in chosen), None)
    if free is not None:
        chosen[free] = unit
        return True
    for person in people:
        tried.add(person)
        if _place(chosen[person], units, able, chosen, tried):
            chosen[person] = unit
            return True
    return False


class Task:
    """Work that needs people; its owner has ``rank``, ``number`` and is told by ``on_loss``."""

    def __init__(self, crew: Crew, needs: Needs, owner: Any, *, station: int, priority: int, at: Point) -> None:
        self.crew, self.needs, self.owner, self.station = crew, needs, owner, station
        self.priority, self.at = priority, at
        self.people: list[Person] = []
        self.started: Micro = 0.0
        self.walk: Micro = 0.0
        self.on_come: Any = None
        """Called when the people come; None while it does not wait."""
        self.itself = False
        """Whether its owner waits for nothing else meanwhile, so that its life goes on without an event."""
        self.on_loss: Any = None
        """Called when the people leave before the task is done."""
        self.groups = tuple(g for g in crew.groups if any(need.skill in g.skills for need in needs))
        """Those who have one of the skills."""
        self.revocable = any(group.revocable for group in self.groups)
        self.revokes = any(group.preempt for group in self.groups)
        alone = len(needs) == 1 and needs[0].people == 1
        self.simple = alone and not any(g.revocable or g.speed or g.tour for g in self.groups)
        """Whether it takes one person, who walks nowhere and stays to the end."""
        self.lends = self.simple and all(group.lends for group in self.groups)
        """Whether that one may be lent for a time that is known beforehand."""
        self.only = self.groups[0] if len(self.groups) == 1 else None
        self.span: Micro | None = None
        """For how long it waits to borrow that one; None: he stays until he is let go."""
        self.loan: Micro | None = None
        """Until when the last one is borrowed."""
        self.lender: Any = self.only
        """The group he is of."""

    def want(self) -> Any:
        """Ask for the people: None when they come on the spot, else an event."""
        return self.crew.want(self)

    def take(self) -> bool:
        """Take people for all needs, if they are there; False when they are not."""
        if not self.simple:
            people = self.crew.match(self)
            if people is not None:
                self.crew.grant(self, people)
            return people is not None
        if self.span is not None:
            return self._borrow(self.span)
        for group in self.groups:
            if group.lent:
                group.settle()
            if group.free and group.open:
                person = group.free.pop(0)
                person.task, person.since, self.people = self, group.env.now, [person]
                return True
        return False

    def grab(self) -> bool:
        """Take the people on the spot if nobody else waits and they walk nowhere; else ``want``."""
        crew = self.crew
        return self.simple and not crew.waiting and crew.calm() and self.take()

    def borrow(self, span: Micro) -> bool:
        """The same, but for a time after which they go by themselves, where it ``lends``."""
        if not self.lends:
            return self.grab()
        crew, only = self.crew, self.only
        if crew.waiting:
            return False
        if only is None or not span:  # work of no length would end before anybody could be taken back
            return crew.calm() and self._borrow(span)
        self.loan = until = only.lend(span)
        if until is None:
            return False
        soon, pending, events = crew.moment
        if soon or pending or (events and events[0][0] <= only.env.now):  # calm(), without a call
            crew.early.append(self)
            crew.ask(only.code)
        return True

    def _borrow(self, span: Micro) -> bool:
        for group in self.groups:
            self.loan, self.lender = group.lend(span), group
            if self.loan is not None:
                return True
        return False

    def keep(self) -> None:
        """Who has come now and would go by himself stays until he is let go."""
        if self.loan is not None:
            person = self.lender.call_back(self.loan)
            person.task, person.since, self.people, self.loan = self, self.crew.run.env.now, [person], None

    def line_up(self, on_come: Any, span: Micro | None = None) -> None:
        """Wait for the people, in order of priority, then of waiting time, then of where the owner stands.

        ``span``: they go by themselves after that time.
        """
        crew, owner = self.crew, self.owner
        self.on_come, self.span, self.loan = on_come, span, None
        insort(crew.waiting, (-self.priority, crew.run.env.now, owner.rank, owner.number, crew.asked, self))
        crew.asked += 1
        for group in self.groups:
            group.ask()

    def done(self) -> None:
        """Let the people go, or stop waiting for them."""
        people = self.people
        if people and self.simple:
            self.people, people[0].task = [], None
            people[0].group.seat(people[0])
        elif people:
            self.crew.release(self)
        elif self.on_come is not None:
            self.crew.forget(self)

    def lose(self) -> None:
        """The people leave before the task is done."""
        self.crew.release(self)
        if self.on_loss is not None:
            self.on_loss()
