"""Where every part of a traced run stands and moves, as a replay shows it: read from the trace alone.

A part stays at an element (in its place, or in one of its machines) and hops to the next one; hand-offs take no time,
but for those that vehicles make. How a part ends is said by ``journey``, for the replay as for the figures. They keep
two views of what comes before: a replay needs from when until when a part holds a place, whatever is done to it there
(stays), figures what begins for it and in which order (steps), of a load also for the parts that the trace names not.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from twin.core.plan import NEVER, ElementId, Micro, Plan
from twin.core.run import Trace
from twin.report.plant.carts import travelled
from twin.report.plant.graph import Edge, edges
from twin.report.ways.journey import Journey, journeys
from twin.report.ways.trace import Span, spans

Part = str
"""The name of a part in a trace: who brought it forth and a number, 'castings.17'."""


class Stay(NamedTuple):
    """A part at an element, µs; ``end`` is never while it is still there."""

    element: ElementId
    begin: Micro
    end: Micro
    held: bool = False
    """Whether a machine holds it."""


class Exit(NamedTuple):
    """When a part left the plant, µs (never: it is still inside), and how."""

    time: Micro
    fate: str
    """'good', 'lost' (scrapped or waste), 'gone' (joined to another part, or turned away as it came) or 'inside'."""


class Hop(NamedTuple):
    """A part on its way along an arrow, µs; ``end`` is ``begin`` but for vehicles."""

    begin: Micro
    end: Micro
    way: Edge


class Step(NamedTuple):
    """A change of a count at a time, µs."""

    time: Micro
    by: int


class Told(NamedTuple):
    """What a trace tells of all parts together; each list is in order of time."""

    hops: list[Hop]
    inside: list[Step]
    """Parts in the plant."""
    good: list[Step]
    lost: list[Step]
    """Parts that were scrapped, or left through a sink that is not good."""
    cards: dict[ElementId, list[Step]]
    """Cards in use, of each loop of which the trace tells it."""


class Ways:
    """The arrows of a plant: which parts travel, and what lies between two elements."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.driven = travelled(plan)
        self.after: dict[ElementId, list[ElementId]] = defaultdict(list)
        for a, b in edges(plan):
            self.after[a].append(b)
        self._from: dict[ElementId, dict[ElementId, ElementId]] = {}

    def between(self, a: ElementId, b: ElementId) -> list[Edge]:
        """The arrows of a shortest way from one element to another; none where there is no way."""
        if a not in self._from:
            self._from[a] = self._tree(a)
        path = [b]
        while path[-1] != a and path[-1] in self._from[a]:
            path.append(self._from[a][path[-1]])
        return list(pairwise(reversed(path))) if path[-1] == a else []

    def _tree(self, a: ElementId) -> dict[ElementId, ElementId]:
        """Each element that can be reached, with the one before it."""
        found: dict[ElementId, ElementId] = {}
        waiting = deque([a])
        while waiting:
            at = waiting.popleft()
            for step in self.after[at]:
                if step not in found and step != a:
                    found[step] = at
                    waiting.append(step)
        return found

    def drives(self, a: ElementId, b: ElementId) -> bool:
        """Whether a vehicle brings what goes from one element to another."""
        return a != b and self.between(a, b)[:1] != [] and self.between(a, b)[0] in self.driven

    def shows_cards(self, row: Any) -> bool:
        """Whether a trace tells how many cards of a loop are in use: it names no product, no vehicle is called."""
        called = any(a not in row.over and b in row.over for a, b in self.driven)
        return not row.products and not called

    @cached_property
    def gathers(self) -> frozenset[ElementId]:
        """Stations that take several parts at one moment, of which their machines name one."""
        return frozenset(i for i, _, row in self.plan.of("stations") if row.batch is not None or row.takes)

    def gatherer(self, last: Stay) -> ElementId | None:
        """Who took a part together with others from the place where it was seen last; None: nobody does."""
        near = (last.element, *self.after[last.element])
        return None if last.held else next((i for i in near if i in self.gathers), None)


def tell(plan: Plan, rows: Trace, end: Micro) -> Told:
    """What the trace of a run that ended at ``end`` tells."""
    ways = Ways(plan)
    told = Told([], [], [], [], {i: [] for i, _, row in plan.of("cards") if ways.shows_cards(row)})
    left = {way.part: _exit(way, plan, end) for way in journeys(plan, rows)}
    for part, found in _stays(plan, rows, end).items():
        stays, gone = _along(found, ways), left[part]
        told.hops.extend(_hops_of(part, stays, ways, gone))
        told.inside.append(Step(stays[0].begin, 1))
        _add(gone, told)
        for loop, steps in told.cards.items():
            steps.extend(_held_card(stays, frozenset(plan.rows[loop].over), ways, gone))
    told.hops.sort()
    for steps in (told.inside, told.good, told.lost, *told.cards.values()):
        steps.sort()
    return told


def _along(found: Sequence[Stay], ways: Ways) -> list[Stay]:
    return [stay for group in _instants(found) for stay in _in_order(group, ways)]


