"""The plant drawn from its flow graph; after a run, coloured by where the time goes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.core.plan import ElementId, Plan
from twin.report import carts
from twin.report.graph import MARGIN, Box, Point, Route, Scene, edges, nodes
from twin.report.measure import measure, percent
from twin.report.paper import layered, placed
from twin.report.sheet import Document, capacity, machines, shares, state_share
from twin.report.style import FAINT, INK, MUTED, PAPER, canvas, root, styled
from twin.report.words import Lang, decimal, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.path import Path

__all__ = ["edges", "plant"]

NAME, NOTE = 9.0, 7.5
"""Type sizes of names and notes, points."""
SYMBOL = 0.16
"""Half the size of the symbol of a source or sink, inches."""
HOLDING = ("buffers", "conveyors")
"""Sections of what shows how many parts stand there."""
LINE = 0.165
"""Height of a line of text, inches."""


class Sign(NamedTuple):
    """What is written at an element and how it is painted."""

    kind: str
    lines: tuple[str, ...]
    note: str
    machines: int
    fill: str
    level: float
    """Mean content / capacity of a buffer after a run; NaN otherwise."""


class Tint(NamedTuple):
    """What the colours of stations stand for: values 0…1 by name, the phrase of the legend, the largest value."""

    values: Mapping[str, float]
    phrase: str
    top: float


@styled
def plant(plan: Plan, document: Document | None = None, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
    """The plant: triangles are sources, boxes stations, round boxes buffers, belts on two rollers conveyors, rings
    sinks; rework is dashed, arrows that vehicles travel carry a cart.

    Args:
        plan: the compiled plant. Where every station says ``at``, elements stand to scale, else in layers.
        document: the result of a run; stations are then coloured by bottleneck share (or share of work).
        ax: where to draw; type shrinks with it. Default: a new figure of the size the plant needs.
        lang: 'en' or 'fr'.
    """
    tint = _tint(document) if document else None
    signs = {i: _sign(i, plan, document, tint, lang) for i in nodes(plan)}
    boxes = {i: _box(sign) for i, sign in signs.items()}
    scene = _scene(plan, boxes)
    crew, fleets, served = _crew(plan, lang), carts.fleets(plan, lang), carts.travelled(plan)
    below = 0.1 + 0.2 * (len(crew) + len(fleets)) + (0.2 if tint else 0.0) + (0.25 if _any_back(scene) else 0.0)
    width = max(scene.width, 5.0)
    figure, ax, scale = _paper(ax, width, scene.height + below + 0.45)
    ax.set(xlim=(0, width), ylim=(-below, scene.height + 0.45), aspect="equal")
    ax.axis("off")
    for route in scene.routes:
        _arrow(ax, route, scale, by_vehicle=route.ends in served)
    for i, sign in signs.items():
        _symbol(ax, sign, scene.centres[i], boxes[i], scale)
    ax.text(MARGIN, scene.height + 0.22, _sentence(plan, tint, lang), fontsize=10.5 * scale, weight="bold", va="center")
    low = _fleet_lines(ax, fleets, scale)
    _foot(ax, crew, tint, _any_back(scene), scale, lang=lang, top=low)
    return figure


def _paper(ax: Axes | None, width: float, height: float) -> tuple[Figure, Axes, float]:
    """(figure, axes, scale of type) for a drawing of this size."""
    if ax is None:
        figure = canvas(width, height, constrained=False)
        return figure, figure.add_axes((0.0, 0.0, 1.0, 1.0)), 1.0
    figure = root(ax)
    share = ax.get_position()
    scale = min(1.0, share.width * figure.get_figwidth() / width, share.height * figure.get_figheight() / height)
    return figure, ax, scale


def _scene(plan: Plan, boxes: Mapping[ElementId, Box]) -> Scene:
    found, pairs = nodes(plan), edges(plan)
    at = {i: (float(p[0]), float(p[1])) for i in found if (p := getattr(plan.rows[i], "at", None)) is not None}
    stations = [i for i in found if plan.elements[i].section == "stations"]
    if stations and all(i in at for i in stations) and len(set(at.values())) > 1:
        return placed(at, found, pairs, boxes)
    return layered(found, pairs, boxes)


def _any_back(scene: Scene) -> bool:
    return any(route.back for route in scene.routes)


def _sign(index: ElementId, plan: Plan, document: Document | None, tint: Tint | None, lang: Lang) -> Sign:
    element, row = plan.elements[index], plan.rows[index]
    entry = (document or {}).get("elements", {}).get(element.name, {})
    count = int(getattr(row, "machines", 1) or 1) if element.section == "stations" else 1
    fill, level, note = PAPER, math.nan, ""
    if element.section in HOLDING:
        note, level = _buffer_note(plan, element.name, entry, lang)
    elif element.section == "stations":
        share = tint.values.get(element.name, 0.0) if tint else None
        note = "" if share is None else f"{percent(share, lang)} %"
        fill = PAPER if share is None or tint is None else shade(share / tint.top)
        note = " · ".join(filter(None, [f"×{count}" if count > 1 else "", note]))
    return Sign(element.section, _folded(element.name), note, count, fill, level)


def _buffer_note(plan: Plan, name: str, entry: Mapping[str, Any], lang: Lang) -> tuple[str, float]:
    places = capacity(plan, name)
    room = f"{places:.0f}" if math.isfinite(places) else "∞"
    found = measure(entry.get("kpis", {}).get("content"))
    if found:
        return f"{decimal(found.mean, 1, lang)} / {room}", found.mean / places if places else math.nan
    return (say("places", lang, n=room) if math.isfinite(places) else say("no_limit", lang)), math.nan


def _folded(name: str, width: int = 15, most: int = 22) -> tuple[str, ...]:
    """A name on one line or two, cut with an ellipsis when it does not fit."""
    if len(name) <= width:
        return (name,)
    cuts = [i + 1 for i, letter in enumerate(name[:-1]) if letter in "_- ."] or [len(name) // 2]
    cut = min(cuts, key=lambda i: abs(i - len(name) / 2))
    return tuple(part if len(part) <= most else part[: most - 1] + "…" for part in (name[:cut], name[cut:]))


def _text_width(text: str, size: float) -> float:
    """The width of a text, inches."""
    if not text.strip():
        return 0.0
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    return float(TextPath((0, 0), text, size=size, prop=FontProperties(family="DejaVu Sans")).get_extents().width) / 72


def _box(sign: Sign) -> Box:
    texts = [_text_width(line, NAME) for line in sign.lines] + [_text_width(sign.note, NOTE)]
    wide = max(texts)
    if sign.kind in ("sources", "sinks"):
        return Box(max(wide, 2 * SYMBOL) + 0.06, 2 * (SYMBOL + 0.05 + LINE * len(sign.lines)), SYMBOL + 0.03)
    width = max(wide + (0.5 if sign.kind == "conveyors" else 0.26), 0.72)
    lines = len(sign.lines) + bool(sign.note)
    return Box(width, max(0.5, 0.2 + LINE * lines + (0.06 if sign.kind in HOLDING else 0.0)), width / 2)


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
    for number, line in enumerate(sign.lines):
        _write(ax, (x, y - SYMBOL - 0.03 - LINE * (number + 0.5)), line, NAME * scale, INK)


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
        _level_bar(ax, sign.level, x + 0.12, y, box.width - 0.24)
    else:
        if sign.machines > 1:
            ax.add_patch(Rectangle((x + 0.05, y + 0.05), box.width, box.height, **{**style, "facecolor": PAPER}))
        ax.add_patch(Rectangle((x, y), box.width, box.height, **style))
    lift = 0.03 if sign.kind in HOLDING and math.isfinite(sign.level) else 0.0
    lines = [*((line, NAME, INK) for line in sign.lines), *([(sign.note, NOTE, "#404040")] if sign.note else [])]
    for number, (text, size, color) in enumerate(lines):
        _write(ax, (centre[0], centre[1] + lift + LINE * ((len(lines) - 1) / 2 - number)), text, size * scale, color)


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


def _write(ax: Axes, at: Point, text: str, size: float, color: str) -> None:
    ax.text(*at, text, fontsize=size, color=color, ha="center", va="center", zorder=5)


def _arrow(ax: Axes, route: Route, scale: float, *, by_vehicle: bool) -> None:
    from matplotlib.patches import FancyArrowPatch

    line: Any = (0, (4, 2.5)) if route.back else "solid"
    color = "#A0522D" if route.back else "#6E6E6E"
    if by_vehicle:
        color, line = carts.COLOR, carts.DASH
        carts.cart(ax, route, scale)
    style = f"-|>,head_length={4.2 * scale:.2f},head_width={2.1 * scale:.2f}"
    path = smooth(route)
    ax.add_patch(
        FancyArrowPatch(path=path, arrowstyle=style, color=color, linewidth=1.1 * scale, linestyle=line, zorder=2)
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


def _tint(document: Document) -> Tint:
    """Bottleneck shares where there are any, else shares of work."""
    found = {name: one.mean for name, one in shares(document).items()}
    phrase = "share_neck"
    if not any(found.values()):
        found, phrase = {name: state_share(entry, "working") for name, entry in machines(document)}, "share_work"
    return Tint(found, phrase, max([*found.values(), 0.01]))


def shade(share: float) -> str:
    """A colour from white to orange that black type stays readable on, darker with ``share`` (0…1)."""
    light, dark = (255, 255, 255), (240, 140, 60)
    mixed = (round(a + (b - a) * min(max(share, 0.0), 1.0)) for a, b in zip(light, dark, strict=True))
    return "#" + "".join(f"{part:02X}" for part in mixed)


def _sentence(plan: Plan, tint: Tint | None, lang: Lang) -> str:
    if tint and tint.phrase == "share_neck" and tint.values:
        name = max(tint.values, key=lambda one: tint.values[one])
        return say("plan_after", lang, name=plan.name, station=name, share=percent(tint.values[name], lang))
    stations, buffers = len(plan.of("stations")), len(plan.of("buffers"))
    first = say("one_station" if stations == 1 else "many_stations", lang, n=stations)
    second = say("one_buffer" if buffers == 1 else "many_buffers", lang, n=buffers)
    key = "plan_title" if buffers else "plan_bare"
    return say(key, lang, name=plan.name, stations=first, buffers=second)


def _crew(plan: Plan, lang: Lang) -> list[str]:
    """One line a group of people: name, count, skills."""
    found = []
    for _, name, row in plan.of("operators"):
        words = [plan.skills[s] if isinstance(s, int) else str(s) for s in getattr(row, "skills", ())]
        skills = ", ".join(words)
        text = say("crew", lang, name=name, n=getattr(row, "count", "?"), skills=skills)
        found.append(text if len(text) <= 110 else text[:109] + "…")
    return found


def _fleet_lines(ax: Axes, fleets: Sequence[str], scale: float) -> float:
    """Under the drawing: whose the arrows with carts are; gives where the next line goes."""
    y = 0.0
    for line in fleets:
        carts.paint(ax, (MARGIN + 0.06, y), scale)
        ax.text(MARGIN + 0.22, y, line, fontsize=8.5 * scale, color=INK, va="center")
        y -= 0.2
    return y


def _foot(
    ax: Axes, crew: Sequence[str], tint: Tint | None, back: bool, scale: float, *, lang: Lang, top: float
) -> None:
    """Below that: people, what dashed lines mean, the scale of colours."""
    from matplotlib.patches import Circle, Rectangle

    y = top
    for line in crew:
        ax.add_patch(Circle((MARGIN + 0.06, y + 0.035), 0.035, facecolor=MUTED, linewidth=0))
        ax.add_patch(Rectangle((MARGIN + 0.01, y - 0.065), 0.1, 0.085, facecolor=MUTED, linewidth=0))
        ax.text(MARGIN + 0.22, y, line, fontsize=8.5 * scale, color=INK, va="center")
        y -= 0.2
    if back:
        ax.plot([MARGIN - 0.05, MARGIN + 0.15], [y, y], color="#A0522D", linestyle=(0, (4, 2.5)), linewidth=1.1 * scale)
        ax.text(MARGIN + 0.22, y, say("back", lang), fontsize=8.5 * scale, color=MUTED, va="center")
        y -= 0.25
    if tint:
        for step in range(5):
            color = shade(step / 4)
            ax.add_patch(Rectangle((MARGIN + 0.3 * step, y - 0.1), 0.3, 0.14, facecolor=color, edgecolor=MUTED, lw=0.5))
        ends = f"0 … {percent(tint.top, lang)}   {say(tint.phrase, lang)}"
        ax.text(MARGIN + 1.6, y - 0.03, ends, fontsize=8.5 * scale, color=MUTED, va="center")
