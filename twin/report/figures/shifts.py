"""Which station is the bottleneck when: its share of each stretch of one run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from twin.core.plan import Micro
from twin.report.figures.bottleneck import NECK, SHIFT
from twin.report.figures.shared import interval_note, notes, time_axis
from twin.report.figures.shifting import Reign, reigns
from twin.report.measure import Measure, percent
from twin.report.plant.view import percent_with
from twin.report.result.neck import whole
from twin.report.result.sheet import Answer, machines, several, time_word
from twin.report.style import FAINT, MUTED, axes, legend, styled, title
from twin.report.ways.trace import Row, axis_unit, last_time
from twin.report.words import Lang, decimal, say, unit_word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STRETCHES = 24
"""The measured time is cut into about so many stretches, each a round length of time."""
FULL = 0.82
"""How high a share of 100 % stands, of the height of a row."""
ROUND = (1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 2880, 7200, 10080)
"""Lengths of stretches, minutes."""


class Shares(dict[str, list[tuple[float, float]]]):
    """Station → (share alone, share while it shifts) of each stretch."""


def stretches(low: Micro, high: Micro) -> list[tuple[Micro, Micro]]:
    """The measured time in stretches of a round length; the last one may be shorter."""
    length = max(high - low, 1.0)
    size = next((m * 60e6 for m in ROUND if length / (m * 60e6) <= STRETCHES), length / STRETCHES)
    size = size if length / size >= STRETCHES / 4 else length / STRETCHES
    count = max(1, math.ceil(length / size - 1e-9))
    return [(low + i * size, min(high, low + (i + 1) * size)) for i in range(count)]


def shares(found: Sequence[Reign], cut: Sequence[tuple[Micro, Micro]]) -> Shares:
    """How much of each stretch each station is the bottleneck."""
    spent: dict[str, list[list[float]]] = {one.station: [[0.0, 0.0] for _ in cut] for one in found}
    low, size = cut[0][0], cut[0][1] - cut[0][0]
    for one in found:
        first = max(0, int((one.begin - low) // size))
        for i in range(first, min(len(cut), int((one.end - low) // size) + 1)):
            part = min(one.end, cut[i][1]) - max(one.begin, cut[i][0])
            spent[one.station][i][not one.sole] += max(0.0, part)
    sizes = [high - begin for begin, high in cut]
    return Shares(
        {
            name: [(sole / size, shift / size) for (sole, shift), size in zip(rows, sizes, strict=True)]
            for name, rows in spent.items()
        }
    )


@styled
def bottleneck_over_time(result: Answer, trace: Sequence[Row], ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
    """The share of each stretch of the measured time in which each station is the bottleneck; a row a station.

    Full height is 100 %. While it shifts two stations are the bottleneck, so a stretch may add up to more. Beside the
    rows: the share over all the time and all replications, with its interval.

    Args:
        result: of the run.
        trace: rows of one replication.
        ax: where to draw.
        lang: 'en' or 'fr'.
    """
    document, plan = result.document(), result.plan
    end = last_time(plan, trace)
    low = plan.warm_up if plan.warm_up < end else 0.0
    cut = stretches(low, end)
    found = shares(reigns(plan, trace, end), cut)
    overall = {name: one for name, one in whole(result, document).items() if one.mean > 0 or name in found}
    entries = dict(machines(document))
    names = [name for name in entries if name in overall]
    figure, ax = axes(ax, 9.6, 1.5 + 0.52 * max(len(names), 2))
    for row, name in enumerate(names):
        _row(ax, row, found.get(name, []), cut)
        text = percent_with(overall[name], lang)
        ax.annotate(text, (1.0, row), (6, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                    va="center", fontsize=8.5, annotation_clip=False)  # fmt: skip
    ax.set_yticks(range(len(names)), [several(name, entries[name]) for name in names])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(max(len(names), 1) - 0.45, -0.6)
    time_axis(ax, low, end, lang)
    note = say("rn_shift_note", lang, time=time_word(document, lang))
    notes(ax, ax.get_xlabel(), note, interval_note(document, lang))
    legend(ax, _marks(lang))
    ax.get_legend().set_bbox_to_anchor((1.19, 1.0), ax.transAxes)  # type: ignore[union-attr]
    title(ax, _sentence(found, cut, overall, (time_word(document, lang), lang)))
    return figure


def _row(ax: Axes, row: int, found: Sequence[tuple[float, float]], cut: Sequence[tuple[Micro, Micro]]) -> None:
    foot = row + FULL / 2
    ax.hlines(foot, cut[0][0], cut[-1][1], color=MUTED, linewidth=0.6)
    ax.hlines(foot - FULL, cut[0][0], cut[-1][1], color=FAINT, linewidth=0.6)
    if not found:
        return
    left, width = [one[0] for one in cut], [high - low for low, high in cut]
    sole, shift = [-FULL * one[0] for one in found], [-FULL * one[1] for one in found]
    ax.bar(left, sole, width, foot, align="edge", color=NECK, linewidth=0)
    tops = [foot + high for high in sole]
    ax.bar(left, shift, width, tops, align="edge", color=SHIFT, hatch="///", edgecolor=NECK, linewidth=0)


def _marks(lang: Lang) -> list[Any]:
    from matplotlib.patches import Patch

    shift = Patch(facecolor=SHIFT, hatch="///", edgecolor=NECK, linewidth=0, label=say("shifting", lang))
    return [Patch(facecolor=NECK, label=say("sole", lang)), shift]


def _led(found: Shares, stretch: int) -> bool:
    return any(sum(one[stretch]) for one in found.values())


def _sentence(
    found: Shares, cut: Sequence[tuple[Micro, Micro]], overall: Mapping[str, Measure], said: tuple[str, Lang]
) -> str:
    """The title; ``said``: what the shares are of, and the language."""
    time, lang = said
    ranked = sorted((name for name in overall if overall[name].mean > 0), key=lambda name: -overall[name].mean)
    if not ranked:
        return say("neck_none", lang)
    size, unit = axis_unit(cut[0][1] - cut[0][0])
    length = f"{decimal((cut[0][1] - cut[0][0]) / size, 0 if (cut[0][1] - cut[0][0]) % size < 1 else 1, lang)}"
    leads = [max(found, key=lambda name: sum(found[name][i])) for i in range(len(cut)) if _led(found, i)]
    words = {"name": ranked[0], "share": percent(overall[ranked[0]].mean, lang), "time": time}
    many = {"n": sum(one == ranked[0] for one in leads), "all": len(leads), "size": f"{length} {unit_word(unit, lang)}"}
    return say("rn_shift_title", lang, **words, m=many.pop("n"), **many)
