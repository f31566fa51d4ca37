"""Cash flows: what comes and goes each year, and what has come in by then."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from twin.report.study.cash import by_column
from twin.report.study.figures.marks import FEW, amount, brief, money_of, note, patch, under, whisker
from twin.report.study.sums import Page, Sum
from twin.report.style import INK, MUTED, PAPER, axes, legend, numbers, styled, title
from twin.report.words import Lang, check_lang, decimal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOOKS = {
    "invested": ("#3C3C3C", ""),
    "spent": ("#CC79A7", "xxx"),
    "saved": ("#9CD3F2", ""),
    "parts": ("#009E73", "..."),
    "wages": ("#0072B2", "///"),
    "bound": ("#F0E442", "+++"),
    "taxed": ("#E69F00", "\\\\\\"),
}
"""How the columns of the table of cash flows are painted."""
SMALLEST = 0.002
"""A column with nothing larger than this share of the largest is left out."""


@styled
def cash(
    document: Mapping[str, Any], scenario: str | None = None, ax: Axes | None = None, *, lang: Lang = "en"
) -> Figure:
    """The mean flows of a scenario year by year, and their discounted sum with the band in which nine rows in ten lie.

    Args:
        document: of a study.
        scenario: default the one that is looked at closely.
        ax: where to draw.
        lang: 'en' or 'fr'.

    Raises:
        Absent: there is no such scenario, or it has no money; ValueError: an unknown language.
    """
    page = Page(document, check_lang(lang))
    name = scenario or page.focus
    found, unit = money_of(page, name), page.unit()
    columns = found["flows"]["columns"]
    figure, ax = axes(ax, 9.2, 4.6)
    kept = _bars(ax, by_column(found["flows"]["lines"], len(columns)), unit)
    handles = _sum(ax, page, found, unit)
    ax.axhline(0, color=INK, linewidth=0.9)
    ax.set_xticks(range(len(columns)), columns)
    ax.set_xlim(-0.6, len(columns) - 0.4)
    ax.grid(axis="y")
    numbers(ax.yaxis, lang)
    ax.set_ylabel(unit.name)
    under(ax, page.say("cash_axis", start=columns[0], name=brief(page.against)), note(page, "cash_note"))
    legend(ax, [*(patch(*LOOKS[key], page.say(f"flow_{key}")) for key in kept), *handles])
    title(ax, _sentence(page, name, found))
    return figure


def _bars(ax: Axes, sums: Mapping[str, Sequence[float]], unit: Sum) -> list[str]:
    """What comes in stands on 0, what goes out hangs below; returns the columns that are shown."""
    most = max((abs(x) for one in sums.values() for x in one), default=0.0)
    kept = [key for key, one in sums.items() if max(map(abs, one)) > SMALLEST * most]
    tops, ends = ([0.0] * len(next(iter(sums.values()))) for _ in range(2))
    for key in kept:
        values = [x / unit.size for x in sums[key]]
        bases = [top if x >= 0 else end for x, top, end in zip(values, tops, ends, strict=True)]
        fill, hatch = LOOKS[key]
        ax.bar(range(len(values)), values, 0.6, bases, color=fill, hatch=hatch, edgecolor=PAPER, linewidth=0.4)
        tops = [top + max(x, 0.0) for x, top in zip(values, tops, strict=True)]
        ends = [end + min(x, 0.0) for x, end in zip(values, ends, strict=True)]
    return kept


def _sum(ax: Axes, page: Page, found: Mapping[str, Any], unit: Sum) -> list[Any]:
    """The discounted sum up to each year end, its band, and the NPV with its interval at the end."""
    told = found["flows"]["cumulative"]
    mean, low, high = ([x / unit.size for x in told[key]] for key in ("mean", "p05", "p95"))
    years = range(len(mean))
    handles = ax.plot(years, mean, color=INK, marker="o", markersize=4, label=page.say("cash_sum"), zorder=7)
    if page.doc["run"]["replications"] >= FEW:
        ax.fill_between(years, low, high, color=MUTED, alpha=0.22, linewidth=0, zorder=2)
        handles.append(patch(MUTED, "", page.say("cash_band"), alpha=0.3))
        down, up = told["low"][-1], told["high"][-1]
        if down is not None and up is not None:
            whisker(ax, years[-1], mean[-1], [[mean[-1] - down / unit.size], [up / unit.size - mean[-1]]], upright=True)
    return list(handles)


def _sentence(page: Page, name: str, found: Mapping[str, Any]) -> str:
    median, years = found["discounted_payback"]["median"], len(found["flows"]["columns"]) - 1
    npv = amount(page, found["npv"]["mean"], page.unit())
    if median is None or not math.isfinite(median):
        return page.say("cash_title_never", name=brief(name), npv=npv, years=years)
    return page.say("cash_title", name=brief(name), npv=npv, years=years, back=decimal(median, 1, page.lang))
