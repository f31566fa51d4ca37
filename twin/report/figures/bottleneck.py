"""How often each station is the bottleneck."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from twin.report.figures.shared import whisker
from twin.report.measure import percent
from twin.report.result.neck import Neck, necks
from twin.report.result.sheet import Answer, level, tick, time_word
from twin.report.style import INK, MUTED, axes, legend, styled, title
from twin.report.words import Lang, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@styled
def bottleneck(result: Answer, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
    """How often each station is the bottleneck (active period): alone, and while it shifts; largest first.

    The whisker is the interval of the sum over the replications; with one replication there is none.
    """
    document = result.document()
    found = sorted(necks(result, document), key=lambda neck: -neck.whole.mean)
    figure, ax = axes(ax, 9.6, 1.6 + 0.38 * max(len(found), 3))
    for row, neck in enumerate(found):
        _neck_bar(ax, row, neck, lang)
    ax.set_yticks(range(len(found)), [tick(neck.name) for neck in found])
    reach = [x for neck in found for x in (neck.whole.mean, neck.whole.high) if math.isfinite(x)]
    ax.set(xlim=(0, min(110.0, 118 * max(reach, default=1.0) + 4)), ylim=(max(len(found), 1) - 0.45, -0.55))
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    time = time_word(document, lang)
    note = say("interval" if document.get("replications", 1) > 1 else "no_interval", lang, level=level(document, lang))
    ax.set_xlabel(f"{say('neck_axis', lang, time=time)}\n{note}")
    legend(ax, _neck_legend(found, lang))
    first = found[0] if found and found[0].whole.mean > 0 else None
    share = percent(first.whole.mean, lang) if first else ""
    title(ax, say("neck_title", lang, name=first.name, share=share, time=time) if first else say("neck_none", lang))
    return figure


def _neck_bar(ax: Axes, row: int, neck: Neck, lang: Lang) -> None:
    whole = neck.whole.times(100)
    sole = whole.mean if math.isnan(neck.sole) else 100 * neck.sole
    ax.barh(row, sole, 0.66, color=NECK, linewidth=0)
    ax.barh(row, whole.mean - sole, 0.66, sole, color=SHIFT, hatch="///", edgecolor=NECK, linewidth=0)
    right = whole.mean
    if whole.half > 0:
        whisker(ax, whole, row, INK)
        right = whole.high
    shown = percent(neck.whole.mean, lang)
    ax.annotate(shown, (right, row), (5, 0), textcoords="offset points", va="center", fontsize=8.5, color=MUTED)


NECK, SHIFT = "#D55E00", "#FBD3B5"
"""Colours of time alone and of time while the bottleneck shifts."""


def _neck_legend(found: Sequence[Neck], lang: Lang) -> list[Any]:
    from matplotlib.patches import Patch

    if any(math.isnan(neck.sole) for neck in found):
        return [Patch(facecolor=NECK, label=say("both", lang))]
    shift = Patch(facecolor=SHIFT, hatch="///", edgecolor=NECK, linewidth=0, label=say("shifting", lang))
    return [Patch(facecolor=NECK, label=say("sole", lang)), shift]
