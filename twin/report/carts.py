"""Vehicles on the drawing of a plant: their arrows, a small cart on each, and a line below that says whose they are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from twin.core.plan import ElementId, Plan
from twin.report.graph import Edge, Point, Route
from twin.report.words import Lang, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOR, DASH = "#0072B2", (0, (6, 2, 1.2, 2))
"""Of the arrows that vehicles travel."""
WIDTH, HEIGHT, WHEEL = 0.17, 0.075, 0.024
"""Of a cart and its wheels, inches."""


def travelled(plan: Plan) -> Mapping[Edge, ElementId]:
    """The arrows that vehicles travel, each with its fleet."""
    return {(way.giver, way.taker): fleet for fleet, _, row in plan.of("vehicles") for way in row.ways}


def fleets(plan: Plan, lang: Lang) -> list[str]:
    """One line a fleet: name and number of vehicles."""
    return [say("fleet", lang, name=name, n=row.count) for _, name, row in plan.of("vehicles")]


def cart(ax: Axes, route: Route, scale: float) -> None:
    """A cart in the middle of the longest piece of a route."""
    paint(ax, _middle(route), scale)


def paint(ax: Axes, at: Point, scale: float) -> None:
    """A cart at a point: a box on two wheels."""
    from matplotlib.patches import Circle, Rectangle

    x, y = at
    box = (x - WIDTH / 2, y - HEIGHT / 2 + WHEEL)
    ax.add_patch(Rectangle(box, WIDTH, HEIGHT, facecolor=COLOR, edgecolor="white", linewidth=0.8 * scale, zorder=4))
    for side in (-1, 1):
        wheel = (x + side * WIDTH * 0.28, y - HEIGHT / 2 + WHEEL / 2)
        ax.add_patch(Circle(wheel, WHEEL, facecolor=COLOR, edgecolor="white", linewidth=0.6 * scale, zorder=4))


def _middle(route: Route) -> Point:
    (ax, ay), (bx, by) = max(pairwise(route.points), key=lambda piece: math.dist(*piece))
    return ((ax + bx) / 2, (ay + by) / 2)
