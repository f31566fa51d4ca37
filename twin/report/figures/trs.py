"""Where the time of a station goes: from its opening time to its useful time (NF E 60-182), in minutes of a day."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from twin.core.ledger import STATES
from twin.report.figures.shared import interval_note, notes
from twin.report.measure import Measure, percent, show
from twin.report.plant.carts import carried
from twin.report.result.neck import whole
from twin.report.result.over import over
from twin.report.result.sheet import Answer, Document, machines, several, state_share
from twin.report.style import FOLD, INK, LOOKS, LOST_LOOKS, MUTED, Look, axes, numbers, styled, title, wrapped
from twin.report.words import Lang, decimal, say, state_word
from twin.study.judged.plant import DAY, LOSSES, PLANNED, minutes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TIMES = {"opening": "tO", "required": "tR", "running": "tF", "net": "tN", "useful": "tU"}
"""Times that are left, and their signs in NF E 60-182."""
LEFT = {
    "opening": Look("#5A5A5A", "", INK, INK),
    "required": Look("#5A5A5A", "", INK, INK),
    "running": Look("#5A5A5A", "", INK, INK),
    "net": Look("#5A5A5A", "", INK, INK),
    "useful": LOOKS["working"],
}
LEAST = 0.05
"""A loss below this many minutes of a day is left out: it is added to nothing, and too small to be read."""


class Bar(NamedTuple):
    """A bar of the waterfall, minutes of a day."""

    key: str
    begin: float
    minutes: Measure
    """Its length; what is lost is positive."""

    @property
    def level(self) -> bool:
        """Whether it is a time that is left, not a loss."""
        return self.key in TIMES


def waterfall(result: Answer, document: Document, station: str) -> list[Bar]:
    """The bars of a station, first to last; the losses lead exactly from each time to the next."""
    rows = [_day(row, station) for row in result.rows]
    keys = rows[0] if rows else ()
    found = {key: _mean(result, document, [row[key] for row in rows], key) for key in keys}
    losses = sorted(LOSSES, key=lambda key: -found[key].mean) if found else []
    bars: list[Bar] = []
    for time, after in (
        ("opening", PLANNED), ("required", losses), ("running", ["performance"]), ("net", ["quality"]), ("useful", []),
    ):  # fmt: skip
        if not found:
            break
        bars.append(Bar(time, 0.0, found[time]))
        right = found[time].mean
        for key in after:
            right -= found[key].mean
            bars += [Bar(key, right, found[key])] if abs(found[key].mean) >= LEAST else []
    return bars


NOISE = 0.005
"""Halves of intervals below this many minutes of a day are 0: what is planned varies by rounding only."""


def _mean(result: Answer, document: Document, values: list[float], key: str) -> Measure:
    found = over(result, document, values, -math.inf if key in LOST_LOOKS else 0.0) or Measure(0.0)
    return Measure(found.mean, found.mean, found.mean) if found.half < NOISE else found


def _day(row: Mapping[str, float], station: str) -> dict[str, float]:
    """The minutes of a day in one replication."""
    import numpy as np

    path = f"elements.{station}"
    states = {state: np.array([row[f"{path}.states.{state}"]]) for state in STATES}
    ratios = {key: np.array([row.get(f"{path}.kpis.{key}", math.nan)]) for key in ("performance", "trs")}
    found = {key: float(one[0]) for key, one in minutes(states | ratios).items()}
    found |= {key: DAY * row[f"{path}.states.{key}"] for key in PLANNED}
    running = found["required"] - sum(found[key] for key in LOSSES)
    return found | {
        "opening": found["total"] - found["off"],
        "running": running,
        "net": running - found["performance"],
    }


def usual_station(result: Answer, document: Document) -> str:
    """The station to look at first: most often the bottleneck, else most at work; empty without stations."""
    stations = dict(machines(document))
    necks = {name: one.mean for name, one in whole(result, document).items() if one.mean > 0}
    work = {name: state_share(entry, "working") for name, entry in stations.items()}
    return max(necks or work, key=lambda name: (necks or work)[name], default="")


@styled
def trs(result: Answer, station: str | None = None, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
    """From opening time to useful time (NF E 60-182): what a station loses where, in minutes of a day of 24 h.

    Means over the replications, of an average machine of the station; the losses lead exactly from one time to the
    next. Whiskers are intervals of each bar's length; with one replication there are none.

    Args:
        result: of a run.
        station: its name; default the one that is most often the bottleneck.
        ax: where to draw.
        lang: 'en' or 'fr'.

    Raises:
        ValueError: there is no such station.
    """
    document = result.document()
    called = carried(result.plan)
    entries = dict(machines(document))
    name = usual_station(result, document) if station is None else station
    if station is not None and station not in entries:
        raise ValueError(f"station: {station!r} is none; there are {', '.join(entries)}")
    bars = waterfall(result, document, name) if name else []
    figure, ax = axes(ax, 9.6, 1.5 + 0.33 * max(len(bars), 4))
    for row, bar in enumerate(bars):
        _bar(ax, row, bar, lang)
    ax.set_yticks(range(len(bars)), [wrapped(_word(bar.key, lang, name in called), FOLD) for bar in bars])
    for tick, bar in zip(ax.get_yticklabels(), bars, strict=True):
        tick.set(weight="bold" if bar.level else "normal", color=INK if bar.level else MUTED)
    ax.tick_params(axis="y", length=0)
    most = max([1.0, *(max(bar.begin + bar.minutes.mean, *whisker(bar)) for bar in bars)])
    ax.set(xlim=(0, 1.22 * most), ylim=(max(len(bars), 1) - 0.4, -0.6))
    ax.grid(axis="x")
    numbers(ax.xaxis, lang)
    notes(ax, say("rn_trs_axis", lang), interval_note(document, lang))
    title(ax, _sentence(several(name, entries.get(name, {})), bars, name in called, lang))
    return figure


def _bar(ax: Axes, row: int, bar: Bar, lang: Lang) -> None:
    look = LEFT.get(bar.key) or LOST_LOOKS.get(bar.key) or LOOKS[bar.key]
    spent = bar.minutes
    ax.barh(row, spent.mean, 0.68, bar.begin, color=look.fill, hatch=look.hatch, edgecolor=look.line, linewidth=0)
    low, high = whisker(bar)
    right = max(bar.begin, bar.begin + spent.mean, high)
    if spent.half > 0:
        end = _end(bar)
        ends = [[end - low], [high - end]]
        ax.errorbar(end, row, xerr=ends, color=INK, capsize=2.5, elinewidth=1.1, capthick=1.1, fmt="none", zorder=5)
    if not bar.level and row:
        ax.vlines(bar.begin + spent.mean, row - 0.66, row - 0.34, color=MUTED, linewidth=0.7)
    text = ("" if bar.level else "− " if spent.mean > 0 else "+ ") + show(_plain(spent), lang) + " min"
    ax.annotate(
        text, (right, row), (6, 0), textcoords="offset points", va="center", fontsize=8.5,
        weight="bold" if bar.level else "normal", annotation_clip=False,
    )  # fmt: skip


def _end(bar: Bar) -> float:
    """Where the whisker of a bar stands."""
    return bar.begin + (bar.minutes.mean if bar.level else max(bar.minutes.mean, 0.0))


def whisker(bar: Bar) -> tuple[float, float]:
    """Where it begins and ends: few replications say little, but of a day nobody uses or loses more than all."""
    spent, end = bar.minutes, _end(bar)
    most = max(DAY, spent.mean)
    return end - (spent.mean - max(spent.low, min(-DAY, spent.mean))), end + min(spent.high, most) - spent.mean


def _plain(spent: Measure) -> Measure:
    """A length to be shown behind its own sign."""
    if spent.mean >= 0:
        return spent
    return Measure(-spent.mean, -spent.high, -spent.low)


def _word(key: str, lang: Lang, called: bool) -> str:
    if key in TIMES:
        return f"{say(f'rn_{key}', lang)} {TIMES[key]}"
    return say(f"rn_{key}", lang) if key in LOST_LOOKS else state_word(key, lang, called)


def _sentence(name: str, bars: list[Bar], called: bool, lang: Lang) -> str:
    spent = {bar.key: bar.minutes.mean for bar in bars}
    if not spent.get("required"):
        return say("rn_trs_none", lang)
    words = {
        "name": name,
        "trs": percent(spent["useful"] / spent["required"], lang),
        "opening": decimal(spent["opening"], 0, lang),
        "useful": decimal(spent["useful"], 0, lang),
    }
    losses = {bar.key: bar.minutes.mean for bar in bars if not bar.level and bar.key not in PLANNED}
    key = max(losses, key=lambda one: losses[one], default="")
    most = say("rn_trs_loss", lang, loss=_word(key, lang, called), minutes=decimal(losses[key], 0, lang)) if key else ""
    return say("rn_trs_title", lang, **words) + most