def _add(gone: Exit, told: Told) -> None:
    """Count an exit."""
    if gone.time < NEVER:
        told.inside.append(Step(gone.time, -1))
    if gone.fate in ("good", "lost"):
        (told.good if gone.fate == "good" else told.lost).append(Step(gone.time, 1))


def _stays(plan: Plan, rows: Trace, end: Micro) -> Mapping[Part, list[Stay]]:
    """The stays of every part, those that begin first first."""
    found: dict[Part, list[Stay]] = defaultdict(list)
    open_: dict[tuple[Part, ElementId], Micro] = {}
    for time, name, machine, state, part in rows:
        if machine or state not in ("in", "out"):
            continue
        at, who = plan.index(name), str(part)
        if plan.elements[at].section == "sinks":
            found[who].append(Stay(at, time, time))
        elif state == "in":
            open_[who, at] = time
        else:
            found[who].append(Stay(at, open_.pop((who, at), time), time))
    for (who, at), begin in open_.items():
        found[who].append(Stay(at, begin, NEVER))
    for span in _held(plan, spans(rows, end)):
        last = span.end if span.end < end else NEVER
        found[str(span.part)].append(Stay(plan.index(span.element), span.begin, last, held=True))
    for stays in found.values():
        stays.sort(key=lambda stay: stay[1:])
    return found


def _held(plan: Plan, found: Iterable[Span]) -> Iterator[Span]:
    """The spans in which a machine of a station holds a part, whatever its state."""
    mine = (one for one in found if plan.elements[plan.index(one.element)].section == "stations")
    for _, group in groupby(mine, key=lambda one: (one.element, one.machine, one.part)):
        same = list(group)
        if same[0].part:
            yield same[0]._replace(end=same[-1].end)


def _instants(stays: Sequence[Stay]) -> Iterator[list[Stay]]:
    """Stays that only pass through at one instant, and the one that comes after them, together."""
    for _, group in groupby(stays, key=lambda stay: stay.begin):
        yield list(group)


def _in_order(group: list[Stay], ways: Ways) -> list[Stay]:
    """The stays that begin at one instant, along the arrows: what lasts comes last, as does a sink."""
    if len(group) < 3:
        return group
    first, passed = group[-1], group[:-1]
    return [*sorted(passed, key=lambda stay: -len(ways.between(stay.element, first.element))), first]


def _hops_of(part: Part, stays: Sequence[Stay], ways: Ways, gone: Exit) -> Iterator[Hop]:
    """All hops of a part: from the one it was taken from, from stay to stay, and to where it is seen no more."""
    first, last, plan = stays[0], stays[-1], ways.plan
    origin = plan.index(part.rpartition(".")[0])
    if origin != first.element and plan.elements[origin].section == "stations":
        yield from _hops(Stay(origin, first.begin, first.begin), first, ways)
    for a, b in pairwise(stays):
        yield from _hops(a, b, ways)
    taker, driven = ways.gatherer(last), [way for way in ways.driven if way[0] == last.element]
    if last.end < NEVER and gone.fate == "inside" and driven:
        yield Hop(last.end, NEVER, driven[0])
    elif last.end < NEVER and taker not in (None, last.element):
        yield Hop(last.end, last.end, (last.element, taker))


def _hops(a: Stay, b: Stay, ways: Ways) -> Iterator[Hop]:
    """The way from one stay to the next; between them a part may have been in a load, which names but its first."""
    path = ways.between(a.element, b.element) if a.element != b.element else []
    for way in path:
        if way in ways.driven:
            yield Hop(a.end, b.begin, way)
        else:
            at = a.end if way is path[0] else b.begin
            yield Hop(at, at, way)


def _exit(way: Journey, plan: Plan, end: Micro) -> Exit:
    """When and how a part left; what ends with the run, but in a sink, is still inside."""
    if way.fate == "left":
        return Exit(way.end, "good" if plan.rows[way.at].good else "lost")
    if way.end >= end:
        return Exit(NEVER, "inside")
    return Exit(way.end, "lost" if way.fate == "scrapped" else "gone")


def _held_card(stays: Sequence[Stay], over: frozenset[ElementId], ways: Ways, gone: Exit) -> Iterator[Step]:
    """A part holds a card from where it comes into a loop until it leaves it, or the plant."""
    inside = [n for n, stay in enumerate(stays) if stay.element in over]
    if not inside:
        return
    yield Step(stays[inside[0]].begin, 1)
    end = _out_of(stays[inside[-1]], stays[inside[-1] + 1 : inside[-1] + 2], over, ways, gone)
    if end < NEVER:
        yield Step(end, -1)


def _out_of(last: Stay, after: Sequence[Stay], over: frozenset[ElementId], ways: Ways, gone: Exit) -> Micro:
    """When a part leaves a loop: on a vehicle, and in a load that does not name it, it is still where it was."""
    if not after:
        stays = ways.gatherer(last) in over or any(way[0] == last.element for way in ways.driven)
        return gone.time if stays or gone.time < NEVER else last.end
    loaded = ways.gatherer(last) in over
    return after[0].begin if loaded or ways.drives(last.element, after[0].element) else last.end
