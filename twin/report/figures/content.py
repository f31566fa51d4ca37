"""The content of buffers over time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from twin.core.plan import Plan
from twin.report.figures.shared import band_note, notes, time_axis
from twin.report.measure import Measure, measure, percent
from twin.report.result.sheet import Answer, Document, capacity, tick
from twin.report.style import ACCENT, FAINT, MUTED, axes, canvas, legend, styled, title
from twin.report.ways.trace import Level, Row, last_time, levels, mean_level, over, share_full
from twin.report.words import Lang, decimal, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = 6
"""So many buffers are shown at most."""
POINTS = 1500
"""With more moves than this a level is drawn as its mean and range."""


@styled
def content(result: Answer, trace: Sequence[Row], ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
    """The content of buffers over one run, a panel each (the six fullest); capacity dashed.

    With replications each panel also has the mean of them all, and its interval as a band.

    Args:
        result: the result, for its plan.
        trace: rows of one replication.
        ax: with axes given, the buffers share them.
        lang: 'en' or 'fr'.
    """
    plan, end = result.plan, last_time(result.plan, trace)
    names = {name for _, name, _ in plan.of("buffers")}
    found = {name: one for name, one in levels(trace, end).items() if name in names}
    ranked = sorted(found, key=lambda name: -_fullness(plan, name, found[name]))[:PANELS]
    shown = {name: found[name] for name in found if name in ranked}
    document = result.document()
    averaged = ax is None and document.get("replications", 1) > 1
    figure, panels = _panels(ax, len(shown))
    for number, ((name, one), panel) in enumerate(zip(shown.items(), panels, strict=False)):
        _level_panel(panel, name, one, plan, LINES[number] if ax is not None else ACCENT)
        if averaged:
            _mean(panel, measure(document["elements"].get(name, {}).get("kpis", {}).get("content")))
    for panel in panels:
        time_axis(panel, 0.0, end, lang, label=panel is panels[-1])
        panel.set_ylim(bottom=0)
        panel.locator_params(axis="y", integer=True, nbins=5)
        panel.set_ylabel(say("parts_axis", lang))
    _level_legend(panels, shown, _marks(shown, plan, averaged, lang), ax is not None)
    notes(panels[-1], panels[-1].get_xlabel(), _note(document, averaged, lang))
    title(panels[0], _content_sentence(plan, shown, len(found), document.get("replications", 1) > 1, lang))
    return figure


LINES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Colours of buffers that share axes."""


def _panels(ax: Axes | None, count: int) -> tuple[Figure, list[Axes]]:
    if ax is not None or count < 2:
        figure, ax = axes(ax, 9.6, 2.9)
        return figure, [ax] * max(count, 1)
    figure = canvas(9.6, 1.2 + 1.3 * count)
    return figure, list(figure.subplots(count, 1, sharex=True))


def _fullness(plan: Plan, name: str, one: Level) -> float:
    """Mean content / capacity; a buffer without limit ranks by its content, after those with one."""
    mean, places = mean_level(one, plan.warm_up), capacity(plan, name)
    return 1 + mean / places if math.isfinite(places) and places > 0 else mean / (1 + mean)


def _level_panel(ax: Axes, name: str, one: Level, plan: Plan, color: str) -> None:
    end = float(one.time[-1])
    if len(one.time) <= POINTS:
        ax.step(one.time, one.content, where="post", color=color, linewidth=1.1, label=name)
    else:
        centres, mean, least, most = over(one, 0.0, end, 240)
        ax.fill_between(centres, least, most, color=color, alpha=0.22, linewidth=0, step="mid")
        ax.plot(centres, mean, color=color, label=name)
    places = capacity(plan, name)
    if math.isfinite(places):
        ax.axhline(places, color=color if color != ACCENT else MUTED, linestyle=(0, (5, 3)), linewidth=1.0)
    if 0 < plan.warm_up < end:
        ax.axvspan(0, plan.warm_up, color=FAINT, alpha=0.45, linewidth=0)


MEAN = "#D55E00"
"""The mean of all replications."""


def _mean(ax: Axes, found: Measure | None) -> None:
    if found is None:
        return
    if found.half > 0:
        ax.axhspan(max(0.0, found.low), found.high, facecolor=MEAN, alpha=0.22, linewidth=0, hatch="...", zorder=1)
    ax.axhline(found.mean, color=MEAN, linestyle=(0, (1, 1.2)), linewidth=1.5, zorder=4)


def _marks(shown: Mapping[str, Level], plan: Plan, averaged: bool, lang: Lang) -> list[Any]:
    """What the lines and bands mean."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    dashed: Any = {"color": MUTED, "linestyle": (0, (5, 3)), "linewidth": 1.0}
    dotted: Any = {"color": MEAN, "linestyle": (0, (1, 1.2)), "linewidth": 1.5}
    marks: list[Any] = [Line2D([], [], label=say("capacity", lang), **dashed)]
    marks += [Line2D([], [], label=say("rn_mean_over", lang), **dotted)] if averaged else []
    banded = any(len(one.time) > POINTS for one in shown.values())
    marks += [Patch(facecolor=ACCENT, alpha=0.22, label=say("band", lang))] if banded else []
    return marks + ([Patch(facecolor=FAINT, alpha=0.6, label=say("warm_up", lang))] if plan.warm_up else [])


def _note(document: Document, averaged: bool, lang: Lang) -> str:
    if averaged:
        return say("rn_content_note", lang, band=band_note(document, lang))
    return say("no_interval", lang) if document.get("replications", 1) <= 1 else say("rn_content_first", lang)


def _level_legend(panels: Sequence[Axes], shown: Mapping[str, Level], marks: Sequence[Any], shared: bool) -> None:
    """Names of buffers beside their panels; what the marks mean below the first name."""
    from matplotlib.lines import Line2D

    if not shown:
        return
    if shared:
        lines = [Line2D([], [], color=color, label=tick(name)) for name, color in zip(shown, LINES, strict=False)]
        return legend(panels[0], [*lines, *marks])
    for name, panel in zip(shown, panels, strict=True):
        line = Line2D([], [], color=ACCENT, label=tick(name))
        legend(panel, [line, *(marks if panel is panels[0] else [])])


def _content_sentence(plan: Plan, shown: Mapping[str, Level], total: int, several: bool, lang: Lang) -> str:
    if not shown:
        return say("content_none", lang)
    name = max(shown, key=lambda one: _fullness(plan, one, shown[one]))
    share = share_full(shown[name], plan.warm_up, capacity(plan, name))
    full = say("content_full", lang, share=percent(share, lang)) if share >= 0.001 else ""
    mean = decimal(mean_level(shown[name], plan.warm_up), 1, lang)
    some = say("content_some", lang, shown=len(shown), all=total) if total > len(shown) else ""
    key = "rn_content_title" if several else "content_title"
    return say(key, lang, name=name, mean=mean, full=full) + some
