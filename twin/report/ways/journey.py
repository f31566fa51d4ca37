"""The way of each part through the plant, read from a trace: what it went through, and how it ended.

A trace does not say that a part is scrapped, joined to another one or turned away: such a part is seen no more, and
where it was seen last says which it is. This is the one place that judges it; figures count these ways, and
``replayed`` shows the same parts as they stand and move.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from twin.core.plan import ElementId, Micro, Plan
from twin.report.plant.carts import travelled
from twin.report.plant.graph import backward, edges, layers, nodes
from twin.report.ways.trace import Row, last_time

Fate = Literal["left", "inside", "scrapped", "joined", "refused"]
"""How a part ends: through a sink, in the plant as the run ends, scrapped, joined to another, turned away."""


class Step(NamedTuple):
    """Something that begins for a part."""

    time: Micro
    element: ElementId
    doing: str
    """'in' or 'out' of a place, or the state of the machine that has it."""


class Journey(NamedTuple):
    """A part from where it is first seen to its end."""

    part: str
    steps: tuple[Step, ...]
    fate: Fate
    at: ElementId
    """Where it ends: the sink, the source that turned it away, or the station that scraps it or joins it to another; of
    one inside where it stands."""
    end: Micro
    """When it ends; infinite for one inside."""
    before: tuple[Step, ...] = ()
    """The steps of the part that it was taken from, until then."""


def columns(plan: Plan) -> dict[ElementId, int]:
    """How far down the flow each element of the drawing stands, from 0; ways back do not count."""
    found, pairs = nodes(plan), edges(plan)
    rings = set(backward(found, pairs))
    return layers(found, [pair for pair in pairs if pair not in rings])


def journeys(plan: Plan, trace: Sequence[Row]) -> list[Journey]:
    """All parts of a trace, in the order in which they are first seen; a lot is one part.

    What happens in one instant is put in the order of the flow. Of a load the trace names one part; the others do as
    that one does until they leave. What is taken apart goes on as its first piece; the other pieces begin there.
    """
    column = columns(plan)
    index = {element.name: i for i, element in enumerate(plan.elements) if i in column}
    steps = _steps(trace, index, column)
    leads = _follow_loads(plan, trace, index, steps)
    ends = _Ends(plan, trace, leads)
    finish = max((row[0] for row in trace), default=0.0)
    wholes = _Wholes(plan, {key: min(time, finish) for key, time in ends.released.items()}, steps)
    return [
        Journey(part, tuple(mine), *ends.of(part, mine[-1]), before=wholes.before(part, mine[0]))
        for part, mine in steps.items()
    ]


def _steps(
    trace: Iterable[Row], index: Mapping[str, ElementId], column: Mapping[ElementId, int]
) -> dict[str, list[Step]]:
    rank = {"in": 0, "out": 1}
    found: dict[str, list[Step]] = defaultdict(list)
    for time, name, _, doing, part in trace:
        if part not in ("", None, -1) and name in index:
            found[str(part)].append(Step(time, index[name], doing))
    for mine in found.values():
        mine.sort(key=lambda step: (step.time, column[step.element], rank.get(step.doing, 2)))
    return dict(found)


def _follow_loads(
    plan: Plan, trace: Iterable[Row], index: Mapping[str, ElementId], steps: dict[str, list[Step]]
) -> dict[str, str]:
    """Give the parts of a load the steps of the one that the trace names; who named each part's last load."""
    ovens = {i for i, _, row in plan.of("stations") if getattr(row, "batch", None) is not None}
    taker = {p.owner: t for p in plan.places for t in p.takers if t in ovens}
    taken: dict[tuple[ElementId, Micro], list[str]] = defaultdict(list)
    for time, name, _, doing, part in trace:
        if doing == "out" and index.get(name, -1) in taker:
            taken[index[name], time].append(str(part))
    leads: dict[str, str] = {}
    for (place, time), parts in taken.items():
        lead: list[Step] = []
        leader = parts[0]
        for part in parts:
            if own := _worked(steps[part], taker[place], time):
                lead, leader = own, part
            else:
                leads[part] = leader
                _join(steps[part], lead, time)
    return leads


def _worked(mine: Iterable[Step], station: ElementId, since: Micro) -> list[Step]:
    return [s for s in mine if s.element == station and s.time >= since and s.doing not in ("in", "out")]


