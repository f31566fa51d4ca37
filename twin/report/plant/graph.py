"""The plant as a graph on paper: edges of a plan, layers, order with few crossings, places, routes. Inches, y up.

Layering by longest path, order by barycenters: K. Sugiyama, S. Tagawa, M. Toda (1981), Methods for visual
understanding of hierarchical system structures, IEEE Trans. SMC 11(2). Long plants are folded into bands that
are read like lines of text.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from twin.core.plan import ElementId, Plan

Edge = tuple[int, int]
Point = tuple[float, float]

GAP, SEP, LANE, MARGIN = 0.55, 0.26, 0.11, 0.3
"""Between columns, between boxes of a column, between parallel lines, around bands."""
STILL = 1e-4
"""Boxes that move less than this in a pass have found their places, inches."""


class Box(NamedTuple):
    """Size of an element on paper; ``port``: from its centre to where arrows touch it; ``rise``: from its centre to
    the top of what is there (a source has its name below it), which is half of the height where it is not given.
    """

    width: float
    height: float
    port: float
    rise: float = math.nan

    @property
    def above(self) -> float:
        """From the centre up, inches."""
        return self.height / 2 if math.isnan(self.rise) else self.rise


class Route(NamedTuple):
    """The way of an arrow; ``back``: against the flow; ``straight``: slanted pieces are no S-curves; ``ends``: giver
    and taker; ``loop``: whose cards go there (-1: parts go there); ``joins``: it ends in another line, without a head.
    """

    points: tuple[Point, ...]
    back: bool
    straight: bool = False
    ends: Edge = (-1, -1)
    loop: ElementId = -1
    joins: bool = False


class Loop(NamedTuple):
    """A loop of cards: where parts leave it and give theirs back, where parts come in and need one."""

    owner: ElementId
    exits: tuple[ElementId, ...]
    entries: tuple[ElementId, ...]


class Scene(NamedTuple):
    """Centres of boxes, routes of arrows, and the paper they need."""

    centres: dict[ElementId, Point]
    routes: list[Route]
    width: float
    height: float


FLOWING = ("sources", "stations", "buffers", "conveyors", "sinks")
"""Sections that are drawn even when no edge touches them."""


def edges(plan: Plan) -> list[Edge]:
    """(giver, taker) of all ways a part can go, as indices of elements, in order of the places."""
    found: dict[Edge, None] = {}
    for place in plan.places:
        into = [(giver, place.owner) for giver in place.givers]
        out = [(place.owner, taker) for taker in place.takers]
        found.update(dict.fromkeys(pair for pair in into + out if pair[0] != pair[1]))
    return list(found)


def rework(plan: Plan) -> set[Edge]:
    """The ways of parts that a station sends back."""
    quality = ((i, getattr(row, "quality", None)) for i, _, row in plan.of("stations"))
    return {(i, found.to_station) for i, found in quality if found is not None and found.to_station >= 0}


def nodes(plan: Plan) -> list[ElementId]:
    """The elements that are drawn, in declared order."""
    touched = {end for edge in edges(plan) for end in edge}
    return [i for i, element in enumerate(plan.elements) if i in touched or element.section in FLOWING]


def backward(found: Sequence[ElementId], pairs: Sequence[Edge]) -> list[Edge]:
    """Edges that close a ring when the graph is walked in depth from its beginnings: rework and returns."""
    after = _followers(pairs)
    entered = {b for _, b in pairs}
    starts = [n for n in found if n not in entered] + [n for n in found if n in entered]
    state: dict[int, int] = {}
    rings: list[Edge] = []
    for start in starts:
        stack = [(start, iter(after[start]))] if start not in state else []
        state.setdefault(start, 1)
        while stack:
            node, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                state[node] = 2
                stack.pop()
            elif state.get(step) == 1:
                rings.append((node, step))
            elif step not in state:
                state[step] = 1
                stack.append((step, iter(after[step])))
    return rings


def _followers(pairs: Iterable[Edge]) -> dict[int, list[int]]:
    after: dict[int, list[int]] = defaultdict(list)
    for a, b in pairs:
        after[a].append(b)
    return after


def layers(found: Sequence[ElementId], forward: Sequence[Edge]) -> dict[ElementId, int]:
    """The column of each node: longest path from a beginning, then side branches move next to where they join."""
    after, order = _followers(forward), _sorted_along(found, forward)
    column = dict.fromkeys(found, 0)
    for node in order:
        for step in after[node]:
            column[step] = max(column[step], column[node] + 1)
    for node in reversed(order):
        if after[node]:
            column[node] = min(column[step] for step in after[node]) - 1
    return column


def _sorted_along(found: Sequence[ElementId], forward: Sequence[Edge]) -> list[ElementId]:
    waiting = dict.fromkeys(found, 0)
    after = _followers(forward)
    for _, b in forward:
        waiting[b] += 1
    ready = [node for node in found if not waiting[node]]
    for node in ready:
        for step in after[node]:
            waiting[step] -= 1
            if not waiting[step]:
                ready.append(step)
    return ready


def chains(column: Mapping[int, int], forward: Sequence[Edge]) -> tuple[list[list[int]], dict[int, int]]:
    """(the nodes each edge passes, columns with waypoints): waypoints (negative numbers) keep long edges off boxes."""
    placed, found = dict(column), list[list[int]]()
    for a, b in forward:
        chain = [a]
        for between in range(column[a] + 1, column[b]):
            chain.append(-len(placed) - 1)
            placed[chain[-1]] = between
        found.append([*chain, b])
    return found, placed


def ordered(placed: Mapping[int, int], links: Sequence[Edge], sweeps: int = 12) -> list[list[int]]:
    """Nodes of each column from top to bottom, with few crossings (barycenters, best of the sweeps)."""
    columns: list[list[int]] = [[] for _ in range(max(placed.values(), default=-1) + 1)]
    for node in placed:
        columns[placed[node]].append(node)
    near = {True: _followers((b, a) for a, b in links), False: _followers(links)}
    best, fewest = [list(c) for c in columns], crossings(columns, links)
    for sweep in range(sweeps):
        rightward = sweep % 2 == 0
        steps = range(1, len(columns)) if rightward else range(len(columns) - 2, -1, -1)
        for c in steps:
            rank = {node: i for i, node in enumerate(columns[c - 1 if rightward else c + 1])}
            columns[c] = _by_barycenter(columns[c], near[rightward], rank)
        if (count := crossings(columns, links)) < fewest:
            best, fewest = [list(c) for c in columns], count
    return best


def _by_barycenter(column: Sequence[int], near: Mapping[int, list[int]], rank: Mapping[int, int]) -> list[int]:
    """A column sorted by the mean rank of neighbours; nodes without any go to the middle."""
    centres = {node: [float(rank[n]) for n in near.get(node, ()) if n in rank] for node in column}
    return sorted(column, key=lambda node: _mean(centres[node], len(rank) / 2))


def crossings(columns: Sequence[Sequence[int]], links: Sequence[Edge]) -> int:
    """How many pairs of arrows cross between neighbouring columns."""
    where = {node: (c, i) for c, column in enumerate(columns) for i, node in enumerate(column)}
    between: dict[int, list[Edge]] = defaultdict(list)
    for a, b in links:
        between[where[a][0]].append((where[a][1], where[b][1]))
    return sum(
        (p[0] - q[0]) * (p[1] - q[1]) < 0 for found in between.values() for i, p in enumerate(found) for q in found[:i]
    )


def bands(widths: Sequence[float], most: float) -> list[range]:
    """Columns folded into bands of about equal width, none wider than ``most`` where that can be."""
    total = sum(widths) + GAP * len(widths)
    share = total / max(1, math.ceil(total / most)) + 1e-9
    found, start, filled = list[range](), 0, 0.0
    for c, width in enumerate(widths):
        if c > start and filled + (width + GAP) / 2 > share * (len(found) + 1):
            found.append(range(start, c))
            start = c
        filled += width + GAP
    return [*found, range(start, len(widths))]


def heights(
    columns: Sequence[Sequence[int]], links: Sequence[Edge], boxes: Mapping[int, Box], work: int = 20_000
) -> dict[int, float]:
    """The y of each node of a band: near the mean of its neighbours, in order, without overlap.

    ``work``: moves in all; small plants get more passes, so that what can be level is.
    """
    inside = {node for column in columns for node in column}
    passes = min(400, max(30, work // max(1, len(inside))))
    near = _followers([pair for a, b in links if a in inside and b in inside for pair in ((a, b), (b, a))])
    y = dict.fromkeys(inside, 0.0)
    for turn in range(passes):
        moved = 0.0
        for column in columns if turn % 2 == 0 else reversed(columns):
            wanted = [_mean([y[n] for n in near[node]], y[node]) for node in column]
            gaps = [boxes[a].height / 2 + SEP + boxes[b].above for a, b in pairwise(column)]
            found = dict(zip(column, _spread(wanted, gaps), strict=True))
            moved = max([moved, *(abs(found[node] - y[node]) for node in column)])
            y.update(found)
        if moved < STILL:
            break
    return y


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _spread(wanted: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """Positions from top to bottom nearest to ``wanted`` (least squares), ``gaps`` apart or more (pooled violators)."""
    depth = [0.0, *accumulate(gaps)]
    pools: list[list[float]] = []
    for value in (w + d for w, d in zip(wanted, depth, strict=False)):
        pools.append([value, 1.0])
        while len(pools) > 1 and pools[-2][0] < pools[-1][0]:
            value, count = pools.pop()
            mine = pools[-1]
            pools[-1] = [(mine[0] * mine[1] + value * count) / (mine[1] + count), mine[1] + count]
    levels = [pool[0] for pool in pools for _ in range(int(pool[1]))]
    return [level - d for level, d in zip(levels, depth, strict=False)]
