"""The panels of a diagnosis; each draws on its axes, or says why there is nothing to draw."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from twin.calibrate.diagnose import LEVEL
from twin.core.unit import Unit
from twin.report.calibration.amounts import (
    CYCLES,
    amount,
    clock_word,
    cv_text,
    family_word,
    law_text,
    mean_text,
    p_text,
    short,
    unit_name,
)
from twin.report.calibration.evidence import is_pooled, trend_text
from twin.report.calibration.scales import age_axis, count_axis, log_axis
from twin.report.style import ACCENT, INK, MUTED, PAPER, inches
from twin.report.words import Lang, decimal, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from twin.calibrate.fitting.curves import Band, Quantiles
    from twin.calibrate.fitting.fit import Fit
    from twin.calibrate.fitting.goodness import Goodness
    from twin.calibrate.fitting.posterior import Posterior
    from twin.calibrate.fitting.sample import Sample
    from twin.calibrate.found import Evidence, ModeFound
    from twin.law.law import Floats

BAND, ODD, BEYOND = "#C6DFF0", "#D55E00", "#8A8A8A"
"""Band (a tint of ``ACCENT``), points outside of it, hatch beyond the data."""
SMALL = 7.6
"""Size of verdicts and small notes, points."""
_LETTER = 0.0625
"""About the width of a letter of that size, inches."""
MOST = 1000
"""So many failures at most are drawn of a curve: more would be no finer on paper."""
CUTS = 60
"""So many censored lives at most are marked on a survival curve."""


class Side(NamedTuple):
    """One of the two laws of a mode: its times up, or its repairs."""

    what: str
    """'' or '_repair': the ending of its phrases."""
    sample: Sample
    """What the law stands on, in the time of the law."""
    fitted: Sample
    """The same in the time of the fit, which knows neither the end of a trend nor stops that are not logged."""
    law: Posterior
    fit: Fit | None
    clock: str
    goodness: Goodness | None = None
    pooled: bool = False

    @property
    def axis(self) -> str:
        """The phrase of its axis."""
        return "cal_axis_repair" if self.what else "cal_axis_age"


def up_side(found: ModeFound) -> Side:
    """The times up of a mode."""
    seen = found.evidence
    fitted = seen.up if found.used is None else found.used
    return Side("", found.stands_on, fitted, found.up, found.up_fit, seen.clock, found.tests.goodness, is_pooled(found))


def repair_side(found: ModeFound) -> Side:
    """The repairs of a mode; their own clock is that of the wall."""
    lives = found.evidence.repair
    return Side("_repair", lives, lives, found.repair, found.repair_fit, "")


# -- what all panels share


def head(ax: Axes, name: str, verdict: str) -> None:
    """What a panel shows, in bold, and below it what it says, on two lines at most."""
    wide = inches(ax) / _LETTER
    ax.set_title(name, pad=29, fontsize=9.5)
    kept = textwrap.wrap(verdict, max(24, int(wide)), max_lines=2, placeholder=" …")
    ax.annotate(
        "\n".join(kept), (0, 1), (0, 25), xycoords="axes fraction", textcoords="offset points", va="top",
        fontsize=SMALL, color=MUTED, linespacing=1.15,
    )  # fmt: skip


def empty(ax: Axes, why: str) -> None:
    """A panel without anything to show says why."""
    ax.set(xticks=[], yticks=[], xlim=(0, 1), ylim=(0, 1))
    for side in ax.spines.values():
        side.set(visible=True, color="#D0D0D0", linestyle=(0, (4, 3)))
    text = textwrap.fill(why, max(20, int(inches(ax) / _LETTER * 0.8)))
    ax.text(0.5, 0.5, text, ha="center", va="center", color=MUTED, fontsize=8.5)


# -- survival


def survival(ax: Axes, side: Side, lang: Lang) -> None:
    """Kaplan–Meier with delayed entry over the laws that may be true."""
    from twin.calibrate.fitting.curves import kaplan_meier, survival_band

    seen = kaplan_meier(side.sample)
    high = _reach(side)
    ages = np.linspace(seen.start, high, 160)
    band = survival_band(side.law, ages, seen.start)
    ax.fill_between(ages, 100 * band.low, 100 * band.high, color=BAND, linewidth=0, gid="band")
    ax.plot(ages, 100 * band.middle, color=ACCENT, gid="law")
    longest = max(side.sample.longest, seen.start)
    if side.sample.time.size:
        kept = some(len(seen.time))
        steps = _steps(seen.survival[kept])
        ax.step([seen.start, *seen.time[kept], longest], steps, where="post", color=INK, gid="seen")
        cuts = np.sort(side.sample.censored[side.sample.censored > seen.start])
        cuts = cuts[some(len(cuts), CUTS)]
        ax.plot(cuts, 100 * seen.at(cuts), "|", color=INK, markersize=7, markeredgewidth=0.9, gid="cut")
    if longest < high:
        ax.axvspan(longest, high, facecolor="none", edgecolor="#DADADA", hatch="////", linewidth=0, zorder=0.5)
    ax.set(xlim=(0, high), ylim=(0, 104), ylabel=say("cal_survival_axis", lang))
    unit = age_axis(ax.xaxis, (0.0, high), side.clock, lang)
    ax.set_xlabel(_age_label(side.axis, side.clock, unit, lang))
    head(ax, say(f"cal_survival{side.what}", lang), survival_says(side, seen.start, lang))


def _age_label(phrase: str, clock: str, unit: Unit, lang: Lang) -> str:
    """The label of an axis of ages; cycles are a unit themselves."""
    key = f"{phrase}_cycles" if clock == CYCLES else phrase
    return say(key, lang, clock=clock_word(clock, lang), unit=unit_name(unit, lang))


def _steps(survival: Floats) -> Floats:
    """100 %, then each step, then the last again, up to the end of watching."""
    return 100 * np.concatenate([[1.0], survival, survival[-1:] if len(survival) else [1.0]])


def _reach(side: Side) -> float:
    """How far a survival curve is drawn, s: a quarter beyond the longest time, or over the law where none was seen."""
    return 1.25 * side.sample.longest if side.sample.longest > 0 else 3 * side.law.mean


def some(n: int, most: int = MOST) -> NDArray[np.int64]:
    """At most ``most`` of ``n`` places, evenly, the last among them."""
    return np.unique(np.linspace(0, n - 1, min(n, most)).round().astype(np.int64))


def survival_says(side: Side, start: float, lang: Lang) -> str:
    """What may be said of the mean, by the number of failures."""
    from twin.calibrate.fitting.said import least_mean, said

    may = said(side.sample.failures)
    mean, law = mean_text(side.law, side.clock, lang), law_text(side.law, lang)
    if may.bound and side.what:
        return say("cal_mean_borrowed", lang)
    if may.bound:
        exposure = side.sample.exposure
        bound = amount(least_mean(exposure), side.clock, lang)
        return say("cal_mean_bound", lang, exposure=amount(exposure, side.clock, lang), bound=bound)
    if not may.spread:
        return say("cal_mean_pooled" if side.pooled else "cal_mean_few", lang, mean=mean, law=law)
    late = say("cal_survival_from", lang, age=amount(start, side.clock, lang)) if start > 0 else ""
    return say("cal_mean_says", lang, mean=mean, cv=cv_text(side.law, lang)) + late


# -- seen against fitted


def qq(ax: Axes, side: Side, lang: Lang) -> None:
    """Seen against fitted quantiles with a band that holds them all at once; from 5 failures on."""
    from twin.calibrate.fitting.curves import quantiles
    from twin.calibrate.fitting.said import said

    n = side.sample.failures
    if not said(n).spread or side.fit is None:
        head(ax, say(f"cal_qq{side.what}", lang), "")
        return empty(ax, say("cal_qq_few", lang, n=n) if not said(n).spread else say("cal_qq_no_fit", lang))
    found = quantiles(side.fitted, side.fit)
    odd = found.outside
    low, high = _span(found)
    ax.fill_between(found.law, found.low, found.high, color=BAND, linewidth=0, gid="band")
    ax.plot([low, high], [low, high], color=ACCENT, linewidth=1.1, gid="law")
    ax.plot(found.law[~odd], found.seen[~odd], "o", color=INK, markersize=3.4, gid="seen", markeredgewidth=0)
    ax.plot(found.law[odd], found.seen[odd], "X", color=ODD, markersize=6, markeredgecolor=PAPER, gid="odd")
    _qq_axes(ax, low, high, side.clock, lang)
    law = family_word(side.fit.family, lang)
    unit = f" ({say('cal_cycles', lang)})" if side.clock == CYCLES else ""
    less = say("cal_qq_some", lang, n=decimal(found.lives, 0, lang)) if found.lives < len(side.fitted.time) else ""
    ax.set_xlabel(say("cal_qq_x", lang, law=law) + unit + less)
    ax.set_ylabel(say("cal_qq_y", lang) + unit)
    head(ax, say(f"cal_qq{side.what}", lang), _qq_says(found, law, side, lang))


def _qq_says(found: Quantiles, law: str, side: Side, lang: Lang) -> str:
    from twin.calibrate.fitting.said import said

    outside, points = int(found.outside.sum()), len(found.seen)
    text = say("cal_qq_outside" if outside else "cal_qq_inside", lang, n=outside, all=points, law=law)
    if side.goodness is None or not said(side.fitted.failures).goodness:
        return text
    p = p_text(side.goodness.p, lang)
    if side.goodness.p < LEVEL and not outside:
        return say("cal_goodness_inside", lang, all=points, law=law, p=p)
    return text + say("cal_goodness", lang, p=p)


def _span(found: Quantiles) -> tuple[float, float]:
    """Limits that hold the points and most of the band: it may be far wider than all that was seen."""
    low, high = min(found.law.min(), found.seen.min()), max(found.law.max(), found.seen.max())
    room = max(high / low, 1.001) ** 0.15
    least, most = np.nanmin([low, *found.low]), np.nanmax([high, *found.high])
    return float(max(least / room, low / room**4)), float(min(most * room, high * room**4))


def _qq_axes(ax: Axes, low: float, high: float, clock: str, lang: Lang) -> None:
    if high / low > 8:
        log_axis(ax.xaxis, (low, high), clock, lang, 4)
        log_axis(ax.yaxis, (low, high), clock, lang, 5)
    else:
        age_axis(ax.xaxis, (low, high), clock, lang, named=True)
        age_axis(ax.yaxis, (low, high), clock, lang, named=True)
    ax.set(xlim=(low, high), ylim=(low, high))


# -- over time


LINES = ("-", (0, (5, 1.5)), (0, (2, 1)), (0, (7, 1.5, 1.5, 1.5)), (0, (1, 1)))
"""Lines of several machines in one panel."""


def counts(ax: Axes, found: ModeFound, lang: Lang) -> None:
    """Failures counted, a line each machine, over the band of what the tests found: see ``_expected``."""
    seen = found.evidence
    name = say("cal_count", lang)
    if not seen.histories:
        head(ax, name, "")
        return empty(ax, say("cal_count_none", lang))
    end = max(one.end for one in seen.histories)
    ages, band = _expected(found, end)
    ax.fill_between(ages, band.low, band.high, color=BAND, linewidth=0, gid="band")
    ax.plot(ages, band.middle, color=ACCENT, linewidth=1.1, gid="law")
    machines = len(seen.histories)
    for number, one in enumerate(seen.histories):
        kept = some(len(one.times))
        total = [0, *(kept + 1), len(one.times)]
        ax.step([0, *one.times[kept], one.end], total, where="post", color=INK, gid="seen", **_line(number, machines))
    _events(ax, seen)
    most = max(float(band.high[-1]), *(len(one.times) for one in seen.histories), 1.0)
    ax.set(xlim=(0, end * 1.02), ylim=(-0.03 * most, most * 1.06), ylabel=say("cal_count_axis", lang))
    count_axis(ax.yaxis, lang)
    unit = age_axis(ax.xaxis, (0.0, end * 1.02), seen.clock, lang)
    ax.set_xlabel(_age_label("cal_count_x", seen.clock, unit, lang))
    head(ax, name, trend_text(found, lang))


def _expected(found: ModeFound, end: float) -> tuple[Floats, Band]:
    """Ages up to ``end``, and how many logged failures one machine may have had by each of them; 90 % at each age.

    Of a trend: a Poisson process with lam t^beta expected. Else: a renewal process of the law before it was moved, that
    between logged failures; after an event from there on, over the failures counted until then.
    """
    from twin.calibrate.fitting.curves import renewal_band

    power = found.tests.power
    if power is not None:
        ages = np.linspace(0, end, 160)
        return ages, renewal_band(power.n / len(found.evidence.histories) * (ages / end) ** power.beta, 1.0, 1.0)
    start, before = _event_used(found.evidence, found.tests.used)
    ages = np.linspace(start, end, 160)
    band = renewal_band(ages - start, found.up.mean / found.scale, found.up.cv)
    return ages, band._replace(low=band.low + before, middle=band.middle + before, high=band.high + before)


def _event_used(seen: Evidence, used: str) -> tuple[float, float]:
    """The age at the event that the law begins at and the failures until then, each the mean over machines; or 0."""
    for later in seen.later:
        if used == f"after {later.event}":
            machines = zip(later.ages, seen.histories, strict=True)
            before = [np.searchsorted(one.times, age, side="right") for age, one in machines]
            return float(np.mean(later.ages)), float(np.mean(before))
    return 0.0, 0.0


def _line(number: int, machines: int) -> dict[str, Any]:
    """How the line of a machine looks: its own dashes, or thin where there are too many to tell them apart."""
    if machines > len(LINES):
        return {"linewidth": 0.7, "alpha": 0.6}
    return {"linewidth": 1.2, "linestyle": LINES[number]}


def _events(ax: Axes, seen: Evidence) -> None:
    """A mark on the line of each machine at each named event, with the name of the event at the first."""
    for later in seen.later:
        for number, (age, one) in enumerate(zip(later.ages, seen.histories, strict=True)):
            count = int(np.searchsorted(one.times, age, side="right"))
            ax.plot(age, count, "v", color=ACCENT, markersize=7, markeredgecolor=PAPER, zorder=4, gid="event")
            if not number:
                ax.annotate(
                    short(later.event, 24), (age, count), (-4 if age > one.end / 3 else 4, 6), color=ACCENT,
                    textcoords="offset points", ha="right" if age > one.end / 3 else "left", fontsize=SMALL,
                )  # fmt: skip


def gaps(ax: Axes, found: ModeFound, lang: Lang) -> None:
    """Each gap against the next of its machine, by ranks; from 5 failures on."""
    from twin.calibrate.fitting.curves import gap_pairs
    from twin.calibrate.fitting.said import said

    n, name = found.evidence.up.failures, say("cal_gaps", lang)
    first, then = gap_pairs(found.evidence.histories)
    if not said(n).trend or not len(first):
        head(ax, name, "")
        return empty(ax, say("cal_gaps_few", lang, n=n) if not said(n).trend else say("cal_gaps_none", lang))
    size, kept = (4.0 if len(first) < 100 else 2.2), some(len(first))
    ax.plot(first[kept], then[kept], "o", color=INK, markersize=size, markeredgewidth=0, alpha=0.8, gid="seen")
    shown = [decimal(count, 0, lang) for count in (len(kept), len(first))]
    less = "" if len(kept) == len(first) else say("cal_gaps_some", lang, some=shown[0], all=shown[1])
    ax.set(xlim=(0, 1), ylim=(0, 1), xlabel=say("cal_gaps_x", lang), ylabel=say("cal_gaps_y", lang) + less)
    halves = [0.0, 0.5, 1.0]
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_ticks(halves, [decimal(x, 1, lang) for x in halves])
    ax.grid()
    head(ax, name, _gaps_say(found, lang))


def _gaps_say(found: ModeFound, lang: Lang) -> str:
    from twin.calibrate.fitting.said import said

    serial = found.tests.serial
    if not said(found.evidence.up.failures).serial or serial is None:
        return say("cal_serial_few", lang)
    key = "cal_serial_yes" if serial.p < LEVEL else "cal_serial_no"
    return say(key, lang, r=decimal(serial.statistic, 2, lang), p=p_text(serial.p, lang))


def hours(ax: Axes, since: Floats, opened: Floats, has_stops: int, lang: Lang) -> None:
    """At which hour of the shift stops came, over the band of stops that come evenly over the open time.

    Args:
        ax: where to draw.
        since: hours since the shift began, one a stop; empty without a calendar.
        opened: open time in each of these hours, shape (hours,); empty: all alike.
        has_stops: how many stops there are.
        lang: 'en' or 'fr'.
    """
    from twin.calibrate.fitting.curves import even_band
    from twin.calibrate.fitting.said import said

    name, since = say("cal_hours", lang), since[np.isfinite(since)]
    if not said(has_stops).trend or not len(since):
        head(ax, name, "")
        few = say("cal_hours_few", lang, n=has_stops)
        return empty(ax, few if not said(has_stops).trend else say("cal_hours_none", lang))
    bins = max(len(opened), math.ceil(float(np.max(since)) + 1e-9), 1)
    count = np.bincount(np.clip(np.floor(since).astype(int), 0, bins - 1), minlength=bins)
    weights = np.pad(opened, (0, bins - len(opened))) if opened.any() else np.ones(bins)
    low, high = even_band(len(since), weights)
    odd = (count < low) | (count > high)
    _even(ax, len(since) * weights / weights.sum(), low, high)
    ax.bar(np.arange(bins) + 0.5, count, 0.86, color=[ODD if one else "#9A9A9A" for one in odd],
           hatch=["///" if one else "" for one in odd], edgecolor=PAPER, linewidth=0, gid="seen")  # fmt: skip
    ax.set(xlim=(0, bins), ylim=(0, max(count.max(), high.max()) * 1.12 + 0.2), ylabel=say("cal_hours_y", lang))
    ax.set_xlabel(say("cal_hours_x", lang))
    ax.locator_params(axis="x", integer=True, nbins=6)
    count_axis(ax.yaxis, lang)
    head(ax, name, _hours_say(np.flatnonzero(odd).tolist(), lang))


def _even(ax: Axes, mean: Floats, low: Floats, high: Floats) -> None:
    """The band of stops that come evenly over the open time, hour by hour, and its middle, over the bars."""
    edges = np.arange(len(mean) + 1)
    ax.stairs(high, edges, baseline=low, fill=True, color=BAND, alpha=0.75, linewidth=0, zorder=2.4)
    ax.stairs(mean, edges, baseline=None, color=ACCENT, linewidth=1.1, zorder=2.5)


def _hours_say(odd: Sequence[int], lang: Lang) -> str:
    if not odd:
        return say("cal_hours_even", lang)
    return say("cal_hours_odd", lang, hours=", ".join(f"{hour}–{hour + 1}" for hour in odd))
