"""Figures of a study: NPV as S-curves, a tornado, the waterfall of the levers, differences with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from twin.report.labels import kpi_word, label
from twin.report.study.scenarios import HEADLINE
from twin.report.study.sums import MOST, Page, named, points, scale_of, told_apart
from twin.report.style import ACCENT, FAINT, INK, MUTED, PAPER, axes, legend, styled, title
from twin.report.words import Lang, check_lang, unit_word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#5A5A5A", "#8A6D00")
"""Colours of scenarios (Okabe and Ito); with more of them they come again, dashed."""
LOSS = "#F7D7C4"
LOW, HIGH = "#E69F00", "#0072B2"
"""Colours of an input at its P10 and at its P90."""
LEVER, WHOLE = "#0072B2", "#9A9A9A"


@styled
def npv(document: Mapping[str, Any], ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
    """The share of rows below each NPV, a curve each scenario; the side of losses is shaded.

    Raises:
        ValueError: the study has no finance, or an unknown language.
    """
    page = Page(document, check_lang(lang))
    shown = [one for one in page.scenarios if "money" in one]
    if not shown:
        raise ValueError("the study has no 'finance:', so there is no NPV")
    unit = page.unit()
    figure, ax = axes(ax, 9.2, 4.6)
    handles = []
    for i, one in enumerate(shown):
        xs, style = [x / unit.size for x in one["money"]["npv"]["curve"]], "-" if i < len(LINES) else "--"
        width = 2.4 if one["name"] == page.focus else 1.4
        handles += ax.plot(
            xs, range(101), color=LINES[i % len(LINES)], linestyle=style, linewidth=width, label=one["name"]
        )
    left, right = ax.get_xlim()
    ax.set_xlim(min(left, -0.02 * (right - left)), max(right, 0.02 * (right - left)))
    ax.axvspan(ax.get_xlim()[0], 0, color=LOSS, alpha=0.55, linewidth=0, zorder=0)
    ax.axvline(0, color=INK, linewidth=1.0)
    ax.text(0, 2, f"{page.say('loss')} ", ha="right", va="bottom", color=MUTED, fontsize=8.5)
    ax.set(ylim=(0, 100), xlabel=page.say("curve_axis", unit=unit.name), ylabel=page.say("curve_share"))
    ax.grid(axis="both")
    legend(ax, handles)
    lost = 1 - next(one for one in shown if one["name"] == page.focus)["money"]["npv"]["positive"]["value"]
    title(ax, page.say("curve_title", name=page.focus, share=points(lost, lang)))
    return figure


@styled
def tornado(
    document: Mapping[str, Any], scenario: str | None = None, ax: Axes | None = None, *, lang: Lang = "en"
) -> Figure:
    """The expected NPV with each input at its P10 and at its P90, the longest bar first.

    Args:
        document: of a study.
        scenario: default the one that is looked at closely: the chosen one, else the one with the largest NPV.
        ax: where to draw.
        lang: 'en' or 'fr'.

    Raises:
        ValueError: there is no such scenario, or it has no money.
    """
    page = Page(document, check_lang(lang))
    name = scenario or page.focus
    found, unit = _money_of(page, name), page.unit()
    bars = found["tornado"][:MOST]
    figure, ax = axes(ax, 9.2, 1.6 + 0.38 * max(len(bars), 3))
    centre = found["npv"]["mean"]["value"] / unit.size
    for row, bar in enumerate(bars):
        for key, colour, hatch in (("low", LOW, "///"), ("high", HIGH, "")):
            width = bar[key] / unit.size - centre
            ax.barh(row, width, 0.62, centre, color=colour, hatch=hatch, edgecolor=PAPER, linewidth=0)
    ax.axvline(centre, color=INK, linewidth=1.0)
    ax.axvline(0, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
    _rows(ax, [bar["input"] for bar in bars])
    ax.set_xlabel(page.say("tornado_axis", name=name, unit=unit.name))
    _two_patches(ax, [(LOW, "///", page.say("tornado_low")), (HIGH, "", page.say("tornado_high"))])
    title(
        ax,
        page.say("tornado_title", name=name, input=bars[0]["input"]) if bars else page.say("tornado_none", name=name),
    )
    return figure


@styled
def waterfall(
    document: Mapping[str, Any], scenario: str | None = None, ax: Axes | None = None, *, lang: Lang = "en"
) -> Figure:
    """A KPI from the baseline to a scenario, lever by lever (Shapley shares), with their intervals.

    Args:
        document: of a study.
        scenario: default the first whose gain was taken apart.
        ax: where to draw.
        lang: 'en' or 'fr'.

    Raises:
        ValueError: no gain was taken apart, or not that of this scenario.
    """
    page = Page(document, check_lang(lang))
    name, found = _fall(page, scenario)
    figure, ax = axes(ax, 9.2, 4.4)
    levers, at = found["levers"], found["baseline"]["mean"]
    ax.bar(0, at, 0.62, color=WHOLE)
    _whisker(ax, 0, found["baseline"], 0.0)
    for i, one in enumerate(levers, start=1):
        share = one["share"]
        ax.bar(
            i,
            share["mean"],
            0.62,
            at,
            color=LEVER if told_apart(share) else FAINT,
            hatch="" if told_apart(share) else "//",
        )
        _whisker(ax, i, share, at)
        at += share["mean"]
    ax.bar(len(levers) + 1, at, 0.62, color=WHOLE)
    _whisker(ax, len(levers) + 1, found["gain"], found["baseline"]["mean"])
    ax.set_xticks(range(len(levers) + 2), [page.against, *(one["lever"] for one in levers), name])
    ax.set_ylim(*_around(found))
    ax.grid(axis="y")
    kpi, unit = kpi_word(found["kpi"], lang), unit_word(label(found["kpi"]).unit, lang)
    ax.set_ylabel(page.say("waterfall_axis", kpi=kpi, unit=unit, level=page.level))
    most = max(levers, key=lambda one: one["share"]["mean"])
    title(ax, page.say("waterfall_title", lever=most["lever"], name=name))
    return figure


@styled
def differences(
    document: Mapping[str, Any], kpi: str | None = None, ax: Axes | None = None, *, lang: Lang = "en"
) -> Figure:
    """A KPI of each scenario minus that of 'against'; filled marks can be told from 0, hollow ones cannot.

    Args:
        document: of a study.
        kpi: path of a KPI, such as 'kpis.wip', or its name; default the throughput.
        ax: where to draw.
        lang: 'en' or 'fr'.

    Raises:
        ValueError: the study does not have it.
    """
    page = Page(document, check_lang(lang))
    found = _kpi(page, kpi or HEADLINE)
    pairs = [pair for pair in found["differences"] if pair["name"] in page.names]
    factor, unit = scale_of(found["kpi"], found["unit"], [x for p in pairs for x in _ends(p["difference"])])
    figure, ax = axes(ax, 9.2, 1.5 + 0.34 * max(len(pairs), 3))
    for row, pair in enumerate(pairs):
        _mark(ax, row, pair["difference"], factor)
    ax.axvline(0, color=INK, linewidth=1.0)
    _rows(ax, [pair["name"] for pair in pairs])
    ax.set_xlabel(f"{named(found['kpi'], lang)}: {page.say('forest_axis', unit=unit_word(unit, lang))}")
    _two_marks(ax, page)
    sure_ones = sum(pair["verdict"] in ("better", "worse") for pair in pairs)  # what is exactly 0 is the same
    title(ax, page.say("forest_title", n=sure_ones, all=len(pairs), name=page.against))
    return figure


def _ends(interval: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    return interval["mean"], interval["low"], interval["high"]


def _mark(ax: Axes, row: int, interval: Mapping[str, Any], factor: float) -> None:
    """A difference with its interval; hollow where it cannot be told from 0."""
    mean, low, high = _ends(interval)
    colour = ACCENT if told_apart(interval) else MUTED
    reach = None if low is None else [[(mean - low) * factor], [(high - mean) * factor]]
    face = ACCENT if told_apart(interval) else PAPER
    look: dict[str, Any] = {
        "color": colour,
        "markerfacecolor": face,
        "markersize": 5.5,
        "capsize": 3,
        "elinewidth": 1.3,
    }
    ax.errorbar(mean * factor, row, xerr=reach, fmt="o", **look)


def _money_of(page: Page, name: str) -> Mapping[str, Any]:
    found = page.money_of(name)
    if found is None:
        raise ValueError(f"there is no NPV of '{name}'")
    return found


def _fall(page: Page, scenario: str | None) -> tuple[str, Mapping[str, Any]]:
    known = {one["name"]: one["waterfall"] for one in page.doc["scenarios"] if "waterfall" in one}
    name = scenario or next(iter(known), "")
    if name not in known:
        raise ValueError("no gain was taken apart by lever; ask for it with --explain SCENARIO (Python: explain=)")
    return name, known[name]


def _kpi(page: Page, kpi: str) -> Mapping[str, Any]:
    found = page.kpi(kpi) or page.kpi(f"kpis.{kpi}")
    if found is None or not found["differences"]:
        known = ", ".join(one["kpi"].removeprefix("kpis.") for one in page.doc["kpis"] if one["differences"])
        raise ValueError(f"no differences of '{kpi}'; there are those of {known or 'nothing'}")
    return found


def _whisker(ax: Axes, x: int, interval: Mapping[str, Any], base: float) -> None:
    mean, low, high = _ends(interval)
    if low is not None:
        ax.errorbar(
            x, base + mean, yerr=[[mean - low], [high - mean]], color=INK, capsize=3, elinewidth=1.2, fmt="none"
        )


def _around(found: Mapping[str, Any]) -> tuple[float, float]:
    """The part of the axis where something happens: bars of a whole that would hide the shares are cut."""
    at = low = high = found["baseline"]["mean"]
    for one in found["levers"]:
        at += one["share"]["mean"]
        low, high = min(low, at), max(high, at)
    room = max(0.6 * (high - low), 1e-9)
    return max(low - room, 0.0), high + room / 2


def _rows(ax: Axes, names: Sequence[str]) -> None:
    ax.set_yticks(range(len(names)), list(names))
    ax.set_ylim(max(len(names), 1) - 0.45, -0.55)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")


def _two_patches(ax: Axes, looks: Sequence[tuple[str, str, str]]) -> None:
    from matplotlib.patches import Patch

    legend(
        ax,
        [Patch(facecolor=fill, hatch=hatch, edgecolor=PAPER, linewidth=0, label=text) for fill, hatch, text in looks],
    )


def _two_marks(ax: Axes, page: Page) -> None:
    from matplotlib.lines import Line2D

    legend(ax, [
        Line2D([], [], color=ACCENT, marker="o", markersize=5.5, label=page.say("sure")),
        Line2D([], [], color=MUTED, marker="o", markersize=5.5, markerfacecolor=PAPER, label=page.say("unsure")),
    ])  # fmt: skip
