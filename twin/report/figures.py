"""Figures of a run: state bars, buffer content, Gantt, bottleneck. Each returns a matplotlib Figure.

Every function takes ``ax`` (draw there instead of in a new figure) and ``lang`` ('en' or 'fr').
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from twin.core.plan import Micro, Plan
from twin.report.measure import Measure, measure, percent
from twin.report.neck import Neck, necks
from twin.report.sheet import Answer, Document, capacity, level, machines, several, state_share
from twin.report.style import (
    ACCENT,
    FAINT,
    INK,
    LOOKS,
    MUTED,
    PAPER,
    VEHICLE_LOOKS,
    axes,
    canvas,
    inches,
    legend,
    look_of,
    patch,
    styled,
    title,
)
from twin.report.trace import (
    Level,
    Moment,
    Row,
    Span,
    axis_unit,
    clip,
    last_time,
    levels,
    mean_level,
    over,
    share_full,
    spans,
    usual_window,
    window,
)  # fmt: skip
from twin.report.view import longest_loss
from twin.report.words import Lang, decimal, say, state_word, unit_word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LABELLED = 0.045
"""A share must be at least this wide for its number to fit into the bar."""
PANELS = 6
"""So many buffers are shown at most."""
POINTS = 1500
"""With more moves than this a level is drawn as its mean and range."""


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
    legend(ax, [patch(state, state_word(state, lang)) for state in seen], handlelength=2.2, handleheight=1.2)
    ax.set_xlabel(f"{say('share_axis', lang)}\n{_whisker_note(document, lang)}")
    title(ax, _states_sentence(document, lang))
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
        _whisker(ax, working.times(100), row, INK)


def _whisker(ax: Axes, found: Measure, row: float, color: str) -> None:
    reach = [[found.mean - found.low], [found.high - found.mean]]
    ax.errorbar(found.mean, row, xerr=reach, color=color, capsize=3, elinewidth=1.3, capthick=1.3, fmt="none", zorder=5)


def _whisker_note(document: Document, lang: Lang) -> str:
    single = document.get("replications", 1) <= 1
    return say("no_interval", lang) if single else say("whisker", lang, level=level(document))


def _states_sentence(document: Document, lang: Lang) -> str:
    entries = machines(document)
    if not entries:
        return ""
    name, best = max(entries, key=lambda one: state_share(one[1], "working"))
    first = say("states_title", lang, name=name, share=percent(state_share(best, "working"), lang))
    return first + longest_loss(document, lang)


@styled
def content(result: Answer, trace: Sequence[Row], ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
    """The content of buffers over one run, a panel each (the six fullest); capacity dashed.

    Args:
        result: the result, for its plan.
        trace: rows of one replication.
        ax: with axes given, the buffers share them.
        lang: 'en' or 'fr'.
    """
    plan, end = result.plan, last_time(result.plan, trace)
    names = {name for _, name, _ in plan.of("buffers")}
    found = {name: one for name, one in levels(trace, end).items() if name in names}
    ranked = sorted(found, key=lambda name: -_fullness(plan, name, found[name]))[:PANELS]
    shown = {name: found[name] for name in found if name in ranked}
    figure, panels = _panels(ax, len(shown))
    for number, ((name, one), panel) in enumerate(zip(shown.items(), panels, strict=False)):
        _level_panel(panel, name, one, plan, LINES[number] if ax is not None else ACCENT)
    for panel in panels:
        _time_axis(panel, 0.0, end, lang, label=panel is panels[-1])
        panel.set_ylim(bottom=0)
        panel.locator_params(axis="y", integer=True, nbins=5)
        panel.set_ylabel(say("parts_axis", lang))
    _level_legend(panels, shown, plan, ax is not None, lang)
    title(panels[0], _content_sentence(plan, shown, len(found), lang))
    return figure


LINES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Colours of buffers that share axes."""


