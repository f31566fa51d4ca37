"""Runs that would never end although nobody waits for anybody: nothing is finished, taken or left any more.

A run with a horizon ends all the same; it tells at its end what has stood for long (``Standstill``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from twin.core.ledger import (
    MAINTENANCE,
    MICRO_STOP,
    REPAIR,
    SETUP,
    WAITING,
    WAITING_OPERATOR,
    WAITING_REPAIR,
    WORKING,
)
from twin.core.plan import NEVER, Micro, show_time
from twin.core.run import Run
from twin.core.running.choice import Inlet
from twin.core.running.gather import Assembly, Loading
from twin.core.running.through import GatedLoading
from twin.core.said import lasting
from twin.core.standstill.able import Able
from twin.core.standstill.warned import said
from twin.core.timetable import WEEK, CalendarRow
from twin.core.unit import MICRO

STOPPED = (REPAIR, MICRO_STOP, MAINTENANCE, SETUP)
"""States of a machine that stands for a time of its own."""
MOST = 10_000
"""Parts in one kit or load: when so many more have come and nothing has gone on, it is not for want of parts."""
NO_PEOPLE, NO_DRIVER, NO_CARDS, BEGINS_AGAIN = map(said, ("no_people", "no_driver", "no_cards", "begins_again"))
TRIES = 3
"""Stops in one part, some of which made it begin again, from which on that is said."""
LOOKS, EARLY = 10, 8
"""Looks at a plant, spread evenly over its run; early ones."""
ROUNDS, TIMES = 10, 500
"""Rounds of the longest calendar, and times the longest mean time of the plan, in which something must go on."""
SHARE, TURNS = 0.1, 2
"""Share of a run, and rounds of the longest calendar, for which what is told at its horizon has stood."""
PATIENCE = 4
"""Spans after which a machine that stands for a short time counts no more."""


def moments(now: Micro, until: Micro) -> Iterator[Micro]:
    """Times of looks at a plant, the end last: evenly spread ones, and before the first earlier ones, by halves."""
    span = until - now
    if 0 < span < float("inf"):
        early = (1 / LOOKS / 2.0**n for n in range(EARLY, 0, -1))
        shares = (*early, *(n / LOOKS for n in range(1, LOOKS)))
        yield from dict.fromkeys(at for share in shares if now < (at := now + float(round(span * share))) < until)
    yield until


class Quiet:
    """Whether nothing goes on any more but clocks, in a plant whose sources are limited.

    What waits for hours or people moves within a few rounds of the longest calendar, or never. Work that begins again
    and again, stops that come and go and parts that only arrive are no progress.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        calendars = [row for row in run.plan.rows if isinstance(row, CalendarRow)]
        longest = max((law.mean for law in run.plan.laws if law.scale == MICRO), default=WEEK)
        self._span: Micro = ROUNDS * max((row.period for row in calendars), default=0.0) + min(WEEK, TIMES * longest)
        closings = [closing.end for row in calendars for closing in row.closed]
        self._since: Micro = max(closings, default=0.0)
        """Since when nothing has gone on; not before the last closing."""
        self._progress: tuple[float, ...] = ()
        self._worked = [0.0] * len(run.machines)
        """Working time of each machine at the last look."""
        self._came = 0
        """Parts that had come then."""

    @property
    def lasts(self) -> Micro:
        """For how long nothing has gone on."""
        return float(self.run.env.now - self._since)

    def for_ever(self) -> bool:
        """Look again: has nothing gone on for so long that nothing ever will?"""
        now, progress = self.run.env.now, self._so_far()
        if progress != self._progress or self._waits():
            self._progress, self._since = progress, max(self._since, now)
            self._came = self._arrived()
        self._worked = [machine.worked for machine in self.run.machines]
        stands = any(machine.doing in STOPPED for machine in self.run.machines)
        return self.lasts > self._span * (PATIENCE if stands else 1)

    def _so_far(self) -> tuple[float, ...]:
        """Parts finished, taken from places inside, brought and gone."""
        run = self.run
        finished = sum(sum(machine.done) - sum(machine.repeated) for machine in run.machines)
        sources = {source.index for source in run.sources}
        taken = sum(place.taken for place in run.places if place.owner not in sources)
        return (finished, taken, sum(one.brought for one in run.vehicles), run.account.last_exit)

    def _arrived(self) -> int:
        return sum(source.made for source in self.run.sources)

    def _waits(self) -> bool:
        """Whether something goes on that takes its time: work, a long stop, curing, parts that are still to come."""
        run, long_ago = self.run, self.run.env.now - self._span / 2
        return (
            (any(source.awaited() for source in run.sources) and self._arrived() <= self._came + MOST)
            or any(place.cures() for place in run.places)
            or any(group.cures(long_ago) for group in run.healing)
            or any(self._busy(machine, long_ago) for machine in run.machines)
        )

    def _busy(self, machine: Any, long_ago: Micro) -> bool:
        """At work that goes on and has not begun again, or at a stand for long: not a stop like others."""
        if machine.in_work() and machine.doing in (WORKING, SETUP):
            goes_on = machine.over < 0 or machine.worked > self._worked[machine.index]
            return bool(goes_on and machine.restarted <= self._since)
        return bool(machine.doing in STOPPED and machine.since <= long_ago)


