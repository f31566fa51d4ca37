"""Sankey: the flow of parts through the plant, as wide as it is large, with scrap and what goes back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from twin.core.plan import Plan
from twin.report.figures.flows import Flows, flows
from twin.report.figures.shared import notes
from twin.report.measure import measure, percent
from twin.report.plant.graph import Box, Edge, Point, chains, heights, ordered
from twin.report.plant.signs import fold
from twin.report.plant.view import percent_with
from twin.report.result.sheet import Answer, Document, tick
from twin.report.style import INK, LOOKS, MUTED, PAPER, axes, inches, styled, title
from twin.report.ways.journey import columns, journeys
from twin.report.ways.trace import Row
from twin.report.words import Lang, decimal, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TALLEST, NODE = 1.15, 0.13
"""Height of the largest flow, and width of an element, inches."""
ABOVE, BELOW = 0.42, 0.52
"""Room for the name of an element above it, and for its scrap below it, inches."""
RIBBON, SCRAP, BACK = "#9CC3DD", LOOKS["repair"], "#6B4C9A"


class Node(NamedTuple):
    """An element on paper, inches."""

    x: float
    top: float
    height: float


class Ribbon(NamedTuple):
    """A stretch of a flow between two heights, inches; y are upper edges."""

    begin: tuple[float, float]
    end: tuple[float, float]
    height: float


class Picture(NamedTuple):
    """All of it on paper."""

    nodes: Mapping[int, Node]
    """Elements, and (negative) waypoints of flows that pass columns."""
    chains: Mapping[Edge, Sequence[int]]
    """What a flow passes, its ends included."""
    back: Sequence[Edge]
    scale: float
    """Inches a part."""
    width: float
    floor: float
    """Below it only what goes back."""
    depth: float
    """How far it reaches down: minus the lowest y."""
    rise: float
    """The highest y."""


@styled
def sankey(result: Answer, trace: Sequence[Row], ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
    """Parts from source to sink in the measured time of one replication; ribbons are as wide as flows are large.

    Every part is followed, so what comes to an element is what goes from it: on, into scrap, into another part, or it
    stands there at the end. Buffers and belts are passed over. The share of scrap in the title is that of all
    replications.

    Args:
        result: of the run.
        trace: rows of one replication.
        ax: where to draw.
        lang: 'en' or 'fr'.
    """
    plan, document = result.plan, result.document()
    found = flows(plan, journeys(plan, trace), plan.warm_up)
    picture = _picture(plan, found)
    tall = max(2.4, picture.rise + picture.depth + 1.0)
    figure, ax = axes(ax, max(9.6, picture.width), tall)
    ax.set(xlim=(-0.35, picture.width - 0.35), ylim=(-picture.depth, picture.rise))
    ax.set_xticks([])
    ax.set_yticks([])
    for side in ax.spines.values():
        side.set_visible(False)
    _flows(ax, found, picture, lang)
    for i, node in picture.nodes.items():
        if i >= 0:
            _node(ax, found, i, node, lang)
            _name(ax, plan.elements[i].name, node, picture, decimal(found.came(i), 0, lang))
    notes(ax, _note(found, plan, document, lang))
    title(ax, _sentence(found, plan, document, lang))
    return figure


def _picture(plan: Plan, found: Flows) -> Picture:
    column = columns(plan)
    used = sorted({i for pair in found.between for i in pair} | set(found.entered) | set(found.stood))
    packed = {c: n for n, c in enumerate(sorted({column[i] for i in used}))}
    place = {i: packed[column[i]] for i in used}
    forward = [pair for pair in found.between if place[pair[0]] < place[pair[1]]]
    back = [pair for pair in found.between if place[pair[0]] >= place[pair[1]]]
    scale = TALLEST / max([1, *(found.came(i) for i in used)])
    found_chains, placed = chains(place, forward)
    links = [link for chain in found_chains for link in pairwise(chain)]
    size = {i: max(0.02, scale * found.came(i)) for i in used}
    for (a, b), chain in zip(forward, found_chains, strict=True):
        size |= dict.fromkeys(chain[1:-1], scale * found.between[a, b])
    below = {i: BELOW if found.scrapped[i] or found.joined[i] else 0.06 for i in used}
    boxes = {
        i: Box(NODE, size[i] + 2 * below.get(i, 0.0), 0.0, size[i] / 2 + (ABOVE if i >= 0 else 0.0)) for i in placed
    }
    middle = heights(ordered(placed, links), links, boxes)
    step = max(1.15, 9.0 / max(1, len(packed)))
    nodes = {i: Node(step * placed[i], middle[i] + size[i] / 2, size[i]) for i in placed}
    low = min([node.top - node.height - below.get(i, 0.0) for i, node in nodes.items()], default=0.0)
    high = max([node.top + ABOVE for node in nodes.values()], default=1.0)
    depth = -low + sum(0.24 + scale * found.between[pair] for pair in back)
    paths = dict(zip(forward, found_chains, strict=True))
    return Picture(nodes, paths, back, scale, step * max(1, len(packed)), low, depth, high)


def _flows(ax: Axes, found: Flows, picture: Picture, lang: Lang) -> None:
    """Ribbons in the order of where they lead, so that those of an element do not cross at its edge."""
    begin, end = _slots(picture, found, (1, 0)), _slots(picture, found, (0, 1))
    for pair, chain in picture.chains.items():
        height = picture.scale * found.between[pair]
        between = [picture.nodes[i].top for i in chain[1:-1]]
        for (a, b), y, to in zip(pairwise(chain), [begin[pair], *between], [*between, end[pair]], strict=True):
            left = picture.nodes[a].x + (NODE if a >= 0 else 0.0)
            _ribbon(ax, Ribbon((left, y), (picture.nodes[b].x, to), height))
    floor = picture.floor
    for pair in picture.back:
        height = max(0.012, picture.scale * found.between[pair])
        floor -= 0.1 + height / 2
        ends = [(picture.nodes[i].x, y - height / 2) for i, y in zip(pair, (begin[pair], end[pair]), strict=True)]
        _back(ax, ends[0], ends[1], floor, height)
        text = say("rn_back", lang, n=decimal(found.between[pair], 0, lang))
        x = (picture.nodes[pair[0]].x + picture.nodes[pair[1]].x + NODE) / 2
        ax.text(x, floor, text, fontsize=8, color=BACK, ha="center", va="center", zorder=6,
                bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1})  # fmt: skip
        floor -= 0.1 + height / 2


def _slots(picture: Picture, found: Flows, ends: tuple[int, int]) -> dict[Edge, float]:
    """The upper edge of each flow where it touches its element: leaving ``(1, 0)``, coming ``(0, 1)``."""
    other, own = ends
    groups: dict[int, list[Edge]] = defaultdict(list)
    for pair in (*picture.chains, *picture.back):
        groups[pair[own]].append(pair)
    slots: dict[Edge, float] = {}
    for i, pairs in groups.items():
        y = picture.nodes[i].top
        near = {p: picture.nodes[picture.chains[p][1 if other else -2]].top for p in pairs if p in picture.chains}
        for pair in sorted(pairs, key=lambda p: (p in picture.back, -near.get(p, 0.0))):
            slots[pair] = y
            y -= picture.scale * found.between[pair]
    return slots


def _ribbon(ax: Axes, one: Ribbon) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    (x, y), (u, v), h = one.begin, one.end, one.height
    m = (x + u) / 2
    points = [(x, y), (m, y), (m, v), (u, v), (u, v - h), (m, v - h), (m, y - h), (x, y - h), (x, y)]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    ax.add_patch(PathPatch(Path(points, codes), facecolor=RIBBON, edgecolor=RIBBON, linewidth=0.3, zorder=2))


def _back(ax: Axes, begin: Point, end: Point, floor: float, height: float) -> None:
    """A flow that goes back: below all else, as a line as wide as it is large."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    (x, y), (u, v) = (begin[0] + NODE, begin[1]), end
    out, turn = 0.22 + height / 2, 0.1
    points = [(x, y), (x + out, y), (x + out, y - turn), (x + out, floor + turn), (x + out, floor),
              (x + out - turn, floor), (u - out + turn, floor), (u - out, floor), (u - out, floor + turn),
              (u - out, v - turn), (u - out, v), (u, v)]  # fmt: skip
    codes = [Path.MOVETO, Path.CURVE3, Path.CURVE3, Path.LINETO, Path.CURVE3, Path.CURVE3, Path.LINETO, Path.CURVE3,
             Path.CURVE3, Path.LINETO, Path.CURVE3, Path.CURVE3]  # fmt: skip
    ax.add_patch(PathPatch(Path(points, codes), facecolor="none", edgecolor=BACK, alpha=0.55,
                           linewidth=max(1.0, 72 * height * 0.8), capstyle="butt", zorder=1))  # fmt: skip


