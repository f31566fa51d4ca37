"""What must be true for a scenario to fail: the value of each key assumption at which its mean NPV is 0.

The NPV is straight in prices and investments, so two values of these tell all. Of the discount rate it is the internal
rate of return of the mean flows. Only the demand bends it, at the capacity of each row: there it is searched.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from twin.core.spec import ByProduct
from twin.finance.irr import irr
from twin.finance.sensitivity import break_even_linear

if TYPE_CHECKING:
    from twin.law.law import Floats
    from twin.study.judged.judge import Judged

FACTOR = 3.0
"""How far from its value an assumption is looked for: from a third of it to three times as much."""
RATES = (0.0, 1.0)
"""Discount rates that are looked at."""
PLACES = 13
"""Values of the demand that are looked at for a change of sign."""
_CLOSE = 1e-9
"""How narrow, of the value, it is searched where the sign changes."""


class BreakEven(NamedTuple):
    """One assumption of one scenario."""

    assumption: str
    """'capex' is a factor on all investments, 'margin_per_part ×' and 'demand ×' on what is written by product."""
    value: float
    """As the study has it (mean), SI units."""
    at: tuple[float, ...]
    """Where the mean NPV is 0, from low to high; empty: nowhere between ``low`` and ``high``."""
    low: float
    high: float
    unit: str

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {**self._asdict(), "at": list(self.at)}


def break_even(judged: Judged, name: str) -> tuple[BreakEven, ...]:
    """The break-even of each key assumption that the study has, all others as they are; none without money."""
    if judged.assumed is None or judged.scene(name).money is None:
        return ()
    return tuple(_each(judged, name))


def _each(judged: Judged, name: str) -> Iterator[BreakEven]:
    money = judged.scene(name).money
    assert judged.assumed is not None
    assert money is not None
    finance = judged.assumed.finance
    if money.statement.of("capex").any():
        yield _straight(judged, name, "capex", 1.0, "×")
    yield _rate(finance.discount_rate.mean, money.flows.mean(axis=0))
    for key, unit, find in (("margin_per_part", "EUR", _straight), ("demand", "/s", _searched)):
        value = getattr(finance, key)
        if isinstance(value, ByProduct):
            yield find(judged, name, f"{key} ×", 1.0, "×")
        elif value is not None and value.mean:
            yield find(judged, name, key, value.mean, unit)
    if finance.carbon_price is not None and any(one.carbon.any() for one in judged.years.values()):
        first = next(iter(finance.carbon_price.values())).mean
        if first:
            yield _straight(judged, name, "carbon_price", first, "EUR/kg")


def _bounds(value: float) -> tuple[float, float]:
    low, high = sorted((value / FACTOR, value * FACTOR))
    return low, high


def _straight(judged: Judged, name: str, key: str, value: float, unit: str) -> BreakEven:
    low, high = _bounds(value)
    at = break_even_linear((low, _mean(judged, name, key, low)), (high, _mean(judged, name, key, high)))
    return BreakEven(key, value, (at,) if at is not None and low <= at <= high else (), low, high, unit)


def _rate(value: float, flows: Floats) -> BreakEven:
    low, high = RATES
    at = tuple(float(one) for one in irr(flows).roots if low <= one <= high)
    return BreakEven("discount_rate", value, at, low, high, "")


def _searched(judged: Judged, name: str, key: str, value: float, unit: str) -> BreakEven:
    from scipy.optimize import brentq

    low, high = _bounds(value)
    places = np.linspace(low, high, PLACES)
    means = np.array([_mean(judged, name, key, float(one)) for one in places])
    found = [float(one) for one, mean in zip(places, means, strict=True) if mean == 0]
    if len(found) == PLACES:  # it changes nothing, anywhere
        found = []
    for k in np.flatnonzero(means[:-1] * means[1:] < 0):
        ends = float(places[k]), float(places[k + 1])
        found.append(float(brentq(lambda x: _mean(judged, name, key, float(x)), *ends, xtol=_CLOSE * value)))
    return BreakEven(key, value, tuple(sorted(found)), low, high, unit)


def _mean(judged: Judged, name: str, key: str, value: float) -> float:
    return float(judged.under(name, **{key: value}).npv.mean())


class Varied(NamedTuple):
    """An assumption at its low and its high value, all others as they are."""

    assumption: str
    low_at: float
    high_at: float
    low: float
    """Mean NPV at ``low_at``, EUR."""
    high: float

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return self._asdict()


def varied(judged: Judged, name: str) -> tuple[Varied, ...]:
    """The assumptions that the study wants varied (``finance.sensitive``), the widest first."""
    if judged.assumed is None:
        return ()
    found = [
        Varied(key, low, high, *(_mean(judged, name, key, x) for x in (low, high)))
        for key, (low, high) in judged.assumed.finance.varied().items()
    ]
    return tuple(sorted(found, key=lambda one: -abs(one.high - one.low)))
