"""Value-stream ladder: how long a good part waits before each station, and how long it is worked on there."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.core.plan import ElementId, Micro, Plan
from twin.core.unit import MICRO
from twin.report.figures.shared import notes
from twin.report.measure import Measure, measure, percent
from twin.report.plant.carts import carried
from twin.report.plant.signs import fold
from twin.report.result.sheet import Answer, Document, level, tick, value
from twin.report.style import FOLD, INK, LOOKS, Look, axes, inches, legend, styled, title, wrapped
from twin.report.ways.journey import Journey, columns, journeys
from twin.report.ways.trace import Row
from twin.report.words import Lang, carried_phrase, decimal, say, state_word, time_unit, unit_word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CLOSED = ("off", "break", "maintenance")
STOPPED = ("setup", "micro_stop", "repair", "waiting_repair", "waiting_operator")
KINDS = {
    "stock": Look("#C4C4C4", "", INK, INK),
    "belt": Look("#56B4E9", "..", "#D9EFFB", INK),
    "blocked": LOOKS["blocked"],
    "stopped": LOOKS["repair"],
    "closed": LOOKS["off"],
}
"""What a part may wait for, in the order of a bar: in a buffer, queue or yard; on a belt or a vehicle; done, until
there is room; on a stopped machine or one that is set up; on a closed one."""
WORK = LOOKS["working"]
END = -1
"""Stands for what comes after the last station."""


class Ladder(NamedTuple):
    """Means over the good parts that left in the measured time of one replication, s.

    All times of a part, from its source to its sink, are in it once: their sum is its lead time, without rounding.
    A part that was taken from another has the times of that one before its own. A lot counts as one part.
    """

    parts: int
    waits: Mapping[ElementId, Mapping[str, float]]
    """Station → kind → how long a part waits on its way there and in it; ``END``: behind its last station."""
    work: Mapping[ElementId, float]
    """Station → how long it works on a part, loading and unloading included."""

    @property
    def waiting(self) -> float:
        """All waits, s."""
        return math.fsum(spent for kinds in self.waits.values() for spent in kinds.values())

    @property
    def working(self) -> float:
        """All work: the value-added time, s."""
        return math.fsum(self.work.values())

    @property
    def whole(self) -> float:
        """The mean lead time, s."""
        return self.waiting + self.working


def ladder(plan: Plan, found: Iterable[Journey], low: Micro) -> Ladder:
    """The ladder of the good parts that left after ``low`` (µs)."""
    stations = {i for i, _, _ in plan.of("stations")}
    belts = {i for i, _, _ in plan.of("conveyors")}
    good = {i for i, _, row in plan.of("sinks") if getattr(row, "good", True)}
    waits: dict[ElementId, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    work: dict[ElementId, list[float]] = defaultdict(list)
    leaving = [journey for journey in found if journey.fate == "left" and journey.at in good and journey.end >= low]
    for journey in leaving:
        for station, kind, spent in _spent(journey, stations, belts):
            (work[station] if kind == "work" else waits[station][kind]).append(spent)
    count = max(1, len(leaving)) * MICRO
    return Ladder(
        len(leaving),
        {i: {kind: math.fsum(times) / count for kind, times in kinds.items()} for i, kinds in waits.items()},
        {i: math.fsum(times) / count for i, times in work.items()},
    )


def _spent(journey: Journey, stations: set[ElementId], belts: set[ElementId]) -> list[tuple[ElementId, str, Micro]]:
    """(station it is on its way to or in, kind or 'work', time) of each stretch of a part's way."""
    found, ahead = [], END
    stretches = [(a, b.time - a.time) for a, b in pairwise((*journey.before, *journey.steps))]
    for step, spent in reversed(stretches):
        inside = step.element in stations and step.doing not in ("in", "out")
        after = step.doing == "blocked"
        if step.element in stations and not after:
            ahead = step.element
        if spent > 0:
            found.append((ahead, _kind(step.doing, inside, step.element in belts), spent))
    return found


def _kind(doing: str, inside: bool, on_belt: bool) -> str:
    if inside:
        known = {"working": "work", "blocked": "blocked"} | dict.fromkeys(STOPPED, "stopped")
        return known.get(doing) or ("closed" if doing in CLOSED else "stock")
    return "belt" if on_belt or doing == "out" else "stock"


