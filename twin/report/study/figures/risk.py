"""NPV as S-curves: what may come of each scenario, and how likely a loss is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from twin.report.study.figures.marks import FEW, NO_MONEY, Absent, Ends, amount, brief, note, patch, tag, tall, under
from twin.report.study.sums import Page, Sum, points, ranged
from twin.report.style import INK, PAPER, axes, legend, numbers, styled, title
from twin.report.words import Lang, check_lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#B07800", "#56B4E9", "#5A5A5A", "#1A1A1A")
"""Of scenarios (after Okabe and Ito); together with the dashes no two of the first 56 look the same.

The first seven differ in grey as well, by their dashes.
"""
DASHES: tuple[Any, ...] = ("-", (0, (6, 2)), (0, (1, 1)), (0, (6, 2, 1, 2)), (0, (3, 1, 1, 1, 1, 1)),
                            (0, (2.5, 1.5)), (0, (1, 3)))  # fmt: skip
SHADE = "#F7D7C4"
"""The side of losses."""
SHADED = 0.2
"""How much of its colour a band has."""
BANDS = 3
"""With so many scenarios each has its band; with more the one that is looked at alone."""


@styled
def npv(document: Mapping[str, Any], ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
    """The share of rows below each NPV, a curve each scenario, with bands; the side of losses is shaded.

    A band holds each point of its curve with the confidence of the study (by ranks); it ends where the rows are too
    few. The dot is the probability of a loss with its interval.

    Raises:
        Absent: the study has no finance; ValueError: an unknown language.
    """
    page = Page(document, check_lang(lang))
    shown = [one for one in page.scenarios if "money" in one]
    if not shown:
        raise Absent(NO_MONEY)
    shown.sort(key=lambda one: one["name"] != page.focus)  # it has the first look of all
    looks = [_look(page, one["name"], i) for i, one in enumerate(shown)]
    order = sorted(range(len(shown)), key=lambda i: -shown[i]["money"]["npv"]["median"])
    handles = [*(_line(shown[i]["name"], looks[i]) for i in order), *_fields(page)]
    figure, ax = axes(ax, 9.2, tall(4.9, handles))
    for one, look in zip(shown, looks, strict=True):
        _curve(ax, one["money"]["npv"], look, page.unit().size, len(shown) <= BANDS or one["name"] == page.focus)
    focus = shown[0]["money"]["npv"]
    _losses(ax, page, focus)
    ax.set(ylim=(0, 100), ylabel=page.say("curve_share"))
    ax.grid(axis="both")
    numbers(ax.xaxis, lang)
    under(ax, page.say("curve_axis", unit=page.unit().name), note(page, "curve_note"))
    legend(ax, handles)
    title(ax, _sentence(page, focus, page.unit()))
    return figure


def _n(page: Page) -> int:
    return int(page.doc["run"]["replications"])


def _look(page: Page, name: str, i: int) -> dict[str, Any]:
    """How the curve of a scenario is drawn."""
    width = 2.4 if name == page.focus else 1.4
    return {"color": COLOURS[i % len(COLOURS)], "linestyle": DASHES[i % len(DASHES)], "linewidth": width}


def _line(name: str, look: Mapping[str, Any]) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], label=tag(name), **look)


def _fields(page: Page) -> list[Any]:
    """What is shaded; a band has the colour of its curve, here that of the first."""
    look = {"alpha": SHADED, "edgecolor": "none"}
    band = [patch(COLOURS[0], "", page.say("curve_band", level=page.level), **look)] if _n(page) >= FEW else []
    return [*band, patch(SHADE, "", page.say("loss"))]


def _curve(ax: Axes, found: Mapping[str, Any], look: Mapping[str, Any], size: float, banded: bool) -> None:
    """The curve of a scenario, and its band where there is one."""
    ends = enumerate(zip(found["band"]["low"], found["band"]["high"], strict=True))
    known = [(k, low / size, high / size) for k, (low, high) in ends if low is not None and high is not None]
    if banded and known:
        ks, lows, highs = zip(*known, strict=True)
        ax.fill_betweenx(ks, lows, highs, color=look["color"], alpha=SHADED, linewidth=0)
    ax.plot([x / size for x in found["curve"]], range(len(found["curve"])), zorder=4, **look)


def _losses(ax: Axes, page: Page, focus: Mapping[str, Any]) -> None:
    """The side of losses, and how likely one is in the scenario that is looked at."""
    left, right = ax.get_xlim()
    room = 0.03 * (right - left)
    left, right = min(left, -room), max(right, room)
    ax.set_xlim(left, right)
    ax.axvspan(left, 0, color=SHADE, alpha=0.55, linewidth=0, zorder=0)
    ax.axvline(0, color=INK, linewidth=1.0)
    share = focus["positive"]
    at, low, high = (100 * (1 - share[end]) for end in ("value", "high", "low"))
    reach = Ends(at, low, high).reach if _n(page) >= FEW else None
    look: dict[str, Any] = {"fmt": "o", "color": INK, "markerfacecolor": PAPER, "markersize": 5, "capsize": 3}
    ax.errorbar(0, at, yerr=reach, clip_on=False, zorder=7, **look)


def _sentence(page: Page, focus: Mapping[str, Any], unit: Sum) -> str:
    share, mean = focus["positive"], amount(page, focus["mean"], unit)
    if _n(page) < FEW:
        return page.say("curve_title_one", name=brief(page.focus), npv=mean)
    low, high = (points(1 - share[end], page.lang) for end in ("high", "low"))
    lost = ranged(low, high, page.lang)
    lost = f"{points(1 - share['value'], page.lang)} {lost}"
    return page.say("curve_title", name=brief(page.focus), npv=mean, share=lost)
