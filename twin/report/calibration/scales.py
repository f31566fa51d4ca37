"""Axes of ages: linear from 0 in one unit, or logarithmic with the times people know: 1 min, 10 min, 1 h."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from twin.core.unit import Unit, unit_of
from twin.report.calibration.amounts import CYCLES, unit_name
from twin.report.words import Lang, decimal

if TYPE_CHECKING:
    from matplotlib.axis import Axis

Ends = tuple[float, float]
"""The ends of an axis, s or cycles."""


def age_axis(axis: Axis, ends: Ends, clock: str, lang: Lang, named: bool = False) -> Unit:
    """A linear axis of ages (s, or cycles) with round ticks in one unit, named on each when asked; returns the unit."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

    low, high = ends
    unit = unit_of(high / 2, clock == CYCLES)
    steps = [1, 2, 3, 6, 10] if unit.name == "min" else [1, 2, 2.5, 5, 10]
    ticks = MaxNLocator(nbins=5, steps=steps, min_n_ticks=3).tick_values(low / unit.size, high / unit.size)
    places = max(0, -math.floor(math.log10(ticks[1] - ticks[0]) + 1e-9))
    places += not math.isclose(ticks[1], round(ticks[1], places), abs_tol=1e-9)
    word = f" {unit_name(unit, lang)}" if named else ""
    inside = [tick * unit.size for tick in ticks if low <= tick * unit.size <= high]
    axis.set_major_locator(FixedLocator(inside))
    axis.set_major_formatter(FuncFormatter(lambda x, _: decimal(x / unit.size, places, lang) + word))
    return unit


def count_axis(axis: Axis, lang: Lang) -> None:
    """A linear axis of whole numbers."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axis.set_major_formatter(FuncFormatter(lambda x, _: decimal(x, 0, lang)))


NATURAL = [
    *((m, 1.0, "s") for m in (1e-3, 1e-2, 0.1, 1.0, 10.0)), *((m, 60.0, "min") for m in (1.0, 10.0)),
    *((10.0**k, 3600.0, "h") for k in range(8)),
]  # fmt: skip
"""(number, unit size in s, unit) of the ticks that a logarithmic axis of time takes."""
FINE = [
    *((m * 10.0**k, 1.0, "s") for k in range(-4, 0) for m in (1, 2, 5)),
    *((m, 1.0, "s") for m in (1, 2, 5, 10, 30)), *((m, 60.0, "min") for m in (1, 2, 5, 10, 30)),
    *((m * 10.0**k, 3600.0, "h") for k in range(8) for m in (1, 2, 5)),
]  # fmt: skip
"""The same where few of these fit."""
PLAIN = [(m * 10.0**k, 1.0, CYCLES) for k in range(-3, 13) for m in (1, 2, 5)]
"""The same for cycles."""


def log_ticks(ends: Ends, clock: str, lang: Lang, most: int = 6) -> tuple[list[float], list[str]]:
    """Round places of a logarithmic axis (s, or cycles) and their words: from two to ``most`` of them."""
    low, high = ends
    fine, coarse = (PLAIN, PLAIN[::3]) if clock == CYCLES else (FINE, NATURAL)
    for table in (fine, coarse, coarse[::2], coarse[::3]):
        kept = [one for one in table if low <= one[0] * one[1] <= high]
        if len(kept) <= most:
            break
    if len(kept) < 2:
        kept = _close_ticks(low, high, clock)
    words = [_tick(m, Unit(size, unit), lang) for m, size, unit in kept]
    return [m * size for m, size, _ in kept], words


def _close_ticks(low: float, high: float, clock: str) -> list[tuple[float, float, str]]:
    """Evenly spaced places, for an axis shorter than a decade."""
    from matplotlib.ticker import MaxNLocator

    size, unit = unit_of(high, clock == CYCLES)
    ticks = MaxNLocator(nbins=3, min_n_ticks=2).tick_values(low / size, high / size)
    return [(float(tick), size, unit) for tick in ticks if low <= tick * size <= high and tick > 0]


def _tick(value: float, unit: Unit, lang: Lang) -> str:
    """A tick with its unit; cycles stand on the axis alone."""
    return _plain(value, lang) if unit.name == CYCLES else f"{_plain(value, lang)} {unit_name(unit, lang)}"


def _plain(value: float, lang: Lang) -> str:
    places = max(0, -math.floor(math.log10(value) + 1e-9))
    return decimal(value, places + (not math.isclose(value, round(value, places))), lang)


def log_axis(axis: Axis, ends: Ends, clock: str, lang: Lang, most: int = 6) -> None:
    """A logarithmic axis of time or cycles with ticks people know: 1 min, 10 min, 1 h."""
    from matplotlib.ticker import NullLocator

    ax = axis.axes
    (ax.set_xscale if axis is ax.xaxis else ax.set_yscale)("log")
    places, words = log_ticks(ends, clock, lang, most)
    axis.set_ticks(places, words)
    axis.set_minor_locator(NullLocator())