class Mark(NamedTuple):
    """What has come about at a machine or vehicle until a look."""

    at: Micro
    """The first look at which it was so."""
    progress: tuple[Any, ...]


class Begun(NamedTuple):
    """A part on a machine at a look, and the first look at which it was there."""

    at: Micro
    part: tuple[Any, ...]
    stops: int
    """How often the machine had stopped by then."""


class Standstill:
    """What has stood still for long at the horizon of a run, for want of people or between hours and stops.

    It is looked at now and then, as the plant is for deadlocks; who has not got on since a look has stood since then.
    Work that begins again and again gets on and comes to nothing: there it is the part that has to be another one.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self._marks: list[Mark] = []
        self._begun: list[Begun] = []

    def look(self) -> None:
        """Note how far each machine and vehicle has come."""
        now, found = self.run.env.now, list(self._progress())
        old = self._marks or [Mark(now, one) for one in found]
        self._marks = [was if was.progress == one else Mark(now, one) for was, one in zip(old, found, strict=True)]
        parts = [Begun(now, (machine.part, sum(machine.done)), _stops(machine)) for machine in self.run.machines]
        pairs = zip(self._begun or parts, parts, strict=True)
        self._begun = [was if was.part == one.part and was.stops <= one.stops else one for was, one in pairs]

    def _progress(self) -> Iterator[tuple[Any, ...]]:
        for machine in self.run.machines:
            yield (machine.part, machine.worked, sum(machine.done))
        for vehicle in self.run.vehicles:
            yield (vehicle.state, vehicle.brought)

    def told(self) -> Iterator[str]:
        """At the horizon: a line for each reason why something stands, since when and where."""
        self.look()
        since, stand = self._enough(), self.run.machines + self.run.vehicles
        again = {self.run.plan.elements[machine.rank].name: at for machine, at in self._again(since)}
        yield from self._lines({BEGINS_AGAIN: again} if again else {})
        old = [(mark.at, one) for mark, one in zip(self._marks, stand, strict=True) if mark.at <= since + 1]
        if not old or any(group.cures((since + self.run.env.now) / 2) for group in self.run.healing):
            return
        found, able = dict[str, dict[str, Micro]](), Able(self.run)
        for at, one in old:
            if why := self._why(able, one, at, [owner for _, owner in old]):
                found.setdefault(why, {})[self.run.plan.elements[one.rank].name] = at
        yield from self._lines(found)

    def _again(self, since: Micro) -> Iterator[tuple[Any, Micro]]:
        """Machines that have begun their part again and again, at least since then, and since when."""
        for begun, machine in zip(self._begun, self.run.machines, strict=True):
            tried = machine.restarted > begun.at and _stops(machine) - begun.stops >= TRIES
            if tried and begun.at <= since + 1 and machine.part is not None and machine.target is None:
                yield machine, begun.at

    def _lines(self, found: Mapping[str, Mapping[str, Micro]]) -> Iterator[str]:
        for why, names in found.items():
            since = max(names.values())
            shown = lasting(show_time(since), since / MICRO)
            yield said("still_one" if len(names) == 1 else "still", names=", ".join(names), time=shown, why=why)

    def _enough(self) -> Micro:
        """What has stood since then has stood for long; the last closing is over then."""
        plan, now = self.run.plan, self.run.env.now
        calendars = [row for row in plan.rows if isinstance(row, CalendarRow)]
        long = max(SHARE * plan.horizon, TURNS * max((row.period for row in calendars), default=0.0))
        closed = any(one.begin < now and one.end > now - long for row in calendars for one in row.closed)
        return -1.0 if closed else float(now - long)

    def _why(self, able: Able, one: Any, since: Micro, stand: list[Any]) -> str:
        if one in self.run.vehicles:
            return NO_DRIVER if one.state == WAITING and _in_vain([one.task], stand) else ""
        if one.inlet is None:
            return ""
        now = self.run.env.now
        works = one.in_work() and one.doing in (WORKING, SETUP)
        if works or (one.doing in STOPPED and one.since <= (since + now) / 2 and not _asks(one)):
            return ""
        if _lacks_cards(able, one):
            return NO_CARDS
        why = _reason(able, one, NEVER)
        if why == NO_PEOPLE:
            return why if _in_vain(_asks(one), stand) else ""
        return why if one.part is not None or _kept(able, one, since) else ""


def _stops(machine: Any) -> int:
    """How often a machine has stopped in this window."""
    return sum(mode.count for mode in machine.modes)


def _asks(machine: Any) -> list[Any]:
    """The tasks with which a machine waits for people."""
    tooling = machine.tooling.task if machine.tooling is not None else None
    own = (machine.cycle_task, machine.load_task, machine.unload_task, tooling, *(mode.task for mode in machine.modes))
    return [task for task in dict.fromkeys(own) if task is not None and task.on_come is not None]


def _in_vain(tasks: list[Any], stand: list[Any]) -> bool:
    """Whether nobody who could come is lent, or held by what goes on, so that he may come later."""
    groups = dict.fromkeys(group for task in tasks for group in task.groups)
    held = (one.task.owner for group in groups for one in group.people if one.task is not None)
    lent = any(group.ahead(group.env.now) > 0 for group in groups)
    return not lent and all(any(one is owner for owner in stand) for one in held)


def _lacks_cards(able: Able, machine: Any) -> bool:
    """Whether an idle machine stands before a source that is never short, and the next parts make no load with cards.

    That they are the next ones for ever is not seen by ``Able``, which counts on other products to come.
    """
    inlet = machine.inlet
    if not isinstance(inlet, GatedLoading) or machine.part is not None or _rests(machine):
        return False
    supply = any(place.endless and place.rest() for place in able.inputs(machine.rank))
    return supply and inlet.find() is None and able.cards_home(machine.rank)


def _kept(able: Able, machine: Any, since: Micro) -> bool:
    """Whether parts have stood before an idle machine since then, and only its hours and stops keep it from them.

    Or those of the machine that holds them, where they would go straight from one to the other.
    """
    inputs = able.inputs(machine.rank)
    givers = (giver for place in inputs if not place.capacity for giver in _before(able, place))
    if any(_rests(giver) and giver.ready <= since and not able.stays(giver) for giver in givers):
        return True
    old = any(_since(able, one) <= since for one in inputs)
    return old and _rests(machine) and _offered(able, machine.inlet)


def _before(able: Able, door: Any) -> list[Any]:
    """The machines that hold a finished part at a direct arrow."""
    return [machine for machine in able.finished.values() if door in machine.target.places]


def _since(able: Able, place: Any) -> Micro:
    """Since when parts stand at a place or at a direct arrow."""
    if not place.capacity:
        return min((giver.ready for giver in _before(able, place)), default=NEVER)
    return 0.0 if place.endless else min((part.since for part in place.standing()), default=NEVER)


def _offered(able: Able, inlet: Any) -> bool:
    """Whether a machine could take something now."""
    if isinstance(inlet, Assembly | Loading):
        return inlet.find() is not None
    return inlet.best() is not None if isinstance(inlet, Inlet) else able.parts_at(inlet) > 0


def _rests(machine: Any) -> bool:
    """Whether a machine is closed, about to close, or at a stop."""
    return bool(machine.over >= 0 or machine.halted or machine.resting)


def standing(run: Run) -> str:
    """Where parts stand that will never move, for a plant that cannot empty."""
    names = run.plan.elements
    found = [names[m.rank].name for m in run.machines if m.part is not None]
    found += [place.row.name for place in run.places if place.standing() or (place.endless and place.rest())]
    found += [names[vehicle.rank].name for vehicle in run.vehicles if vehicle.standing()]
    return ", ".join(dict.fromkeys(found))


def never_empty(run: Run, quiet: Quiet | None) -> str:
    """One line for a plant that never becomes empty: where parts stand and why, as far as it can be told."""
    text = f"the plant never becomes empty: parts stand at {standing(run)} for ever"
    reasons = _reasons(run, quiet.lasts if quiet is not None else 0.0)
    if reasons:
        long = f"; nothing has gone on for {show_time(quiet.lasts)}" if quiet is not None and quiet.lasts else ""
        return f"{text}: {'; '.join(reasons)}{long}"
    return f"{text}; write 'run: {{horizon: 20 d}}'"


def _reasons(run: Run, lasts: Micro) -> list[str]:
    """Why machines and vehicles do not go on, by what they do."""
    found, able, since = dict[str, list[str]](), Able(run), run.env.now - lasts
    told = [(machine.rank, _reason(able, machine, since)) for machine in run.machines]
    told += [(one.rank, NO_DRIVER) for one in run.vehicles if one.state == WAITING]
    for rank, why in told:
        if why:
            found.setdefault(why, []).append(run.plan.elements[rank].name)
    return [f"{', '.join(dict.fromkeys(names))} {why}" for why, names in found.items()]


def _reason(able: Able, machine: Any, since: Micro) -> str:
    if machine.inlet is None or machine.target is not None:
        return ""
    inputs, rank = able.inputs(machine.rank), machine.rank
    if machine.part is None and not any(able.parts_at(one) and able.takes(rank, one) for one in inputs):
        return ""
    if machine.doing in (WAITING_OPERATOR, WAITING_REPAIR) or _asks(machine):
        return NO_PEOPLE
    if machine.part is None:
        return said("never_takes")
    if machine.restarted > since:
        return BEGINS_AGAIN
    return said("never_gets_on")
