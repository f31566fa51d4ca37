"""Cards on the drawing of a plant: the way that free cards go back, and how many there are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from twin.core.plan import Plan
from twin.report.plant.graph import Edge, Loop, Point, Route
from twin.report.style import INK, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOR, DASH = "#8F4A70", (0, (1.2, 1.6))
"""Of the way of free cards."""
TALL = 0.14
"""Height of a card, inches."""


def loops(plan: Plan, pairs: Sequence[Edge]) -> list[Loop]:
    """Where the cards of each loop come free and where they are needed, in declared order."""
    found = []
    for owner, _, row in plan.of("cards"):
        inside = dict.fromkeys(row.over)
        exits = dict.fromkeys(a for a, b in pairs if a in inside and b not in inside)
        entries = dict.fromkeys(b for a, b in pairs if b in inside and a not in inside)
        if exits and entries:
            found.append(Loop(owner, tuple(exits), tuple(entries)))
    return found


def card(ax: Axes, at: Point, text: str, scale: float) -> None:
    """A card: a small white sheet with a number."""
    from matplotlib.patches import Rectangle

    width = max(0.18, 0.1 + 0.065 * len(text))
    corner = (at[0] - width / 2, at[1] - TALL / 2)
    ax.add_patch(
        Rectangle(corner, width, TALL, facecolor=PAPER, edgecolor=COLOR, linewidth=0.9 * scale, zorder=4, gid="card")
    )
    if text:
        ax.text(*at, text, fontsize=7 * scale, color=INK, ha="center", va="center_baseline", zorder=5)


def spot(route: Route) -> Point:
    """Where its card lies: the middle of the longest level piece, or of a bow."""
    if route.straight:
        return route.points[len(route.points) // 2]
    a, b = max(pairwise(route.points), key=lambda piece: (piece[0][1] == piece[1][1], math.dist(*piece)))
    return ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
