"""How each station spent its time: one bar a station."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from twin.report.figures.shared import whisker, whisker_note
from twin.report.measure import measure, percent
from twin.report.plant.carts import carried
from twin.report.plant.view import longest_loss
from twin.report.result.sheet import Answer, Document, machines, several, state_share
from twin.report.style import INK, LOOKS, axes, legend, patch, styled, title
from twin.report.words import Lang, decimal, say, state_word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LABELLED = 0.045
"""A share must be at least this wide for its number to fit into the bar."""


@styled
def states(result: Answer, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
    """How each station spent the measured time: one bar a station (average of its machines), working first.

    The whisker on working is its interval over the replications; with one replication there is none.
    """
    document = result.document()
    entries = machines(document)
    figure, ax = axes(ax, 9.6, 1.5 + 0.36 * max(len(entries), 3))
    for row, (_, entry) in enumerate(entries):
        _state_bar(ax, row, entry, lang)
    ax.set_yticks(range(len(entries)), [several(name, entry) for name, entry in entries])
    ax.set(xlim=(0, 100), ylim=(len(entries) - 0.45, -0.55))
    ax.tick_params(axis="y", length=0)
    seen = [state for state in LOOKS if any(state_share(entry, state) > 0 for _, entry in entries)]
    called = bool(carried(result.plan))
    legend(ax, [patch(state, state_word(state, lang, called)) for state in seen], handlelength=2.2, handleheight=1.2)
    ax.set_xlabel(f"{say('share_axis', lang)}\n{whisker_note(document, lang)}")
    title(ax, _states_sentence(result, document, lang))
    return figure


def _state_bar(ax: Axes, row: int, entry: Mapping[str, Any], lang: Lang) -> None:
    left = 0.0
    for state, look in LOOKS.items():
        share = state_share(entry, state)
        if share <= 0:
            continue
        ax.barh(row, 100 * share, 0.72, 100 * left, color=look.fill, hatch=look.hatch, edgecolor=look.line, linewidth=0)
        if share >= LABELLED:
            where = left + share / 2 if state != "working" else left + share * 0.42
            back = {"facecolor": look.fill, "edgecolor": "none", "pad": 1.2}
            text = decimal(100 * share, 0, lang)
            ax.text(100 * where, row, text, color=look.ink, ha="center", va="center", fontsize=8.5, bbox=back)
        left += share
    working = measure(entry["states"].get("working"))
    if working and working.half > 0:
        whisker(ax, working.times(100), row, INK)


def _states_sentence(result: Answer, document: Document, lang: Lang) -> str:
    entries = machines(document)
    if not entries:
        return ""
    name, best = max(entries, key=lambda one: state_share(one[1], "working"))
    first = say("states_title", lang, name=name, share=percent(state_share(best, "working"), lang))
    return first + longest_loss(result.plan, document, lang)
