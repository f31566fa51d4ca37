"""Amounts of a calibration as people read them: times on a clock, means with their intervals, laws."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from twin.core.unit import Unit, unit_of
from twin.report.measure import places
from twin.report.words import Lang, decimal, say, unit_word

if TYPE_CHECKING:
    from twin.calibrate.fitting.posterior import Posterior

CYCLES = "cycles"
"""The clock whose amounts are no times."""
FIXED = "\u00a0"
"""A space at which no line breaks, inside an amount and an interval."""
NAME = 48
"""A longer name is cut in its middle on a figure."""


def digits(value: float, lang: Lang = "en") -> str:
    """A number with three digits, or all of those before the point."""
    size = math.floor(math.log10(abs(value))) if value and math.isfinite(value) else 0
    return decimal(value, max(0, 2 - size), lang)


def amount(value: float, clock: str = "", lang: Lang = "en") -> str:
    """A time (s), or cycles, with its unit: 148,320 s → '41.2 h'."""
    unit = unit_of(value, clock == CYCLES)
    return f"{digits(value / unit.size, lang)}{FIXED}{unit_name(unit, lang)}"


def unit_name(unit: Unit, lang: Lang = "en") -> str:
    """The unit as it is read."""
    return say("cal_cycles", lang) if unit.name == CYCLES else unit_word(unit.name, lang)


def interval(low: float, high: float, lang: Lang = "en") -> str:
    """'[30.1, 58.7]'."""
    return f"[{digits(low, lang)}{gap(lang)}{digits(high, lang)}]"


def gap(lang: Lang) -> str:
    """What stands between the two ends of an interval."""
    return ("\u202f;" if lang == "fr" else ",") + FIXED


def ranged(value: float, bounds: tuple[float, float], clock: str = "", lang: Lang = "en") -> str:
    """An amount with its interval: '41.2 h [30.1, 58.7]'."""
    unit = unit_of(value, clock == CYCLES)
    low, high = (bound / unit.size for bound in bounds)
    return f"{digits(value / unit.size, lang)}{FIXED}{unit_name(unit, lang)} {interval(low, high, lang)}"


def mean_text(found: Posterior, clock: str = "", lang: Lang = "en") -> str:
    """The mean of a posterior with its 90 % interval."""
    return ranged(found.mean, found.interval90, clock, lang)


def cv_text(found: Posterior, lang: Lang = "en") -> str:
    """The CV of a posterior with its 90 % interval."""
    return ratio_text(found.cv, found.cv_interval90, lang)


def ratio_text(value: float, bounds: tuple[float, float], lang: Lang = "en") -> str:
    """A number without a unit and its interval: '0.85 [0.69, 1.35]'; two decimals, more for a small one."""
    kept = max(2, 1 - math.floor(math.log10(value))) if value > 0 else 2
    low, high = (decimal(bound, kept, lang) for bound in bounds)
    return f"{decimal(value, kept, lang)} [{low}{gap(lang)}{high}]"


def share_text(share: float, lang: Lang = "en") -> str:
    """A share in %, with its sign: one decimal, and never 0 for what is not nothing."""
    points = 100 * share
    if 0 < points < 0.05:
        return f"<{FIXED}{decimal(0.1, 1, lang)}{FIXED}%"
    return f"{decimal(points, 1 if points < 10 else 0, lang)}{FIXED}%"


def share_range(share: float, bounds: tuple[float, float], lang: Lang = "en") -> str:
    """A share in % with its interval, as many decimals as that says something: '1.7 % [1.3, 2.3]'."""
    low, high = (100 * bound for bound in bounds)
    kept = places(100 * share, (high - low) / 2)
    texts = [decimal(points, kept, lang) for points in (100 * share, low, high)]
    return f"{texts[0]}{FIXED}% [{texts[1]}{gap(lang)}{texts[2]}]"


def p_text(p: float, lang: Lang = "en") -> str:
    """A p-value: 'p = 0.44', 'p < 0.001'."""
    if p < 0.001:
        return f"p{FIXED}<{FIXED}{decimal(0.001, 3, lang)}"
    return f"p{FIXED}={FIXED}{decimal(p, 3 if p < 0.1 else 2, lang)}"


def law_text(found: Posterior, lang: Lang = "en") -> str:
    """What may be said of the law by the number of failures: 'cannot tell', a name, or the weights of the families."""
    from twin.calibrate.fitting.said import CANNOT_TELL, law_words

    words = law_words(found.failures, found.weights)
    if words == CANNOT_TELL:
        return say("cal_cannot_tell", lang)
    if words in found.weights:
        return family_word(words, lang)
    ranked = sorted(found.weights.items(), key=lambda one: -one[1])
    return ", ".join(f"{family_word(name, lang)}{FIXED}{_points(weight, lang)}" for name, weight in ranked)


def _points(weight: float, lang: Lang) -> str:
    return f"<{FIXED}1{FIXED}%" if weight < 0.005 else f"{decimal(100 * weight, 0, lang)}{FIXED}%"


def family_word(family: str, lang: Lang = "en") -> str:
    """The name of a family of laws."""
    return say(f"cal_law_{family}", lang)


def clock_word(clock: str, lang: Lang = "en") -> str:
    """What a clock counts, for axes: 'working time'."""
    return say(f"cal_clock_{clock}", lang)


def short(name: str, most: int = NAME) -> str:
    """A name on one line of a figure, cut in its middle where it is longer than ``most`` letters."""
    line = " ".join(name.split())
    kept = most // 2 - 1
    return line if len(line) <= most else f"{line[:kept]}…{line[-kept:]}"