def _join(mine: list[Step], lead: Sequence[Step], since: Micro) -> None:
    """Put the steps of ``lead`` behind those until ``since``, as far as the next one of its own."""
    at = next((i for i, step in enumerate(mine) if step.time > since), len(mine))
    until = mine[at].time if at < len(mine) else math.inf
    mine[at:at] = [step for step in lead if step.time < until]


def _released(trace: Iterable[Row]) -> dict[tuple[str, str], Micro]:
    """When a machine of each element last let go of each part; infinite where it has it as the run ends."""
    found: dict[tuple[str, str], Micro] = {}
    has: dict[tuple[str, int], str] = {}
    for time, name, machine, doing, part in trace:
        if doing not in ("in", "out"):
            before = has.get((name, machine), "")
            if before and before != part:
                found[before, name] = time
            has[name, machine] = str(part or "")
    return found | {(part, name): math.inf for (name, _), part in has.items() if part}


class _Ends:
    """How parts end."""

    def __init__(self, plan: Plan, trace: Sequence[Row], leads: Mapping[str, str]) -> None:
        self._sinks = {i for i, _, _ in plan.of("sinks")}
        self._stations = {i: row for i, _, row in plan.of("stations")}
        self._racks = {i for i, _, _ in plan.of("buffers")}
        self._sources = {i for i, _, _ in plan.of("sources")}
        self._takers = {place.owner: place.takers for place in plan.places}
        self._carried = {giver for giver, _ in travelled(plan)}
        self._places_of = plan.places
        self._names = [element.name for element in plan.elements]
        self.released, self._leads = _released(trace), leads
        self._finish = last_time(plan, trace)
        self._lifted = self._on_vehicles(plan, trace)

    def _on_vehicles(self, plan: Plan, trace: Iterable[Row]) -> Micro:
        """When the first of the parts was lifted that are on vehicles as the run ends; infinite: none is."""
        fleets = {name for _, name, _ in plan.of("vehicles")}
        last = {(row[1], row[2]): str(row[4] or "") for row in trace if row[1] in fleets}
        aboard = set(last.values()) - {""}
        latest = dict.fromkeys(aboard, -math.inf)
        for (part, _), time in self.released.items():
            if part in aboard and math.isfinite(time):
                latest[part] = max(latest[part], time)
        return min(latest.values(), default=math.inf)

    def of(self, part: str, last: Step) -> tuple[Fate, ElementId, Micro]:
        """(fate, where, when) of a part whose last step is this."""
        if last.element in self._sinks:
            return "left", last.element, last.time
        if last.doing == "in":
            return "inside", last.element, math.inf
        if last.doing == "out":
            return self._taken(last)
        name = self._names[last.element]
        end = self.released.get((part, name), self.released.get((self._leads.get(part, ""), name), math.inf))
        if math.isinf(end) or (last.element in self._carried and end >= self._lifted):
            return "inside", last.element, math.inf
        return "scrapped", last.element, end

    def _taken(self, last: Step) -> tuple[Fate, ElementId, Micro]:
        """Of a part last seen as it left a place: joined to another, too old, turned away, or on its way at the end."""
        place = last.element
        takers = [(taker, self._stations.get(taker)) for taker in self._takers.get(place, ())]
        for taker, row in takers:
            takes: Sequence[Any] = getattr(row, "takes", ())
            if takes and self._places_of[takes[0].place].owner != place:
                return "joined", taker, last.time
        if place in self._carried:
            return "inside", place, math.inf
        if place in self._racks:
            return "scrapped", place, last.time
        loads = any(getattr(row, "batch", None) for _, row in takers)
        if place in self._sources and last.time < self._finish and not loads:
            return "refused", place, last.time
        return "inside", place, math.inf


class _Wholes:
    """The parts that others were taken from: pieces are named by the station that made them."""

    def __init__(
        self, plan: Plan, released: Mapping[tuple[str, str], Micro], steps: Mapping[str, Sequence[Step]]
    ) -> None:
        self._stations = {name: i for i, name, row in plan.of("stations") if getattr(row, "gives", ())}
        self._steps = steps
        self._whole = {(name, time): part for (part, name), time in released.items() if name in self._stations}

    def before(self, part: str, first: Step) -> tuple[Step, ...]:
        """What happened to a part before it was one, when its first step is this; empty: it came from a source."""
        name = part.rpartition(".")[0]
        whole = self._whole.get((name, first.time))
        if whole is None:
            return ()
        mine = self._steps[whole]
        at = max(i for i, step in enumerate(mine) if step.element == self._stations[name] and step.time <= first.time)
        return tuple(mine[: at + 1])
