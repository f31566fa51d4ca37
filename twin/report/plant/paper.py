"""From a graph to a scene: bands of columns on paper, and routes that never cross a box."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from twin.report.plant.graph import (
    GAP,
    LANE,
    MARGIN,
    SEP,
    Box,
    Edge,
    Loop,
    Point,
    Route,
    Scene,
    backward,
    bands,
    chains,
    heights,
    layers,
    ordered,
)  # fmt: skip

WAYPOINT = Box(0.0, 0.12, 0.0)
CARD = 0.2
"""Room of a line of cards, which carries a sign, inches."""
DOORS = 4
"""With more ways in or out of a loop only one of its lines is drawn."""


@dataclass
class Sheet:
    """Where columns, bands and nodes lie; counts the lines already laid in gutters and margins."""

    columns: list[list[int]]
    folds: list[range]
    boxes: Mapping[int, Box]
    left: list[float] = field(default_factory=list)
    right: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    """The lowest edge of a box in each band."""
    centres: dict[int, Point] = field(default_factory=dict)
    lanes: Counter[tuple[str, int]] = field(default_factory=Counter)
    depth: dict[int, float] = field(default_factory=dict)
    """How far below each band its gutter is filled."""
    trunks: dict[tuple[int, int], float] = field(default_factory=dict)
    """The line of a loop of cards in the gutter of a band."""
    ports: Counter[tuple[int, int]] = field(default_factory=Counter)

    def column(self, node: int) -> int:
        """The column of a node."""
        return next(c for c, members in enumerate(self.columns) if node in members)

    def band(self, column: int) -> int:
        """The band of a column."""
        return next(b for b, fold in enumerate(self.folds) if column in fold)

    def gutter(self, band: int, loop: int = -1) -> float:
        """The y of the next free line below a band; all lines of a loop of cards are one."""
        if (loop, band) in self.trunks:
            return self.trunks[loop, band]
        room = LANE if loop < 0 else CARD
        depth = self.depth.get(band, 0.1)
        self.depth[band] = depth + room
        y = self.low[band] - depth - (LANE if loop < 0 else room / 2 + 0.05)
        if loop >= 0:
            self.trunks[loop, band] = y
        return y

    def port(self, node: int, side: int) -> float:
        """Where the next line touches the lower edge of a box: right of its middle (side 1) or left (-1)."""
        self.ports[node, side] += 1
        return side * min(0.02 + 0.1 * self.ports[node, side], self.boxes[node].width / 2 - 0.04)

    def lane(self, kind: str, number: int) -> float:
        """The offset of the next free line of a margin."""
        self.lanes[kind, number] += 1
        return LANE * self.lanes[kind, number]


def layered(
    found: Sequence[int],
    pairs: Sequence[Edge],
    boxes: Mapping[int, Box],
    *,
    loops: Sequence[Loop] = (),
    widest: float = 12.5,
) -> Scene:
    """A scene with columns from left to right, folded into bands of at most about ``widest`` inches."""
    rings = backward(found, pairs)
    forward = [pair for pair in pairs if pair not in set(rings)]
    ways, placed = chains(layers(found, forward), forward)
    links = [pair for way in ways for pair in pairwise(way)]
    all_boxes = {node: boxes.get(node, WAYPOINT) for node in placed}
    columns = ordered(placed, links)
    widths = [max(all_boxes[node].width for node in column) for column in columns]
    sheet = Sheet(columns, bands(widths, widest), all_boxes)
    _lay(sheet, widths, links, LANE * (len(rings) + len(ways)), CARD * len(loops))
    routes = [Route(_forward(way, sheet), False, ends=(way[0], way[-1])) for way in ways]
    routes += [Route(_back(ring, sheet), True, ends=ring) for ring in rings]
    routes += [route for loop in loops for route in _returns(loop, sheet)]
    return _cropped({n: p for n, p in sheet.centres.items() if n >= 0}, routes, boxes)


def _lay(sheet: Sheet, widths: Sequence[float], links: Sequence[Edge], lines: float, cards: float) -> None:
    """Places all nodes, band under band; ``lines``, ``cards``: room for all lines in one gutter, inches."""
    top = 0.0
    sheet.left, sheet.right = [0.0] * len(widths), [0.0] * len(widths)
    for fold in sheet.folds:
        x = 0.0
        for c in fold:
            sheet.left[c], sheet.right[c] = x, x + widths[c]
            x += widths[c] + GAP
        members = [sheet.columns[c] for c in fold]
        y = heights(members, links, sheet.boxes)
        shift = top - max(y[n] + sheet.boxes[n].height / 2 for n in y)
        for c in fold:
            middle = (sheet.left[c] + sheet.right[c]) / 2
            sheet.centres.update({n: (middle, y[n] + shift) for n in sheet.columns[c]})
        sheet.low.append(min(y[n] + shift - sheet.boxes[n].height / 2 for n in y))
        top = sheet.low[-1] - 2 * MARGIN - min(lines, LANE * _lines_below(sheet, fold, links)) - cards


def _lines_below(sheet: Sheet, fold: range, links: Sequence[Edge]) -> int:
    last = set(sheet.columns[fold[-1]])
    return sum(a in last for a, _ in links) + 2


def _forward(way: Sequence[int], sheet: Sheet) -> tuple[Point, ...]:
    points: list[Point] = [_out(way[0], sheet)]
    for a, b in pairwise(way):
        from_c, to_c = sheet.column(a), sheet.column(b)
        points.append((sheet.right[from_c], sheet.centres[a][1]))
        if sheet.band(from_c) != sheet.band(to_c):
            points += _wrap(points[-1], (sheet.left[to_c], sheet.centres[b][1]), sheet.band(from_c), sheet)
        points.append((sheet.left[to_c], sheet.centres[b][1]))
    return _tidy([*points, _into(way[-1], sheet)])


def _out(node: int, sheet: Sheet) -> Point:
    x, y = sheet.centres[node]
    return (x + sheet.boxes[node].port, y)


def _into(node: int, sheet: Sheet) -> Point:
    x, y = sheet.centres[node]
    return (x - sheet.boxes[node].port, y)


def _wrap(start: Point, end: Point, band: int, sheet: Sheet) -> list[Point]:
    """Round the end of a band to the beginning of the next, through the gutter between them."""
    right, left = start[0] + 0.1 + sheet.lane("right", band), end[0] - 0.15 - sheet.lane("left", band + 1)
    gutter = sheet.gutter(band)
    return [(right, start[1]), (right, gutter), (left, gutter), (left, end[1])]


def _back(ring: Edge, sheet: Sheet, loop: int = -1) -> tuple[Point, ...]:
    """Down from the giver, along the gutter below its band, and up to the taker."""
    from_c, to_c = (sheet.column(node) for node in ring)
    from_band, to_band = sheet.band(from_c), sheet.band(to_c)
    gutter = sheet.gutter(from_band, loop)
    down, up = _down(ring[0], sheet, loop), _up(ring[1], sheet, loop)
    points = [*down, (down[-1][0], gutter)]
    if from_band != to_band:
        wraps = max((count for (kind, _), count in sheet.lanes.items() if kind == "left"), default=0)
        side = min(sheet.left) - 0.15 - LANE * wraps - sheet.lane("side", 0)
        other = sheet.gutter(to_band, loop)
        points += [(side, gutter), (side, other)]
        gutter = other
    return _tidy([*points, (up[0][0], gutter), *up])


def _returns(loop: Loop, sheet: Sheet) -> Iterator[Route]:
    """The ways of free cards: one line from the last exit to the first entry, which the others join."""
    last, first = max(loop.exits, key=sheet.column), min(loop.entries, key=sheet.column)
    main = Route(_back((last, first), sheet, loop.owner), False, ends=(last, first), loop=loop.owner)
    yield main
    if max(len(loop.exits), len(loop.entries)) > DOORS:
        return
    for node in loop.exits:
        if node != last:
            way = _down(node, sheet, loop.owner)
            yield _branch(way[::-1], node, main, sheet, leaves=True)
    for node in loop.entries:
        if node != first:
            yield _branch(_up(node, sheet, loop.owner), node, main, sheet, leaves=False)


def _branch(way: Sequence[Point], node: int, main: Route, sheet: Sheet, *, leaves: bool) -> Route:
    """The piece between an element (``way``: from below to it) and the line of its loop."""
    y, x = sheet.gutter(sheet.band(sheet.column(node)), main.loop), way[0][0]
    line = [at for at, level in main.points if abs(level - y) < 1e-6]
    start = [(min(max(x, min(line)), max(line)), y)] if line else []
    points = _tidy([*start, (x, y), *way])
    ends = (node, main.ends[1]) if leaves else (main.ends[0], node)
    return main._replace(points=points[::-1] if leaves else points, ends=ends, joins=leaves)


def _down(node: int, sheet: Sheet, loop: int) -> list[Point]:
    (x, y), column = sheet.centres[node], sheet.column(node)
    if _lowest(node, column, sheet):
        return [(x + sheet.port(node, 1), y - sheet.boxes[node].height / 2)]
    return [_out(node, sheet), (sheet.right[column] + _aside(loop), y)]


def _up(node: int, sheet: Sheet, loop: int) -> list[Point]:
    (x, y), column = sheet.centres[node], sheet.column(node)
    if _lowest(node, column, sheet):
        return [(x + sheet.port(node, -1), y - sheet.boxes[node].height / 2)]
    return [(sheet.left[column] - _aside(loop), y), _into(node, sheet)]


def _aside(loop: int) -> float:
    """How far beside a column a line goes down; cards and parts apart."""
    return GAP * (0.25 if loop < 0 else 0.42)


def _lowest(node: int, column: int, sheet: Sheet) -> bool:
    return min(sheet.columns[column], key=lambda n: sheet.centres[n][1]) == node


def _tidy(points: Sequence[Point]) -> tuple[Point, ...]:
    kept = [points[0]]
    kept += [b for a, b in pairwise(points) if abs(a[0] - b[0]) + abs(a[1] - b[1]) > 1e-6]
    return tuple(kept)


def placed(
    at: Mapping[int, Point],
    found: Sequence[int],
    pairs: Sequence[Edge],
    boxes: Mapping[int, Box],
    *,
    loops: Sequence[Loop] = (),
    widest: float = 12.5,
) -> Scene:
    """A scene with elements where they stand (``at``, metres); the others go between their neighbours.

    The scale is the largest that fits the paper, at most ``widest`` inches; boxes that then overlap are pushed
    apart, those that stand somewhere as little as can be.
    """
    centres = _scaled(_all_positions(at, found, pairs), boxes, widest)
    _push(centres, boxes, at)
    rings = set(backward(found, pairs))
    routes = [
        Route(_arc(a, b, centres, boxes) if (a, b) in rings else _straight(a, b, centres, boxes), (a, b) in rings,
              straight=True, ends=(a, b))
        for a, b in pairs
    ]  # fmt: skip
    for loop in loops:
        ends = max(loop.exits, key=lambda n: centres[n][0]), min(loop.entries, key=lambda n: centres[n][0])
        bow = _arc(*ends, centres, boxes, aside=0.35)
        routes.append(Route(bow, False, straight=True, ends=ends, loop=loop.owner))
    return _cropped(centres, routes, boxes)


def _arc(
    a: int, b: int, centres: Mapping[int, Point], boxes: Mapping[int, Box], *, aside: float = 0.15, pieces: int = 24
) -> tuple[Point, ...]:
    """A bow from the lower edge of one box to that of another, deeper the farther they are apart.

    ``aside``: where it begins, in widths right of the middle; it ends as far left of the middle.
    """
    (xa, ya), (xb, yb) = ((x, y - boxes[n].height / 2) for n in (a, b) for x, y in [centres[n]])
    xa, xb = xa + aside * boxes[a].width, xb - aside * boxes[b].width
    low = min(ya, yb) - 0.5 - 0.3 * abs(xb - xa)
    steps = [k / pieces for k in range(pieces + 1)]
    return tuple(
        ((1 - t) ** 2 * xa + 2 * t * (1 - t) * (xa + xb) / 2 + t * t * xb,
         (1 - t) ** 2 * ya + 2 * t * (1 - t) * low + t * t * yb)
        for t in steps
    )  # fmt: skip


def _all_positions(at: Mapping[int, Point], found: Sequence[int], pairs: Sequence[Edge]) -> dict[int, Point]:
    known = dict(at)
    while missing := [node for node in found if node not in known]:
        placed_now = {}
        for node in missing:
            near = [known[o] for pair in pairs if node in pair for o in pair if o != node and o in known]
            if near:
                x, y = (sum(c) / len(near) for c in zip(*near, strict=True))
                placed_now[node] = (x, y) if len(near) > 1 else (x, y - 1e-3)
        known.update(placed_now or dict.fromkeys(missing, (0.0, 0.0)))
    return {node: known[node] for node in found}


def _scaled(at: Mapping[int, Point], boxes: Mapping[int, Box], widest: float) -> dict[int, Point]:
    xs, ys = ([p[k] for p in at.values()] for k in (0, 1))
    wide, tall = (max(xs) - min(xs)) or 1.0, (max(ys) - min(ys)) or 1.0
    box = max(boxes[node].width for node in at)
    scale = min((min(widest, 3 + 1.1 * len(at)) - box) / wide, min(8.0, 2 + 0.6 * len(at)) / tall)
    return {node: ((x - min(xs)) * scale, (y - min(ys)) * scale) for node, (x, y) in at.items()}


def _push(centres: dict[int, Point], boxes: Mapping[int, Box], at: Mapping[int, Point], turns: int = 300) -> None:
    """Moves boxes apart until none overlaps, along the axis with the least overlap; in declared order."""
    for turn in range(turns):
        moved, upright = False, turn > turns // 3
        for i, a in enumerate(centres):
            for b in list(centres)[:i]:
                moved |= _part(a, b, centres, boxes, at, upright=upright)
        if not moved:
            return


def _part(
    a: int, b: int, centres: dict[int, Point], boxes: Mapping[int, Box], at: Mapping[int, Point], *, upright: bool
) -> bool:
    """Move two boxes apart if they overlap; ``upright``: what stands nowhere goes up or down, since a row is full."""
    (xa, ya), (xb, yb) = centres[a], centres[b]
    over_x = (boxes[a].width + boxes[b].width) / 2 + SEP - abs(xa - xb)
    over_y = (boxes[a].height + boxes[b].height) / 2 + SEP - abs(ya - yb)
    if min(over_x, over_y) <= 1e-9:
        return False
    aside = over_x < over_y and not (upright and (a in at) != (b in at))
    dx, dy = (over_x + 1e-6, 0.0) if aside else (0.0, over_y + 1e-6)
    dx, dy = dx * (1 if xa >= xb else -1), dy * (1 if ya > yb else -1)
    mine = 0.5 if (a in at) == (b in at) else float(a not in at)
    centres[a] = (xa + mine * dx, ya + mine * dy)
    centres[b] = (xb - (1 - mine) * dx, yb - (1 - mine) * dy)
    return True


def _straight(a: int, b: int, centres: Mapping[int, Point], boxes: Mapping[int, Box]) -> tuple[Point, ...]:
    return (_edge_of(a, centres[b], centres, boxes), _edge_of(b, centres[a], centres, boxes))


def _edge_of(node: int, other: Point, centres: Mapping[int, Point], boxes: Mapping[int, Box]) -> Point:
    """Where the line from the centre of ``node`` to ``other`` leaves its box."""
    (x, y), box = centres[node], boxes[node]
    dx, dy = other[0] - x, other[1] - y
    tall = box.above if dy > 0 else box.height / 2
    reach = min(box.port / abs(dx) if dx else 1.0, tall / abs(dy) if dy else 1.0, 1.0)
    return (x + dx * reach, y + dy * reach)


def _cropped(centres: Mapping[int, Point], routes: Sequence[Route], boxes: Mapping[int, Box]) -> Scene:
    """The scene moved so that everything lies in (0, 0)…(width, height)."""
    xs = [x + s * boxes[n].width / 2 for n, (x, _) in centres.items() for s in (-1, 1)]
    ys = [y + s * boxes[n].height / 2 for n, (_, y) in centres.items() for s in (-1, 1)]
    xs += [x for route in routes for x, _ in route.points]
    ys += [y for route in routes for _, y in route.points]
    x0, y0 = min(xs) - MARGIN, min(ys) - MARGIN
    moved = {n: (x - x0, y - y0) for n, (x, y) in centres.items()}
    ways = [r._replace(points=tuple((x - x0, y - y0) for x, y in r.points)) for r in routes]
    return Scene(moved, ways, max(xs) - x0 + MARGIN, max(ys) - y0 + MARGIN)
