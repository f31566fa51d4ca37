"""Which station limits the plant, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from twin.report.study import opening
from twin.report.study.figures.marks import BEFORE, GAIN, Absent, brief, ends, note, rows, under, whisker
from twin.report.study.figures.times import before_after, painted
from twin.report.study.leading import neck_is_sure
from twin.report.study.sums import ROUNDING, Page, points
from twin.report.style import PAPER, axes, legend, numbers, styled, title
from twin.report.words import Lang, check_lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_STATIONS = 12
"""Those that are the bottleneck most of the time, in either scenario."""
BEFORE_HATCH = "///"
"""Tells before from after in grey."""


@styled
def bottleneck(
    document: Mapping[str, Any], scenario: str | None = None, ax: Axes | None = None, *, lang: Lang = "en"
) -> Figure:
    """The share of the opening time as the bottleneck of each station, in the scenario of 'against' and in another.

    Args:
        document: of a study.
        scenario: default the one that is looked at closely.
        ax: where to draw.
        lang: 'en' or 'fr'.

    Raises:
        Absent: no station is ever the bottleneck; ValueError: an unknown language.
    """
    page = Page(document, check_lang(lang))
    names = [name for name in before_after(page, scenario) if name in document["plant"]]
    known, time = opening.necks(page, *names), opening.time_word(page, *names)
    stations = _order(known)
    if not stations:
        raise Absent("no station is a bottleneck")
    figure, ax = axes(ax, 9.2, 1.7 + 0.44 * max(len(stations), 3))
    for name, shares in known.items():
        for row, station in enumerate(stations):
            if station in shares:
                _bar(ax, row, shares[station], name == page.against)
    rows(ax, stations)
    ax.set_xlim(left=0)
    numbers(ax.xaxis, lang)
    shift = any(sum(one["mean"] or 0.0 for one in shares.values()) > 1 + ROUNDING for shares in known.values())
    under(ax, page.say("neck_axis", time=time), page.say("neck_shift") if shift else "", note(page))
    legend(ax, painted(known, page, BEFORE_HATCH))
    title(ax, _sentence(page, known, time))
    return figure


def _order(known: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> list[str]:
    """Stations that are the bottleneck at all, the one that is most of the time first."""
    most: dict[str, float] = {}
    for shares in known.values():
        for station, one in shares.items():
            most[station] = max(most.get(station, 0.0), one["mean"])
    found = sorted((one for one in most if most[one] > 0), key=lambda one: -most[one])
    return found[:MOST_STATIONS]


def _bar(ax: Axes, row: int, share: Mapping[str, Any], first: bool) -> None:
    found, at = ends(share, 100.0), row + (-0.19 if first else 0.19)
    fill, hatch = (BEFORE, BEFORE_HATCH) if first else (GAIN, "")
    ax.barh(at, found.mean, 0.36, facecolor=fill, hatch=hatch, edgecolor=PAPER, linewidth=0)
    whisker(ax, found.mean, at, found.reach)


def _sentence(page: Page, known: Mapping[str, Mapping[str, Mapping[str, Any]]], time: str) -> str:
    tops = {name: max(one, key=lambda key: one[key]["mean"]) for name, one in known.items() if one}
    (before, station), (after, station_after) = next(iter(tops.items())), list(tops.items())[-1]
    shares = [points(known[name][top]["mean"], page.lang) for name, top in ((before, station), (after, station_after))]
    key = "neck_same" if station == station_after else "neck_moves"
    key = key if all(neck_is_sure(page, name, top) for name, top in tops.items()) else "neck_unsure"
    words = {"station": station, "station_after": station_after, "before": before, "after": after}
    return page.say(
        key, share=shares[0], share_after=shares[1], time=time, **{name: brief(one) for name, one in words.items()}
    )