def _panels(ax: Axes | None, count: int) -> tuple[Figure, list[Axes]]:
    if ax is not None or count < 2:
        figure, ax = axes(ax, 9.6, 2.9)
        return figure, [ax] * max(count, 1)
    figure = canvas(9.6, 1.2 + 1.3 * count)
    return figure, list(figure.subplots(count, 1, sharex=True))


def _fullness(plan: Plan, name: str, one: Level) -> float:
    """Mean content / capacity; a buffer without limit ranks by its content, after those with one."""
    mean, places = mean_level(one, plan.warm_up), capacity(plan, name)
    return 1 + mean / places if math.isfinite(places) and places > 0 else mean / (1 + mean)


def _level_panel(ax: Axes, name: str, one: Level, plan: Plan, color: str) -> None:
    end = float(one.time[-1])
    if len(one.time) <= POINTS:
        ax.step(one.time, one.content, where="post", color=color, linewidth=1.1, label=name)
    else:
        centres, mean, least, most = over(one, 0.0, end, 240)
        ax.fill_between(centres, least, most, color=color, alpha=0.22, linewidth=0, step="mid")
        ax.plot(centres, mean, color=color, label=name)
    places = capacity(plan, name)
    if math.isfinite(places):
        ax.axhline(places, color=color if color != ACCENT else MUTED, linestyle=(0, (5, 3)), linewidth=1.0)
    if 0 < plan.warm_up < end:
        ax.axvspan(0, plan.warm_up, color=FAINT, alpha=0.45, linewidth=0)


def _level_legend(panels: Sequence[Axes], shown: Mapping[str, Level], plan: Plan, shared: bool, lang: Lang) -> None:
    """Names of buffers beside their panels; what the marks mean below the first name."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    if not shown:
        return
    banded = any(len(one.time) > POINTS for one in shown.values())
    marks: list[Any] = [Line2D([], [], color=MUTED, linestyle=(0, (5, 3)), linewidth=1.0, label=say("capacity", lang))]
    marks += [Patch(facecolor=ACCENT, alpha=0.22, label=say("band", lang))] if banded else []
    marks += [Patch(facecolor=FAINT, alpha=0.6, label=say("warm_up", lang))] if plan.warm_up else []
    if shared:
        lines = [Line2D([], [], color=color, label=name) for name, color in zip(shown, LINES, strict=False)]
        return legend(panels[0], lines + marks)
    for name, panel in zip(shown, panels, strict=True):
        line = Line2D([], [], color=ACCENT, label=name)
        legend(panel, [line, *(marks if panel is panels[0] else [])])


def _content_sentence(plan: Plan, shown: Mapping[str, Level], total: int, lang: Lang) -> str:
    if not shown:
        return say("content_none", lang)
    name = max(shown, key=lambda one: _fullness(plan, one, shown[one]))
    share = share_full(shown[name], plan.warm_up, capacity(plan, name))
    full = say("content_full", lang, share=percent(share, lang)) if share >= 0.001 else ""
    mean = decimal(mean_level(shown[name], plan.warm_up), 1, lang)
    some = say("content_some", lang, shown=len(shown), all=total) if total > len(shown) else ""
    return say("content_title", lang, name=name, mean=mean, full=full) + some


def _time_axis(ax: Axes, start: Micro, end: Micro, lang: Lang, label: bool = True) -> None:
    """Ticks at round times in the unit that suits the window; the data stay in µs."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    size, unit = axis_unit(end - start)
    steps = MaxNLocator(nbins=9, steps=[1, 2, 3, 6, 10] if unit in ("h", "min", "s") else [1, 2, 5, 10])
    low, high = start / size, end / size
    ticks = [tick for tick in steps.tick_values(low, high) if low - 1e-9 <= tick <= high + 1e-9]
    digits = 0 if all(abs(tick - round(tick)) < 1e-6 for tick in ticks) else 1
    ax.set_xlim(start, end)
    ax.set_xticks([tick * size for tick in ticks])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: decimal(x / size, digits, lang)))
    if label:
        ax.set_xlabel(say("time_axis", lang, unit=unit_word(unit, lang)))


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
    _time_axis(ax, low, high, lang)
    seen = {span.state for span in found}
    shown = [s for s in (*LOOKS, *VEHICLE_LOOKS) if s in seen]
    legend(ax, [patch(s, state_word(s, lang)) for s in shown], handlelength=2.2, handleheight=1.2)
    title(ax, _gantt_sentence(found, low, high, lang))
    return figure


