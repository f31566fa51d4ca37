"""What several figures of a run draw: whiskers, and axes of time."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from twin.core.plan import Micro
from twin.report.measure import Measure
from twin.report.result.sheet import Document, level
from twin.report.style import inches
from twin.report.ways.trace import axis_unit
from twin.report.words import Lang, decimal, say, unit_word

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def whisker(ax: Axes, found: Measure, row: float, color: str) -> None:
    """The interval of a number along its bar."""
    reach = [[found.mean - found.low], [found.high - found.mean]]
    ax.errorbar(found.mean, row, xerr=reach, color=color, capsize=3, elinewidth=1.3, capthick=1.3, fmt="none", zorder=5)


def whisker_note(document: Document, lang: Lang) -> str:
    """What the whisker of a bar of states is; with one run that there is none."""
    single = document.get("replications", 1) <= 1
    return say("no_interval", lang) if single else say("whisker", lang, level=level(document, lang))


def time_axis(ax: Axes, start: Micro, end: Micro, lang: Lang, label: bool = True) -> None:
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


def interval_note(document: Document, lang: Lang) -> str:
    """What the whiskers and ± of a figure are; with one run that there are none."""
    if document.get("replications", 1) <= 1:
        return say("no_interval", lang)
    if "inputs" in document:
        return say("rn_drawn_note", lang, n=document["replications"])
    return say("rn_interval_note", lang, level=level(document, lang), n=document["replications"])


def band_note(document: Document, lang: Lang) -> str:
    """What a band about a mean is, where there are several replications."""
    key = "rn_drawn_band" if "inputs" in document else "rn_interval_band"
    return say(key, lang, level=level(document, lang), n=document["replications"])


def notes(ax: Axes, *lines: str) -> None:
    """What must be known to read a figure, below its axes, folded where they end."""
    wide = max(30, int(inches(ax) / 0.072))
    ax.set_xlabel("\n".join(textwrap.fill(line, wide) for line in lines))
