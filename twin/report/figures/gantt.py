"""What each machine did in a window of one run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from twin.core.plan import Micro, Plan
from twin.report.figures.shared import time_axis
from twin.report.measure import percent
from twin.report.plant.carts import carried
from twin.report.result.sheet import Answer, tick
from twin.report.style import LOOKS, PAPER, VEHICLE_LOOKS, axes, inches, legend, look_of, patch, styled, title
from twin.report.ways.trace import Moment, Row, Span, axis_unit, clip, last_time, spans, usual_window, window
from twin.report.words import Lang, say, state_word, unit_word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@styled
def gantt(
    result: Answer,
    trace: Sequence[Row],
    start: Moment | None = None,
    end: Moment | None = None,
    ax: Axes | None = None,
    *,
    lang: Lang = "en",
) -> Figure:
    """What each machine and vehicle did in a window of one run: a row each, coloured by state.

    Parts are numbered on bars that are wide enough.

    Args:
        result: the result, for its plan.
        trace: rows of one replication.
        start: begin of the window, as text ('2 h') or in seconds; default the end of the warm-up.
        end: its end; default 25 usual cycles later.
        ax: where to draw.
        lang: 'en' or 'fr'.

    Raises:
        ValueError: a text is no time, or the window is empty or leaves the run.
    """
    finish = last_time(result.plan, trace)
    every = spans(trace, finish)
    low, high = window(usual_window(every, result.plan, finish), finish, start, end)
    rows = _machine_rows(every, result.plan)
    figure, ax = axes(ax, 10.5, 1.4 + 0.34 * max(len(rows), 2))
    found = _short_names(clip(every, low, high))
    for span in found:
        _gantt_bar(ax, rows[span.element, span.machine], span, (high - low) / inches(ax))
    ax.set_yticks(range(len(rows)), _machine_names(rows))
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(max(len(rows), 1) - 0.45, -0.55)
    time_axis(ax, low, high, lang)
    seen = {span.state for span in found}
    shown = [s for s in (*LOOKS, *VEHICLE_LOOKS) if s in seen]
    called = bool(carried(result.plan))
    legend(ax, [patch(s, state_word(s, lang, called)) for s in shown], handlelength=2.2, handleheight=1.2)
    title(ax, _gantt_sentence(found, low, high, lang))
    return figure


def _machine_rows(every: Sequence[Span], plan: Plan) -> dict[tuple[str, int], int]:
    """(element, machine) → row, in declared order."""
    order = {element.name: i for i, element in enumerate(plan.elements)}
    pairs = sorted({(s.element, s.machine) for s in every}, key=lambda pair: (order.get(pair[0], len(order)), *pair))
    return {pair: row for row, pair in enumerate(pairs)}


def _machine_names(rows: Mapping[tuple[str, int], int]) -> list[str]:
    counts = Counter(name for name, _ in rows)
    return [f"{tick(name)} #{machine}" if counts[name] > 1 else tick(name) for name, machine in rows]


def _short_names(found: Sequence[Span]) -> list[Span]:
    """Parts 'source.12' become '12' when all come from one source."""
    names = [(span, *str(span.part).rpartition(".")[::2]) for span in found]
    sources = {source for span, source, _ in names if span.part not in (None, -1)}
    return [span._replace(part=number) if len(sources) == 1 and source else span for span, source, number in names]


def _gantt_bar(ax: Axes, row: int, span: Span, inch: Micro) -> None:
    """``inch``: the time that an inch of the axis stands for, µs."""
    look = look_of(span.state)
    length = span.end - span.begin
    ax.barh(row, length, 0.74, span.begin, color=look.fill, hatch=look.hatch, edgecolor=look.line, linewidth=0)
    if length >= 0.06 * inch:
        ax.vlines(span.begin, row - 0.37, row + 0.37, color=PAPER, linewidth=0.5)
    text = "" if span.part in (None, -1) else str(span.part)
    if span.state in ("working", "loaded") and text and length >= (0.065 * len(text) + 0.08) * inch:
        middle = (span.begin + span.end) / 2
        ax.text(middle, row, text, color=look.ink, ha="center", va="center", fontsize=7, clip_on=True)


def _gantt_sentence(found: Sequence[Span], low: Micro, high: Micro, lang: Lang) -> str:
    size, unit = axis_unit(high - low)
    words = {"start": f"{low / size:.4g}", "end": f"{high / size:.4g} {unit_word(unit, lang)}"}
    if lang == "fr":
        words = {key: text.replace(".", ",") for key, text in words.items()}
    total = sum(s.end - s.begin for s in found if s.state in LOOKS)
    if not total:
        return say("gantt_none", lang, **words)
    work = sum(s.end - s.begin for s in found if s.state == "working")
    return say("gantt_title", lang, share=percent(work / total, lang), **words)