def _name(ax: Axes, name: str, node: Node, picture: Picture, count: str) -> None:
    """Above an element: its name, as wide as its column, and how many parts came."""
    room = inches(ax) / max(1, len({one.x for one in picture.nodes.values()})) - 0.1
    lines = [*fold(tick(name), 8.5, max(0.6, room))[:2], count]
    ax.text(node.x + NODE / 2, node.top + 0.05, "\n".join(lines), fontsize=8.5, ha="center", va="bottom", zorder=5,
            linespacing=1.05)  # fmt: skip


def _node(ax: Axes, found: Flows, i: int, node: Node, lang: Lang) -> None:
    from matplotlib.patches import Rectangle

    ax.add_patch(Rectangle((node.x, node.top - node.height), NODE, node.height, facecolor=INK, linewidth=0, zorder=4))
    foot = node.top - node.height
    if found.scrapped[i]:
        height = max(0.02, node.height * found.scrapped[i] / max(1, found.came(i)))
        _drop(ax, node.x + NODE, foot, height)
        share = percent(found.scrapped[i] / max(1, found.went(i) - found.stands[i] - found.joined[i]), lang)
        text = say("rn_scrapped", lang, n=decimal(found.scrapped[i], 0, lang), share=share)
        ax.text(node.x + NODE / 2, foot - 0.24, text, fontsize=8, color="#A04000", ha="center", va="top", zorder=5)
    elif found.joined[i]:
        text = say("rn_joined", lang, n=decimal(found.joined[i], 0, lang))
        ax.text(node.x, foot - 0.05, text, fontsize=8, color=MUTED, ha="left", va="top", zorder=5)