@styled
def value_stream(result: Answer, trace: Sequence[Row], ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
    """The ladder of a value stream: up, how long a good part waits before each station; down, how long it is worked on.

    Means over the good parts that left in the measured time of one replication; the ladder's total is exactly their
    mean lead time. Parts that pass a station by add 0 to it. The lead time over all replications is below.

    Args:
        result: of the run.
        trace: rows of one replication.
        ax: where to draw.
        lang: 'en' or 'fr'.
    """
    plan, document = result.plan, result.document()
    found = ladder(plan, journeys(plan, trace), plan.warm_up)
    column = columns(plan)
    order = sorted({*found.waits, *found.work} - {END}, key=lambda i: (column[i], i))
    order += [END] if END in found.waits else []
    figure, ax = axes(ax, max(9.6, 3.2 + 0.95 * len(order)), 4.3)
    size, unit = time_unit(found.whole)
    for x, i in enumerate(order):
        tops = _rung(ax, x, found.waits.get(i, {}), found.work.get(i, 0.0), size)
        _labels(ax, x, tops, size, lang)
    top = max([1e-9, *(sum(kinds.values()) for kinds in found.waits.values())]) / size
    low = max([1e-9, *found.work.values()]) / size
    ax.axhline(0, color=INK, linewidth=0.9)
    ax.set(xlim=(-0.6, max(len(order), 1) - 0.4), ylim=(-1.16 * low - 0.1 * (top + low), 1.14 * top + 0.02 * low))
    _axes(ax, plan, order, lang)
    ax.set_ylabel(say("rn_ladder_axis", lang, unit=unit_word(unit, lang)))
    notes(ax, say("rn_ladder_read", lang), *_note(found, plan, document, lang))
    legend(ax, _marks(found, bool(carried(plan)), lang), handlelength=2.2, handleheight=1.2)
    title(ax, _sentence(found, lang))
    return figure


def _rung(ax: Axes, x: int, waits: Mapping[str, float], work: float, size: float) -> tuple[float, float]:
    """The bars of a station; how far they reach up and down."""
    top = 0.0
    for kind, look in KINDS.items():
        spent = waits.get(kind, 0.0) / size
        ax.bar(x, spent, 0.62, top, color=look.fill, hatch=look.hatch, edgecolor=look.line, linewidth=0)
        top += spent
    ax.bar(x, -work / size, 0.62, color=WORK.fill, linewidth=0)
    return top, work / size


def _labels(ax: Axes, x: int, reach: tuple[float, float], size: float, lang: Lang) -> None:
    for spent, up in zip(reach, (1, -1), strict=True):
        if spent > 0 or up > 0:
            text = value("lead_time_s", Measure(size * spent), lang)
            ax.annotate(text, (x, up * spent), (0, 3 * up), textcoords="offset points", ha="center",
                        va="bottom" if up > 0 else "top", fontsize=8.5)  # fmt: skip


def _axes(ax: Axes, plan: Plan, order: Sequence[ElementId], lang: Lang) -> None:
    """Names below the rungs, times to both sides of 0 without a sign."""
    from matplotlib.ticker import FuncFormatter

    room = 0.9 * inches(ax) / max(1, len(order))
    names = [say("rn_after", lang) if i == END else tick(plan.elements[i].name) for i in order]
    ax.set_xticks(range(len(order)), ["\n".join(fold(name, 9.0, max(0.6, room))) for name in names])
    ax.tick_params(axis="x", length=0)
    low, high = ax.get_ylim()
    places = 0 if high - low > 8 else 1
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: decimal(abs(y), places, lang)))


def _marks(found: Ladder, called: bool, lang: Lang) -> list[Any]:
    from matplotlib.patches import Patch

    def mark(look: Look, text: str, seconds: float) -> Patch:
        label = say("rn_labelled", lang, what=text, value=value("lead_time_s", Measure(seconds), lang))
        return Patch(
            facecolor=look.fill, hatch=look.hatch, edgecolor=look.line, linewidth=0, label=wrapped(label, FOLD)
        )

    sums = {kind: math.fsum(one.get(kind, 0.0) for one in found.waits.values()) for kind in KINDS}
    marks = [
        mark(look, say(carried_phrase(f"rn_wait_{kind}", called), lang), sums[kind])
        for kind, look in reversed(KINDS.items())
        if sums[kind]
    ]
    return [*marks, mark(WORK, state_word("working", lang), found.working)]


def _note(found: Ladder, plan: Plan, document: Document, lang: Lang) -> tuple[str, str]:
    over = measure(document["kpis"].get("lead_time_s"))
    first = say("rn_ladder_lots" if plan.in_lots else "rn_ladder_note", lang, parts=decimal(found.parts, 0, lang))
    if over is None or document.get("replications", 1) <= 1:
        return first, say("no_interval", lang)
    words = {"lead": value("lead_time_s", over, lang), "n": document["replications"], "level": level(document, lang)}
    return first, say("rn_ladder_all", lang, **words)


def _sentence(found: Ladder, lang: Lang) -> str:
    if not found.parts or not found.whole:
        return say("rn_no_part", lang)
    lead, work = (value("lead_time_s", Measure(one), lang) for one in (found.whole, found.working))
    return say("rn_ladder_title", lang, lead=lead, work=work, share=percent(found.working / found.whole, lang))
