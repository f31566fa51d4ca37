"""Blocked and starved stations along the flow, and the arrows that point from them at the bottleneck.

Source: C.-T. Kuo, J.-T. Lim, S. M. Meerkov, "Bottlenecks in serial production lines", Math. Problems in Engineering 2
(1996): an arrow goes down the flow from i to j where i is blocked more than j is starved, else up.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.core.plan import ElementId, Plan
from twin.report.figures.shared import interval_note, notes, whisker
from twin.report.measure import Measure, measure, percent
from twin.report.plant.carts import carried
from twin.report.plant.graph import backward, edges, nodes, rework
from twin.report.result.over import over
from twin.report.result.sheet import Answer, Document, machines, several
from twin.report.style import INK, LOOKS, MUTED, axes, legend, styled, title
from twin.report.ways.journey import columns
from twin.report.words import Lang, decimal, say, state_word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class Arrow(NamedTuple):
    """From a station to the one that it waits for."""

    begin: str
    end: str
    size: float
    """By how much the share blocked of the upper station and the share starved of the lower one differ, 0…1."""
    sure: bool
    """Whether the interval of this difference leaves out 0."""


def neighbours(plan: Plan) -> list[tuple[str, str]]:
    """Stations that follow each other in the flow, with nothing but buffers and belts between; no ways back."""
    pairs = edges(plan)
    left_out = {*backward(nodes(plan), pairs), *rework(plan)}
    after: dict[ElementId, list[ElementId]] = defaultdict(list)
    for a, b in pairs:
        if (a, b) not in left_out:
            after[a].append(b)
    stations = {i: name for i, name, _ in plan.of("stations")}
    found: dict[tuple[str, str], None] = {}
    for start, name in stations.items():
        stack, seen = list(after[start]), set[ElementId]()
        while stack:
            node = stack.pop(0)
            if node in stations:
                found[name, stations[node]] = None
            elif node not in seen:
                seen.add(node)
                stack += after[node]
    return list(found)


def arrows(result: Answer, document: Document) -> list[Arrow]:
    """One arrow for each pair of neighbours."""
    found = []
    for upper, lower in neighbours(result.plan):
        differ = [row.get(f"elements.{upper}.states.blocked", math.nan)
                  - row.get(f"elements.{lower}.states.starved", math.nan) for row in result.rows]  # fmt: skip
        mean = over(result, document, differ)
        if mean is not None:
            sure = mean.low > 0 or mean.high < 0
            ends = (upper, lower) if mean.mean > 0 else (lower, upper)
            found.append(Arrow(*ends, abs(mean.mean), sure))
    return found


def pointed_at(names: Sequence[str], found: Sequence[Arrow]) -> list[str]:
    """The stations that an arrow reaches and none leaves, those pointed at most strongly first; all alone: itself."""
    leaving = {arrow.begin for arrow in found}
    force = {name: sum(arrow.size for arrow in found if arrow.end == name) for name in names}
    ends = [name for name in names if name not in leaving and any(arrow.end == name for arrow in found)]
    return sorted(ends, key=lambda name: -force[name])


@styled
def waits(result: Answer, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
    """How long each station waits for parts (to the left) and for room (to the right), in the order of the flow.

    An arrow between neighbours points at the one that makes the other wait; a station that no arrow leaves is a
    bottleneck. An arrow is dashed where the interval of the difference that turns it holds 0, and with one replication.
    """
    document, plan = result.document(), result.plan
    column = columns(plan)
    entries = dict(machines(document))
    names = sorted(entries, key=lambda name: column.get(plan.index(name), 0))
    found = [arrow for arrow in arrows(result, document) if arrow.begin in entries and arrow.end in entries]
    figure, ax = axes(ax, 9.6, 1.6 + 0.42 * max(len(names), 3))
    ends = [_bars(ax, row, entries[name], lang) for row, name in enumerate(names)]
    left, right = (max([0.01, *(end[side] for end in ends)]) for side in (0, 1))
    left, right = max(left, 0.25 * right), max(right, 0.25 * left)
    lanes = _arrows(ax, found, names, (right + 0.12 * (left + right), 0.055 * (left + right)))
    aims = pointed_at(names, found)
    ax.axvline(0, color=MUTED, linewidth=0.8)
    ax.set_yticks(range(len(names)), [several(name, entries[name]) for name in names])
    for name, tick in zip(names, ax.get_yticklabels(), strict=True):
        tick.set_fontweight("bold" if name in aims else "normal")
    ax.tick_params(axis="y", length=0)
    most = right + (0.14 + 0.055 * lanes) * (left + right)
    ax.set(xlim=(-left - 0.1 * (left + right), most), ylim=(max(len(names), 1) - 0.45, -0.55))
    _axis(ax, left, right, lang)
    notes(ax, say("rn_waits_axis", lang), interval_note(document, lang))
    legend(ax, _marks(found, bool(carried(plan)), lang), handlelength=2.2, handleheight=1.2)
    title(ax, _sentence(aims, found, document.get("replications", 1) > 1, lang))
    return figure


def _bars(ax: Axes, row: int, entry: Mapping[str, Any], lang: Lang) -> list[float]:
    """Both bars of a station; how far they reach from the middle to the left and to the right, %."""
    reach = []
    for state, side in (("starved", -1.0), ("blocked", 1.0)):
        found = (measure(entry["states"].get(state)) or Measure(0.0)).times(100)
        look, shown = LOOKS[state], found.times(side)
        ax.barh(row, shown.mean, 0.62, color=look.fill, hatch=look.hatch, edgecolor=look.line, linewidth=0)
        end = found.mean
        if found.half > 0:
            whisker(ax, shown if side > 0 else Measure(shown.mean, shown.high, shown.low), row, INK)
            end = found.high
        reach.append(end)
        if found.mean >= 0.05:
            ax.annotate(decimal(found.mean, 0 if found.mean >= 9.95 else 1, lang), (side * end, row), (4 * side, 0),
                        textcoords="offset points", ha="left" if side > 0 else "right", va="center", fontsize=8.5,
                        color=MUTED)  # fmt: skip
    return reach


def _arrows(ax: Axes, found: Sequence[Arrow], names: Sequence[str], at: tuple[float, float]) -> int:
    """Arrows to the right of the bars, in lanes in which none meets another; the number of lanes.

    ``at``: the first lane, and how far lanes are apart, %.
    """
    from matplotlib.patches import FancyArrowPatch

    rows = {name: i for i, name in enumerate(names)}
    lanes: list[list[tuple[int, int]]] = []
    for arrow in sorted(found, key=lambda one: abs(rows[one.begin] - rows[one.end])):
        low, high = sorted((rows[arrow.begin], rows[arrow.end]))
        lane = next((i for i, taken in enumerate(lanes) if all(high <= a or low >= b for a, b in taken)), len(lanes))
        lanes += [[]] * (lane == len(lanes))
        lanes[lane] = [*lanes[lane], (low, high)]
        x, gap = at[0] + at[1] * lane, 0.13 if rows[arrow.end] > rows[arrow.begin] else -0.13
        line: Any = "solid" if arrow.sure else (0, (3, 2))
        ax.add_patch(FancyArrowPatch(
            (x, rows[arrow.begin] + gap), (x, rows[arrow.end] - gap), arrowstyle="-|>,head_length=5,head_width=2.6",
            color=INK if arrow.sure else MUTED, linewidth=1.3, linestyle=line, shrinkA=0, shrinkB=0, clip_on=False,
        ))  # fmt: skip
    return len(lanes)


def _axis(ax: Axes, left: float, right: float, lang: Lang) -> None:
    """Shares to both sides without a sign; none under the arrows."""
    from matplotlib.ticker import MaxNLocator

    ticks = [float(tick) for tick in MaxNLocator(7).tick_values(-left, right) if -1.05 * left <= tick <= 1.05 * right]
    places = 0 if all(abs(tick - round(tick)) < 1e-6 for tick in ticks) else 2 if left + right < 1 else 1
    ax.set_xticks(ticks, [decimal(abs(tick), places, lang) for tick in ticks])


def _marks(found: Sequence[Arrow], called: bool, lang: Lang) -> list[Any]:
    from matplotlib.lines import Line2D

    from twin.report.style import patch

    marks = [patch(state, state_word(state, lang, called)) for state in ("starved", "blocked")]
    for sure, key in ((True, "rn_arrow"), (False, "rn_arrow_unsure")):
        if any(arrow.sure is sure for arrow in found):
            style: Any = "-" if sure else (0, (3, 2))
            marks.append(Line2D([], [], color=INK if sure else MUTED, linestyle=style, linewidth=1.3, marker=">",
                                markersize=4, label=say(key, lang)))  # fmt: skip
    return marks


def _sentence(ends: Sequence[str], found: Sequence[Arrow], repeated: bool, lang: Lang) -> str:
    if not found:
        return say("rn_waits_alone", lang)
    if not any(arrow.size for arrow in found):
        return say("rn_waits_none", lang)
    if not ends:
        return say("rn_waits_round", lang)
    most = max((arrow for arrow in found if arrow.end == ends[0]), key=lambda arrow: arrow.size)
    touching = [arrow for arrow in found if ends[0] in (arrow.begin, arrow.end)]
    sure = sum(arrow.sure for arrow in touching)
    words = {"name": ends[0], "from_": most.begin, "size": percent(most.size, lang), "n": sure, "all": len(touching)}
    unsure = "rn_waits_unsure" if repeated else "rn_waits_single"
    key = "rn_waits_title" if sure == len(touching) else unsure
    more = say("rn_waits_more", lang, names=", ".join(ends[1:])) if ends[1:] else ""
    return say(key, lang, **words) + more