def _drop(ax: Axes, x: float, y: float, height: float) -> None:
    """Scrap leaves an element downward."""
    from matplotlib.patches import FancyArrowPatch, Rectangle

    width = min(0.3, max(0.05, height))
    ax.add_patch(Rectangle((x, y), width, height, facecolor=SCRAP.fill, hatch=SCRAP.hatch, edgecolor=SCRAP.line,
                           linewidth=0, zorder=5))  # fmt: skip
    ax.add_patch(FancyArrowPatch((x + width / 2, y), (x + width / 2, y - 0.2), color=SCRAP.fill, shrinkA=0, shrinkB=0,
                                 arrowstyle="-|>,head_length=4,head_width=2.5", linewidth=1.6, zorder=5))  # fmt: skip


def _note(found: Flows, plan: Plan, document: Document, lang: Lang) -> str:
    key = "rn_sankey_note" if document.get("replications", 1) > 1 else "rn_sankey_note_one"
    stock = {"begin": decimal(found.stood.total(), 0, lang), "end": decimal(found.stands.total(), 0, lang)}
    return say(key, lang, **stock) + (" " + say("rn_lots", lang) if plan.in_lots else "")


def _sentence(found: Flows, plan: Plan, document: Document, lang: Lang) -> str:
    left = found.left.total()
    if not left:
        return say("rn_no_part", lang)
    share = measure(document["kpis"].get("scrap_share"))
    key = (
        "rn_sankey_lots"
        if plan.in_lots
        else "rn_sankey_title"
        if document.get("replications", 1) > 1
        else "rn_sankey_one"
    )
    good = {i for i, _, row in plan.of("sinks") if getattr(row, "good", True)}
    out = sum(n for i, n in found.left.items() if i in good)
    words = {"good": decimal(out, 0, lang)}
    if not share or not share.mean:
        return say("rn_sankey_clean", lang, **words)
    lost = found.scrapped + Counter({i: n for i, n in found.left.items() if i not in good})
    most = max(lost, key=lambda i: lost[i], default=-1)
    where = say("rn_sankey_most", lang, name=plan.elements[most].name) if most >= 0 else ""
    words |= {"lost": decimal(lost.total(), 0, lang), "share": percent_with(share, lang)}
    return say(key, lang, **words, where=where)
