"""Deadlock: parts that wait for each other's places, found by asking which machines can ever move again."""

from __future__ import annotations

from typing import Any

from twin.core.jam import jam
from twin.core.ledger import BLOCKED, REPAIR, SETUP, WORKING
from twin.core.plan import Micro, show_time
from twin.core.run import Run
from twin.core.timetable import WEEK, CalendarRow


def deadlock(run: Run) -> str | None:
    """One line that names the ring of parts that wait for each other's places; None when there is none.

    A place can get room when it has room or when somebody who can move takes from it; a blocked machine can
    move when a place it waits for can get room; what is not blocked can move. The rest can never move again.
    """
    stuck = {m.index: m for m in run.machines if m.doing == BLOCKED and m.part is not None and m.target is not None}
    free = {m.rank for m in run.machines if m.inlet is not None and m.index not in stuck}
    while True:
        moving = [m for m in stuck.values() if any(_can_get_room(run, p, free, set()) for p in targets(m))]
        if not moving:
            break
        for machine in moving:
            free.add(machine.rank)
            del stuck[machine.index]
    if stuck:
        return _ring(run, stuck)
    return jam(run) if run.cards is not None else None


class Quiet:
    """Whether nothing goes on any more but clocks, in a plant whose sources are spent.

    What waits for hours or people moves within a few rounds of the longest calendar, or never.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        calendars = [row for row in run.plan.rows if isinstance(row, CalendarRow)]
        self._span: Micro = 10 * max((row.period for row in calendars), default=0.0) + WEEK
        closings = [closing.end for row in calendars for closing in row.closed]
        self._looked: Micro = 0.0
        self._since: Micro = max(closings, default=0.0)
        """Since when nothing has gone on; not before the last closing."""
        self._progress: tuple[float, ...] = ()

    def for_ever(self) -> bool:
        """Look again: has nothing gone on for so long that nothing ever will?"""
        now, progress = self.run.env.now, self._so_far()
        moved = progress != self._progress or not all(source.spent() for source in self.run.sources)
        groups = getattr(self.run.services.get("crew"), "groups", ())
        cures = any(place.cures() for place in self.run.places) or any(one.cures(self._looked) for one in groups)
        if moved or cures or any(map(self._busy, self.run.machines)):
            self._progress, self._since = progress, max(self._since, now)
        self._looked = now
        return bool(now > self._since + self._span)

    def _so_far(self) -> tuple[float, ...]:
        run = self.run
        worked = sum(machine.worked + machine.cycles + sum(machine.done) for machine in run.machines)
        return (run.account.inside, worked, sum(getattr(place, "taken", 0) for place in run.places))

    def _busy(self, machine: Any) -> bool:
        """At work, or in a repair that has lasted since the last look: a short one is only a clock."""
        if machine.doing in (WORKING, SETUP):
            return True
        return bool(machine.doing == REPAIR and machine.since <= self._looked)


def targets(machine: Any) -> list[Any]:
    """The places a blocked machine waits for."""
    return list(getattr(machine.target, "places", [machine.target]))


def _can_get_room(run: Run, place: Any, free: set[int], seen: set[int]) -> bool:
    if place.opens() or id(place) in seen:
        return id(place) not in seen
    seen.add(id(place))
    movers = [m for m in run.movers if m.origin is place]
    return any(_can_get_room(run, m.target, free, seen) for m in movers) or any(
        taker in free for taker in place.row.takers
    )


def _ring(run: Run, stuck: dict[int, Any]) -> str:
    names = run.plan.elements
    machine = next(iter(stuck.values()))
    seen: list[int] = []
    while machine.rank not in seen:
        seen.append(machine.rank)
        following = _next(run, machine, stuck)
        if following is None:
            break
        machine = following
    ring = [names[rank].name for rank in seen[seen.index(machine.rank) :]]
    now = show_time(run.env.now)
    way = " -> ".join([*ring, ring[0]])
    return f"deadlock, found at {now}: {way}: each holds a part and waits for the next one's place"


def _next(run: Run, machine: Any, stuck: dict[int, Any]) -> Any:
    """A stuck machine that holds the place this one waits for."""
    takers = [taker for place in targets(machine) for taker in _takers(run, place, set())]
    return next((m for m in stuck.values() if m.rank in takers), None)


def _takers(run: Run, place: Any, seen: set[int]) -> list[int]:
    if id(place) in seen:
        return []
    seen.add(id(place))
    beyond = [taker for m in run.movers if m.origin is place for taker in _takers(run, m.target, seen)]
    return [*place.row.takers, *beyond]


def standing(run: Run) -> str:
    """Where parts stand that will never move, for a plant that cannot empty."""
    names = run.plan.elements
    found = [names[m.rank].name for m in run.machines if m.part is not None]
    found += [place.row.name for place in run.places if place.standing()]
    found += [names[vehicle.rank].name for vehicle in run.vehicles if vehicle.standing()]
    return ", ".join(dict.fromkeys(found))
