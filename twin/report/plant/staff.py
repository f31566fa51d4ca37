"""People on the drawing of a plant: a small figure at each element that a group serves, with the group's number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.core.plan import ElementId, Plan, needs_in
from twin.report.plant.graph import Point
from twin.report.style import INK, MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STEP = 0.2
"""From one figure to the next, inches."""


def serving(plan: Plan) -> dict[ElementId, list[int]]:
    """The groups (numbered from 1, in declared order) whose skills each element asks for, or who go round there."""
    groups = [row for _, _, row in plan.of("operators")]
    found: dict[ElementId, list[int]] = {}
    for index, row in enumerate(plan.rows):
        skills = {need.skill for need in needs_in(row)}
        numbers = [
            number
            for number, group in enumerate(groups, 1)
            if skills & set(group.skills) or index in getattr(group, "tour", ())
        ]
        if numbers:
            found[index] = numbers
    return found


def person(ax: Axes, at: Point, number: str, scale: float) -> None:
    """A head on shoulders, standing at ``at``, and a number right of it."""
    from matplotlib.patches import Circle, Rectangle

    x, y = at
    ax.add_patch(Circle((x, y + 0.1), 0.035, facecolor=MUTED, linewidth=0, zorder=4, gid="person"))
    ax.add_patch(Rectangle((x - 0.05, y), 0.1, 0.085, facecolor=MUTED, linewidth=0, zorder=4))
    if number:
        ax.text(x + 0.065, y + 0.06, number, fontsize=6.5 * scale, color=INK, ha="left", va="center", zorder=5)


def crew(ax: Axes, corner: Point, groups: list[int], width: float, scale: float, *, several: bool) -> None:
    """The groups that serve an element, along the upper edge of its box; those that find no room are left out."""
    for place, number in enumerate(groups[: max(1, int(width / STEP))]):
        person(ax, (corner[0] + 0.07 + STEP * place, corner[1] + 0.025), str(number) if several else "", scale)
