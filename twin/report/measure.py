"""A number with its interval, and how many of its digits to show."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from twin.report.words import SEMICOLON, Lang, decimal

ROUNDING = 1e-12
"""Half an interval below this share of the mean is rounding of sums, not chance."""


class Measure(NamedTuple):
    """A mean and its interval; low and high are NaN with one replication."""

    mean: float
    low: float = math.nan
    high: float = math.nan

    @property
    def half(self) -> float:
        """Half the width of the interval; NaN without one."""
        return (self.high - self.low) / 2

    @property
    def lopsided(self) -> bool:
        """Whether the mean is not in the middle of its interval, so that ± would mislead."""
        return abs(self.high + self.low - 2 * self.mean) > 0.1 * (self.high - self.low)

    @property
    def exact(self) -> bool:
        """Whether nothing is to be told of its interval: there is none, or no more than rounding parts the runs."""
        return not self.half > ROUNDING * abs(self.mean)

    def times(self, factor: float) -> Measure:
        """The same in another unit."""
        return Measure(self.mean * factor, self.low * factor, self.high * factor)


def measure(value: object) -> Measure | None:
    """A KPI of the result document (a map with mean, low, high; or a bare number); None when it has no value."""
    if isinstance(value, Mapping):
        numbers = [_number(value.get(key)) for key in ("mean", "low", "high")]
    else:
        numbers = [_number(value), math.nan, math.nan]
    return None if math.isnan(numbers[0]) else Measure(*numbers)


def light(unit: str, values: Iterable[float | None]) -> tuple[float, str]:
    """(factor, unit) in which masses of carbon are shown together: g where all are below 0.1 kg; others as they are."""
    known = [abs(value) for value in values if value is not None and math.isfinite(value)]
    small = unit == CARBON and 0 < max(known, default=0.0) < LIGHT
    return (1000.0, GRAMS) if small else (1.0, unit)


CARBON, GRAMS = "kg CO₂e", "g CO₂e"
LIGHT = 0.1
"""kg below which grams are easier to read."""


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan


def places(mean: float, half: float = math.nan) -> int:
    """How many decimals say something.

    With an interval: one digit of its half width (two when that begins with 1), at most 6 digits in all.
    Without one: 3 or 4 digits of the mean.
    """
    size = _magnitude(mean)
    if math.isnan(half) or half == 0:
        return max(0, 2 - size + (abs(mean) < 2 * 10.0**size))
    first = _magnitude(half)
    wanted = -first + (half < 1.95 * 10.0**first)
    return max(0, min(wanted, 5 - size))


def _magnitude(value: float) -> int:
    return math.floor(math.log10(abs(value))) if value and math.isfinite(value) else 0


def show_mean(found: Measure, lang: Lang = "en") -> str:
    """The mean alone."""
    if found.mean == round(found.mean) and not found.half > 0:
        return decimal(found.mean, 0, lang)
    return decimal(found.mean, places(found.mean, found.half), lang)


def show(found: Measure, lang: Lang = "en", grain: float = 0.0) -> str:
    """'37.2 ± 0.4', '[low, high]' when the mean is not in the middle, the mean alone where it is exact.

    ``grain``: how finely it was measured; digits below it are left out.
    """
    if found.exact:
        return show_mean(found._replace(low=math.nan, high=math.nan), lang)
    digits = places(found.mean, found.half)
    digits = min(digits, max(0, -_magnitude(grain))) if grain else digits
    mean = decimal(found.mean, digits, lang)
    if found.lopsided:
        gap = SEMICOLON["fr"] if lang == "fr" else ", "
        return f"{mean} [{decimal(found.low, digits, lang)}{gap}{decimal(found.high, digits, lang)}]"
    return f"{mean} ± {_show_half(found.half, digits, lang)}"


def _show_half(half: float, digits: int, lang: Lang) -> str:
    tiny = half < 0.5 * 10.0**-digits
    return f"<{decimal(10.0**-digits, digits, lang)}" if tiny else decimal(half, digits, lang)


def share(found: Measure | None, lang: Lang = "en", interval: bool = False) -> str:
    """A share of 0…1 in %, without the sign: one decimal at most; '–' when it has no value."""
    if found is None:
        return "–"
    points = found.times(100)
    if not interval or points.exact:
        return decimal(points.mean, 1, lang)
    digits = max(1, min(2, places(points.mean, points.half)))
    return f"{decimal(points.mean, digits, lang)} ± {_show_half(points.half, digits, lang)}"


def percent(share: float, lang: Lang) -> str:
    """A share as a number of % for sentences: no decimal from 10 % on."""
    points = 100 * share
    return decimal(points, 0 if points >= 9.95 or points < 0.05 else 1, lang)
