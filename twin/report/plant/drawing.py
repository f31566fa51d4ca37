"""The plant drawn from its flow graph; after a run, coloured by where the time goes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.core.plan import ElementId, Plan
from twin.report.plant import carts, foot, loops, staff
from twin.report.plant.graph import FLOWING, MARGIN, Box, Point, Route, Scene, edges, nodes, rework
from twin.report.plant.paper import layered, placed
from twin.report.plant.signs import BAR, HOLDING, LINE, SYMBOL, Sign, box, fold, sign, texts
from twin.report.plant.view import View, reading, sentence, view
from twin.report.result.sheet import Answer
from twin.report.style import FAINT, INK, MUTED, PAPER, canvas, root, styled
from twin.report.words import Lang, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.path import Path

__all__ = ["edges", "plant"]

TITLE, SUBTITLE = 10.5, 8.5
"""Type sizes above the drawing, points."""
NARROWEST = 5.6
"""Least width of a drawing, inches."""
PILE = 0.05
"""How far the second machine of a pile shows, inches."""


class Head(NamedTuple):
    """What stands above the drawing: what it says, and how to read it; and its height, inches."""

    title: Sequence[str]
    reading: Sequence[str]

    @property
    def height(self) -> float:
        """Inches."""
        return 0.15 + 0.2 * len(self.title) + 0.17 * len(self.reading)


@styled
def plant(
    plan: Plan, result: Answer | None = None, ax: Axes | None = None, *, colour: str = "bottleneck", lang: Lang = "en"
) -> Figure:
    """The plant: triangles are sources, boxes stations, round boxes buffers, belts on two rollers conveyors, rings
    sinks; rework is dashed, arrows that vehicles travel carry a cart, dotted ways of free cards a card.

    Args:
        plan: the compiled plant. Where every station says ``at``, elements stand to scale, else in layers.
        result: a run of it; the drawing then shows where the time went.
        ax: where to draw; type shrinks with it. Default: a new figure of the size the plant needs.
        colour: with a result: 'state' gives each station a bar of its time shares by state, 'bottleneck' fills it
            by its bottleneck share (its share of work where none is ever one).
        lang: 'en' or 'fr'.

    Raises:
        ValueError: another colour, or another language.
    """
    found = view(result, colour) if result else None
    signs = {i: sign(i, plan, found, lang) for i in nodes(plan)}
    boxes = {i: box(one) for i, one in signs.items()}
    scene = laid_out(plan, boxes)
    width = max(scene.width, NARROWEST)
    head = _head(plan, found, width, lang)
    listed = foot.entries(plan, scene.routes, found, width, lang)
    legend = foot.swatches(list(signs.values()), width, bool(carts.carried(plan)), lang)
    below = foot.height(listed, legend, found)
    figure, ax, scale = _paper(ax, width, scene.height + below + head.height)
    ax.set(xlim=(0, width), ylim=(-below, scene.height + head.height), aspect="equal")
    ax.axis("off")
    _arrows(ax, plan, scene, scale)
    _elements(ax, plan, scene, signs, boxes, scale=scale)
    _title(ax, head, scene.height, scale)
    foot.paint(ax, listed, legend, found, scale, lang=lang)
    return figure


def _head(plan: Plan, found: View | None, width: float, lang: Lang) -> Head:
    text = sentence(plan.name, found, lang) if found else _counted(plan, lang)
    note = fold(reading(found, lang), SUBTITLE, width - 2 * MARGIN) if found else []
    return Head(fold(text, TITLE, width - 2 * MARGIN, "bold"), note)


def _title(ax: Axes, head: Head, top: float, scale: float) -> None:
    y = top + head.height - 0.22
    for line in head.title:
        ax.text(MARGIN, y, line, fontsize=TITLE * scale, weight="bold", va="center")
        y -= 0.2
    for line in head.reading:
        ax.text(MARGIN, y, line, fontsize=SUBTITLE * scale, color=MUTED, va="center")
        y -= 0.17


COUNTED = (
    ("stations", "station"), ("conveyors", "conveyor"), ("buffers", "buffer"), ("vehicles", "vehicle"),
    ("operators", "group"), ("cards", "loop"),
)  # fmt: skip
"""Sections that the title counts, and the phrase of each."""


def _counted(plan: Plan, lang: Lang) -> str:
    """Name of the plant and how many there are of each kind: 'Line 4: 4 stations, 3 conveyors and 1 buffer.'."""
    parts, drawn = [], [plan.elements[i] for i in nodes(plan)]
    for section, key in COUNTED:
        rows = [row for _, _, row in plan.of(section)]
        number = sum(row.count for row in rows) if section == "vehicles" else len(rows)
        if number:
            parts.append(say(f"one_{key}" if number == 1 else f"many_{key}", lang, n=number))
    plain = {*FLOWING, *(section for section, _ in COUNTED)}
    for section, word in dict.fromkeys((one.section, one.word) for one in drawn if one.section not in plain):
        number = len(plan.of(section))
        parts.append(f"{number} {(word if number == 1 else section).replace('_', ' ')}")
    if not parts:
        return say("plan_only", lang, name=plan.name)
    listed = say("listed", lang, first=", ".join(parts[:-1]), last=parts[-1]) if len(parts) > 1 else parts[0]
    return say("plan_title", lang, name=plan.name, parts=listed)


def _paper(ax: Axes | None, width: float, height: float) -> tuple[Figure, Axes, float]:
    """(figure, axes, scale of type) for a drawing of this size."""
    if ax is None:
        figure = canvas(width, height, constrained=False)
        return figure, figure.add_axes((0.0, 0.0, 1.0, 1.0)), 1.0
    figure = root(ax)
    share = ax.get_position()
    scale = min(1.0, share.width * figure.get_figwidth() / width, share.height * figure.get_figheight() / height)
    return figure, ax, scale


def laid_out(plan: Plan, boxes: Mapping[ElementId, Box]) -> Scene:
    """Where all stands; rework counts as a way back."""
    found, pairs = nodes(plan), edges(plan)
    rings = loops.loops(plan, pairs)
    at = {i: (float(p[0]), float(p[1])) for i in found if (p := getattr(plan.rows[i], "at", None)) is not None}
    stations = [i for i in found if plan.elements[i].section == "stations"]
    to_scale = stations and all(i in at for i in stations) and len(set(at.values())) > 1
    scene = placed(at, found, pairs, boxes, loops=rings) if to_scale else layered(found, pairs, boxes, loops=rings)
    back = rework(plan)
    return scene._replace(routes=[r._replace(back=r.back or (r.loop < 0 and r.ends in back)) for r in scene.routes])


def _arrows(ax: Axes, plan: Plan, scene: Scene, scale: float) -> None:
    """All ways of parts, vehicles and cards; one card a loop."""
    served, marks, shown = carts.travelled(plan), carts.marks(plan), set[ElementId]()
    for route in scene.routes:
        if route.loop >= 0:
            _arrow(ax, route, scale, loops.COLOR, loops.DASH)
            if route.loop not in shown:
                loops.card(ax, loops.spot(route), f"{plan.rows[route.loop].limit}", scale)
                shown.add(route.loop)
        elif route.ends in served:
            _arrow(ax, route, scale, carts.COLOR, carts.DASH)
            carts.cart(ax, route, scale, marks[served[route.ends]])
        else:
            _arrow(ax, route, scale, foot.BACK if route.back else "#6E6E6E", foot.DASHES if route.back else "solid")


def _elements(
    ax: Axes,
    plan: Plan,
    scene: Scene,
    signs: Mapping[ElementId, Sign],
    boxes: Mapping[ElementId, Box],
    *,
    scale: float,
) -> None:
    groups, several = staff.serving(plan), len(plan.of("operators")) > 1
    for i, one in signs.items():
        (x, y), room = scene.centres[i], boxes[i]
        _symbol(ax, one, (x, y), room, scale)
        if i in groups:
            corner = (x - room.width / 2, y + room.height / 2 + (PILE if one.machines > 1 else 0.0))
            staff.crew(ax, corner, groups[i], room.width, scale, several=several)


def _symbol(ax: Axes, sign: Sign, centre: Point, box: Box, scale: float) -> None:
    from matplotlib.patches import Circle, Polygon

    x, y = centre
    if sign.kind == "sources":
        corners = [(x - SYMBOL, y + SYMBOL), (x - SYMBOL, y - SYMBOL), (x + SYMBOL, y)]
        ax.add_patch(Polygon(corners, closed=True, facecolor=MUTED, edgecolor=MUTED, joinstyle="round", zorder=3))
    elif sign.kind == "sinks":
        ax.add_patch(Circle(centre, SYMBOL, facecolor=PAPER, edgecolor=MUTED, linewidth=1.4 * scale, zorder=3))
        ax.add_patch(Circle(centre, SYMBOL * 0.55, facecolor=MUTED, linewidth=0, zorder=3))
    else:
        return _framed(ax, sign, centre, box, scale)
    for number, (text, size) in enumerate(texts(sign)):
        _write(ax, (x, y - SYMBOL - 0.03 - LINE * (number + 0.5)), text, size * scale)


def _framed(ax: Axes, sign: Sign, centre: Point, box: Box, scale: float) -> None:
    """A station (more machines: a pile), a buffer or a conveyor (with its mean level after a run), with its text."""
    from matplotlib.patches import FancyBboxPatch, Rectangle

    x, y = centre[0] - box.width / 2, centre[1] - box.height / 2
    style: dict[str, Any] = {"facecolor": sign.fill, "edgecolor": INK, "linewidth": 1.0 * scale, "zorder": 3}
    if sign.kind == "buffers":
        round_box = f"round,pad=0,rounding_size={min(0.16, box.height / 3)}"
        style |= {"edgecolor": MUTED, "facecolor": "#F3F6F9"}
        ax.add_patch(FancyBboxPatch((x, y), box.width, box.height, boxstyle=round_box, **style))
        _level_bar(ax, sign.level, x, y, box.width)
    elif sign.kind == "conveyors":
        _belt(ax, (x, y), box, scale)
        _level_bar(ax, math.nan if sign.bar else sign.level, x + 0.12, y, box.width - 0.24)
    else:
        if sign.machines > 1:
            ax.add_patch(Rectangle((x + PILE, y + PILE), box.width, box.height, **{**style, "facecolor": PAPER}))
        ax.add_patch(Rectangle((x, y), box.width, box.height, **style))
    lines, lift = texts(sign), 0.03 if sign.kind in HOLDING and math.isfinite(sign.level) else 0.0
    if sign.bar:
        lift = (BAR + 0.04) / 2
        _state_bar(ax, sign, (centre[0], y + 0.09), box.width - (0.44 if sign.kind == "conveyors" else 0.16), scale)
    for number, (text, size) in enumerate(lines):
        _write(ax, (centre[0], centre[1] + lift + LINE * ((len(lines) - 1) / 2 - number)), text, size * scale)


def _state_bar(ax: Axes, sign: Sign, at: Point, width: float, scale: float) -> None:
    """The time shares by state, side by side; ``at``: the middle of the lower edge."""
    left, y = at[0] - width / 2, at[1]
    for state, share in sign.bar:
        foot.piece(ax, state, (left, y), width * share, BAR, gid=f"{''.join(sign.lines)}:")
        left += width * share
    foot.outline(ax, (at[0] - width / 2, y), width, BAR, scale)


def _belt(ax: Axes, corner: Point, box: Box, scale: float) -> None:
    """A belt over two rollers."""
    from matplotlib.patches import Circle, FancyBboxPatch

    (x, y), radius = corner, min(box.height / 2, 0.24)
    shape = f"round,pad=0,rounding_size={radius}"
    style: dict[str, Any] = {"edgecolor": MUTED, "linewidth": 1.0 * scale}
    ax.add_patch(FancyBboxPatch(corner, box.width, box.height, boxstyle=shape, facecolor="#F3F6F9", zorder=3, **style))
    for centre in (x + 0.12, x + box.width - 0.12):
        ax.add_patch(Circle((centre, y + box.height / 2), 0.055, facecolor=PAPER, zorder=4, **style))


def _level_bar(ax: Axes, level: float, x: float, y: float, width: float) -> None:
    from matplotlib.patches import Rectangle

    if math.isfinite(level):
        ax.add_patch(Rectangle((x + 0.12, y + 0.06), width - 0.24, 0.05, facecolor=FAINT, linewidth=0, zorder=4))
        filled = (width - 0.24) * min(level, 1.0)
        ax.add_patch(Rectangle((x + 0.12, y + 0.06), filled, 0.05, facecolor="#0072B2", linewidth=0, zorder=4))


def _write(ax: Axes, at: Point, text: str, size: float) -> None:
    ax.text(*at, text, fontsize=size, color=INK, ha="center", va="center", zorder=5)


def _arrow(ax: Axes, route: Route, scale: float, color: str, line: Any) -> None:
    """A line along a route; with a head, unless it joins another line."""
    from matplotlib.patches import FancyArrowPatch

    head = f"-|>,head_length={4.2 * scale:.2f},head_width={2.1 * scale:.2f}"
    style = "-" if route.joins else head
    ax.add_patch(
        FancyArrowPatch(
            path=smooth(route), arrowstyle=style, color=color, linewidth=1.1 * scale, linestyle=line, zorder=2
        )
    )


def smooth(route: Route, radius: float = 0.1) -> Path:
    """A path along a route: right angles are rounded, slanted pieces become S-curves."""
    from matplotlib.path import Path

    points = route.points
    at, codes = [points[0]], [Path.MOVETO]
    for number, (a, b) in enumerate(pairwise(points)):
        slanted = abs(a[0] - b[0]) > 1e-6 and abs(a[1] - b[1]) > 1e-6 and not route.straight
        turn = points[number + 2] if number + 2 < len(points) and not slanted else None
        if slanted:
            middle = (a[0] + b[0]) / 2
            at += [(middle, a[1]), (middle, b[1]), b]
            codes += [Path.CURVE4] * 3
        elif turn and _square(a, b, turn):
            at += [_toward(b, a, radius), b, _toward(b, turn, radius)]
            codes += [Path.LINETO, Path.CURVE3, Path.CURVE3]
        else:
            at.append(b)
            codes.append(Path.LINETO)
    return Path(at, codes)


def _square(a: Point, b: Point, c: Point) -> bool:
    level, upright = abs(a[1] - b[1]) < 1e-6, abs(a[0] - b[0]) < 1e-6
    return (level and abs(b[0] - c[0]) < 1e-6) or (upright and abs(b[1] - c[1]) < 1e-6)


def _toward(corner: Point, other: Point, radius: float) -> Point:
    length = math.hypot(other[0] - corner[0], other[1] - corner[1])
    step = min(radius, length / 2) / length
    return (corner[0] + (other[0] - corner[0]) * step, corner[1] + (other[1] - corner[1]) * step)
