"""Yamazumi: the time that each station spends on a good part, stacked by what it does, against its takt."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.report.figures.shared import interval_note, notes, whisker
from twin.report.measure import Measure, percent
from twin.report.result.over import over
from twin.report.result.sheet import Answer, Document, machines, several
from twin.report.style import INK, LOOKS, MUTED, axes, legend, numbers, patch, styled, title
from twin.report.ways.journey import columns
from twin.report.words import Lang, decimal, per_cent, say, state_word, time, time_unit, unit_word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WORK = ("working", "setup", "micro_stop", "repair", "waiting_repair", "waiting_operator")
"""States that take up a station; what is left of its takt is waiting for parts and room."""
CLOSED = ("off", "break", "maintenance")
"""States outside the required time."""


class Stack(NamedTuple):
    """A station: seconds of one machine for each good part that leaves the plant."""

    name: str
    spent: Mapping[str, float]
    """State → mean over the replications, s."""
    whole: Measure
    """Their sum, s."""
    takt: Measure
    """Required time for each part that is wanted, s; where no customer orders, for each good part made."""
    load: Measure
    """``whole`` / ``takt``."""


def wanted(result: Answer) -> bool:
    """Whether customers say how many parts they want."""
    return any(key.endswith(".kpis.demand") for row in result.rows[:1] for key in row)


def stacks(result: Answer, document: Document) -> list[Stack]:
    """The stations in the order of the flow; none where no good part left the plant."""
    column = columns(result.plan)
    names = sorted((name for name, _ in machines(document)), key=lambda name: column.get(result.plan.index(name), 0))
    found = [_stack(result, document, name) for name in names]
    return [one for one in found if one is not None]


def _stack(result: Answer, document: Document, name: str) -> Stack | None:
    days = [_seconds(row, name) for row in result.rows]
    days = [day for day in days if day]
    whole = over(result, document, [day["whole"] for day in days], 0.0)
    takt = over(result, document, [day["takt"] for day in days], 0.0)
    load = over(result, document, [day["load"] for day in days], 0.0)
    if whole is None or takt is None or load is None:
        return None
    spent = {state: math.fsum(day[state] for day in days) / len(days) for state in WORK}
    return Stack(name, spent, whole, takt, load)


def _seconds(row: Mapping[str, float], name: str) -> dict[str, float]:
    """A replication; empty where no good part left."""
    rate, parts = row.get("kpis.throughput_per_h", math.nan), row.get("kpis.parts", 0.0)
    if not rate > 0 or not parts > 0:
        return {}
    each = 3600.0 / rate
    due = sum(value for key, value in row.items() if key.endswith(".kpis.demand"))
    states = {state: row[f"elements.{name}.states.{state}"] for state in (*WORK, *CLOSED)}
    spent = {state: each * states[state] for state in WORK}
    whole = sum(spent.values())
    takt = each * (1.0 - sum(states[state] for state in CLOSED)) * (parts / due if due else 1.0)
    return {**spent, "whole": whole, "takt": takt, "load": whole / takt if takt else math.nan}


@styled
def yamazumi(result: Answer, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
    """What each station spends on a good part of the plant, against its takt; a bar a station in the order of the flow.

    Of several machines it is the time of one, divided by their number. A bar as long as its takt has no reserve. The
    takt is the required time for each part that customers order; where none order, for each good part made.
    """
    document = result.document()
    found = stacks(result, document)
    entries = dict(machines(document))
    figure, ax = axes(ax, 9.6, 1.6 + 0.42 * max(len(found), 3))
    size, unit = time_unit(max([1.0, *(one.takt.mean for one in found)]))
    for row, one in enumerate(found):
        _bar(ax, row, one, size, lang)
    ax.set_yticks(range(len(found)), [several(one.name, entries[one.name]) for one in found])
    ax.tick_params(axis="y", length=0)
    most = max([1.0, *(max(one.takt.mean, one.whole.mean, one.whole.high, -1.0) for one in found)])
    ax.set(xlim=(0, 1.2 * most / size), ylim=(max(len(found), 1) - 0.45, -0.55))
    ax.grid(axis="x")
    numbers(ax.xaxis, lang)
    notes(ax, say("rn_yamazumi_axis", lang, unit=unit_word(unit, lang)), interval_note(document, lang))
    legend(ax, _marks(found, wanted(result), lang), handlelength=2.2, handleheight=1.2)
    title(ax, _sentence(found, wanted(result), lang))
    return figure


def _bar(ax: Axes, row: int, one: Stack, size: float, lang: Lang) -> None:
    left = 0.0
    for state, seconds in one.spent.items():
        look = LOOKS[state]
        ax.barh(row, seconds / size, 0.66, left, color=look.fill, hatch=look.hatch, edgecolor=look.line, linewidth=0)
        left += seconds / size
    takt = one.takt.mean / size
    ax.vlines(takt, row - 0.44, row + 0.44, color=INK, linewidth=2.2, zorder=6)
    right = max(left, takt)
    if one.whole.half > 0:
        whisker(ax, one.whole.times(1 / size), row, INK)
        right = max(right, one.whole.high / size)
    load = per_cent(percent(one.load.mean, lang), lang)
    ax.annotate(load, (right, row), (6, 0), textcoords="offset points", va="center", fontsize=8.5, color=MUTED)


def _marks(found: Sequence[Stack], ordered: bool, lang: Lang) -> list[Any]:
    from matplotlib.lines import Line2D

    shown = [state for state in WORK if any(one.spent[state] > 0 for one in found)]
    key = "rn_takt_wanted" if ordered else "rn_takt_made"
    line = Line2D([], [], color=INK, linewidth=0, marker="|", markersize=11, markeredgewidth=2.2, label=say(key, lang))
    return [patch(state, state_word(state, lang)) for state in shown] + [line]


def _sentence(found: Sequence[Stack], ordered: bool, lang: Lang) -> str:
    full = [one for one in found if math.isfinite(one.load.mean)]
    if not full:
        return say("rn_no_part", lang)
    one = max(full, key=lambda stack: stack.load.mean)
    words = {"name": one.name, "spent": time(one.whole.mean, lang), "takt": time(one.takt.mean, lang)}
    key = "rn_yamazumi_over" if ordered and one.load.low > 1 else "rn_yamazumi_title"
    return say(key, lang, **words, load=decimal(100 * one.load.mean, 0, lang))
