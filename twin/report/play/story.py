"""A window of a traced run as a page replays it: for each thing that is shown, when it changes and to what."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from twin.core.plan import ElementId, Micro, Plan
from twin.core.run import Trace
from twin.core.timetable import STATES as HOURS
from twin.core.timetable import Timetable
from twin.report.plant.graph import Edge
from twin.report.ways.replayed import Hop, Step, tell
from twin.report.ways.trace import spans


class Line(NamedTuple):
    """What something is over time: ``value[i]`` from ``time[i]`` (µs of the run) until the next change."""

    time: list[Micro]
    value: list[str | int]

    def at(self, time: Micro) -> str | int:
        """What it is at a time that is not before the first change."""
        return self.value[bisect_right(self.time, time) - 1]


class Ride(NamedTuple):
    """The parts on a belt: when each was put on and taken off, µs of the run; the first on is the first off."""

    on: list[Micro]
    off: list[Micro]
    """Of the first parts of ``on``; the others are still there at the end of the window."""
    transit: Micro
    gap: Micro


class Story(NamedTuple):
    """All that a page shows of the window from ``begin`` to ``end``, µs of the run."""

    begin: Micro
    end: Micro
    machines: dict[tuple[ElementId, int], Line]
    """States of the machines of stations, the drives of conveyors and the vehicles of fleets."""
    levels: dict[ElementId, Line]
    """Parts in buffers, and in the queues of stations and sources where any ever stands."""
    belts: dict[ElementId, Ride]
    counts: dict[str, Line]
    """'good' and 'lost' since the begin of the window, 'inside': parts in the plant."""
    made: dict[ElementId, Line]
    """Parts that each sink received since the begin of the window."""
    cards: dict[ElementId, Line]
    """Cards in use of each loop of which the trace tells it."""
    hops: list[Hop]
    """In order of time; ``end`` may lie beyond the window."""
    hours: dict[ElementId, Line]
    """States of the calendars."""

    @property
    def size(self) -> int:
        """How many changes a page must hold."""
        lines = [*self.machines.values(), *self.levels.values(), *self.counts.values(), *self.made.values()]
        lines += [*self.cards.values(), *self.hours.values()]
        rides = sum(len(ride.on) + len(ride.off) for ride in self.belts.values())
        return sum(len(line.time) for line in lines) + rides + len(self.hops)

    @property
    def states(self) -> list[str]:
        """The states that are seen."""
        return list(dict.fromkeys(str(state) for line in self.machines.values() for state in line.value))


def story(plan: Plan, rows: Trace, begin: Micro, end: Micro, last: Micro) -> Story:
    """The window from ``begin`` to ``end`` of a run that was traced from time 0 to ``last``."""
    told = tell(plan, rows, last)
    steps = _steps(plan, rows)
    return Story(
        begin, end,
        machines=_machines(plan, rows, begin, end, last),
        levels={i: one for i, one in _levels(plan, steps, begin, end) if max(one.value) or _is(plan, i, "buffers")},
        belts={i: _ride(steps[i], row, begin, end) for i, _, row in plan.of("conveyors")},
        counts={
            "good": _since(told.good, begin, end),
            "lost": _since(told.lost, begin, end),
            "inside": _line(told.inside, begin, end),
        },
        made={i: _since([s for s in steps[i] if s.by > 0], begin, end) for i, _, _ in plan.of("sinks")},
        cards={i: _line(steps, begin, end) for i, steps in told.cards.items()},
        hops=[hop for hop in told.hops if hop.begin <= end and hop.end >= begin],
        hours={i: _hours(Timetable(row), begin, end) for i, _, row in plan.of("calendars")},
    )  # fmt: skip


def _is(plan: Plan, index: ElementId, section: str) -> bool:
    return plan.elements[index].section == section


def _machines(plan: Plan, rows: Trace, begin: Micro, end: Micro, last: Micro) -> dict[tuple[ElementId, int], Line]:
    found: dict[tuple[ElementId, int], list[tuple[Micro, str]]] = defaultdict(list)
    for span in spans(rows, last):
        found[plan.index(span.element), span.machine].append((span.begin, span.state))
    return {key: _cut(found[key], begin, end) for key in sorted(found)}


def _cut(changes: Sequence[tuple[Micro, str]], begin: Micro, end: Micro) -> Line:
    """The changes in a window, the first of them at its begin; what stays the same is no change."""
    line = Line([], [])
    for time, value in changes:
        if time > end:
            break
        if time <= begin:
            line.time[:], line.value[:] = [begin], [value]
        elif not line.value or line.value[-1] != value:
            line.time.append(time)
            line.value.append(value)
    return line


def _steps(plan: Plan, rows: Trace) -> dict[ElementId, list[Step]]:
    """What goes in and out at each element."""
    found: dict[ElementId, list[Step]] = defaultdict(list)
    for time, name, machine, state, _ in rows:
        if not machine and state in ("in", "out"):
            found[plan.index(name)].append(Step(time, 1 if state == "in" else -1))
    return found


def _levels(
    plan: Plan, steps: dict[ElementId, list[Step]], begin: Micro, end: Micro
) -> Iterator[tuple[ElementId, Line]]:
    for i, element in enumerate(plan.elements):
        if element.section not in ("sinks", "conveyors") and (i in steps or element.section == "buffers"):
            yield i, _line(steps.get(i, []), begin, end)


def _line(steps: Sequence[Step], begin: Micro, end: Micro) -> Line:
    """A count over a window, all steps of an instant together; what is there at time 0 came at time 0."""
    times, counts = [begin], list[str | int]([0])
    for step, count in zip(steps, accumulate(step.by for step in steps), strict=True):
        if step.time > end:
            break
        if step.time <= times[-1]:
            counts[-1] = count
        else:
            times.append(step.time)
            counts.append(count)
    kept = [n for n, count in enumerate(counts) if not n or count != counts[n - 1]]
    return Line([times[n] for n in kept], [counts[n] for n in kept])


def _since(steps: Sequence[Step], begin: Micro, end: Micro) -> Line:
    """A count from 0 at the begin of the window."""
    return _line([step for step in steps if step.time > begin], begin, end)


def _ride(steps: Sequence[Step], row: object, begin: Micro, end: Micro) -> Ride:
    on = [step.time for step in steps if step.by > 0 and step.time <= end]
    off = [step.time for step in steps if step.by < 0 and step.time <= end]
    gone = bisect_left(off, begin)
    return Ride(on[gone:], off[gone:], row.transit, row.gap)  # type: ignore[attr-defined]


def _hours(hours: Timetable, begin: Micro, end: Micro) -> Line:
    line = Line([begin], [HOURS[hours.state(begin)]])
    at, state = hours.next_change(begin)
    while at <= end:
        line.time.append(at)
        line.value.append(HOURS[state])
        at, state = hours.next_change(at)
    return line


def way_numbers(hops: Iterable[Hop]) -> dict[Edge, int]:
    """The arrows that parts travel in the window, numbered in order of their first hop."""
    return {way: n for n, way in enumerate(dict.fromkeys(hop.way for hop in hops))}
