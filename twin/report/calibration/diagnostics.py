"""The diagnosis of a mode on one page: six panels of its times up, two of its repairs. See ``panels`` for each."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from twin.report.calibration.amounts import amount, short
from twin.report.calibration.evidence import lines
from twin.report.calibration.panels import BAND, BEYOND, ODD, counts, gaps, hours, qq, repair_side, survival, up_side
from twin.report.style import ACCENT, INK, MUTED, canvas, inches, styled
from twin.report.words import Lang, decimal, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from twin.calibrate.found import ModeFound

WIDTH, HEIGHT = 12.4, 9.4
"""Inches; the shape of a landscape sheet."""
_FRAME: dict[str, Any] = {
    "left": 0.052, "right": 0.992, "top": 0.885, "bottom": 0.102, "hspace": 0.66, "wspace": 0.26,
    "width_ratios": (1.0, 1.0, 1.2),
}  # fmt: skip
"""Where the panels stand: fixed, so that every mode has the same page and texts know how wide they may be."""
_SIZE = 8.2
"""Size of the table's type, points."""
_LETTER = 0.066
"""About the width of a letter of that size, inches."""
_LABELS = 0.36
"""The share of the table's width that labels have."""


@styled
def mode(found: ModeFound, *, lang: Lang = "en") -> Figure:
    """What the log says of a mode, and how its laws agree with it.

    Above: survival, seen against fitted, failures counted. Middle: successive gaps, hour of the shift. Below: the
    repairs. At the right: the evidence in words. A panel that the number of failures does not allow says so.
    """
    figure = canvas(WIDTH, HEIGHT, constrained=False)
    grid = figure.add_gridspec(3, 3, **_FRAME)
    places = [figure.add_subplot(grid[i, j]) for i, j in ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (2, 0), (2, 1))]
    table = figure.add_subplot(grid[1:, 2])
    up, repair, seen = up_side(found), repair_side(found), found.evidence
    survival(places[0], up, lang)
    qq(places[1], up, lang)
    counts(places[2], found, lang)
    gaps(places[3], found, lang)
    hours(places[4], seen.hours, seen.open_by_hour, len(seen.stops_at), lang)
    survival(places[5], repair, lang)
    qq(places[6], repair, lang)
    evidence(table, found, lang)
    figure.suptitle(headline(found, lang), x=0.008, y=0.985, ha="left", fontsize=13, fontweight="bold")
    handles = _key(bool(seen.later), lang)
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.0, 0.0), ncols=7, fontsize=8, handlelength=1.8)
    return figure


def headline(found: ModeFound, lang: Lang = "en") -> str:
    """'mill.spindle: 14 failures in 611 h'."""
    seen = found.evidence
    n, exposure = seen.up.failures, amount(seen.up.exposure, seen.clock, lang)
    return say("cal_page", lang, name=short(found.name), n=n, count=decimal(n, 0, lang), exposure=exposure)


def _key(events: bool, lang: Lang) -> list[Any]:
    """What the marks of all panels mean."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    event = Line2D([], [], color=ACCENT, marker="v", markersize=7, linestyle="none", label=say("cal_key_event", lang))
    return [
        Line2D([], [], color=INK, marker="o", markersize=3.4, linewidth=1.2, label=say("cal_key_seen", lang)),
        Line2D([], [], color=INK, marker="|", markersize=8, linestyle="none", label=say("cal_key_cut", lang)),
        Line2D([], [], color=ACCENT, label=say("cal_key_law", lang)),
        Patch(facecolor=BAND, label=say("cal_key_band", lang)),
        Line2D([], [], color=ODD, marker="X", markersize=6, linestyle="none", label=say("cal_key_outside", lang)),
        Patch(facecolor="none", edgecolor=BEYOND, hatch="////", linewidth=0, label=say("cal_key_beyond", lang)),
        *([event] if events else []),
    ]


def evidence(ax: Axes, found: ModeFound, lang: Lang) -> None:
    """The evidence in words, label and value; what does not fit is counted."""
    ax.set_axis_off()
    ax.set_title(say("cal_evidence", lang), fontsize=9.5, pad=29)
    wide, tall = inches(ax), _inches_high(ax)
    pitch, y = _SIZE * 1.36 / 72 / tall, 1 + 17 / 72 / tall
    for label, value in _fit(_folded(lines(found, lang), wide), int(y / pitch), lang):
        for x, text, color in ((0.0, label, MUTED), (_LABELS, value, INK)):
            for number, line in enumerate(text.split("\n")):
                ax.text(x, y - number * pitch, line, color=color, fontsize=_SIZE, transform=ax.transAxes)
        y -= pitch * (1 + max(label.count("\n"), value.count("\n")))


def _inches_high(ax: Axes) -> float:
    return float(ax.get_position().height * HEIGHT)


def _folded(entries: list[tuple[str, str]], wide: float) -> list[tuple[str, str]]:
    """Labels and values on lines that fit their columns."""
    first, second = (max(10, int(wide * part / _LETTER)) for part in (_LABELS - 0.03, 1 - _LABELS))
    return [(textwrap.fill(label, first), textwrap.fill(value, second)) for label, value in entries]


def _fit(entries: list[tuple[str, str]], room: int, lang: Lang) -> list[tuple[str, str]]:
    """The first entries that fit ``room`` lines, and how many lines are left out."""
    heights = [1 + max(label.count("\n"), value.count("\n")) for label, value in entries]
    if sum(heights) <= room:
        return entries
    kept = [i for i in range(len(entries)) if sum(heights[: i + 1]) <= room - 1]
    return [*(entries[i] for i in kept), ("", say("cal_more", lang, n=sum(heights[len(kept) :])))]
