"""Where a gain comes from: from the baseline to a scenario, lever by lever."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from twin.report.labels import kpi_word, label
from twin.report.study import leading
from twin.report.study.figures import marks
from twin.report.study.figures.marks import Absent, Ends, brief, ends, patch, whisker
from twin.report.study.sums import Page, number, signed, told_apart
from twin.report.style import INK, MUTED, PAPER, axes, legend, numbers, styled, title
from twin.report.words import Lang, check_lang, unit_word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROOM = 0.6
"""Of the range of what happens, left free beside it on a cut axis."""


@styled
def waterfall(
    document: Mapping[str, Any], scenario: str | None = None, ax: Axes | None = None, *, lang: Lang = "en"
) -> Figure:
    """A KPI from the baseline to a scenario, lever by lever (Shapley shares), with their intervals.

    Where the levers change little of the whole, the axis does not begin at 0, and the figure says so.

    Args:
        document: of a study.
        scenario: default the one that is looked at closely, else the first whose gain was taken apart.
        ax: where to draw.
        lang: 'en' or 'fr'.

    Raises:
        Absent: no gain was taken apart, or not that of this scenario; ValueError: an unknown language.
    """
    page = Page(document, check_lang(lang))
    name, found = _fall(page, scenario)
    levers, at = found["levers"], found["baseline"]["mean"]
    figure, ax = axes(ax, 9.2, 1.7 + 0.42 * (len(levers) + 2))
    left = _around(ax, found)
    _whole(ax, 0, ends(found["baseline"]))
    for row, one in enumerate(levers, start=1):
        _share(ax, page, row, one["share"], at)
        at += one["share"]["mean"]
    gain = ends(found["gain"])
    last = Ends(at, *(None if end is None else found["baseline"]["mean"] + end for end in gain[1:]))
    _whole(ax, len(levers) + 1, last)
    numbers(ax.xaxis, lang)
    marks.rows(ax, [page.against, *(one["lever"] for one in levers), name])
    kpi, unit = kpi_word(found["kpi"], lang), unit_word(label(found["kpi"]).unit, lang)
    cut = page.say("waterfall_cut", start=number(left, lang)) if left > 0 else ""
    marks.under(ax, f"{kpi} ({unit})", cut, marks.note(page), page.say("waterfall_last", against=brief(page.against)))
    legend(ax, _legend(page, levers))
    title(ax, _sentence(page, name, found, unit))
    return figure


def _fall(page: Page, scenario: str | None) -> tuple[str, Mapping[str, Any]]:
    known = {one["name"]: one["waterfall"] for one in page.doc["scenarios"] if "waterfall" in one}
    name = scenario or (page.focus if page.focus in known else next(iter(known), ""))
    if name not in known:
        raise Absent("no gain was taken apart by lever; ask for it with --explain SCENARIO (Python: explain=)")
    return name, known[name]


def _whole(ax: Axes, row: int, found: Ends) -> None:
    ax.barh(row, found.mean, 0.62, color=marks.WHOLE)
    whisker(ax, found.mean, row, found.reach)


def _share(ax: Axes, page: Page, row: int, share: Mapping[str, Any], at: float) -> None:
    """What a lever adds, from where the one before it ended, and the amount beside it."""
    found = ends(share)
    ax.barh(row, found.mean, 0.62, at, **marks.bar_look(told_apart(share), found.mean))
    ax.plot([at, at], [row - 1.31, row + 0.31], color=MUTED, linewidth=0.7, zorder=1)
    whisker(ax, at + found.mean, row, found.reach)
    most = max(at, at + (found.high if found.high is not None else found.mean))
    text = signed(share, 1.0, page.lang)
    ax.annotate(text, (most, row), (7, 0), textcoords="offset points", va="center", fontsize=8.5, color=INK)


def _around(ax: Axes, found: Mapping[str, Any]) -> float:
    """Set the part of the axis where something happens, and return where it begins: 0 unless that would hide it."""
    at = low = high = found["baseline"]["mean"]
    for one in found["levers"]:
        share = ends(one["share"])
        low, high = min(low, at + min(share.low or share.mean, share.mean)), max(high, at + (share.high or share.mean))
        at += share.mean
        low, high = min(low, at), max(high, at)
    wide = max(high - low, 1e-9)
    left = low - ROOM * wide
    left = left if left > 0.25 * high else 0.0
    ax.set_xlim(left, high + 0.35 * wide)
    if left:
        _cut(ax, len(found["levers"]) + 2)
    return left


def _cut(ax: Axes, n: int) -> None:
    """White slashes through the bars that begin left of the axis."""
    for row in (0, n - 1):
        for at in (0.022, 0.034):
            ax.plot([at - 0.006, at + 0.006], [row + 0.36, row - 0.36], color=PAPER, linewidth=2.0, zorder=5,
                    transform=ax.get_yaxis_transform())  # fmt: skip


def _legend(page: Page, levers: list[Mapping[str, Any]]) -> list[Any]:
    """Of what is in the figure."""
    sure = [one["share"]["mean"] for one in levers if told_apart(one["share"])]
    found = [patch(marks.WHOLE, "", page.say("waterfall_whole"))]
    if any(one >= 0 for one in sure):
        found.append(patch(marks.GAIN, "", page.say("waterfall_gain")))
    if any(one < 0 for one in sure):
        found.append(patch(marks.LOSS, "///", page.say("waterfall_loss")))
    if len(sure) < len(levers):
        look: dict[str, Any] = {"edgecolor": MUTED, "linewidth": 1.2, "linestyle": (0, (3, 2))}
        found.append(patch(PAPER, "", page.say("unsure"), **look))
    return found


def _sentence(page: Page, name: str, found: Mapping[str, Any], unit: str) -> str:
    first = leading.lever(found["levers"])
    if first is None:
        return page.say("waterfall_none", name=brief(name))
    most, key = first.found, "waterfall_title" if first.sure else "waterfall_unsure"
    amounts = {"share": signed(most["share"], 1.0, page.lang), "gain": signed(found["gain"], 1.0, page.lang)}
    return page.say(key, lever=brief(most["lever"]), name=brief(name), unit=unit, **amounts)