def _machine_rows(every: Sequence[Span], plan: Plan) -> dict[tuple[str, int], int]:
    """(element, machine) → row, in declared order."""
    order = {element.name: i for i, element in enumerate(plan.elements)}
    pairs = sorted({(s.element, s.machine) for s in every}, key=lambda pair: (order.get(pair[0], len(order)), *pair))
    return {pair: row for row, pair in enumerate(pairs)}


def _machine_names(rows: Mapping[tuple[str, int], int]) -> list[str]:
    counts = Counter(name for name, _ in rows)
    return [f"{name} #{machine}" if counts[name] > 1 else name for name, machine in rows]


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


@styled
def bottleneck(result: Answer, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
    """How often each station is the bottleneck (active period): alone, and while it shifts; largest first.

    The whisker is the interval of the sum over the replications; with one replication there is none.
    """
    document = result.document()
    found = sorted(necks(result, document), key=lambda neck: -neck.whole.mean)
    figure, ax = axes(ax, 9.6, 1.6 + 0.38 * max(len(found), 3))
    for row, neck in enumerate(found):
        _neck_bar(ax, row, neck, lang)
    ax.set_yticks(range(len(found)), [neck.name for neck in found])
    reach = [x for neck in found for x in (neck.whole.mean, neck.whole.high) if math.isfinite(x)]
    ax.set(xlim=(0, min(110.0, 118 * max(reach, default=1.0) + 4)), ylim=(max(len(found), 1) - 0.45, -0.55))
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    note = say("interval" if document.get("replications", 1) > 1 else "no_interval", lang, level=level(document))
    ax.set_xlabel(f"{say('neck_axis', lang)}\n{note}")
    legend(ax, _neck_legend(found, lang))
    first = found[0] if found and found[0].whole.mean > 0 else None
    share = percent(first.whole.mean, lang) if first else ""
    title(ax, say("neck_title", lang, name=first.name, share=share) if first else say("neck_none", lang))
    return figure


def _neck_bar(ax: Axes, row: int, neck: Neck, lang: Lang) -> None:
    whole = neck.whole.times(100)
    sole = whole.mean if math.isnan(neck.sole) else 100 * neck.sole
    ax.barh(row, sole, 0.66, color=NECK, linewidth=0)
    ax.barh(row, whole.mean - sole, 0.66, sole, color=SHIFT, hatch="///", edgecolor=NECK, linewidth=0)
    right = whole.mean
    if whole.half > 0:
        _whisker(ax, whole, row, INK)
        right = whole.high
    shown = percent(neck.whole.mean, lang)
    ax.annotate(shown, (right, row), (5, 0), textcoords="offset points", va="center", fontsize=8.5, color=MUTED)


NECK, SHIFT = "#D55E00", "#FBD3B5"
"""Colours of time alone and of time while the bottleneck shifts."""


def _neck_legend(found: Sequence[Neck], lang: Lang) -> list[Any]:
    from matplotlib.patches import Patch

    if any(math.isnan(neck.sole) for neck in found):
        return [Patch(facecolor=NECK, label=say("both", lang))]
    shift = Patch(facecolor=SHIFT, hatch="///", edgecolor=NECK, linewidth=0, label=say("shifting", lang))
    return [Patch(facecolor=NECK, label=say("sole", lang)), shift]
