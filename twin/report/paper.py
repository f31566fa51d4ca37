"""From a graph to a scene: bands of columns on paper, and routes that never cross a box."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from twin.report.graph import (
    GAP,
    LANE,
    MARGIN,
    SEP,
    Box,
    Edge,
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

    def column(self, node: int) -> int:
        """The column of a node."""
        return next(c for c, members in enumerate(self.columns) if node in members)

    def band(self, column: int) -> int:
        """The band of a column."""
        return next(b for b, fold in enumerate(self.folds) if column in fold)

    def lane(self, kind: str, number: int) -> float:
        """The offset of the next free line of a gutter or margin."""
        self.lanes[kind, number] += 1
        return LANE * self.lanes[kind, number]


def layered(found: Sequence[int], pairs: Sequence[Edge], boxes: Mapping[int, Box], widest: float = 12.5) -> Scene:
    """A scene with columns from left to right, folded into bands of at most about ``widest`` inches."""
    rings = backward(found, pairs)
    forward = [pair for pair in pairs if pair not in set(rings)]
    ways, placed = chains(layers(found, forward), forward)
    links = [pair for way in ways for pair in pairwise(way)]
    all_boxes = {node: boxes.get(node, WAYPOINT) for node in placed}
    columns = ordered(placed, links)
    widths = [max(all_boxes[node].width for node in column) for column in columns]
    sheet = Sheet(columns, bands(widths, widest), all_boxes)
    _lay(sheet, widths, links, len(rings) + len(ways))
    routes = [Route(_forward(way, sheet), False, ends=(way[0], way[-1])) for way in ways]
    routes += [Route(_back(ring, sheet), True, ends=ring) for ring in rings]
    return _cropped({n: p for n, p in sheet.centres.items() if n >= 0}, routes, boxes)


def _lay(sheet: Sheet, widths: Sequence[float], links: Sequence[Edge], lines: int) -> None:
    """Places all nodes, band under band."""
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
        top = sheet.low[-1] - 2 * MARGIN - LANE * min(lines, _lines_below(sheet, fold, links))


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
    step = sheet.lane("gutter", band)
    right, left = start[0] + 0.1 + sheet.lane("right", band), end[0] - 0.15 - sheet.lane("left", band + 1)
    gutter = sheet.low[band] - MARGIN - step
    return [(right, start[1]), (right, gutter), (left, gutter), (left, end[1])]


def _back(ring: Edge, sheet: Sheet) -> tuple[Point, ...]:
    """Down from the giver, along the gutter below its band, and up to the taker."""
    from_c, to_c = (sheet.column(node) for node in ring)
    from_band, to_band = sheet.band(from_c), sheet.band(to_c)
    gutter = sheet.low[from_band] - 0.1 - sheet.lane("gutter", from_band)
    down, up = _down(ring[0], from_c, sheet), _up(ring[1], to_c, sheet)
    points = [*down, (down[-1][0], gutter)]
    if from_band != to_band:
        wraps = max((count for (kind, _), count in sheet.lanes.items() if kind == "left"), default=0)
        side = min(sheet.left) - 0.15 - LANE * wraps - sheet.lane("side", 0)
        other = sheet.low[to_band] - 0.1 - sheet.lane("gutter", to_band)
        points += [(side, gutter), (side, other)]
        gutter = other
    return _tidy([*points, (up[0][0], gutter), *up])


def _down(node: int, column: int, sheet: Sheet) -> list[Point]:
    x, y = sheet.centres[node]
    if _lowest(node, column, sheet):
        return [(x + 0.12, y - sheet.boxes[node].height / 2)]
    return [_out(node, sheet), (sheet.right[column] + GAP * 0.25, y)]


def _up(node: int, column: int, sheet: Sheet) -> list[Point]:
    x, y = sheet.centres[node]
    if _lowest(node, column, sheet):
        return [(x - 0.12, y - sheet.boxes[node].height / 2)]
    return [(sheet.left[column] - GAP * 0.25, y), _into(node, sheet)]


def _lowest(node: int, column: int, sheet: Sheet) -> bool:
    return min(sheet.columns[column], key=lambda n: sheet.centres[n][1]) == node


def _tidy(points: Sequence[Point]) -> tuple[Point, ...]:
    kept = [points[0]]
    kept += [b for a, b in pairwise(points) if abs(a[0] - b[0]) + abs(a[1] - b[1]) > 1e-6]
    return tuple(kept)


def placed(
    at: Mapping[int, Point], found: Sequence[int], pairs: Sequence[Edge], boxes: Mapping[int, Box], widest: float = 12.5
) -> Scene:
    """A scene with elements where they stand (``at``, metres); the others go between their neighbours.

    The scale is the largest that fits the paper, at most ``widest`` inches; boxes that then overlap are pushed
    apart, those that stand somewhere as little as can be.
    """
    centres = _scaled(_all_positions(at, found, pairs), boxes, widest)
    _push(centres, boxes, at)
    rings = set(backward(found, pairs))
    routes = [Route(_straight(a, b, centres, boxes), (a, b) in rings, True, (a, b)) for a, b in pairs]
    return _cropped(centres, routes, boxes)


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
    reach = min(box.width / 2 / abs(dx) if dx else 1.0, box.height / 2 / abs(dy) if dy else 1.0, 1.0)
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
