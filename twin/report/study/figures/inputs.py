"""A tornado: what the NPV is expected to be when one input is low or high."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from twin.core.confidence import normal
from twin.report.study import leading
from twin.report.study.figures.marks import Absent, brief, money_of, note, patch, rows, under, whisker
from twin.report.study.sums import MOST, Page, Sum
from twin.report.style import INK, MUTED, PAPER, axes, legend, numbers, styled, title
from twin.report.words import Lang, check_lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOW, HIGH = "#E69F00", "#0072B2"
"""Colours of an input at its P10 and at its P90."""
LOOKS = (("low", LOW, "///", -0.17), ("high", HIGH, "", 0.17))
"""End of a bar, its colour and hatch, and how far from the middle of its row it lies."""


@styled
def tornado(
    document: Mapping[str, Any], scenario: str | None = None, ax: Axes | None = None, *, lang: Lang = "en"
) -> Figure:
    """The expected NPV with each input at its P10 and at its P90, the longest bar first, each end with its interval.

    Bars are hollow where the two ends cannot be told apart.

    Args:
        document: of a study.
        scenario: default the one that is looked at closely: the chosen one, else the one with the largest NPV.
        ax: where to draw.
        lang: 'en' or 'fr'.

    Raises:
        Absent: there is no such scenario, it has no money, or no input was seen to vary in enough rows.
        ValueError: an unknown language.
    """
    page = Page(document, check_lang(lang))
    name = scenario or page.focus
    found, unit = money_of(page, name), page.unit()
    bars = sorted(found["tornado"], key=lambda bar: -abs(bar["high"] - bar["low"]))[:MOST]
    if not bars:
        raise Absent(f"no tornado of '{name}': nothing is uncertain, or there are fewer than 30 replications")
    figure, ax = axes(ax, 9.2, 1.9 + 0.42 * max(len(bars), 3))
    z, centre = normal(document["run"]["confidence"]), found["npv"]["mean"]["value"] / unit.size
    for row, bar in enumerate(bars):
        _bar(ax, row, bar, centre, (z, unit.size))
    ax.axvline(centre, color=INK, linewidth=1.0)
    left, right = ax.get_xlim()
    if left < 0 < right:
        ax.axvline(0, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
    numbers(ax.xaxis, lang)
    rows(ax, [bar["input"] for bar in bars])
    under(ax, page.say("tornado_axis", name=brief(name), unit=unit.name), note(page))
    legend(ax, [*(patch(fill, hatch, page.say(f"tornado_{end}")) for end, fill, hatch, _ in LOOKS),
                patch(PAPER, "", page.say("tornado_hollow"), edgecolor=MUTED, linewidth=1.2)])  # fmt: skip
    title(ax, _sentence(page, name, leading.bar(found["tornado"], z), unit))
    return figure


def _bar(ax: Axes, row: int, bar: Mapping[str, Any], left: float, scale: tuple[float, float]) -> None:
    """The two halves of a bar from the mean NPV; ``scale`` is (quantile of the intervals, size of the unit)."""
    z, size = scale
    sure = leading.is_apart(bar, z)
    for end, colour, hatch, away in LOOKS:
        look: dict[str, Any] = {"facecolor": PAPER, "edgecolor": colour, "linewidth": 1.1}
        if sure:
            look = {"facecolor": colour, "edgecolor": PAPER, "linewidth": 0, "hatch": hatch}
        at, half = bar[end] / size, z * bar[f"{end}_error"] / size
        ax.barh(row + away, at - left, 0.32, left, **look)
        whisker(ax, at, row + away, [[half], [half]])


def _sentence(page: Page, name: str, first: leading.Leader | None, unit: Sum) -> str:
    if first is None:
        return page.say("tornado_none", name=brief(name))
    bar, key = first.found, "tornado_title" if first.sure else "tornado_unsure"
    told, low, high = bar["input"], *(unit.show(bar[end], page.lang) for end in ("low", "high"))
    return page.say(key, name=brief(name), input=brief(told), low=low, high=high, unit=unit.name)
