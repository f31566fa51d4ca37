"""Vehicles on the drawing of a plant: their arrows, a small cart on each, and whose they are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from twin.core.plan import ElementId, Plan
from twin.report.plant.graph import Edge, Point, Route

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOR, DASH = "#0072B2", (0, (6, 2, 1.2, 2))
"""Of the arrows that vehicles travel."""
WIDTH, HEIGHT, WHEEL = 0.17, 0.075, 0.024
"""Of a cart and its wheels, inches."""


def travelled(plan: Plan) -> Mapping[Edge, ElementId]:
    """The arrows that vehicles travel, each with its fleet."""
    return {(way.giver, way.taker): fleet for fleet, _, row in plan.of("vehicles") for way in row.ways}


def carried(plan: Plan) -> frozenset[str]:
    """The stations whose parts vehicles carry away: a machine that is blocked there may have room, but no vehicle."""
    givers = (plan.elements[giver] for giver, _ in travelled(plan))
    return frozenset(one.name for one in givers if one.section == "stations")


def cart(ax: Axes, route: Route, scale: float, number: str = "") -> None:
    """A cart in the middle of the longest piece of a route."""
    x, y = _middle(route)
    paint(ax, (x, y), scale)
    _mark(ax, (x - 0.025, y + 0.11), number, scale)


def marks(plan: Plan) -> Mapping[ElementId, str]:
    """The number of each fleet, where there are several."""
    found = plan.of("vehicles")
    return {fleet: str(number) if len(found) > 1 else "" for number, (fleet, _, _) in enumerate(found, 1)}


def paint(ax: Axes, at: Point, scale: float, number: str = "") -> None:
    """A cart at a point: a box on two wheels; the number of its fleet stands right of it."""
    from matplotlib.patches import Circle, Rectangle

    x, y = at
    box = (x - WIDTH / 2, y - HEIGHT / 2 + WHEEL)
    ax.add_patch(Rectangle(box, WIDTH, HEIGHT, facecolor=COLOR, edgecolor="white", linewidth=0.8 * scale, zorder=4))
    for side in (-1, 1):
        wheel = (x + side * WIDTH * 0.28, y - HEIGHT / 2 + WHEEL / 2)
        ax.add_patch(Circle(wheel, WHEEL, facecolor=COLOR, edgecolor="white", linewidth=0.6 * scale, zorder=4))
    _mark(ax, (x + WIDTH / 2 + 0.025, y), number, scale)


def _mark(ax: Axes, at: Point, number: str, scale: float) -> None:
    if number:
        ax.text(*at, number, fontsize=6.5 * scale, color=COLOR, va="center", zorder=5)


def _middle(route: Route) -> Point:
    (ax, ay), (bx, by) = max(pairwise(route.points), key=lambda piece: math.dist(*piece))
    return ((ax + bx) / 2, (ay + by) / 2)
