"""Below the drawing of a plant: people, vehicles, cards, what lines and colours mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.core.plan import Plan
from twin.report.measure import percent, show
from twin.report.plant import carts, loops, staff
from twin.report.plant.graph import MARGIN, Point, Route
from twin.report.plant.signs import Sign, fold, text_width
from twin.report.plant.view import View, percent_with, shade
from twin.report.result.sheet import time_word
from twin.report.style import INK, LOOKS, MUTED, look_of
from twin.report.words import Lang, say, state_word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE, STEP = 8.5, 0.2
"""Type size of a line, points, and its height, inches."""
INDENT = 0.32
"""From the symbol of a line to its text, inches."""
BACK, DASHES = "#A0522D", (0, (4, 2.5))
"""Of arrows against the flow and of rework."""

Paint = Callable[["Axes", Point, float], None]
"""Draws a symbol with its left end at a point."""


class Entry(NamedTuple):
    """A line below the drawing: its symbol and its text, which may be folded."""

    paint: Paint
    lines: tuple[str, ...]


def entries(plan: Plan, routes: Sequence[Route], found: View | None, width: float, lang: Lang) -> list[Entry]:
    """All lines about people, fleets, cards and arrows, in the order in which they stand."""
    texts = [*_people(plan, found, lang), *_fleets(plan, found, lang), *_cards(plan, found, lang)]
    if any(route.back for route in routes):
        texts.append((_dash, say("back", lang)))
    return [Entry(paint, tuple(fold(text, SIZE, width - 2 * MARGIN - INDENT))) for paint, text in texts]


def _people(plan: Plan, found: View | None, lang: Lang) -> list[tuple[Paint, str]]:
    """Name, number and skills of each group; after a run how busy it is."""
    groups, listed = plan.of("operators"), list[tuple[Paint, str]]()
    for number, (_, name, row) in enumerate(groups, 1):
        words = [plan.skills[s] if isinstance(s, int) else str(s) for s in getattr(row, "skills", ())]
        key = "crew_alone" if words == [name] else "crew"
        text = say(key, lang, name=name, n=row.count, skills=", ".join(words))
        mark = str(number) if len(groups) > 1 else ""
        listed.append((partial(_person, mark), text + _busy(name, found, "busy_share", lang)))
    return listed


def _fleets(plan: Plan, found: View | None, lang: Lang) -> list[tuple[Paint, str]]:
    """Name and number of the vehicles of each fleet; after a run how busy they are and how many trips they made."""
    listed: list[tuple[Paint, str]] = []
    for number, (_, name, row) in enumerate(plan.of("vehicles"), 1):
        text = _counted("fleet", row.count, lang, name=name) + _busy(name, found, "busy_share", lang)
        moving = [found.kpi(name, key) for key in ("loaded_share", "empty_share", "trips")] if found else []
        if moving and all(moving):
            loaded, empty, trips = (one for one in moving if one)
            shown = {"loaded": percent(loaded.mean, lang), "empty": percent(empty.mean, lang)}
            text += say("fleet_after", lang, **shown, trips=show(trips, lang))
        mark = str(number) if len(plan.of("vehicles")) > 1 else ""
        listed.append((partial(_cart, mark), text))
    return listed


def _cards(plan: Plan, found: View | None, lang: Lang) -> list[tuple[Paint, str]]:
    """Name, number and members of each loop; after a run the share of its cards in use."""
    listed: list[tuple[Paint, str]] = []
    for _, name, row in plan.of("cards"):
        over = ", ".join(plan.elements[i].name for i in row.over)
        text = say("one_card" if row.limit == 1 else "many_cards", lang, name=name, n=row.limit, over=over)
        if row.products:
            text += say("cards_for", lang, products=", ".join(plan.products[p].name for p in row.products))
        listed.append((partial(_card, f"{row.limit}"), text + _busy(name, found, "cards_busy", lang)))
    return listed


def _counted(key: str, number: int, lang: Lang, **values: str) -> str:
    """A phrase with a number, which has words of its own for one."""
    return say(f"{key}_one" if number == 1 else key, lang, n=number, **values)


def _busy(name: str, found: View | None, key: str, lang: Lang) -> str:
    share = found.kpi(name, "busy") if found else None
    return say(key, lang, share=percent_with(share, lang)) if share else ""


def _person(number: str, ax: Axes, at: Point, scale: float) -> None:
    staff.person(ax, (at[0] + 0.06, at[1] - 0.06), number, scale)


def _cart(number: str, ax: Axes, at: Point, scale: float) -> None:
    carts.paint(ax, (at[0] + 0.09, at[1]), scale, number)


def _card(number: str, ax: Axes, at: Point, scale: float) -> None:
    loops.card(ax, (at[0] + 0.1, at[1]), number, scale)


def _dash(ax: Axes, at: Point, scale: float) -> None:
    ax.plot([at[0], at[0] + 0.19], [at[1], at[1]], color=BACK, linestyle=DASHES, linewidth=1.1 * scale)


class Swatch(NamedTuple):
    """A state in the legend: where it stands (from the left and down) and what it is called."""

    state: str
    at: Point
    word: str


def swatches(signs: Sequence[Sign], width: float, called: bool, lang: Lang) -> list[Swatch]:
    """The states that are seen, row by row; ``called``: machines may wait for vehicles."""
    seen = {state for sign in signs for state, _ in sign.bar}
    found, x, y = list[Swatch](), MARGIN, 0.0
    for state in LOOKS:
        if state not in seen:
            continue
        word = state_word(state, lang, called)
        long = 0.3 + text_width(word, SIZE) + 0.22
        if x > MARGIN and x + long > width - MARGIN + 0.22:
            x, y = MARGIN, y + STEP
        found.append(Swatch(state, (x, y), word))
        x += long
    return found


def height(listed: Sequence[Entry], legend: Sequence[Swatch], found: View | None) -> float:
    """How far all lines reach below the drawing, inches."""
    rows = sum(len(entry.lines) for entry in listed) + len({swatch.at[1] for swatch in legend})
    scale = 0.24 if found and found.colour == "bottleneck" else 0.0
    return 0.1 + STEP * rows + scale


def paint(ax: Axes, listed: Sequence[Entry], legend: Sequence[Swatch], found: View | None, scale: float, *, lang: Lang
          ) -> None:  # fmt: skip
    """Draw all lines, from y = 0 down."""
    y = 0.0
    for entry in listed:
        entry.paint(ax, (MARGIN, y), scale)
        for line in entry.lines:
            ax.text(MARGIN + INDENT, y, line, fontsize=SIZE * scale, color=INK, va="center")
            y -= STEP
    for swatch in legend:
        _swatch(ax, swatch, y, scale)
    if found and found.colour == "bottleneck":
        _scale(ax, found, y - 0.04, scale, lang)


def _swatch(ax: Axes, swatch: Swatch, top: float, scale: float) -> None:
    x, y = swatch.at[0], top - swatch.at[1]
    piece(ax, swatch.state, (x, y - 0.06), 0.24, 0.12, gid="legend")
    outline(ax, (x, y - 0.06), 0.24, 0.12, scale)
    ax.text(x + 0.3, y, swatch.word, fontsize=SIZE * scale, color=INK, va="center")


def piece(ax: Axes, state: str, corner: Point, width: float, tall: float, *, gid: str) -> None:
    """A rectangle painted as a state, like the bars of the figure of states."""
    from matplotlib.patches import Rectangle

    look = look_of(state)
    style: dict[str, Any] = {"facecolor": look.fill, "hatch": look.hatch, "edgecolor": look.line, "linewidth": 0}
    ax.add_patch(Rectangle(corner, width, tall, zorder=4, gid=f"{gid} {state}", **style))


def outline(ax: Axes, corner: Point, width: float, tall: float, scale: float) -> None:
    """A thin line round a bar, so that its light colours end somewhere."""
    from matplotlib.patches import Rectangle

    ax.add_patch(Rectangle(corner, width, tall, fill=False, edgecolor=MUTED, linewidth=0.6 * scale, zorder=4.5))


def _scale(ax: Axes, found: View, y: float, scale: float, lang: Lang) -> None:
    """From white to the darkest colour, with the shares that they stand for."""
    from matplotlib.patches import Rectangle

    for step in range(5):
        color = shade(step / 4)
        ax.add_patch(Rectangle((MARGIN + 0.3 * step, y - 0.07), 0.3, 0.14, facecolor=color, edgecolor=MUTED, lw=0.5))
    ends = f"0 … {percent(found.top, lang)}   {say(found.phrase, lang, time=time_word(found.document, lang))}"
    ax.text(MARGIN + 1.6, y, ends, fontsize=SIZE * scale, color=MUTED, va="center")
