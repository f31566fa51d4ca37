"""Forest plots: every mean with its 90 % interval, row by row on one logarithmic axis; borrowed laws are marked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.report.calibration.amounts import CYCLES, mean_text, share_range, short
from twin.report.calibration.scales import log_axis
from twin.report.style import ACCENT, INK, MUTED, PAPER, canvas, styled
from twin.report.words import Lang, decimal, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from twin.calibrate.fitting.posterior import Posterior
    from twin.calibrate.found import CountsFound, Findings, ModeFound

SHARE = "share"
"""What a column of shares has for a clock: its axis is linear, in %."""
WIDTH, ROWS = 12.4, 30
"""Inches; rows that fit a printed sheet."""
_ROW, _FRAME = 0.27, 1.25
"""Height of a row and of what stands around them, inches."""


class Mark(NamedTuple):
    """A mean with its interval: s, cycles or a share."""

    mean: float
    low: float
    high: float
    text: str
    borrowed: bool = False
    bound: float = math.nan
    """A one-sided bound from below, from its own exposure alone; NaN without one."""


class Column(NamedTuple):
    """A forest plot: a mark for each row, None where there is nothing to say."""

    title: str
    axis: str
    clock: str
    marks: Sequence[Mark | None]
    ends: tuple[float, float] = (math.nan, math.nan)
    """The least and the most of all marks, so that a column which is cut into several figures keeps its axis."""


def law_mark(found: Posterior, clock: str, lang: Lang, bound: float = math.nan) -> Mark:
    """The mean of a posterior."""
    return Mark(found.mean, *found.interval90, mean_text(found, clock, lang), found.borrowed, bound)


def share_mark(found: CountsFound, lang: Lang) -> Mark:
    """A share of parts."""
    share = found.share
    low, high = share.interval90
    return Mark(share.mean, low, high, share_range(share.mean, (low, high), lang))


def modes(findings: Findings, *, lang: Lang = "en") -> list[Figure]:
    """Mean up and mean repair of every mode; those on a clock of cycles have a column of their own.

    A figure for each ``ROWS`` modes, with the same axes.
    """
    found = findings.modes
    cycles = [one.evidence.clock == CYCLES for one in found]
    ups = [_up_mark(one, lang) for one in found]
    columns = [
        _column("cal_forest_up", "", [None if c else mark for c, mark in zip(cycles, ups, strict=True)], lang),
        _column("cal_forest_cycles", CYCLES, [mark if c else None for c, mark in zip(cycles, ups, strict=True)], lang),
        _column("cal_forest_repair", "", [law_mark(one.repair, "", lang) for one in found], lang),
    ]
    return _figures([one.name for one in found], columns, lang)


def _figures(names: Sequence[str], columns: Sequence[Column], lang: Lang) -> list[Figure]:
    shown = [column for column in columns if any(column.marks)]
    starts = range(0, len(names) if shown else 0, ROWS)
    return [forest(names[i : i + ROWS], [_cut(column, i) for column in shown], lang=lang) for i in starts]


def _cut(column: Column, start: int) -> Column:
    return column._replace(marks=column.marks[start : start + ROWS])


def _up_mark(found: ModeFound, lang: Lang) -> Mark:
    from twin.calibrate.fitting.said import least_mean, said

    base = found.stands_on
    bound = least_mean(base.exposure) if said(base.failures).bound and base.exposure > 0 else math.nan
    return law_mark(found.up, found.evidence.clock, lang, bound)


def others(findings: Findings, *, lang: Lang = "en") -> list[Figure]:
    """Times (cycles, set-ups, maintenance) and shares (scrap, rework), a figure for each ``ROWS``."""
    times, shares = findings.times, findings.counts
    no_times: list[Mark | None] = [None for _ in times]
    no_shares: list[Mark | None] = [None for _ in shares]
    columns = [
        _column("cal_forest_times", "", [*(law_mark(one.posterior, "", lang) for one in times), *no_shares], lang),
        _column("cal_forest_share", SHARE, [*no_times, *(share_mark(one, lang) for one in shares)], lang),
    ]
    names = [one.name for one in times] + [one.name for one in shares]
    return _figures(names, columns, lang)


def _column(title: str, clock: str, marks: Sequence[Mark | None], lang: Lang) -> Column:
    axis = "_".join(filter(None, ("cal_forest_axis", clock)))
    ends = [x for mark in marks if mark for x in (mark.low, mark.high, mark.bound) if math.isfinite(x)]
    return Column(say(title, lang), say(axis, lang), clock, marks, (min(ends), max(ends)) if ends else (1.0, 1.0))


@styled
def forest(names: Sequence[str], columns: Sequence[Column], *, lang: Lang = "en") -> Figure:
    """Rows of means with their intervals, a column each quantity; at least one of both."""
    figure = canvas(WIDTH, _FRAME + _ROW * max(len(names), 2))
    panels = list(figure.subplots(1, len(columns), sharey=True, squeeze=False)[0])
    for ax, column in zip(panels, columns, strict=True):
        _draw(ax, column, len(names), lang)
    panels[0].set_yticks(range(len(names)), [short(name, 34) for name in names])
    panels[0].set_ylim(len(names) - 0.5, -0.5)
    handles = _key([mark for column in columns for mark in column.marks if mark], lang)
    if len(handles) > 1:
        figure.legend(handles=handles, loc="outside lower left", ncols=3, fontsize=8)
    return figure


def _draw(ax: Axes, column: Column, rows: int, lang: Lang) -> None:
    for row in range(0, rows, 2):
        ax.axhspan(row - 0.5, row + 0.5, color="#F5F5F5", linewidth=0, zorder=0)
    for row, mark in enumerate(column.marks):
        if mark:
            _mark(ax, row, mark)
    _axis(ax, column, lang)
    ax.grid(axis="x")
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(column.axis)
    ax.set_title(column.title)


def _mark(ax: Axes, row: int, mark: Mark) -> None:
    color = MUTED if mark.borrowed else ACCENT
    reach = [[mark.mean - mark.low], [mark.high - mark.mean]]
    ax.errorbar(
        mark.mean, row, xerr=reach, fmt="D" if mark.borrowed else "o", markersize=5, color=color, capsize=2.5,
        markerfacecolor=PAPER if mark.borrowed else color, linestyle="none", elinewidth=1.4,
    )[2][0].set_linestyle("--" if mark.borrowed else "-")  # fmt: skip
    if math.isfinite(mark.bound):
        ax.plot(mark.bound, row, marker=9, color=INK, markersize=7, markeredgewidth=0)
    ax.annotate(
        mark.text, (1, row), (6, 0), xycoords=("axes fraction", "data"), textcoords="offset points", va="center",
        fontsize=8, color=MUTED if mark.borrowed else INK, annotation_clip=False,
    )  # fmt: skip


def _axis(ax: Axes, column: Column, lang: Lang) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    low, high = column.ends
    if column.clock == SHARE:
        places = 1 if high < 0.05 else 0
        ax.xaxis.set_major_locator(MaxNLocator(nbins=5))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: decimal(100 * x, places, lang)))
        ax.set_xlim(0, high * 1.06)
        return
    room = max((high / low) ** 0.06, 1.1)
    log_axis(ax.xaxis, (low / room, high * room), column.clock, lang, 6)
    ax.set_xlim(low / room, high * room)


def _key(marks: Sequence[Mark], lang: Lang) -> list[Any]:
    """The legend of the marks that are there."""
    return [handle for shown, handle in _handles(marks, lang) if shown]


def _handles(marks: Sequence[Mark], lang: Lang) -> Iterator[tuple[bool, Any]]:
    from matplotlib.lines import Line2D

    own, lent = (any(mark.borrowed is one for mark in marks) for one in (False, True))
    yield own, Line2D([], [], color=ACCENT, marker="o", markersize=5, label=say("cal_key_own", lang))
    yield lent, Line2D(
        [], [], color=MUTED, marker="D", markersize=5, markerfacecolor=PAPER, linestyle="--",
        label=say("cal_key_borrowed", lang),
    )  # fmt: skip
    bounded = any(math.isfinite(mark.bound) for mark in marks)
    yield (
        bounded,
        Line2D(
            [],
            [],
            color=INK,
            marker=9,
            markersize=7,
            linestyle="none",
            markeredgewidth=0,
            label=say("cal_key_bound", lang),
        ),
    )
