"""Differences of a KPI between scenarios, with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from twin.report.study.figures.marks import Absent, brief, dots, note, point, rows, under, zero
from twin.report.study.scenarios import HEADLINE
from twin.report.study.sums import Page, named, scale_of
from twin.report.style import axes, legend, numbers, styled, title
from twin.report.words import Lang, check_lang, unit_word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


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
        Absent: the study does not have it; ValueError: an unknown language.
    """
    page = Page(document, check_lang(lang))
    found = kpi_of(page, kpi or HEADLINE)
    pairs = [pair for pair in found["differences"] if pair["name"] in page.names]
    values = [pair["difference"][end] for pair in pairs for end in ("mean", "low", "high")]
    factor, unit = scale_of(found["kpi"], found["unit"], values)
    figure, ax = axes(ax, 9.2, 1.7 + 0.36 * max(len(pairs), 3))
    for row, pair in enumerate(pairs):
        point(ax, row, pair["difference"], factor)
    zero(ax)
    rows(ax, [pair["name"] for pair in pairs])
    numbers(ax.xaxis, lang)
    axis = page.say("forest_axis", kpi=named(found["kpi"], lang), unit=unit_word(unit, lang))
    under(ax, axis, note(page, "effects_note"))
    legend(ax, dots(page, [pair["difference"] for pair in pairs]))
    sure_ones = sum(pair["verdict"] in ("better", "worse") for pair in pairs)  # what is exactly 0 is the same
    title(ax, page.say("forest_title", n=sure_ones, all=len(pairs), name=brief(page.against)))
    return figure


def kpi_of(page: Page, kpi: str) -> Mapping[str, Any]:
    """A KPI with its differences, by path or name; Absent: there is none."""
    found = page.kpi(kpi) or page.kpi(f"kpis.{kpi}")
    if found is None or not found["differences"]:
        known = ", ".join(one["kpi"].removeprefix("kpis.") for one in page.doc["kpis"] if one["differences"])
        raise Absent(f"no differences of '{kpi}'; there are those of {known or 'nothing'}")
    return found
