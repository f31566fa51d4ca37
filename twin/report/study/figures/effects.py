"""The effects of a factorial: what each lever does by itself, and pairs of them together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from twin.report.study.figures.marks import Absent, brief, dots, kind_of, note, point, rows, under, zero
from twin.report.study.gain import MOST_EFFECTS, effect_name, kpi_named
from twin.report.study.sums import Page
from twin.report.style import axes, legend, numbers, styled, title
from twin.report.words import Lang, check_lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@styled
def effects(
    document: Mapping[str, Any], factorial: str | None = None, ax: Axes | None = None, *, lang: Lang = "en"
) -> Figure:
    """Main effects and interactions of a factorial, the largest first; the intervals hold all together.

    Args:
        document: of a study.
        factorial: its name; default the first.
        ax: where to draw.
        lang: 'en' or 'fr'.

    Raises:
        Absent: the study has no such factorial, or one replication only; ValueError: an unknown language.
    """
    page = Page(document, check_lang(lang))
    known = {name: one for name, one in document["factorials"].items() if one["effects"]}
    name = factorial or next(iter(known), "")
    if name not in known:
        raise Absent(f"no effects of factorial '{name}'" if name else "the study has no factorial with effects")
    found = sorted(known[name]["effects"], key=lambda one: -abs(one["interval"]["mean"]))[:MOST_EFFECTS]
    figure, ax = axes(ax, 9.2, 1.7 + 0.36 * max(len(found), 3))
    for row, one in enumerate(found):
        point(ax, row, one["interval"], 1.0)
    zero(ax)
    numbers(ax.xaxis, lang)
    rows(ax, [effect_name(one) for one in found])
    under(ax, page.say("effects_axis", kpi=kpi_named(page, known[name]["kpi"])), note(page, "effects_note"))
    legend(ax, dots(page, [one["interval"] for one in found]))
    sure = sum(kind_of(one["interval"]) == "sure" for one in found)
    title(ax, page.say("effects_title", n=sure, all=len(found), first=brief(effect_name(found[0]))))
    return figure
